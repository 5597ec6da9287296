"""A tip there and back by the real program: told on a phone, opened at the desk, asked, answered, closed."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from prompts.catalog import text
from tests.bot.program import ripe_program
from tests.e2e.tip.steps import STORY, photo_with_place, press, send, step, to_story
from tests.e2e.tip.steps import vi as tip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.bot.program import Program, Service

pytestmark = pytest.mark.browser

QUESTION = "Biển số xe là gì ạ?"
ANSWER = "Xe 59C, số đuôi 42."
LAST_WORD = "Đã xử lý, cảm ơn anh chị."


def desk(key: str, **fields: object) -> str:
    """A text of the desk's pages."""
    return text(f"deskweb.{key}", "vi", name="Bình An", **fields)


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Program:
    """An installation as `make serve` leaves it: a trial unit that made its own keys."""
    return ripe_program(tmp_path_factory.getbasetemp() / "ripe").on_a_copy(tmp_path / "data")


@pytest.fixture
def service(program: Program) -> Iterator[Service]:
    """The real program, running."""
    with program.serving() as running:
        yield running


def tell(page: Page, address: str) -> str:
    """Leave a tip with a photo in the wizard; gives its receipt."""
    page.goto(f"{address}/bao-tin?lang=vi")
    expect(page.locator("#tip")).to_have_attribute("data-mode", "page")
    to_story(page)
    page.locator("#story").fill(STORY)
    press(page, "next")
    press(page, "skip_step")
    press(page, "skip_step")
    photo = {"name": "IMG_2026.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()}
    step(page, "files").locator("#files").set_input_files([photo])
    expect(page.locator("#chosen li")).to_have_count(1)
    press(page, "to_summary")
    press(page, "js_agree")
    receipt = step(page, "receipt").locator("#receipt").inner_text()
    send(page, receipt)
    expect(page.locator("#received")).to_be_visible()
    return receipt


def sit_down(page: Page, program: Program, address: str) -> None:
    """Sign in at the desk by a one-time link."""
    link = program.json("desk", "link", "--unit", "thu-nghiem", "--officer", "thu-can-bo")
    page.goto(address + link["path"])
    page.get_by_role("button", name=desk("enter"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(desk("list"))


def follow(page: Page, address: str, receipt: str) -> None:
    """Open the tip again with its receipt."""
    page.goto(f"{address}/theo-doi?lang=vi")
    expect(page.locator("#mode")).to_have_text(tip("js_follow_page"))
    page.locator("#typed").fill(receipt)
    press(page, "look")


def test_a_tip_goes_there_and_back(browser_page: Page, program: Program, service: Service) -> None:
    page = browser_page
    page.on("dialog", lambda dialog: dialog.accept())
    receipt = tell(page, service.url)

    sit_down(page, program, service.url)
    page.locator("[data-tip]").get_by_role("link").first.click()
    expect(page.locator("main")).not_to_contain_text(STORY)
    page.locator("[data-form=open] button").click()
    expect(page.locator(".story")).to_have_text(STORY)
    picture = page.locator(".files img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 2560)
    seen = page.request.get(f"{service.url}{picture.get_attribute('src')}").body()
    assert not Image.open(io.BytesIO(seen)).getexif()
    assert b"CANARY" not in seen
    page.locator("[data-form=ask] textarea").fill(QUESTION)
    page.locator("[data-form=ask] button").click()
    page.get_by_role("button", name=desk("ask_sure")).click()
    expect(page.locator("#flash")).to_contain_text(desk("ask_done"))
    tip_page = page.url

    follow(page, service.url, receipt)
    expect(page.locator("#replies")).to_contain_text(QUESTION)
    page.locator("#text").fill(ANSWER)
    press(page, "more_send")
    expect(page.locator("#said")).to_have_text(tip("js_more_received"))

    page.goto(tip_page)
    expect(page.locator(".thread")).to_contain_text(ANSWER)
    page.locator("details.act summary", has_text=desk("close")).click()
    page.locator("[data-form=close] select").select_option("grounded")
    page.locator("[data-form=close] textarea").fill(LAST_WORD)
    page.locator("[data-form=close] button").click()
    page.get_by_role("button", name=desk("close_sure")).click()
    expect(page.locator(".headline")).to_contain_text(desk("state_closed"))

    follow(page, service.url, receipt)
    expect(page.locator("#replies")).to_contain_text(LAST_WORD)
    expect(page.locator("#state")).to_have_text(re.compile(re.escape(tip("js_state_closed"))))
    assert program.run("audit", "verify").returncode == 0
