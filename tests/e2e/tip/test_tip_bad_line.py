"""A line that loses answers, and one that answers in the server's place: nothing is lost, nothing claimed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.tip.steps import STORY, press, send, step, to_receipt, vi
from tests.fakes.tip_office import HIGH, LOW, private_key
from tips.kinds import kinds
from tips.model import TipContent
from tips.opening.opener import UnitKeys
from tips.receipts import Receipt

pytestmark = pytest.mark.browser

SETUP = "**/api/tip/setup?*"
URGENT = next(kind for kind in kinds() if kind.is_urgent and kind.questions)
PLATE = "59C-111.11"


def tell_with_a_detail(page) -> str:
    """An urgent kind, a story and one detail, up to the receipt, which is given."""
    press(page, "skip_step")
    step(page, "kind").get_by_label(URGENT.name("vi"), exact=True).check()
    for key in ("next", "skip_step", "skip_step"):
        press(page, key)
    step(page, "story").locator("#story").fill(STORY)
    press(page, "next")
    step(page, "details").locator(f"#d-{URGENT.questions[0]}").fill(PLATE)
    for key in ("next", "skip_step", "skip_step"):
        press(page, key)
    expect(step(page, "summary").locator("#summary")).to_contain_text(PLATE)
    press(page, "js_agree")
    return step(page, "receipt").locator("#receipt").inner_text()


def opened_words(office, receipt: str) -> dict:
    return dict(office.opened(Receipt.parse(receipt).keys().tip_id)[0].words)


@pytest.mark.parametrize("lost", [1, 3])
def test_setup_lost_at_load_costs_no_detail_and_no_urgency(
    browser_page, address, office, console_errors, lost
):
    browser_page.on("dialog", lambda dialog: dialog.accept())
    browser_page.route(SETUP, lambda route: route.abort("connectionreset"), times=lost)
    browser_page.goto(f"{address}/bao-tin?lang=vi")
    expect(browser_page.locator("#tip")).to_have_attribute("data-mode", "page")
    receipt = tell_with_a_detail(browser_page)
    send(browser_page, receipt)
    expect(browser_page.locator("#received")).to_be_visible()
    words = opened_words(office, receipt)
    assert (words["details"], words["urgent"]) == ({URGENT.questions[0]: PLATE}, True)
    console_errors.clear()  # the browser notes the requests that failed


def test_details_step_asks_for_what_was_lost_at_load(browser_page, address, sent, console_errors):
    browser_page.route(SETUP, lambda route: route.abort("connectionreset"), times=1)
    browser_page.goto(f"{address}/bao-tin?lang=vi")
    expect(browser_page.locator("#tip")).to_have_attribute("data-mode", "page")
    for _ in range(4):
        press(browser_page, "skip_step")
    browser_page.locator("#story").fill(STORY)
    press(browser_page, "next")
    step(browser_page, "details")
    expect(browser_page.locator("#d-weapon")).to_be_hidden()
    console_errors.clear()


def test_key_changed_meanwhile_costs_no_detail_and_no_urgency(wizard, office, console_errors):
    receipt = tell_with_a_detail(wizard)
    for unit in (LOW, HIGH):
        office.publish(unit, day=2)
        office.keys[unit] = UnitKeys(unit, [private_key(unit, 1), private_key(unit, 2)])
    send(wizard, receipt)
    expect(wizard.locator("#received")).to_be_visible()
    words = opened_words(office, receipt)
    assert (words["details"], words["urgent"]) == ({URGENT.questions[0]: PLATE}, True)
    console_errors.clear()


# A network that wants a login first answers 200 in the server's place.


def someone_else_answers(page, path: str) -> None:
    page.route(
        f"**{path}?*",
        lambda route: route.fulfill(status=200, content_type="text/html", body="<html>Wi-Fi login</html>"),
        times=1,
    )


def test_login_page_of_a_network_does_not_count_as_received(wizard, office):
    receipt = to_receipt(wizard)
    someone_else_answers(wizard, "/api/tip")
    send(wizard, receipt)
    expect(wizard.locator("#failed")).to_contain_text(vi("not_received"))
    expect(wizard.locator("#failed")).to_contain_text(vi("js_server"))
    assert office.store.for_units([LOW, HIGH], office.clock()) == []
    wizard.locator("#send").click()
    expect(wizard.locator("#received")).to_be_visible()
    assert opened_words(office, receipt)["story"] == STORY


@pytest.fixture
def followed(browser_page, address, office, sent):
    """The page of a tip that is followed, and its receipt."""
    receipt = Receipt.new()
    office.intake.submit(receipt, TipContent(story=STORY))
    browser_page.goto(f"{address}/theo-doi?lang=vi")
    expect(browser_page.locator("#mode")).to_have_text(vi("js_follow_page"))
    browser_page.locator("#typed").fill(receipt.text)
    return browser_page, receipt


def test_login_page_does_not_count_as_no_such_tip(followed):
    page, _ = followed
    someone_else_answers(page, "/api/tip/status")
    press(page, "look")
    expect(page.locator("#said")).to_have_text(vi("js_server"))
    press(page, "look")
    expect(page.locator("#result")).to_be_visible()


def test_login_page_does_not_count_as_added_nor_as_withdrawn(followed, office):
    page, receipt = followed
    keys = receipt.keys()
    press(page, "look")
    page.locator("#text").fill("Xe màu đỏ.")
    someone_else_answers(page, "/api/tip/more")
    press(page, "more_send")
    expect(page.locator("#failed")).to_contain_text(vi("js_server"))
    expect(page.locator("#text")).to_have_value("Xe màu đỏ.")
    assert len(office.opened(keys.tip_id)) == 1
    press(page, "more_send")
    expect(page.locator("#said")).to_have_text(vi("js_more_received"))
    assert office.opened(keys.tip_id)[1].words["text"] == "Xe màu đỏ."
    someone_else_answers(page, "/api/tip/withdraw")
    page.get_by_text(vi("withdraw_title"), exact=True).click()
    page.locator("#sure").check()
    press(page, "withdraw")
    expect(page.locator("#said")).to_have_text(vi("js_server"))
    assert not office.store.find(keys.tag_hash).has_withdrawn
    press(page, "withdraw")
    expect(page.locator("#said")).to_have_text(vi("js_withdrawn"))
    assert office.store.find(keys.tag_hash).has_withdrawn


# Cancelling what may have arrived.


def lose_the_answer(route) -> None:
    if route.request.method == "POST":
        route.fetch()
        route.abort("connectionreset")
    else:
        route.continue_()


@pytest.mark.parametrize("mode", ["page", "server"])
def test_cancel_after_a_lost_answer_tells_its_receipt_and_takes_a_new_one(
    browser_page, address, office, console_errors, mode
):
    browser_page.on("dialog", lambda dialog: dialog.accept())
    if mode == "server":
        browser_page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    browser_page.goto(f"{address}/bao-tin?lang=vi")
    expect(browser_page.locator("#tip")).to_have_attribute("data-mode", mode)
    first = to_receipt(browser_page, "Chuyện thứ nhất ở hẻm 12.")
    browser_page.route("**/api/tip?*" if mode == "page" else "**/bao-tin?*", lose_the_answer, times=1)
    send(browser_page, first)
    expect(browser_page.locator("#failed")).to_be_visible()
    press(browser_page, "cancel")
    expect(browser_page.locator("#said")).to_have_text(vi("js_cancelled_sent", receipt=first))
    second = to_receipt(browser_page, "Chuyện thứ hai ở chợ.")
    assert second != first
    send(browser_page, second)
    expect(browser_page.locator("#received")).to_be_visible()
    expect(browser_page.locator("#notes")).to_be_empty()
    assert opened_words(office, first)["story"] == "Chuyện thứ nhất ở hẻm 12."
    assert opened_words(office, second)["story"] == "Chuyện thứ hai ở chợ."
    console_errors.clear()


def test_cancel_after_a_refusal_says_that_nothing_was_sent(wizard, console_errors):
    receipt = to_receipt(wizard)
    wizard.route(
        "**/api/tip?*", lambda route: route.fulfill(status=422, json={"error": "no_unit", "text": "x"})
    )
    send(wizard, receipt)
    expect(wizard.locator("#failed")).to_be_visible()
    press(wizard, "cancel")
    expect(wizard.locator("#said")).to_have_text(vi("js_cancelled"))
    console_errors.clear()
