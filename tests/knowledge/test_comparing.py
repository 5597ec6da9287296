"""Two evaluations side by side: paired question by question, and no more concluded than the pairs allow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from knowledge.answer import Answer, Status
from knowledge.comparing import BadEvaluationReport, NothingToCompare, check_report, compare
from knowledge.evaluation import Row, evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping

GOLD = frozenset({"a"})
RIGHT, WRONG, HELD = "right", "wrong", "held"


def report(ends: Mapping[str, str]) -> dict[str, Any]:
    """A report, through JSON, of answerable questions that end as named; folded alike."""
    rows = [Row(question=question, expect="answer", gold=GOLD) for question in ends]

    def ask(question: str, _: object) -> Answer:
        return Answer(status=Status.REFUSED if ends[question] == HELD else Status.ANSWERED, text="")

    def rank(question: str, _: object) -> list[frozenset[str]]:
        return [GOLD if ends[question] == RIGHT else frozenset({"b"})]

    read: dict[str, Any] = json.loads(json.dumps(evaluate(rows, ask, rank)))
    return read


def figure(first: dict[str, Any], second: dict[str, Any]) -> Any:
    """The measure of right answers, questions as they are."""
    found = compare(first, second).figures
    return next(item for item in found if (item.spelling, item.measure) == ("as_is", "answer"))


def test_six_questions_mended_and_none_lost_count_as_better() -> None:
    names = [f"c{n}" for n in range(10)]
    before = report(dict.fromkeys(names[:6], WRONG) | dict.fromkeys(names[6:], RIGHT))
    after = report(dict.fromkeys(names, RIGHT))
    found = figure(before, after)
    assert (found.first, found.second, found.total, found.gained, found.lost) == (4, 10, 10, 6, 0)
    assert found.probability == pytest.approx(2 / 64)
    assert found.judgement == "better"
    assert figure(after, before).judgement == "worse"


def test_five_mended_are_not_enough_to_conclude() -> None:
    names = [f"c{n}" for n in range(200)]
    before = report(dict.fromkeys(names[:5], HELD) | dict.fromkeys(names[5:], RIGHT))
    assert figure(before, report(dict.fromkeys(names, RIGHT))).judgement == "unsure"
    assert figure(before, before).judgement == "same"


def test_changes_are_told_the_worst_first() -> None:
    first = report({"x": RIGHT, "y": WRONG, "z": RIGHT, "w": WRONG})
    second = report({"x": RIGHT, "y": RIGHT, "z": HELD, "w": HELD})
    changes = [item for item in compare(first, second).changes if item.spelling == "as_is"]
    assert [(item.question, item.before, item.after, item.went) for item in changes] == [
        ("z", "right", "held_back", "worse"),
        ("y", "wrong", "right", "better"),
        ("w", "wrong", "held_back", ""),
    ]


def test_only_questions_of_both_are_compared() -> None:
    found = compare(report({"x": RIGHT, "y": RIGHT}), report({"y": WRONG, "z": RIGHT, "v": RIGHT}))
    assert (found.paired, found.only_first, found.only_second) == (1, 1, 2)
    with pytest.raises(NothingToCompare):
        compare(report({"x": RIGHT}), report({"y": RIGHT}))


def broken() -> list[object]:
    whole = report({"x": RIGHT})
    newer = whole | {"format": 99}
    bare = {**whole, "details": {"as_is": whole["details"]["as_is"]}}
    empty = json.loads(json.dumps(whole))
    empty["details"]["folded"]["outcomes"] = []
    mute = json.loads(json.dumps(whole))
    del mute["details"]["as_is"]["outcomes"][0]["verdict"]
    return [None, [], "x", 7, {}, {"format": 1}, {"format": 1, "details": []}, newer, bare, empty, mute]


@pytest.mark.parametrize("at", range(11))
def test_what_is_no_report_is_told_by_its_file(at: int) -> None:
    """Never by what stands in it."""
    with pytest.raises(BadEvaluationReport) as caught:
        check_report(broken()[at], "hai.json")
    assert caught.value.fields == {"file": "hai.json"}
