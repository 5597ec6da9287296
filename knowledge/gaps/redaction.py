"""
Takes out of a question what leads to somebody, before it is kept anywhere.

Own rules and word lists, no model: docs/decisions/0025 says why, and what they were measured at.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from knowledge.gaps.redacting_names import NAME, redact_names
from knowledge.gaps.redacting_numbers import DAY, HANDLE, LINK, MAIL, NUMBER, PLACE, PLATE, redact_numbers

PLACEHOLDERS: Final = (NAME, NUMBER, PLATE, MAIL, LINK, HANDLE, PLACE, DAY)
# What tells of one case: together with an act it is a tip, whatever else it looks like.
LEADING: Final = frozenset((NAME, NUMBER, PLATE, PLACE, HANDLE))
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u20e3\ue000-\uf8ff]"
)
_TWICE: Final = re.compile(r"(\[[^\]\n]+\])(?:\s*\1)+")


def redact(text: str) -> str:
    """
    *text* in one line, with names, numbers, addresses and links replaced by words in brackets.

    Never raises. Names in small letters without honorific, surname or "tên" stay: they cannot be told.
    """
    plain = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))
    plain = " ".join(_INVISIBLE.sub("", plain).replace("[", "(").replace("]", ")").split())
    plain = "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign for sign in plain
    )
    return _TWICE.sub(r"\1", redact_names(redact_numbers(plain)))
