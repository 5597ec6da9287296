"""What a file is, by its content only: names and claimed types are never asked for."""

from __future__ import annotations

import ctypes.util
import io
import re
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from tips.attachments.limits import Reason
from tips.errors import FileRefused

if TYPE_CHECKING:
    from collections.abc import Callable

Family = Literal["image", "media", "pdf", "office", "text"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind we take: who cleans it, and the one format its parser may read it as."""

    family: Family
    format: str = ""  # FFmpeg's name of the demuxer, for media


_MOV = Kind("media", "mov")
_MATROSKA = Kind("media", "matroska")
_OGG = Kind("media", "ogg")
_TAKEN = {
    "image/jpeg": Kind("image"),
    "image/png": Kind("image"),
    "image/vnd.mozilla.apng": Kind("image"),
    "image/apng": Kind("image"),
    "image/gif": Kind("image"),
    "image/webp": Kind("image"),
    "video/mp4": _MOV,
    "video/quicktime": _MOV,
    "video/3gpp": _MOV,
    "video/3gpp2": _MOV,
    "video/x-m4v": _MOV,
    "audio/mp4": _MOV,
    "audio/x-m4a": _MOV,
    "video/webm": _MATROSKA,
    "video/x-matroska": _MATROSKA,
    "audio/ogg": _OGG,
    "video/ogg": _OGG,
    "application/ogg": _OGG,
    "audio/mpeg": Kind("media", "mp3"),
    "audio/x-wav": Kind("media", "wav"),
    "audio/vnd.wave": Kind("media", "wav"),
    "audio/amr": Kind("media", "amr"),
    "audio/flac": Kind("media", "flac"),
    "audio/x-flac": Kind("media", "flac"),
    "audio/aac": Kind("media", "aac"),
    "audio/x-hx-aac-adts": Kind("media", "aac"),
    "application/pdf": Kind("pdf"),
}
_REFUSED = {
    "image/heic": Reason.HEIC,
    "image/heif": Reason.HEIC,
    "image/heic-sequence": Reason.HEIC,
    "image/heif-sequence": Reason.HEIC,
    "image/avif": Reason.HEIC,
    "image/svg+xml": Reason.WEB_PAGE,
    "text/html": Reason.WEB_PAGE,
    "text/xml": Reason.WEB_PAGE,
    "application/xml": Reason.WEB_PAGE,
    "application/xhtml+xml": Reason.WEB_PAGE,
    "message/rfc822": Reason.WEB_PAGE,
    "application/msword": Reason.OLD_OFFICE,
    "application/vnd.ms-excel": Reason.OLD_OFFICE,
    "application/vnd.ms-powerpoint": Reason.OLD_OFFICE,
    "application/vnd.ms-office": Reason.OLD_OFFICE,
    "application/x-ole-storage": Reason.OLD_OFFICE,
    "application/cdfv2": Reason.OLD_OFFICE,
    "text/rtf": Reason.OLD_OFFICE,
    "application/rtf": Reason.OLD_OFFICE,
    "application/encrypted": Reason.ENCRYPTED,
}
_ARCHIVE = re.compile(r"zip|rar|7z|tar|cpio|lzma|xz|zstd|lz4|compress|iso9660|cab|stuffit|arj|lha|lzh|ace")
_PROGRAM = re.compile(r"exec|msdownload|dosexec|sharedlib|pie-|object|elf|mach|dex|java|wasm|x-ms-shortcut")
_WEB_SIGNS = re.compile(rb"<\s*(!doctype\s+html|html|svg|script|iframe|body|head|\?xml)\b", re.IGNORECASE)
_HEAD = 4096  # bytes
_MP3_SYNC = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]")
_TEXTS = {"application/json", "application/csv", "application/x-ndjson"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OFFICE_MARK = "[Content_Types].xml"


def sniff(content: bytes) -> Kind:
    """
    The kind of *content*. Not a promise that it is whole: its own parser finds that out.

    Raises:
        FileRefused: We do not take that kind, and which it is.
    """
    told = _magic()(content).lower()
    if told in _TAKEN:
        return _TAKEN[told]
    if content.startswith(b"PK"):
        return _zip_kind(content)
    if told == "application/octet-stream" and _MP3_SYNC.match(content):
        return _TAKEN["audio/mpeg"]
    reason = _why_not(told, content)
    if reason is not None:
        raise FileRefused(reason=reason)
    return Kind("text")


def _why_not(told: str, content: bytes) -> Reason | None:
    """Why what libmagic calls *told* is not taken; None for text."""
    if content.startswith(_OLE):  # an encrypted DOCX is one, too
        return Reason.ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in content else Reason.OLD_OFFICE
    if told in _REFUSED:
        return _REFUSED[told]
    if told.startswith("text/") or told in _TEXTS:
        if _WEB_SIGNS.search(content[:_HEAD]):
            return Reason.WEB_PAGE
        return Reason.PROGRAM if content.startswith(b"#!") else None
    if _ARCHIVE.search(told):
        return Reason.ARCHIVE
    return Reason.PROGRAM if _PROGRAM.search(told) else Reason.UNKNOWN_KIND


@cache
def _magic() -> Callable[[bytes], str]:
    """Media type by the libmagic and database that pylibmagic carries, not by what the system has."""
    import pylibmagic

    carried = str(pylibmagic.data / "libmagic.so.1")
    # Left alone, python-magic starts ldconfig, gcc and ld and writes a temporary file to find the library.
    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: carried if name == "magic" else None
    try:
        import magic
    finally:
        ctypes.util.find_library = search
    detector = magic.Magic(mime=True, magic_file=str(pylibmagic.data / "magic.mgc"))
    from_buffer: Callable[[bytes], str] = detector.from_buffer
    return from_buffer


def _zip_kind(content: bytes) -> Kind:
    """Office, or another archive. Only the directory is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise FileRefused(reason=Reason.BROKEN) from None
    if _OFFICE_MARK in names:
        return Kind("office")
    if "AndroidManifest.xml" in names or "META-INF/MANIFEST.MF" in names:
        raise FileRefused(reason=Reason.PROGRAM)
    raise FileRefused(reason=Reason.ARCHIVE)
