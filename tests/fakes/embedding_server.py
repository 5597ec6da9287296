"""
A small OpenAI-compatible embedding server over real HTTP that does what a test scripts.

It answers, fails, hangs or talks nonsense. A text's vector is the counts of its bytes, so equal texts
have equal vectors.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DIMENSION = 8


def vector_of(text: str) -> list[float]:
    """Counts of the bytes of *text* by their last three bits; never all zero."""
    counts = [0.0] * DIMENSION
    for byte in text.encode():
        counts[byte % DIMENSION] += 1.0
    return counts


@dataclass
class EmbeddingServer:
    """Runs from `start` to `stop`. `mode` says what the next answers are; `requests` keeps what came in."""

    mode: str = "ok"
    api_key: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def start(self) -> str:
        """Listen on a free port; returns the base URL."""
        server = self
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": server}))
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return f"http://127.0.0.1:{self.http.server_port}/v1"

    def stop(self) -> None:
        """Let hanging answers go and close."""
        self.released.set()
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()

    def answer(self, body: dict[str, Any], authorization: str) -> tuple[int, bytes]:
        """Status and body for one request, by `mode`."""
        self.requests.append(body)
        if self.api_key and authorization != f"Bearer {self.api_key}":
            return 401, json.dumps({"error": {"message": f"bad key in {authorization}"}}).encode()
        if self.mode == "hang":
            self.released.wait(30)
            return 503, b"{}"
        if self.mode == "error_once":
            self.mode = "ok"
            return 500, b"{}"
        texts = body["input"]
        return {
            "error": (500, json.dumps({"error": {"message": f"cannot embed {texts}"}}).encode()),
            "busy": (429, b'{"error": {"message": "slow down"}}'),
            "not_json": (200, b"<html>proxy</html>"),
            "no_data": (200, b'{"data": []}'),
            "null_data": (200, b'{"data": null}'),
            "too_few": (200, self.page([vector_of(text) for text in texts[1:]])),
            "ragged": (200, self.page([vector_of(text)[: 3 + n] for n, text in enumerate(texts)])),
            "words": (200, self.page([["a"] * DIMENSION for _ in texts])),
            "zeros": (200, self.page([[0.0] * DIMENSION for _ in texts])),
            "not_numbers": (200, self.page([[float("nan")] * DIMENSION for _ in texts])),
            "other_size": (200, self.page([[1.0] * (DIMENSION + 1) for _ in texts])),
        }.get(self.mode, (200, self.page([vector_of(text) for text in texts])))

    @staticmethod
    def page(vectors: list[Any]) -> bytes:
        """An answer in OpenAI's shape."""
        data = [{"object": "embedding", "index": at, "embedding": v} for at, v in enumerate(vectors)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return json.dumps({"object": "list", "model": "fake", "data": data, "usage": usage}).encode()


class _Handler(BaseHTTPRequestHandler):
    script: EmbeddingServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, content = self.script.answer(body, self.headers.get("Authorization", ""))
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client gave up waiting

    def log_message(self, *_: object) -> None:
        """Say nothing."""
