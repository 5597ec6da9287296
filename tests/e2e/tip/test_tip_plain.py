"""The tip pages without JavaScript, in a real browser: what goes wrong there and must cost nobody a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from tests.e2e.tip.steps import STORY, vi
from tips.receipts import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """A browser that runs no scripts, on the tip page."""
    context = browser.new_context(java_script_enabled=False, locale="vi-VN", viewport=PHONE)
    page = context.new_page()
    page.goto(f"{address}/bao-tin")
    yield page
    context.close()


@pytest.mark.parametrize("megabytes", [62, 130])
def test_film_too_large_for_any_sending_keeps_the_words_and_the_receipt(plain, office, tmp_path, megabytes):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"x" * megabytes * 1_000_000)
    receipt = plain.locator("#receipt").inner_text()
    plain.locator("#story").fill(STORY)
    plain.locator("#check").fill(receipt[-5:])
    plain.locator("#files").set_input_files([film])
    plain.locator("#send").click()
    expect(plain.locator("#problem")).to_contain_text(vi("broken_too_large", sending_megabytes=60))
    expect(plain.locator("#story")).to_have_value(STORY)
    expect(plain.locator("#receipt")).to_have_text(receipt)
    plain.locator("#check").fill(receipt[-5:])
    plain.locator("#send").click()
    expect(plain.locator("#received")).to_be_visible()
    assert office.opened(Receipt.parse(receipt).keys().tip_id)[0].words["story"] == STORY
