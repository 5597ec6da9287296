"""A station whose officers work in Telegram groups, on a Telegram in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from bot.desk.telegram.desk import TelegramDesk
from bot.desk.telegram.settings import ChatSettings
from bot.telegram.model import Arrived
from tests.bot.desk.station import BOOK, TOP, A, B, Station
from tests.fakes.telegram_port import FakeTelegram, Group
from tips.units import Unit, UnitBook

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.desk import Desk
    from bot.telegram.model import MemberStatus
    from tests.fakes.telegram_port import Shown

CHATS = {A: -1001111111111, B: -1002222222222, TOP: -1003333333333}
_FIRST = {A: 71_000_100, B: 72_000_200, TOP: 73_000_300}
_ROLES = ("officer", "supervisor", "auditor")
STRANGER, BOSS = 79_000_901, 79_000_902  # members of the group who are in no list; the second its creator
_STEPS = 5_000


def account(unit: str = A, role: str = "officer") -> int:
    """The number of an officer's account."""
    return _FIRST[unit] + _ROLES.index(role)


def _unit(unit: Unit) -> Unit:
    officers = tuple(replace(officer, telegram=account(unit.id, officer.role)) for officer in unit.officers)
    return replace(unit, officers=officers, admin_chats=(CHATS[unit.id],))


CHAT_BOOK = UnitBook(_unit(unit) for unit in BOOK.units)


class Room:
    """Everything a test needs; all is done when a method returns."""

    def __init__(
        self,
        folder: Path,
        keys: Path,
        *,
        book: UnitBook = CHAT_BOOK,
        settings: ChatSettings | None = None,
    ) -> None:
        self.station = Station(folder, keys, book=book).unlock()
        self.telegram = FakeTelegram()
        for unit, chat in CHATS.items():
            members: dict[int, MemberStatus] = {account(unit, role): "member" for role in _ROLES}
            self.telegram.groups[chat] = Group(members=members | {STRANGER: "member", BOSS: "creator"})
        self.settings = settings or ChatSettings(remind_until_hour=0)  # reminders only where they are tested
        self.runner = asyncio.Runner()
        self._updates = count(1)
        self.desk = self._desk(self.station.desk)

    def _desk(self, desk: Desk) -> TelegramDesk:
        return TelegramDesk(
            telegram=self.telegram,
            desk=desk,
            chats=self.station.records.chats(),
            book=self.station.book,
            now=self.station.clock,
            settings=self.settings,
        )

    def restart(self, *, is_unlocked: bool = True) -> None:
        """The process was killed and comes back; officers unlock it, or have not yet."""
        self.station.desk = self.station.another_desk()
        if is_unlocked:
            self.station.unlock()
        self.desk = self._desk(self.station.desk)

    def close(self) -> None:
        self.runner.close()
        self.station.close()

    def group(self, unit: str = A) -> Group:
        return self.telegram.groups[CHATS[unit]]

    def settle(self, *, minutes: float = 60.0) -> None:
        """Let the desk be looked at, and the lanes work until they have nothing left for *minutes*."""
        self.runner.run(self._settle(minutes))

    async def _settle(self, minutes: float) -> None:
        await self.desk.reflect()
        ends = self.station.clock.moment.timestamp() + minutes * 60
        for lane in self.desk.lanes:
            for _ in range(_STEPS):
                wait_s = await lane.step()
                if wait_s <= 0:
                    continue
                if wait_s == 5.0 or self.station.clock.moment.timestamp() + wait_s > ends:
                    break
                self.station.clock.move(seconds=wait_s)
            else:
                raise AssertionError("the lane never rests")

    # what people do

    def arrive(self, **fields: object) -> None:
        """Something happens in a group, and is answered."""
        self.bring(self.update(**fields))

    def update(self, **fields: object) -> Arrived:
        """An update as it comes in."""
        given: dict[str, object] = {
            "update_id": next(self._updates),
            "kind": "message",
            "chat": CHATS[A],
            "chat_kind": "supergroup",
            "is_forum": True,
            "sender": account(),
        }
        return Arrived(**(given | fields))  # type: ignore[arg-type]

    def bring(self, arrived: Arrived) -> None:
        """Hand over an update, perhaps once more, and settle."""
        assert self.desk.wants(arrived)
        self.runner.run(self.desk.handle([arrived]))
        self.settle(minutes=1)

    def press(self, shown: Shown, label: str, *, by: int = 0, unit: str = A) -> str:
        """Press a button; what is said to it."""
        return self.press_code(shown, shown.button(label), by=by, unit=unit)

    def press_code(self, shown: Shown, code: str, *, by: int = 0, unit: str = A) -> str:
        arrived = self.pressing(shown, code, by=by, unit=unit)
        self.bring(arrived)
        answers = [words for press, words, _ in self.telegram.answers if press == arrived.press]
        assert len(answers) == 1, "every press is answered, once"
        return answers[0]

    def pressing(self, shown: Shown, code: str, *, by: int = 0, unit: str = A) -> Arrived:
        return self.update(
            kind="press",
            chat=CHATS[unit],
            sender=by or account(unit),
            message=shown.id,
            topic=shown.topic,
            press=f"press-{next(self._updates)}",
            pressed=code,
        )

    def say(self, words: str, *, to: Shown | None = None, by: int = 0, unit: str = A) -> Arrived:
        """Write something, perhaps as a reply."""
        arrived = self.update(
            chat=CHATS[unit],
            sender=by or account(unit),
            message=self.telegram.next_id(),
            topic=to.topic if to else 0,
            text=words,
            replies_to=to.id if to else 0,
            is_to_us=to is not None or words.startswith("/"),
        )
        self.bring(arrived)
        return arrived

    # what they see

    def card(self, tip_id: str, unit: str = A) -> Shown:
        """The card of a tip."""
        post = self.station.records.chats().post(CHATS[unit], tip_id)
        assert post is not None
        return self.group(unit).messages[post.message]

    def cards(self, unit: str = A) -> list[Shown]:
        """Every message that looks like a card."""
        return [
            shown
            for shown in self.group(unit).messages.values()
            if any(button.pressed.startswith("c:") for button in shown.buttons)
        ]

    def last(self, unit: str = A) -> Shown:
        """The newest message of ours."""
        return self.group(unit).messages[max(self.group(unit).messages)]

    def opened_text(self, unit: str = A) -> str:
        """All protected words that stand in the group."""
        return "\n".join(shown.words for shown in self.group(unit).messages.values() if shown.is_protected)
