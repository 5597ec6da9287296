"""
What a model and a prompt are worth on questions with known outcomes. Pure: counts, no texts.

Beside the figures of every evaluation: how often the model's own words were shown, what the checks let
through, whether refusals stayed refusals, what it cost in tokens and money, and when the answer came.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from knowledge.answer import Status
from knowledge.beir import percentile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.answer import Answer
    from knowledge.evaluation import Row

_MILLION: Final = 1_000_000
COUNTS: Final = ("answered", "written", "claims_kept", "sources_right", "refusals_kept", "danger_kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Of a million tokens, in whatever money the operator reckons in."""

    read: float = 0.0
    written: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of an evaluation and how it ended."""

    row: Row
    answer: Answer


def model_figures(asked: Sequence[Asked], name: str, prompt: str, prices: Prices) -> dict[str, Any]:
    """
    The figures of one model with one prompt.

    Returns:
        `counts`: by name of `COUNTS`, [how often, of how many]; `outcomes`: how often the model's part ended
        how; `tokens` read and written; `cost` of all questions together, in the money of *prices*; `ms`: p50
        and p95 of whole answers, and of the model's share of those that asked it.
    """
    uses = [item.answer.model for item in asked if item.answer.model is not None]
    read, written = sum(use.tokens_in for use in uses), sum(use.tokens_out for use in uses)
    total = [item.answer.timings.total for item in asked if item.answer.status is not Status.DANGER]
    return {
        "name": name,
        "prompt": prompt,
        "asked": len(asked),
        "counts": _counts(asked),
        "outcomes": dict(sorted(Counter(use.outcome for use in uses).items())),
        "tokens": {"read": read, "written": written},
        "cost": round((read * prices.read + written * prices.written) / _MILLION, 6),
        "ms": {"total": _spread(total), "model": _spread([use.ms for use in uses if use.ms])},
    }


def _counts(asked: Sequence[Asked]) -> dict[str, list[int]]:
    answerable = [item for item in asked if item.row.expect == "answer" and item.row.gold]
    fluent = [item for item in asked if item.answer.kind == "model"]
    judged = [item for item in fluent if item.row.gold]
    uses = [item.answer.model for item in asked if item.answer.model]
    claims = sum(use.claims for use in uses)
    sources = [
        bool({cited.id, cited.id.partition("#")[0], *cited.articles} & item.row.gold)
        for item in judged
        for cited in item.answer.citations
    ]
    return {
        "answered": [sum(item.answer.status is Status.ANSWERED for item in answerable), len(answerable)],
        "written": [len([item for item in answerable if item.answer.kind == "model"]), len(answerable)],
        "claims_kept": [claims - sum(use.dropped for use in uses), claims],
        "sources_right": [sum(sources), len(sources)],
        "refusals_kept": _kept(asked, "refuse", Status.REFUSED),
        "danger_kept": _kept(asked, "danger", Status.DANGER),
    }


def _kept(asked: Sequence[Asked], expect: str, status: Status) -> list[int]:
    rows = [item for item in asked if item.row.expect == expect]
    return [sum(item.answer.status is status for item in rows), len(rows)]


def _spread(values: Sequence[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {"p50": round(percentile(values, 0.5), 1), "p95": round(percentile(values, 0.95), 1)}
