"""Names of files as people read them: one composition, old bytes read, nothing that steers a screen."""

from __future__ import annotations

import os
import unicodedata

from ingest.syllables import syllable_share

# Old Windows wrote Vietnamese names in one of these; a share or an unzip hands the bytes on as they were.
_OLD = ("cp1258", "utf-8")
_STEERING = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))  # controls, invisible and turning marks, lone halves


def best_reading(raw: bytes, *, otherwise: str) -> str:
    """*raw*, a name in an unknown encoding, in the reading that looks most Vietnamese, else *otherwise*."""
    readings = [otherwise]
    for encoding in _OLD:
        try:
            readings.append(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    composed = [unicodedata.normalize("NFC", reading) for reading in readings]
    return max(reversed(composed), key=syllable_share)


def readable(name: str) -> str:
    """
    *name* of a file or path as it may be stored and shown: NFC, without what steers a terminal or a page.

    Bytes that are no UTF-8, which Python keeps as lone surrogates, are read as old Windows wrote them. What
    cannot be read or shown becomes `_`; two names may then be one, which `ingest.sync.add_file` sees to.
    """
    parts = [_meant(part) for part in unicodedata.normalize("NFC", name).split("/")]
    return "/".join("".join("_" if _steers(char) else char for char in part) for part in parts)


def collection_name(name: str) -> str:
    """
    *name* of a collection as the keys of its documents begin, or "" where it can be none.

    One inside another would share its keys, and a sync of the outer one would take the inner one's out.
    """
    shown = readable(name)
    return "" if "/" in shown else shown


def _meant(part: str) -> str:
    halves = [char for char in part if unicodedata.category(char) == "Cs"]
    if halves and all(0xDC80 <= ord(char) <= 0xDCFF for char in halves):  # noqa: PLR2004 - bytes, as Python keeps them
        return best_reading(os.fsencode(part), otherwise=part)
    return part


def _steers(char: str) -> bool:
    return unicodedata.category(char) in _STEERING
