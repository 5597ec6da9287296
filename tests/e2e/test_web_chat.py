"""The web chat in a real browser, phone-sized, against a fake that answers."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.channels.web.server import create_app
from prompts.catalog import text
from tests.fakes.asking import STARTERS, FakeAsking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Locator, Page
    from starlette.applications import Starlette

pytestmark = pytest.mark.browser

FINGER = 44  # CSS pixels a finger needs


@pytest.fixture
def asking() -> FakeAsking:
    return FakeAsking()


@pytest.fixture
def address(asking: FakeAsking, serve: Callable[[Starlette], AbstractContextManager[str]]) -> Iterator[str]:
    with serve(create_app(asking)) as url:
        yield url


@pytest.fixture
def chat(browser_page: Page, address: str) -> Page:
    """The page, opened."""
    browser_page.goto(address)
    return browser_page


def composer(page: Page) -> Locator:
    return page.locator("textarea")


def ask(page: Page, question: str) -> Locator:
    """Type *question*, send it with Enter; gives the bubble that answers it."""
    answers = page.locator("#log .bot:not(.typing)")
    before = answers.count()
    composer(page).fill(question)
    composer(page).press("Enter")
    expect(answers).to_have_count(before + 1)
    return answers.last


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until *target* has the focus, around the whole page if need be."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("the keyboard never gets there")


def vi(key: str) -> str:
    return text(f"web.{key}", "vi", name="Bình An", count=2)


def test_visitor_asks_and_unfolds_a_source(chat, asking):
    answer = ask(chat, "hang xom danh nhau thi goi ai hoa giai")
    expect(answer).to_contain_text("Tìm hòa giải viên")
    expect(chat.locator("#welcome")).to_be_hidden()
    quote = answer.get_by_text("Hòa giải ở cơ sở được tiến hành khi")
    expect(quote).to_be_hidden()
    answer.get_by_text(vi("sources")).click()
    expect(quote).to_be_visible()
    expect(answer).to_contain_text("35/2013/QH13")
    expect(answer.get_by_role("link", name=vi("link"))).to_have_attribute("rel", "noopener noreferrer")
    assert asking.questions[0].previous == ()


def test_follow_up_brings_the_earlier_questions(chat, asking):
    ask(chat, "hòa giải ở đâu?")
    ask(chat, "thế còn ở xã?")
    assert asking.questions[1].previous == ("hòa giải ở đâu?",)


def test_starter_and_suggestion_are_asked_by_a_tap(chat, asking):
    chat.get_by_role("button", name=STARTERS["vi"][0]).tap()
    chat.get_by_role("button", name="Bên kia không chịu hòa giải thì sao?").tap()
    expect(chat.locator("#log .answered")).to_have_count(2)
    assert [question.text for question in asking.questions] == [
        STARTERS["vi"][0],
        "Bên kia không chịu hòa giải thì sao?",
    ]
    expect(chat.locator("#log .answered").last).to_be_focused()


def test_refusal_looks_unlike_an_answer(chat):
    refusal = ask(chat, "giá vàng hôm nay?")
    expect(refusal).to_have_class(re.compile("refused"))
    expect(refusal).to_contain_text(vi("refused"))
    expect(refusal.locator("summary, .verdict")).to_have_count(0)


def test_danger_shows_numbers_to_call_at_once(chat):
    danger = ask(chat, "cứu tôi với, nó cầm dao")
    expect(danger).to_have_attribute("role", "alert")
    call = danger.get_by_role("link", name=re.compile("113"))
    expect(call).to_have_attribute("href", "tel:113")
    expect(call).to_be_in_viewport()
    box = call.bounding_box()
    assert box is not None
    assert box["height"] >= FINGER


def test_switching_the_language_keeps_conversation_and_draft(chat, asking):
    ask(chat, "hòa giải ở đâu?")
    composer(chat).fill("đang gõ dở")
    chat.get_by_role("link", name="English").click()
    expect(chat.locator("html")).to_have_attribute("lang", "en")
    expect(chat.get_by_role("link", name="Tiếng Việt")).to_be_focused()
    expect(chat.locator("#log")).to_contain_text("Tìm hòa giải viên")
    expect(chat.locator("#welcome")).to_be_hidden()
    expect(composer(chat)).to_have_value("đang gõ dở")
    assert chat.url.endswith("?lang=en")
    english = ask(chat, "and in the commune?")
    expect(english).to_contain_text("Show sources")
    assert (asking.questions[1].language, asking.questions[1].previous) == ("en", ("hòa giải ở đâu?",))


def test_everything_can_be_done_by_keyboard(chat, asking):
    keyboard = chat.keyboard
    keyboard.press("Tab")
    expect(chat.get_by_text(vi("skip"))).to_be_focused()
    keyboard.press("Enter")
    keyboard.type("dòng một")
    keyboard.press("Shift+Enter")
    keyboard.type("dòng hai")
    keyboard.press("Enter")
    answer = chat.locator("#log .answered")
    expect(answer).to_be_visible()
    assert asking.questions[0].text == "dòng một\ndòng hai"
    tab_to(chat, answer.locator("summary"))
    keyboard.press("Enter")
    expect(answer.locator("blockquote").first).to_be_visible()
    tab_to(chat, answer.get_by_role("button", name=vi("up")))
    keyboard.press("Space")
    expect(answer.get_by_role("button", name=vi("up"))).to_have_attribute("aria-pressed", "true")
    expect(answer.get_by_text(vi("thanks"))).to_be_visible()
    keyboard.press("Space")
    assert [feedback.verdict for feedback in asking.feedback] == ["up"]
    assert asking.feedback[0].passages[0] == "guide:hoa-giai#xin-hoa-giai"


def test_enter_that_ends_a_composed_syllable_does_not_send(chat, asking):
    composer(chat).fill("hoà")
    composer(chat).dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    assert asking.questions == []
    expect(composer(chat)).to_have_value("hoà")


def test_offline_question_is_kept_and_can_be_tried_again(chat, console_errors):
    chat.context.set_offline(True)
    problem = ask(chat, "hòa giải ở đâu?")
    expect(problem).to_contain_text(vi("error_offline"))
    chat.context.set_offline(False)
    problem.get_by_role("button", name=vi("retry")).click()
    expect(chat.locator("#log .answered")).to_be_visible()
    expect(chat.locator("#log .you")).to_have_count(1)
    expect(chat.locator("#log .error")).to_have_count(0)
    console_errors.clear()  # the browser notes the request that failed


def test_server_trouble_is_told_kindly_and_can_be_tried_again(chat, asking, console_errors):
    asking.failure = RuntimeError("secret words")
    problem = ask(chat, "hòa giải ở đâu?")
    expect(problem).to_contain_text(vi("error_internal"))
    expect(problem).not_to_contain_text("secret words")
    asking.failure = None
    problem.get_by_role("button", name=vi("retry")).click()
    expect(chat.locator("#log .answered")).to_be_visible()
    console_errors.clear()


def test_slow_answer_shows_a_typing_sign_and_nothing_is_sent_twice(chat, asking):
    asking.seconds = 0.6
    composer(chat).fill("một")
    composer(chat).press("Enter")
    expect(chat.locator(".typing")).to_contain_text(vi("typing"))
    composer(chat).fill("hai")
    composer(chat).press("Enter")
    expect(chat.locator("#log .answered")).to_have_count(1)
    expect(chat.locator(".typing")).to_have_count(0)
    expect(composer(chat)).to_have_value("hai")
    assert len(asking.questions) == 1


def test_clearing_and_reloading_forget_everything(chat, asking):
    ask(chat, "hòa giải ở đâu?")
    chat.get_by_text(vi("clear")).click()
    expect(chat.locator("#log > *")).to_have_count(0)
    expect(chat.locator("#welcome")).to_be_visible()
    expect(chat.get_by_text(vi("cleared"))).to_be_visible()
    ask(chat, "câu mới")
    assert asking.questions[1].previous == ()
    chat.reload()
    expect(chat.locator("#log > *")).to_have_count(0)
    assert chat.context.cookies() == []
    assert chat.evaluate("localStorage.length + sessionStorage.length") == 0


def test_hostile_words_are_only_words(chat):
    ask(chat, '<hostile><img src=x onerror="document.title=1"><script>document.title=2</script>')
    assert chat.title() == vi("title")
    expect(chat.locator("#log .you")).to_contain_text("<script>document.title=2</script>")
    expect(chat.locator("#log script, #log img")).to_have_count(0)


def test_page_works_without_javascript(browser: Browser, address, asking):
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(address)
    composer(page).fill("hòa giải ở đâu?")
    page.get_by_role("button", name=vi("send")).click()
    page.get_by_text(vi("sources")).click()
    expect(page.get_by_text("Hòa giải ở cơ sở được tiến hành khi")).to_be_visible()
    page.get_by_role("button", name="Bên kia không chịu hòa giải thì sao?").click()
    expect(page.locator(".you")).to_have_text("Bên kia không chịu hòa giải thì sao?")
    assert asking.questions[1].previous == ("hòa giải ở đâu?",)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    context.close()


@pytest.mark.parametrize("zoomed", [False, True], ids=["as-is", "text-200-percent"])
def test_small_phone_shows_everything_within_its_width(chat, zoomed):
    chat.set_viewport_size({"width": 320, "height": 640})
    if zoomed:
        chat.evaluate("document.documentElement.style.fontSize = '200%'")
    ask(chat, "hòa giải ở đâu?").locator("summary").click()
    ask(chat, "cứu tôi")
    assert chat.evaluate("document.documentElement.scrollWidth") <= 320


def test_whatever_can_be_tapped_is_large_enough_for_a_finger(chat):
    def small() -> list[str]:
        return chat.evaluate(
            """size => {
                const tapped = "button, summary, textarea, a:not(.tel):not(.skip)";
                return Array.from(document.querySelectorAll(tapped)).filter(each => {
                    const box = each.getBoundingClientRect();
                    return each.getClientRects().length && (box.height < size || box.width < size);
                }).map(each => each.outerHTML);
            }""",
            FINGER,
        )

    assert small() == []
    ask(chat, "hòa giải ở đâu?").locator("summary").click()
    assert small() == []
    ask(chat, "cứu tôi")
    assert small() == []


def test_phone_picture_is_taken(chat, tmp_path):
    """Pictures for a person to look at; `BINHAN_PICTURES` names a folder to keep them in."""
    folder = Path(os.environ.get("BINHAN_PICTURES", tmp_path))
    ask(chat, "hang xom danh nhau thi goi ai hoa giai")
    for scheme in ("light", "dark"):
        chat.emulate_media(color_scheme=scheme)
        picture = chat.screenshot(path=folder / f"web-chat-phone-{scheme}.png")
        assert picture.startswith(b"\x89PNG")
