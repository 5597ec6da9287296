"""The outbox: in order, at Telegram's pace, through outages and restarts; and nothing of a tip in it."""

from __future__ import annotations

import logging
from contextlib import closing
from sqlite3 import connect
from typing import TYPE_CHECKING

import pytest

from bot.telegram.errors import TelegramAway, TelegramRefused, TooFast
from tests.bot.desk.station import STORY, A, B
from tests.bot.desk.telegram.room import CHATS, STRANGER, account

if TYPE_CHECKING:
    from tests.bot.desk.telegram.room import Room

MOVED = -1004444444444


def test_telegram_away_for_an_hour_loses_nothing_and_repeats_nothing(room: Room) -> None:
    room.telegram.always["*"] = TelegramAway()
    tips = [room.station.tip(f"chuyện {number}") for number in range(3)]
    room.settle(minutes=60)
    assert room.group().messages == {}
    room.telegram.always.clear()
    room.settle()
    room.settle()
    assert len(room.cards()) == len(tips)
    assert len(room.group().topics) == len(tips)


def test_while_away_it_is_tried_once_a_minute_and_no_more(room: Room) -> None:
    room.telegram.always["*"] = TelegramAway()
    room.station.tip()
    room.settle(minutes=60)
    assert 50 <= len(room.telegram.calls) <= 75


def test_a_storm_of_429_is_waited_out_for_that_group_alone(room: Room) -> None:
    room.station.tip()
    room.station.tip(area="26737")
    room.telegram.faults["send"] += [TooFast(40)] * 5
    started = room.station.clock.moment
    room.settle()
    assert len(room.cards(A)) == len(room.cards(B)) == 1
    assert (room.station.clock.moment - started).total_seconds() >= 200
    assert len(room.group(A).topics) == 1


def test_a_restart_at_any_call_hangs_every_card_once(room: Room) -> None:
    """Killed before each call in turn: what Telegram did before, we knew."""
    room.station.tip()
    for calls in range(6):
        room.telegram.always.clear()
        room.telegram.faults.clear()
        room.telegram.faults["send"] += [TelegramAway()] if calls % 2 else []
        room.restart()
        room.settle(minutes=0)
    room.settle()
    assert len(room.cards()) == 1
    assert len(room.group().topics) == 1
    room.restart()
    room.settle()
    assert room.cards()[0].edits == 0, "the same words are not sent again after a restart"


def test_many_new_cards_are_counted_in_one_message_and_come_slowly(room: Room) -> None:
    urgent = room.station.tip("việc gấp", urgent=True)
    for number in range(30):
        room.station.tip(f"chuyện {number}")
    started = room.station.clock.moment
    room.settle(minutes=1)
    counting = [shown for shown in room.group().messages.values() if "trong hàng đợi" in shown.words]
    assert len(counting) == 1
    assert room.card(urgent)
    sent = len(room.telegram.ever) + len(room.group().topics)
    assert sent <= 45
    room.settle(minutes=0.5)
    room.settle()
    assert len(room.cards()) == 31
    assert not [shown for shown in room.group().messages.values() if "trong hàng đợi" in shown.words]
    assert sum("trong hàng đợi" in shown.words for shown in room.telegram.ever) == 1
    assert (room.station.clock.moment - started).total_seconds() >= 120


def test_who_presses_does_not_wait_for_a_flood(room: Room) -> None:
    for number in range(40):
        room.station.tip(f"chuyện {number}")
    room.settle(minutes=1)
    room.station.clock.move(seconds=5)
    room.say("/hangdoi")
    assert any("Hàng đợi: 40 tin" in shown.words for shown in room.group().messages.values())
    assert len(room.cards()) < 40


def test_a_group_that_became_a_supergroup_gets_its_cards_there(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    old = room.group()
    room.telegram.groups[MOVED] = type(old)(members=dict(old.members))
    old.moved_to = MOVED
    room.station.desk.claim(room.station.seat(), tip)
    room.settle()
    room.settle()
    post = room.station.records.chats().post(MOVED, tip)
    assert post is not None
    moved = room.telegram.groups[MOVED].messages[post.message]
    assert "Cán bộ đang xử lý" in moved.words
    room.restart()
    assert room.desk.wants(room.update(chat=MOVED))
    arrived = room.update(
        kind="press", chat=MOVED, message=moved.id, topic=moved.topic, press="p", pressed="c:open"
    )
    room.bring(arrived)
    assert any(STORY in shown.words for shown in room.telegram.groups[MOVED].messages.values())


def test_a_move_that_is_only_told_counts_too(room: Room) -> None:
    room.telegram.groups[MOVED] = type(room.group())(members=dict(room.group().members))
    room.arrive(moved_to=MOVED, is_service=True)
    tip = room.station.tip()
    room.settle()
    assert room.station.records.chats().post(MOVED, tip)


def test_a_bot_that_was_thrown_out_says_so_and_comes_back(room: Room) -> None:
    room.group().is_gone = True
    tip = room.station.tip()
    room.settle(minutes=1)
    assert room.desk.troubles() == {A: "chat_gone"}
    assert {state.trouble for state in room.station.records.chats().states()} == {"chat_gone"}
    room.station.tip(area="26737")
    room.settle(minutes=1)
    assert len(room.cards(B)) == 1, "another unit's group goes on"
    room.group().is_gone = False
    room.arrive(kind="membership", member=999, member_status="administrator")
    room.settle()
    assert room.card(tip)
    assert room.desk.troubles() == {}


def test_a_muted_bot_waits_and_goes_on_by_itself(room: Room) -> None:
    room.telegram.faults["send"].append(TelegramRefused("no_rights"))
    tip = room.station.tip()
    room.settle(minutes=1)
    assert room.desk.troubles() == {A: "no_rights"}
    room.settle(minutes=20)
    assert room.card(tip)
    assert room.desk.troubles() == {}


def test_a_deleted_card_is_hung_again(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    card = room.card(tip)
    del room.group().messages[card.id]
    room.station.desk.claim(room.station.seat(), tip)
    room.settle()
    again = room.card(tip)
    assert again.id != card.id
    assert again.topic == card.topic
    assert "đang xử lý" in again.words


def test_what_telegram_never_takes_does_not_stop_the_rest(room: Room) -> None:
    bad = room.station.tip("một")
    room.settle()
    room.telegram.always["edit"] = TelegramRefused("other")
    room.station.desk.claim(room.station.seat(), bad)
    good = room.station.tip("hai")
    room.settle(minutes=2)
    assert room.card(good)


def test_nothing_of_a_tip_and_nothing_of_anybody_stands_in_the_tables(room: Room) -> None:
    receipt = room.station.send("câu chuyện kín", area="26734", urgent=True)
    room.settle()
    (card,) = room.cards()
    room.press(card, "Mở tin")
    room.press(room.cards()[0], "Ghi chú")
    room.say("ghi chú kín", to=room.last())
    room.station.intake.more(receipt, "lời kín")
    room.telegram.always["*"] = TelegramAway()
    room.settle(minutes=1)
    with closing(connect(room.station.folder / "desk" / "desk.sqlite3")) as connection:
        tables = ("desk_chats", "desk_chat_posts", "desk_chat_outbox")
        rows = [row for table in tables for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608
    kept = repr(rows)
    assert rows
    for secret in ("kín", "drugs", "Ma túy", "26734", str(account()), "BA-", "urgent"):
        assert secret not in kept, secret


def test_the_digest_of_a_card_cannot_be_guessed_without_the_units_key(room: Room) -> None:
    desk = room.station.desk
    assert desk.fingerprint(A, "drugs") == desk.fingerprint(A, "drugs")
    assert desk.fingerprint(A, "drugs") != desk.fingerprint(B, "drugs")


@pytest.mark.parametrize("level", [logging.DEBUG])
def test_nothing_is_logged_but_types(room: Room, caplog: pytest.LogCaptureFixture, level: int) -> None:
    with caplog.at_level(level):
        tip = room.station.tip("câu chuyện kín")
        room.telegram.faults["send"] += [TelegramAway(), TelegramRefused("no_rights"), TooFast(3)]
        room.settle()
        room.press(room.card(tip), "Mở tin")
        room.press(room.card(tip), "Ghi chú")
        room.say("ghi chú kín", to=room.last())
        room.press(room.card(tip), "Mở tin", by=STRANGER)
    for secret in ("kín", tip, str(STRANGER), str(account()), str(CHATS[A]), "Cán bộ"):
        assert secret not in caplog.text, secret
