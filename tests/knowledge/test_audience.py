"""
A passage never reaches someone outside its audience: not as text, citation, suggestion, count or hint.

Canaries, words that stand in one hidden document only, are asked for in every spelling. The gate lets
everything through, or nothing: what keeps hidden words in is not a threshold.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answer import Status, Timings
from knowledge.answering import Answerer
from knowledge.model import Audience
from knowledge.search import Searcher
from knowledge.text.folding import fold
from tests.fakes.drafts import document
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.gates import OPEN_GATE, SHUT_GATE
from tests.fakes.hidden_papers import CANARIES, PUBLIC, hidden, leaks, questions
from tests.fakes.libraries import open_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.answer import Answer
    from knowledge.gate import Gate
    from knowledge.library import Library
    from prompts.catalog import Language

NOW = Timings(embed=0.0, search=0.0, total=0.0)
earlier = st.lists(questions, max_size=2).map(tuple)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """What everybody may see, and what they may not."""
    drafts = [*hidden(Audience.OFFICER), *PUBLIC, *hidden(Audience.MEMBER)]
    with open_library(tmp_path_factory.mktemp("full"), HashingEmbedder()) as library:
        for draft in drafts:
            library.publish(draft)
        library.finish()
        yield library


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Only what everybody may see: the hidden documents never existed."""
    with open_library(tmp_path_factory.mktemp("bare"), HashingEmbedder()) as library:
        for draft in PUBLIC:
            library.publish(draft)
        library.finish()
        yield library


def answerer(library: Library, gate: Gate) -> Answerer:
    return Answerer(library, Searcher(library), gate)


def told(answer: Answer) -> str:
    """Everything an answer says, folded."""
    return fold(repr(asdict(answer)))


def names(asked: Answerer, question: str, audience: Audience) -> list[str]:
    return [f"{passage.name} {passage.meta} {passage.text}" for passage in asked.rank(question, audience)]


@given(dialog=st.tuples(questions, st.sampled_from(["vi", "en"]), earlier))
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("gate", [OPEN_GATE, SHUT_GATE], ids=["open", "shut"])
def test_the_public_is_answered_as_if_hidden_documents_did_not_exist(
    full: Library, bare: Library, gate: Gate, dialog: tuple[str, Language, tuple[str, ...]]
) -> None:
    """The whole answer is equal: text, citations, suggestions, refusal; and so is the ranking."""
    question, language, previous = dialog
    with_hidden, without = answerer(full, gate), answerer(bare, gate)
    answers = [
        replace(asked.answer(question, Audience.PUBLIC, language, previous), timings=NOW)
        for asked in (with_hidden, without)
    ]
    assert answers[0] == answers[1]
    said = told(answers[0])
    assert not leaks(said, Audience.MEMBER)
    assert not leaks(said, Audience.OFFICER)
    ranked = names(with_hidden, question, Audience.PUBLIC)
    assert ranked == names(without, question, Audience.PUBLIC)


@given(question=questions)
@settings(max_examples=40, deadline=None)
def test_a_member_never_sees_what_is_for_officers(full: Library, question: str) -> None:
    for gate in (OPEN_GATE, SHUT_GATE):
        asked = answerer(full, gate)
        answer = asked.answer(question, Audience.MEMBER)
        assert not leaks(told(answer), Audience.OFFICER)
        assert not leaks(fold(" ".join(names(asked, question, Audience.MEMBER))), Audience.OFFICER)


@pytest.mark.parametrize(
    ("reader", "found"),
    [
        (Audience.PUBLIC, set()),
        (Audience.MEMBER, {Audience.MEMBER}),
        (Audience.OFFICER, {Audience.MEMBER, Audience.OFFICER}),
    ],
)
def test_each_audience_sees_its_own_and_those_below(
    full: Library, reader: Audience, found: set[Audience]
) -> None:
    """So that the tests above could fail: the canaries are there to be found by those who may."""
    asked = answerer(full, OPEN_GATE)
    for audience, (one, two, _) in CANARIES.items():
        for question in (f"Đội {one} họp ở đâu?", fold(f"{two} la gi"), f"kế hoạch {two}"):
            seen = leaks(fold(" ".join(names(asked, question, reader))), audience)
            assert bool(seen) == (audience in found)
        answer = asked.answer(f"Đội {one} họp ở đâu?", reader)
        assert bool(leaks(told(answer), audience)) == (audience in found)


def test_a_refusal_says_the_same_whether_or_not_a_hidden_document_exists(full: Library) -> None:
    """The same words for something hidden and for something that never was."""
    asked = answerer(full, SHUT_GATE)
    one, two, _ = CANARIES[Audience.OFFICER]
    for template in ("{} là gì?", "Cho xem kế hoạch {}", "doi {} hop o dau"):
        answers = [asked.answer(template.format(word), Audience.PUBLIC) for word in (one, two, "xuỗnggià")]
        assert {answer.status for answer in answers} == {Status.REFUSED}
        assert not any(answer.citations for answer in answers)
        assert len({answer.text for answer in answers}) == 1


def test_a_document_that_was_hidden_later_is_gone_for_the_public(tmp_path: Path) -> None:
    """What was public this morning and is for officers now leaves no word behind, in the restorer neither."""
    one, *_ = CANARIES[Audience.OFFICER]
    with open_library(tmp_path, HashingEmbedder()) as library:
        asked = answerer(library, OPEN_GATE)
        for audience in (Audience.PUBLIC, Audience.OFFICER):
            library.publish(document("a", f"Đội {one} họp.", title="Đội", audience=audience))
            library.finish()
            said = told(asked.answer(f"đội {one} họp", Audience.PUBLIC))
            assert bool(leaks(said, Audience.OFFICER)) == (audience is Audience.PUBLIC)
            assert (library.restorer.restore(fold(one)) == one) == (audience is Audience.PUBLIC)
