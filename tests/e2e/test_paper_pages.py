"""Documents in a real browser: dropped or chosen, confirmed, published, withdrawn; on phone and desk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.desk.papers_model import Stage
from prompts.catalog import text
from tests.bot.desk.paper_station import PHONE, PLAN, PLAN_AGAIN, TWO_PAGES, PaperStation, ripen
from tests.bot.desk.station import A, make_keys
from tests.bot.desk.web.officer import app_of
from tests.ingest.builders import pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, FilePayload, Locator, Page
    from starlette.applications import Starlette

pytestmark = pytest.mark.browser

FINGER = 44  # CSS pixels a finger needs
READ_MS = 60_000  # far more than a loaded machine needs
TEXT = "text/plain"


def say(key: str, **fields: object) -> str:
    return text(f"papers.{key}", "vi", **fields)


@pytest.fixture(scope="module")
def ripe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ripen(tmp_path_factory.mktemp("ripe-library"))


@pytest.fixture
def there(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, ripe: Path) -> Iterator[PaperStation]:
    keys = tmp_path_factory.mktemp("paper-keys")
    make_keys(keys)
    opened = PaperStation(tmp_path, keys, ripe=ripe)
    yield opened
    opened.close()


@pytest.fixture
def address(there: PaperStation, serve: Callable[[Starlette], AbstractContextManager[str]]) -> Iterator[str]:
    with serve(app_of(there.station, papers=there.papers)) as url:
        yield url


def shoot(page: Page, name: str) -> None:
    """A picture to look at, where somebody asked for pictures."""
    if folder := os.environ.get("BINHAN_SHOTS"):
        page.screenshot(path=Path(folder) / f"papers-{name}.png", full_page=True)


def come_in(page: Page, address: str, there: PaperStation) -> None:
    token = there.station.desk.invite(A, there.editor.officer.id)
    page.goto(f"{address}/desk/vao/{token}")
    page.get_by_role("button", name=text("deskweb.enter", "vi"), exact=True).click()
    page.goto(f"{address}/desk/tai-lieu")


def fits(page: Page) -> bool:
    """Whether nothing has to be pushed sideways, and every button is as tall as a finger is wide."""
    wide = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main a, main select, main input:not([type=hidden])')]"
        f".filter(one => one.offsetParent && one.getBoundingClientRect().height < {FINGER}"
        " && one.type !== 'checkbox' && !one.closest('h3')).map(one => one.outerHTML.slice(0, 120))"
    )
    assert not small, small
    return bool(wide)


def payload(name: str, content: str | bytes) -> FilePayload:
    """A file as somebody picks it."""
    buffer = content.encode() if isinstance(content, str) else content
    return {"name": name, "mimeType": TEXT, "buffer": buffer}


def row(page: Page, name: str) -> Locator:
    return page.locator("li.paper", has=page.get_by_role("heading", name=name, exact=True))


@pytest.mark.parametrize("width", [360, 1180])
def test_an_editor_brings_a_paper_in_confirms_and_publishes(
    address: str, browser_page: Page, there: PaperStation, console_errors: list[str], width: int
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    come_in(page, address, there)
    assert fits(page)
    page.locator("#files").set_input_files(
        [payload("kế hoạch.txt", PLAN + PHONE), payload("khóa.pdf", pdf([["Chữ"]], encrypted=True))]
    )
    page.get_by_role("button", name=say("send"), exact=True).click()
    expect(row(page, "kế hoạch.txt")).to_contain_text(say("stage_ready"), timeout=READ_MS)
    locked = text("ingest.encrypted_file", "vi", kind="pdf")
    expect(row(page, "khóa.pdf")).to_contain_text(locked, timeout=READ_MS)
    assert fits(page)
    shoot(page, f"front-{width}")
    row(page, "kế hoạch.txt").get_by_role("link", name=say("open_paper")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kế hoạch tuần tra ban đêm năm 2026")
    expect(page.locator("input[name=number]")).to_have_value("12/KH-UBND")
    page.locator("input[name=issued]").fill("5/3/2026")
    page.locator("select[name=audience]").select_option("public")
    assert fits(page)
    shoot(page, f"sheet-{width}")
    page.get_by_role("button", name=say("publish"), exact=True).click()
    expect(page.locator("#flash")).to_contain_text(text("desk.refused_paper_grave", "vi"))
    console_errors.clear()  # that refusal came as 422
    page.get_by_label(say("answer_for")).check()
    assert fits(page)
    shoot(page, f"grave-{width}")
    page.get_by_role("button", name=say("publish"), exact=True).click()
    expect(row(page, "kế hoạch.txt")).to_contain_text(say("stage_published"), timeout=READ_MS)
    page.get_by_label(say("search")).fill("tuan tra")
    page.get_by_role("button", name=say("filter"), exact=True).click()
    page.get_by_role("link", name="Kế hoạch tuần tra ban đêm năm 2026 (12/KH-UBND)").click()
    expect(page.locator("main")).to_contain_text("5/3/2026")
    expect(page.locator("main")).to_contain_text(say("act_published", who="Chỉ huy, Phường A", edition=1))
    assert fits(page)
    shoot(page, f"document-{width}")
    page.get_by_role("link", name=say("open_text")).first.click()
    expect(page.locator(".part:target")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name=say("withdraw"), exact=True).click()
    expect(page.locator("#flash")).to_contain_text(say("done_withdraw"))


DROP = """async ([target, files]) => {
  const transfer = new DataTransfer();
  for (const [name, content] of files) transfer.items.add(new File([content], name));
  const box = document.querySelector(target);
  for (const kind of ["dragenter", "dragover", "drop"])
    box.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: transfer}));
}"""


def test_dropped_files_come_in_and_the_rows_tell_how_far_they_are(
    address: str, browser_page: Page, there: PaperStation
) -> None:
    page = browser_page
    come_in(page, address, there)
    page.evaluate(DROP, ["#drop", [["một.txt", PLAN], ["hai.txt", PLAN_AGAIN], ["trống.txt", ""]]])
    for name in ("một.txt", "hai.txt"):
        expect(row(page, name)).to_contain_text(say("stage_ready"), timeout=READ_MS)
    expect(row(page, "trống.txt")).to_contain_text(text("ingest.empty_file", "vi"), timeout=READ_MS)
    expect(page.locator("li.paper")).to_have_count(3)
    assert page.url.endswith("/desk/tai-lieu")


def test_a_file_let_go_beside_the_box_does_not_replace_the_page(
    address: str, browser_page: Page, there: PaperStation
) -> None:
    page = browser_page
    come_in(page, address, there)
    page.evaluate(DROP, ["h1", [["một.txt", PLAN]]])
    expect(page.locator("#drop")).to_be_visible()
    assert there.papers.papers(there.editor) == []


def test_a_file_too_large_is_told_before_it_is_sent(
    address: str, browser_page: Page, there: PaperStation
) -> None:
    page = browser_page
    come_in(page, address, there)
    page.evaluate("document.getElementById('upload').dataset.limit = '10'")
    page.evaluate(DROP, ["#drop", [["lớn.txt", PLAN]]])
    expect(row(page, "lớn.txt")).to_contain_text(say("not_sent"))
    assert there.papers.papers(there.editor) == []


def test_without_a_script_the_form_does_it_all(address: str, browser: Browser, there: PaperStation) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="vi-VN", viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    try:
        come_in(page, address, there)
        page.locator("#files").set_input_files([payload("kế hoạch.txt", PLAN)])
        page.get_by_role("button", name=say("send"), exact=True).click()
        expect(page.locator("#flash")).to_contain_text(say("brought_in", taken=1, refused=0))
        there.settle()
        page.goto(f"{address}/desk/tai-lieu")
        row(page, "kế hoạch.txt").get_by_role("link", name=say("open_paper")).click()
        page.get_by_role("button", name=say("publish"), exact=True).click()
        there.settle()
        page.goto(f"{address}/desk/tai-lieu")
        expect(row(page, "kế hoạch.txt")).to_contain_text(say("stage_published"))
    finally:
        context.close()
    assert [paper.stage for paper in there.papers.papers(there.editor)] == [Stage.PUBLISHED]


def test_with_the_keyboard_alone(address: str, browser_page: Page, there: PaperStation) -> None:
    page = browser_page
    paper = there.bring("kế hoạch.txt", PLAN)
    come_in(page, address, there)
    link = row(page, "kế hoạch.txt").get_by_role("link", name=say("open_paper"))
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/desk/tai-lieu/cho/{paper.id}")
    button = page.get_by_role("button", name=say("publish"), exact=True)
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(row(page, "kế hoạch.txt")).to_contain_text(say("stage_published"), timeout=READ_MS)


def test_the_original_of_a_pdf_shows_at_its_page(
    address: str, browser_page: Page, there: PaperStation
) -> None:
    page = browser_page
    paper = there.bring("trồng cây.pdf", TWO_PAGES)
    come_in(page, address, there)
    page.goto(f"{address}/desk/tai-lieu/cho/{paper.id}")
    link = page.get_by_role("link", name=say("open_original")).last
    assert str(link.get_attribute("href")).endswith("/goc#page=2")
    with page.context.expect_page() as opened:
        link.click()
    shown = opened.value
    shown.wait_for_load_state()
    assert shown.url.endswith("/goc#page=2")
    shoot(shown, "pdf")
    shown.close()


def test_the_dark_page_is_legible_too(address: str, browser_page: Page, there: PaperStation) -> None:
    there.bring("kế hoạch.txt", PLAN + PHONE)
    browser_page.emulate_media(color_scheme="dark")
    come_in(browser_page, address, there)
    expect(browser_page.locator("main")).to_contain_text("kế hoạch.txt")
    shoot(browser_page, "front-dark")
