"""From a question to an answer, on the built-in embedder and the shipped gate: what is promised."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.answer import Status
from knowledge.answering import QUESTION_LIMIT, Answerer
from knowledge.gate import shipped_gate
from knowledge.model import Audience, DocumentKind, PassageDraft, Reference
from knowledge.search import Searcher
from knowledge.text.folding import fold
from prompts.catalog import LANGUAGES
from prompts.catalog import text as say
from tests.fakes.drafts import document, guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.gates import OPEN_GATE
from tests.fakes.libraries import open_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.answer import Answer
    from knowledge.embedding.base import TextEmbedder
    from knowledge.library import Library
    from prompts.catalog import Language

TODAY = date(2026, 11, 22)
PUBLIC = Audience.PUBLIC

MEDIATION = guide(
    "hoa-giai",
    section(
        "xin-hoa-giai", "Muốn nhờ tổ hòa giải thì làm thế nào?",
        "1. Gặp hòa giải viên của thôn.\n2. Nói rõ mâu thuẫn chuyện gì, với ai.\n\n"
        "Chỉ cần **một bên** yêu cầu.",
        "hang xom danh nhau thi goi ai hoa giai", "nhờ tổ hòa giải thì nói với ai", "xin hòa giải ở đâu",
        articles=("35/2013/QH13+16",), references=(Reference(title="Luật Hòa giải ở cơ sở, Điều 16"),),
    ),
    section(
        "tu-choi", "Bên kia không chịu hòa giải thì sao?",
        "Hòa giải là tự nguyện. Không ai ép được. Lúc đó anh chị có thể nộp đơn ra tòa.",
        "ben kia khong chiu hoa giai thi sao", "người ta từ chối hòa giải", "không chịu ngồi vào hòa giải",
    ),
    title="Hòa giải ở cơ sở", topic="hoa-giai", as_of=TODAY,
)  # fmt: skip
REPORTING = guide(
    "to-giac-o-dau",
    section(
        "o-tinh", "Báo tin tội phạm ở công an tỉnh thế nào?",
        "Đến trực ban công an tỉnh, hoặc gọi đường dây nóng của tỉnh.",
        "báo tin tội phạm ở công an tỉnh thế nào", "to giac toi pham len cong an tinh", "tố giác ở tỉnh",
    ),
    section(
        "o-xa", "Báo tin tội phạm ở công an xã thế nào?",
        "Đến trụ sở công an xã. Trực ban nhận tin 24 giờ mỗi ngày, có giấy tiếp nhận.",
        "báo tin tội phạm ở công an xã thế nào", "to giac toi pham o cong an xa", "tố giác ở xã thì sao",
    ),
    title="Tố giác ở đâu", topic="to-giac", as_of=TODAY,
)  # fmt: skip
BEATING = guide(
    "bao-luc",
    section(
        "bi-danh", "Bị chồng đánh thì báo ai?", "Báo công an xã hoặc gọi 111.",
        "chồng đánh tôi thì gọi ai", "chong dang danh toi cuu voi",
    ),
    title="Bạo lực gia đình", as_of=TODAY,
)  # fmt: skip
LONG_CLAUSES = (
    "1. Hộ kinh doanh nuôi chim yến phải đăng ký với Ủy ban nhân dân cấp xã trong thời hạn 15 ngày kể từ "
    "ngày bắt đầu nuôi, kèm sơ đồ vị trí nhà yến.\n"
    "2. Âm thanh dẫn dụ chim yến không vượt quá 70 dBA, chỉ được phát từ 5 giờ đến 11 giờ 30 phút và từ "
    "13 giờ 30 phút đến 19 giờ mỗi ngày.\n"
    "3. Nhà yến cách trường học, bệnh viện tối thiểu 300 mét; nhà yến đã có trước ngày 01 tháng 3 năm 2020 "
    "thì được giữ nguyên nhưng không được cơi nới.\n"
    "4. Người nuôi yến vi phạm quy định về âm thanh bị phạt tiền từ 3.000.000 đồng đến 5.000.000 đồng."
)
LAW = document(
    "laws/yen.txt",
    PassageDraft(
        anchor="25", heading="Điều 25. Quản lý nuôi chim yến", locator="khoản 2 Điều 25", text=LONG_CLAUSES,
        articles=("13/2020/NĐ-CP+25",),
    ),
    PassageDraft(
        anchor="26", heading="Điều 26. Nuôi ong mật", locator="khoản 1 Điều 26",
        text="1. Đàn ong mật di chuyển giữa các tỉnh phải có giấy kiểm dịch.", articles=("13/2020/NĐ-CP+26",),
    ),
    title="Nghị định về chăn nuôi", number="13/2020/NĐ-CP", kind=DocumentKind.LAW, effective=date(2020, 3, 5),
    url="https://example.org/13-2020",
)  # fmt: skip
OUT_OF_FORCE = [
    document(
        f"laws/{key}.txt",
        PassageDraft(anchor="9", heading="Điều 9. Thả diều sáo", locator="khoản 1 Điều 9", text=text),
        title="Quy định thả diều sáo", number=key, kind=DocumentKind.LAW, **days,
    )
    for key, text, days in (
        ("het-han", "1. Thả diều sáo phải xin phép trước 3 ngày.", {"expires": date(2026, 11, 21)}),
        ("chua-toi", "1. Thả diều sáo phải xin phép trước 9 ngày.", {"effective": date(2026, 11, 23)}),
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: TextEmbedder) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("library"), real_embedder) as opened:
        for draft in (MEDIATION, REPORTING, BEATING, LAW, *OUT_OF_FORCE):
            opened.publish(draft)
        opened.finish()
        yield opened


@pytest.fixture(scope="module")
def asked(library: Library) -> Answerer:
    return Answerer(library, Searcher(library, today=lambda: TODAY), shipped_gate())


@pytest.fixture(scope="module")
def willing(library: Library) -> Answerer:
    """Answers from whatever was found: for what an answer looks like, whatever the gate thinks."""
    return Answerer(library, Searcher(library, today=lambda: TODAY), OPEN_GATE)


@pytest.fixture(scope="module")
def laws_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    """A library without guides that answers whatever it is asked."""
    with open_library(tmp_path_factory.mktemp("laws"), HashingEmbedder()) as opened:
        opened.publish(LAW)
        opened.finish()
        yield Answerer(opened, Searcher(opened, today=lambda: TODAY), OPEN_GATE)


def numbers_in(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,/:]\d+)*", text))


def stands_in_its_sources(answer: Answer, passages: dict[str, str]) -> bool:
    """Whether quotes are verbatim, and every number of the answer stands in its quote or citation."""
    known: set[str] = set()
    for citation in answer.citations:
        if citation.quote not in passages[citation.id]:
            return False
        day = date.fromisoformat(citation.date) if citation.date else None
        told = (
            citation.quote,
            citation.number,
            citation.locator,
            citation.title,
            f"{day:%d/%m/%Y}" if day else "",
        )
        known |= set().union(*map(numbers_in, told))
    return numbers_in(answer.text) <= known


def passage_texts(library: Library) -> dict[str, str]:
    return {passage.name: passage.text for passage in library.record.all_passages(PUBLIC)}


@pytest.mark.parametrize(
    "question", ["hang xom danh nhau thi goi ai hoa giai", "Nhờ tổ hòa giải thì nói với ai?"]
)
def test_a_guide_answers_with_its_section_and_its_citation(asked: Answerer, question: str) -> None:
    answer = asked.answer(question, PUBLIC)
    (passage,) = MEDIATION.passages[:1]
    assert (answer.status, answer.kind, answer.text) == (Status.ANSWERED, "guide", passage.text)
    (citation,) = answer.citations
    assert (citation.id, citation.title) == ("guide:hoa-giai#xin-hoa-giai", "Hòa giải ở cơ sở")
    assert (citation.date, citation.date_kind) == ("2026-11-22", "as_of")
    assert citation.locator == passage.heading
    assert citation.articles == ("35/2013/QH13+16",)
    assert citation.references == ("Luật Hòa giải ở cơ sở, Điều 16",)
    assert answer.suggestions == ("Bên kia không chịu hòa giải thì sao?",)


def test_a_suggested_question_is_answered(asked: Answerer) -> None:
    """Each suggestion of an answer is one that the same person could ask and get an answer to."""
    for question in ("nhờ tổ hòa giải thì nói với ai", "báo tin tội phạm ở công an xã thế nào"):
        for suggestion in asked.answer(question, PUBLIC).suggestions:
            assert asked.answer(suggestion, PUBLIC).citations[0].locator == suggestion


def test_a_law_answers_in_its_own_words_and_names_article_and_clause(asked: Answerer) -> None:
    answer = asked.answer("Âm thanh dẫn dụ chim yến được phát từ mấy giờ đến mấy giờ?", PUBLIC)
    assert (answer.status, answer.kind) == (Status.ANSWERED, "passage")
    (citation,) = answer.citations
    assert citation.quote in LONG_CLAUSES
    assert "70 dBA" in citation.quote
    assert (citation.number, citation.locator) == ("13/2020/NĐ-CP", "khoản 2 Điều 25")
    assert (citation.date, citation.date_kind, citation.url) == (
        "2020-03-05",
        "effective",
        "https://example.org/13-2020",
    )
    lead, rest = answer.text.split("\n\n", 1)
    for told in ("13/2020/NĐ-CP", "Nghị định về chăn nuôi", "khoản 2 Điều 25", "05/03/2020"):
        assert told in lead
    assert rest == f"{citation.quote}\n\n{say('ask.law_may_have_changed', 'vi')}"


@pytest.mark.parametrize(
    "question",
    [
        "giá vàng hôm nay bao nhiêu một chỉ", "Cách nấu bún bò Huế ngon?", "what is the capital of France",
        "ket qua bong da toi qua",
    ],
)  # fmt: skip
def test_what_no_document_says_is_refused(asked: Answerer, question: str) -> None:
    """A refusal is a value: it names who to ask, and cites nothing."""
    answer = asked.answer(question, PUBLIC)
    assert (answer.status, answer.kind, answer.citations, answer.numbers) == (Status.REFUSED, None, (), ())
    assert answer.text.startswith(say("ask.refusal", "vi"))


@pytest.mark.parametrize("question", ["chồng đang đánh tôi cứu với", "chong dang danh toi cuu voi"])
def test_danger_comes_first_even_where_a_guide_matches(asked: Answerer, question: str) -> None:
    """The question is a guide's own variant; the numbers to call come all the same, and no search."""
    for language, audience in zip(LANGUAGES, (PUBLIC, Audience.OFFICER), strict=True):
        answer = asked.answer(question, audience, language, ("tố giác ở xã thì sao",))
        assert answer.status is Status.DANGER
        assert "113" in {number.number for number in answer.numbers}
        assert all(number.label for number in answer.numbers)
        assert (answer.citations, answer.timings.embed) == ((), 0.0)


BEFORE = "báo tin tội phạm ở công an tỉnh thế nào"


def test_a_follow_up_leans_on_the_question_before(asked: Answerer) -> None:
    """The same few words after two different questions get two different answers."""
    about_mediation = ("nhờ tổ hòa giải thì nói với ai",)
    for previous, slug in ((about_mediation, "hoa-giai"), ((*about_mediation, BEFORE), "to-giac-o-dau")):
        followed = asked.answer("thế rồi sao nữa?", PUBLIC, "vi", previous)
        assert followed.citations[0].id.startswith(f"guide:{slug}#")
    alone = asked.answer(about_mediation[0], PUBLIC, "vi", (BEFORE,))
    assert alone.citations[0].id == "guide:hoa-giai#xin-hoa-giai"


def test_a_follow_up_is_answered_for_what_is_new_in_it(asked: Answerer) -> None:
    """Asked about the province first and then about the commune, the commune's section answers."""
    assert asked.answer(BEFORE, PUBLIC).citations[0].id == "guide:to-giac-o-dau#o-tinh"
    followed = asked.answer("thế còn ở công an xã?", PUBLIC, "vi", (BEFORE,))
    assert followed.citations[0].id == "guide:to-giac-o-dau#o-xa"


def test_what_is_out_of_force_does_not_answer(asked: Answerer, willing: Answerer, library: Library) -> None:
    """Expired yesterday, in force from tomorrow: neither is quoted, suggested or ranked."""
    question = "Thả diều sáo phải xin phép trước mấy ngày?"
    names = {f"laws/{key}.txt#9" for key in ("het-han", "chua-toi")}
    assert asked.answer(question, PUBLIC).status is Status.REFUSED
    answer = willing.answer(question, PUBLIC)
    assert names.isdisjoint({citation.id for citation in answer.citations})
    assert names.isdisjoint({passage.name for passage in willing.rank(question, PUBLIC)})
    before = Searcher(library, today=lambda: date(2026, 11, 21)).search(question, PUBLIC)
    assert before.documents[0].passage.name == "laws/het-han.txt#9"
    after = Searcher(library, today=lambda: date(2026, 11, 23)).search(question, PUBLIC)
    assert after.documents[0].passage.name == "laws/chua-toi.txt#9"


def test_many_expired_passages_do_not_crowd_out_one_in_force(tmp_path: Path) -> None:
    """An old law of forty like clauses and its successor of one: the successor answers."""
    with open_library(tmp_path, HashingEmbedder()) as library:
        clauses = [f"Thả diều sáo xin phép trước {n} ngày" for n in range(40)]
        library.publish(document("old", *clauses, kind=DocumentKind.LAW, expires=date(2020, 1, 1)))
        library.publish(
            document("new", "Diều sáo nay thả tự do, khỏi cần giấy tờ gì nữa", kind=DocumentKind.LAW)
        )
        library.finish()
        found = Searcher(library, today=lambda: TODAY).search("thả diều sáo xin phép", PUBLIC)
        assert [hit.passage.meta.key for hit in found.documents] == ["new"]


QUESTIONS = [
    "nhờ tổ hòa giải thì nói với ai", "am thanh dan du chim yen", "nhà yến cách trường học bao nhiêu mét",
    "phạt bao nhiêu tiền", "dan ong mat di chuyen", "tố giác ở xã thì sao",
    "when can I play sounds for birds",
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_stands_in_the_cited_passage(
    willing: Answerer, laws_only: Answerer, library: Library, question: str, language: Language
) -> None:
    """Whatever is answered: quotes are verbatim, and no number is ours."""
    for answerer in (willing, laws_only):
        answer = answerer.answer(question, PUBLIC, language)
        assert answer.status is Status.ANSWERED
        assert stands_in_its_sources(answer, passage_texts(library))


def test_an_english_question_gets_an_english_lead(
    asked: Answerer, willing: Answerer, laws_only: Answerer
) -> None:
    """Our words are English, the quotation stays Vietnamese and verbatim."""
    answer = willing.answer("Who do I ask to mediate a quarrel with my neighbour?", PUBLIC, "en")
    assert answer.text == say("ask.guide_in_vietnamese", "en", text=answer.citations[0].quote)
    assert answer.text != answer.citations[0].quote
    law = laws_only.answer("am thanh dan du chim yen", PUBLIC, "en")
    lead = law.text.split("\n\n")[0]
    assert "says (in Vietnamese)" in lead
    assert law.citations[0].quote in LONG_CLAUSES
    refusal = asked.answer("what is the capital of France", PUBLIC, "en")
    assert refusal.text.startswith(say("ask.refusal", "en"))


def told(answer: Answer) -> tuple[object, ...]:
    return (answer.status, answer.text, answer.citations, answer.suggestions)


def test_only_the_first_characters_of_a_question_are_read(asked: Answerer) -> None:
    """What stands beyond the limit changes nothing, not even a cry for help."""
    question = "nhờ tổ hòa giải thì nói với ai".ljust(QUESTION_LIMIT)
    assert QUESTION_LIMIT == 2_000
    assert told(asked.answer(question + "chồng đang đánh tôi cứu với", PUBLIC)) == told(
        asked.answer(question, PUBLIC)
    )
    assert asked.answer(question, PUBLIC).citations[0].id == "guide:hoa-giai#xin-hoa-giai"


def test_a_question_of_a_million_characters_is_soon_answered(laws_only: Answerer) -> None:
    for question in ("đ" * 1_000_000, "thả diều " * 100_000):
        assert laws_only.answer(question, PUBLIC).timings.total < 5_000


@pytest.mark.parametrize("question", ["", " \n\t ", "?!…", "\x00", "\ud83d", "\ud83d\x00\udc4d"])
def test_what_says_nothing_is_refused_and_breaks_nothing(asked: Answerer, question: str) -> None:
    for language in LANGUAGES:
        answer = asked.answer(question, PUBLIC, language)
        assert answer.status is Status.REFUSED
        assert answer.citations == ()
        answer.text.encode("utf-8")
    asked.rank(question, PUBLIC)


@pytest.mark.parametrize("question", ["🙏", "🚒🔥", ":)", "a\u0300" * 50])
def test_a_sign_without_words_gets_a_kind_word_and_the_number_to_call(asked: Answerer, question: str) -> None:
    for language in LANGUAGES:
        answer = asked.answer(question, PUBLIC, language)
        assert (answer.status, answer.kind, answer.citations) == (Status.ANSWERED, "talk", ())
        assert "113" in answer.text


def test_stray_signs_and_composition_do_not_change_an_answer(asked: Answerer) -> None:
    """NFD, an old tone placement, a NUL, half an emoji: all the same question."""
    plain = "nhờ tổ hòa giải thì nói với ai"
    wanted = asked.answer(plain, PUBLIC).citations
    variants = (
        unicodedata.normalize("NFD", plain), plain.replace("hòa", "hoà"), plain + "\x00", plain + " \ud83d",
        plain + " 🙏", plain.upper(), f"  {plain}\n",
    )  # fmt: skip
    for variant in variants:
        assert asked.answer(variant, PUBLIC).citations == wanted


@given(question=st.text(max_size=300), previous=st.lists(st.text(max_size=60), max_size=3).map(tuple))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_gets_an_answer(laws_only: Answerer, question: str, previous: tuple[str, ...]) -> None:
    """Nothing a stranger types raises, and every answer can be written down."""
    answer = laws_only.answer(question, PUBLIC, "vi", previous)
    assert answer.status in Status
    answer.text.encode("utf-8")
    assert answer.timings.total >= answer.timings.embed + answer.timings.search


def test_marks_left_off_lead_to_the_same_section(asked: Answerer) -> None:
    for draft in (MEDIATION, REPORTING):
        for passage in draft.passages:
            marked, folded = (asked.answer(spell(passage.heading), PUBLIC) for spell in (str, fold))
            assert marked.citations == folded.citations != ()
