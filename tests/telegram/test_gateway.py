"""One bot through the real library, over HTTP: what Telegram refuses comes back in our words."""

from __future__ import annotations

import asyncio
import logging

import pytest
from telegram import BotCommandScopeAllPrivateChats

from bot.redaction import Redactor
from bot.telegram.errors import ChatMoved, TelegramAway, TelegramRefused, TooFast
from bot.telegram.gateway import Gateway
from bot.telegram.library import make_bot
from bot.telegram.model import Button, Upload
from tests.telegram.pictures import JPEG


class Driven:
    """A started gateway, called one after another."""

    def __init__(self, fake) -> None:
        self._runner = asyncio.Runner()
        self.gateway = Gateway(make_bot(fake.token, fake.api))
        self.do(self.gateway.start())

    def do(self, work):
        return self._runner.run(work)

    def close(self) -> None:
        self.do(self.gateway.stop())
        self._runner.close()


@pytest.fixture
def driven(fake):
    made = Driven(fake)
    yield made
    made.close()


@pytest.fixture
def an(fake):
    person = fake.person("An")
    person.say("/start")
    return person


def test_words_telegram_cannot_read_as_html_go_as_they_are(fake, driven, an):
    driven.do(driven.gateway.send(an.id, "một <b>hai"))
    assert fake.wait_for("một", an.private).text == "một hai"
    fake.faults.clear()


def test_the_same_words_again_are_no_error(fake, driven, an):
    sent = driven.do(driven.gateway.send(an.id, "<b>một</b>", buttons=(Button(label="A", pressed="a"),)))
    for _ in range(2):
        driven.do(driven.gateway.edit(an.id, sent, "<b>hai</b>", (Button(label="B", pressed="b"),)))
        driven.do(driven.gateway.edit_buttons(an.id, sent))
        driven.do(driven.gateway.edit_buttons(an.id, sent))
    assert fake.wait_for("hai", an.private).text == "hai"


def test_deleting_tells_what_is_left(fake, driven, an):
    old = an.say("cũ")
    fake.advance(49 * 3_600)
    new = an.say("mới")
    left = driven.do(driven.gateway.delete(an.id, (old.id, new.id, new.id)))
    assert left == (old.id,)


def test_refusals_come_back_by_their_reason(fake, driven, an):
    an.block()
    with pytest.raises(TelegramRefused) as blocked:
        driven.do(driven.gateway.send(an.id, "x"))
    assert blocked.value.reason == "chat_gone"
    group = fake.group(members=[an])
    with pytest.raises(TelegramRefused) as plain:
        driven.do(driven.gateway.make_topic(group.id, "BA-1"))
    assert plain.value.reason in {"topics_off", "no_rights"}
    with pytest.raises(TelegramRefused) as gone:
        driven.do(driven.gateway.send(group.id, "x", topic=99))
    assert gone.value.reason == "topic_gone"


def test_a_message_that_is_not_ours_is_as_good_as_gone(fake, driven, an):
    theirs = an.say("của An")
    with pytest.raises(TelegramRefused) as refused:
        driven.do(driven.gateway.edit(an.id, theirs.id, "của ta"))
    assert refused.value.reason == "message_gone"
    fake.allow("can't be edited")


def test_a_migrated_group_tells_its_new_number(fake, driven, an):
    group = fake.group(is_supergroup=False, members=[an])
    new = group.migrate()
    with pytest.raises(ChatMoved) as moved:
        driven.do(driven.gateway.send(group.id, "x"))
    assert moved.value.new_id == new.id


def test_too_fast_and_away_are_told_apart(fake, driven, an):
    fake.fail_next("sendMessage", 1, 429, "Too Many Requests: retry after 7", retry_after=7)
    with pytest.raises(TooFast) as fast:
        driven.do(driven.gateway.send(an.id, "x"))
    assert fast.value.retry_after_s == 7
    fake.fail_next("sendMessage", 1, 502, "Bad Gateway")
    with pytest.raises(TelegramAway):
        driven.do(driven.gateway.send(an.id, "x"))


def test_files_come_and_go_whole(fake, driven, an):
    an.photo(JPEG)
    raw = driven.do(driven.gateway.updates(0, 0, ("message",)))[-1]
    arrived = driven.gateway.read(raw)
    assert driven.do(driven.gateway.download(arrived.attachments[0].file_id)) == JPEG
    driven.do(driven.gateway.upload(an.id, Upload(content=JPEG, name="tep-1.jpg", media_type="image/jpeg")))
    assert fake.calls_of("sendPhoto")


def test_somebody_who_never_was_there_has_left(fake, driven, an):
    group = fake.group(members={an: "administrator"})
    binh = fake.person("Bình")
    assert driven.do(driven.gateway.member_status(group.id, an.id)) == "administrator"
    assert driven.do(driven.gateway.member_status(group.id, binh.id)) == "left"


def test_a_server_that_leaves_things_out_is_understood(fake, driven, an):
    group = fake.group(members={an: "creator"}, is_forum=True, bot_status="administrator")
    facts = driven.do(driven.gateway.chat_facts(group.id))
    assert (facts.is_forum, facts.may_manage_topics, facts.may_delete) == (True, True, True)
    fake.without("getChatMember")
    assert driven.do(driven.gateway.chat_facts(group.id)).may_manage_topics, "it is tried then"
    raw = {
        "update_id": 5,
        "callback_query": {
            "id": "7",
            "from": {"id": an.id, "is_bot": False, "first_name": "An"},
            "message": {"message_id": 1, "date": 1, "chat": {"id": an.id, "type": "private"}},
            "data": "x",
        },
    }
    assert driven.gateway.read(raw).pressed == "x"
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": group.id, "type": "supergroup"},
        "from": {"id": an.id, "is_bot": False, "first_name": "An"},
    }
    for words, is_to_us in (
        ("/hoi a", True),
        ("/hoi@binhan_bot a", True),
        ("/hoi@other a", False),
        ("a", False),
    ):
        arrived = driven.gateway.read({"update_id": 6, "message": message | {"text": words}})
        assert arrived.is_to_us is is_to_us, words


LAZY = (
    {"photo": [{"file_id": "a"}, {"file_id": "b", "width": 90, "height": 90}]},
    {"document": {"file_id": "b"}},
    {"voice": {"file_id": "b"}},
    {"video": {"file_id": "b"}},
)


@pytest.mark.parametrize("content", LAZY, ids=lambda content: next(iter(content)))
def test_a_file_of_a_lazy_server_does_not_vanish(driven, content):
    message = {"message_id": 1, "chat": {"id": 5, "type": "private"}, "from": {"id": 5}, "caption": "xem"}
    arrived = driven.gateway.read({"update_id": 1, "message": message | content})
    assert [(file.kind, file.file_id) for file in arrived.attachments] == [(next(iter(content)), "b")]
    assert (arrived.sender, arrived.text) == (5, "xem")


def test_what_we_do_not_read_spoils_no_message(driven):
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 5},
        "text": "chào",
        "poll": {"id": "1"},
        "entities": [{"type": "bold"}],
    }
    assert driven.gateway.read({"update_id": 1, "message": message}).text == "chào"
    assert driven.gateway.read({"update_id": 1, "message": "chào"}).kind == "other"


def test_the_menu_is_set_where_the_server_cannot_tell_what_it_is(fake, driven):
    fake.without("getMyCommands", "getMyDescription")
    driven.do(driven.gateway.set_commands({"hoi": "Hỏi"}, BotCommandScopeAllPrivateChats()))
    driven.do(driven.gateway.describe("dài", "ngắn"))
    assert fake.calls_of("setMyCommands")
    assert fake.calls_of("setMyShortDescription")


def test_no_secret_passes_the_redactor():
    record = logging.LogRecord("httpx", 20, "x", 1, "GET %s", ("https://x/bot1:abc/getMe",), None)
    try:
        raise ValueError("1:abc")  # noqa: TRY301
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    Redactor(["1:abc"]).filter(record)
    shown = logging.Formatter().format(record)
    assert "1:abc" not in shown
    assert "***" in shown
