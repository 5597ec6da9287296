"""A question about a figure of a report gets the sentence that holds it, or nothing: never a neighbour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from knowledge.answer import Status
from knowledge.answering import Answerer
from knowledge.model import Audience
from knowledge.search import Searcher
from knowledge.text.folding import fold
from prompts.catalog import text as say
from tests.fakes.drafts import document, guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.gates import OPEN_GATE, SHUT_GATE
from tests.fakes.libraries import open_library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.library import Library

TODAY = date(2031, 11, 28)
COUNTED = "Quý I năm 2031, bà con Thủ đô báo cho công an 2.417 tin, trong đó 318 tin về đánh bạc."
SETTLED = "Các tổ hòa giải giải quyết êm 96 vụ mâu thuẫn trong nhân dân."
REPORT = document(
    "bao-cao.txt", f"{COUNTED} {SETTLED}", "Phần sau nói về đèn đường và cây xanh, không có con số nào.",
    title="Kết quả phong trào quý I", issued=date(2031, 4, 2),
)  # fmt: skip
OTHER = document(
    "bao-cao-khac.txt", "Năm 2029, bà con tỉnh Lào Cai báo cho công an 555 tin về đánh bạc.",
    title="Kết quả phong trào", issued=date(2030, 1, 5),
)  # fmt: skip
HIDDEN = document(
    "noi-bo.txt", "Năm 2031 có 4.444 tin mật báo cho công an về đánh bạc.", audience=Audience.MEMBER,
    title="Nội bộ",
)  # fmt: skip

GUIDE = guide(
    "bao-tin",
    section("o-dau", "Báo tin đánh bạc ở đâu?", "Báo công an xã.", "bao tin danh bac", "tin đánh bạc"),
    title="Báo tin",
)  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("figures"), HashingEmbedder()) as opened:
        for draft in (REPORT, OTHER, HIDDEN, GUIDE):
            opened.publish(draft)
        opened.finish()
        yield opened


@pytest.fixture(scope="module")
def shut(library: Library) -> Answerer:
    """Lets nothing through that search brings: what is answered was found by its figure."""
    return Answerer(library, Searcher(library, today=lambda: TODAY), SHUT_GATE)


@pytest.fixture(scope="module")
def open_(library: Library) -> Answerer:
    return Answerer(library, Searcher(library, today=lambda: TODAY), OPEN_GATE)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Năm 2031 bà con báo cho công an bao nhiêu tin?", COUNTED),
        ("Quý I năm 2031 có mấy tin về đánh bạc?", COUNTED),
        ("2.417 tin là tin gì?", COUNTED),
        ("Bao nhiêu vụ mâu thuẫn trong nhân dân được giải quyết êm?", SETTLED),
        ("Hà Nội có bao nhiêu tin báo về đánh bạc năm 2031", COUNTED),
    ],
)
def test_the_sentence_with_the_figure_is_quoted_with_title_and_day(shut, question, quoted):
    for asked in (question, fold(question)):
        if "mấy" in question and asked != question:
            continue  # without marks it may be a machine
        answer = shut.answer(asked, Audience.PUBLIC)
        assert answer.status is Status.ANSWERED, asked
        cited = answer.citations[0]
        assert (cited.quote, cited.title, cited.date) == (quoted, "Kết quả phong trào quý I", "2031-04-02")


@pytest.mark.parametrize(
    "question",
    [
        "Năm 2027 bà con báo cho công an bao nhiêu tin về đánh bạc?",
        "Đà Nẵng năm 2031 báo cho công an bao nhiêu tin?",
        "9.999 tin là tin gì?",
        "4.444 tin là tin gì?",
        "Xã có bao nhiêu cây xanh?",
        "Bao nhiêu vụ cháy rừng ở bản Cát?",
    ],
)
def test_another_year_place_figure_or_matter_is_refused(shut, question):
    assert shut.answer(question, Audience.PUBLIC).status is Status.REFUSED


@pytest.mark.parametrize(
    "question", ["Đà Nẵng năm 2031 báo cho công an bao nhiêu tin?", "Năm 2027 báo cho công an bao nhiêu tin?"]
)
def test_another_places_figure_is_not_quoted_even_where_search_would(library, question):
    gate = replace(OPEN_GATE, guide=SHUT_GATE.guide)  # reports pass, and no guide
    answerer = Answerer(library, Searcher(library, today=lambda: TODAY), gate)
    assert answerer.answer("Bà con báo gì cho công an?", Audience.PUBLIC).status is Status.ANSWERED
    answer = answerer.answer(question, Audience.PUBLIC)
    assert answer.status is Status.REFUSED
    assert say("ask.no_figure") in answer.text


def test_what_only_members_may_see_answers_members_alone(shut):
    answer = shut.answer("4.444 tin là tin gì?", Audience.MEMBER)
    assert answer.citations[0].id == "noi-bo.txt#p0"


def test_who_asks_where_and_not_how_many_gets_the_guide(open_):
    assert open_.answer("Báo tin đánh bạc ở đâu?", Audience.PUBLIC).citations[0].id == "guide:bao-tin#o-dau"


def test_the_passage_that_answers_ranks_first(shut):
    assert (
        shut.rank("Năm 2031 bà con báo cho công an bao nhiêu tin?", Audience.PUBLIC)[0].name
        == "bao-cao.txt#p0"
    )
