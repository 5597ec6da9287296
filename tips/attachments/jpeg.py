"""JPEG and JPEG 2000 inside documents: cut down to what a decoder needs, the picture itself untouched."""

from __future__ import annotations

from tips.attachments.limits import Reason
from tips.errors import FileRefused

_START, _END, _SCAN, _ADOBE = 0xD8, 0xD9, 0xDA, 0xEE
_BARE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_ADOBE_SIZE = 14  # bytes with its length: says how colours are turned, nothing else
_TALKING = {0xFE, *range(0xE0, 0xF0)}  # comments and application data: EXIF, XMP, IPTC, profiles, previews
_BOXES = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}
_HEADER_BOXES = {b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef"}
_LONG_BOX = 16  # bytes of a box's head whose length does not fit 32 bits
_SOC, _SOT, _COM = b"\xff\x4f", b"\xff\x90", b"\xff\x64"


def bare_jpeg(content: bytes) -> bytes:
    """
    *content* without comments and application data, cut at its end.

    Raises:
        FileRefused: Not a JPEG, or cut.
    """
    if content[:2] != bytes((0xFF, _START)):
        raise FileRefused(reason=Reason.BROKEN)
    out, at, has_picture = bytearray(content[:2]), 2, False
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            if has_picture:  # writers of documents forget the end marker; decoders do not mind
                return bytes(out) + b"\xff\xd9"
            raise FileRefused(reason=Reason.BROKEN)
        marker = content[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill byte
            at += 1
        elif marker == _END:
            return bytes(out) + b"\xff\xd9"
        elif marker in _BARE or marker == 0:
            at += 2
        else:
            size = int.from_bytes(content[at + 2 : at + 4], "big")
            segment = content[at : at + 2 + size]
            is_colour = marker == _ADOBE and size == _ADOBE_SIZE and segment[4:9] == b"Adobe"
            if marker not in _TALKING or is_colour:
                out += segment
            at += 2 + max(size, 2)
            if marker == _SCAN:
                end = _scan_end(content, at)
                out += content[at:end]
                at, has_picture = end, True


def _scan_end(content: bytes, at: int) -> int:
    """Where the coded picture data that starts at *at* gives way to a marker that is no restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        if content[at + 1] != 0 and content[at + 1] not in _BARE:
            return at
        at += 2


def bare_jpeg2000(content: bytes) -> bytes:
    """
    *content* without boxes of metadata and without comments in the head of its code stream.

    Raises:
        FileRefused: Not JPEG 2000, or cut.
    """
    if content.startswith(_SOC):
        return _bare_code(content)
    return _kept_boxes(content, _BOXES)


def _kept_boxes(content: bytes, kept: set[bytes]) -> bytes:
    out, at = bytearray(), 0
    while at < len(content):
        size, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + _LONG_BOX], "big"), _LONG_BOX
        size = size or len(content) - at
        if size < head or at + size > len(content):
            raise FileRefused(reason=Reason.BROKEN)
        body = content[at + head : at + size]
        if name == b"jp2c":
            body = _bare_code(body)
        elif name == b"jp2h":
            body = _kept_boxes(body, _HEADER_BOXES)
        if name in kept:
            out += (len(body) + 8).to_bytes(4, "big") + name + body
        at += size
    return bytes(out)


def _bare_code(code: bytes) -> bytes:
    out, at = bytearray(code[:2]), 2
    while code[at : at + 2] != _SOT:
        size = int.from_bytes(code[at + 2 : at + 4], "big")
        if code[at : at + 1] != b"\xff" or size < 2:  # noqa: PLR2004 - a length counts itself
            raise FileRefused(reason=Reason.BROKEN)
        if code[at : at + 2] != _COM:
            out += code[at : at + 2 + size]
        at += 2 + size
    return bytes(out) + code[at:]
