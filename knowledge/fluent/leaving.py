"""
Decides what may leave this machine for a language model, before anything does. Pure.

Everything a prompt holds of a person's words or of a document goes through `Leaving`. In doubt nothing
leaves: the answer without a model is always there. What reports something, tells of danger, or scolds never
leaves, whomever the endpoint belongs to; nor what is written in a language of which our readers could not
tell whether it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from knowledge.gaps.keeping import kept_of
from knowledge.gaps.redaction import redact
from knowledge.intent import Intent, looks_like_tip, read_intent
from knowledge.intent_scores import shipped_table
from knowledge.text.english import is_readable
from knowledge.text.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.model import Audience, Passage

LONGEST: Final = 500  # characters of a question; longer is a story
_SENDABLE: Final = frozenset((Intent.QUESTION, Intent.FOLLOW_UP, Intent.OUT_OF_SCOPE))
_EARLIER: Final = 2  # turns that may go along
# How likely a message may be a report, a cry for help or abuse, to be sent all the same. Lower than where the
# answering side hears one: 85 of 100 answerable questions stay below it (docs/decisions/0034).
_DOUBT: Final = 0.15
_NEVER: Final = ("report", "danger", "abuse")


class Asks(StrEnum):
    """Which questions may leave, and how."""

    STRICT = "strict"  # short questions that are nobody's case, redacted: what may be kept as a gap
    REDACTED = "redacted"  # every question, redacted
    TYPED = "typed"  # every question as typed: only for an endpoint of one's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """
    What one endpoint may be told.

    `shows` is the highest audience whose passages may be sent: what members may see, a stranger's machine
    may not.
    """

    asks: Asks
    shows: Audience

    def words(self, text: str) -> str | None:
        """What of *text*, a question or an earlier one, may be sent; None for nothing of it. Never raises."""
        if not is_readable(text, shorthand=frozenset(lexicon().abbreviations)):
            return None
        if looks_like_tip(text) or _perhaps(text) >= _DOUBT or read_intent(text, (text,)) not in _SENDABLE:
            return None
        if self.asks is Asks.STRICT:
            return kept_of(text)
        if len(text) > LONGEST:
            return None
        return (" ".join(text.split()) if self.asks is Asks.TYPED else redact(text)) or None

    def turns(self, previous: Sequence[str]) -> tuple[str, ...]:
        """What of the asker's earlier questions may go along, oldest first."""
        sent = (self.words(text) for text in previous[-_EARLIER:])
        return tuple(text for text in sent if text)

    def passages(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Those of *passages* whose words may be sent."""
        return tuple(passage for passage in passages if passage.meta.audience in self.shows.visible)


def _perhaps(text: str) -> float:
    likely = shipped_table().likely(text)
    return sum(likely[name] for name in _NEVER)
