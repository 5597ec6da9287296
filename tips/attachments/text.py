"""Plain text: UTF-8, NFC, nothing that cannot be seen."""

from __future__ import annotations

import codecs
import re
import unicodedata

from tips.attachments.limits import TEXT_LIMIT, Reason
from tips.errors import FileRefused

_KEPT_CONTROLS = "\n\t"
_JOINER = "\u200d"  # inside emoji


def clean_text(content: bytes) -> bytes:
    """
    *content* as UTF-8, NFC, with single line ends, without byte order mark or invisible characters.

    Zero-width characters can number a copy, and those of direction can make a text read otherwise than it is.

    Raises:
        FileRefused: Not UTF-8 or UTF-16 with its mark, or too large.
    """
    if len(content) > TEXT_LIMIT:
        raise FileRefused(reason=Reason.TOO_LARGE)
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused(reason=Reason.UNKNOWN_KIND) from None
    text = unicodedata.normalize("NFC", re.sub(r"\r\n?", "\n", text))
    seen = (letter for letter in text if letter in _KEPT_CONTROLS or letter == _JOINER or _is_seen(letter))
    cleaned = "".join(seen).encode()
    if not cleaned.strip():
        raise FileRefused(reason=Reason.EMPTY)
    return cleaned


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
