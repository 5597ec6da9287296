"""A burst of tips on Telegram: one press for everybody, a refusal for nobody."""

from __future__ import annotations

import random

import pytest

from bot.pace import BURST_TIPS, PICTURES, Pace
from prompts.catalog import text
from tests.bot.channels.telegram.sending import to_ready
from tests.bot.channels.telegram.waiting import offering, until
from tests.fakes.telegram.post import Post

STORY = "Đầu hẻm 12 gần chợ có nhóm người tụ tập bán ma túy mỗi tối, họ đi hai chiếc xe máy không biển số."


@pytest.fixture
def pace():
    return Pace()


@pytest.fixture
def busy(fake, pace):
    """The channel after a burst."""
    for account in range(1, BURST_TIPS + 2):
        pace.verdict(account, "tip")
    with Post(fake, pace=pace) as running:
        yield running


def send(fake, person, typed: str = "") -> None:
    """From a story to pressing Send, or to what is *typed* instead."""
    mark = fake.mark()
    person.say(f"/baotin {STORY}")
    summary = fake.wait_for(offering(text("tip.summary_go_on")), person.private, since=mark)
    ready = to_ready(fake, person, summary)
    if typed:
        person.say(typed)
    else:
        person.press(ready, text("tip.ready_send"))


def asked_for(message) -> str:
    """The picture that the challenge names."""
    names = {text(f"pace.picture_{name}"): emoji for name, emoji in PICTURES.items()}
    return next(emoji for name, emoji in names.items() if f"hình {name}" in message.text)


def challenge(fake, person, since=0):
    return fake.wait_for(
        lambda message: "bấm vào hình" in message.text and message.labels, person.private, since=since
    )


@pytest.mark.parametrize("typed", ["", "gui di", "Gửi tin"])
def test_one_right_press_sends_the_tip_at_once(fake, busy, typed):
    an = fake.person("An")
    send(fake, an, typed)
    shown = challenge(fake, an)
    assert not busy.office.tips, "nothing was sent yet"
    an.press(shown, asked_for(shown))
    fake.wait_for("Đã nhận tin", an.private)
    ((content, _),) = busy.office.tips.values()
    assert content.story == STORY


def test_a_wrong_press_asks_again_and_costs_time(fake, busy):
    an = fake.person("An")
    send(fake, an)
    shown = challenge(fake, an)
    mark = fake.mark()
    an.press(shown, random.choice([label for label in shown.labels if label != asked_for(shown)]))  # noqa: S311
    again = challenge(fake, an, mark)
    an.press(again, asked_for(again))
    fake.wait_for(text("telegram.challenge_wait")[:30], an.private)
    assert not busy.office.tips


def test_a_muted_sender_is_told_where_else_to_go_until_midnight(fake, pace):
    with Post(fake, pace=pace) as post:
        an = fake.person("An")
        send(fake, an)
        fake.wait_for("Đã nhận tin", an.private)
        tip_id = post.office.ids()[0]
        until(lambda: pace.apply_mutes([tip_id]) or pace.verdict(an.id, "tip") == "muted")
        send(fake, an)
        fake.wait_for(text("telegram.muted")[:40], an.private)
        assert len(post.office.tips) == 1
        an.say("/hoi hòa giải")
        fake.wait_for("Tìm hòa giải viên", an.private)
