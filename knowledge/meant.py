"""
Did you mean: guides' sections to choose from where the gate refuses, and the other one of two that are close.

Only headings of sections that the asker may see. A heading is indexed as a way to ask for its section, so
that a choice, sent as a question, is answered: tests/golden/test_golden.py asks every one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.gate import Gate
    from knowledge.search import Found, Hit

CHOICES = 3


def choices(found: Found, gate: Gate) -> tuple[str, ...]:
    """
    What was perhaps meant by a question that is refused, likeliest first; nothing where no guide is near.

    How near is measured: `choices` in gate.toml.
    """
    if not found.guides:
        return ()
    first = found.guides[0]
    if gate.confidence(first, english=found.query.english) < gate.choices.near:
        return ()
    headings = (hit.passage.heading for hit in found.guides if first.score - hit.score <= gate.choices.behind)
    return tuple(dict.fromkeys(headings))[:CHOICES]


def other_of_two(found: Found, hit: Hit, gate: Gate) -> str:
    """
    The heading of the other section that may have been meant, where *hit* of a guide answers by a nose.

    "" where *hit* stands alone, or is of no guide.
    """
    if hit not in found.guides:
        return ""
    others = (item for item in found.guides if item.passage.heading != hit.passage.heading)
    other = next(others, None)
    if other is None or hit.score - other.score > gate.choices.close:
        return ""
    return other.passage.heading
