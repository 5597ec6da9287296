"""
Hears which questions had no answer, on the public side, and writes them down in batches.

What is remembered meanwhile, in memory only, is redacted already and knows nobody. Batches are what takes the
moment away: rows written one by one would tell in which order people asked, and when.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from knowledge.gaps.keeping import kept_of
from knowledge.gaps.model import GapsError, Note, Reason, oldest_week, week_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from knowledge.gaps.store import GapStore
    from knowledge.model import Audience

_LOG = logging.getLogger(__name__)
REMEMBERED: Final = timedelta(minutes=30)  # how long an answered question may still get a thumb down
_MOST_REMEMBERED: Final = 500
_MOST_NOTES: Final = 2_000  # waiting to be written; more is somebody hammering at us


@dataclass(frozen=True, slots=True)
class _Answered:
    """Questions that the same passages answered lately; `note` is None once there were two different ones."""

    note: Note | None
    until: datetime


class GapNotebook:
    """
    Notes gaps. Safe to share between threads; nothing here raises, for the answer matters more.

    Args:
        store: Where they go.
        now: The clock, with its zone.
        write_minutes: Between two batches; 0: at every call of `tick`.
        retention_days: After the end of its week, until a gap is forgotten.
    """

    def __init__(
        self, store: GapStore, *, now: Callable[[], datetime], write_minutes: float, retention_days: int
    ) -> None:
        self._store = store
        self._now = now
        self._every = timedelta(minutes=write_minutes)
        self._retention_days = retention_days
        self._lock = threading.Lock()
        self._notes: list[Note] = []
        self._answered: OrderedDict[tuple[str, ...], _Answered] = OrderedDict()
        self._next = now()
        self._forgotten = ""

    def refused(self, question: str, audience: Audience, previous: tuple[str, ...] = ()) -> None:
        """A question ended in a refusal."""
        if (note := _note_of(question, audience, previous, Reason.REFUSED)) is not None:
            self._keep(note)

    def answered(
        self, passages: Sequence[str], question: str, audience: Audience, previous: tuple[str, ...] = ()
    ) -> None:
        """A question was answered by *passages*: a thumb down for them may follow."""
        note = _note_of(question, audience, previous, Reason.THUMBS_DOWN)
        if note is None:
            return
        now, name = self._now(), tuple(passages)
        with self._lock:
            known = self._answered.pop(name, None)
            # Two people, or two questions: whose thumb it is cannot be told, and is not guessed.
            is_same = known is None or known.until <= now or known.note == note
            self._answered[name] = _Answered(note if is_same else None, now + REMEMBERED)
            while len(self._answered) > _MOST_REMEMBERED:
                self._answered.popitem(last=False)

    def disliked(self, passages: Sequence[str]) -> None:
        """Somebody put a thumb down for *passages*."""
        with self._lock:
            known = self._answered.pop(tuple(passages), None)
        if known is not None and known.note is not None and self._now() < known.until:
            self._keep(known.note)

    def tick(self) -> None:
        """Write what is due, and forget what is over. To be called every few seconds."""
        now = self._now()
        with self._lock:
            for name in [name for name, known in self._answered.items() if known.until <= now]:
                del self._answered[name]
        if now >= self._next:
            self.write()
            self._next = now + self._every
        oldest = oldest_week(now, self._retention_days)
        if oldest != self._forgotten:
            self._store.forget(oldest)
            self._forgotten = oldest

    def write(self) -> None:
        """Write everything that waits; what cannot be written waits on."""
        with self._lock:
            notes, self._notes = self._notes, []
        if not notes:
            return
        try:
            self._store.add(notes, week_of(self._now()))
        except GapsError as error:
            _LOG.warning("gaps: %s", error.code)
            with self._lock:
                self._notes = (notes + self._notes)[:_MOST_NOTES]

    def _keep(self, note: Note) -> None:
        with self._lock:
            if len(self._notes) < _MOST_NOTES:
                self._notes.append(note)


def _note_of(question: str, audience: Audience, previous: tuple[str, ...], reason: Reason) -> Note | None:
    try:
        text = kept_of(question, previous)
    except Exception as error:  # noqa: BLE001 - its words may quote the question
        _LOG.error("gaps: %s", type(error).__name__)
        return None
    return None if text is None else Note(text=text, audience=audience, reason=reason)
