"""
What a file holds and does not show: comments, invisible elements, letters nobody sees.

The loaders drop all of it, so that it never reaches a passage; here it is read once to tell whether
somebody hid orders to a machine there. Only text formats: what a PDF hides comes out as text.
"""

from __future__ import annotations

import codecs
import html
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_TEXTS: Final = frozenset((".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".mhtml", ".mht"))
_MOST: Final = 2_000_000  # bytes looked through
_LONGEST: Final = 20_000  # characters of one hidden text
_COMMENT: Final = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_INVISIBLE_STYLE: Final = (
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt)?\b(?!\.)|opacity\s*:\s*0(?![.\d])"
    r"|(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}"
)
_ELEMENT: Final = re.compile(r"<([a-z][a-z0-9]*)\b([^<>]{0,2000})>", re.IGNORECASE)
_INVISIBLE: Final = re.compile(
    rf"style\s*=\s*[\"'][^\"'<>]{{0,500}}?(?:{_INVISIBLE_STYLE})|(?:^|\s)hidden\b|aria-hidden\s*=\s*[\"']?true"
    r"|class\s*=\s*[\"'][^\"'<>]{0,300}?\b(?:sr-only|visually-hidden|hidden|d-none)\b",
    re.IGNORECASE,
)
_NEVER_SHOWN: Final = frozenset(("template", "noscript"))
_ATTRIBUTE: Final = re.compile(r"=\s*(?:\"([^\"<>]{20,2000})\"|'([^'<>]{20,2000})')")
_TAG: Final = re.compile(r"<[^>]+>")
_TAG_LETTERS: Final = re.compile("[\U000e0020-\U000e007e]{4,}")
_MARKDOWN_COMMENT: Final = re.compile(
    r"^\[(?://|comment|_)\]\s*:\s*(?:#|<>)\s*[(\"'](.+?)[)\"']\s*$", re.MULTILINE
)


def hidden_in(text: str) -> tuple[str, ...]:
    """The texts that *text* (HTML, Markdown or a page saved as text) holds without showing them."""
    found = [match[1] for match in _COMMENT.finditer(text)]
    lowered = text.lower()
    for match in _ELEMENT.finditer(text):
        name, attributes = match[1].lower(), match[2]
        if name in _NEVER_SHOWN or _INVISIBLE.search(attributes):
            end = lowered.find(f"</{name}", match.end(), match.end() + _LONGEST)
            found.append(text[match.end() : end] if end >= 0 else "")
        found += [one[1] or one[2] for one in _ATTRIBUTE.finditer(attributes)]
    found += [match[1] for match in _MARKDOWN_COMMENT.finditer(text)]
    # Letters of the "tags" block look like nothing and are read as ASCII by models.
    found += ["".join(chr(ord(one) - 0xE0000) for one in match[0]) for match in _TAG_LETTERS.finditer(text)]
    plain = (html.unescape(_TAG.sub(" ", one))[:_LONGEST].strip() for one in found)
    return tuple(one for one in plain if one)


def hidden_texts(path: Path) -> tuple[str, ...]:
    """What the file at *path* holds without showing it; nothing for other formats than text."""
    if path.suffix.lower() not in _TEXTS:
        return ()
    try:
        with path.open("rb") as file:
            data = file.read(_MOST)
    except OSError:
        return ()
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return hidden_in(data.decode("utf-16" if wide else "utf-8", "replace"))
