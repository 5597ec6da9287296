"""What a private chat hears when a conversation about a tip lay idle: by a clock that is set by hand."""

from __future__ import annotations

from functools import partial

import pytest

from bot.drafts import Drafts
from prompts.catalog import text
from tests.bot.channels.telegram.sending import STORY, sent_tip
from tests.bot.channels.telegram.waiting import offering, until
from tests.bot.talking import Seconds
from tests.fakes.telegram.post import Post
from tests.telegram.pictures import JPEG
from tips.receipts import Receipt

LONG_S = 21 * 60


@pytest.fixture
def clock(monkeypatch):
    """The seconds of the drafts."""
    seconds = Seconds()
    monkeypatch.setattr("bot.flows.tip_talk.Drafts", partial(Drafts, seconds=seconds))
    return seconds


@pytest.fixture
def post(fake, clock):
    """The channel, on that clock."""
    with Post(fake) as running:
        yield running


@pytest.mark.usefixtures("post")
def test_the_conversation_is_deleted_also_by_a_late_press(fake, clock):
    an = fake.person("An")
    received = sent_tip(fake, an)
    clock.now += LONG_S
    an.press(received, text("tip.sent_delete"))
    fake.wait_for(text("telegram.wiped", deleted=1, left=0).split("1")[0], an.private)
    until(lambda: not any(STORY in message.text for message in an.private.visible))
    assert not any(text("tip.draft_gone")[:20] in message.text for message in an.private.messages)


def begun(fake, person):
    """A tip with a story."""
    person.say("/baotin")
    fake.wait_for(text("tip.ask_danger"), person.private)
    person.say(STORY)
    return fake.wait_for(offering(text("tip.summary_go_on")), person.private)


GONE = text("telegram.draft_gone")[:60]


@pytest.mark.parametrize("how", ["say", "photo", "voice"])
def test_what_was_meant_for_an_idle_tip_is_no_question_and_the_loss_is_told_once(fake, post, clock, how):
    an = fake.person("An")
    begun(fake, an)
    clock.now += LONG_S
    if how == "say":
        an.say("Chúng hay tụ tập lúc 9 giờ tối")
    else:
        getattr(an, how)(JPEG)
    told = fake.wait_for(GONE, an.private)
    assert not post.asking.questions
    assert not fake.calls_of("getFile")
    an.say("hòa giải là gì")
    fake.wait_for("Tìm hòa giải viên", an.private)
    assert [(asked.text, asked.previous) for asked in post.asking.questions] == [("hòa giải là gì", ())]
    mark = fake.mark()
    an.press(told, text("telegram.menu_report"))
    fake.wait_for(text("tip.ask_danger"), an.private, since=mark)


def test_an_answer_meant_for_an_officer_is_no_question_either(fake, post, clock):
    an = fake.person("An")
    received = sent_tip(fake, an)
    an.press(received, text("tip.sent_keep"))
    fake.wait_for(text("tip.goodbye"), an.private)
    an.say(f"/theodoi {next(iter(post.office.tips))}")
    fake.wait_for(offering(text("follow.open_more")), an.private)
    clock.now += LONG_S
    an.say("ông Tư ở nhà số 5, hay về lúc 9 giờ tối")
    fake.wait_for(GONE, an.private)
    assert not post.asking.questions


def test_a_cry_for_help_after_an_idle_tip_gets_the_numbers_first(fake, post, clock):
    an = fake.person("An")
    begun(fake, an)
    clock.now += LONG_S
    an.say("cứu tôi với, nó đang cầm dao đuổi tôi")
    told = fake.wait_for("Ra chỗ an toàn", an.private)
    assert fake.wait_for(GONE, an.private).id > told.id
    assert [asked.previous for asked in post.asking.questions] == [()]


def test_a_receipt_after_an_idle_tip_is_followed(fake, post, clock):
    an = fake.person("An")
    begun(fake, an)
    clock.now += LONG_S
    typed = an.say(f"mã {Receipt.new().text} sao rồi")
    fake.wait_for(text("follow.nothing"), an.private)
    until(lambda: typed.is_deleted)
    assert not post.asking.questions


def test_after_sending_or_leaving_nothing_is_missed(fake, post, clock):
    an, binh = fake.person("An"), fake.person("Bình")
    sent_tip(fake, an)
    binh.say("/theodoi")
    fake.wait_for(text("follow.ask_receipt"), binh.private)
    clock.now += LONG_S
    for person in (an, binh):
        person.say("hòa giải là gì")
        fake.wait_for("Tìm hòa giải viên", person.private)
        assert not [message for message in person.private.messages if GONE in message.text]
