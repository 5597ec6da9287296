"""
Did you mean: what to choose from where the gate refuses, and the other one where two could answer.

Only headings of what the asker may see: sections of guides, and articles of law. A heading of a guide is
indexed as a way to ask for its section, that of an article names article and law, so that a choice, sent as
a question, is answered: tests/golden/test_golden.py asks every one of the guides.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from knowledge.authority import is_draft

if TYPE_CHECKING:
    from knowledge.gate import Gate
    from knowledge.search import Found, Hit

CHOICES = 3
_ARTICLES = 2  # of them


def choices(found: Found, gate: Gate) -> tuple[str, ...]:
    """
    What was perhaps meant by a question that is refused; nothing where nothing is near.

    Articles and guides by turns, each likeliest first. How near is measured: `choices` in gate.toml.
    """
    guides, articles = _near_guides(found, gate), _articles(found, gate)[:_ARTICLES]
    by_turns = (hit for pair in zip_longest(articles, guides) for hit in pair if hit is not None)
    return tuple(dict.fromkeys(hit.passage.heading for hit in by_turns))[:CHOICES]


def other_of_two(found: Found, hit: Hit, gate: Gate) -> Hit | None:
    """
    What else may have been meant where *hit* answers: None where it stands alone.

    Beside a guide another one that is close behind, or an article unless the guide is sure; beside a document
    the guide that would have answered.
    """
    english = found.query.english
    if hit not in found.guides:
        return next((item for item in found.guides[:1] if gate.passes(item, english=english)), None)
    others = (item for item in found.guides if item.passage.heading != hit.passage.heading)
    other = next(others, None)
    if other is not None and hit.score - other.score <= gate.choices.close:
        return other
    if gate.confidence(hit, english=english) >= gate.choices.sure:
        return None
    return next(iter(_articles(found, gate)), None)


def _near_guides(found: Found, gate: Gate) -> list[Hit]:
    if not found.guides:
        return []
    first = found.guides[0]
    if gate.confidence(first, english=found.query.english) < gate.choices.near:
        return []
    return [hit for hit in found.guides if first.score - hit.score <= gate.choices.behind]


def _articles(found: Found, gate: Gate) -> list[Hit]:
    """The articles that are near enough, one passage of each. None for English: little tells them apart."""
    if found.query.english:
        return []
    near: dict[str, Hit] = {}
    for hit in found.documents:
        of_law = hit.passage.articles and hit.passage.heading and not is_draft(hit.passage.meta)
        if of_law and gate.confidence(hit, english=False) >= gate.choices.article:
            near.setdefault(hit.passage.heading, hit)
    return list(near.values())
