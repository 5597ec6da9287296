"""The figures of an evaluation, against an example worked by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

from knowledge.answer import Status
from knowledge.evaluation import BadEvaluationRow, Row, evaluate, read_rows
from knowledge.model import Audience
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from knowledge.evaluation import Expectation

ANSWERED, REFUSED, DANGER = Status.ANSWERED, Status.REFUSED, Status.DANGER
#        question  expected  gold           style       ends      candidates, best first
EXAMPLE = [
    ("câu một", "answer", {"a"}, "plain", ANSWERED, [{"a"}, {"b"}]),
    ("câu hai", "answer", {"a", "b"}, "plain", ANSWERED, [{"c"}, {"b", "x"}, {"a"}]),
    ("câu ba", "answer", {"a"}, "typo", REFUSED, [{"a"}]),
    ("câu bốn", "answer", {"a", "z"}, "typo", ANSWERED, [{f"c{n}"} for n in range(6)] + [{"a"}]),
    ("câu năm", "answer", {"a"}, "", ANSWERED, [{f"c{n}"} for n in range(10)] + [{"a"}]),
    ("câu sáu", "refuse", set(), "", REFUSED, [{"a"}]),
    ("câu bảy", "refuse", set(), "", ANSWERED, [{"a"}]),
    ("câu tám", "danger", set(), "", DANGER, []),
    ("câu chín", "danger", set(), "", REFUSED, []),
    ("câu mười", "answer", set(), "", DANGER, [{"a"}]),
]
ROWS = [
    Row(question=q, expect=cast("Expectation", e), gold=frozenset(g), style=s) for q, e, g, s, _, _ in EXAMPLE
]


def ask(question: str, _: Audience) -> Status:
    return next((ends for asked, *_, ends, _ in EXAMPLE if asked == question), REFUSED)


def rank(question: str, _: Audience) -> list[frozenset[str]]:
    return next((list(map(frozenset, found)) for asked, *_, found in EXAMPLE if asked == question), [])


def test_the_figures_are_those_worked_out_by_hand() -> None:
    """Five rows are answerable and name gold; gold stands at places 1, 2, 1, 7 and 11 (too deep)."""
    report = evaluate(ROWS, ask, rank)
    assert report["rows"] == 10
    figures = report["as_is"]
    assert figures["answerable"] == 5
    assert figures["hit@1"] == pytest.approx(2 / 5)
    assert figures["hit@5"] == pytest.approx(3 / 5)
    assert figures["recall@10"] == pytest.approx((1 + 1 + 1 + 0.5 + 0) / 5)
    assert figures["MRR@10"] == pytest.approx((1 + 1 / 2 + 1 + 1 / 7 + 0) / 5)
    assert figures["right_first"] == pytest.approx(1 / 5)  # the third was refused
    assert figures["abstention_recall"] == pytest.approx(1 / 2)
    assert figures["abstention_precision"] == pytest.approx(1 / 3)
    assert figures["danger_recall"] == pytest.approx(1 / 2)
    assert figures["danger_false_alarms"] == pytest.approx(1 / 8)


def test_figures_come_by_style_and_without_marks_too() -> None:
    report = evaluate(ROWS, ask, rank)
    assert set(report["as_is"]["by_style"]) == {"plain", "typo"}
    assert report["as_is"]["by_style"]["plain"]["hit@1"] == pytest.approx(1 / 2)
    assert report["as_is"]["by_style"]["typo"]["right_first"] == 0.0
    assert report["as_is"]["by_style"]["plain"]["danger_recall"] is None
    # The example knows no question without its marks: all are refused, and nothing is found.
    assert report["folded"]["hit@1"] == 0.0
    assert report["folded"]["abstention_recall"] == 1.0


def test_every_question_is_asked_as_it_is_and_folded_for_its_audience() -> None:
    seen: list[tuple[str, Audience]] = []
    reports: list[tuple[int, int]] = []

    def noting(question: str, audience: Audience) -> Status:
        seen.append((question, audience))
        return REFUSED

    rows = [Row(question="Đội tự quản?", expect="refuse", audience=Audience.MEMBER)]
    evaluate(rows, noting, rank, lambda *report: reports.append(report))
    assert seen == [("Đội tự quản?", Audience.MEMBER), (fold("Đội tự quản?"), Audience.MEMBER)]
    assert reports == [(1, 2), (2, 2)]


def test_no_rows_give_no_figures() -> None:
    figures = evaluate([], ask, rank)["as_is"]
    assert figures["answerable"] == 0
    assert {value for name, value in figures.items() if name not in {"answerable", "by_style"}} == {None}


def line(**changed: object) -> str:
    row = {"question": "Hỏi gì?", "expect": "answer", "gold": ["a"], "style": "plain", **changed}
    return json.dumps({name: value for name, value in row.items() if value is not ...})


def test_rows_are_read_from_json_lines() -> None:
    lines = [
        line(id="g1"),
        "  ",
        line(gold="35/2013/QH13+16", audience="member", style=...),
        line(gold=..., expect="refuse"),
    ]
    first, second, third = read_rows(lines)
    assert first == Row(question="Hỏi gì?", expect="answer", gold=frozenset({"a"}), style="plain")
    assert (second.gold, second.audience, second.style) == (
        frozenset({"35/2013/QH13+16"}),
        Audience.MEMBER,
        "",
    )
    assert (third.gold, third.expect) == (frozenset(), "refuse")


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ("{", "JSON"),
        ("[]", "question"),
        ('"chữ"', "question"),
        (line(question=...), "question"),
        (line(question=7), "question"),
        (line(expect=...), "expect"),
        (line(expect="maybe"), "expect"),
        (line(expect=["answer"]), "expect"),
        (line(gold=7), "gold"),
        (line(gold=None), "gold"),
        (line(audience="everybody"), "audience"),
        (line(audience=[]), "audience"),
    ],
)
def test_a_bad_row_is_told_by_line_and_field(bad: str, field: str) -> None:
    """Never by its words: a question may be somebody's."""
    with pytest.raises(BadEvaluationRow) as caught:
        read_rows([line(), "", bad, line()])
    assert caught.value.fields == {"line": "3", "field": field}
    assert "Hỏi gì?" not in str(caught.value)
