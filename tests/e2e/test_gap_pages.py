"""Questions without an answer in a real browser: an editor answers one and undoes it, on phone and desk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.desk.web.site import PageSettings
from knowledge.gaps.model import Reason, key_of
from knowledge.model import Audience
from prompts.catalog import text
from tests.bot.desk.gap_station import ANSWER, DOG, DOGS, NOISE, GapStation
from tests.bot.desk.station import A, make_keys
from tests.bot.desk.web.officer import app_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Page
    from starlette.applications import Starlette

pytestmark = pytest.mark.browser

FINGER = 44  # CSS pixels a finger needs


def say(key: str, **fields: object) -> str:
    return text(f"gaps.{key}", "vi", **fields)


@pytest.fixture
def there(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GapStation]:
    keys = tmp_path_factory.mktemp("gap-keys")
    make_keys(keys)
    opened = GapStation(tmp_path, keys)
    opened.ask(*DOGS, NOISE, "Ông [tên] xả nước sang nhà tôi thì hòa giải ở đâu?")
    opened.ask("Mẫu báo cáo tháng của chi hội gửi về đâu?", audience=Audience.MEMBER)
    opened.ask("Đăng ký tạm trú cho người thuê trọ thế nào?", reason=Reason.THUMBS_DOWN)
    yield opened
    opened.close()


@pytest.fixture
def address(there: GapStation, serve: Callable[[Starlette], AbstractContextManager[str]]) -> Iterator[str]:
    with serve(app_of(there.station, gaps=there.gaps)) as url:
        yield url


def shoot(page: Page, name: str) -> None:
    """A picture to look at, where somebody asked for pictures."""
    if folder := os.environ.get("BINHAN_SHOTS"):
        page.screenshot(path=Path(folder) / f"gaps-{name}.png", full_page=True)


def come_in(page: Page, address: str, there: GapStation) -> None:
    token = there.station.desk.invite(A, there.editor.officer.id)
    page.goto(f"{address}/desk/vao/{token}")
    page.get_by_role("button", name=text("deskweb.enter", "vi"), exact=True).click()
    page.goto(f"{address}/desk/hoi-dap")


def fits(page: Page) -> bool:
    """Whether nothing has to be pushed sideways, and every button is as tall as a finger is wide."""
    wide = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    tall = page.evaluate(
        "[...document.querySelectorAll('main button, main a.button, main select')]"
        f".every(one => one.getBoundingClientRect().height >= {FINGER} || !one.offsetParent)"
    )
    return bool(wide and tall)


@pytest.mark.parametrize("width", [360, 1180])
def test_an_editor_answers_publishes_and_undoes(
    address: str, browser_page: Page, there: GapStation, width: int
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    come_in(page, address, there)
    expect(page.get_by_role("heading", level=1)).to_have_text(say("list"))
    assert fits(page)
    shoot(page, f"list-{width}")
    page.get_by_role(
        "link", name=there.gaps.cluster(there.editor, key_of(DOG)).wordings[0], exact=True
    ).click()
    page.get_by_label(say("heading"), exact=True).fill(DOG)
    page.get_by_label(say("text"), exact=True).fill(ANSWER)
    page.get_by_label(say("sources"), exact=True).fill("Nghị định 90/2017/NĐ-CP, Điều 7")
    page.locator("select[name=topic]").select_option("hoa-giai")
    assert fits(page)
    shoot(page, f"form-{width}")
    page.get_by_role("button", name=say("preview")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("preview_title"))
    expect(page.locator("main")).to_contain_text("Giải đáp của Chỉ huy, Phường A")
    assert fits(page)
    shoot(page, f"preview-{width}")
    page.get_by_role("button", name=say("publish"), exact=True).click()
    expect(page.locator("#flash")).to_contain_text(say("done_write"))
    expect(page.locator("main")).to_contain_text(say("state_waiting"))
    assert fits(page)
    shoot(page, f"answers-{width}")
    page.get_by_role("button", name=say("undo"), exact=True).click()
    expect(page.locator("#flash")).to_contain_text(say("done_undo"))
    page.goto(f"{address}/desk/hoi-dap")
    expect(page.locator("main")).to_contain_text(DOG)


def test_the_dark_page_is_legible_too(address: str, browser_page: Page, there: GapStation) -> None:
    browser_page.emulate_media(color_scheme="dark")
    come_in(browser_page, address, there)
    expect(browser_page.locator("main")).to_contain_text(NOISE)
    shoot(browser_page, "list-dark")


def test_an_editor_who_writes_long_stays_signed_in_and_is_told_when_it_is_over(
    browser_page, serve, there, console_errors
):
    page, clock = browser_page, there.station.clock
    with serve(app_of(there.station, PageSettings(poll_seconds=0.4), gaps=there.gaps)) as address:
        come_in(page, address, there)
        page.locator(".card a").first.click()
        words = page.locator("[data-form=answer] [name=text]")
        for _ in range(3):
            with page.expect_response(
                lambda answer: answer.request.headers.get("x-desk-active") == "1" and answer.ok
            ):
                clock.move(minutes=16)
                words.press_sequentially(ANSWER[:3])
        expect(page.locator("#toast")).to_have_count(0)
        for minutes in (0, 16, 16):
            with page.expect_response(
                lambda answer: (
                    answer.url.endswith("/desk/phien") and "x-desk-active" not in answer.request.headers
                )
            ):
                clock.move(minutes=minutes)
        expect(page.locator("#toast")).to_have_text(text("deskweb.session_over_words", "vi"))
        assert words.input_value().count(ANSWER[:3]) == 3
    console_errors.clear()  # the browser notes the 401
