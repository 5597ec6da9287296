"""Candidates of a search: which of them an audience may see today, and their passages, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from knowledge.model import Audience, Passage
    from knowledge.record.store import Record

_KEPT = 4_000  # passages kept in memory once read


class Candidates:
    """Asks the record about the numbers that a search found. Safe to share between threads."""

    def __init__(self, record: Record, today: Callable[[], date]) -> None:
        self._record = record
        self._today = today
        self._read: dict[int, Passage] = {}
        self._sections: dict[int, tuple[str, ...]] = {}

    def current(self, scores: Mapping[int, float], audience: Audience, limit: int) -> list[Passage]:
        """The best *limit* by score; the record is asked each time who may see what and what is in force."""
        order = sorted(scores, key=lambda number: -scores[number])
        kept: list[int] = []
        for start in range(0, len(order), step := limit + limit // 2):
            part = order[start : start + step]
            allowed = self._record.visible(part, audience.visible, self._today())
            kept += [number for number in part if number in allowed]
            if len(kept) >= limit:
                break
        return self.passages(kept[:limit], audience)

    def passages(self, numbers: Sequence[int], audience: Audience) -> list[Passage]:
        """The passages of *numbers* that *audience* may see, in force or not, in that order."""
        missing = list(dict.fromkeys(number for number in numbers if number not in self._read))
        if len(self._read) + len(missing) > _KEPT:
            self._read.clear()
            missing = list(dict.fromkeys(numbers))
        # A stored passage never changes and its number is never used again.
        self._read.update(self._record.passages(missing, audience.visible) if missing else {})
        return [self._read[number] for number in numbers if number in self._read]

    def sections(self, passages: Sequence[Passage], audience: Audience) -> dict[int, tuple[str, ...]]:
        """By id, the texts of the section of each of *passages*; its own where there is no more."""
        missing = [passage.id for passage in passages if passage.id not in self._sections]
        if len(self._sections) + len(missing) > _KEPT:
            self._sections.clear()
            missing = [passage.id for passage in passages]
        self._sections.update(self._record.sections(missing, audience.visible) if missing else {})
        return {passage.id: self._sections.get(passage.id, (passage.text,)) for passage in passages}
