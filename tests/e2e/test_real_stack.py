"""The whole thing as a visitor meets it: `binhan serve` and a real browser the size of a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from prompts.catalog import text
from tests.bot.program import ripe_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from tests.bot.program import Service

pytestmark = pytest.mark.browser

MEDIATION = "hang xom danh nhau thi goi ai hoa giai"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The real program, running."""
    ripe = ripe_program(tmp_path_factory.getbasetemp() / "ripe")
    program = ripe.on_a_copy(tmp_path_factory.mktemp("stack") / "data")
    with program.serving() as running:
        yield running


@pytest.fixture
def requested() -> list[str]:
    """Every address that the page fetched."""
    return []


@pytest.fixture
def chat(browser_page: Page, service: Service, requested: list[str]) -> Iterator[Page]:
    """The page, opened; in the end it went nowhere but to us and left nothing in the browser."""
    browser_page.on("request", lambda request: requested.append(request.url))
    browser_page.goto(service.url)
    yield browser_page
    assert requested
    assert [address for address in requested if not address.startswith(f"{service.url}/")] == []
    assert browser_page.context.cookies() == []
    assert browser_page.evaluate("localStorage.length + sessionStorage.length") == 0


def ask(page: Page, question: str) -> Locator:
    """Type *question* and send it; gives the bubble that answers it."""
    answers = page.locator("#log .bot:not(.typing)")
    before = answers.count()
    page.locator("textarea").fill(question)
    page.locator("textarea").press("Enter")
    expect(answers).to_have_count(before + 1, timeout=20_000)
    return answers.last


def vi(key: str) -> str:
    return text(f"web.{key}", "vi", name="Bình An", count=1)


def test_visitor_gets_a_sourced_answer_and_unfolds_it(chat, tmp_path):
    answer = ask(chat, MEDIATION)
    expect(answer).to_have_class(re.compile("answered"))
    expect(answer).to_contain_text("Gặp hòa giải viên của thôn")
    source = answer.locator("details li").first
    expect(source).to_be_hidden()
    answer.locator("summary").get_by_text(vi("sources")).tap()
    expect(source).to_be_visible()
    expect(answer).to_contain_text("Luật Hòa giải ở cơ sở, Điều 16")
    picture = tmp_path / "dien-thoai.png"
    chat.screenshot(path=picture, full_page=True)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert chat.evaluate("document.documentElement.scrollWidth") <= 360


def test_follow_up_and_suggestion_lead_on(chat):
    ask(chat, MEDIATION)
    suggestion = "Nhờ hòa giải có mất tiền không?"
    chat.get_by_role("button", name=suggestion).tap()
    expect(chat.locator("#log .answered")).to_have_count(2, timeout=20_000)
    expect(chat.locator("#log .answered").last).to_contain_text("không thu tiền")
    expect(ask(chat, "thế có mất tiền không?")).to_contain_text("không thu tiền")


def test_refusal_says_where_to_ask(chat):
    refusal = ask(chat, "giá vàng hôm nay bao nhiêu?")
    expect(refusal).to_have_class(re.compile("refused"))
    expect(refusal.locator("blockquote")).to_have_count(0)


def test_danger_comes_with_numbers_that_call(chat):
    danger = ask(chat, "tôi bị chồng đánh, cứu tôi")
    expect(danger).to_have_attribute("role", "alert")
    expect(danger.get_by_role("link", name=re.compile("113")).first).to_have_attribute("href", "tel:113")


def test_language_is_switched_and_asked_in(chat):
    ask(chat, MEDIATION)
    chat.get_by_role("link", name="English").tap()
    expect(chat.locator("html")).to_have_attribute("lang", "en")
    expect(chat.locator("#log")).to_contain_text("Gặp hòa giải viên của thôn")
    refusal = ask(chat, "what is the gold price today?")
    expect(refusal).to_contain_text(text("web.refused", "en", name="Bình An"))


def test_thumb_is_thanked_for(chat):
    answer = ask(chat, MEDIATION)
    answer.get_by_role("button", name=vi("up")).tap()
    expect(answer.get_by_text(vi("thanks"))).to_be_visible()
