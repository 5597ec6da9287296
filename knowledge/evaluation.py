"""
Measures answers against questions with known outcomes: ranking, refusing, noticing danger.

Pure: takes a function that answers and one that ranks, returns figures.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from knowledge.answer import Status
from knowledge.beir import percentile
from knowledge.errors import KnowledgeError
from knowledge.model import Audience
from knowledge.outcomes import Outcome, as_json
from knowledge.significance import wilson
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from knowledge.answer import Answer

    Ask = Callable[[str, Audience], Answer]
    Rank = Callable[[str, Audience], Sequence[frozenset[str]]]

Expectation = Literal["answer", "refuse", "danger"]
FORMAT = 1  # of the JSON report: raised when an older reader would misread it
SPELLINGS: dict[str, Callable[[str], str]] = {"as_is": str, "folded": fold}
STEPS = ("embed", "search", "total")
_DEPTH = 10
_FIRST_FEW = 5


class BadEvaluationRow(KnowledgeError):
    """A row of an evaluation file cannot be read. Fields: `line`, `field`."""

    code = "bad_evaluation_row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One question and what should happen.

    `gold` holds ids such as `35/2013/QH13+16` (số hiệu + Điều) or `guide:hoa-giai#xin-hoa-giai`; a
    guide section matches an article it cites.
    """

    question: str
    expect: Expectation
    gold: frozenset[str] = frozenset()
    style: str = ""
    topic: str = ""
    id: str = ""
    audience: Audience = Audience.PUBLIC


def read_rows(lines: Iterable[str]) -> list[Row]:
    """
    The rows of a JSON Lines file; blank lines are passed over, unknown fields too.

    A row without an `id` gets the number of its line.

    Raises:
        BadEvaluationRow: A line is not such a row.
    """
    return [_read_row(line, number) for number, line in enumerate(lines, 1) if line.strip()]


def _read_row(line: str, number: int) -> Row:
    try:
        raw = json.loads(line)
    except ValueError:
        raise BadEvaluationRow(line=str(number), field="JSON") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("question"), str):
        raise BadEvaluationRow(line=str(number), field="question")
    if raw.get("expect") not in get_args(Expectation):
        raise BadEvaluationRow(line=str(number), field="expect")
    gold = raw.get("gold", [])
    if not isinstance(gold, str | list):
        raise BadEvaluationRow(line=str(number), field="gold")
    try:
        audience = Audience(raw.get("audience", "public"))
    except ValueError:
        raise BadEvaluationRow(line=str(number), field="audience") from None
    return Row(
        question=raw["question"],
        expect=raw["expect"],
        gold=frozenset([gold] if isinstance(gold, str) else map(str, gold)),
        style=str(raw.get("style", "")),
        topic=str(raw.get("topic", "")),
        id=str(raw.get("id", number)),
        audience=audience,
    )


def evaluate(
    rows: Sequence[Row], ask: Ask, rank: Rank, on_progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """
    Every figure, for the questions as they are and with their diacritics taken off.

    Args:
        rows: The questions.
        ask: How a question ends.
        rank: The candidates for a question, best first, each as the set of ids it answers to.
        on_progress: Called with (questions done, questions in all).

    Returns:
        A report as docs/evaluation.md describes it; `details` holds what happened to every question.
    """
    report: dict[str, Any] = {"format": FORMAT, "rows": len(rows)}
    details: dict[str, Any] = {}
    for at, (name, spell) in enumerate(SPELLINGS.items()):
        outcomes = []
        for done, row in enumerate(rows, 1):
            outcomes.append(_run(row, spell(row.question), ask, rank))
            if on_progress:
                on_progress(at * len(rows) + done, len(SPELLINGS) * len(rows))
        report[name] = summarise(outcomes) | {"by_style": _grouped(outcomes, "style", summarise)}
        details[name] = {
            "counts": counts(outcomes),
            "intervals": intervals(counts(outcomes)),
            "by_style": _grouped(outcomes, "style", counts),
            "by_topic": _grouped(outcomes, "topic", counts),
            "ms": _latency(outcomes),
            "outcomes": [as_json(item) for item in outcomes],
        }
    return report | {"details": details}


def _run(row: Row, question: str, ask: Ask, rank: Rank) -> Outcome:
    answer = ask(question, row.audience)
    ranked = rank(question, row.audience)[:_DEPTH] if row.expect == "answer" and row.gold else []
    places = tuple(place for place, ids in enumerate(ranked, 1) if ids & row.gold)
    found = len(row.gold & frozenset[str]().union(*ranked)) if ranked else 0
    return Outcome(row=row, asked=question, answer=answer, places=places, found=found)


def counts(outcomes: Sequence[Outcome]) -> dict[str, list[int]]:
    """Every share as [how often it held, of how many]; [0, 0] where no row speaks."""
    ranked = [item for item in outcomes if item.is_ranked]
    refused = [item for item in outcomes if item.status is Status.REFUSED]
    to_refuse = [item for item in outcomes if item.row.expect == "refuse"]
    in_danger = [item for item in outcomes if item.row.expect == "danger"]
    not_danger = [item for item in outcomes if item.row.expect != "danger"]
    return {
        "hit@1": _count(ranked, lambda item: 1 in item.places),
        "hit@5": _count(ranked, lambda item: any(place <= _FIRST_FEW for place in item.places)),
        "right_first": _count(ranked, lambda item: item.right_first),
        "abstention_precision": _count(refused, lambda item: item.row.expect == "refuse"),
        "abstention_recall": _count(to_refuse, lambda item: item.status is Status.REFUSED),
        "danger_recall": _count(in_danger, lambda item: item.status is Status.DANGER),
        "danger_false_alarms": _count(not_danger, lambda item: item.status is Status.DANGER),
    }


def intervals(counted: Mapping[str, Sequence[int]]) -> dict[str, list[float] | None]:
    """The 95 % interval of each share, None where no row speaks."""
    return {name: list(wilson(hits, total)) if total else None for name, (hits, total) in counted.items()}


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """
    Ranking over rows that expect an answer and name gold; refusing and danger over all rows.

    `right_first` counts rows that were answered and whose first candidate is gold. A figure without
    rows to stand on is None.
    """
    ranked = [item for item in outcomes if item.is_ranked]
    shares = {name: hits / total if total else None for name, (hits, total) in counts(outcomes).items()}
    return {
        "answerable": len(ranked),
        "hit@1": shares.pop("hit@1"),
        "hit@5": shares.pop("hit@5"),
        "recall@10": _mean([item.found / len(item.row.gold) for item in ranked]),
        "MRR@10": _mean([1 / item.places[0] if item.places else 0.0 for item in ranked]),
        **shares,
    }


def _grouped(
    outcomes: Sequence[Outcome], field: str, figures: Callable[[Sequence[Outcome]], dict[str, Any]]
) -> dict[str, Any]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for item in outcomes:
        if name := getattr(item.row, field):
            groups[name].append(item)
    return {name: figures(group) for name, group in sorted(groups.items())}


def _latency(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Milliseconds of each step, p50 and p95, over the questions that were searched for."""
    timed = [item.answer.timings for item in outcomes if item.status is not Status.DANGER]
    return {
        step: {
            f"p{share}": percentile([getattr(item, step) for item in timed], share / 100)
            for share in (50, 95)
        }
        for step in STEPS
    }


def _count(items: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> list[int]:
    return [sum(map(holds, items)), len(items)]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
