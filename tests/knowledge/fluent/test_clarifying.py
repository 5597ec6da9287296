"""Where a few words fit two guides, the asker chooses; the question is ours, the choices are headings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.answer import Status
from knowledge.fluent.clarifying import asking_back, torn_between, which_of
from knowledge.model import Audience
from knowledge.query import read_query
from knowledge.search import Found, Hit
from prompts.catalog import text
from tests.fakes.drafts import guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.fluency import fluent_answerer
from tests.fakes.gates import OFFERING_GATE, OPEN_GATE, SHUT_GATE
from tests.fakes.libraries import open_library


@pytest.fixture(scope="module")
def guides(tmp_path_factory):
    """Two guides that both speak of papers, one of them in two sections."""
    papers = [
        guide(
            "ra-tu",
            section("giay", "Ra tù thì xin giấy tờ ở đâu?", "Xin ở công an xã.", "xin giay to ra tu"),
            section("han", "Ra tù bao lâu thì có giấy tờ?", "Trong 15 ngày.", "giay to bao lau"),
        ),
        guide(
            "tam-tru",
            section("giay", "Ở trọ cần giấy tờ gì?", "Cần căn cước.", "xin giay to tam tru", "giay to o tro"),
        ),
    ]
    with open_library(tmp_path_factory.mktemp("papers"), HashingEmbedder()) as library:
        for draft in papers:
            library.publish(draft)
        library.finish()
        yield library


def found_of(library, question: str, scores: list[float]) -> Found:
    passages = [
        item for key in ("guide:ra-tu", "guide:tam-tru") for item in library.record.document_passages(key)
    ]
    order = (passages[0], passages[2], passages[1])
    hits = tuple(
        Hit(passage=item, score=score, figures={}) for item, score in zip(order, scores, strict=False)
    )
    query = read_query(question, library.restorer)
    return Found(query=query, guides=hits, documents=(), elsewhere="", embed_ms=0.0, search_ms=0.0)


def torn(library, question: str, scores: list[float], gate=OPEN_GATE, close: float = 0.1) -> tuple[str, ...]:
    found = found_of(library, question, scores)
    gate = replace(gate, choices=replace(gate.choices, close=close))
    return torn_between(question, found, found.guides[0], gate)


def test_a_few_words_that_two_guides_answer_alike_are_asked_back(guides):
    assert torn(guides, "giấy tờ", [1.0, 0.95]) == ("Ra tù thì xin giấy tờ ở đâu?", "Ở trọ cần giấy tờ gì?")
    assert torn(guides, "xin giay to", [1.0, 0.99, 0.98])[2:] == ("Ra tù bao lâu thì có giấy tờ?",)


@pytest.mark.parametrize(
    ("question", "scores", "gate"),
    [
        ("giấy tờ", [1.0, 0.5], OPEN_GATE),  # one is clearly nearer
        ("xin giấy tờ khi mới ra tù thì ở đâu", [1.0, 0.99], OPEN_GATE),  # it says enough
        ("giấy tờ", [1.0, 0.99], SHUT_GATE),  # none is evidence enough
    ],
)
def test_what_is_clear_is_answered(guides, question, scores, gate):
    assert torn(guides, question, scores, gate) == ()


def test_two_sections_of_one_guide_are_no_reason_to_ask(guides):
    found = found_of(guides, "giấy tờ", [1.0, 0.2, 0.99])
    gate = replace(OPEN_GATE, choices=replace(OPEN_GATE.choices, close=0.1))
    assert torn_between("giấy tờ", found, found.guides[0], gate) == ()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_question_is_ours_and_every_choice_is_a_button(guides, language):
    passages = [*guides.record.document_passages("guide:ra-tu")]
    answer = asking_back(passages, language)
    assert answer.status is Status.ANSWERED
    assert answer.kind is None
    assert answer.citations == ()
    assert answer.text.startswith(text("ask.which_of", language))
    assert answer.suggestions == tuple(item.heading for item in passages)
    assert asking_back(passages[:1], language) is None
    assert which_of(["a"], language) is None


def test_without_a_model_a_choice_sent_back_is_answered(guides):
    answerer = fluent_answerer(guides, None, gate=OFFERING_GATE)  # everything is close
    answer = answerer.answer("giấy tờ", Audience.PUBLIC)
    assert answer.kind is None
    assert len(answer.suggestions) >= 2
    for choice in answer.suggestions:
        chosen = answerer.answer(choice, Audience.PUBLIC)
        assert chosen.kind == "guide"
        assert chosen.citations
