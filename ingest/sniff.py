"""
What a file is, by its content; and whether it is safe to open.

A name is a claim: content decides, and a name that says otherwise is an error that a person should
look at. Zip containers are measured from their directory before anything is unpacked (a 306 kB file
can hold 300 MB).
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from enum import StrEnum
from typing import TYPE_CHECKING

from ingest.errors import (
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    NotAFile,
    TooLarge,
    UnreadableFile,
    UnsupportedKind,
    WrongExtension,
)
from ingest.names import readable
from ingest.ole import OLE_START, ole_kind

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

FILE_LIMIT = 100_000_000  # bytes
TEXT_LIMIT = 20_000_000  # bytes, for formats that are text
UNPACKED_LIMIT = 200_000_000  # bytes in all entries of a zip together
RATIO_LIMIT = 100
ENTRIES_LIMIT = 2_000
_HEAD = 4_096
_KIND_SHOWN = 40  # characters of an unknown ending
_MANIFEST_LIMIT = 1_000_000  # bytes


class Kind(StrEnum):
    """The kinds that are read. `ZIP` is a folder of documents: see `ingest.archives`."""

    TEXT = "txt"
    MARKDOWN = "md"
    CSV = "csv"
    HTML = "html"
    MHTML = "mhtml"
    EML = "eml"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    RTF = "rtf"
    IMAGE = "image"
    ZIP = "zip"


_NAMED = {
    Kind.TEXT: ".txt .text",
    Kind.MARKDOWN: ".md .markdown",
    Kind.CSV: ".csv .tsv",
    Kind.HTML: ".html .htm .xhtml",
    Kind.MHTML: ".mhtml .mht",
    Kind.EML: ".eml",
    Kind.PDF: ".pdf",
    Kind.DOCX: ".docx .docm",
    Kind.XLSX: ".xlsx .xlsm",
    Kind.PPTX: ".pptx .pptm",
    Kind.ODT: ".odt",
    Kind.ODS: ".ods",
    Kind.ODP: ".odp",
    Kind.DOC: ".doc",
    Kind.XLS: ".xls",
    Kind.PPT: ".ppt",
    Kind.RTF: ".rtf",
    Kind.IMAGE: ".png .jpg .jpeg .tif .tiff .webp",
    Kind.ZIP: ".zip",
}
EXTENSIONS = {ending: kind for kind, endings in _NAMED.items() for ending in endings.split()}
# Office programs save these under the old names; people cannot tell. The content decides, and it is noted.
_ALSO = {
    Kind.DOC: frozenset((Kind.RTF, Kind.DOCX, Kind.HTML, Kind.MHTML, Kind.ODT)),
    Kind.XLS: frozenset((Kind.XLSX, Kind.HTML, Kind.MHTML, Kind.ODS)),
    Kind.PPT: frozenset((Kind.PPTX, Kind.ODP)),
    Kind.RTF: frozenset((Kind.DOC, Kind.DOCX)),
    Kind.EML: frozenset((Kind.MHTML,)),
    Kind.MHTML: frozenset((Kind.EML,)),
}
_WRITTEN = frozenset((Kind.TEXT, Kind.MARKDOWN, Kind.HTML, Kind.CSV, Kind.EML, Kind.MHTML))
_MAGIC = (
    (b"\x89PNG", Kind.IMAGE.value),
    (b"\xff\xd8\xff", Kind.IMAGE.value),
    (b"II*\x00", Kind.IMAGE.value),
    (b"MM\x00*", Kind.IMAGE.value),
    (b"GIF8", "gif"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"{\\rtf", Kind.RTF.value),
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"SQLite format 3", "sqlite"),
)
_OFFICE = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"))
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_MAIL_LINE = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[ \t][^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")
_RELATED = re.compile(rb"content-type:\s*multipart/related", re.IGNORECASE)


def opened(path: Path) -> BinaryIO:
    """
    The file at *path*, open for reading, known to be a file and not too large.

    Raises:
        NotAFile: A pipe, a socket or a device; opening a pipe would wait for somebody to write.
        TooLarge: Over FILE_LIMIT; not a byte was read.
        UnreadableFile: The file system would not give it.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise UnreadableFile(reason="IsADirectoryError") if stat.S_ISDIR(mode) else NotAFile()
        # Between the two another may have taken its place: never wait for one.
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
        found = os.fstat(file.fileno())
    except (OSError, ValueError) as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    if stat.S_ISREG(found.st_mode) and found.st_size <= FILE_LIMIT:
        return file
    file.close()
    if not stat.S_ISREG(found.st_mode):
        raise NotAFile
    raise TooLarge(what="file", limit=f"{FILE_LIMIT // 1_000_000} MB")


def sniff(path: Path) -> Kind:
    """
    The kind of the file at *path*, by content and name together.

    Raises:
        EmptyFile, TooLarge, UnsupportedKind, WrongExtension, BrokenFile, EncryptedFile, NotAFile,
        UnreadableFile.
    """
    suffix = path.suffix.lower()
    try:
        with opened(path) as file:
            head = file.read(_HEAD)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    if not size:
        raise EmptyFile
    seen = _kind_of(path, head, suffix)
    claimed = EXTENSIONS.get(suffix)
    if claimed is None:
        raise UnsupportedKind(kind=readable(suffix.lstrip("."))[:_KIND_SHOWN] or seen)
    kind = _agree(claimed, seen, suffix)
    if kind in _WRITTEN and size > TEXT_LIMIT:
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


def _kind_of(path: Path, head: bytes, suffix: str) -> str:
    if b"%PDF-" in head[:1_024]:
        return Kind.PDF.value
    if head.startswith(b"PK"):
        return _zip_kind(path, suffix)
    if head.startswith(OLE_START):
        return ole_kind(path, suffix, limit=FILE_LIMIT)
    if head.startswith(b"RIFF"):
        return Kind.IMAGE.value if head[8:12] == b"WEBP" else "riff"
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    return _text_kind(head)


def _text_kind(head: bytes) -> str:
    if _MAIL_LINE.match(head) and (b"mime-version:" in head.lower() or b"\nsubject:" in head.lower()):
        return (Kind.MHTML if _RELATED.search(head) else Kind.EML).value
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return "svg"
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml")) or b"<html" in start:
        return Kind.HTML.value
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or 0.3 < head.count(0) / len(head) < 0.7  # noqa: PLR2004
    controls = sum(1 for byte in head if byte < 9 or 13 < byte < 32)  # noqa: PLR2004 - all but tabs and line ends
    return "binary" if not wide and controls > len(head) // 50 else "text"


def _zip_kind(path: Path, suffix: str) -> str:
    try:
        names = check_zip(path)
    except BrokenFile:
        raise BrokenFile(kind=suffix.lstrip(".") if suffix in EXTENSIONS else "zip") from None
    except EncryptedFile:
        raise EncryptedFile(kind=suffix.lstrip(".") or "zip") from None
    if "mimetype" in names:
        with zipfile.ZipFile(path) as archive, archive.open("mimetype") as file:
            stated = file.read(100).decode("ascii", "replace").strip()
        if stated in _OPEN_DOCUMENT:
            _check_open_document(path, stated)
            return _OPEN_DOCUMENT[stated]
    return next((kind for name, kind in _OFFICE if name in names), Kind.ZIP.value)


def _check_open_document(path: Path, stated: str) -> None:
    """A password on an OpenDocument stands in its manifest; the zip around it is open."""
    with zipfile.ZipFile(path) as archive:
        try:
            with archive.open("META-INF/manifest.xml") as file:
                manifest = file.read(_MANIFEST_LIMIT)
        except KeyError:
            return
    if b"encryption-data" in manifest:
        raise EncryptedFile(kind=_OPEN_DOCUMENT[stated])


def _agree(claimed: Kind, seen: str, suffix: str) -> Kind:
    if seen == claimed.value:
        return claimed
    if seen in _ALSO.get(claimed, ()):
        return Kind(seen)
    if seen == "text" and claimed in _WRITTEN:
        return claimed
    if seen in {Kind.EML, Kind.MHTML} and claimed in {Kind.TEXT, Kind.MARKDOWN}:
        return claimed  # minutes may begin like a letter
    if seen == Kind.HTML and claimed is Kind.MARKDOWN:
        return claimed  # Markdown may begin with HTML
    if seen in {"binary", "ole"} and claimed not in _WRITTEN:
        raise BrokenFile(kind=suffix.lstrip("."))
    raise WrongExtension(extension=suffix, kind=seen)
