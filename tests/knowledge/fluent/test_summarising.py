"""A long document in points with their places, for members; each point checked, or else its own words."""

from __future__ import annotations

import json

import pytest

from knowledge.answer import Status
from knowledge.fluent.leaving import Asks, Leaving
from knowledge.fluent.summarising import PARTS, first_sentence
from knowledge.fluent.summary_asked import documents_meant, summary_asked
from knowledge.model import Audience, DocumentMeta, PassageDraft
from prompts.catalog import text
from tests.fakes.drafts import document
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.fluency import fluency, fluent_answerer
from tests.fakes.libraries import open_library
from tests.fakes.openai.scripted import HANGS, NOT_JSON, Scripted, claims

ASKED = "tóm tắt văn bản 12/KH-UBND"
HELD_BACK = "Ban tổ chức giữ chìa khóa ở ngăn tủ số 9."
_SENTENCES = (
    "Tổ tuần tra có 12 thành viên, do trưởng xóm làm tổ trưởng.",
    "Các tối thứ Bảy tổ đi tuần từ 21 giờ đến 23 giờ.",
    "Người đi tuần mang đèn pin và còi, không mang hung khí.",
    "Sổ trực để ở nhà văn hóa, ghi ngay sau buổi tuần.",
    "Công an xã nhận tin của tổ qua đường dây nóng 113.",
    "Hội Phụ nữ nấu cháo cho người đi tuần.",
    "Đoàn Thanh niên cử 4 bạn đi cùng mỗi buổi.",
    "Ai ốm thì báo tổ trưởng trước 18 giờ để đổi ca.",
    "Kinh phí là 3 triệu đồng, lấy từ quỹ của xóm.",
    "Mỗi tháng tổ họp một lần vào ngày 5.",
    "Người có công được khen ở hội nghị cuối năm.",
    "Kế hoạch làm đến hết tháng 12 năm 2026.",
)
_PARTS = [
    PassageDraft(
        anchor=f"m{n}", heading=f"Mục {n}", locator=f"mục {n}", text=f"{sentence} Tổ trưởng chịu trách nhiệm."
    )
    for n, sentence in enumerate(_SENTENCES, 1)
]


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    with open_library(tmp_path_factory.mktemp("plans"), HashingEmbedder()) as library:
        for draft in (
            document(
                "k/tuan-tra.txt",
                *_PARTS,
                title="Kế hoạch tuần tra đêm",
                number="12/KH-UBND",
                audience=Audience.MEMBER,
            ),
            document(
                "k/can-bo.txt", HELD_BACK, title="Kế hoạch tuần tra của cán bộ", audience=Audience.OFFICER
            ),
            document(
                "k/cu.txt",
                "Các tổ trực từ 22 giờ.",
                title="Quy ước giữ xóm năm trước",
                number="15/2025/KH-UBND",
                audience=Audience.MEMBER,
            ),
            document(
                "k/moi.txt",
                "Các tổ trực từ 21 giờ.",
                title="Quy ước bảo vệ xóm",
                number="40/2026/KH-UBND",
                audience=Audience.OFFICER,
                replaces=("15/2025/KH-UBND",),
            ),
            document("k/tet-1.txt", "Họp ngày mồng một.", title="Lịch họp chi hội xóm Trên"),
            document("k/tet-2.txt", "Họp ngày rằm.", title="Lịch họp chi hội xóm Dưới"),
        ):
            library.publish(draft)
        library.finish()
        yield library


def points(received) -> Scripted:
    """Every passage's first sentence as a claim, quoted."""
    told = [
        (body.split(". ")[0] + ".", name, body.split(". ")[0])
        for name, text in received.data().items()
        if name.startswith("e") and (body := text.partition("\n")[2])
    ]
    return claims(*told[:6])


def plainly(library, question: str, audience: Audience = Audience.MEMBER):
    """What is told without a model."""
    return fluent_answerer(library, None).answer(question, audience)


@pytest.fixture
def fluently(papers, server, tmp_path):
    """What a member is told with the scripted model, which is shown up to what *shows* may see."""

    def told(reply, shows: Audience = Audience.OFFICER):
        server.default = reply
        leaving = Leaving(asks=Asks.REDACTED, shows=shows)
        with fluency(server.url, tmp_path, leaving=leaving, budget_s=0.5 if reply is HANGS else 20.0) as made:
            return fluent_answerer(papers, made).answer(ASKED, Audience.MEMBER)

    return told


def test_a_document_that_another_replaces_is_not_summed_up_as_if_it_held(papers):
    """As far as the asker may see the other one."""
    old = plainly(papers, "tóm tắt 15/2025/KH-UBND", Audience.OFFICER)
    assert "40/2026/KH-UBND" in old.text
    assert any("40/2026/KH-UBND" in note for note in old.notes)
    assert "40/2026/KH-UBND" not in plainly(papers, "tóm tắt 15/2025/KH-UBND").text


@pytest.mark.parametrize(
    "question",
    [
        ASKED,
        "tom tat giup toi ke hoach tuan tra dem",
        "Tóm lược kế hoạch tuần tra đêm với",
        "summarize 12/KH-UBND",
    ],
)
def test_a_wish_names_its_document_by_number_or_by_the_words_of_its_title(papers, question):
    answer = plainly(papers, question)
    assert answer.status is Status.ANSWERED
    assert answer.text.startswith(text("ask.summary_of", "vi", title="12/KH-UBND Kế hoạch tuần tra đêm"))
    assert {item.id.partition("#")[0] for item in answer.citations} == {"k/tuan-tra.txt"}


def test_without_a_model_the_first_sentences_of_parts_over_the_whole_are_told_with_their_places(papers):
    answer = plainly(papers, ASKED)
    assert len(answer.citations) == PARTS
    for item in answer.citations:
        assert item.quote in _SENTENCES
        assert f"- **{item.locator}**: {item.quote}" in answer.text
    assert answer.citations[0].locator == "mục 1"
    assert answer.citations[-1].locator in {"mục 11", "mục 12"}
    assert text("ask.summary_rest", "vi", count=len(_PARTS) - PARTS) in answer.text


def test_a_model_s_points_are_checked_and_cited(fluently):
    answer = fluently(points)
    assert answer.kind == "model"
    assert "Tổ tuần tra có 12 thành viên" in answer.text
    assert len(answer.citations) == 6
    assert all(item.id.startswith("k/tuan-tra.txt#") for item in answer.citations)


def test_a_point_with_another_number_is_not_told(fluently):
    def lying(received) -> Scripted:
        said = json.loads(points(received).text)
        said["claims"][0]["text"] = "Tổ tuần tra có 21 thành viên, do trưởng xóm làm tổ trưởng."
        return Scripted(text=json.dumps(said, ensure_ascii=False))

    answer = fluently(lying)
    assert answer.kind == "model"
    assert "21 thành viên" not in answer.text
    assert len(answer.citations) == 5


@pytest.mark.parametrize("reply", [NOT_JSON, claims(refusal=True), HANGS], ids=["prose", "refusal", "hangs"])
def test_a_model_that_fails_leaves_the_document_s_own_words(papers, fluently, reply):
    answer = fluently(reply)
    assert answer.kind == "passage"
    assert answer.text == plainly(papers, ASKED).text


def test_a_stranger_s_model_is_not_shown_a_members_document(fluently, server):
    answer = fluently(points, Audience.PUBLIC)
    assert answer.kind == "passage"
    assert "trưởng xóm" not in server.heard()


def test_the_public_gets_no_summary_and_no_hint_that_there_is_a_document(papers):
    asked, none = (
        plainly(papers, question, Audience.PUBLIC) for question in (ASKED, "tóm tắt văn bản 77/KH-UBND")
    )
    assert "tuần tra đêm" not in asked.text
    assert "trưởng xóm" not in asked.text
    assert asked.text.replace("12/KH", "77/KH") == none.text


def test_a_member_cannot_have_an_officers_document_plainly(papers):
    question = "tóm tắt kế hoạch tuần tra của cán bộ"
    assert HELD_BACK not in plainly(papers, question).text
    assert HELD_BACK in plainly(papers, question, Audience.OFFICER).text


def test_two_documents_of_that_name_are_asked_back_for_and_each_choice_is_answered(papers):
    answer = plainly(papers, "tóm tắt lịch họp chi hội")
    assert answer.citations == ()
    assert len(answer.suggestions) == 2
    told = {plainly(papers, choice).citations[0].quote for choice in answer.suggestions}
    assert told == {"Họp ngày mồng một.", "Họp ngày rằm."}


@pytest.mark.parametrize(
    "question", ["tóm tắt", "tóm tắt giúp mình với", "ai viết bản tóm tắt kế hoạch?", "giờ làm việc"]
)
def test_what_wishes_for_no_summary_or_names_nothing_is_no_wish(question):
    assert summary_asked(question) is None


def test_a_number_decides_before_words():
    metas = [
        DocumentMeta(key="a", title="Kế hoạch tuần tra", number="12/KH-UBND"),
        DocumentMeta(key="b", title="Kế hoạch tuần tra 12"),
    ]
    assert [meta.key for meta in documents_meant(summary_asked("tóm tắt 12/KH-UBND tuần tra"), metas)] == [
        "a"
    ]


def test_a_first_sentence_is_verbatim_and_short():
    assert first_sentence("\n1. Mỗi tổ ba người. Đi tuần.") == "1. Mỗi tổ ba người."
    long = "chữ " * 200
    assert long.startswith(first_sentence(long))
    assert len(first_sentence(long)) <= 240
    assert len(first_sentence("a" * 999)) == 240
