"""
Takes the pictures that README.md and the handbooks show: the web chat, a tip, the desk.

Starts the real `binhan serve` on a free port, asks it a question in Debian's Chromium, and writes
PNG files. The data folder given should be one whose guides are indexed, and must not be in use.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import expect, sync_playwright

from scripts.tip_pictures import send_tips, take_desk, take_tip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
QUESTION = "hang xom danh nhau thi goi ai hoa giai"
BYTES_LIMIT = 300_000  # of one picture: readers of the papers have slow lines too
START_SECONDS = 600  # a data folder without an index is filled first
ANSWER_MS = 20_000
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: its file, the window in CSS pixels, dots for each of them, and what is shown."""

    name: str
    width: int
    height: int
    scale: int
    asked: bool
    unfolded: bool = False
    dark: bool = False


SHOTS = (
    Shot(name="web-chat", width=360, height=740, scale=2, asked=True),
    Shot(name="web-chat-sources", width=360, height=740, scale=2, asked=True, unfolded=True),
    Shot(name="web-chat-start", width=360, height=740, scale=2, asked=False),
    Shot(name="web-chat-desktop", width=1100, height=760, scale=1, asked=True),
    Shot(name="web-chat-dark", width=1100, height=760, scale=1, asked=True, dark=True),
)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """`binhan serve` over *folder*, as an operator starts it; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    program = Path(sys.executable).parent / "binhan"
    environment = os.environ | {
        "BINHAN_DATA": str(folder),
        "BINHAN_PORT": str(port),
        "BINHAN_HOST": "127.0.0.1",
    }
    with subprocess.Popen([program, "serve"], cwd=ROOT, env=environment) as process:
        try:
            wait_for(address, process)
            yield address
        finally:
            process.terminate()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return when *address* answers. Ends the program if *process* ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit("binhan serve did not start; what it said stands above.")
        try:
            with urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own server, started above
                return
        except (URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"binhan serve was not ready after {START_SECONDS} seconds.")


def ask(page: Page, *, unfolded: bool) -> None:
    """Ask the question, and open the sources of the answer if they are to be seen."""
    page.locator("textarea").fill(QUESTION)
    page.locator("textarea").press("Enter")
    answer = page.locator("#log .bot:not(.typing)").last
    expect(answer).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator("#log .typing")).to_have_count(0)
    if unfolded:
        answer.locator("summary").first.click()
        answer.locator("details").first.scroll_into_view_if_needed()
    page.evaluate("document.activeElement.blur()")


def take(browser: Browser, address: str, shot: Shot) -> Path:
    """Take one picture."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=shot.scale,
        locale="vi-VN",
        reduced_motion="reduce",
        color_scheme="dark" if shot.dark else "light",
    )
    page = context.new_page()
    page.goto(address)
    if shot.asked:
        ask(page, unfolded=shot.unfolded)
    page.wait_for_timeout(300)
    file = PICTURES / f"{shot.name}.png"
    page.screenshot(path=file)
    context.close()
    return file


def main(folder: Path) -> int:
    """Take every picture; returns 1 if one is too large."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    too_large = 0
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for shot in SHOTS:
            too_large += is_too_large(take(browser, address, shot))
        send_tips(folder)
        too_large += is_too_large(take_tip(browser, address, PICTURES / "tip.png"))
        too_large += is_too_large(take_desk(browser, address, folder, PICTURES / "desk.png"))
        browser.close()
    return 1 if too_large else 0


def is_too_large(file: Path) -> bool:
    """Say how large a picture is, and whether that is too much."""
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}: {size:,} bytes{' (too large)' if size > BYTES_LIMIT else ''}")
    return size > BYTES_LIMIT


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take the pictures of the web chat.")
    parser.add_argument("folder", type=Path, help="data folder to serve, not in use")
    sys.exit(main(parser.parse_args().folder.resolve()))
