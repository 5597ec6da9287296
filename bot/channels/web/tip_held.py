"""How much of all visitors' sendings may be in memory at one moment, and how slowly one may come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

from bot.channels.web.reading import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL_LIMIT: Final = 1_000_000  # bytes of a sending that counts as words, perhaps with a small picture
SMALL_HELD_LIMIT: Final = 40_000_000  # bytes of all small ones: large ones cannot take it from them
LARGE_HELD_LIMIT: Final = 110_000_000  # bytes of all that are larger
SMALL_SECONDS: Final = 300.0  # for a sending to be whole, or to have grown large
WINDOW_SECONDS: Final = 60.0
LEAST_PER_SECOND: Final = 3_500  # bytes a large sending must bring, in every window from when it is large


class Held:
    """
    Counts the bytes of all sendings that are in memory, so that many at once cannot exhaust it.

    Small ones have a budget of their own: however many films are being sent, words get in.
    """

    def __init__(self, large_limit: int = LARGE_HELD_LIMIT, small_limit: int = SMALL_HELD_LIMIT) -> None:
        self._limits = {True: small_limit, False: large_limit}
        self._counts = {True: 0, False: 0}

    @property
    def count(self) -> int:
        """Bytes of all of them."""
        return sum(self._counts.values())

    def change(self, before: int, after: int) -> None:
        """
        A sending of *before* bytes has *after* bytes now; grown large, it counts among the large ones.

        Raises:
            Problem: Too many are sending at this moment; it still counts with *before*.
        """
        was_small, is_small = before <= SMALL_LIMIT, after <= SMALL_LIMIT
        others = self._counts[is_small] - (before if was_small == is_small else 0)
        if after > before and others + after > self._limits[is_small]:
            raise Problem("busy")
        self._counts[was_small] -= before
        self._counts[is_small] += after


class Share:
    """What one sending holds of `Held`."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._count = 0

    def hold(self, count: int) -> None:
        """It holds *count* bytes now; raises as `Held.change`."""
        self._held.change(self._count, count)
        self._count = count


class Flow:
    """Lets go of a sending that comes too slowly: it keeps memory from others, on purpose perhaps."""

    def __init__(self, clock: Callable[[], float] = anyio.current_time) -> None:
        self._clock = clock
        self._begun = self._since = clock()
        self._whole = self._count = 0

    def add(self, count: int) -> None:
        """
        *count* more bytes came.

        Raises:
            Problem: Small and not whole in its time, or large and too slow since the last window began.
        """
        now, was_small = self._clock(), self._whole <= SMALL_LIMIT
        self._whole += count
        self._count += count
        passed = now - self._since
        if self._whole <= SMALL_LIMIT:
            if now - self._begun > SMALL_SECONDS:
                raise Problem("slow")
        elif was_small:
            self._since, self._count = now, count
        elif passed >= WINDOW_SECONDS:
            if self._count < LEAST_PER_SECOND * passed:
                raise Problem("slow")
            self._since, self._count = now, 0
