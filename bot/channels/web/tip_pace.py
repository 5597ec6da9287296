"""Slows the looking-up of receipts down for all together, since nobody is known one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

from bot.channels.web.reading import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

LOOKUPS_PER_SECOND: Final = 10.0
LOOKUPS_AT_ONCE: Final = 60
LONGEST_WAIT_S: Final = 30.0


class Pace:
    """
    One token bucket for everybody: it delays and hardly ever refuses.

    Nothing is kept about an address. Guessing 80 random bits is hopeless at any speed; this only keeps
    guessers from taking the machine away from others.
    """

    def __init__(
        self,
        per_second: float = LOOKUPS_PER_SECOND,
        at_once: int = LOOKUPS_AT_ONCE,
        clock: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._per_second = per_second
        self._at_once = at_once
        self._clock = clock
        self._left = float(at_once)
        self._when: float | None = None

    async def wait(self) -> None:
        """
        Return when it is this call's turn.

        Raises:
            Problem: The line is longer than half a minute.
        """
        now = self._clock()
        passed = 0.0 if self._when is None else now - self._when
        self._when = now
        self._left = min(self._at_once, self._left + passed * self._per_second)
        delay = (1.0 - self._left) / self._per_second
        if delay > LONGEST_WAIT_S:
            raise Problem("busy")
        self._left -= 1.0
        if delay > 0:
            await anyio.sleep(delay)
