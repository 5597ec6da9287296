"""What became of a tip is told, however long Telegram was away when it was to be said."""

from __future__ import annotations

import pytest

from prompts.catalog import text
from tests.bot.channels.telegram.sending import STORY, sent_tip
from tests.bot.channels.telegram.waiting import offering, until

TRIES = 6


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """A minute of trying goes by in an instant; minutes of trying again, only where a test says so."""
    monkeypatch.setattr("bot.channels.telegram.speaking.AGAIN_S", (0.01,) * (TRIES - 1))


def ready(fake, person):
    """A tip up to Send."""
    person.say(f"/baotin {STORY}")
    person.press(
        fake.wait_for(offering(text("tip.summary_go_on")), person.private), text("tip.summary_go_on")
    )
    coaching, asked = text("tip.coaching_enough"), "Đây là mã tin"
    shown = fake.wait_for(lambda message: asked in message.text or coaching in message.labels, person.private)
    if coaching in shown.labels:
        person.press(shown, coaching)
        shown = fake.wait_for(asked, person.private)
    person.say(next(line for line in shown.text.splitlines() if line.count("-") >= 3).split("-")[-1])
    return fake.wait_for(offering(text("tip.ready_send")), person.private)


def press_in_vain(fake, person, button, label):
    """The press has its effect, but Telegram is away until nobody tries any more to tell it."""
    fake.fail_next("sendMessage", TRIES, 502, "Bad Gateway")
    calls = len(fake.calls_of("sendMessage"))
    person.press(button, text(label))
    until(lambda: len(fake.calls_of("sendMessage")) >= calls + TRIES)
    fake.wait_handled()


def test_received_is_said_first_at_the_next_word(fake, post):
    an = fake.person("An")
    button = ready(fake, an)
    press_in_vain(fake, an, button, "tip.ready_send")
    assert len(post.office.tips) == 1
    mark = fake.mark()
    an.say("hòa giải là gì")
    answer = fake.wait_for("Tìm hòa giải viên", an.private, since=mark)
    received = fake.wait_for("Đã nhận tin", an.private, since=mark)
    assert received.id < answer.id
    an.press(received, text("tip.sent_delete"))
    fake.wait_for(text("telegram.wiped", deleted=1, left=0).split("1")[0], an.private)
    assert received.is_deleted
    assert not [message for message in an.private.visible if STORY in message.text]


def test_received_is_said_by_itself_once_telegram_is_back(fake, post, monkeypatch):
    monkeypatch.setattr("bot.channels.telegram.talking.LATER_S", (0.1, 0.1))
    an = fake.person("An")
    button = ready(fake, an)
    fake.fail_next("sendMessage", 2 * TRIES, 502, "Bad Gateway")
    an.press(button, text("tip.ready_send"))
    fake.wait_for("Đã nhận tin", an.private)
    an.say("hòa giải là gì")
    fake.wait_for("Tìm hòa giải viên", an.private)
    assert sum("Đã nhận tin" in message.text for message in an.private.messages) == 1
    assert len(post.office.tips) == 1


def test_what_was_kept_or_taken_back_is_told_as_well(fake, post):
    an = fake.person("An")
    an.press(sent_tip(fake, an), text("tip.sent_keep"))
    fake.wait_for(text("tip.goodbye"), an.private)
    an.say(f"/theodoi {next(iter(post.office.tips))}")
    fake.wait_for(offering(text("follow.open_more")), an.private)
    an.say("xe của họ màu đỏ")
    review = fake.wait_for(offering(text("follow.review_send")), an.private)
    press_in_vain(fake, an, review, "follow.review_send")
    mark = fake.mark()
    an.say("/trogiup")
    fake.wait_for(text("follow.more_received"), an.private, since=mark)
    opened = fake.wait_for(offering(text("follow.open_withdraw")), an.private, since=mark)
    an.press(opened, text("follow.open_withdraw"))
    sure = fake.wait_for(text("follow.ask_withdraw"), an.private)
    press_in_vain(fake, an, sure, "follow.withdraw_yes")
    an.say("/trogiup")
    fake.wait_for(text("follow.withdrawn"), an.private)
    assert post.office.further
    assert post.office.withdrawn
