"""The report of an evaluation: whole in one file, safe to open, and silent about what others may not see."""

from __future__ import annotations

import base64
import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest

from bot.reports.evaluation import Made, evaluation_html
from knowledge.answer import Answer, Citation, Status, Timings
from knowledge.evaluation import Row, evaluate
from knowledge.model import Audience
from tests.fakes.elements import Elements

if TYPE_CHECKING:
    from prompts.catalog import Language

HOSTILE = '<script>alert("x")</script><img src=http://example.org/x>'
MEMBER_ONLY = "sổ trực mã 7741"
PNG_LIMIT = 120_000  # bytes of one picture
PAGE_LIMIT = 600_000  # bytes of the page


def _said(name: str, source: str, text: str) -> Answer:
    citation = Citation(
        id=name, title=source, number="", locator="Mục", date="", date_kind="", url="", quote=text
    )
    timings = Timings(embed=12.0, search=3.5, total=16.0)
    return Answer(status=Status.ANSWERED, text=text, citations=(citation,), timings=timings, confidence=0.8)


REFUSED = Answer(status=Status.REFUSED, text="", suggestions=("Xin hòa giải thế nào?",), confidence=0.1)
DANGER = Answer(status=Status.DANGER, text="")
GOLD = frozenset({"guide:a#x"})
MEMBER = frozenset({"guide:noi-bo#kin"})
#     a row, and what is said to it
CASES: list[tuple[Row, Answer]] = [
    (Row(id="1", question="câu đúng", expect="answer", gold=GOLD, style="plain", topic="hoa-giai"),
     _said("guide:a#x", "Hòa giải", "Gặp hòa giải viên.")),
    (Row(id="2", question=HOSTILE, expect="answer", gold=GOLD, style="plain", topic="to-giac/info"),
     _said("guide:b#y", "Chuyện khác", "**Đi** chỗ khác.")),
    (Row(id="3", question="câu bị giữ lại", expect="answer", gold=GOLD, style="no_marks"), REFUSED),
    (Row(id="4", question="giá vàng hôm nay", expect="refuse"), REFUSED),
    (Row(id="5", question="giá xăng hôm nay", expect="refuse"), _said("guide:b#y", "Chuyện khác", "Xăng.")),
    (Row(id="6", question="cứu tôi", expect="danger"), DANGER),
    (Row(id="7", question="nhà cháy", expect="danger"), REFUSED),
    (Row(id="8", question="cờ bạc là gì", expect="answer", gold=GOLD), DANGER),
    (Row(id="9", question=f"{MEMBER_ONLY} ở đâu", expect="answer", gold=MEMBER, audience=Audience.MEMBER),
     _said("guide:b#y", MEMBER_ONLY, MEMBER_ONLY)),
]  # fmt: skip
SAID = {row.question: answer for row, answer in CASES}


@cache
def page(language: Language) -> str:
    """The report of the cases; without marks every question is refused."""
    report = evaluate(
        [row for row, _ in CASES],
        lambda question, _: SAID.get(question, REFUSED),
        lambda question, _: [frozenset({citation.id for citation in SAID.get(question, REFUSED).citations})],
    )
    headings = {"guide:a#x": "Xin hòa giải thế nào?"}
    made = Made(report=report, file="câu <hỏi>.jsonl", day=date(2026, 11, 28), headings=headings)
    return evaluation_html(made, language)


def words(html: str) -> str:
    """What a reader sees, without tags."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", body)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_fetches_nothing_and_runs_nothing(language: Language) -> None:
    """Whoever opens it on a ward's computer calls nobody and runs no question."""
    html = page(language)
    elements = Elements(html)
    assert {"script", "link", "iframe", "form", "a"}.isdisjoint({tag for tag, _ in elements.found})
    sources = [str(attributes["src"]) for attributes in elements.named("img")]
    assert sources
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert "url(" not in html
    assert "@import" not in html
    policy = next(item["content"] for item in elements.named("meta") if "http-equiv" in item)
    assert str(policy).startswith("default-src 'none'")
    assert "&lt;script&gt;" in html
    assert not [
        attributes for _, attributes in elements.found if any(name.startswith("on") for name in attributes)
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_picture_has_words_and_is_light(language: Language) -> None:
    pictures = Elements(page(language)).named("img")
    assert len(pictures) == 4
    for picture in pictures:
        assert len(str(picture["alt"])) > 40
        drawn = base64.b64decode(str(picture["src"]).partition(",")[2])
        assert drawn.startswith(b"\x89PNG")
        assert len(drawn) < PNG_LIMIT
    assert len(page(language).encode()) < PAGE_LIMIT


def test_the_figures_are_those_of_the_questions() -> None:
    """Two rightly of five, one refused of two, one danger heard of two, one alarm of seven."""
    seen = words(page("vi"))
    for told in ("1 trên 5", "1 trên 2", "1 trên 7", "9 câu", "28/11/2026"):
        assert told in seen
    assert "20\u00a0%" in seen
    assert "12 ms" in seen


def test_what_went_wrong_is_listed_with_what_was_said_and_expected() -> None:
    seen = re.sub(r"\s+", " ", words(page("vi")))
    assert "Chuyện khác, Mục: “Đi chỗ khác.”" in seen
    assert "Lẽ ra: Xin hòa giải thế nào?" in seen
    assert "Có gợi ý: Xin hòa giải thế nào?" in seen
    assert "giá xăng hôm nay" in seen
    assert "nhà cháy" in seen
    assert "câu đúng" in seen  # under "only without marks"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_members_may_see_is_not_printed(language: Language) -> None:
    """Neither their question, nor what was said to it, nor the section expected."""
    html = page(language)
    assert "7741" not in html
    assert "noi-bo" not in html
    assert {"vi": "Câu số 9", "en": "Question 9"}[language] in words(html)


def test_an_evaluation_without_questions_is_a_page_too() -> None:
    report = evaluate([], lambda *_: REFUSED, lambda *_: [])
    made = Made(report=report, file="rong.jsonl", day=date(2026, 11, 28), headings={})
    assert "không có câu nào" in words(evaluation_html(made, "vi"))
