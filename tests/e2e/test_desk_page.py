"""The web desk in a real browser: a night on duty with a phone, a day with a keyboard."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from bot.desk.web.site import PageSettings
from prompts.catalog import text
from tests.bot.desk.station import STORY, A, Station, make_keys
from tests.bot.desk.web.officer import app_of
from tips.attachments.clean import SandboxedCleaner
from tips.intake import IntakeSettings, TipIntake, reference_of
from tips.model import RawFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Page, Response
    from starlette.applications import Starlette
    from starlette.types import Receive, Scope, Send

pytestmark = pytest.mark.browser

FINGER = 44  # CSS pixels a finger needs
POLL = 0.4  # seconds between a page's questions for news, here


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk-keys")
    make_keys(folder)
    return folder


@pytest.fixture
def station(tmp_path: Path, keys: Path) -> Iterator[Station]:
    """A station with ward A unlocked; files of tips are cleaned for real."""
    station = Station(tmp_path, keys)
    station.intake = TipIntake(
        store=station.store,
        book=station.book,
        public_keys=station.public_keys,
        cleaner=SandboxedCleaner(),
        now=station.clock,
        settings=IntakeSettings(),
    )
    yield station.unlock(A)
    station.close()


# Asked for before `browser_page`, so that the page is closed first: it asks for news as long as it lives.
@pytest.fixture
def address(station: Station, serve: Callable[[Starlette], AbstractContextManager[str]]) -> Iterator[str]:
    with serve(pages_of(station)) as url:
        yield url


def pages_of(station: Station, **settings: float) -> Starlette:
    return app_of(station, PageSettings(**{"poll_seconds": POLL, "wrong_seconds": 0.0} | settings))


def vi(key: str, **fields: object) -> str:
    return text(f"deskweb.{key}", "vi", name="Bình An", **fields)


def come_in(page: Page, address: str, station: Station, role: str = "officer") -> Page:
    """Sign in by a link, as it comes from `binhan desk link`."""
    token = station.desk.invite(A, station.seat(role=role).officer.id)
    page.goto(f"{address}/desk/vao/{token}")
    page.get_by_role("button", name=vi("enter"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(vi("list"))
    return page


def photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (320, 200), "#2a7").save(made, "JPEG")
    return made.getvalue()


def fold(page: Page, name: str) -> None:
    """Unfold the action called *name*."""
    page.locator("details.act summary", has_text=vi(name)).click()


def shoot(page: Page, name: str) -> None:
    """A picture to look at, where somebody asked for pictures."""
    folder = os.environ.get("BINHAN_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"desk-{name}.png", full_page=True)


def test_tip_arrives_is_opened_asked_answered_and_closed(address, browser_page, station):
    page = come_in(browser_page, address, station)
    expect(page.locator(".empty")).to_be_visible()
    receipt = station.send(files=[RawFile(content=photo())])
    tip_id = receipt.keys().tip_id
    arrived = page.locator(f"[data-tip='{tip_id}']")
    expect(arrived).to_contain_text(reference_of(tip_id))
    expect(page.locator("#said")).to_have_text(vi("live_one"))
    shoot(page, "list-phone")

    arrived.get_by_role("link").click()
    expect(page.locator("main")).not_to_contain_text(STORY)
    page.locator("[data-form=open] button").click()
    expect(page.locator(".story")).to_have_text(STORY)
    picture = page.locator(".files img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 320)

    page.locator("[data-form=note] textarea").fill("Gọi anh Ba khu phố")
    page.locator("[data-form=note] button").click()
    expect(page.locator(".inside .noted")).to_contain_text("Gọi anh Ba khu phố")

    page.locator("[data-form=ask] textarea").fill("Xe màu gì?")
    page.locator("[data-form=ask] button").click()
    expect(page.locator(".exact")).to_have_text("Xe màu gì?")
    expect(page.locator("main")).to_contain_text(vi("will_be_seen"))
    shoot(page, "confirm-phone")
    page.get_by_role("button", name=vi("ask_sure")).click()
    expect(page.locator("#flash")).to_contain_text(vi("ask_done"))
    question = station.told(receipt).replies[-1]
    assert question.text == "Xe màu gì?"

    page.locator("[data-form=note] textarea").fill("đang gõ dở")
    station.intake.more(receipt, "Màu đỏ, không biển số", in_reply_to=question.seq)
    page.get_by_role("button", name=vi("changed_show")).click()
    expect(page.locator(".thread")).to_contain_text("Màu đỏ, không biển số")
    expect(page.locator("[data-form=note] textarea")).to_have_value("đang gõ dở")
    shoot(page, "tip-phone")

    fold(page, "close")
    page.locator("[data-form=close] select").select_option("grounded")
    page.locator("[data-form=close] textarea").fill("Đã xử lý, cảm ơn người báo.")
    page.locator("[data-form=close] button").click()
    page.get_by_role("button", name=vi("close_sure")).click()
    expect(page.locator(".headline")).to_contain_text(vi("state_closed"))
    last = station.told(receipt).replies[-1]
    assert (last.state, last.outcome, last.text) == ("closed", "grounded", "Đã xử lý, cảm ơn người báo.")


def test_new_tip_does_not_disturb_what_is_being_typed_and_marks_the_title(address, browser_page, station):
    page = come_in(browser_page, address, station)
    page.keyboard.press("/")
    reference = page.locator("#first-filter")
    expect(reference).to_be_focused()
    page.keyboard.type("BA-7F")
    station.tip()
    expect(page.locator("#live [data-tip]")).to_have_count(1)
    expect(reference).to_be_focused()
    expect(reference).to_have_value("BA-7F")
    assert page.title() == vi("title_list")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    station.tip("Chuyện khác")
    expect(page).to_have_title(f"(1) {vi('title_list')}")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: false }); "
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert page.title() == vi("title_list")


def test_list_is_walked_by_keys(address, browser_page, station):
    tips = [station.tip(f"Chuyện {number}", urgent=True) for number in range(3)]
    page = come_in(browser_page, address, station)
    cards = page.locator("#live [data-tip]")
    expect(cards).to_have_count(3)
    keys = page.keyboard
    focused = "document.activeElement.closest('[data-tip]')?.dataset.tip"
    shown = cards.evaluate_all("cards => cards.map(card => card.dataset.tip)")
    assert sorted(shown) == sorted(tips)
    for key, place in (("j", 0), ("j", 1), ("ArrowDown", 2), ("j", 2), ("k", 1), ("ArrowUp", 0)):
        keys.press(key)
        assert page.evaluate(focused) == shown[place], key
    station.tip("Chuyện thêm", urgent=True)
    expect(cards).to_have_count(4)
    assert page.evaluate(focused) == shown[0]  # the list was drawn anew under the same finger
    keys.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("j")
    assert page.evaluate(focused) is None
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    keys.press("j")
    keys.press("Enter")
    expect(page.locator("[data-form=open]")).to_be_visible()


def test_tip_left_alone_is_hidden_and_unsent_words_stay(browser_page, serve, station):
    tip_id = station.tip()
    with serve(pages_of(station, hide_seconds=2.0)) as address:
        page = come_in(browser_page, address, station)
        page.goto(f"{address}/desk/tin/{tip_id}")
        page.locator("[data-form=open] button").click()
        page.locator("[data-form=ask] textarea").fill("Đang viết dở")
        page.locator("[data-form=note] textarea").fill("Ghi dở")
        expect(page.locator("#veil")).to_be_visible(timeout=8_000)
        assert STORY not in page.content()
        expect(page.locator("#opened")).to_be_hidden()
        shoot(page, "hidden-phone")
        page.get_by_role("button", name=vi("show_again")).click()
        expect(page.locator(".story")).to_have_text(STORY)
        expect(page.locator("[data-form=ask] textarea")).to_have_value("Đang viết dở")
        expect(page.locator("[data-form=note] textarea")).to_have_value("Ghi dở")
        # What was shown again by the script can still be sent: its forms are as good as before.
        page.locator("[data-form=note] button").click()
        expect(page.locator("#flash")).to_contain_text(vi("note_done"))
        page.goto("about:blank")  # it would ask for news when the server is gone


def test_pressing_send_twice_sends_once(address, browser_page, station):
    receipt = station.send()
    page = come_in(browser_page, address, station)
    page.goto(f"{address}/desk/tin/{receipt.keys().tip_id}")
    page.locator("[data-form=open] button").click()
    page.locator("[data-form=reply] textarea").fill("Đã nhận, cảm ơn.")
    page.locator("[data-form=reply] button").click()
    page.get_by_role("button", name=vi("reply_sure")).dblclick(no_wait_after=True)
    expect(page.locator(".headline")).to_be_visible()
    assert [reply.text for reply in station.told(receipt).replies].count("Đã nhận, cảm ơn.") == 1


def test_session_that_ended_hides_the_tip_and_says_so(address, browser_page, station, console_errors):
    tip_id = station.tip()
    page = come_in(browser_page, address, station)
    page.goto(f"{address}/desk/tin/{tip_id}")
    page.locator("[data-form=open] button").click()
    expect(page.locator(".story")).to_be_visible()
    station.clock.move(hours=9)
    expect(page.locator("#toast")).to_contain_text(vi("session_over"))
    assert STORY not in page.content()
    console_errors.clear()  # the browser notes the 401


def opened(page: Page, address: str, tip_id: str) -> Page:
    page.goto(f"{address}/desk/tin/{tip_id}")
    page.locator("[data-form=open] button").click()
    expect(page.locator(".story")).to_have_text(STORY)
    return page


def is_left_alone(answer: Response) -> bool:
    """Whether the page asked for its session, and nobody had done anything."""
    return answer.url.endswith("/desk/phien") and "x-desk-active" not in answer.request.headers


def test_words_stay_where_the_session_ended_while_the_tip_was_hidden(
    browser_page, serve, station, console_errors
):
    tip_id = station.tip()
    with serve(pages_of(station, hide_seconds=2.0)) as address:
        page = opened(come_in(browser_page, address, station), address, tip_id)
        page.locator("[data-form=ask] textarea").fill("Xe màu gì, biển số thế nào?")
        expect(page.locator("#veil")).to_be_visible(timeout=8_000)
        for minutes in (0, 16, 16):  # a page that is left alone keeps no session
            with page.expect_response(is_left_alone):
                station.clock.move(minutes=minutes)
        expect(page.locator("#toast")).to_have_text(vi("session_over_words"))
        page.get_by_role("button", name=vi("show_again")).click()
        expect(page.locator("[data-form=ask] textarea")).to_be_visible()
        expect(page.locator("[data-form=ask] textarea")).to_have_value("Xe màu gì, biển số thế nào?")
        expect(page.locator("#toast")).to_have_text(vi("session_over_words"))
        assert STORY not in page.content()
    console_errors.clear()  # the browser notes the 401


def test_somebody_who_goes_on_typing_stays_signed_in(address, browser_page, station):
    page = opened(come_in(browser_page, address, station), address, station.tip())
    words = page.locator("[data-form=ask] textarea")
    for number in range(3):
        words.press_sequentially(str(number))
        with page.expect_response(
            lambda answer: answer.request.headers.get("x-desk-active") == "1" and answer.ok
        ):
            station.clock.move(minutes=16)
            words.press_sequentially(".")
    page.locator("[data-form=ask] button").click()
    expect(page.locator(".exact")).to_have_text("0.1.2.")


def test_list_goes_on_after_an_answer_that_was_cut_off(address, browser_page, station, console_errors):
    page = come_in(browser_page, address, station)
    answers = [(200, '{"mark": "x", "html": "<ol'), (502, "Bad gateway"), (503, "")]

    def answer(route):
        if not answers:
            route.continue_()
            return
        status, body = answers[0]
        route.fulfill(status=status, content_type="application/json", body=body)

    page.route("**/desk/moi", answer)
    while answers:
        with page.expect_response("**/desk/moi"):
            pass
        expect(page.locator("#toast")).to_have_text(vi("live_lost"))
        with page.expect_response("**/desk/moi"):
            pass
        expect(page.locator("#toast")).to_have_text(vi("live_lost"))
        answers.pop(0)
    tip_id = station.tip()
    expect(page.locator(f"#live [data-tip='{tip_id}']")).to_be_visible()
    expect(page.locator("#toast")).to_have_count(0)
    console_errors.clear()  # the browser notes the 502


def test_page_of_a_tip_says_that_the_unit_is_locked_since_a_restart(browser_page, serve, station):
    app = Restarted(pages_of(station))
    with serve(app) as address:
        page = opened(come_in(browser_page, address, station), address, station.tip())
        page.locator("[data-form=note] textarea").fill("Ghi dở")
        station.desk = station.another_desk()
        app.pages = pages_of(station)
        expect(page.locator("#toast")).to_contain_text(vi("live_locked"))
        with page.context.expect_page() as other:
            page.get_by_role("button", name=vi("unlock")).click()
        expect(other.value.get_by_role("heading", level=1)).to_have_text(vi("locked"))
        other.value.close()
        station.unlock(A)
        expect(page.locator("#toast")).to_have_count(0)
        expect(page.locator("[data-form=note] textarea")).to_have_value("Ghi dở")
        page.goto("about:blank")


def test_words_of_a_page_from_before_a_new_sign_in_come_back(address, browser_page, station, console_errors):
    page = opened(come_in(browser_page, address, station), address, station.tip())
    page.locator("[data-form=ask] textarea").fill("Xe màu gì, biển số thế nào?")
    come_in(page.context.new_page(), address, station).close()
    page.locator("[data-form=ask] button").click()
    expect(page.get_by_label(vi("typed_back"))).to_have_value("Xe màu gì, biển số thế nào?")
    shoot(page, "handed-back-phone")
    console_errors.clear()  # the browser notes the 403


class Restarted:
    """The pages of one process, then of the next."""

    def __init__(self, pages: Starlette) -> None:
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.pages(scope, receive, send)


def test_everything_works_without_a_script(browser: Browser, address, station):
    receipt = station.send()
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.set_default_timeout(10_000)
    come_in(page, address, station)
    page.get_by_role("link", name=re.compile(reference_of(receipt.keys().tip_id))).click()
    page.locator("[data-form=open] button").click()
    expect(page.locator(".story")).to_have_text(STORY)
    page.locator("[data-form=ask] textarea").fill("Mấy giờ?")
    page.locator("[data-form=ask] button").click()
    page.get_by_role("button", name=vi("ask_sure")).click()
    expect(page.locator("#flash")).to_contain_text(vi("ask_done"))
    assert station.told(receipt).replies[-1].text == "Mấy giờ?"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_can_be_touched_and_can_be_read(browser: Browser, address, station, width, scheme):
    tip_id = station.tip(
        "Một câu chuyện dài " * 30 + "a" * 300,
        urgent=True,
        place="Hẻm 45",
        files=[RawFile(content=photo())],
    )
    station.desk.label(station.seat(), tip_id, ["một nhãn khá là dài đấy", "chợ"])
    context = browser.new_context(
        viewport={"width": width, "height": 760}, color_scheme=scheme, locale="vi-VN", reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    come_in(page, address, station, role="supervisor")
    look_at(page, f"list-{width}-{scheme}")
    page.goto(f"{address}/desk/tin/{tip_id}")
    look_at(page, f"card-{width}-{scheme}")
    page.locator("[data-form=open] button").click()
    expect(page.locator(".story")).to_be_visible()
    for summary in page.locator("details summary").all():
        summary.click()
    look_at(page, f"open-{width}-{scheme}")
    page.goto(f"{address}/desk/nhat-ky")
    look_at(page, f"audit-{width}-{scheme}")
    context.close()


def look_at(page: Page, name: str) -> None:
    """Nothing wider than the screen, nothing too small for a finger, nothing too pale to read."""
    shoot(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.evaluate(TOO_SMALL, FINGER) == [], name
    assert page.evaluate(TOO_PALE) == [], name


# Links within a line of text may be as tall as the line (WCAG 2.5.8).
TOO_SMALL = """finger => Array.from(document.querySelectorAll('button, input, select, textarea, summary'))
  .filter(element => element.checkVisibility() && element.type !== 'hidden')
  .map(element => element.closest('label.check') || element)
  .filter(element => element.getBoundingClientRect().height < finger - 0.5)
  .map(element => element.outerHTML.slice(0, 120))"""

TOO_PALE = """() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const channel = (value) => value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([red, green, blue]) =>
    0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const behind = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const [red, green, blue, alpha = 1] = numbers(getComputedStyle(up).backgroundColor);
      if (alpha > 0) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  const pale = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest('.away')) continue;
    const [one, other] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) pale.push(walker.currentNode.data.trim().slice(0, 40) + ' ' + ratio.toFixed(2));
  }
  return pale;
}"""
