"""The container of Office files before 2007: which program wrote it, and whether it is locked."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from ingest.errors import EncryptedFile

if TYPE_CHECKING:
    from pathlib import Path

OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR = 512  # bytes: streams begin at multiples of it
_WORD_START = b"\xec\xa5"
_WORD_LOCKED = 0x01  # in the second byte of the flags, 11 bytes after the start
_EXCEL_START = b"\x09\x08\x10\x00\x00\x06"
_EXCEL_LOCK = 0x2F
_RECORDS_LOOKED_AT = 40
_STREAMS = (("WordDocument", "doc"), ("PowerPoint Document", "ppt"), ("Workbook", "xls"), ("Book", "xls"))
_SEALED = ("EncryptedPackage", "EncryptedSummary")  # of DOCX and its like, and of PowerPoint


def ole_kind(path: Path, suffix: str, *, limit: int) -> str:
    """
    `doc`, `xls`, `ppt` or `ole`, by the names of the streams in the first *limit* bytes.

    Raises:
        EncryptedFile: It opens only with a password; an encrypted DOCX hides in the same container.
    """
    with path.open("rb") as file:
        data = file.read(limit)
    kind = next((kind for name, kind in _STREAMS if name.encode("utf-16-le") in data), "ole")
    sealed = any(name.encode("utf-16-le") in data for name in _SEALED)
    if sealed or (kind == "doc" and _word_is_locked(data)) or (kind == "xls" and _excel_is_locked(data)):
        raise EncryptedFile(kind=suffix.lstrip(".") or kind)
    return kind


def _word_is_locked(data: bytes) -> bool:
    starts = (at for at in range(_SECTOR, len(data) - 12, _SECTOR) if data.startswith(_WORD_START, at))
    return any(data[at + 11] & _WORD_LOCKED for at in starts)


def _excel_is_locked(data: bytes) -> bool:
    starts = (at for at in range(_SECTOR, len(data) - 12, _SECTOR) if data.startswith(_EXCEL_START, at))
    for at in starts:
        place = at
        for _ in range(_RECORDS_LOOKED_AT):
            kind, length = struct.unpack_from("<HH", data, place) if place + 4 <= len(data) else (0, 0)
            if kind == _EXCEL_LOCK:
                return True
            place += 4 + length
    return False
