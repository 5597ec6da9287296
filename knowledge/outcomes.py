"""What happened to one question of an evaluation, and whether that was well. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from knowledge.answer import Status
from knowledge.model import Audience

if TYPE_CHECKING:
    from knowledge.answer import Answer
    from knowledge.evaluation import Row

# right: as expected. wrong: answered from another place than gold. held_back: refused although answerable.
# made_up: answered although nothing answers it. missed: danger not heard. alarm: danger heard in none.
# unjudged: a question that only has to raise no alarm, and raised none.
Verdict = Literal["right", "wrong", "held_back", "made_up", "missed", "alarm", "unjudged"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
WELL: frozenset[Verdict] = frozenset(("right", "unjudged"))
_TEXT_LIMIT = 240  # characters of an answer kept, to be recognised


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What happened to one row.

    `asked` is the question in the spelling it was asked in, `places` are those of gold among the first ten
    candidates (from 1), `found` counts the different gold ids among them.
    """

    row: Row
    asked: str
    answer: Answer
    places: tuple[int, ...] = ()
    found: int = 0

    @property
    def status(self) -> Status:
        """How the question ended."""
        return self.answer.status

    @property
    def right_first(self) -> bool:
        """Whether it was answered, and from gold."""
        return self.status is Status.ANSWERED and 1 in self.places

    @property
    def is_ranked(self) -> bool:
        """Whether the row says which passage answers."""
        return self.row.expect == "answer" and bool(self.row.gold)

    @property
    def verdict(self) -> Verdict:
        """Whether it ended well, and if not, how."""
        if self.row.expect == "danger":
            return "right" if self.status is Status.DANGER else "missed"
        if self.status is Status.DANGER:
            return "alarm"
        if self.row.expect == "refuse":
            return "right" if self.status is Status.REFUSED else "made_up"
        if not self.row.gold:
            return "unjudged"
        if self.status is Status.REFUSED:
            return "held_back"
        return "right" if self.right_first else "wrong"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """
    One outcome as plain values; see docs/evaluation.md.

    What was said to members or officers is left out: a report travels further than its reader.
    """
    row, answer = outcome.row, outcome.answer
    is_public = row.audience is Audience.PUBLIC
    first = answer.citations[0] if answer.citations and is_public else None
    return {
        "id": row.id,
        "question": row.question,
        "expect": row.expect,
        "judged": row.expect != "answer" or outcome.is_ranked,
        "gold": sorted(row.gold) if is_public else [],
        "style": row.style,
        "topic": row.topic,
        "audience": row.audience.value,
        "status": outcome.status.value,
        "verdict": outcome.verdict,
        "place": outcome.places[0] if outcome.places else None,
        "said": first.id if first else "",
        "source": ", ".join(part for part in (first.title, first.locator) if part) if first else "",
        "text": answer.text[:_TEXT_LIMIT] if is_public else "",
        "suggestions": list(answer.suggestions) if is_public else [],
        "confidence": answer.confidence,
        "ms": {
            "embed": round(answer.timings.embed, 3),
            "search": round(answer.timings.search, 3),
            "total": round(answer.timings.total, 3),
        },
    }
