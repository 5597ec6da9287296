"""Pictures of a tip being left on a phone and of the desk that reads it, by the real program."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from prompts.catalog import text

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

STORY = (
    "Tối nào sau 22 giờ cũng có khoảng 7, 8 người đến căn nhà cuối hẻm sau chợ đánh bạc, cãi nhau to. "
    "Chủ nhà đi xe SH đỏ. Tôi tận mắt thấy mấy lần khi đi làm ca đêm về."
)
SOON_MS = 500


def send_tips(folder: Path) -> None:
    """Two tips for the trial unit, as a script sends them."""
    for words, more in (
        (STORY, ["--kind", "gambling", "--place", "phường Bến Thành", "--when", "tối qua"]),
        ("Tiệm sửa xe chứa nhiều can xăng ngay dưới cầu thang khu tập thể.", ["--kind", "fire_risk"]),
    ):
        run(folder, "tip", "send", "--text", words, *more)


def run(folder: Path, *command: str) -> str:
    """What a command of the program prints."""
    program = sys.executable.removesuffix("python") + "binhan"
    environment = os.environ | {"BINHAN_DATA": str(folder)}
    done = subprocess.run([program, *command], env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def take_tip(browser: Browser, address: str, file: Path) -> Path:
    """The wizard on a phone, at its story."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, locale="vi-VN", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{address}/bao-tin?lang=vi")
    for _ in ("danger", "kind", "place", "when"):  # all of them may be left out
        page.get_by_role("button", name=text("tipweb.skip_step", "vi"), exact=True).click()
    page.locator("#story").fill(STORY)
    page.locator("#story").blur()
    page.wait_for_timeout(SOON_MS)
    page.screenshot(path=file)
    context.close()
    return file


def take_desk(browser: Browser, address: str, folder: Path, file: Path) -> Path:
    """The desk with a tip opened."""
    link = run(folder, "desk", "link", "--unit", "thu-nghiem", "--officer", "thu-can-bo").split()[-1]
    context = browser.new_context(
        viewport={"width": 1100, "height": 820}, locale="vi-VN", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address + link[link.index("/desk/") :])
    page.locator("main form button").click()
    open_card(page)
    page.screenshot(path=file)
    context.close()
    return file


def open_card(page: Page) -> None:
    """Open the last card of the list: the first that came."""
    page.locator("[data-tip]").last.get_by_role("link").first.click()
    page.locator("[data-form=open] button").click()
    page.locator(".story").wait_for()
    page.locator(".story").scroll_into_view_if_needed()
    page.wait_for_timeout(SOON_MS)
