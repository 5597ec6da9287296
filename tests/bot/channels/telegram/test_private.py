"""What a resident meets in a private chat: by the real library over HTTP."""

from __future__ import annotations

import pytest

from prompts.catalog import text
from tests.bot.channels.telegram.waiting import offering, until
from tests.fakes.telegram.post import Post
from tests.telegram.pictures import JPEG

STORY = "Đầu hẻm 12 gần chợ có nhóm người tụ tập bán ma túy mỗi tối, họ đi hai chiếc xe máy không biển số."


def said(key: str, language: str = "vi", **fields: object) -> str:
    """The first line of a text as it is shown."""
    return text(key, language, **{"name": "Bình An"} | fields).replace("**", "").splitlines()[0]


def begin_tip(fake, person):
    """A story, up to its summary."""
    mark = fake.mark()
    person.say(f"/baotin {STORY}")
    return fake.wait_for(offering(text("tip.summary_go_on")), person.private, since=mark)


class TestAsking:
    def test_a_question_is_answered_with_its_source_and_what_to_ask_next(self, fake, post):
        an = fake.person("An")
        an.say("hang xom danh nhau thi goi ai hoa giai")
        answer = fake.wait_for("Tìm hòa giải viên", an.private)
        assert "Luật Hòa giải ở cơ sở · 35/2013/QH13 · Điều 16, khoản 1" in answer.text
        an.press(answer, "Xem nguồn")
        sources = fake.wait_for("https://example.org/35-2013-qh13", an.private)
        assert "một bên hoặc các bên yêu cầu" in sources.text
        an.press(answer, "Bên kia không chịu")
        until(lambda: len(post.asking.questions) == 3)
        assert post.asking.questions[-1].text == "Bên kia không chịu hòa giải thì sao?"

    def test_a_thumb_counts_the_passages_and_nothing_else(self, fake, post):
        an = fake.person("An")
        an.say("hòa giải")
        answer = fake.wait_for("Tìm hòa giải viên", an.private)
        an.press(answer, "👍")
        until(lambda: bool(post.asking.feedback))
        assert post.asking.feedback[0].passages == ("guide:hoa-giai#xin-hoa-giai", "law:35-2013-qh13#16")

    def test_a_follow_up_leans_on_the_questions_before_it_in_this_chat_alone(self, fake, post):
        an, binh = fake.person("An"), fake.person("Bình")
        for person, words in ((an, "hòa giải là gì"), (an, "thế còn ở xã?"), (binh, "thế còn ở xã?")):
            mark = fake.mark()
            person.say(words)
            fake.wait_for("Tìm hòa giải viên", person.private, since=mark)
        assert [question.previous for question in post.asking.questions] == [(), ("hòa giải là gì",), ()]

    def test_a_report_may_go_on_as_a_tip_and_is_kept_out_of_everything_else(self, fake, post):
        """No thumbs, no sources to ask for again, nothing a later question could lean on."""
        an = fake.person("An")
        an.say("tôi bị lừa 2 triệu")
        answer = fake.wait_for("chưa đến công an", an.private)
        labels = [button["text"] for button in answer.buttons]
        assert text("telegram.report_these_words") in labels
        assert not [label for label in labels if "👍" in label or label.startswith("Xem nguồn")]
        an.say("hòa giải là gì")
        fake.wait_for("Tìm hòa giải viên", an.private)
        assert post.asking.questions[-1].previous == ()
        an.press(answer, text("telegram.report_these_words"))
        begun = fake.wait_for(said("tip.ask_danger"), an.private)
        assert said("tip.kept_for_story") in begun.text

    def test_small_talk_gets_words_and_no_buttons(self, fake, post):
        an = fake.person("An")
        an.say("cảm ơn nhé")
        answer = fake.wait_for("không có chi", an.private)
        assert not answer.buttons
        an.say("hòa giải là gì")
        fake.wait_for("Tìm hòa giải viên", an.private)
        assert post.asking.questions[-1].previous == ()

    def test_danger_gets_the_numbers_first(self, fake, post):
        an = fake.person("An")
        an.say("cứu tôi")
        answer = fake.wait_for("113", an.private)
        assert answer.text.index("113") < answer.text.index("Ra chỗ an toàn")

    def test_what_documents_say_is_never_markup(self, fake, post):
        an = fake.person("An")
        an.say("<hostile>")
        answer = fake.wait_for("<script>alert(1)</script>", an.private)
        an.press(answer, "Xem nguồn")
        fake.wait_for("</blockquote><script>alert(6)</script>", an.private)

    def test_an_edited_question_is_answered_anew(self, fake, post):
        an = fake.person("An")
        message = an.say("giá vàng hôm nay")
        fake.wait_for("không đoán", an.private)
        an.edit(message, "hòa giải thì tìm ai")
        fake.wait_for("Tìm hòa giải viên", an.private)

    def test_a_fault_of_ours_is_told_in_words(self, fake, post, caplog):
        an = fake.person("An")
        post.asking.failure = RuntimeError("canary-kín")
        an.say("hòa giải")
        fake.wait_for(said("telegram.trouble"), an.private)
        assert "canary" not in caplog.text
        assert "canary" not in "".join(message.text for message in an.private.messages)

    def test_a_message_that_waited_is_answered_with_an_apology_once(self, fake):
        an = fake.person("An")
        fake.advance(-3_600)
        an.say("hòa giải")
        an.say("hòa giải nữa")
        fake.advance(3_600)
        with Post(fake) as post:
            until(lambda: len(post.asking.questions) == 2)
        sorry = [said("telegram.late") in message.text for message in an.private.messages]
        assert sum(sorry) == 1

    @pytest.mark.parametrize(("command", "key"), [
        ("/khancap", "telegram.emergency"), ("/riengtu", "telegram.privacy"), ("/trogiup", "telegram.help"),
        ("/huy", "telegram.nothing_to_cancel"), ("/khongco", "telegram.unknown_command"),
        ("/hoi", "telegram.ask_what"), ("/start", "telegram.welcome"), ("/thanhvien", "telegram.no_member"),
    ])  # fmt: skip
    def test_every_command_has_an_answer(self, fake, post, command, key):
        an = fake.person("An")
        an.say(command)
        fake.wait_for(said(key), an.private)

    def test_english_is_spoken_once_it_was_chosen(self, fake, post):
        an = fake.person("An", language_code="en")
        an.say("hoa giai")
        fake.wait_for("Tìm hòa giải viên", an.private)
        assert post.asking.questions[0].language == "vi", "an account's language is nobody's choice"
        an.say("/language")
        choice = fake.wait_for("Which language", an.private)
        an.press(choice, "English")
        fake.wait_for(said("telegram.language_set", "en"), an.private)
        an.say("gold price")
        fake.wait_for("does not guess", an.private)

    @pytest.mark.parametrize("hand", ["sticker", "contact", "poll"])
    def test_what_we_do_not_read_is_answered(self, fake, post, hand):
        an = fake.person("An")
        getattr(an, hand)()
        fake.wait_for(said("telegram.nothing_read"), an.private)


class TestButtons:
    def test_buttons_say_nothing_and_work_once(self, fake, post):
        an = fake.person("An")
        an.say("/baotin")
        asked = fake.wait_for(said("tip.ask_danger"), an.private)
        data = [button["callback_data"] for button in asked.buttons]
        assert all("danger" not in item and str(an.id) not in item for item in data)
        an.press(asked, text("tip.danger_no"))
        fake.wait_for(said("tip.ask_kind"), an.private)
        an.forge_press(data[1], asked)
        until(lambda: not fake.unanswered_presses)
        assert sum(said("tip.ask_kind") in message.text for message in an.private.messages) == 1

    @pytest.mark.parametrize("data", ["x", "a" * 64, "kind.drugs", "ready.send", "\u0111" * 32])
    def test_forged_data_is_answered_and_does_nothing(self, fake, post, data):
        an = fake.person("An")
        an.say("hòa giải")
        answer = fake.wait_for("Tìm hòa giải viên", an.private)
        an.forge_press(data, answer)
        until(lambda: bool(fake.calls_of("answerCallbackQuery")))
        assert len(post.asking.questions) == 1

    def test_another_chat_cannot_press_what_was_offered_here(self, fake, post):
        an, binh = fake.person("An"), fake.person("Bình")
        an.say("hòa giải")
        answer = fake.wait_for("Tìm hòa giải viên", an.private)
        binh.say("/start")
        mine = fake.wait_for(said("telegram.welcome"), binh.private)
        stolen = [button["callback_data"] for button in answer.buttons][-1]
        binh.forge_press(stolen, mine)
        until(lambda: bool(fake.calls_of("answerCallbackQuery")))
        assert len(post.asking.questions) == 1


class TestTips:
    def test_a_tip_with_an_album_is_sent_and_the_chat_wiped(self, fake, post):
        an = fake.person("An", username="an_canary")
        an.album([JPEG, JPEG], caption=STORY)
        summary = fake.wait_for(offering(text("tip.summary_go_on")), an.private)
        an.press(summary, text("tip.summary_go_on"))
        self._through_coaching(fake, an)
        shown = fake.wait_for("Đây là mã tin", an.private)
        assert shown.is_protected
        receipt = next(line for line in shown.text.splitlines() if line.count("-") >= 3)
        an.say(receipt.split("-")[-1])
        ready = fake.wait_for(offering(text("tip.ready_send")), an.private)
        an.press(ready, text("tip.ready_send"))
        sent = fake.wait_for("Đã nhận tin", an.private)
        content, files = next(iter(post.office.tips.values()))
        assert STORY in content.story
        assert [file.content for file in files] == [JPEG, JPEG]
        an.press(sent, text("tip.sent_delete"))
        fake.wait_for("Đã xóa", an.private)
        left = [message for message in an.private.messages if not message.is_deleted]
        assert all("Đã xóa" in message.text or "xóa ở phía" in message.text for message in left)
        assert STORY not in "".join(message.text for message in left)

    def _through_coaching(self, fake, an):
        receipt, coaching = "Đây là mã tin", text("tip.coaching_enough")
        shown = fake.wait_for(lambda message: receipt in message.text or coaching in message.labels)
        if coaching in shown.labels:
            an.press(shown, coaching)

    @pytest.mark.parametrize(("hand", "count"), [("photo", 1), ("album", 2)])
    @pytest.mark.parametrize("command", ["/baotin", "/report"])
    def test_photos_behind_the_command_belong_to_the_tip(self, fake, post, hand, count, command):
        an = fake.person("An")
        getattr(an, hand)(JPEG if hand == "photo" else [JPEG] * count, caption=f"{command} {STORY}")
        summary = fake.wait_for(
            lambda message: bool(
                {text("tip.summary_go_on"), text("tip.summary_go_on", "en")} & set(message.labels)
            ),
            an.private,
        )
        assert len(fake.calls_of("getFile")) == count
        language = "vi" if command == "/baotin" else "en"
        assert (
            text("tip.line_files", language, count=count, original="").split("(")[0].strip() in summary.text
        )
        assert command not in summary.text
        assert STORY in summary.text

    def test_a_photo_behind_the_command_alone_begins_a_tip(self, fake, post):
        an = fake.person("An")
        an.photo(JPEG, caption="/baotin")
        fake.wait_for(said("tip.welcome"), an.private)
        assert len(fake.calls_of("getFile")) == 1
        assert not post.asking.questions

    def test_after_sending_words_are_a_question_again(self, fake, post):
        an = fake.person("An")
        self._send(fake, an)
        mark = fake.mark()
        an.say("hòa giải thì tìm ai")
        fake.wait_for("Tìm hòa giải viên", an.private, since=mark)
        an.say("/baotin")
        fake.wait_for(said("tip.ask_danger"), an.private, since=mark)

    def _send(self, fake, an):
        begin_tip(fake, an)
        an.press(None, text("tip.summary_go_on"))
        self._through_coaching(fake, an)
        shown = fake.wait_for("Đây là mã tin", an.private)
        an.say(next(line for line in shown.text.splitlines() if line.count("-") >= 3).split("-")[-1])
        an.press(fake.wait_for(offering(text("tip.ready_send")), an.private), text("tip.ready_send"))
        fake.wait_for("Đã nhận tin", an.private)

    def test_words_in_a_draft_go_nowhere_but_into_the_tip(self, fake, post):
        an = fake.person("An")
        an.say("/baotin")
        fake.wait_for(said("tip.ask_danger"), an.private)
        an.say(STORY)
        fake.wait_for(offering(text("tip.summary_go_on")), an.private)
        assert post.asking.questions == []

    def test_a_question_in_between_keeps_the_draft(self, fake, post):
        an = fake.person("An")
        begin_tip(fake, an)
        an.say("/hoi hòa giải là gì")
        fake.wait_for("Tìm hòa giải viên", an.private)
        fake.wait_for(said("telegram.draft_still_there"), an.private)

    def test_an_edited_story_takes_the_place_of_the_old_one(self, fake, post):
        an = fake.person("An")
        an.say("/baotin")
        fake.wait_for(said("tip.ask_danger"), an.private)
        message = an.say(STORY)
        fake.wait_for(offering(text("tip.summary_go_on")), an.private)
        mark = fake.mark()
        an.edit(message, STORY.replace("hẻm 12", "hẻm 14"))
        shown = fake.wait_for("hẻm 14", an.private, since=mark)
        assert "hẻm 12" not in shown.text

    def test_a_place_and_a_voice_begin_a_tip(self, fake, post):
        an = fake.person("An")
        an.voice(b"OggS voice")
        fake.wait_for(said("tip.welcome"), an.private)
        binh = fake.person("Bình")
        binh.location(10.77, 106.69)
        fake.wait_for(said("tip.welcome"), binh.private)

    def test_a_file_over_twenty_megabytes_is_refused_before_it_is_fetched(self, fake, post):
        an = fake.person("An")
        an.say("/baotin")
        fake.wait_for(said("tip.ask_danger"), an.private)
        an.video(b"x", size=25_000_000)
        fake.wait_for(said("tips.refused_too_large"), an.private)
        assert not fake.calls_of("getFile")

    def test_a_file_that_cannot_be_fetched_is_told_as_such(self, fake, post):
        an = fake.person("An")
        fake.fail_next("getFile", 1, 400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        an.document(b"%PDF-1.4")
        fake.wait_for(said("telegram.file_lost", count=1), an.private)

    def test_words_do_not_wait_behind_a_file_that_nobody_can_fetch(self, fake, post, monkeypatch):
        monkeypatch.setattr("bot.channels.telegram.talking.FETCH_AGAIN_S", (0.01, 0.01))
        an = fake.person("An")
        fake.fail_next("getFile", 3, 502, "Bad Gateway")
        an.photo(JPEG, caption=STORY)
        fake.wait_for(said("telegram.file_lost", count=1), an.private)
        fake.wait_for(offering(text("tip.summary_go_on")), an.private)

    def test_a_message_with_a_receipt_is_deleted(self, fake, post):
        an = fake.person("An")
        an.say("/theodoi")
        fake.wait_for(said("follow.ask_receipt"), an.private)
        receipt = post.do(_new_receipt())
        typed = an.say(receipt)
        fake.wait_for(said("follow.nothing"), an.private)
        fake.wait_for(said("telegram.receipt_deleted"), an.private)
        assert typed.is_deleted

    @pytest.mark.parametrize("words", ["ma tin {} xu ly toi dau roi?", "/hoi mã {} có trả lời chưa", "{}"])
    def test_a_receipt_typed_as_a_question_is_followed_and_deleted(self, fake, post, words):
        an = fake.person("An")
        typed = an.say(words.format(post.do(_new_receipt())))
        fake.wait_for(said("follow.nothing"), an.private)
        fake.wait_for(said("telegram.receipt_deleted"), an.private)
        assert typed.is_deleted
        an.say("/huy")
        fake.wait_for(said("follow.goodbye"), an.private)
        an.say("hòa giải là gì")
        fake.wait_for("Tìm hòa giải viên", an.private)
        assert [(asked.text, asked.previous) for asked in post.asking.questions] == [("hòa giải là gì", ())]

    def test_a_receipt_is_deleted_also_where_a_draft_keeps_it_from_being_followed(self, fake, post):
        an = fake.person("An")
        begin_tip(fake, an)
        typed = an.say(f"/hoi mã {post.do(_new_receipt())} sao rồi")
        fake.wait_for(said("telegram.draft_still_there"), an.private)
        fake.wait_for(said("telegram.receipt_deleted"), an.private)
        assert typed.is_deleted
        assert post.asking.questions == []

    def test_a_cry_for_help_beside_a_receipt_gets_the_numbers(self, fake, post):
        an = fake.person("An")
        typed = an.say(f"cứu tôi với, nó đang cầm dao đuổi tôi, mã tin {post.do(_new_receipt())}")
        fake.wait_for("Ra chỗ an toàn", an.private)
        fake.wait_for(said("telegram.receipt_deleted"), an.private)
        assert typed.is_deleted

    def test_cancelling_forgets_everything(self, fake, post):
        an = fake.person("An")
        begin_tip(fake, an)
        an.say("/huy")
        sure = fake.wait_for(said("tip.ask_cancel"), an.private)
        an.press(sure, text("tip.cancel_yes"))
        fake.wait_for(said("tip.cancelled"), an.private)
        assert not post.office.tips


async def _new_receipt() -> str:
    from tips.receipts import Receipt

    return Receipt.new().text


def test_a_blocked_bot_goes_on(fake, post):
    an, binh = fake.person("An"), fake.person("Bình")
    an.say("hòa giải")
    fake.wait_for("Tìm hòa giải viên", an.private)
    an.say("hòa giải nữa")
    an.block()
    binh.say("hòa giải")
    fake.wait_for("Tìm hòa giải viên", binh.private)
