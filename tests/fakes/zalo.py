"""
A Zalo to talk to over real HTTP: its Bot API as documented, and what breaks on the way.

Strict: a call with anything that Zalo would refuse is noted in `broken`, and `check` fails the test.
"""

from __future__ import annotations

import itertools
import json
import queue
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "1459232241454765289:dGhpc0lzQVRva2Vu"  # noqa: S105 - of the fake
LIMIT = 2_000
LONGEST_WAIT_S = 2.0


class FakeZalo:
    """One bot's side of Zalo. `said` is what people were sent, `calls` every call as (method, body)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.said: list[tuple[str, str]] = []
        self.broken: list[str] = []
        self.webhook: dict[str, str] = {}
        self.trouble: dict[str, list[tuple[int, bytes]]] = {}
        self._waiting: queue.Queue[dict[str, Any]] = queue.Queue()
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def api(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def check(self) -> None:
        """Fail if the bot did what Zalo would refuse."""
        assert not self.broken, self.broken

    def update(self, words: str | None, *, chat: str = "e4ea2cd5189df1c3a88c", **more: Any) -> dict[str, Any]:
        """An update as Zalo makes it; *words* None: a picture."""
        kind = "text" if words is not None else "image"
        message = {
            "from": {"id": chat, "display_name": "Nguyễn Thị Zuươm", "is_bot": False},
            "chat": {"id": chat, "chat_type": "PRIVATE"},
            "message_id": f"2d758cb5e222177a{next(self._numbers):04x}",
            "date": 1750316131602,
            **({"text": words} if words is not None else {"photo": "https://photo.example/a.jpg"}),
        }
        return {"message": message | more, "event_name": f"message.{kind}.received"}

    def write(self, words: str | None, *, chat: str = "e4ea2cd5189df1c3a88c", **more: Any) -> None:
        """Somebody writes to the bot."""
        self._waiting.put(self.update(words, chat=chat, **more))

    def again(self, update: dict[str, Any]) -> None:
        """An update that the bot is given, perhaps for the second time."""
        self._waiting.put(update)

    def fail(self, method: str, *answers: tuple[int, object]) -> None:
        """The next calls of *method* are answered so: a code, and JSON or the bytes themselves."""
        bodies = [body if isinstance(body, bytes) else json.dumps(body).encode() for _, body in answers]
        codes = [code for code, _ in answers]
        self.trouble.setdefault(method, []).extend(zip(codes, bodies, strict=True))

    def wait(self, until: Callable[[FakeZalo], bool], seconds: float = 30.0) -> None:
        """Wait until *until* holds; it is asked again after every call."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not until(self):
                left = deadline - time.monotonic()
                assert left > 0, f"nothing came: {self.said[-3:]}"
                self._changed.wait(min(left, 0.5))

    def ask(self, words: str | None, *, chat: str = "e4ea2cd5189df1c3a88c") -> str:
        """What the bot answers *words*, all its messages joined: until it is quiet."""
        before = len(self.said)
        self.write(words, chat=chat)
        self.wait(lambda fake: len(fake.said) > before)
        while True:
            count = len(self.said)
            time.sleep(0.1)
            if len(self.said) == count:
                return "\n\n".join(told for to, told in self.said[before:] if to == chat)

    def called(self, method: str) -> int:
        """How often *method* was called."""
        return sum(name == method for name, _ in self.calls)

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """What a call gets: a code and a body."""
        prefix = f"/bot{TOKEN}/"
        if not path.startswith(prefix):
            return 401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
        method = path.removeprefix(prefix)
        given = json.loads(body or b"{}")
        with self._changed:
            self.calls.append((method, given))
            self._changed.notify_all()
            if self.trouble.get(method):
                return self.trouble[method].pop(0)
        result = getattr(self, f"_{method}")(given)
        if result is None:
            return 408, b'{"ok": false, "error_code": 408, "description": "Request timeout"}'
        return 200, json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()

    def _getMe(self, _: dict[str, Any]) -> object:  # noqa: N802 - the names of Zalo's methods
        return {"id": "1459232241454765289", "account_name": "bot.BinhAn", "can_join_groups": False}

    def _getUpdates(self, given: dict[str, Any]) -> object:  # noqa: N802
        if self.webhook.get("url"):
            self.broken.append("asked for updates though a webhook is set")
        if not isinstance(given.get("timeout"), str):
            self.broken.append("timeout is no string")
        try:
            return self._waiting.get(timeout=min(float(given["timeout"]), LONGEST_WAIT_S))
        except queue.Empty:
            return None

    def _sendMessage(self, given: dict[str, Any]) -> object:  # noqa: N802
        words = given.get("text", "")
        if not 1 <= len(words) <= LIMIT:
            self.broken.append(f"a message of {len(words)} characters")
        with self._changed:
            self.said.append((given["chat_id"], words))
            self._changed.notify_all()
        return {"message_id": f"82599fa32f56d00e{next(self._numbers):04x}", "date": 1749632637199}

    def _sendChatAction(self, given: dict[str, Any]) -> object:  # noqa: N802
        if given.get("action") != "typing":
            self.broken.append("an action that is not there")
        return {}

    def _setWebhook(self, given: dict[str, Any]) -> object:  # noqa: N802
        if not given["url"].startswith("https://") or not 8 <= len(given["secret_token"]) <= 256:
            self.broken.append("a webhook that Zalo refuses")
        self.webhook = given
        return {"url": given["url"], "updated_at": 1749538250568}

    def _deleteWebhook(self, _: dict[str, Any]) -> object:  # noqa: N802
        self.webhook = {}
        return {"url": "", "updated_at": 1749538250568}


@contextmanager
def fake_zalo() -> Iterator[FakeZalo]:
    """A Zalo that fails the test where the bot did what Zalo would refuse."""
    with FakeZalo() as fake:
        yield fake
    fake.check()


def _handler(fake: FakeZalo) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            code, told = fake.answer(self.path, body)
            self.send_response(code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # the bot stopped waiting
                self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
