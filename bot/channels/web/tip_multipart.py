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
from bot.channels.web.tip_held import Flow, Share
from tips.attachments.limits import Reason
from tips.model import FILE_BYTES_LIMIT, FILES_LIMIT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from python_multipart.multipart import MultipartCallbacks
    from starlette.requests import Request

    from bot.channels.web.reading import ProblemCode
    from bot.channels.web.tip_held import Held

UPLOAD_LIMIT: Final = 60_000_000  # bytes of one sending, words and files together
FIELD_LIMIT: Final = 2_000_000  # bytes of one field of words: more than the longest story, cut later and told
FIELDS_LIMIT: Final = 400  # an area can have some hundred units to tick
PASSED_LIMIT: Final = 300_000_000  # bytes of a sending that is too large, before it is cut off
IDLE_SECONDS: Final = 45.0  # without a byte
UPLOAD_SECONDS: Final = 1_800.0  # for all of it: 60 MB over a slow mobile line
PARCEL_FIELD: Final = "parcel"  # what the page sealed: may be as large as the sending


@dataclass(slots=True)
class Upload:
    """What was sent: fields in their order, files without their names, reasons of files not taken."""

    fields: list[tuple[str, str]] = field(default_factory=list, repr=False)
    files: list[bytes] = field(default_factory=list, repr=False)
    refused: list[str] = field(default_factory=list)

    def first(self, name: str) -> str:
        """The first value of *name*, else an empty string."""
        return next((value for key, value in self.fields if key == name), "")

    def every(self, name: str) -> list[str]:
        """All values of *name*."""
        return [value for key, value in self.fields if key == name]


class BrokenOff(Problem):
    """
    A sending that was not taken. `upload` holds the words that could be read, and no file.

    Neither its text nor its repr tells any of them: what is logged of it is nobody's.
    """

    def __init__(self, code: ProblemCode, upload: Upload) -> None:
        super().__init__(code)
        self.upload = upload


@asynccontextmanager
async def uploading(
    request: Request, held: Held, *, idle_seconds: float = IDLE_SECONDS
) -> AsyncIterator[Upload]:
    """
    The sending in *request*, counted in *held* for as long as it is worked on.

    Raises:
        Problem: Not a form.
        BrokenOff: Cut off, too large, too slow, too many at once; or a Problem while it was worked on.
    """
    reader = _Reader(_boundary(request))
    share = Share(held)
    try:
        await _read(request, reader, share, idle_seconds)
        yield reader.finish()
    except TimeoutError:
        raise BrokenOff("slow", reader.words()) from None
    except Problem as problem:
        raise BrokenOff(problem.code, reader.words()) from None
    finally:
        share.hold(0)


async def _read(request: Request, reader: _Reader, share: Share, idle_seconds: float) -> None:
    """
    Read all of the body.

    Of one that is too large, or for which there is no room, only the words are kept, and the rest is let run
    by: browsers show an answer that comes before they have sent everything as a broken line.
    """
    claimed = request.headers.get("content-length", "0")
    if not claimed.isdecimal():
        raise Problem("malformed")
    refusal: ProblemCode | None = "too_large" if int(claimed) > UPLOAD_LIMIT else None
    taken, flow, chunks = 0, Flow(), request.stream()
    with anyio.fail_after(UPLOAD_SECONDS):
        while True:
            with anyio.fail_after(idle_seconds):
                chunk = await anext(chunks, None)
            if chunk is None:
                break
            taken += len(chunk)
            flow.add(len(chunk))
            if taken > UPLOAD_LIMIT:
                refusal = refusal or "too_large"
            if refusal:
                reader.keep_words_only()
            try:
                reader.feed(chunk)
            except Problem as problem:
                raise Problem(refusal or problem.code) from None
            refusal = refusal or _held(reader, share)
            if reader.count > UPLOAD_LIMIT or taken > PASSED_LIMIT:
                break
            share.hold(reader.count)
    if refusal:
        raise Problem(refusal)


def _held(reader: _Reader, share: Share) -> ProblemCode | None:
    """Count what is kept; where it does not fit beside the others', let go of all but the words."""
    try:
        share.hold(reader.count)
    except Problem as problem:
        reader.keep_words_only()
        return problem.code
    return None


def _boundary(request: Request) -> bytes:
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != b"multipart/form-data" or not options.get(b"boundary"):
        raise Problem("malformed")
    return options[b"boundary"]


class _Reader:
    """Takes the body apart as it comes. `count` is how many bytes of it are kept."""

    def __init__(self, boundary: bytes) -> None:
        self.count = 0
        self._upload = Upload()
        self._keeps_files = True
        self._is_dropped = False
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

    def words(self) -> Upload:
        """The words read so far, the field that was being read among them."""
        unread = [] if self._is_file or self._name in {"", PARCEL_FIELD} else [(self._name, self._text())]
        return Upload(fields=[each for each in self._upload.fields if each[0] != PARCEL_FIELD] + unread)

    def keep_words_only(self) -> None:
        """Let go of all files, and of what the page sealed: it is too large."""
        if not self._keeps_files:
            return
        self._keeps_files = False
        self.count -= sum(map(len, self._upload.files))
        self._upload.files.clear()
        if self._is_file or self._name == PARCEL_FIELD:
            self._drop()

    def _drop(self) -> None:
        self.count -= len(self._content)
        self._content = bytearray()
        self._is_dropped = True

    def _text(self) -> str:
        return self._content.decode("utf-8", "ignore").replace("\x00", " ").replace("\r\n", "\n").strip()

    def _begin(self) -> None:
        self._name, self._is_file, self._is_dropped = "", False, False
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
        if not self._keeps_files and (self._is_file or self._name == PARCEL_FIELD):
            self._drop()

    def _add_content(self, data: bytes, start: int, end: int) -> None:
        if self._is_dropped:
            return
        self._content += data[start:end]
        self.count += end - start
        if self._is_file and len(self._content) > FILE_BYTES_LIMIT:
            self._refuse(Reason.TOO_LARGE)
        elif not self._is_file and self._name != PARCEL_FIELD and len(self._content) > FIELD_LIMIT:
            raise Problem("too_large")

    def _refuse(self, reason: Reason) -> None:
        """The file is not taken; what else is sent is."""
        if reason is not Reason.TOO_MANY or reason.value not in self._upload.refused:
            self._upload.refused.append(reason.value)
        self._drop()

    def _end(self) -> None:
        if not self._is_file and not self._is_dropped:
            self._upload.fields.append((self._name, self._text()))
            if len(self._upload.fields) > FIELDS_LIMIT:
                raise Problem("malformed")
        elif len(self._upload.files) >= FILES_LIMIT and self._content:
            self._refuse(Reason.TOO_MANY)
        elif self._content:  # a form without a chosen file sends an empty one
            self._upload.files.append(bytes(self._content))
        self._name, self._content = "", bytearray()

    def _end_all(self) -> None:
        self._is_whole = True
