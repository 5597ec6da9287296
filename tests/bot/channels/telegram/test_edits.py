"""An edited message changes what it said before, and nothing else."""

from __future__ import annotations

from functools import partial

import pytest

from bot.drafts import Drafts
from prompts.catalog import text
from tests.bot.channels.telegram.sending import STORY, sent_tip
from tests.bot.channels.telegram.waiting import offering
from tests.bot.talking import Seconds
from tests.fakes.telegram.post import Post
from tests.telegram.pictures import JPEG

CRY = "cứu tôi với, nó đang cầm dao đuổi tôi"
NUMBERS = "Ra chỗ an toàn"
OTHER = STORY.replace("hẻm 12", "hẻm 14")
QUESTION = "hòa giải thì tìm ai"


def begun(fake, person):
    """A tip at its first question, past the danger."""
    mark = fake.mark()
    person.say("/baotin")
    asked = fake.wait_for(offering(text("tip.danger_no")), person.private, since=mark)
    person.press(asked, text("tip.danger_no"))
    kinds = fake.wait_for(text("tip.ask_kind"), person.private, since=mark)
    person.press(kinds, text("tip.way_skip"))
    return fake.wait_for(text("tip.ask_place").splitlines()[0], person.private, since=mark)


def test_a_question_of_before_does_not_become_the_place_of_a_tip(fake, post):
    an = fake.person("An")
    typed = an.say(QUESTION)
    fake.wait_for("Tìm hòa giải viên", an.private)
    begun(fake, an)
    an.edit(typed, "giá vàng SJC ở chợ huyện là bao nhiêu")
    fake.wait_for(text("tip.edited_not_taken"), an.private)
    fake.wait_handled()
    assert not [message for message in an.private.messages if text("tip.ask_when") in message.text]
    assert [asked.text for asked in post.asking.questions] == [QUESTION]


@pytest.mark.parametrize("command", ["/baotin ", "/report ", ""])
@pytest.mark.usefixtures("post")
def test_the_words_behind_the_command_can_be_edited(fake, command):
    an = fake.person("An")
    typed = an.say(f"/baotin {STORY}")
    fake.wait_for(offering(text("tip.summary_go_on")), an.private)
    mark = fake.mark()
    an.edit(typed, f"{command}{OTHER}")
    shown = fake.wait_for("hẻm 14", an.private, since=mark)
    assert text("tip.edited_taken") in shown.text
    assert "hẻm 12" not in shown.text
    assert "/baotin" not in shown.text
    assert "/report" not in shown.text


@pytest.mark.usefixtures("post")
def test_words_that_became_a_tip_by_a_button_can_be_edited(fake):
    an = fake.person("An")
    told = "tôi bị lừa 2 triệu, người lừa tên Tý nhà số 5 hẻm 12, chuyển khoản hôm thứ hai, giờ làm sao đây"
    typed = an.say(told)
    an.press(fake.wait_for("chưa đến công an", an.private), text("telegram.report_these_words"))
    fake.wait_for(offering(text("tip.summary_go_on")), an.private)
    mark = fake.mark()
    an.edit(typed, told.replace("hẻm 12", "hẻm 14"))
    assert text("tip.edited_taken") in fake.wait_for("hẻm 14", an.private, since=mark).text


def test_what_was_sent_is_neither_changed_nor_asked(fake, post):
    an = fake.person("An")
    sent_tip(fake, an)
    typed = next(message for message in an.private.messages if STORY in message.text)
    an.edit(typed, f"/baotin {OTHER}")
    fake.wait_for(text("tip.edited_too_late"), an.private)
    assert not post.asking.questions
    assert [content.story for content, _ in post.office.tips.values()] == [STORY]


def test_what_lay_idle_is_not_asked_either(fake, monkeypatch):
    clock = Seconds()
    monkeypatch.setattr("bot.flows.tip_talk.Drafts", partial(Drafts, seconds=clock))
    with Post(fake) as post:
        an = fake.person("An")
        typed = an.say(f"/baotin {STORY}")
        fake.wait_for(offering(text("tip.summary_go_on")), an.private)
        clock.now += 21 * 60
        an.edit(typed, OTHER)
        fake.wait_for(text("tip.edited_too_late"), an.private)
        assert not post.asking.questions


def test_a_question_asked_in_between_is_answered_anew(fake, post):
    an = fake.person("An")
    an.say(f"/baotin {STORY}")
    fake.wait_for(offering(text("tip.summary_go_on")), an.private)
    typed = an.say("/hoi giá vàng hôm nay")
    fake.wait_for("không đoán", an.private)
    an.edit(typed, f"/hoi {QUESTION}")
    fake.wait_for("Tìm hòa giải viên", an.private)
    assert post.asking.questions[-1].text == QUESTION


@pytest.mark.usefixtures("post")
def test_a_cry_for_help_is_heard_in_a_tip_that_was_sent(fake):
    an = fake.person("An")
    sent_tip(fake, an)
    typed = next(message for message in an.private.messages if STORY in message.text)
    mark = fake.mark()
    an.edit(typed, CRY)
    told = fake.wait_for(NUMBERS, an.private, since=mark)
    assert fake.wait_for(text("tip.edited_too_late"), an.private, since=mark).id > told.id


@pytest.mark.usefixtures("post")
@pytest.mark.parametrize("what", ["caption", "question"])
def test_a_cry_for_help_is_heard_while_a_tip_is_written(fake, what):
    an = fake.person("An")
    if what == "question":
        typed = an.say(QUESTION)
        fake.wait_for("Tìm hòa giải viên", an.private)
    begun(fake, an)
    if what == "caption":
        mark = fake.mark()
        typed = an.photo(JPEG)
        fake.wait_for(offering(text("tip.way_cancel")), an.private, since=mark)
    mark = fake.mark()
    an.edit(typed, CRY)
    told = fake.wait_for(NUMBERS, an.private, since=mark)
    refused = fake.wait_for(text("tip.edited_not_taken"), an.private, since=mark)
    assert refused.id > told.id


def test_a_cry_for_help_is_heard_where_nothing_else_is_known_of_the_message(fake):
    an = fake.person("An")
    with Post(fake):
        typed = an.say(QUESTION)
        fake.wait_for("Tìm hòa giải viên", an.private)
        fake.wait_handled()
    with Post(fake) as again:
        an.edit(typed, CRY)
        fake.wait_for(NUMBERS, an.private)
        assert [asked.text for asked in again.asking.questions] == [CRY]


def test_words_of_a_sent_tip_that_cry_for_nothing_are_still_not_asked(fake, post):
    an = fake.person("An")
    sent_tip(fake, an)
    typed = next(message for message in an.private.messages if STORY in message.text)
    an.edit(typed, OTHER)
    fake.wait_for(text("tip.edited_too_late"), an.private)
    assert not post.asking.questions
