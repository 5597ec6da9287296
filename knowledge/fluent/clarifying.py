"""
Asks back where a question fits several guides: which of these is meant? The choices are buttons.

Without a model the gate says when: a question of a few words that two guides answer equally well. A model may
say so too, by naming passages (`Draft.clarify`); the question is ours either way, its choices are headings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.answer import Answer, Status
from knowledge.meant import CHOICES
from knowledge.text.folding import syllables
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.gate import Gate
    from knowledge.model import Passage
    from knowledge.search import Found, Hit
    from prompts.catalog import Language

FEW_WORDS: Final = 3  # syllables of a question that may mean several things


def torn_between(question: str, found: Found, hit: Hit, gate: Gate) -> tuple[str, ...]:
    """
    The headings between which the asker has to choose, likeliest first; none where *hit* answers.

    Args:
        question: As typed.
        found: What was searched; only what the asker may see.
        hit: What would answer.
        gate: How close is close (`Choices.close`), and what is evidence enough.
    """
    if hit not in found.guides or len(syllables(question)) > FEW_WORDS:
        return ()
    english = found.query.english
    close = [
        item
        for item in found.guides
        if hit.score - item.score <= gate.choices.close and gate.passes(item, english=english)
    ]
    if len({item.passage.meta.key for item in close}) < 2:  # noqa: PLR2004 - two guides; one tells its own sections
        return ()
    return _headings(item.passage for item in close)


def asking_back(passages: Sequence[Passage], language: Language) -> Answer | None:
    """The question which of *passages* is meant; None where fewer than two have a name to choose by."""
    return which_of(_headings(passages), language)


def which_of(choices: Sequence[str], language: Language) -> Answer | None:
    """The question which of *choices* is meant, each of them a question that is answered when sent."""
    if len(choices) < 2:  # noqa: PLR2004 - nothing to choose from
        return None
    return Answer(status=Status.ANSWERED, text=say("ask.which_of", language), suggestions=tuple(choices))


def _headings(passages: Iterable[Passage]) -> tuple[str, ...]:
    named = (passage.heading for passage in passages if passage.questions)
    return tuple(dict.fromkeys(filter(None, named)))[:CHOICES]
