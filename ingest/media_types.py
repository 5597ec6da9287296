"""The media type of a kept file, by its first bytes; its name decides only between kinds of one container."""

from __future__ import annotations

from typing import Final

from ingest.ole import OLE_START

HEAD: Final = 4_096  # bytes that are looked at
UNKNOWN: Final = "application/octet-stream"
PDF: Final = "application/pdf"
_STARTS: Final = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
)
_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
_PACKED: Final = {
    ".docx": f"{_OPEN_XML}wordprocessingml.document",
    ".xlsx": f"{_OPEN_XML}spreadsheetml.sheet",
    ".pptx": f"{_OPEN_XML}presentationml.presentation",
    ".docm": "application/vnd.ms-word.document.macroEnabled.12",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".pptm": "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    ".odt": f"{_OPEN_DOCUMENT}text",
    ".ods": f"{_OPEN_DOCUMENT}spreadsheet",
    ".odp": f"{_OPEN_DOCUMENT}presentation",
}
_OLD: Final = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_WRITTEN: Final = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".mhtml": "multipart/related",
    ".mht": "multipart/related",
    ".eml": "message/rfc822",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
}


def media_type_of(head: bytes, suffix: str) -> str:
    """
    The type of a file that begins with *head*.

    Args:
        head: Its first bytes, 4,096 are enough.
        suffix: The ending of its name in small letters, with its dot.
    """
    if b"%PDF-" in head[:1_024]:
        return PDF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK"):
        return _PACKED.get(suffix, "application/zip")
    if head.startswith(OLE_START):
        return _OLD.get(suffix, UNKNOWN)
    started = next((kind for start, kind in _STARTS if head.startswith(start)), "")
    return started or _WRITTEN.get(suffix) or ("text/html" if b"<html" in head.lower() else "text/plain")
