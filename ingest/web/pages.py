"""
Is what came the page that was asked for? Kinds of files, pages to log in at, "not found" with status 200.

A site that is being moved answers all of it with friendly pages: none takes the place of a document. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from ingest.sniff import EXTENSIONS, Kind
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from knowledge.model import DocumentDraft

SHORT: Final = 900  # letters: a longer page is not only an apology, whatever its title
LITTLE: Final = 300  # letters: more is an article, whatever stands beside or in it
LOST_SHARE: Final = 0.2  # of the letters before: less has lost its text
LOST_FROM: Final = 400  # letters before, from which that says anything
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_SUFFIXES: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}presentationml.presentation": ".pptx",
    f"{_OPEN}text": ".odt",
    f"{_OPEN}spreadsheet": ".ods",
    f"{_OPEN}presentation": ".odp",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "image/webp": ".webp",
}
# What servers say when they do not know; the address has to tell.
_UNSAID: Final = frozenset(
    ("", "application/octet-stream", "binary/octet-stream", "application/force-download")
)
_NAME: Final = re.compile(r"filename\*?\s*=\s*(?:UTF-8'')?\"?([^\";]+)", re.IGNORECASE)
_LOGIN_PLACE: Final = re.compile(r"/(?:log-?in|sign-?in|dang-?nhap|sso|cas|oauth2?|authorize)(?:[/.?]|$)")
_LOGIN_TITLE: Final = re.compile(r"\b(?:dang nhap|login|log in|sign in)\b")
_PASSWORD: Final = re.compile(rb"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_APOLOGY: Final = re.compile(
    r"\b(?:404|50[0234])\b.{0,40}\b(?:not found|error|loi|khong|bad gateway)"
    r"|\b(?:loi|error) (?:404|50[0234])\b"
    r"|\b(?:page|file) (?:was |could )?not (?:be )?found\b"
    r"|\bkhong tim thay (?:trang|noi dung|bai|duong dan|tai lieu)"
    r"|\b(?:trang|noi dung|bai viet|duong dan|tai lieu)(?: \w+){0,6}"
    r" (?:khong ton tai|khong tim thay|da bi xoa|bi go)"
    r"|\b(?:dang|tam) (?:bao tri|ngung phuc vu|nang cap)\b|\bunder (?:maintenance|construction)\b"
    r"|\bservice unavailable\b|\baccess denied\b|\bjust a moment\b|\battention required\b|\bcaptcha\b"
    r"|\bxac (?:minh|nhan) (?:ban )?khong phai (?:la )?(?:robot|nguoi may)\b"
    r"|\bdomain (?:is )?(?:for sale|parked)\b|\bten mien (?:nay )?(?:da het han|dang rao ban)\b",
    re.DOTALL,
)


def suffix_of(content_type: str, disposition: str, url: str) -> str:
    """The ending of the file that came, such as `.pdf`; "" where it is of no kind that is fetched."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _SUFFIXES:
        return _SUFFIXES[kind]
    if kind not in _UNSAID:
        return ""
    named = _NAME.search(disposition)
    for name in (named[1] if named else "", urlsplit(url).path):
        ending = re.search(r"\.[a-z]{2,5}$", unquote(name).strip().lower())
        if ending and EXTENSIONS.get(ending[0], Kind.ZIP) is not Kind.ZIP:
            return ending[0]
    return ""


def refused(asked: str, came_from: str, raw: bytes, draft: DocumentDraft) -> str:
    """
    Why *draft* is not the page that was asked for: `login_page`, `not_found_page`, or "" where it may be.

    Args:
        asked: The address of the source.
        came_from: The address after redirects.
        raw: The beginning of the file as it came.
        draft: What was read in it.
    """
    length = letters(draft)
    title = fold(draft.meta.title)
    before, after = urlsplit(asked), urlsplit(came_from)
    went_to_login = _LOGIN_PLACE.search(after.path.lower()) and not _LOGIN_PLACE.search(before.path.lower())
    asks_password = length < LITTLE and _PASSWORD.search(raw)
    if went_to_login or asks_password or (length < SHORT and _LOGIN_TITLE.search(title)):
        return "login_page"
    head = fold(" ".join(passage.text for passage in draft.passages)[:SHORT])
    sent_home = before.path.strip("/") and not after.path.strip("/") and not after.query
    is_apology = _APOLOGY.search(title if length >= LITTLE else f"{title}\n{head}")
    if sent_home or (length < SHORT and is_apology):
        return "not_found_page"
    return ""


def has_lost_text(before: int, now: int) -> bool:
    """Whether a page of *before* letters that has *now* left has lost its text."""
    return before >= LOST_FROM and now < LOST_SHARE * before


def letters(draft: DocumentDraft) -> int:
    """The letters in *draft*'s passages."""
    return sum(1 for passage in draft.passages for char in passage.text if char.isalpha())
