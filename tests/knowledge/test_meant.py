"""Did you mean: near misses give choices, close calls name the other, nobody sees a hidden heading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answer import Status
from knowledge.answering import Answerer
from knowledge.gate import Choices, shipped_gate
from knowledge.meant import CHOICES
from knowledge.model import Audience, DocumentKind, PassageDraft
from knowledge.search import Searcher
from prompts.catalog import text as say
from tests.fakes.drafts import document, guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.gates import OFFERING_GATE, OPEN_GATE, SHUT_GATE
from tests.fakes.libraries import open_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.gate import Gate
    from knowledge.library import Library
    from knowledge.model import DocumentDraft

PUBLIC = Audience.PUBLIC
SECTIONS = [
    section("xin", "Nhờ hòa giải thì gặp ai?", "Gặp hòa giải viên.", "nhờ hòa giải gặp ai"),
    section("phi", "Hòa giải có mất tiền không?", "Không mất tiền.", "hòa giải mất tiền không"),
    section("lau", "Hòa giải mất bao lâu?", "Thường vài buổi.", "hòa giải bao lâu thì xong"),
    section("hong", "Hòa giải không xong thì sao?", "Nhờ tòa án.", "hòa giải không thành"),
]
HIDDEN = {
    Audience.MEMBER: "Hòa giải nội bộ gặp ai?",
    Audience.OFFICER: "Hòa giải mật gặp ai?",
}
CLOSE = Choices(near=0.0, behind=9.0, close=9.0, article=0.0, sure=9.0)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("meant"), HashingEmbedder()) as opened:
        opened.publish(guide("hoa-giai", *SECTIONS))
        for audience, heading in HIDDEN.items():
            hidden = section("kin", heading, "Chuyện kín.", "hòa giải gặp ai", "hòa giải")
            opened.publish(guide(f"kin-{audience}", hidden, audience=audience))
        opened.finish()
        yield opened


def asked(library: Library, gate: Gate) -> Answerer:
    return Answerer(library, Searcher(library), gate)


def test_a_near_miss_gives_choices_instead_of_an_answer(library: Library) -> None:
    answer = asked(library, SHUT_GATE).answer("hòa giải gặp ai", PUBLIC)
    assert answer.status is Status.REFUSED
    assert say("ask.refusal_near", "vi") in answer.text
    assert answer.suggestions[0] == "Nhờ hòa giải thì gặp ai?"
    assert len(answer.suggestions) == CHOICES == len(set(answer.suggestions))


def test_a_far_miss_gives_none(library: Library) -> None:
    gate = replace(SHUT_GATE, choices=replace(CLOSE, near=1.1))
    answer = asked(library, gate).answer("hòa giải gặp ai", PUBLIC)
    assert answer.suggestions == ()
    assert say("ask.refusal_near", "vi") not in answer.text


def test_what_scores_far_behind_is_no_choice(library: Library) -> None:
    gate = replace(SHUT_GATE, choices=replace(CLOSE, behind=0.0))
    assert asked(library, gate).answer("hòa giải gặp ai", PUBLIC).suggestions == ("Nhờ hòa giải thì gặp ai?",)


def test_a_close_call_answers_the_first_and_names_the_other(library: Library) -> None:
    plain = asked(library, OPEN_GATE).answer("hòa giải mất tiền không", PUBLIC)
    close = asked(library, OFFERING_GATE).answer("hòa giải mất tiền không", PUBLIC)
    assert close.citations == plain.citations
    other = close.suggestions[0]
    assert close.text == f"{plain.text}\n\n{say('ask.perhaps_meant', 'vi', heading=other)}"
    assert other not in {plain.citations[0].locator, ""}
    assert len(close.suggestions) <= CHOICES
    assert len(set(close.suggestions)) == len(close.suggestions)


WORDS = ["hòa", "giải", "nội", "bộ", "mật", "kín", "gặp", "ai", "mất", "tiền", "bao", "lâu"]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)


@given(question=words.map(" ".join))
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("gate", [SHUT_GATE, OFFERING_GATE], ids=["refusing", "offering"])
def test_no_choice_is_a_heading_that_the_asker_may_not_see(
    library: Library, gate: Gate, question: str
) -> None:
    for audience in Audience:
        unseen = {heading for owner, heading in HIDDEN.items() if owner not in audience.visible}
        answer = asked(library, gate).answer(question, audience)
        assert unseen.isdisjoint(answer.suggestions)
        assert not [heading for heading in unseen if heading in answer.text]


def test_choices_are_the_same_whether_or_not_something_is_hidden(library: Library, tmp_path: Path) -> None:
    with open_library(tmp_path, HashingEmbedder()) as bare:
        bare.publish(guide("hoa-giai", *SECTIONS))
        bare.finish()
        for gate in (SHUT_GATE, OFFERING_GATE):
            for question in ("hòa giải gặp ai", "hòa giải nội bộ", "hòa giải mật gặp ai"):
                with_hidden = asked(library, gate).answer(question, PUBLIC)
                without = asked(bare, gate).answer(question, PUBLIC)
                assert with_hidden.suggestions == without.suggestions
                assert with_hidden.text == without.text


ARTICLE = "Điều 16. Yêu cầu hòa giải (35/2013/QH13 Luật Hòa giải ở cơ sở)"
LATER = "Điều 21. Hòa giải thành (35/2013/QH13 Luật Hòa giải ở cơ sở)"


def law(key: str = "luat", **meta: object) -> DocumentDraft:
    """A law of two articles, the first in two khoản."""
    told = (
        ("16.1", ARTICLE, "Hòa giải khi một bên gặp hòa giải viên nhờ.", "16"),
        ("16.2", ARTICLE, "Hòa giải viên thấy thì hòa giải, không chờ ai nhờ.", "16"),
        ("21", LATER, "Hòa giải thành thì lập văn bản.", "21"),
    )
    passages = (
        PassageDraft(anchor=f"dieu-{place}", heading=heading, text=text, articles=(f"35/2013/QH13+{number}",))
        for place, heading, text, number in told
    )
    return document(key, *passages, title="Luật Hòa giải ở cơ sở", kind=DocumentKind.LAW, **meta)


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("laws"), HashingEmbedder()) as opened:
        opened.publish(guide("hoa-giai", *SECTIONS))
        opened.publish(law())
        opened.finish()
        yield opened


def test_a_refusal_names_articles_and_guides_by_turns_each_article_once(laws: Library) -> None:
    answer = asked(laws, SHUT_GATE).answer("hòa giải gặp ai", PUBLIC)
    assert answer.status is Status.REFUSED
    assert len(answer.suggestions) == CHOICES
    assert [heading in {ARTICLE, LATER} for heading in answer.suggestions] == [True, False, True]


def test_an_article_that_is_not_near_enough_is_not_named(laws: Library) -> None:
    gate = replace(SHUT_GATE, choices=replace(CLOSE, article=1.1))
    assert {ARTICLE, LATER}.isdisjoint(asked(laws, gate).answer("hòa giải gặp ai", PUBLIC).suggestions)


@pytest.mark.parametrize(("sure", "names"), [(9.0, True), (0.0, False)])
def test_beside_a_guide_an_article_is_named_unless_the_guide_is_sure(
    laws: Library, sure: float, names: bool
) -> None:
    alone = replace(OFFERING_GATE, choices=replace(CLOSE, close=-1.0, sure=sure))
    answer = asked(laws, alone).answer("hòa giải mất tiền không", PUBLIC)
    assert answer.citations[0].id.startswith("guide:")
    assert (answer.suggestions[0] in {ARTICLE, LATER}) is names
    assert ("Điều" in answer.text) is names


def test_beside_an_article_the_guide_is_named_that_would_have_answered(laws: Library) -> None:
    answer = asked(laws, OFFERING_GATE).answer("hòa giải thành thì lập văn bản", PUBLIC)
    assert answer.citations[0].articles == ("35/2013/QH13+21",)
    assert answer.suggestions[0] in {draft.heading for draft in SECTIONS}


@pytest.mark.parametrize(("heading", "number"), [(ARTICLE, "16"), (LATER, "21")])
def test_an_article_that_is_named_is_answered_by_itself(laws: Library, heading: str, number: str) -> None:
    answer = asked(laws, OFFERING_GATE).answer(heading, PUBLIC)
    assert {item.articles for item in answer.citations} == {(f"35/2013/QH13+{number}",)}


def test_a_draft_and_a_hidden_article_are_not_named(tmp_path: Path) -> None:
    with open_library(tmp_path, HashingEmbedder()) as opened:
        opened.publish(guide("hoa-giai", *SECTIONS))
        opened.publish(law("du-thao", document_type="Dự thảo"))
        opened.publish(law("kin", audience=Audience.OFFICER))
        opened.finish()
        answer = asked(opened, SHUT_GATE).answer("hòa giải gặp ai", PUBLIC)
        assert {ARTICLE, LATER}.isdisjoint(answer.suggestions)
        assert ARTICLE in asked(opened, SHUT_GATE).answer("hòa giải gặp ai", Audience.OFFICER).suggestions


def test_the_shipped_gate_names_a_guide_only_where_it_would_not_answer() -> None:
    """A choice beside a refusal is less sure than an answer, and more than nothing."""
    gate = shipped_gate()
    assert 0 < gate.choices.near < gate.guide.threshold
    assert 0 < gate.choices.near < gate.guide_english.threshold
    assert gate.choices.behind > 0
    assert gate.choices.close > 0
    assert 0 < gate.choices.article < gate.document.threshold
    assert gate.guide.threshold < gate.choices.sure <= 1
