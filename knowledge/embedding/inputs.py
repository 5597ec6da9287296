"""What a text goes through before a model reads it: one composition, and the prefix that model knows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_E5 = re.compile(r"(?:^|[-_/. ])e5(?:[-_/. ]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prefixes:
    """What stands before a question and before a passage; mixing them ruins recall."""

    query: str = ""
    passage: str = ""


E5_PREFIXES = Prefixes("query: ", "passage: ")
NO_PREFIXES = Prefixes()


def prefixes_for(model: str) -> Prefixes:
    """The prefixes that *model* wants, by its name: E5 has some, instruction-tuned E5 has others."""
    is_plain_e5 = _E5.search(model) is not None and "instruct" not in model.lower()
    return E5_PREFIXES if is_plain_e5 else NO_PREFIXES


def clean(text: str) -> str:
    """*text* composed (NFC: NFD lands elsewhere in the vector space), without NUL and lone surrogates."""
    plain = text.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFC", plain)
