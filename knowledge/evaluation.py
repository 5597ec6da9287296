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
from knowledge.errors import KnowledgeError
from knowledge.model import Audience
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Expectation = Literal["answer", "refuse", "danger"]
_DEPTH = 10


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
    audience: Audience = Audience.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happened to one row: its status, and the places of gold among the ranked candidates."""

    row: Row
    status: Status
    places: tuple[int, ...]  # 1-based, of the candidates that are gold
    found: int  # how many different gold ids stand among the first ten


def read_rows(lines: Iterable[str]) -> list[Row]:
    """
    The rows of a JSON Lines file; blank lines are passed over, unknown fields too.

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
        audience=audience,
    )


def evaluate(
    rows: Sequence[Row],
    ask: Callable[[str, Audience], Status],
    rank: Callable[[str, Audience], Sequence[frozenset[str]]],
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """
    Every figure, for the questions as they are and with their diacritics taken off.

    Args:
        rows: The questions.
        ask: How a question ends.
        rank: The candidates for a question, best first, each as the set of ids it answers to.
        on_progress: Called with (questions done, questions in all).
    """
    spellings: dict[str, Callable[[str], str]] = {"as_is": str, "folded": fold}
    report: dict[str, Any] = {"rows": len(rows)}
    for at, (name, spell) in enumerate(spellings.items()):
        outcomes = []
        for done, row in enumerate(rows, 1):
            outcomes.append(_run(row, spell(row.question), ask, rank))
            if on_progress:
                on_progress(at * len(rows) + done, len(spellings) * len(rows))
        report[name] = summarise(outcomes) | {"by_style": _by_style(outcomes)}
    return report


def _run(
    row: Row,
    question: str,
    ask: Callable[[str, Audience], Status],
    rank: Callable[[str, Audience], Sequence[frozenset[str]]],
) -> Outcome:
    status = ask(question, row.audience)
    ranked = rank(question, row.audience)[:_DEPTH] if row.expect == "answer" and row.gold else []
    places = tuple(place for place, ids in enumerate(ranked, 1) if ids & row.gold)
    found = len(row.gold & frozenset[str]().union(*ranked)) if ranked else 0
    return Outcome(row=row, status=status, places=places, found=found)


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """
    Ranking over rows that expect an answer and name gold; refusing and danger over all rows.

    `right_first` counts rows that were answered and whose first candidate is gold. A figure without
    rows to stand on is None.
    """
    ranked = [item for item in outcomes if item.row.expect == "answer" and item.row.gold]
    refused = [item for item in outcomes if item.status is Status.REFUSED]
    to_refuse = [item for item in outcomes if item.row.expect == "refuse"]
    in_danger = [item for item in outcomes if item.row.expect == "danger"]
    not_danger = [item for item in outcomes if item.row.expect != "danger"]
    return {
        "answerable": len(ranked),
        "hit@1": _share(ranked, lambda item: 1 in item.places),
        "hit@5": _share(ranked, lambda item: any(place <= 5 for place in item.places)),  # noqa: PLR2004
        "recall@10": _mean([item.found / len(item.row.gold) for item in ranked]),
        "MRR@10": _mean([1 / item.places[0] if item.places else 0.0 for item in ranked]),
        "right_first": _share(ranked, lambda item: item.status is Status.ANSWERED and 1 in item.places),
        "abstention_precision": _share(refused, lambda item: item.row.expect == "refuse"),
        "abstention_recall": _share(to_refuse, lambda item: item.status is Status.REFUSED),
        "danger_recall": _share(in_danger, lambda item: item.status is Status.DANGER),
        "danger_false_alarms": _share(not_danger, lambda item: item.status is Status.DANGER),
    }


def _by_style(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for item in outcomes:
        if item.row.style:
            groups[item.row.style].append(item)
    return {style: summarise(group) for style, group in sorted(groups.items())}


def _share(items: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> float | None:
    return _mean([float(holds(item)) for item in items])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
