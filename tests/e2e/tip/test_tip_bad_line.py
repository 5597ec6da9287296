"""A line that loses answers, and one that answers in the server's place: nothing is lost, nothing claimed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.tip.steps import STORY, press, send, step, vi
from tests.fakes.tip_office import HIGH, LOW, private_key
from tips.kinds import kinds
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
    browser_page, address, office, sent, console_errors, lost
):
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
