"""
What people are just writing, in memory and nowhere else.

A file here would tie a chat to a tip. Drafts go after 20 idle minutes and with the process.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE_S = 20 * 60.0
DRAFTS_LIMIT = 2_000
BYTES_LIMIT = 400_000_000  # of all files in all drafts
GONE_S = 2 * 60 * 60.0  # how long it is known that a handle had a draft, and nothing else of it

State = TypeVar("State")


@dataclass(slots=True)
class _Kept(Generic[State]):
    state: State
    size: int
    touched: float
    is_missed: bool


class Drafts(Generic[State]):
    """
    One state per opaque handle; a handle is the channel's, and says nothing of who it is.

    Not safe between threads: a channel uses it from its event loop alone. *seconds* only ever tells how
    long something lay idle; a clock that goes back makes drafts young, never lost.
    """

    def __init__(
        self,
        *,
        seconds: Callable[[], float] = time.monotonic,
        idle_s: float = IDLE_S,
        most: int = DRAFTS_LIMIT,
        most_bytes: int = BYTES_LIMIT,
    ) -> None:
        self._seconds = seconds
        self._idle_s = idle_s
        self._most = most
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, _Kept[State]] = OrderedDict()  # longest idle first
        self._gone: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        """How many drafts are held now."""
        self.sweep()
        return len(self._kept)

    def get(self, handle: str) -> State | None:
        """The draft of *handle*, or None."""
        self.sweep()
        kept = self._kept.get(handle)
        return None if kept is None else kept.state

    def put(self, handle: str, state: State, size: int = 0, *, is_missed: bool = True) -> bool:
        """
        Hold *state* for *handle*.

        Args:
            handle: Whose it is.
            state: The draft.
            size: Bytes of its files.
            is_missed: False where nothing is lost by its going: `take_gone` then tells of none.

        Returns:
            False where there is no room; what was held before is then still held.
        """
        self.sweep()
        if not self.has_room(handle, size):
            return False
        self._kept.pop(handle, None)
        self._kept[handle] = _Kept(state, size, self._seconds(), is_missed)
        self._gone.pop(handle, None)
        return True

    def has_room(self, handle: str, size: int) -> bool:
        """Whether a draft of *size* bytes of files fits, in place of the one of *handle*."""
        others = [kept for name, kept in self._kept.items() if name != handle]
        held = sum(kept.size for kept in others)
        return len(others) < self._most and (size == 0 or held + size <= self._most_bytes)

    def drop(self, handle: str) -> None:
        """Forget the draft of *handle*, and that there was one."""
        self._kept.pop(handle, None)
        self._gone.pop(handle, None)

    def take_gone(self, handle: str) -> bool:
        """Whether a draft of *handle* went for lying idle; told once."""
        self.sweep()
        return self._gone.pop(handle, None) is not None

    def sweep(self) -> None:
        """Let go what lay idle too long. Call it once a minute where nobody writes."""
        now = self._seconds()
        for handle, kept in list(self._kept.items()):
            kept.touched = min(kept.touched, now)  # the clock went back
            if now - kept.touched >= self._idle_s:
                del self._kept[handle]
                if kept.is_missed:
                    self._gone[handle] = now
        for handle, since in list(self._gone.items()):
            if not 0 <= now - since < GONE_S or len(self._gone) > self._most:
                del self._gone[handle]
