"""What a scripted model does with one request: the words, and how badly they come."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

_FENCED: Final = re.compile(
    r"^(?P<fence>~~~\w+) (?P<name>\S+)[^\n]*\n(?P<text>.*?)\n(?P=fence)$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it came in."""

    path: str
    authorization: str
    body: dict[str, Any]

    @property
    def system(self) -> str:
        """What the model is told to be."""
        return self._said("system")

    @property
    def user(self) -> str:
        """What the model is given."""
        return self._said("user")

    @property
    def form(self) -> str:
        """How JSON is asked for: json_schema, json_object, or ""."""
        return str((self.body.get("response_format") or {}).get("type", ""))

    def data(self) -> dict[str, str]:
        """What stands between random lines, by its name: passages as p1, p2… and the question."""
        return {found["name"]: found["text"] for found in _FENCED.finditer(self.user)}

    def _said(self, role: str) -> str:
        turns = [turn["content"] for turn in self.body.get("messages", []) if turn["role"] == role]
        return "\n".join(turns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """
    One answer of the server.

    Args:
        text: What the model writes.
        pieces: Into how many events it is cut.
        first_s: Seconds before the first event.
        piece_s: Seconds before each further one.
        cut_after: Events after which the connection breaks; None: it ends as it should.
        hangs: Whether nothing at all is said, until the server stops.
        status: Other than 200: an error with `error` as its body.
        retry_after: The header of that name, as it stands there.
        raw: These bytes as the body of a 200, instead of events.
        counts: Whether the tokens are told.
        finish: Why the model stopped.
    """

    text: str = ""
    pieces: int = 4
    first_s: float = 0.0
    piece_s: float = 0.0
    cut_after: int | None = None
    hangs: bool = False
    status: int = 200
    retry_after: str = ""
    error: dict[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    counts: bool = True
    finish: str = "stop"

    def events(self) -> list[str]:
        """The text as the deltas of a stream."""
        size = max(1, -(-len(self.text) // max(1, self.pieces)))
        return [self.text[at : at + size] for at in range(0, len(self.text), size)]


def refuses(status: int, *, message: str = "no", param: str = "", retry_after: str = "") -> Scripted:
    """An error in OpenAI's shape."""
    error = {"error": {"message": message, "type": "invalid_request_error", "param": param or None}}
    return Scripted(status=status, error=error, retry_after=retry_after)


def claims(
    *told: tuple[str, str, str], clarify: tuple[str, ...] = (), refusal: bool = False, **how: Any
) -> Scripted:
    """An answer of claims, each (text, cite, quote); *how* they come as in `Scripted`."""
    items = [{"text": text, "cite": cite, "quote": quote} for text, cite, quote in told]
    answer = {"claims": items, "clarify": list(clarify), "refusal": refusal}
    return Scripted(text=json.dumps(answer, ensure_ascii=False), **how)


HANGS: Final = Scripted(hangs=True)
NOT_JSON: Final = Scripted(text="Dạ, theo tôi thì anh chị cứ ra xã hỏi là được ạ.")
HALF_JSON: Final = Scripted(text='{"claims": [{"text": "Anh chị gọi', finish="length")
NO_PROTOCOL: Final = Scripted(raw=b"<html>proxy</html>")
ENDLESS: Final = Scripted(text="{" + "a" * 200_000, pieces=400)
