"""
One group's lane of the outbox: one thing after another, as fast as Telegram lets us.

What has to survive a restart stands in the records as errands; what only answers somebody who has just
pressed waits in memory, goes first, and is lost with the process.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from bot.desk.telegram.pace import Pace
from bot.telegram.errors import BadToken, ChatMoved, TelegramFault, TelegramRefused, TooFast
from tips.errors import ActionRefused, TipError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.desk.records.chats import ChatRecords, Errand
    from bot.telegram.errors import Reason

_LOG = logging.getLogger(__name__)

IDLE_S: Final = 5.0
_AWAY_S: Final = 60.0  # at most between two tries while Telegram is not reached
_SHUT_S: Final = 300.0  # between two tries at a group that turns us away
_STORE_S: Final = 5.0
_LOCKED_S: Final = 30.0
_TRIES: Final = 8
_LONGEST: Final = timedelta(hours=1)
_WAITING: Final = 200  # answers in memory; more than that nobody reads
_ANSWERED_IN: Final = timedelta(minutes=5)  # later than that nobody waits for an answer any more
_SHUT: Final = frozenset(("chat_gone", "no_rights"))


@dataclass(frozen=True, slots=True)
class Task:
    """An answer to somebody who pressed: *work* gets the group's number as it is then."""

    work: Callable[[int], Awaitable[object]]
    asked: datetime


class Clerk(Protocol):
    """Does the errands of a group."""

    def rank(self, errand: Errand) -> int:
        """What goes first: the smallest. 0 and 1 are urgent."""
        ...

    def cost(self, errand: Errand) -> int:
        """How many messages it takes."""
        ...

    async def do(self, chat: int, errand: Errand) -> int:
        """
        Do it; gives how many messages it took.

        Raises what `bot.telegram.errors` and `tips.errors` name; it is then tried again, or given up.
        """
        ...


class Lane:
    """The one who writes to a group."""

    def __init__(  # noqa: PLR0913 - one port each
        self,
        chat: int,
        *,
        records: ChatRecords,
        clerk: Clerk,
        now: Callable[[], datetime],
        per_minute: int,
        on_move: Callable[[int, int], None] = lambda _old, _new: None,
        trouble: str = "",
    ) -> None:
        self.chat = chat
        self.trouble = trouble
        self._records = records
        self._clerk = clerk
        self._on_move = on_move
        self._now = now
        self._pace = Pace(per_minute)
        self._tasks: deque[Task] = deque(maxlen=_WAITING)
        self._rests_until = now()
        self._away = 0  # times in a row that Telegram was not reached
        self._wake = asyncio.Event()

    def answer(self, work: Callable[[int], Awaitable[object]]) -> None:
        """Do *work*, which sends or changes one message, as soon as may be."""
        self._tasks.append(Task(work, self._now()))
        self._wake.set()

    def look(self) -> None:
        """There is something new to do."""
        self._wake.set()

    def try_now(self) -> None:
        """Our rights in the group have changed."""
        if self.trouble:
            self._rests_until = self._now()
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                wait_s = await self.step()
            except Exception as error:  # noqa: BLE001 - the lane lives on; its words stay here
                _LOG.error("admin chat: %s", type(error).__name__)
                wait_s = IDLE_S
            if wait_s <= 0:
                await asyncio.sleep(0)
                continue
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), wait_s)
            except TimeoutError:
                continue

    async def step(self) -> float:
        """Do at most one thing; gives the seconds until the next, 0 for at once."""
        now = self._now()
        if now < self._rests_until:
            return (self._rests_until - now).total_seconds()
        task = self._next_task(now)
        errand = None if task else await self._next_errand(now)
        if task is None and errand is None:
            return IDLE_S
        if wait_s := self._waits_s(errand, now):
            return wait_s
        try:
            await self._do(task, errand)
        except TelegramFault as fault:
            await self._hindered(task, errand, fault)
        except TipError as error:
            self._drop(task)
            await self._not_done(errand, error)
        except Exception:
            self._drop(task)
            if errand is not None:
                await self._give_back(errand)
            raise
        else:
            self._away = 0
            await self._note("")
        return max(0.0, (self._rests_until - self._now()).total_seconds())

    async def move(self, new: int) -> None:
        """The group has another number now."""
        if new != self.chat:
            await asyncio.to_thread(self._records.move, self.chat, new)
            self._on_move(self.chat, new)
            self.chat = new
            self._tasks.clear()  # they answer messages that the new group does not have
            self._wake.set()

    def _next_task(self, now: datetime) -> Task | None:
        while self._tasks and now - self._tasks[0].asked > _ANSWERED_IN:
            self._tasks.popleft()
        return self._tasks[0] if self._tasks else None

    async def _next_errand(self, now: datetime) -> Errand | None:
        errands = await asyncio.to_thread(self._records.errands, self.chat, now)
        rank = self._clerk.rank
        return min(errands, key=lambda errand: (rank(errand), errand.number), default=None)

    def _waits_s(self, errand: Errand | None, now: datetime) -> float:
        if errand is None:
            return self._pace.wait_s(1, now, is_urgent=True)
        cost = self._clerk.cost(errand)
        return self._pace.wait_s(cost, now, is_urgent=self._clerk.rank(errand) <= 1) if cost else 0.0

    async def _do(self, task: Task | None, errand: Errand | None) -> None:
        if task is not None:
            await task.work(self.chat)
            self._drop(task)
            self._pace.spend(1, self._now())
        if errand is not None:
            took = await self._clerk.do(self.chat, errand)
            self._pace.spend(took, self._now())
            await asyncio.to_thread(self._records.done, errand)

    def _drop(self, task: Task | None) -> None:
        if self._tasks and self._tasks[0] is task:
            self._tasks.popleft()

    async def _hindered(self, task: Task | None, errand: Errand | None, fault: TelegramFault) -> None:
        if isinstance(fault, ChatMoved):
            await self.move(fault.new_id)
        elif isinstance(fault, TooFast):
            self._rest(fault.retry_after_s)
        elif isinstance(fault, TelegramRefused):
            self._drop(task)
            await self._refused(errand, fault.reason)
        elif isinstance(fault, BadToken):
            await self._note("bad_token")
            self._rest(_AWAY_S)
        else:
            self._away += 1
            self._rest(min(_AWAY_S, 2.0 ** min(self._away, 6)))

    async def _refused(self, errand: Errand | None, reason: Reason) -> None:
        _LOG.warning("admin chat: refused, %s", reason)
        if reason in _SHUT:
            await self._note(reason)
            self._tasks.clear()
            self._rest(_SHUT_S)
        elif errand is not None:
            await self._give_back(errand)

    async def _not_done(self, errand: Errand | None, error: TipError) -> None:
        """The desk could not be asked, or said no."""
        is_locked = isinstance(error, ActionRefused) and error.fields.get("reason") == "locked"
        if errand is None:
            return
        if is_locked:  # until somebody types the passphrase
            await asyncio.to_thread(
                self._records.later, errand, self._now() + timedelta(seconds=_LOCKED_S), is_try=False
            )
        elif isinstance(error, ActionRefused):
            await asyncio.to_thread(self._records.done, errand)
        else:
            self._rest(_STORE_S)

    async def _give_back(self, errand: Errand) -> None:
        if errand.tries >= _TRIES:
            await asyncio.to_thread(self._records.done, errand)
            return
        pause = min(_LONGEST, timedelta(seconds=2.0**errand.tries))
        await asyncio.to_thread(self._records.later, errand, self._now() + pause)

    def _rest(self, seconds: float) -> None:
        self._rests_until = self._now() + timedelta(seconds=seconds)

    async def _note(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            await asyncio.to_thread(self._records.note_state, self.chat, trouble=trouble)
