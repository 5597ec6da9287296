"""
The gate in CI: the shipped guides, indexed and asked the golden questions.

A regression gate, no held-out measure: its misses were looked at (README.md beside this).
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ingest.guides import load_guides
from knowledge.answer import Status
from knowledge.answering import Answerer
from knowledge.evaluation import Row, evaluate, read_rows
from knowledge.gate import shipped_gate
from knowledge.model import Audience
from knowledge.search import Searcher
from tests.fakes.libraries import open_library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.answer import Answer
    from knowledge.embedding.base import TextEmbedder
    from knowledge.library import Library

HERE = Path(__file__).parent
GUIDES = HERE.parents[1] / "guides"
TODAY = date(2026, 11, 22)
INDEXING_S = 600  # the first run embeds every guide; later ones find the vectors in the cache

pytestmark = pytest.mark.timeout(INDEXING_S)


def rows() -> list[Row]:
    return read_rows((HERE / "golden.jsonl").read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: TextEmbedder) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("golden"), real_embedder) as opened:
        for draft in load_guides(GUIDES):
            opened.publish(draft)
        opened.finish()
        yield opened


@pytest.fixture(scope="module")
def answerer(library: Library) -> Answerer:
    return Answerer(library, Searcher(library, today=lambda: TODAY), shipped_gate())


@pytest.fixture(scope="module")
def report(answerer: Answerer, pytestconfig: pytest.Config) -> dict[str, Any]:
    """Every figure, told in the run and in full beside a failure."""

    def ask(question: str, audience: Audience) -> Answer:
        return answerer.answer(question, audience)

    def rank(question: str, audience: Audience) -> list[frozenset[str]]:
        return [passage.gold_ids for passage in answerer.rank(question, audience)]

    figures = evaluate(rows(), ask, rank)
    print(json.dumps(figures["as_is"] | figures["details"]["as_is"]["intervals"], indent=1))  # noqa: T201 - pytest shows it beside a failure
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")
    for spelling in ("as_is", "folded"):
        told = (
            f"{name} {value:.3f}" for name, value in figures[spelling].items() if isinstance(value, float)
        )
        if reporter is not None:
            reporter.write_line(f"golden {spelling}: {', '.join(told)}")
    return figures


def test_the_set_is_as_large_and_as_mixed_as_promised() -> None:
    """At least 150 questions, four spellings, 40 to refuse, 20 in danger, some for members."""
    golden = rows()
    counts = {
        expect: sum(row.expect == expect for row in golden) for expect in ("answer", "refuse", "danger")
    }
    assert len(golden) >= 150
    assert counts["refuse"] >= 40
    assert counts["danger"] >= 20
    assert {row.style for row in golden} == {"plain", "no_marks", "abbrev", "typo"}
    assert {row.audience for row in golden} >= {Audience.PUBLIC, Audience.MEMBER}
    assert len({row.question for row in golden}) == len(golden)
    assert all(bool(row.gold) == (row.expect == "answer") for row in golden)


def test_every_gold_section_exists(library: Library) -> None:
    """And its asker may see it; or a row could never be right."""
    ids = {
        audience: {name for passage in library.record.all_passages(audience) for name in passage.gold_ids}
        for audience in Audience
    }
    for row in rows():
        assert row.gold <= set().union(*(ids[audience] for audience in row.audience.visible))


def test_every_heading_that_may_be_offered_is_answered_by_its_section(
    library: Library, answerer: Answerer
) -> None:
    """A choice that is refused, or answered by something else, would be worse than none."""
    strayed = {}
    for audience in Audience:
        for passage in library.record.all_passages(audience):
            answer = answerer.answer(passage.heading, audience)
            said = [citation.id for citation in answer.citations]
            if said != [passage.name] and answer.status is not Status.DANGER:
                strayed[passage.name] = said
    assert strayed == {}


def test_the_right_section_comes_first(report: dict[str, Any]) -> None:
    assert report["as_is"]["right_first"] >= 0.90
    assert report["folded"]["right_first"] >= 0.89


def test_the_right_section_is_among_the_first_five(report: dict[str, Any]) -> None:
    assert report["as_is"]["hit@5"] >= 0.97
    assert report["folded"]["hit@5"] >= 0.97


def test_what_no_guide_answers_is_refused(report: dict[str, Any]) -> None:
    assert report["as_is"]["abstention_recall"] >= 0.96
    assert report["folded"]["abstention_recall"] >= 0.95


def test_every_danger_is_noticed(report: dict[str, Any]) -> None:
    assert report["as_is"]["danger_recall"] == 1.0


def test_no_question_raises_a_false_alarm(report: dict[str, Any]) -> None:
    assert report["as_is"]["danger_false_alarms"] == 0


def test_questions_without_marks_find_nearly_as_well(report: dict[str, Any]) -> None:
    assert report["folded"]["hit@1"] >= 0.98 * report["as_is"]["hit@1"]
