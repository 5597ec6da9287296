"""The admin chat through the real library, over HTTP, against the strict fake: what the port cannot show."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import pytest

from bot.desk.telegram.desk import TelegramDesk
from bot.desk.telegram.settings import ChatSettings
from bot.telegram.feed import Feed
from bot.telegram.gateway import Gateway
from bot.telegram.library import make_bot
from tests.bot.desk.station import BOOK, STORY, TOP, A, B, Station
from tests.fakes.telegram.fake import FakeTelegram
from tips.model import RawFile
from tips.units import UnitBook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.telegram.groups import Group
    from tests.fakes.telegram.people import Person
    from tests.fakes.telegram.records import Message

_TICK_S = 0.05
_PATIENCE_S = 60.0


class Program:
    """The desk with its bot, running in a thread of its own; its clock runs with ours."""

    def __init__(self, fake: FakeTelegram, station: Station) -> None:
        self._fake = fake
        self._station = station
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Self:
        self._thread.start()
        self._fake.wait_until(lambda: bool(self._fake.calls_of("getUpdates")), _PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(lambda: self._task and self._task.cancel())
        self._thread.join()
        self._loop.close()

    def _work(self) -> None:
        self._task = self._loop.create_task(self._run())
        self._loop.run_until_complete(asyncio.gather(self._task, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())

    async def _run(self) -> None:
        gateway = Gateway(make_bot(self._fake.token, self._fake.api))
        await gateway.start()
        desk = TelegramDesk(
            telegram=gateway,
            desk=self._station.desk,
            chats=self._station.records.chats(),
            book=self._station.book,
            now=self._station.clock,
            settings=ChatSettings(look_every_s=0.2, remind_until_hour=0),
        )
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(Feed(gateway, [desk], wait_s=1).poll())
                group.create_task(desk.run())
                group.create_task(self._tick())
        finally:
            await gateway.stop()

    async def _tick(self) -> None:
        before = time.monotonic()
        while True:
            await asyncio.sleep(_TICK_S)
            now = time.monotonic()
            self._station.clock.move(seconds=now - before)
            before = now


class Scene:
    """A group of officers, and the desk behind it."""

    def __init__(self, folder: Path, keys: Path, fake: FakeTelegram, *, is_forum: bool = True) -> None:
        self.fake = fake
        self.officer, self.stranger = fake.person("Hạnh"), fake.person("Lạ")
        self.group: Group = fake.group(
            "Trực ban",
            is_forum=is_forum,
            is_supergroup=is_forum,
            members=[self.officer, self.stranger],
            bot_status="administrator",
        )
        self.station = Station(folder, keys, book=self._book()).unlock()

    def _book(self) -> UnitBook:
        units = {unit.id: unit for unit in BOOK.units}
        officers = tuple(
            replace(officer, telegram=self.officer.id) if officer.role == "officer" else officer
            for officer in units[A].officers
        )
        ours = replace(units[A], admin_chats=(self.group.id,), officers=officers)
        return UnitBook((units[TOP], ours, units[B]))

    def press(self, message: Message, button: str, by: Person | None = None) -> None:
        (by or self.officer).in_(message.chat).press(message, button)

    def card(self, chat: Group | None = None) -> Message:
        """The card, once it hangs and we know that it does."""
        card = self.fake.wait_for("BA-", chat or self.group, _PATIENCE_S)
        records = self.station.records.chats()
        self.fake.wait_until(lambda: records.tip_of(card.chat.id, card.id) != "", _PATIENCE_S)
        return card


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTelegram]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    with FakeTelegram() as telegram:
        yield telegram
        telegram.check()


@pytest.fixture
def scene(tmp_path: Path, station_keys: Path, fake: FakeTelegram) -> Iterator[Scene]:
    made = Scene(tmp_path, station_keys, fake)
    yield made
    made.station.close()


def test_a_tip_is_shown_opened_answered_and_closed_in_its_topic(scene: Scene) -> None:
    fake, officer = scene.fake, scene.officer
    with Program(fake, scene.station):
        receipt = scene.station.send(urgent=True, files=(RawFile(content=b"photo"),))
        card = scene.card()
        assert [topic.name for topic in scene.group.topics.values() if topic.id == card.topic] == [
            card.words.split()[0]
        ]
        officer.in_(scene.group).say("Việc này giao ai đây?", topic=card.topic)
        scene.press(card, "Mở tin")
        opened = fake.wait_for(STORY, scene.group, _PATIENCE_S)
        assert opened.is_protected
        assert opened.topic == card.topic
        file = fake.wait_for(lambda message: message.file is not None, scene.group, _PATIENCE_S)
        assert file.is_protected
        fake.allow("IMAGE_PROCESS_FAILED")  # it is no real picture, so it goes as a mere file
        assert not file.is_resent
        fake.wait_until(lambda: "Nhắn người báo" in card.labels, _PATIENCE_S)
        scene.press(card, "Nhắn người báo")
        asked = fake.wait_for(lambda message: message.asks_for_reply, scene.group, _PATIENCE_S)
        officer.in_(scene.group).say("Đã nhận, cảm ơn.", topic=card.topic, reply_to=asked)
        look = fake.wait_for("Đã nhận, cảm ơn.", scene.group, _PATIENCE_S)
        scene.press(look, "Gửi lời nhắn")
        fake.wait_for("Cán bộ: nhắn người báo tin.", scene.group, _PATIENCE_S)
        told = [reply.text for reply in scene.station.told(receipt).replies if reply.text]
        assert told == ["Đã nhận, cảm ơn."]
        fake.wait_handled()
        scene.station.clock.move(minutes=16)
        fake.wait_until(lambda: opened.is_deleted and file.is_deleted and look.is_deleted, _PATIENCE_S)
    assert not card.is_deleted


def test_a_stranger_and_a_forged_press_open_nothing(scene: Scene) -> None:
    fake = scene.fake
    with Program(fake, scene.station):
        scene.station.tip()
        card = scene.card()
        scene.press(card, "Mở tin", scene.stranger)
        for data in ("c:open" + "x" * 58, "f:made-up:0", "c:export", "\N{PILE OF POO}" * 16):
            scene.officer.in_(scene.group).forge_press(data, card)
        fake.wait_handled(_PATIENCE_S)
        fake.wait_until(lambda: not fake.unanswered_presses, _PATIENCE_S)
    assert not [message for message in scene.group.from_bot if STORY in message.words]
    presses = [press for press in fake.world.presses.values() if press.by.id == scene.stranger.id]
    assert all(str(scene.stranger.id) in press.words and press.is_alert for press in presses)


def test_an_outage_429s_and_lost_answers_end_with_one_card(scene: Scene) -> None:
    fake = scene.fake
    with Program(fake, scene.station):
        fake.down()
        scene.station.tip()
        threading.Event().wait(2.0)
        fake.fail_next("createForumTopic", retry_after=1)
        fake.fail_next("sendMessage", times=2, retry_after=1)
        fake.fail_next("sendMessage", times=1, code=502)
        fake.up()
        card = scene.card()
        fake.lose_next_answer("editMessageText")
        scene.press(card, "Nhận xử lý")
        fake.wait_until(lambda: "đang xử lý" in card.words, _PATIENCE_S)
        fake.wait_handled(_PATIENCE_S)
        threading.Event().wait(2.0)
    cards = [message for message in scene.group.from_bot if message.words.startswith("BA-")]
    assert len(cards) == 1
    fake.allow("not modified")


def test_a_deleted_topic_and_lost_rights_are_survived(scene: Scene) -> None:
    fake = scene.fake
    with Program(fake, scene.station):
        tip = scene.station.tip()
        card = scene.card()
        scene.group.delete_topic(card.topic)
        scene.group.demote_bot(["can_delete_messages"])
        since = fake.mark()
        scene.station.desk.claim(scene.station.seat(), tip)
        again = fake.wait_for("đang xử lý", scene.group, _PATIENCE_S, since=since)
        assert not again.topic
        scene.press(again, "Mở tin")
        assert fake.wait_for(STORY, scene.group, _PATIENCE_S).reply_to == again.id
        fake.wait_handled(_PATIENCE_S)
    fake.faults.clear()  # asking in a topic that somebody deleted is no fault of ours


def test_a_group_that_becomes_a_supergroup_goes_on(
    tmp_path: Path, station_keys: Path, fake: FakeTelegram
) -> None:
    scene = Scene(tmp_path, station_keys, fake, is_forum=False)
    with Program(fake, scene.station):
        tip = scene.station.tip()
        scene.card()
        new = scene.group.migrate()
        scene.station.desk.label(scene.station.seat(), tip, ["gấp"])
        card = fake.wait_for("gấp", new, _PATIENCE_S)
        scene.press(card, "Mở tin")
        fake.wait_for(STORY, new, _PATIENCE_S)
        fake.wait_handled(_PATIENCE_S)
    scene.station.close()


def test_a_bot_thrown_out_and_let_in_again_catches_up(scene: Scene) -> None:
    fake = scene.fake
    with Program(fake, scene.station):
        fake.wait_handled()
        scene.group.kick_bot()
        scene.station.tip()
        fake.wait_until(
            lambda: {state.trouble for state in scene.station.records.chats().states()} == {"chat_gone"},
            _PATIENCE_S,
        )
        scene.group.set_bot("administrator")
        assert scene.card()
    fake.faults.clear()
