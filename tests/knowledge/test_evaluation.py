"""The figures of an evaluation, against an example worked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from knowledge.answer import Answer, Citation, Status, Timings
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


def ask(question: str, _: Audience) -> Answer:
    return Answer(
        status=next((ends for asked, *_, ends, _ in EXAMPLE if asked == question), REFUSED), text=""
    )


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

    def noting(question: str, audience: Audience) -> Answer:
        seen.append((question, audience))
        return Answer(status=REFUSED, text="")

    rows = [Row(question="Đội tự quản?", expect="refuse", audience=Audience.MEMBER)]
    evaluate(rows, noting, rank, lambda *report: reports.append(report))
    assert seen == [("Đội tự quản?", Audience.MEMBER), (fold("Đội tự quản?"), Audience.MEMBER)]
    assert reports == [(1, 2), (2, 2)]


def test_no_rows_give_no_figures() -> None:
    figures = evaluate([], ask, rank)["as_is"]
    assert figures["answerable"] == 0
    assert {value for name, value in figures.items() if name not in {"answerable", "by_style"}} == {None}


def test_every_share_comes_with_its_counts_and_its_interval() -> None:
    detail = evaluate(ROWS, ask, rank)["details"]["as_is"]
    assert detail["counts"]["right_first"] == [1, 5]
    low, high = detail["intervals"]["right_first"]
    assert (low, high) == (pytest.approx(0.036, abs=1e-3), pytest.approx(0.624, abs=1e-3))
    assert detail["by_style"]["typo"]["right_first"] == [0, 2]
    assert evaluate([], ask, rank)["details"]["as_is"]["intervals"]["right_first"] is None


def test_every_question_has_its_verdict() -> None:
    """One of each kind, in the order of the example."""
    outcomes = evaluate(ROWS, ask, rank)["details"]["as_is"]["outcomes"]
    assert [item["verdict"] for item in outcomes] == [
        "right", "wrong", "held_back", "wrong", "wrong", "right", "made_up", "right", "missed", "alarm",
    ]  # fmt: skip
    assert [item["place"] for item in outcomes[:5]] == [1, 2, 1, 7, None]


def test_what_is_said_to_members_stays_out_of_a_report() -> None:
    """A report travels further than the people its questions were written for."""
    said = Citation(
        id="guide:noi-bo#a",
        title="Nội bộ",
        number="",
        locator="Mục kín",
        date="",
        date_kind="",
        url="",
        quote="",
    )

    def answering(_: str, __: Audience) -> Answer:
        return Answer(status=ANSWERED, text="điều kín", citations=(said,), suggestions=("Câu kín?",))

    gold = frozenset({"guide:noi-bo#a"})
    rows = [
        Row(question="?", expect="answer", gold=gold, audience=audience)
        for audience in (Audience.PUBLIC, Audience.MEMBER, Audience.OFFICER)
    ]
    public, *hidden = evaluate(rows, answering, lambda *_: [gold])["details"]["as_is"]["outcomes"]
    assert (public["said"], public["source"], public["text"]) == (
        "guide:noi-bo#a",
        "Nội bộ, Mục kín",
        "điều kín",
    )
    for item in hidden:
        assert item["verdict"] == "right"
        assert "kín" not in json.dumps(item, ensure_ascii=False)
        assert "noi-bo" not in json.dumps(item)


def test_the_time_of_each_step_is_told_without_those_in_danger() -> None:
    times = iter([Timings(embed=float(n), search=2.0 * n, total=3.0 * n) for n in range(1, 41)])

    def timed(question: str, audience: Audience) -> Answer:
        return replace(ask(question, audience), timings=next(times))

    spent = evaluate(ROWS, timed, rank)["details"]["as_is"]["ms"]
    assert spent["embed"] == {"p50": 4.0, "p95": 9.0}  # the eighth and the tenth were danger
    assert spent["total"] == {"p50": 12.0, "p95": 27.0}


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
    assert first == Row(id="g1", question="Hỏi gì?", expect="answer", gold=frozenset({"a"}), style="plain")
    assert (second.gold, second.audience, second.style) == (
        frozenset({"35/2013/QH13+16"}),
        Audience.MEMBER,
        "",
    )
    assert (third.gold, third.expect) == (frozenset(), "refuse")
    assert [second.id, third.id] == ["3", "4"]  # their lines


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
