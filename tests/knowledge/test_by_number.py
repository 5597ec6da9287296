"""Questions about a number come to the exact passage, or to an honest "not here"; never to a neighbour."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from knowledge.answer import Status
from knowledge.answering import Answerer
from knowledge.model import Audience, DocumentKind, PassageDraft, Reference
from knowledge.search import Searcher
from prompts.catalog import text as say
from tests.fakes.drafts import document, guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.gates import OPEN_GATE, SHUT_GATE
from tests.fakes.libraries import open_library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.answer import Answer
    from knowledge.library import Library
    from knowledge.model import DocumentDraft

TODAY = date(2026, 11, 28)
PUBLIC = Audience.PUBLIC


def article(number: str, place: str, text: str, *, heading: str = "") -> PassageDraft:
    return PassageDraft(
        anchor=f"dieu-{place}", heading=heading or f"Điều {place}", locator=f"Điều {place}", text=text,
        articles=(f"{number}+{place}",),
    )  # fmt: skip


def law(number: str, title: str, *passages: PassageDraft, **meta: object) -> DocumentDraft:
    return document(
        f"laws/{number.replace('/', '-')}.txt",
        *passages,
        title=title,
        number=number,
        kind=DocumentKind.LAW,
        **meta,
    )


MEDIATION = law(
    "35/2013/QH13", "Luật Hòa giải ở cơ sở",
    article("35/2013/QH13", "1", "Luật này quy định nguyên tắc hòa giải ở cơ sở."),
    article(
        "35/2013/QH13", "5",
        "1. Hòa giải ở cơ sở là tự nguyện.\n2. Giữ bí mật đời tư:\na) của các bên;\nđ) của người làm chứng.\n"
        "3. Kịp thời.",
    ),
    article("35/2013/QH13", "16", "1. Một bên yêu cầu.\n2. Hòa giải viên chứng kiến."),
    effective=date(2014, 1, 1),
)  # fmt: skip
DRUGS = law(
    "73/2021/QH14", "Luật Phòng, chống ma túy",
    article("73/2021/QH14", "1", "Luật này quy định về phòng, chống ma túy."),
    article("73/2021/QH14", "23", "Quản lý người sử dụng trái phép chất ma túy 01 năm."),
    effective=date(2022, 1, 1),
)  # fmt: skip
OLD_HALL = law(
    "10/2015/NĐ-CP", "Nghị định về hội quán", article("10/2015/NĐ-CP", "1", "Hội quán mở cửa từ 7 giờ."),
    effective=date(2015, 1, 1),
)  # fmt: skip
NEW_HALL = law(
    "20/2026/NĐ-CP", "Nghị định về hội quán", article("20/2026/NĐ-CP", "1", "Hội quán mở cửa từ 6 giờ."),
    effective=date(2026, 7, 1), replaces=("10/2015/NĐ-CP",),
)  # fmt: skip
COMING = law(
    "30/2027/NĐ-CP", "Nghị định về thả diều", article("30/2027/NĐ-CP", "1", "Thả diều phải xin phép."),
    effective=date(2027, 1, 1),
)  # fmt: skip
LINES = guide(
    "so-may",
    section(
        "ma-tuy", "Báo ma túy gọi số nào?", "Gọi **0769.04.04.04**, ngày đêm đều có người nghe.",
        "bao ma tuy goi so nao", "số báo ma túy", "đường dây ma túy",
    ),
    section(
        "tin-rac", "Tin nhắn rác báo ở đâu?", "Soạn tin gửi **156** hoặc **5656**, miễn phí.",
        "tin nhan rac bao dau", "156 và 5656 khác gì", "báo số lừa đảo",
    ),
    as_of=TODAY,
)  # fmt: skip
FINES = guide(
    "muc-phat",
    section(
        "bao-luc", "Đánh vợ con bị phạt thế nào?", "Từ 15/12/2025 phạt theo Nghị định 282/2025/NĐ-CP.",
        "danh vo bi phat bao nhieu", "mức phạt bạo lực gia đình", "đánh con bị phạt không",
        references=(Reference(title="Nghị định 282/2025/NĐ-CP"),),
    ),
    section(
        "to-giac", "Tố giác rồi có được báo kết quả không?", "Có, cơ quan giải quyết phải thông báo.",
        "to giac xong co duoc bao ket qua", "kết quả tố giác", "báo tin xong thì sao",
        articles=("101/2015/QH13+145",),
    ),
    section(
        "diem-moi", "Luật hòa giải có điều nào mới?", "Có điều mới về họp trên mạng.",
        "luat hoa giai co gi moi", "điều mới của luật hòa giải", "hòa giải trên mạng được không",
        articles=("35/2013/QH13+16a",),
    ),
    section(
        "quan-ly", "Người dùng ma túy bị quản lý mấy năm?", "Bị quản lý 1 năm, theo Luật 120/2025/QH15.",
        "nguoi nghien bi quan ly may nam", "quản lý người sử dụng ma túy mấy năm", "bị quản lý bao lâu",
        references=(Reference(title="Luật 120/2025/QH15"),),
    ),
    as_of=TODAY,
)  # fmt: skip
HIDDEN = [
    law(
        "40/2026/KH-UBND", "Kế hoạch tuần tra", article("40/2026/KH-UBND", "1", "Tuần tra lúc 22 giờ."),
        audience=Audience.MEMBER,
    ),
    document("noi-bo.txt", "Trực ban nội bộ: gọi 0203 555 6666.", audience=Audience.MEMBER),
    law(
        "50/2026/NĐ-CP", "Nghị định về hội quán mới",
        article("50/2026/NĐ-CP", "1", "Hội quán mở cửa từ 5 giờ."),
        audience=Audience.OFFICER, replaces=("20/2026/NĐ-CP",),
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("numbers"), HashingEmbedder()) as opened:
        for draft in (MEDIATION, DRUGS, OLD_HALL, NEW_HALL, COMING, LINES, FINES, *HIDDEN):
            opened.publish(draft)
        opened.finish()
        yield opened


@pytest.fixture(scope="module")
def asked(library: Library) -> Answerer:
    """Lets through whatever search brought: a neighbour would answer if it were let."""
    return Answerer(library, Searcher(library, today=lambda: TODAY), OPEN_GATE)


@pytest.fixture(scope="module")
def strict(library: Library) -> Answerer:
    """Lets nothing through that search brought: what answers here was looked up."""
    return Answerer(library, Searcher(library, today=lambda: TODAY), SHUT_GATE)


def told(answer: Answer) -> tuple[str, str]:
    (citation,) = answer.citations
    return citation.id.rpartition("#")[2], citation.quote


@pytest.mark.parametrize(
    "question",
    [
        "Điều 16 Luật Hòa giải ở cơ sở", "dieu 16 luat hoa giai", "điều 16 luật 35/2013",
        "Điều 16 Luật số 35/2013/QH13",
        "luật hòa giải cơ sở điều 16 nói gì", "nội dung điều 16 luật hòa giải ở cơ sở là gì",
    ],
)  # fmt: skip
def test_an_article_is_found_by_its_number_and_its_law(strict: Answerer, question: str) -> None:
    assert told(strict.answer(question, PUBLIC)) == (
        "dieu-16",
        "1. Một bên yêu cầu.\n2. Hòa giải viên chứng kiến.",
    )


@pytest.mark.parametrize(
    ("question", "quoted", "locator"),
    [
        ("khoản 1 điều 5 luật hòa giải", "1. Hòa giải ở cơ sở là tự nguyện.", "khoản 1 Điều 5"),
        (
            "Khoản 2 Điều 5 Luật 35/2013",
            "2. Giữ bí mật đời tư:\na) của các bên;\nđ) của người làm chứng.",
            "khoản 2 Điều 5",
        ),
        ("điểm đ khoản 2 điều 5 luật hòa giải", "đ) của người làm chứng.", "điểm đ khoản 2 Điều 5"),
    ],
)
def test_a_clause_and_a_point_are_quoted_alone(
    strict: Answerer, question: str, quoted: str, locator: str
) -> None:
    (citation,) = strict.answer(question, PUBLIC).citations
    assert (citation.quote, citation.locator) == (quoted, locator)


@pytest.mark.parametrize(
    "question",
    [
        "Điều 999 luật hòa giải", "khoản 9 điều 5 luật hòa giải", "điểm x khoản 2 điều 5 luật hòa giải",
        "điều 3 luật đường sắt", "nghị định 999/2030 quy định gì", "luật 999", "số 0912345678 là số gì",
        "119 là số gì", "điều 145", "Điều 777",
    ],
)  # fmt: skip
def test_a_number_that_nothing_holds_is_refused(strict: Answerer, question: str) -> None:
    answer = strict.answer(question, PUBLIC)
    assert (answer.status, answer.citations) == (Status.REFUSED, ())


@pytest.mark.parametrize(
    "question",
    [
        "Điều 999 luật hòa giải",
        "khoản 9 điều 5 luật hòa giải",
        "điều 3 luật đường sắt",
        "số 0912345678 là số gì",
        "Điều 777",
    ],
)
def test_no_neighbour_answers_even_where_everything_is_let_through(asked: Answerer, question: str) -> None:
    assert asked.answer(question, PUBLIC).status is Status.REFUSED


def test_a_refused_number_is_said(strict: Answerer) -> None:
    assert "Điều 999" in strict.answer("Điều 999 luật hòa giải", PUBLIC).text
    assert "Luật Hòa giải ở cơ sở" in strict.answer("Điều 999 luật hòa giải", PUBLIC).text
    assert "0912345678" in strict.answer("0912 345 678 là số gì", PUBLIC).text
    assert "999/2030" in strict.answer("nghị định 999/2030 quy định gì", PUBLIC).text


def test_an_article_without_its_law_asks_which_one(strict: Answerer) -> None:
    answer = strict.answer("khoản 2 điều 16", PUBLIC)
    assert answer.text == say("ask.which_law", "vi", asked="Khoản 2 Điều 16")


def test_a_follow_up_article_belongs_to_the_law_before(strict: Answerer) -> None:
    answer = strict.answer("thế còn điều 1?", PUBLIC, previous=("Điều 16 luật hòa giải ở cơ sở",))
    assert told(answer)[0] == "dieu-1"
    assert answer.citations[0].number == "35/2013/QH13"


def test_a_law_asked_for_by_number_answers_with_its_scope(strict: Answerer) -> None:
    answer = strict.answer("Luật 35/2013 quy định gì?", PUBLIC)
    assert told(answer) == ("dieu-1", "Luật này quy định nguyên tắc hòa giải ở cơ sở.")
    assert "01/01/2014" in answer.text


def test_an_ended_law_answers_by_number_dated_and_names_what_took_its_place(strict: Answerer) -> None:
    answer = strict.answer("luật 73/2021 quy định gì", PUBLIC)
    assert answer.status is Status.ANSWERED
    assert answer.text.startswith("**73/2021/QH14 đã hết hiệu lực từ 01/07/2026**")
    assert "120/2025/QH15" in answer.text
    assert answer.notes[0] in answer.text


def test_an_ended_law_does_not_answer_otherwise(asked: Answerer) -> None:
    answer = asked.answer("quản lý người sử dụng trái phép chất ma túy mấy năm", PUBLIC)
    assert all("73-2021" not in citation.id for citation in answer.citations)


def test_a_replaced_decree_says_when_it_ended_and_by_what(strict: Answerer, asked: Answerer) -> None:
    answer = strict.answer("nghị định 10/2015 quy định gì", PUBLIC)
    assert told(answer)[1] == "Hội quán mở cửa từ 7 giờ."
    assert answer.text.startswith("**10/2015/NĐ-CP đã hết hiệu lực từ 01/07/2026**")
    assert "20/2026/NĐ-CP" in answer.text
    current = asked.answer("hội quán mở cửa từ mấy giờ", PUBLIC)
    assert current.citations[0].quote == "Hội quán mở cửa từ 6 giờ."
    assert len(current.citations) == 1, "what is over is no second opinion"


def test_a_hidden_successor_is_not_named_and_changes_nothing(strict: Answerer) -> None:
    answer = strict.answer("nghị định 20/2026 quy định gì", PUBLIC)
    assert told(answer)[1] == "Hội quán mở cửa từ 6 giờ."
    assert "50/2026" not in answer.text
    assert "hết hiệu lực" not in answer.text
    officer = strict.answer("nghị định 20/2026 quy định gì", Audience.OFFICER)
    assert "50/2026/NĐ-CP" in officer.text


def test_what_is_to_come_says_from_when_and_does_not_answer_as_current(
    strict: Answerer, asked: Answerer
) -> None:
    answer = strict.answer("nghị định 30/2027 quy định gì", PUBLIC)
    assert answer.text.startswith("**30/2027/NĐ-CP chưa có hiệu lực**")
    assert "01/01/2027" in answer.text
    general = asked.answer("thả diều phải xin phép ai", PUBLIC)
    assert all("30-2027" not in citation.id for citation in general.citations)


def test_a_law_that_is_not_held_is_answered_by_the_guide_that_cites_it(strict: Answerer) -> None:
    answer = strict.answer("nghị định 282/2025 quy định gì", PUBLIC)
    assert told(answer)[0] == "bao-luc"
    assert "282/2025/NĐ-CP" in answer.notes[0]
    assert told(strict.answer("Điều 145 Bộ luật Tố tụng hình sự", PUBLIC))[0] == "to-giac"
    assert told(strict.answer("điều 145 bltths", PUBLIC))[0] == "to-giac"


def test_a_law_whose_successor_a_guide_cites_says_that_it_is_over(strict: Answerer) -> None:
    answer = strict.answer("nghị định 144/2021 còn hiệu lực không", PUBLIC)
    assert told(answer)[0] == "bao-luc"
    assert "144/2021/NĐ-CP đã hết hiệu lực từ 15/12/2025" in answer.text
    assert "282/2025/NĐ-CP" in answer.text


def test_a_law_that_only_the_register_knows_is_refused_with_what_is_known(strict: Answerer) -> None:
    answer = strict.answer("nghị định 27/2018 quy định gì", PUBLIC)
    assert answer.status is Status.REFUSED
    assert "27/2018/NĐ-CP đã hết hiệu lực từ 26/05/2026" in answer.text
    assert "185/2026/NĐ-CP" in answer.text


def test_an_article_that_the_copy_lacks_is_answered_by_the_guide_that_cites_it(strict: Answerer) -> None:
    assert told(strict.answer("điều 16a luật hòa giải", PUBLIC))[0] == "diem-moi"


def test_a_year_tells_which_law_of_a_name_is_meant(strict: Answerer) -> None:
    answer = strict.answer("điều 23 luật phòng chống ma túy 2021", PUBLIC)
    assert told(answer)[1] == "Quản lý người sử dụng trái phép chất ma túy 01 năm."
    assert answer.text.startswith("**73/2021/QH14 đã hết hiệu lực")
    today = strict.answer("điều 23 luật phòng chống ma túy", PUBLIC)
    assert today.status is Status.REFUSED, "the law of today has that name, and its text is not held"
    assert "120/2025/QH15" in today.text


def test_a_question_under_an_ended_law_is_answered_from_what_took_its_place(asked: Answerer) -> None:
    answer = asked.answer("theo luật 73/2021 người dùng ma túy bị quản lý mấy năm", PUBLIC)
    assert told(answer)[0] == "quan-ly"
    assert "73/2021/QH14 đã hết hiệu lực từ 01/07/2026" in answer.text
    assert "chưa có toàn văn" not in answer.text, "it is held, only over"


def test_a_text_that_guides_only_cite_is_refused_with_their_questions(strict: Answerer) -> None:
    answer = strict.answer("bộ luật tố tụng hình sự 101/2015/QH13 nói gì", PUBLIC)
    assert answer.status is Status.REFUSED
    assert answer.suggestions == ("Tố giác rồi có được báo kết quả không?",)


@pytest.mark.parametrize(
    ("question", "anchor"),
    [
        ("số 0769040404 là số gì", "ma-tuy"), ("0769.04.04.04", "ma-tuy"), ("0769 040 404 của ai", "ma-tuy"),
        ("156 với 5656 khác gì", "tin-rac"), ("5656 la so gi", "tin-rac"),
    ],
)  # fmt: skip
def test_a_phone_is_found_in_every_spelling(strict: Answerer, question: str, anchor: str) -> None:
    assert told(strict.answer(question, PUBLIC))[0] == anchor


def test_of_two_numbers_the_one_that_nothing_holds_is_said(strict: Answerer) -> None:
    answer = strict.answer("156 với 8888 khác gì", PUBLIC)
    assert told(answer)[0] == "tin-rac"
    assert "8888" in answer.text.rpartition("\n\n")[2]


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("kế hoạch 40/2026/KH-UBND nói gì", "kế hoạch 41/2026/KH-UBND nói gì"),
        ("số 02035556666 là số gì", "số 02035556667 là số gì"),
        ("nghị định 50/2026 quy định gì", "nghị định 51/2026 quy định gì"),
        ("điều 1 nghị định 50/2026", "điều 1 nghị định 51/2026"),
    ],
)
def test_a_hidden_number_is_refused_in_the_words_of_one_that_does_not_exist(
    strict: Answerer, question: str, unknown: str
) -> None:
    hidden, nothing = strict.answer(question, PUBLIC), strict.answer(unknown, PUBLIC)
    assert hidden.status is nothing.status is Status.REFUSED
    digits = {"40": "41", "50": "51", "02035556666": "02035556667"}
    same = next(hidden.text.replace(a, b) for a, b in digits.items() if a in hidden.text)
    assert same == nothing.text
    assert hidden.suggestions == nothing.suggestions


def test_who_may_see_a_document_finds_it_by_its_numbers(strict: Answerer) -> None:
    assert told(strict.answer("40/2026/KH-UBND nói gì", Audience.MEMBER))[1] == "Tuần tra lúc 22 giờ."
    assert "0203 555 6666" in told(strict.answer("số 02035556666 là số gì", Audience.MEMBER))[1]


def test_evaluation_ranks_the_exact_passage_first(strict: Answerer) -> None:
    assert strict.rank("Điều 16 luật hòa giải", PUBLIC)[0].anchor == "dieu-16"


def test_a_question_in_english_gets_the_same_article(strict: Answerer) -> None:
    answer = strict.answer("what does Điều 16 Luật Hòa giải ở cơ sở say?", PUBLIC, "en")
    assert told(answer)[0] == "dieu-16"
    assert "in Vietnamese" in answer.text
