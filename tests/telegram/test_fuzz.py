"""
A storm of made-up updates: nothing crashes, no chat is stuck, nobody reads what is not theirs.

The path is the real one, from the bytes of a webhook by the real library to the real channel.
2,000 updates; `BINHAN_FUZZ_UPDATES=20000` makes it more.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from bot.members.store import MembersBook
from bot.pace import Pace
from bot.telegram.errors import TelegramFault, TelegramRefused, TooFast
from bot.telegram.feed import Feed
from bot.telegram.gateway import Gateway
from bot.telegram.library import make_bot
from bot.telegram.model import TEXT_LIMIT, ChatFacts
from bot.telegram.text import shown_units
from bot.telegram_room import PublicParts, public_side
from knowledge.model import Audience
from tests.fakes.asking import MEDIATION, FakeAsking
from tests.fakes.listening_office import ListeningOffice
from tests.fakes.telegram.fake import FakeTelegram
from tests.fakes.telegram.made_up import BOT, GROUPS, MEMBER, OFFICERS, PEOPLE, PRESS, updates
from tests.fakes.telegram.post import Room
from tests.telegram.pictures import JPEG
from tips.units import UnitBook, development_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.messages import Question
    from bot.telegram.model import Arrived, Button, MemberStatus, Upload
    from knowledge.answer import Answer

UPDATES = int(os.environ.get("BINHAN_FUZZ_UPDATES", "2000"))
AT_ONCE = 100  # Telegram's own window
PLAIN_S = 20.0  # in which everybody is answered afterwards
FOR_MEMBERS = "Chỉ hội viên: hẵng-canary-đườ"
_TOLD = re.compile(r"~(-?\d+)~")
_SAYS_TYPES_ALONE = re.compile(r"[a-z ]+: [A-Za-z_]+")


class Recorder:
    """Fills `bot.telegram.ports.Telegram`: keeps what was said to whom, and refuses now and then."""

    username = BOT

    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []
        self.buttons: dict[int, list[str]] = {}
        self.statuses: dict[int, MemberStatus] = {}
        self.chance = random.Random(20_261_128)  # noqa: S311 - the same storm every time
        self.is_kind = False
        self._ids = count(100)

    def _perhaps_refuse(self) -> None:
        if self.is_kind or self.chance.random() > 0.04:
            return
        reasons: list[TelegramFault] = [TelegramRefused("chat_gone"), TelegramRefused("other"), TooFast(0.0)]
        raise self.chance.choice(reasons)

    async def send(self, chat: int, html: str, *, buttons: Sequence[Button] = (), **_: Any) -> int:
        assert isinstance(chat, int), chat
        assert html.strip(), "an empty message"
        assert shown_units(html) <= TEXT_LIMIT
        html.encode()  # a lone surrogate cannot be sent
        assert all(1 <= len(button.pressed.encode()) <= 64 for button in buttons if not button.url)
        assert all(button.label.strip() for button in buttons)
        self._perhaps_refuse()
        self.said.append((chat, html))
        self.buttons.setdefault(chat, []).extend(button.pressed for button in buttons if button.pressed)
        return next(self._ids)

    async def edit(self, chat: int, message: int, html: str, buttons: Sequence[Button] = ()) -> None:
        del message
        await self.send(chat, html, buttons=buttons)

    async def edit_buttons(self, chat: int, message: int, buttons: Sequence[Button] = ()) -> None:
        self._perhaps_refuse()

    async def delete(self, chat: int, messages: Sequence[int]) -> tuple[int, ...]:
        self._perhaps_refuse()
        return tuple(messages[:1])

    async def answer_press(self, press: str, words: str = "", *, is_alert: bool = False) -> None:
        assert FOR_MEMBERS not in words
        self._perhaps_refuse()

    async def show_typing(self, chat: int, topic: int = 0) -> None: ...

    async def show_draft(self, chat: int, html: str) -> None:
        self.said.append((chat, html))

    async def download(self, file_id: str) -> bytes:
        self._perhaps_refuse()
        return JPEG

    async def upload(self, chat: int, file: Upload, **_: Any) -> int:
        self.said.append((chat, file.name))
        return next(self._ids)

    async def member_status(self, chat: int, member: int) -> MemberStatus:
        return self.statuses.get(member, "left")

    async def chat_facts(self, chat: int) -> ChatFacts:
        return ChatFacts(kind="supergroup", is_forum=False, status="administrator", may_delete=True)

    async def make_topic(self, chat: int, name: str) -> int:
        raise TelegramRefused("topics_off")

    async def close_topic(self, chat: int, topic: int, *, is_open: bool = False) -> None: ...


class Reading:
    """What `Feed` needs of a gateway: the real library reads, nobody is asked anything."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.secret = ""
        self.is_set = asyncio.Event()
        self.kinds: Counter[str] = Counter()

    def read(self, raw: Any) -> Arrived | None:
        arrived = self._gateway.read(raw)
        self.kinds[arrived.kind if arrived else "broken"] += 1
        return arrived

    async def set_webhook(self, url: str, secret: str, wanted: Sequence[str]) -> None:
        self.secret = secret
        self.is_set.set()


class Knowing(FakeAsking):
    """Tells members what is meant for them alone."""

    async def ask(self, question: Question) -> Answer:
        answer = await super().ask(question)
        if question.audience is Audience.PUBLIC:
            return answer
        quoted = tuple(replace(one, quote=FOR_MEMBERS) for one in MEDIATION.citations)
        return replace(MEDIATION, text=FOR_MEMBERS, citations=quoted)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[MembersBook]:
    """One member."""
    opened = MembersBook.open_file(tmp_path / "members.sqlite3", tmp_path / "key")
    invite = opened.new_invite(Audience.MEMBER, "phu-nu", uses=1, days=1)
    assert opened.join(MEMBER, invite.code)
    yield opened
    opened.close()


def made_up(number: int) -> list[dict[str, Any]]:
    """*number* updates, no two alike; the same ones each time."""
    storm: dict[str, dict[str, Any]] = {}
    for turn in count():
        _blow(turn, storm)
        if len(storm) >= number:
            return list(storm.values())[:number]
    raise AssertionError


def _blow(turn: int, storm: dict[str, dict[str, Any]]) -> None:
    @seed(turn)
    @settings(
        max_examples=500,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(updates())
    def blow(update: dict[str, Any]) -> None:
        storm.setdefault(json.dumps(update, sort_keys=True), update)

    blow()


def body_of(update: dict[str, Any], number: int, telegram: Recorder) -> bytes:
    """As Telegram sends it; a press of "any button" presses the newest one of that chat."""
    query = update.get("callback_query")
    if isinstance(query, dict) and query.get("data") == PRESS:
        below = query.get("message")
        chat = below.get("chat") if isinstance(below, dict) else None
        number_of_chat = chat.get("id") if isinstance(chat, dict) else 0
        known = telegram.buttons.get(number_of_chat, []) if isinstance(number_of_chat, int) else []
        query = query | {"data": telegram.chance.choice(known[-12:]) if known else "x"}
        update = update | {"callback_query": query}
    return json.dumps({"update_id": 1_000_000 + number} | update).encode()


async def storm_through(
    fake: FakeTelegram, storm: Sequence[dict[str, Any]], telegram: Recorder, members: MembersBook
) -> tuple[Counter[str], Counter[str]]:
    """Everything as fast as it is taken; then a plain question from everybody. Kinds, and verdicts."""
    gateway = Gateway(make_bot(fake.token, fake.api))
    await gateway.start()
    reading, verdicts = Reading(gateway), Counter[str]()
    with ThreadPoolExecutor(4) as workers:
        units = UnitBook.parse(development_units())
        room: Any = Room(ListeningOffice(units), units)
        pace = Pace(seconds=count(step=5.0).__next__)  # so much time passes that few are told to wait
        parts = PublicParts(asking=Knowing(), workers=workers, pace=pace, tips=room, members=members)
        sending: Any = telegram
        channel, _ = public_side(sending, parts, name="Bình An", admin_chats=[OFFICERS])
        source: Any = reading
        feed = Feed(source, [channel])
        serving = asyncio.create_task(feed.serve_webhook("https://127.0.0.1/x"))
        await reading.is_set.wait()
        window = asyncio.Semaphore(AT_ONCE)

        async def deliver(body: bytes) -> None:
            verdicts[await feed.receive(reading.secret, body)] += 1
            window.release()

        async with asyncio.TaskGroup() as tasks:
            for number, update in enumerate(storm):
                await window.acquire()
                tasks.create_task(deliver(body_of(update, number, telegram)))
        telegram.is_kind = True
        before = len(telegram.said)
        async with asyncio.timeout(PLAIN_S), asyncio.TaskGroup() as tasks:
            for number, person in enumerate(PEOPLE):
                tasks.create_task(deliver(plain_question(number + len(storm), person)))
        verdicts["answered"] = len({chat for chat, _ in telegram.said[before:]} & set(PEOPLE))
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
    await gateway.stop()
    return reading.kinds, verdicts


def plain_question(number: int, person: int) -> bytes:
    """A message without anything odd."""
    message = {
        "message_id": 9_000 + number,
        "date": 1_764_300_000,
        "chat": {"id": person, "type": "private", "first_name": "N"},
        "from": {"id": person, "is_bot": False, "first_name": "N"},
        "text": "hàng xóm đánh nhau thì gọi ai hòa giải",
    }
    return json.dumps({"update_id": 1_000_000 + number, "message": message}).encode()


@pytest.mark.timeout(1_800)
def test_a_storm_crashes_nothing_sticks_nowhere_and_tells_nobody_what_is_not_theirs(
    book: MembersBook, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    storm, telegram = made_up(UPDATES), Recorder()
    caplog.set_level(logging.INFO)
    with FakeTelegram() as fake:
        kinds, verdicts = asyncio.run(storm_through(fake, storm, telegram, book))
    assert len(storm) == UPDATES
    assert verdicts["answered"] == len(PEOPLE), verdicts
    assert set(verdicts) <= {"handled", "broken", "answered"}, verdicts
    assert min(kinds[kind] for kind in ("message", "edited", "press", "membership", "other", "broken")) > 0
    ours = [record for record in caplog.records if record.name.startswith(("bot", "root"))]
    assert [r.getMessage() for r in ours if not _SAYS_TYPES_ALONE.fullmatch(r.getMessage())] == []
    assert not any(record.exc_info for record in ours)
    faults = {r.getMessage() for r in ours if r.getMessage().startswith(("update:", "private chat:"))}
    assert faults <= {"update: TelegramRefused"}, faults  # which the recorder says on purpose
    members_only = {chat for chat, html in telegram.said if FOR_MEMBERS in html}
    assert members_only == {MEMBER}
    assert sum(FOR_MEMBERS in html for _, html in telegram.said) > UPDATES / 200
    assert len(telegram.said) > UPDATES / 6, "the storm was a breeze"
    strays = [
        (chat, html) for chat, html in telegram.said if any(int(n) != chat for n in _TOLD.findall(html))
    ]
    assert strays == []
    assert not {chat for chat, _ in telegram.said} - set(PEOPLE) - set(GROUPS) - odd_chats(telegram)
    assert OFFICERS not in {chat for chat, _ in telegram.said}


def odd_chats(telegram: Recorder) -> set[int]:
    """Numbers that only a broken update named: whoever they are, they are answered as anybody is."""
    return {
        chat for chat, html in telegram.said if chat not in {*PEOPLE, *GROUPS} and FOR_MEMBERS not in html
    }
