"""
What comes in, read and stripped to our own message types.

Nothing read here is ever put into an exception: a `Problem` holds only a code and a language.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qsl

import anyio

from bot.channels.web.language import accepted_language, as_language
from bot.messages import PREVIOUS_LIMIT, QUESTION_LIMIT, Feedback, Question
from knowledge.model import Audience

if TYPE_CHECKING:
    from starlette.requests import Request

    from prompts.catalog import Language

BODY_LIMIT: Final = 32 * 1024  # bytes
BODY_SECONDS: Final = 20.0  # for all of a body: a slow line sends 32 kB in that, a stalled one is let go
PREVIOUS_TEXT_LIMIT: Final = 500  # characters of each earlier question: a follow-up leans on its subject only
PASSAGES_LIMIT: Final = 16
PASSAGE_NAME_LIMIT: Final = 300  # characters
_FIELDS_LIMIT: Final = 16  # of a form

ProblemCode = Literal[
    "busy", "empty", "foreign", "host", "internal", "malformed", "method", "not_found", "slow", "too_large"
]


STATUS: Final[dict[ProblemCode, int]] = {
    "busy": 503,
    "empty": 400,
    "foreign": 403,
    "host": 421,
    "internal": 500,
    "malformed": 400,
    "method": 405,
    "not_found": 404,
    "slow": 504,
    "too_large": 413,
}


class Problem(Exception):
    """Something a visitor is told instead of an answer; told in `language`, or as the request prefers."""

    def __init__(self, code: ProblemCode, language: Language | None = None) -> None:
        super().__init__(code)
        self.code: ProblemCode = code
        self.language = language

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.code]


def request_language(request: Request) -> Language:
    """The language asked for by `?lang=`, else by the browser."""
    wanted = as_language(request.query_params.get("lang"))
    return wanted or accepted_language(request.headers.get("accept-language", ""))


async def read_question(request: Request) -> Question:
    """
    The question in a JSON body.

    Its audience is always the public: on the web nobody has shown who they are.

    Raises:
        Problem: Not our JSON, too large, or no question in it.
    """
    fields = await read_json(request)
    language = as_language(fields.get("language", request_language(request)))
    if language is None:
        raise Problem("malformed")
    return _question(fields.get("question"), fields.get("previous", []), language)


async def read_form(request: Request) -> Question:
    """
    The question in a plain HTML form; a pressed suggestion goes before what is typed.

    Raises:
        Problem: Too large, or no question in it.
    """
    body = await _body(request)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_LIMIT)
    except ValueError:
        raise Problem("malformed") from None
    fields = dict(pairs)
    language = as_language(fields.get("language")) or request_language(request)
    previous = [value for name, value in pairs if name == "previous"]
    return _question(fields.get("pick") or fields.get("question", ""), previous, language)


async def read_feedback(request: Request) -> Feedback:
    """
    The thumb in a JSON body.

    Raises:
        Problem: Not a verdict on passages.
    """
    fields = await read_json(request)
    passages, verdict = fields.get("passages"), fields.get("verdict")
    if not isinstance(passages, list) or not 0 < len(passages) <= PASSAGES_LIMIT:
        raise Problem("malformed")
    if not all(isinstance(name, str) and 0 < len(name) <= PASSAGE_NAME_LIMIT for name in passages):
        raise Problem("malformed")
    if verdict not in ("up", "down"):
        raise Problem("malformed")
    return Feedback(passages=tuple(map(_clean, passages)), verdict=verdict)


def _question(words: object, previous: object, language: Language) -> Question:
    if not isinstance(words, str) or not isinstance(previous, list):
        raise Problem("malformed", language)
    if not all(isinstance(item, str) for item in previous):
        raise Problem("malformed", language)
    asked = _clean(words)[:QUESTION_LIMIT].strip()
    if not asked:
        raise Problem("empty", language)
    earlier = tuple(_clean(item)[:PREVIOUS_TEXT_LIMIT] for item in previous if item.strip())
    return Question(
        text=asked, audience=Audience.PUBLIC, language=language, previous=earlier[-PREVIOUS_LIMIT:]
    )


def _clean(words: str) -> str:
    """*words* without what no text holds: lone surrogates (JSON can spell them) and NUL."""
    return words.encode("utf-8", "ignore").decode("utf-8").replace("\x00", " ").strip()


async def read_json(request: Request) -> dict[str, Any]:
    """
    The object in a JSON body of at most `BODY_LIMIT` bytes.

    Raises:
        Problem: Too large, too slow, or no JSON object.
    """
    # Another site's form cannot send this type without the browser asking us first.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem("malformed")
    body = await _body(request)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise Problem("malformed") from None
    if not isinstance(fields, dict):
        raise Problem("malformed")
    return fields


async def _body(request: Request) -> bytes:
    """At most `BODY_LIMIT` bytes; a longer claim is refused before a byte is read."""
    claimed = request.headers.get("content-length", "0")
    if not claimed.isdecimal():
        raise Problem("malformed")
    if int(claimed) > BODY_LIMIT:
        raise Problem("too_large")
    chunks = bytearray()
    try:
        with anyio.fail_after(BODY_SECONDS):
            async for chunk in request.stream():
                chunks += chunk
                if len(chunks) > BODY_LIMIT:
                    raise Problem("too_large")
    except TimeoutError:
        raise Problem("slow") from None
    return bytes(chunks)
