"""
What a file is, by its content; and whether it is safe to open.

A name is a claim: content decides, and a name that says otherwise is an error that a person should
look at. Zip containers are measured from their directory before anything is unpacked (a 306 kB file
can hold 300 MB).
"""

from __future__ import annotations

import zipfile
from enum import StrEnum
from typing import TYPE_CHECKING

from ingest.errors import (
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    TooLarge,
    UnreadableFile,
    UnsupportedKind,
    WrongExtension,
)

if TYPE_CHECKING:
    from pathlib import Path

FILE_LIMIT = 100_000_000  # bytes
TEXT_LIMIT = 20_000_000  # bytes, for formats that are text
UNPACKED_LIMIT = 200_000_000  # bytes in all entries of a zip together
RATIO_LIMIT = 100
ENTRIES_LIMIT = 2_000
_HEAD = 4_096


class Kind(StrEnum):
    """The kinds that are read."""

    TEXT = "txt"
    MARKDOWN = "md"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


EXTENSIONS = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
}
_MAGIC = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"RIFF", "riff"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"{\\rtf", "rtf"),
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"SQLite format 3", "sqlite"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OFFICE = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"))


def sniff(path: Path) -> Kind:
    """
    The kind of the file at *path*, by content and name together.

    Raises:
        EmptyFile, TooLarge, UnsupportedKind, WrongExtension, BrokenFile, EncryptedFile, UnreadableFile.
    """
    suffix = path.suffix.lower()
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    if not size:
        raise EmptyFile
    if size > FILE_LIMIT:
        raise TooLarge(what="file", limit=f"{FILE_LIMIT // 1_000_000} MB")
    seen = _kind_of(path, head, suffix)
    claimed = EXTENSIONS.get(suffix)
    if claimed is None:
        raise UnsupportedKind(kind=suffix.lstrip(".") or seen)
    kind = _agree(claimed, seen, suffix)
    if kind in {Kind.TEXT, Kind.MARKDOWN, Kind.HTML} and size > TEXT_LIMIT:
        raise TooLarge(what="text", limit=f"{TEXT_LIMIT // 1_000_000} MB")
    return kind


def check_zip(path: Path) -> list[str]:
    """
    The entries' names of the zip at *path*, once its directory keeps to the limits.

    Raises:
        BrokenFile: No zip, or a damaged one.
        TooLarge: Too many entries, too much unpacked, or packed too tightly: a bomb.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BrokenFile(kind="zip") from None
    if len(entries) > ENTRIES_LIMIT:
        raise TooLarge(what="entries", limit=f"{ENTRIES_LIMIT}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_LIMIT:
        raise TooLarge(what="unpacked", limit=f"{UNPACKED_LIMIT // 1_000_000} MB")
    if unpacked > RATIO_LIMIT * max(1, path.stat().st_size):
        raise TooLarge(what="ratio", limit=f"{RATIO_LIMIT}")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise EncryptedFile(kind="zip")
    return [entry.filename for entry in entries]


def _kind_of(path: Path, head: bytes, suffix: str) -> str:  # noqa: PLR0911 - one way out a kind
    if b"%PDF-" in head[:1_024]:
        return Kind.PDF.value
    if head.startswith(b"PK"):
        return _zip_kind(path, suffix)
    if head.startswith(_OLE):
        return _ole_kind(path)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml")) or b"<html" in start:
        return Kind.HTML.value
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or 0.3 < head.count(0) / len(head) < 0.7  # noqa: PLR2004
    controls = sum(1 for byte in head if byte < 9 or 13 < byte < 32)  # noqa: PLR2004 - all but tabs and line ends
    if not wide and controls > len(head) // 50:
        return "binary"
    return "text"


def _zip_kind(path: Path, suffix: str) -> str:
    try:
        names = check_zip(path)
    except BrokenFile:
        raise BrokenFile(kind=suffix.lstrip(".") if suffix in EXTENSIONS else "zip") from None
    except EncryptedFile:
        raise EncryptedFile(kind=suffix.lstrip(".") or "zip") from None
    return next((kind for name, kind in _OFFICE if name in names), "zip")


def _ole_kind(path: Path) -> str:
    """An encrypted DOCX hides in the container that old Word files use."""
    with path.open("rb") as file:
        data = file.read(FILE_LIMIT)
    if _ENCRYPTED_PACKAGE in data:
        raise EncryptedFile(kind="docx")
    return "doc"


def _agree(claimed: Kind, seen: str, suffix: str) -> Kind:
    if seen == claimed.value:
        return claimed
    if seen == "text":
        if claimed in {Kind.TEXT, Kind.MARKDOWN, Kind.HTML}:
            return claimed
        if claimed is Kind.PDF or claimed is Kind.DOCX:
            raise WrongExtension(extension=suffix, kind="text")
    if seen == Kind.HTML.value and claimed in {Kind.TEXT, Kind.MARKDOWN}:
        if claimed is Kind.MARKDOWN:
            return claimed  # Markdown may begin with HTML
        raise WrongExtension(extension=suffix, kind="html")
    if seen == "binary" and claimed in {Kind.PDF, Kind.DOCX}:
        raise BrokenFile(kind=claimed.value)
    raise WrongExtension(extension=suffix, kind=seen)
