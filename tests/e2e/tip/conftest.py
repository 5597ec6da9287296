"""The tip page in a phone-sized browser, with the real intake behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.channels.web.server import create_app
from bot.channels.web.tip_site import WebTips
from tests.fakes.asking import FakeAsking
from tests.fakes.tip_office import TipOffice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Page, Request
    from starlette.applications import Starlette


@pytest.fixture
def office(tmp_path: Path) -> Iterator[TipOffice]:
    """Two units, their keys, a store and the real intake."""
    made = TipOffice(tmp_path / "tips")
    yield made
    made.store.close()


@pytest.fixture
def address(office: TipOffice, serve: Callable[[Starlette], AbstractContextManager[str]]) -> Iterator[str]:
    """Where the web chat is served."""
    tips = WebTips(intake=office.intake, book=office.book, public_keys=office.public_keys)
    with serve(create_app(FakeAsking(), tips=tips)) as url:
        yield url


@pytest.fixture
def sent(browser_page: Page) -> list[Request]:
    """Every request the page makes; its questions are answered with yes."""
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    browser_page.on("request", note)
    browser_page.on("dialog", lambda dialog: dialog.accept())
    return requests


@pytest.fixture
def wizard(browser_page: Page, address: str, sent: list[Request]) -> Page:
    """The tip page, ready to seal by itself."""
    assert sent == []
    browser_page.goto(f"{address}/bao-tin?lang=vi")
    expect(browser_page.locator("#tip")).to_have_attribute("data-mode", "page")
    return browser_page
