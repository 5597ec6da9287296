"""
A scripted OpenAI-compatible chat server, over real HTTP with server-sent events.

It answers, fails, hangs, drips, breaks off or lies as a test scripts it, and keeps what came in, so that a
test can look for words that should not have left. No wait of it outlives `stop`.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.fakes.openai.scripted import Received, Scripted, claims, refuses

Script = Scripted | Callable[[Received], Scripted]
_LONGEST_WAIT_S = 30.0


@dataclass
class ScriptedModel:
    """
    The server; a context manager. What stands in `script` answers one request each, then `default` all.

    Args:
        model: The name it knows; another one is answered with 404.
        api_key: What it wants as a bearer token; empty for none.
        takes: The forms of JSON it can be held to; another one is refused with 400.
        limits: The names for the most tokens that it knows; another one is refused with 400, or, where
            `is_lax`, overlooked as llama.cpp's server does.
    """

    model: str = "fake-model"
    api_key: str = ""
    takes: tuple[str, ...] = ("json_schema", "json_object", "")
    limits: tuple[str, ...] = ("max_tokens",)
    is_lax: bool = False
    default: Script = field(default_factory=lambda: claims(refusal=True))
    received: list[Received] = field(default_factory=list)
    broken_off: int = 0  # streams that the other side closed before they ended

    def __post_init__(self) -> None:
        self.script: deque[Script] = deque()
        self._lock = threading.Lock()
        self.released = threading.Event()
        self.came = threading.Semaphore(0)

    def then(self, *replies: Script) -> None:
        """Answer the next requests with *replies*, one each."""
        self.script.extend(replies)

    def heard(self) -> str:
        """Everything that ever came in, as one text: bodies, paths and headers."""
        with self._lock:
            return "\n".join(
                f"{item.path} {item.authorization} {json.dumps(item.body, ensure_ascii=False)}"
                for item in self.received
            )

    def clear(self) -> None:
        """Forget what came in and what was to be answered."""
        with self._lock:
            self.received.clear()
            self.script.clear()

    def wait_for_request(self, seconds: float = 10.0) -> None:
        """Wait until one request more has come in."""
        assert self.came.acquire(timeout=seconds), "nobody asked the model"

    def __enter__(self) -> Self:
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"model": self}))
        self.http.daemon_threads = True
        self.http.block_on_close = False
        self.thread = threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Let everything that waits go, and close."""
        self.released.set()
        self.http.shutdown()
        self.thread.join(5)
        self.http.server_close()

    def answer(self, received: Received) -> Scripted:
        """What is said to one request."""
        with self._lock:
            self.received.append(received)
            reply = self.script.popleft() if self.script else self.default
        self.came.release()
        return self._refusal(received) or (reply if isinstance(reply, Scripted) else reply(received))

    def _refusal(self, received: Received) -> Scripted | None:
        """What the server says to what it does not know, whatever the script says."""
        if self.api_key and received.authorization != f"Bearer {self.api_key}":
            return refuses(401, message=f"Incorrect API key provided: {received.authorization}")
        if received.body.get("model") != self.model:
            return refuses(404, message="The model does not exist")
        if received.form not in self.takes:
            return refuses(400, message=f"{received.form} is not supported", param="response_format")
        named = [name for name in ("max_tokens", "max_completion_tokens") if name in received.body]
        for name in named:
            if name not in self.limits and not self.is_lax:
                return refuses(400, message=f"Unsupported parameter: '{name}'", param=name)
        return None


class _Handler(BaseHTTPRequestHandler):
    model: ScriptedModel
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        received = Received(path=self.path, authorization=self.headers.get("Authorization", ""), body=body)
        reply = self.model.answer(received)
        self.close_connection = True
        try:
            self._say(reply, received)
        except (BrokenPipeError, ConnectionResetError):
            self.model.broken_off += 1

    def _say(self, reply: Scripted, received: Received) -> None:
        if reply.hangs:
            self.model.released.wait(_LONGEST_WAIT_S)
            return
        if reply.status != 200:
            self._whole(reply.status, json.dumps(reply.error).encode(), reply.retry_after)
        elif reply.raw is not None:
            self._whole(200, reply.raw)
        elif received.body.get("stream"):
            self._stream(reply, received)
        else:
            self._whole(200, json.dumps(_completion(reply)).encode())

    def _whole(self, status: int, content: bytes, retry_after: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, reply: Scripted, received: Received) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        wants_counts = (received.body.get("stream_options") or {}).get("include_usage")
        for at, piece in enumerate(reply.events()):
            if at == reply.cut_after:
                return  # no [DONE], no last chunk: the connection is just gone
            if self.model.released.wait(reply.piece_s if at else reply.first_s):
                return
            self._event(_chunk({"content": piece}))
        self._event(_chunk({}, finish=reply.finish))
        if reply.counts and wants_counts:
            self._event({**_chunk({}), "choices": [], "usage": _usage(reply)})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, chunk: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "fake-model",
        "choices": [choice],
    }  # fmt: skip


def _completion(reply: Scripted) -> dict[str, Any]:
    choice = {
        "index": 0, "message": {"role": "assistant", "content": reply.text}, "finish_reason": reply.finish,
    }  # fmt: skip
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "fake-model",
        "choices": [choice], "usage": _usage(reply),
    }  # fmt: skip


def _usage(reply: Scripted) -> dict[str, int]:
    out = max(1, len(reply.text) // 3)
    return {"prompt_tokens": 100, "completion_tokens": out, "total_tokens": 100 + out}
