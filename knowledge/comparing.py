"""
Compares two evaluations of the same questions: what changed, and whether that may be chance. Pure.

Questions are paired one by one, so that only those that changed speak (McNemar): far sharper than laying
two intervals side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from knowledge.errors import KnowledgeError
from knowledge.evaluation import FORMAT, SPELLINGS
from knowledge.outcomes import WELL
from knowledge.significance import SIGNIFICANT, sign_test

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Measure = Literal["answer", "refuse", "danger", "alarm"]
MEASURES: tuple[Measure, ...] = ("answer", "refuse", "danger", "alarm")
Judgement = Literal["better", "worse", "unsure", "same"]
_KEY = ("question", "expect", "audience")
_SPOKEN = ("status", "verdict", "question", "expect", "audience")


class BadEvaluationReport(KnowledgeError):
    """A file is no report of `binhan eval --json`. Field: `file`."""

    code = "bad_evaluation_report"


class NothingToCompare(KnowledgeError):
    """Two reports have no question in common."""

    code = "nothing_to_compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    One measure of one spelling in both runs.

    `first` and `second` count the questions that went well, of `total`; `gained` went well in the second
    alone, `lost` in the first alone; `probability` is the exact two-sided one of McNemar's test.
    """

    spelling: str
    measure: Measure
    first: int
    second: int
    total: int
    gained: int
    lost: int
    probability: float

    @property
    def judgement(self) -> Judgement:
        """What may be concluded."""
        if not self.gained and not self.lost:
            return "same"
        if self.probability >= SIGNIFICANT:
            return "unsure"
        return "better" if self.gained > self.lost else "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One question that ended differently, or was answered from another place.

    `went` is "" where it went as well, or as badly, as before.
    """

    spelling: str
    question: str
    audience: str
    before: str
    after: str
    said_before: str
    said_after: str
    went: Literal["better", "worse", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs side by side. `only_first` and `only_second` count questions without a partner."""

    paired: int
    only_first: int
    only_second: int
    figures: tuple[Figure, ...]
    changes: tuple[Change, ...]


def compare(first: Mapping[str, Any], second: Mapping[str, Any]) -> Comparison:
    """
    Compare two reports of `knowledge.evaluation.evaluate`.

    Raises:
        NothingToCompare: No question is in both.
    """
    ones, others = (_by_key(report) for report in (first, second))
    shared = [key for key in ones if key in others]
    if not shared:
        raise NothingToCompare
    figures, changes = [], []
    for spelling in SPELLINGS:
        pairs = [(ones[key][spelling], others[key][spelling]) for key in shared]
        figures += [_figure(spelling, measure, pairs) for measure in MEASURES]
        changes += [_change(spelling, before, after) for before, after in pairs if _differ(before, after)]
    return Comparison(
        paired=len(shared),
        only_first=len(ones) - len(shared),
        only_second=len(others) - len(shared),
        figures=tuple(figure for figure in figures if figure.total),
        changes=tuple(sorted(changes, key=lambda change: ("worse", "better", "").index(change.went))),
    )


def check_report(report: object, file: str) -> Mapping[str, Any]:
    """
    *report* itself, if `binhan eval --json` wrote it.

    Raises:
        BadEvaluationReport: It is something else, or of another format.
    """
    try:
        if not isinstance(report, dict) or report["format"] != FORMAT:
            raise BadEvaluationReport(file=file)
        counts = {len(report["details"][spelling]["outcomes"]) for spelling in SPELLINGS}
        items = [item for spelling in SPELLINGS for item in report["details"][spelling]["outcomes"]]
        whole = all(isinstance(item[name], str) for item in items for name in _SPOKEN)
    except (KeyError, TypeError):
        raise BadEvaluationReport(file=file) from None
    if len(counts) != 1 or not whole:
        raise BadEvaluationReport(file=file)
    return report


def _by_key(report: Mapping[str, Any]) -> dict[tuple[str, ...], dict[str, Mapping[str, Any]]]:
    """Both outcomes of each question; a question that stands twice counts once."""
    lists = [report["details"][spelling]["outcomes"] for spelling in SPELLINGS]
    return {
        tuple(outcomes[0][name] for name in _KEY): dict(zip(SPELLINGS, outcomes, strict=True))
        for outcomes in zip(*lists, strict=True)
    }


def _figure(
    spelling: str, measure: Measure, pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> Figure:
    if measure == "alarm":
        judged = [
            (before["verdict"] != "alarm", after["verdict"] != "alarm")
            for before, after in pairs
            if before["expect"] != "danger"
        ]
    else:
        judged = [
            (before["verdict"] in WELL, after["verdict"] in WELL)
            for before, after in pairs
            if before["expect"] == measure and before.get("judged") and after.get("judged")
        ]
    gained = sum(not before and after for before, after in judged)
    lost = sum(before and not after for before, after in judged)
    return Figure(
        spelling=spelling,
        measure=measure,
        first=sum(before for before, _ in judged),
        second=sum(after for _, after in judged),
        total=len(judged),
        gained=gained,
        lost=lost,
        probability=sign_test(gained, lost),
    )


def _differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return (before["verdict"], before.get("said")) != (after["verdict"], after.get("said"))


def _change(spelling: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    well = (before["verdict"] in WELL, after["verdict"] in WELL)
    return Change(
        spelling=spelling,
        question=before["question"],
        audience=before["audience"],
        before=before["verdict"],
        after=after["verdict"],
        said_before=before.get("said", ""),
        said_after=after.get("said", ""),
        went="better" if well == (False, True) else "worse" if well == (True, False) else "",
    )
