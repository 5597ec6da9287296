"""Every spelling in which a word may hide in a file: letters, cases, codings, each of them coded again."""

from __future__ import annotations

import base64
import json
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = 8  # bytes that are searched for: shorter ones stand in any noise


def forms(word: str) -> set[str]:
    """*word* composed, decomposed and without its marks, each as it is, in capitals and in small letters."""
    bare = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    kinds = {unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word), bare}
    return {cased for form in kinds for cased in (form, form.upper(), form.lower())}


def texts(word: str) -> Iterator[tuple[str, bytes]]:
    """*word* as text, in the codings of texts."""
    for form in forms(word):
        yield "utf-8", form.encode()
        yield "utf-16-le", form.encode("utf-16-le")
        yield "utf-16-be", form.encode("utf-16-be")


def spellings(canary: str | bytes) -> Iterator[tuple[str, bytes, bool]]:
    """
    How *canary* may stand somewhere.

    Yields:
        What the spelling is called, its bytes, and whether the case of its letters tells something.
    """
    raws = [("raw", canary)] if isinstance(canary, bytes) else list(texts(canary))
    for name, raw in raws:
        yield name, raw, isinstance(canary, bytes)
        yield f"{name} hex", raw.hex().encode(), False
        for shift in range(3):  # whatever stands before it shifts base64 by up to two bytes
            coded = base64.b64encode(bytes(shift) + raw)
            inner = coded[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6]
            yield f"{name} base64 +{shift}", inner, True
            yield f"{name} base64url +{shift}", inner.translate(bytes.maketrans(b"+/", b"-_")), True
    if isinstance(canary, str):
        for form in forms(canary):
            yield "percent", quote(form, safe="").encode(), False
            yield "percent (form)", quote(form, safe="").replace("%20", "+").encode(), False
            yield "json", json.dumps(form)[1:-1].encode(), False
            yield "python bytes", repr(form.encode())[2:-1].encode(), False


def needles(canary: str | bytes) -> dict[tuple[bytes, bool], str]:
    """Bytes to look for and whether their case tells something -> what that spelling is called."""
    raw = canary if isinstance(canary, bytes) else canary.encode()
    assert len(raw) >= SHORTEST, "a canary this short cannot be told from noise"
    found: dict[tuple[bytes, bool], str] = {}
    for name, raw, has_case in spellings(canary):
        if len(raw) >= SHORTEST:
            found.setdefault((raw if has_case else raw.lower(), has_case), name)
    return found
