"""
What changed between two editions of a document: its fields, and passage by passage with the words marked.

Pure. Passages are put in line by what they say, then by their anchors: an anchor may move when a paragraph
comes in before it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from difflib import SequenceMatcher
from enum import Enum
from typing import TYPE_CHECKING, Literal

from knowledge.model import DocumentMeta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.model import Passage, PassageDraft

_WORDS = re.compile(r"\s*\S+\s*$|\s*\S+|\s+$")
_ALIKE = 0.5  # share of words in common from which two texts are one that was changed
_ALIKE_ANCHORED = 0.25  # the same under one anchor: an article rewritten is still that article
_ANCHORED = 0.25  # what one anchor is worth among several alike
_PAIRED = 200  # unlike passages in a row that are compared each with each
_WORDS_COMPARED = 4_000  # of one passage; longer ones are shown whole


@dataclass(frozen=True, slots=True)
class Run:
    """Words with the blanks before them: same and added ones make the new text, same and removed the old."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageChange:
    """One passage that came, went or changed; place and heading are the new ones where there are."""

    kind: Literal["added", "removed", "changed"]
    anchor: str
    locator: str
    heading: str
    before: str
    after: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field of `DocumentMeta` with another value; "" for none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDiff:
    """Changes in the order of the newer edition, removed ones where they stood; how many passages stayed."""

    fields: tuple[FieldChange, ...]
    changes: tuple[PassageChange, ...]
    unchanged: int


def diff(
    before: Sequence[Passage | PassageDraft],
    after: Sequence[Passage | PassageDraft],
    before_meta: DocumentMeta | None = None,
    after_meta: DocumentMeta | None = None,
) -> VersionDiff:
    """What makes *after* out of *before*; fields only where both are given."""
    changes: list[PassageChange] = []
    unchanged = 0
    matcher = SequenceMatcher(None, [_said(item) for item in before], [_said(item) for item in after], False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            unchanged += last - first
        else:
            changes += _changes(before[first:last], after[start:end])
    told = _fields(before_meta, after_meta) if before_meta and after_meta else ()
    return VersionDiff(fields=told, changes=tuple(changes), unchanged=unchanged)


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """*before* and *after* as runs of words that stayed, went and came."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _WORDS_COMPARED:
        return tuple(run for run in (Run("removed", before), Run("added", after)) if run.text)
    runs: list[Run] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            runs.append(Run("same", "".join(old[first:last])))
            continue
        if first < last:
            runs.append(Run("removed", "".join(old[first:last])))
        if start < end:
            runs.append(Run("added", "".join(new[start:end])))
    return tuple(runs)


def _said(item: Passage | PassageDraft) -> tuple[str, str]:
    return item.heading, item.text


def _changes(
    before: Sequence[Passage | PassageDraft], after: Sequence[Passage | PassageDraft]
) -> list[PassageChange]:
    """One run of passages that differ: pairs that are one passage changed, and what only came or went."""
    partner = _pairs(before, after)
    told: list[PassageChange] = []
    gone = iter(at for at in range(len(before)) if at not in partner.values())
    waiting = next(gone, None)
    for at, item in enumerate(after):
        mate = partner.get(at)
        while waiting is not None and (mate is None or waiting < mate):
            told.append(_removed(before[waiting]))
            waiting = next(gone, None)
        told.append(_changed(before[mate], item) if mate is not None else _added(item))
    while waiting is not None:
        told.append(_removed(before[waiting]))
        waiting = next(gone, None)
    return told


def _pairs(
    before: Sequence[Passage | PassageDraft], after: Sequence[Passage | PassageDraft]
) -> dict[int, int]:
    """New place to old place: first the likest texts under one anchor, then the likest at all."""
    if len(before) > _PAIRED or len(after) > _PAIRED:
        known = {item.anchor: at for at, item in enumerate(before)}
        return {at: known[item.anchor] for at, item in enumerate(after) if item.anchor in known}
    bags = [Counter(item.text.split()) for item in before]
    rated: list[tuple[float, int, int]] = []
    for at, item in enumerate(after):
        bag = Counter(item.text.split())
        for mate, other in enumerate(bags):
            share = 2 * (bag & other).total() / max(1, bag.total() + other.total())
            is_anchored = item.anchor == before[mate].anchor
            if share >= (_ALIKE_ANCHORED if is_anchored else _ALIKE):
                rated.append((share + _ANCHORED * is_anchored, at, mate))
    partner: dict[int, int] = {}
    for _, at, mate in sorted(rated, key=lambda one: (-one[0], one[1], one[2])):
        if at not in partner and mate not in partner.values():
            partner[at] = mate
    return partner


def _added(item: Passage | PassageDraft) -> PassageChange:
    runs = (Run("added", item.text),) if item.text else ()
    return _told("added", item, before="", after=item.text, runs=runs)


def _removed(item: Passage | PassageDraft) -> PassageChange:
    runs = (Run("removed", item.text),) if item.text else ()
    return _told("removed", item, before=item.text, after="", runs=runs)


def _changed(old: Passage | PassageDraft, new: Passage | PassageDraft) -> PassageChange:
    return _told("changed", new, before=old.text, after=new.text, runs=word_runs(old.text, new.text))


def _told(
    kind: Literal["added", "removed", "changed"],
    item: Passage | PassageDraft,
    *,
    before: str,
    after: str,
    runs: tuple[Run, ...],
) -> PassageChange:
    return PassageChange(
        kind=kind,
        anchor=item.anchor,
        locator=item.locator,
        heading=item.heading,
        before=before,
        after=after,
        runs=runs,
    )


def _fields(before: DocumentMeta, after: DocumentMeta) -> tuple[FieldChange, ...]:
    pairs = [
        (item.name, _shown(getattr(before, item.name)), _shown(getattr(after, item.name)))
        for item in fields(DocumentMeta)
    ]
    return tuple(FieldChange(name=name, before=old, after=new) for name, old, new in pairs if old != new)


def _shown(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value or "")
