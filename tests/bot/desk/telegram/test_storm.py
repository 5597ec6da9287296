"""
The storm of made-up updates through the officers' receiver: no crash, and no word to whoever is no officer.

The real library reads them; `BINHAN_FUZZ_UPDATES` says how many, twice.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.telegram.errors import TelegramFault
from bot.telegram.gateway import Gateway
from bot.telegram.library import make_bot
from prompts.catalog import catalog
from tests.bot.desk.station import TOP, A, B
from tests.bot.desk.telegram.room import CHATS, STRANGER, Room, account
from tests.fakes.telegram.fake import FakeTelegram
from tests.fakes.telegram.made_up import GROUPS, PRESS
from tests.telegram.test_fuzz import UPDATES, made_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.telegram.model import Arrived

EVERY = 100  # updates between two looks of the lanes
_TURNED_AWAY = re.compile(
    "|".join(
        re.escape(words).replace(re.escape("{account}"), "-?[0-9]+")
        for key, words in catalog("vi").items()
        if key.startswith(("desktg.not_admitted_", "desktg.turned_away_")) or key == "desktg.stale"
    )
)


@pytest.fixture(scope="module")
def arrivals() -> list[Arrived]:
    """What the real library made of the storm, in the officers' groups mostly."""
    loop = asyncio.Runner()
    with FakeTelegram() as fake, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PTB_TIMEDELTA", "1")
        gateway = Gateway(make_bot(fake.token, fake.api))
        loop.run(gateway.start())
        read = [gateway.read(raw) for raw in _moved(made_up(UPDATES // 2))]
        loop.run(gateway.stop())
    loop.close()
    return [each for each in read if each is not None]


def _moved(storm: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same storm in the chat of unit A: residents' groups and private chats become it."""
    for number, update in enumerate(storm):
        told = json.dumps({"update_id": 1_000_000 + number} | update)
        told = re.sub(rf'("id": )({"|".join(map(str, GROUPS))})\b', rf"\g<1>{CHATS[A]}", told)
        private = re.sub(
            r'"id": 700000\d\d, "type": "private"', f'"id": {CHATS[A]}, "type": "supergroup"', told
        )
        yield json.loads(private)


def _blow(room: Room, arrivals: list[Arrived], *senders: int) -> Counter[str]:
    """Hand over the storm, most of it sent by *senders*; gives what went wrong, by type."""
    chance, faults = random.Random(7), Counter[str]()  # noqa: S311 - the same storm every time
    for number, arrived in enumerate(arrivals):
        by = chance.choice(senders) if arrived.sender and chance.random() < 0.7 else arrived.sender
        # That a group has moved is Telegram's own word, and cannot be forged.
        arrived = replace(arrived, update_id=1_000_000 + number)  # noqa: PLW2901 - odd ones: see test_fuzz
        update = replace(arrived, sender=by, moved_to=0, text=_as_commands(arrived.text, chance))
        if arrived.kind == "press":
            buttoned = [shown for shown in room.group().messages.values() if shown.buttons]
            if not buttoned:  # every tip was sent away or is over
                continue
            below = chance.choice(buttoned)
            codes = [button.pressed for button in below.buttons if button.pressed]
            code = chance.choice(codes) if arrived.pressed == PRESS and codes else arrived.pressed
            update = replace(update, message=below.id, topic=below.topic, pressed=code)
        elif chance.random() < 0.3:
            asking = [shown.id for shown in room.group().messages.values() if shown.asks]
            update = replace(update, replies_to=chance.choice(asking or [0]))
        if room.desk.wants(update):
            try:
                room.runner.run(room.desk.handle([update]))
            except TelegramFault as fault:  # it comes again, as `Receiver` says
                faults[type(fault).__name__] += 1
        if number % EVERY == 0:
            room.settle(minutes=2)
    room.settle(minutes=30)
    return faults


def _as_commands(words: str, chance: random.Random) -> str:
    return words.replace("/start", chance.choice(["/hangdoi", "/tim x", "/thongke", "/trogiup", "/start"]))


def test_whoever_is_no_officer_learns_and_does_nothing(room: Room, arrivals: list[Arrived]) -> None:
    tip = room.station.tip()
    room.settle()
    card, before = room.card(tip), len(room.telegram.ever)
    assert _blow(room, arrivals, STRANGER) == {}
    said = [shown.words for shown in room.telegram.ever[before:]]
    said += [words for _, words, _ in room.telegram.answers]
    assert len(room.telegram.answers) > UPDATES / 40
    assert {words for words in said if not _TURNED_AWAY.fullmatch(words)} == set()
    assert room.card(tip).html == card.html
    assert room.opened_text() == ""
    assert room.telegram.groups[CHATS[B]].messages == room.telegram.groups[CHATS[TOP]].messages == {}


def test_a_storm_in_which_an_officer_takes_part_crashes_nothing(
    room: Room, arrivals: list[Arrived], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        room.station.tip()
    room.settle()
    _blow(room, arrivals, account(), account(A, "supervisor"))
    assert len(room.telegram.ever) > 20, "the storm was a breeze"
    assert {record.getMessage() for record in caplog.records if record.exc_info} == set()
    assert [
        r.getMessage() for r in caplog.records if not re.fullmatch(r"[a-z ]+: [\w ,]+", r.getMessage())
    ] == []
    assert room.opened_text(B) == room.opened_text(TOP) == ""  # a tip may have been sent there: its card
    before = len(room.telegram.ever)
    room.say("/hangdoi")
    assert len(room.telegram.ever) > before, "the group is stuck"
    assert set(room.telegram.groups) == set(CHATS.values())
