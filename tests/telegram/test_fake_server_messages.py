"""The fake Telegram reads, keeps, changes and deletes messages as strictly as Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MenuButtonCommands,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from tests.fakes.telegram.refusals import Refused
from tests.fakes.telegram.text import cleaned, covered, read_html, units

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import FakeTelegram
    from tests.fakes.telegram.people import Person
    from tests.telegram.conftest import RealBot


def keys(*labels: str) -> InlineKeyboardMarkup:
    """One row each; the data is the label."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label)] for label in labels])


@pytest.fixture
def an(fake: FakeTelegram) -> Person:
    """Somebody who pressed START; the bot has not fetched it yet."""
    person = fake.person("An", username="an_nguyen", last_name="Nguyễn")
    person.start()
    return person


# what is read


READ = {
    "<b>đ</b> &lt;&amp;&gt;&quot;&#39;&#x27;": ("đ <&>\"''", "bold"),
    "<strong>a</strong><em>b</em><ins>c</ins><del>d</del>": ("abcd", "bold italic underline strikethrough"),
    "<u>a</u><s>b</s><code>c</code><pre>d</pre>": ("abcd", "underline strikethrough code pre"),
    "<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>": ("ab", "spoiler spoiler"),
    "<blockquote>a</blockquote><blockquote expandable>b</blockquote>": (
        "ab",
        "blockquote expandable_blockquote",
    ),
    '<a href="https://x.vn/?a=1&amp;b=2">x</a>': ("x", "text_link"),
    '<a href="not a link">x</a>': ("x", ""),
    "<B>a</B>": ("a", "bold"),
    "  <b> a </b>  ": ("a", "bold"),
}
UNREADABLE = (
    "<b>a",
    "a</b>",
    "<b><i>a</b></i>",
    "<p>a</p>",
    "<br>",
    "a < b",
    "a & b",
    "&nbsp;",
    "<",
    "<b",
    "&#0;",
)
UNREADABLE += ("<span>a</span>", "<a b='", "&#xffffff;")


@pytest.mark.parametrize("source", READ)
def test_html_is_read(real: RealBot, an: Person, source: str) -> None:
    text, kinds = READ[source]
    sent = real.do(real.bot.send_message(an.id, source, "HTML"))
    assert sent.text == an.private.last.text == text
    assert [entity.type for entity in sent.entities] == kinds.split()


def test_entities_count_utf16_units(real: RealBot, an: Person) -> None:
    sent = real.do(real.bot.send_message(an.id, "🙂 <b>Chào 🙂</b> <i>bạn</i>", "HTML"))
    assert [(e.offset, e.length) for e in sent.entities] == [(3, 7), (11, 3)]
    assert list(sent.parse_entities().values()) == ["Chào 🙂", "bạn"]


def test_code_in_pre_is_one_entity_with_its_language(real: RealBot, an: Person) -> None:
    source = '<pre><code class="language-python">x = 1</code></pre>'
    (entity,) = real.do(real.bot.send_message(an.id, source, "HTML")).entities
    assert (entity.type, entity.language) == ("pre", "python")


@pytest.mark.parametrize("source", UNREADABLE)
def test_what_is_no_html_is_refused(fake: FakeTelegram, real: RealBot, an: Person, source: str) -> None:
    assert "can't parse entities" in real.refused(real.bot.send_message(an.id, source, "HTML"))
    assert an.private.from_bot == []
    assert len(fake.faults) == 1
    fake.allow("can't parse entities")


@given(
    st.lists(
        st.sampled_from(["<b>", "</b>", "<i>", "</i>", "&lt;", "&", "🙂", " ", "ă", "<", "\n", "\r"]),
        max_size=12,
    )
)
@settings(max_examples=200, suppress_health_check=list(HealthCheck), deadline=None)
def test_entities_never_leave_their_text(parts: list[str]) -> None:
    try:
        text, entities = cleaned(*read_html("".join(parts)))
    except Refused as refused:
        assert refused.description.startswith("Bad Request: can't parse entities: ")  # noqa: PT017
        return
    assert text == text.strip()
    for entity in entities:
        assert entity["length"] > 0
        assert entity["offset"] + entity["length"] <= units(text)
        assert covered(text, entity) in text


def test_text_has_one_to_4096_units(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    real.do(real.bot.send_message(an.id, "🙂" * 2048))
    real.do(real.bot.send_message(an.id, f"<b>{'a' * 4096}</b>", "HTML"))
    assert "message is too long" in real.refused(real.bot.send_message(an.id, "🙂" * 2048 + "a"))
    assert "message text is empty" in real.refused(real.bot.send_message(an.id, " \n"))
    assert "message text is empty" in real.refused(real.bot.send_message(an.id, "<b></b>", "HTML"))
    assert len(fake.faults) == 3
    fake.allow("too long", "is empty")


def test_entities_may_be_given_instead(real: RealBot, an: Person) -> None:
    bold = MessageEntity("bold", 0, 2)
    sent = real.do(real.bot.send_message(an.id, "ab /start", entities=[bold]))
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("bold", 0, 2), ("bot_command", 3, 6)]
    assert "ends after the end" in real.refused(real.bot.send_message(an.id, "a", entities=[bold]))


# what people write


def test_people_say_commands_names_and_links(real: RealBot, an: Person) -> None:
    an.say("/hoi@binhan_bot đăng ký 🙂 @an_nguyen https://x.vn/a?b=1, #khẩn a@b.vn")
    update = real.updates()[-1]
    found = [(e.type, words) for e, words in update.message.parse_entities().items()]
    assert found == [
        ("bot_command", "/hoi@binhan_bot"),
        ("mention", "@an_nguyen"),
        ("url", "https://x.vn/a?b=1"),
        ("hashtag", "#khẩn"),
        ("email", "a@b.vn"),
    ]
    assert update.message.from_user.full_name == "An Nguyễn"


def test_people_start_with_a_payload_and_write_long(real: RealBot, an: Person) -> None:
    an.start("hoi-tam-tru")
    assert len(an.say_long("ă" * 9000)) == 3
    texts = [update.message.text for update in real.updates()]
    assert texts[1] == "/start hoi-tam-tru"
    assert [len(text) for text in texts[2:]] == [4096, 4096, 808]
    with pytest.raises(ValueError, match="say_long"):
        an.say("a" * 4097)


def test_people_edit_and_the_bot_is_told(real: RealBot, an: Person) -> None:
    message = an.say("tạm chú")
    an.edit(message, "tạm trú")
    edited = real.updates()[-1].edited_message
    assert (edited.message_id, edited.text) == (message.id, "tạm trú")
    assert edited.edit_date is not None
    assert [version.text for version in message.history] == ["tạm chú"]


def test_asking_waits_for_the_answer(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    mark = fake.mark()
    real.do(real.bot.send_message(an.id, "chờ chút"))
    real.do(real.bot.send_message(an.id, "xong"))
    assert fake.wait_for(None, an.private, since=mark).text == "chờ chút"
    assert fake.wait_for(lambda m: m.text.endswith("ng")).text == "xong"
    with pytest.raises(TimeoutError, match="chờ chút"):
        fake.wait_for("không có", an.private, timeout_s=0.05)


# keyboards and presses


def test_data_of_a_button_is_64_bytes(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    real.do(real.bot.send_message(an.id, "a", reply_markup=keys("a" * 64)))
    too_long = real.bot.send_message(an.id, "a", reply_markup=keys("đ" * 33))
    assert "button_data_invalid" in real.refused(too_long)
    assert fake.faults == ["sendMessage: Bad Request: BUTTON_DATA_INVALID"]
    no_link = InlineKeyboardMarkup([[InlineKeyboardButton("a", url="javascript:1")]])
    assert "wrong http url" in real.refused(real.bot.send_message(an.id, "a", reply_markup=no_link))
    fake.allow("BUTTON_DATA_INVALID", "Wrong HTTP URL")


def test_other_keyboards_are_kept_but_not_shown_to_the_bot(real: RealBot, an: Person) -> None:
    asked = real.do(
        real.bot.send_message(an.id, "a", reply_markup=ForceReply(input_field_placeholder="Viết…"))
    )
    assert asked.reply_markup is None
    assert an.private.last.asks_for_reply
    real.do(real.bot.send_message(an.id, "b", reply_markup=ReplyKeyboardMarkup([["Có", "Không"]])))
    assert an.private.last.markup["keyboard"] == [[{"text": "Có"}, {"text": "Không"}]]
    real.do(real.bot.send_message(an.id, "c", reply_markup=ReplyKeyboardRemove()))
    assert an.private.last.markup["remove_keyboard"] is True


def test_press_finds_the_newest_button_and_is_answered_once(
    fake: FakeTelegram, real: RealBot, an: Person
) -> None:
    old = real.do(real.bot.send_message(an.id, "cũ", reply_markup=keys("Nguồn", "Xoá")))
    real.do(real.bot.send_message(an.id, "mới", reply_markup=keys("Nguồn")))
    press = an.press(None, "guồ")
    assert press.message.text == "mới"
    query = real.updates()[-1].callback_query
    assert (query.data, query.message.text, query.from_user.id) == ("Nguồn", "mới", an.id)
    assert [p.data for p in fake.unanswered_presses] == ["Nguồn"]
    real.do(query.answer("Đây", show_alert=True))
    assert (press.words, press.is_alert, press.is_answered) == ("Đây", True, True)
    assert "query is too old" in real.refused(query.answer())
    stale = an.press(an.private.by_id[old.message_id], "Xoá")
    assert stale.message.text == "cũ"
    fake.advance(fake.world.press_limit_s + 1)
    assert "query is too old" in real.refused(real.bot.answer_callback_query(stale.id))
    assert "query is too old" in real.refused(real.bot.answer_callback_query("1"))
    with pytest.raises(LookupError, match="Nguồn"):
        an.press(None, "không có")


def test_press_may_be_forged_or_come_from_a_message_gone(
    fake: FakeTelegram, real: RealBot, an: Person
) -> None:
    sent = real.do(real.bot.send_message(an.id, "a", reply_markup=keys("b")))
    real.do(real.bot.delete_message(an.id, sent.message_id))
    gone = an.private.by_id[sent.message_id]
    for data, message in (("giả" * 10, None), ("b", gone)):
        press = an.forge_press(data, message)
        query = real.updates()[-1].callback_query
        assert query.data == press.data
        assert query.message is None or not query.message.is_accessible
        with pytest.raises(AssertionError):
            fake.check()
        real.do(query.answer())


def test_answer_has_at_most_200_characters(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    press = an.forge_press("x")
    assert "too_long" in real.refused(real.bot.answer_callback_query(press.id, "a" * 201))
    real.do(real.bot.answer_callback_query(press.id, "a" * 200))
    fake.allow("MESSAGE_TOO_LONG")


# options of sending


def test_options_of_sending_are_kept(real: RealBot, an: Person) -> None:
    asked = an.say("?")
    sent = real.do(
        real.bot.send_message(
            an.id,
            "https://x.vn",
            protect_content=True,
            disable_notification=True,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=ReplyParameters(asked.id),
        )
    )
    kept = an.private.last
    assert sent.has_protected_content
    assert sent.reply_to_message.message_id == asked.id
    assert (kept.is_protected, kept.is_silent, kept.has_preview) == (True, True, False)


def test_reply_needs_its_message(real: RealBot, an: Person) -> None:
    gone = real.bot.send_message(an.id, "a", reply_parameters=ReplyParameters(9999))
    assert "message to be replied not found" in real.refused(gone)
    anyway = ReplyParameters(9999, allow_sending_without_reply=True)
    assert real.do(real.bot.send_message(an.id, "a", reply_parameters=anyway)).reply_to_message is None
    thread = real.bot.send_message(an.id, "a", message_thread_id=5)
    assert "message thread not found" in real.refused(thread)


def test_drafts_go_to_private_chats(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    assert real.do(real.bot.send_message_draft(an.id, 7, "đang viết")) is True
    assert an.private.drafts == ["đang viết"]
    group = fake.group()
    assert "private chats" in real.refused(real.bot.send_message_draft(group.id, 7, "a"))
    fake.allow("sendMessageDraft")


def test_actions_are_seen(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    real.do(real.bot.send_chat_action(an.id, "typing"))
    assert an.private.actions == [("typing", 0)]
    assert "wrong parameter action" in real.refused(real.bot.send_chat_action(an.id, "dancing"))
    fake.allow("sendChatAction")


# editing and deleting


def test_edit_changes_words_and_buttons(real: RealBot, an: Person) -> None:
    sent = real.do(real.bot.send_message(an.id, "a", reply_markup=keys("x")))
    edited = real.do(sent.edit_text("<b>b</b>", "HTML"))
    assert edited.edit_date is not None
    kept = an.private.last
    assert (kept.text, kept.labels, [v.text for v in kept.history]) == ("b", [], ["a"])
    real.do(sent.edit_reply_markup(keys("y")))
    assert kept.labels == ["y"]


def test_edit_that_changes_nothing_is_refused(real: RealBot, an: Person) -> None:
    sent = real.do(real.bot.send_message(an.id, "<b>a</b>", "HTML", reply_markup=keys("x")))
    same = real.refused(sent.edit_text(" <b>a</b>", "HTML", reply_markup=keys("x")))
    assert same.startswith("badrequest: message is not modified: specified new message content")
    assert "not modified" in real.refused(sent.edit_reply_markup(keys("x")))
    real.do(sent.edit_text("a", reply_markup=keys("x")))


def test_edit_needs_a_message_of_ours(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    theirs = an.say("của An")
    assert "can't be edited" in real.refused(real.bot.edit_message_text("a", an.id, theirs.id))
    assert "to edit not found" in real.refused(real.bot.edit_message_text("a", an.id, 9999))
    sent = real.do(real.bot.send_message(an.id, "a"))
    real.do(sent.delete())
    assert "to edit not found" in real.refused(sent.edit_text("b"))
    asking = real.do(real.bot.send_message(an.id, "a", reply_markup=ForceReply()))
    assert "can't be edited" in real.refused(asking.edit_text("b"))
    assert "no caption" in real.refused(real.bot.edit_message_caption(an.id, _text(real, an), caption="b"))
    fake.allow("can't be edited", "no caption")


def _text(real: RealBot, an: Person) -> int:
    return int(real.do(real.bot.send_message(an.id, "chữ")).message_id)


def test_private_messages_are_deleted_for_48_hours(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    theirs = an.say("xoá giúp")
    ours = _text(real, an)
    assert real.do(real.bot.delete_message(an.id, theirs.id))
    assert theirs.is_deleted
    assert theirs.deleted_by == "bot"
    assert "to delete not found" in real.refused(real.bot.delete_message(an.id, theirs.id))
    fake.advance(48 * 3600 + 1)
    assert "can't be deleted" in real.refused(real.bot.delete_message(an.id, ours))
    newer = _text(real, an)
    assert "can't be deleted" in real.refused(real.bot.delete_messages(an.id, [ours, newer]))
    assert real.do(real.bot.delete_messages(an.id, [newer, 9999]))
    assert [m.id for m in an.private.from_bot] == [ours]


def test_handing_messages_on_is_a_fault(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    theirs, group = an.say("bí mật"), fake.group()
    real.do(real.bot.forward_message(group.id, an.id, theirs.id))
    real.do(real.bot.copy_message(group.id, an.id, theirs.id))
    real.do(real.bot.copy_messages(group.id, an.id, [theirs.id]))
    real.do(real.bot.forward_messages(group.id, an.id, [theirs.id]))
    assert [m.text for m in group.from_bot] == ["bí mật"] * 4
    assert len(fake.faults) == 4
    fake.allow("hand a message on")


# who the bot is


def test_commands_stand_by_scope_and_language(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    vi, en = [BotCommand("hoi", "Hỏi")], [BotCommand("ask", "Ask")]
    real.do(real.bot.set_my_commands(vi))
    real.do(real.bot.set_my_commands(en, language_code="en"))
    assert real.do(real.bot.get_my_commands()) == tuple(vi)
    assert real.do(real.bot.get_my_commands(language_code="en")) == tuple(en)
    assert real.do(real.bot.get_my_commands(scope=BotCommandScopeChat(an.id))) == ()
    real.do(real.bot.delete_my_commands())
    assert real.do(real.bot.get_my_commands()) == ()
    for wrong in (BotCommand("Hỏi", "a"), BotCommand("a-b", "a")):
        assert "command_invalid" in real.refused(real.bot.set_my_commands([wrong]))
    fake.allow("BOT_COMMAND_INVALID")


def test_names_and_descriptions_are_told(real: RealBot, an: Person) -> None:
    real.do(real.bot.set_my_name("Bình An"))
    real.do(real.bot.set_my_description("Mô tả", language_code="vi"))
    real.do(real.bot.set_my_short_description("Ngắn"))
    assert real.do(real.bot.get_my_name()).name == "Bình An"
    assert real.do(real.bot.get_my_description("vi")).description == "Mô tả"
    assert real.do(real.bot.get_my_description()).description == ""
    assert real.do(real.bot.get_my_short_description("vi")).short_description == "Ngắn"
    real.do(real.bot.set_chat_menu_button(menu_button=MenuButtonCommands()))
    assert real.do(real.bot.get_chat_menu_button(an.id)).type == "commands"
