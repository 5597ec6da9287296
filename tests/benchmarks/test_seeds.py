from __future__ import annotations

import json

import pytest

from benchmarks.seeds import ISSUED, QUESTIONS, holds, spellings


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("có 1.343 vụ được giải quyết", True),
        ("có 1.343, và thêm", True),
        ("được 1.343.", True),
        ("có 21.343 vụ", False),
        ("có 1.343.500 đồng", False),
        ("có 11.343 vụ", False),
        ("có 1343 vụ", False),
    ],
)
def test_a_figure_counts_only_where_it_stands_by_itself(quote, found):
    assert holds(quote, "1.343") is found


def test_every_question_is_asked_with_and_without_marks():
    assert [text for _, text in spellings("Có mấy vụ?")] == ["Có mấy vụ?", "co may vu"]


def test_rows_name_a_page_with_a_day_and_the_figures_to_be_quoted():
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({row["question"] for row in rows}) == len(rows)
    for row in rows:
        pages = {gold.removeprefix("seeds/")[:3] for gold in row["gold"] if gold.startswith("seeds/")}
        assert pages <= ISSUED.keys()
        assert bool(row["gold"]) is bool(row.get("figures")) is (row["expect"] == "answer")
