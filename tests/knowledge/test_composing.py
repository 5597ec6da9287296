"""What an answer says of its sources: both where they differ, drafts by name, old offices, and time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from knowledge.answer import Status
from knowledge.answering import Answerer
from knowledge.model import Audience, DocumentKind, PassageDraft
from knowledge.search import Searcher
from prompts.catalog import text as say
from tests.fakes.drafts import document, guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.gates import OPEN_GATE
from tests.fakes.libraries import open_library

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.answer import Answer
    from knowledge.model import DocumentDraft

TODAY = date(2026, 11, 28)
PUBLIC = Audience.PUBLIC
QUESTION = "hòa giải viên được phân công thì mấy ngày phải bắt đầu hòa giải"


def ask(folder: Path, question: str, *drafts: DocumentDraft, audience: Audience = PUBLIC) -> Answer:
    """What a library of *drafts* answers; the gate lets everything through."""
    with open_library(folder, HashingEmbedder()) as library:
        for draft in drafts:
            library.publish(draft)
        library.finish()
        searcher = Searcher(library, today=lambda: TODAY)
        return Answerer(library, searcher, OPEN_GATE).answer(question, audience)


def law(days: str, **meta: object) -> DocumentDraft:
    text = f"Hòa giải viên bắt đầu tiến hành hòa giải trong thời hạn {days}, kể từ ngày được phân công."
    known = {"title": "Luật Hòa giải", "number": "1/2013/QH13", "effective": date(2014, 1, 1)} | meta
    passage = PassageDraft(
        anchor="dieu-20", text=text, locator="Điều 20", heading="Điều 20. Bắt đầu hòa giải"
    )
    return document("luat.txt", passage, kind=DocumentKind.LAW, **known)


def plan(days: str, **meta: object) -> DocumentDraft:
    text = f"Khi được phân công, hòa giải viên phải bắt đầu tiến hành hòa giải trong {days} làm việc."
    known = {"title": "Kế hoạch hòa giải", "number": "9/KH-UBND", "issued": date(2025, 5, 6)} | meta
    return document("ke-hoach.txt", text, **known)


def test_two_documents_that_differ_are_both_shown_the_higher_first(tmp_path: Path) -> None:
    answer = ask(tmp_path, QUESTION, plan("05 ngày"), law("03 ngày"))
    assert answer.status is Status.ANSWERED
    assert [citation.title for citation in answer.citations] == ["Luật Hòa giải", "Kế hoạch hòa giải"]
    assert say("ask.differ", "vi") in answer.text
    assert say("ask.differ_ask", "vi") in answer.text
    for told in (
        "03 ngày",
        "05 ngày",
        "1/2013/QH13",
        "01/01/2014",
        "06/05/2025",
        "(luật,",
        "(văn bản địa phương,",
    ):
        assert told in answer.text
    assert answer.text.index("03 ngày") < answer.text.index("05 ngày")


def test_of_two_of_one_rank_that_differ_the_newer_comes_first(tmp_path: Path) -> None:
    newer = plan("05 ngày")
    older = document(
        "ke-hoach-cu.txt", newer.passages[0].text.replace("05", "07"), title="Kế hoạch cũ",
        number="3/KH-UBND", issued=date(2019, 2, 3),
    )  # fmt: skip
    answer = ask(tmp_path, QUESTION, older, newer)
    assert [citation.title for citation in answer.citations] == ["Kế hoạch hòa giải", "Kế hoạch cũ"]


def test_two_documents_that_agree_are_one_answer(tmp_path: Path) -> None:
    answer = ask(tmp_path, QUESTION, plan("3 ngày"), law("03 ngày"))
    assert len(answer.citations) == 1
    assert say("ask.differ", "vi") not in answer.text


def test_a_document_that_differs_from_a_guide_is_shown_after_it(tmp_path: Path) -> None:
    ours = guide(
        "hoa-giai",
        section(
            "bat-dau", "Mấy ngày thì bắt đầu hòa giải?",
            "Hòa giải viên được phân công phải bắt đầu tiến hành hòa giải trong **03 ngày**.",
            QUESTION, "may ngay thi hoa giai vien bat dau", "bao lâu thì bắt đầu hòa giải",
        ),
        title="Hòa giải", as_of=date(2026, 11, 1),
    )  # fmt: skip
    answer = ask(tmp_path, QUESTION, ours, plan("05 ngày"))
    assert answer.kind == "guide"
    assert [citation.id for citation in answer.citations] == ["guide:hoa-giai#bat-dau", "ke-hoach.txt#p0"]
    assert "(cẩm nang Bình An," in answer.text


def test_a_hidden_document_contradicts_nobody_who_may_not_see_it(tmp_path: Path) -> None:
    drafts = (law("03 ngày"), plan("05 ngày", audience=Audience.MEMBER))
    answer = ask(tmp_path / "a", QUESTION, *drafts)
    assert (
        answer == ask(tmp_path / "b", QUESTION, drafts[0])
        or answer.text == ask(tmp_path / "c", QUESTION, drafts[0]).text
    )
    assert "05 ngày" not in answer.text
    member = ask(tmp_path / "d", QUESTION, *drafts, audience=Audience.MEMBER)
    assert "05 ngày" in member.text


def test_what_is_over_contradicts_nobody(tmp_path: Path) -> None:
    answer = ask(tmp_path, QUESTION, law("03 ngày"), plan("05 ngày", expires=date(2026, 1, 1)))
    assert len(answer.citations) == 1


def test_a_draft_is_named_as_one(tmp_path: Path) -> None:
    answer = ask(tmp_path, QUESTION, law("03 ngày", title="Dự thảo Luật Hòa giải", number="", effective=None))
    assert answer.text.startswith("**Đây mới là dự thảo**")
    assert say("ask.law_may_have_changed", "vi") not in answer.text


def test_a_draft_contradicts_nobody(tmp_path: Path) -> None:
    draft = plan("05 ngày", title="Dự thảo Kế hoạch hòa giải")
    answer = ask(tmp_path, QUESTION, law("03 ngày"), draft)
    assert [citation.title for citation in answer.citations] == ["Luật Hòa giải"]


@pytest.mark.parametrize(
    ("issued", "flagged"), [(date(2021, 6, 20), True), (None, True), (date(2026, 6, 20), False)]
)
def test_an_old_office_is_said_once_where_the_document_is_old(
    tmp_path: Path, issued: date | None, flagged: bool
) -> None:
    page = document(
        "tin.txt", "Người dân đến Công an huyện X để tố giác.", title="Nơi tố giác", issued=issued
    )
    answer = ask(tmp_path, "người dân đến đâu để tố giác", page)
    said = "Đoạn này còn nhắc “công an huyện”: từ 1/3/2025"
    assert answer.text.count(said) == int(flagged)
    assert bool(answer.notes) is flagged


def test_a_guide_that_explains_the_change_is_not_flagged(tmp_path: Path) -> None:
    ours = guide(
        "noi-gi",
        section(
            "huyen", "Còn công an huyện không?", "Từ 1/3/2025 không còn công an huyện. Đến công an xã.",
            "con cong an huyen khong", "công an huyện còn không", "hỏi công an huyện ở đâu",
        ),
        as_of=date(2024, 1, 1),
    )  # fmt: skip
    answer = ask(tmp_path, "công an huyện còn không", ours)
    assert answer.text == ours.passages[0].text


def test_an_amended_law_says_by_what_and_one_in_doubt_says_why(tmp_path: Path) -> None:
    amended = ask(tmp_path / "a", QUESTION, law("03 ngày", number="102/2016/QH13"))
    assert "28/2018/QH14" in amended.text
    assert say("ask.law_may_have_changed", "vi") not in amended.text
    doubtful = ask(tmp_path / "b", QUESTION, law("03 ngày", number="49/2020/NĐ-CP"))
    assert "41/2019/QH14" in doubtful.text
    assert doubtful.notes[-1] in doubtful.text


def test_every_sentence_of_our_own_about_time_is_noted(tmp_path: Path) -> None:
    """The claim check takes notes away, and what is left must stand in the sources."""
    answer = ask(tmp_path, QUESTION, law("03 ngày", number="49/2020/NĐ-CP"), plan("05 ngày"))
    assert all(note in answer.text for note in answer.notes)
    rest = answer.text
    for note in answer.notes:
        rest = rest.replace(note, "")
    assert "127/2025/QH15" not in rest
