"""How the gate is fitted: on questions that the guides were not told, and judged by questions held out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.calibrate_gate import public_sections
from benchmarks.gate_fit import FOLDS, Case, fit, logistic_fit
from benchmarks.gate_questions import (
    Asked,
    Candidate,
    as_public,
    benchmark_rows,
    part_of,
    read,
    without,
    write,
)
from knowledge.evaluation import Row
from knowledge.model import Audience
from knowledge.text.folding import fold
from tests.fakes.drafts import guide, section

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CASE = Case("guide", "guides", False, ("near", "noise"), 0.5)


def asked(at: int, near: float, *, answer: bool, gold: bool, source: str = "dev") -> Asked:
    noise = (at * 37 % 100) / 100
    hit = Candidate(name=f"g{at}", heading="", figures={"near": near, "noise": noise}, is_gold=gold)
    return Asked(
        source=source, question=f"câu số {at}", expect="answer" if answer else "refuse", style="", topic="",
        audience="public", folded=False, english=False, knows_guides=True, knows_documents=False,
        guides=(hit,), documents=(),
    )  # fmt: skip


def sample(count: int = 200) -> list[Asked]:
    """Half answerable; nearer is likelier gold, with an overlap."""
    generator = np.random.default_rng(7)
    found = []
    for at in range(count):
        answer = at % 2 == 0
        near = float(generator.normal(0.9 if answer else 0.8, 0.03))
        found.append(asked(at, near, answer=answer, gold=answer and near > 0.84))
    return found


def test_the_fit_finds_the_odds_that_made_the_labels() -> None:
    generator = np.random.default_rng(1)
    table = generator.normal(size=(4_000, 2))
    odds = 1 / (1 + np.exp(-(0.5 + 2 * table[:, 0] - 1 * table[:, 1])))
    labels = (generator.random(4_000) < odds).astype(float)
    beta = logistic_fit(table, labels, np.ones(4_000), 0.3)
    assert beta == pytest.approx([0.5, 2, -1], abs=0.2)


def test_what_is_near_counts_and_noise_does_not() -> None:
    fitted = fit(CASE, sample())
    assert fitted is not None
    assert fitted.weights["near"] > 10 * abs(fitted.weights["noise"])
    assert fitted.auc > 0.95
    assert fitted.brier < 0.15
    assert fitted.aurc < 0.45  # half of all may not be answered
    assert (fitted.answerable, fitted.refusable) == (100, 100)


def test_labels_without_reason_are_held_out_as_worthless() -> None:
    """Judged by what it was fitted on, such a model looks better than chance."""
    shuffled = [asked(at, (at * 13 % 50) / 50, answer=at % 2 == 0, gold=at % 2 == 0) for at in range(200)]
    fitted = fit(CASE, shuffled)
    assert fitted is not None
    assert 0.3 < fitted.auc < 0.65


def test_a_threshold_refuses_the_share_it_was_asked_for() -> None:
    fitted = fit(CASE, sample(400))
    assert fitted is not None
    bar = fitted.threshold_refusing(0.95)
    refused = fitted.confidences[~fitted.answer] <= bar
    assert refused.mean() == pytest.approx(0.95, abs=0.01)
    answered, right = fitted.at(bar)
    assert right <= answered


def test_too_few_questions_fit_nothing() -> None:
    assert fit(CASE, sample(10)) is None
    assert fit(CASE, []) is None


def test_both_spellings_of_a_question_go_into_one_part() -> None:
    for question in ("Nhờ hòa giải thì gặp ai?", "Báo tin ở ĐÂU", "đường dây 111"):
        assert part_of(question, FOLDS) == part_of(fold(question), FOLDS) == part_of(f"{question}!", FOLDS)


def test_guides_are_asked_what_they_were_not_told() -> None:
    told = section("a", "Nhờ ai?", "Gặp ông Ba.", "nhờ ai hòa giải?", "goi ai hoa giai", "ai giup")
    lean = without(guide("x", told), frozenset({"nho ai hoa giai", "goi ai hoa giai"}))
    assert lean.passages[0].questions == ("ai giup",)
    assert lean.passages[0].text == told.text
    whole = frozenset({"nho ai hoa giai", "goi ai hoa giai", "ai giup"})
    assert without(guide("x", told), whole).passages[0].questions  # or it would be no guide


def test_members_questions_are_refused_to_the_public_unless_a_public_section_answers() -> None:
    rows = [
        ("d", Row(question="một", expect="answer", gold=frozenset({"m", "p"}), audience=Audience.MEMBER)),
        ("d", Row(question="hai", expect="answer", gold=frozenset({"m"}), audience=Audience.MEMBER)),
        ("d", Row(question="ba", expect="answer", gold=frozenset({"p"}))),
    ]
    found = [
        (row.question, row.expect, row.gold, row.audience) for _, row in as_public(rows, frozenset({"p"}))
    ]
    assert found == [
        ("một", "answer", frozenset({"p"}), Audience.PUBLIC),
        ("hai", "refuse", frozenset(), Audience.PUBLIC),
    ]


def test_public_sections_leave_the_members_guides_out() -> None:
    names = public_sections()
    assert "guide:hoa-giai#xin-hoa-giai" in names
    assert not [name for name in names if name.startswith("guide:van-dong-")]


def test_questions_about_laws_we_do_not_have_are_to_be_refused(tmp_path: Path) -> None:
    corpus = [
        {"id": "24/2018/QH14+8", "title": "t", "text": "x"},
        {"id": "Luật_Cư_trú@3", "title": "t", "text": "y"},
    ]
    queries = [{"id": "a", "text": "câu a"}, {"id": "b", "text": "câu b"}]
    write_lines(tmp_path / "corpus.jsonl", corpus)
    write_lines(tmp_path / "queries.jsonl", queries)
    (tmp_path / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\na\t24/2018/QH14+8\t1\nb\tLuật_Cư_trú@3\t1\n", encoding="utf-8"
    )
    rows = [row for _, row in benchmark_rows(tmp_path, {"24/2018/QH14": "24/2018/QH14"}, 10)]
    assert [(row.question, row.expect, row.gold) for row in rows] == [
        ("câu a", "answer", frozenset({"24/2018/QH14+8"})),
        ("câu b", "refuse", frozenset()),
    ]
    named = [row.gold for _, row in benchmark_rows(tmp_path, {"Luật_Cư_trú": "68/2020/QH14"}, 10) if row.gold]
    assert named == [frozenset({"68/2020/QH14+3"})]


def test_what_was_seen_is_read_back_as_it_was(tmp_path: Path) -> None:
    seen = sample(6)
    write(seen, tmp_path / "seen.jsonl")
    assert read(tmp_path / "seen.jsonl") == seen


def write_lines(file: Path, rows: Sequence[object]) -> None:
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
