"""Leaving quickly and closing, also on the pages that the server made: Back shows nothing of a tip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.tip.steps import STORY, press, reply, vi
from tips.model import TipContent
from tips.receipts import Receipt

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fakes.tip_office import TipOffice

pytestmark = pytest.mark.browser

QUESTION = "Xe biển số gì ạ?"


@pytest.fixture
def receipt(office: TipOffice) -> Receipt:
    """Of a tip with a question."""
    made = Receipt.new()
    office.intake.submit(made, TipContent(story=STORY))
    reply(office, made.text, 1, QUESTION)
    return made


@pytest.fixture
def opened(browser_page: Page, address: str, receipt: Receipt) -> Page:
    """The conversation of a tip, opened by the server for a browser that cannot."""
    browser_page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    browser_page.goto(f"{address}/theo-doi?lang=vi")
    expect(browser_page.locator("#mode")).to_have_text(vi("js_follow_server"))
    browser_page.locator("#typed").fill(receipt.text)
    press(browser_page, "look")
    expect(browser_page.locator("#replies")).to_contain_text(QUESTION)
    return browser_page


def assert_back_shows_nothing(page: Page, receipt: Receipt) -> None:
    """Nor does a reload of what is there then."""
    page.go_back()
    for _ in range(2):
        assert QUESTION not in page.content()
        assert receipt.text not in page.content()
        if page.url != "about:blank":
            page.reload()


def test_leaving_a_conversation_that_the_server_opened_puts_it_out_of_reach(opened, receipt, address):
    opened.get_by_role("link", name=vi("leave")).click()
    expect(opened).to_have_url(f"{address}/lich?lang=vi")
    assert_back_shows_nothing(opened, receipt)


def test_closing_a_conversation_that_the_server_opened_puts_it_out_of_reach(opened, receipt):
    expect(opened.get_by_text(vi("follow_close_plain"))).to_be_visible()
    opened.get_by_role("link", name=vi("close"), exact=True).click()
    expect(opened.locator("#look")).to_be_visible()
    expect(opened.locator("#result")).to_be_hidden()
    assert_back_shows_nothing(opened, receipt)


def test_conversation_that_the_browser_kept_is_not_shown_again(opened):
    """What a browser does that keeps pages whole for its Back button."""
    posts: list[str] = []
    opened.on("request", lambda request: posts.append(request.method))
    opened.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(opened.locator("#look")).to_be_visible()
    assert QUESTION not in opened.content()
    assert "POST" not in posts


def test_leaving_what_follows_a_plain_sending_puts_the_receipt_out_of_reach(browser_page, address, office):
    """The page that shows the receipt, as a browser gets it whose script came too late for the form."""
    browser_page.route(
        "**/static/tip.*.js", lambda route: route.fulfill(content_type="text/javascript", body="")
    )
    browser_page.goto(f"{address}/bao-tin?lang=vi")
    receipt = browser_page.locator("#receipt").inner_text()
    browser_page.locator("#story").fill(STORY)
    browser_page.locator("#check").fill(receipt[-5:])
    browser_page.locator("#send").click()
    expect(browser_page.locator("#receipt-sent")).to_have_text(receipt)
    browser_page.get_by_role("link", name=vi("leave")).click()
    expect(browser_page).to_have_url(f"{address}/lich?lang=vi")
    browser_page.go_back()
    assert receipt not in browser_page.content()


def test_page_that_opens_by_itself_closes_in_place(browser_page, address, receipt):
    browser_page.goto(f"{address}/theo-doi?lang=vi")
    expect(browser_page.locator("#mode")).to_have_text(vi("js_follow_page"))
    browser_page.locator("#typed").fill(receipt.text)
    press(browser_page, "look")
    expect(browser_page.locator("#replies")).to_contain_text(QUESTION)
    browser_page.get_by_role("link", name=vi("close"), exact=True).click()
    expect(browser_page.locator("#look")).to_be_visible()
    assert QUESTION not in browser_page.content()
    browser_page.locator("#typed").fill(receipt.text)
    press(browser_page, "look")
    browser_page.locator("#text").fill("chưa gửi")
    browser_page.get_by_role("link", name=vi("leave")).click()
    expect(browser_page).to_have_url(f"{address}/lich?lang=vi")
