"""
Whether a document's word holds today: in force, changed since, over, still to come, only a draft.

From what it says of itself, from the documents that replace it, and from the register of laws. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from knowledge.authority import is_draft
from knowledge.law_register import law_register
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from knowledge.law_register import LawEntry
    from knowledge.model import DocumentMeta
    from prompts.catalog import Language


class State(StrEnum):
    """What a document is today. The first four do not answer as current."""

    DRAFT = "draft"
    ENDED = "ended"
    NOT_YET = "not_yet"
    DOUBTFUL = "doubtful"  # answers, with the doubt said
    AMENDED = "amended"
    IN_FORCE = "in_force"
    UNKNOWN = "unknown"  # nobody looked it up


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    What a document is today, and why.

    `day` is when it ended, or from when on it holds. `by` are the texts that replaced, amended or touch
    it. `parent` is the law it carries out, where that law is over since `parent_day`.
    """

    state: State
    number: str = ""
    day: date | None = None
    by: tuple[str, ...] = ()
    parent: str = ""
    parent_day: date | None = None


def standing_of(meta: DocumentMeta, today: date, newer: Sequence[DocumentMeta] = ()) -> Standing:
    """How *meta* stands on *today*; *newer* are documents that say that they replace it."""
    entry = law_register().find(meta.number) if meta.number else None
    if is_draft(meta):
        return Standing(state=State.DRAFT, number=meta.number)
    in_force = [item for item in newer if item.effective is None or item.effective <= today]
    gone = meta.expires is not None and meta.expires < today
    if meta.expires is None and meta.replaced_by:
        gone = True
    if gone or in_force or (entry is not None and entry.is_over(today)):
        days = [meta.expires + timedelta(days=1) if meta.expires else None]
        days += [entry.ended if entry else None, *(item.effective for item in in_force)]
        by = (*meta.replaced_by, *(item.number for item in in_force), *(entry.replaced_by if entry else ()))
        day = next((day for day in days if day and day <= today), None)
        return Standing(state=State.ENDED, number=meta.number, day=day, by=_once(by))
    effective = meta.effective or (entry.effective if entry else None)
    if effective is not None and effective > today:
        return Standing(state=State.NOT_YET, number=meta.number, day=effective)
    if entry is None:
        return Standing(state=State.UNKNOWN, number=meta.number, day=effective)
    return _of_entry(entry, today, effective)


def standing_of_entry(entry: LawEntry, today: date) -> Standing:
    """How a text of the register stands on *today*."""
    if entry.is_over(today):
        return Standing(state=State.ENDED, number=entry.number, day=entry.ended, by=entry.replaced_by)
    if entry.effective is not None and entry.effective > today:
        return Standing(state=State.NOT_YET, number=entry.number, day=entry.effective)
    return _of_entry(entry, today, entry.effective)


def told(standing: Standing, language: Language) -> str:
    """*standing* in one or two sentences; "" where there is nothing to say."""
    key = f"ask.standing_{standing.state.value}"
    fields = {
        "number": standing.number or say("ask.standing_this", language),
        "date": f"{standing.day:%d/%m/%Y}" if standing.day else "",
        "by": ", ".join(standing.by),
        "parent": standing.parent,
        "parent_date": f"{standing.parent_day:%d/%m/%Y}" if standing.parent_day else "",
    }
    if standing.state is State.UNKNOWN:
        return ""
    if standing.state is State.IN_FORCE and standing.day is None:
        return say(f"{key}_undated", language, **fields)
    if standing.state is State.ENDED:
        first = say(key if standing.day else f"{key}_undated", language, **fields)
        return f"{first} {say('ask.standing_replaced', language, **fields)}" if standing.by else first
    if standing.state is State.DOUBTFUL and standing.parent:
        key = f"{key}_parent" if standing.by else f"{key}_parent_alone"
    return say(key, language, **fields)


def _of_entry(entry: LawEntry, today: date, effective: date | None) -> Standing:
    parent = law_register().find(entry.details) if entry.details else None
    if parent is not None and parent.is_over(today):
        by = _once((*parent.replaced_by, *entry.see))
        return Standing(
            state=State.DOUBTFUL,
            number=entry.number,
            day=effective,
            by=by,
            parent=parent.number,
            parent_day=parent.ended,
        )
    if entry.status == "doubtful" and entry.see:
        return Standing(state=State.DOUBTFUL, number=entry.number, day=effective, by=entry.see)
    if entry.status == "amended":
        return Standing(state=State.AMENDED, number=entry.number, day=effective, by=entry.amended_by)
    state = State.IN_FORCE if entry.status == "in_force" else State.UNKNOWN
    return Standing(state=state, number=entry.number, day=effective)


def _once(numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for number in numbers if number))
