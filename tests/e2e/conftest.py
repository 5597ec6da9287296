"""A real headless Chromium, and any ASGI application served to it over HTTP."""

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import uvicorn

from bot.channels.web.server import server_config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Page
    from starlette.applications import Starlette

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Serve *app* as it is served for real, on a free port, in a thread; gives its address."""
    server = uvicorn.Server(server_config(app, port=0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server took too long to start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="session")
def serve() -> Callable[[Starlette], AbstractContextManager[str]]:
    """Serves a web chat, also one on the real stack, and gives its address: a context manager."""
    return served


# One a module, not one a session: while it lives, Playwright runs an event loop in this thread, and no other
# test could start one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless. Only outside CI may it be missing."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI") != "true":
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS, headless=True)
        yield chromium
        chromium.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What went wrong in the page's scripts. A test that wants a failure clears it at its end."""
    return []


@pytest.fixture
def browser_page(browser: Browser, console_errors: list[str]) -> Iterator[Page]:
    """A phone-sized page of a Vietnamese reader; any script, loading or CSP error fails the test."""
    context = browser.new_context(viewport=PHONE, locale="vi-VN", has_touch=True, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: console_errors.append(str(error)))
    page.on("console", lambda said: console_errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert not console_errors, console_errors
