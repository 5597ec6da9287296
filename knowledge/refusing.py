"""Says "I do not know" so that it helps, and "did you mean" where something else may have been meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.answer import Answer, Status
from knowledge.meant import CHOICES, choices, other_of_two
from prompts.catalog import text as say

if TYPE_CHECKING:
    from knowledge.gate import Gate
    from knowledge.search import Found, Hit
    from prompts.catalog import Language


def refusal(found: Found, gate: Gate, language: Language) -> Answer:
    """The refusal of what *found* was asked: the same whether or not a hidden document exists."""
    near = choices(found, gate)
    parts = [say("ask.refusal", language)]
    if near:
        parts.append(say("ask.refusal_near", language))
    elif found.elsewhere:
        parts.insert(1, say(f"elsewhere.{found.elsewhere}", language))
    return Answer(status=Status.REFUSED, text="\n\n".join(parts), suggestions=near)


def offering(answer: Answer, found: Found, hit: Hit, gate: Gate, language: Language) -> Answer:
    """*answer*, which *hit* gave; beside it the other section or article that may have been meant, if any."""
    meant = other_of_two(found, hit, gate)
    if meant is None or meant.passage.name in {citation.id for citation in answer.citations}:
        return answer
    other = meant.passage.heading
    text = "\n\n".join((answer.text, say("ask.perhaps_meant", language, heading=other)))
    rest = (question for question in answer.suggestions if question != other)
    return replace(answer, text=text, suggestions=(other, *rest)[:CHOICES])
