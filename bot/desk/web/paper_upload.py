"""
Uploaded files, from the request straight to the desk's private folder, a megabyte at a time.

The form's token has to come before the first file: nothing of a stranger's form is written. A file that is
refused is read to its end and dropped, so that the ones after it still come in and the browser hears why.
"""

from __future__ import annotations

import hmac
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

import anyio
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from bot.desk.papers_model import PaperRefused
from bot.desk.web.reading import BadForm
from ingest.errors import IngestError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from python_multipart.multipart import MultipartCallbacks
    from starlette.requests import Request

    from bot.desk.papers import PaperDesk
    from bot.desk.papers_model import Paper
    from bot.desk.papers_staging import Incoming
    from bot.desk.views import Seat
    from bot.desk.web.site import Site

REQUEST_LIMIT: Final = 1_000_000_000  # bytes of one sending, all its files together
FILES_LIMIT: Final = 200  # of one sending
_FIELD_LIMIT: Final = 4_096  # bytes of a field that is no file
_STEP: Final = 1 << 20  # bytes written at once, in a thread
_IDLE_S: Final = 60.0  # without a byte
_SENDING_S: Final = 3_600.0  # for all of it

Event = tuple[Literal["field", "file", "data", "end"], str, bytes]


@dataclass(slots=True)
class Taken:
    """What became of one sending: papers that wait to be read, and files that were not taken."""

    papers: list[Paper] = field(default_factory=list)
    refused: list[Paper] = field(default_factory=list)


async def take_in(request: Request, site: Site, papers: PaperDesk, seat: Seat, *, form_token: str) -> Taken:
    """
    The files in *request*.

    Raises:
        BadForm: No such form, not of this session, cut off or too slow.
        PaperRefused: too_much_at_once: it says beforehand that it is too large; nothing of it is read.
    """
    taken = Taken()
    with ExitStack() as stack:
        file = _File(site, papers, seat, taken, stack)
        is_ours = False
        try:
            with anyio.fail_after(_SENDING_S):
                async for kind, name, content in _events(request):
                    if kind == "field":
                        is_ours = is_ours or (
                            name == "form" and hmac.compare_digest(content, form_token.encode())
                        )
                    elif not is_ours:
                        raise BadForm
                    elif kind == "file":
                        await file.begin(name)
                    elif kind == "data":
                        await file.write(content)
                    else:
                        await file.end()
        except TimeoutError:
            raise BadForm from None
        if not is_ours:
            raise BadForm
    return taken


class _File:
    """The file that comes at the moment."""

    def __init__(self, site: Site, papers: PaperDesk, seat: Seat, taken: Taken, stack: ExitStack) -> None:
        self._site, self._papers, self._seat, self._taken, self._stack = site, papers, seat, taken, stack
        self._incoming: Incoming | None = None
        self._buffer = bytearray()
        self._name = ""
        self._count = 0

    async def begin(self, name: str) -> None:
        self._name, self._buffer, self._incoming = name, bytearray(), None
        if not name:  # a form without a chosen file sends an empty one
            return
        self._count += 1
        try:
            if self._count > FILES_LIMIT:
                raise PaperRefused("too_many_at_once", limit=str(FILES_LIMIT))
            incoming = await self._site.shelve(self._papers.begin, self._seat, name)
        except IngestError as error:
            await self._refuse(error)
        else:
            self._incoming = self._stack.enter_context(incoming)

    async def write(self, content: bytes) -> None:
        self._buffer += content if self._incoming is not None else b""
        if len(self._buffer) >= _STEP:
            await self._flush()

    async def end(self) -> None:
        await self._flush()
        incoming, self._incoming = self._incoming, None
        if incoming is None:
            return
        try:
            paper = await self._site.shelve(incoming.finish)
        except IngestError as error:
            await self._site.shelve(self._drop, incoming)
            await self._refuse(error)
            return
        await self._site.shelve(self._papers.arrived, self._seat, paper)
        self._taken.papers.append(paper)

    async def _flush(self) -> None:
        incoming, content = self._incoming, bytes(self._buffer)
        self._buffer = bytearray()
        if incoming is None or not content:
            return
        try:
            await self._site.shelve(incoming.write, content)
        except IngestError as error:
            self._incoming = None
            await self._site.shelve(self._drop, incoming)
            await self._refuse(error)

    def _drop(self, incoming: Incoming) -> None:
        incoming.give_up()

    async def _refuse(self, error: IngestError) -> None:
        row = await self._site.shelve(partial(self._papers.not_taken, self._seat, self._name, error))
        self._taken.refused.append(row)


async def _events(request: Request) -> AsyncIterator[Event]:
    """The parts of a form, in pieces."""
    claimed = request.headers.get("content-length", "0")
    if not claimed.isdecimal():
        raise BadForm
    if int(claimed) > REQUEST_LIMIT:
        raise PaperRefused("too_much_at_once", limit=f"{REQUEST_LIMIT // 1_000_000} MB")
    parts = _Parts(_boundary(request))
    count, chunks = 0, request.stream()
    while True:
        with anyio.fail_after(_IDLE_S):
            chunk = await anext(chunks, None)
        if chunk is None:
            break
        count += len(chunk)
        if count > REQUEST_LIMIT:
            raise BadForm
        for event in parts.feed(chunk):
            yield event
    if not parts.is_whole:
        raise BadForm


def _boundary(request: Request) -> bytes:
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != b"multipart/form-data" or not options.get(b"boundary"):
        raise BadForm
    return options[b"boundary"]


class _Parts:
    """Takes a body apart as it comes; holds no file."""

    def __init__(self, boundary: bytes) -> None:
        self.is_whole = False
        self._events: list[Event] = []
        self._header, self._value, self._content = bytearray(), bytearray(), bytearray()
        self._name, self._is_file = "", False
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._add_header,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._add_content,
            "on_part_end": self._end,
            "on_end": self._end_all,
        }
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError:
            raise BadForm from None

    def feed(self, chunk: bytes) -> list[Event]:
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise BadForm from None
        events, self._events = self._events, []
        return events

    def _begin(self) -> None:
        self._name, self._is_file, self._content = "", False, bytearray()

    def _add_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._is_file = b"filename" in options
            named = options.get(b"filename" if self._is_file else b"name", b"")
            self._name = named.decode("utf-8", "replace").replace("%22", '"')
        self._header, self._value = bytearray(), bytearray()

    def _end_headers(self) -> None:
        if self._is_file:
            self._events.append(("file", self._name, b""))

    def _add_content(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._events.append(("data", "", data[start:end]))
            return
        self._content += data[start:end]
        if len(self._content) > _FIELD_LIMIT:
            raise BadForm

    def _end(self) -> None:
        if self._is_file:
            self._events.append(("end", "", b""))
        else:
            self._events.append(("field", self._name, bytes(self._content)))

    def _end_all(self) -> None:
        self.is_whole = True
