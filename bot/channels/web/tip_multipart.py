"""
Words and files of a tip, read from a request into memory and nowhere else.

Starlette's own form parser spools larger files to a temporary file on disk; this one does not, drops file
names at once, and counts while it reads.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import anyio
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from bot.channels.web.reading import Problem
from tips.attachments.limits import Reason
from tips.errors import FileRefused
from tips.model import FILE_BYTES_LIMIT, FILES_LIMIT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from python_multipart.multipart import MultipartCallbacks
    from starlette.requests import Request

UPLOAD_LIMIT: Final = 60_000_000  # bytes of one sending, words and files together
FIELD_LIMIT: Final = 2_000_000  # bytes of one field of words: more than the longest story, cut later and told
FIELDS_LIMIT: Final = 400  # an area can have some hundred units to tick
HELD_LIMIT: Final = 150_000_000  # bytes of all visitors' sendings in memory at one moment
IDLE_SECONDS: Final = 45.0  # without a byte
UPLOAD_SECONDS: Final = 1_800.0  # for all of it: 60 MB over a slow mobile line
PARCEL_FIELD: Final = "parcel"  # what the page sealed: may be as large as the sending


@dataclass(slots=True)
class Upload:
    """What was sent: fields in their order, files without their names."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)

    def first(self, name: str) -> str:
        """The first value of *name*, else an empty string."""
        return next((value for key, value in self.fields if key == name), "")

    def every(self, name: str) -> list[str]:
        """All values of *name*."""
        return [value for key, value in self.fields if key == name]


class Held:
    """Counts the bytes of all sendings that are in memory, so that many at once cannot exhaust it."""

    def __init__(self, limit: int = HELD_LIMIT) -> None:
        self._limit = limit
        self.count = 0

    def take(self, count: int) -> None:
        """
        Count *count* more bytes.

        Raises:
            Problem: Too many are sending at this moment.
        """
        if self.count + count > self._limit:
            raise Problem("busy")
        self.count += count

    def give_back(self, count: int) -> None:
        """*count* bytes are gone from memory."""
        self.count -= count


@asynccontextmanager
async def uploading(
    request: Request, held: Held, *, idle_seconds: float = IDLE_SECONDS
) -> AsyncIterator[Upload]:
    """
    The sending in *request*, counted in *held* for as long as it is worked on.

    Raises:
        Problem: Not a form, too large (a longer claim before a byte is read), too slow, too many at once.
        FileRefused: One file is too large, or there are too many.
    """
    boundary = _boundary(request)
    claimed = request.headers.get("content-length", "0")
    if not claimed.isdecimal():
        raise Problem("malformed")
    if int(claimed) > UPLOAD_LIMIT:
        raise Problem("too_large")
    reader = _Reader(boundary)
    taken = 0
    try:
        with anyio.fail_after(UPLOAD_SECONDS):
            chunks = request.stream()
            while True:
                with anyio.fail_after(idle_seconds):
                    chunk = await anext(chunks, None)
                if chunk is None:
                    break
                held.take(len(chunk))
                taken += len(chunk)
                if taken > UPLOAD_LIMIT:
                    raise Problem("too_large")
                reader.feed(chunk)
        yield reader.finish()
    except TimeoutError:
        raise Problem("slow") from None
    finally:
        held.give_back(taken)


def _boundary(request: Request) -> bytes:
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != b"multipart/form-data" or not options.get(b"boundary"):
        raise Problem("malformed")
    return options[b"boundary"]


class _Reader:
    """Takes the body apart as it comes."""

    def __init__(self, boundary: bytes) -> None:
        self._upload = Upload()
        self._is_whole = False
        self._header = bytearray()
        self._value = bytearray()
        self._name = ""
        self._is_file = False
        self._content = bytearray()
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._add_header,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_part_data": self._add_content,
            "on_part_end": self._end,
            "on_end": self._end_all,
        }
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError:
            raise Problem("malformed") from None

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise Problem("malformed") from None

    def finish(self) -> Upload:
        if not self._is_whole:
            raise Problem("malformed")
        return self._upload

    def _begin(self) -> None:
        self._name, self._is_file = "", False
        self._content = bytearray()

    def _add_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._name = options.get(b"name", b"").decode("utf-8", "ignore")
            self._is_file = b"filename" in options  # that it has one; not which
        self._header, self._value = bytearray(), bytearray()

    def _add_content(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]
        if self._is_file and len(self._content) > FILE_BYTES_LIMIT:
            raise FileRefused(reason=Reason.TOO_LARGE)
        if not self._is_file and self._name != PARCEL_FIELD and len(self._content) > FIELD_LIMIT:
            raise Problem("too_large")

    def _end(self) -> None:
        content, self._content = bytes(self._content), bytearray()
        if not self._is_file:
            words = content.decode("utf-8", "ignore").replace("\x00", " ").replace("\r\n", "\n").strip()
            self._upload.fields.append((self._name, words))
            if len(self._upload.fields) > FIELDS_LIMIT:
                raise Problem("malformed")
        elif content:  # a form without a chosen file sends an empty one
            self._upload.files.append(content)
            if len(self._upload.files) > FILES_LIMIT:
                raise FileRefused(reason=Reason.TOO_MANY)

    def _end_all(self) -> None:
        self._is_whole = True
