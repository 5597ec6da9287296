"""
Finds offices that a passage still names and that are no more: công an huyện, Phòng Tư pháp, Sở LĐTBXH.

Data in `staleness.toml`, sentences in prompts. A document newer than the change is believed, and so is a
sentence that speaks of the change (`không còn công an huyện`).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from knowledge.text.folding import normalise
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from knowledge.model import DocumentMeta
    from prompts.catalog import Language

_TELLS_OF_THE_CHANGE = re.compile(
    r"không còn|không tổ chức|đã bỏ|bãi bỏ|giải thể|kết thúc (?:hoạt động|nhiệm vụ)|trước đây|trước ngày"
    r"|trước kia|sáp nhập|chuyển về|chuyển sang|chuyển giao|thay cho|được thay|\bcũ\b|nay là|thôi hoạt động"
)


@dataclass(frozen=True, slots=True)
class OldName:
    """One kind of office that is no more: its key in prompts, since when, and how it is written."""

    name: str
    since: date
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Stale:
    """An old name as a passage writes it (lower case), and the kind it belongs to."""

    name: str
    words: str


@cache
def old_names() -> tuple[OldName, ...]:
    """The old names that ship with the package."""
    raw = tomllib.loads((resources.files("knowledge") / "staleness.toml").read_text(encoding="utf-8"))
    return tuple(OldName(name, entry["since"], _pattern(entry)) for name, entry in raw.items())


def stale_names(text: str, meta: DocumentMeta) -> tuple[Stale, ...]:
    """
    The old names that *text*, a run of a document of *meta*, still uses; each kind once, in table order.

    A document without any day is taken to be old: nobody can tell.
    """
    days = [day for day in (meta.as_of, meta.effective, meta.issued) if day]
    newest = max(days) if days else None
    plain = "\n".join(normalise(line) for line in text.split("\n"))
    found: list[Stale] = []
    taken: list[tuple[int, int]] = []
    for old in old_names():
        if newest is not None and newest >= old.since:
            continue
        for match in old.pattern.finditer(plain):
            inside = any(start <= match.start() < end for start, end in taken)
            if inside or _TELLS_OF_THE_CHANGE.search(_sentence(plain, match.start(), match.end())):
                continue
            taken.append(match.span())
            if all(old.name != item.name for item in found):
                found.append(Stale(old.name, match.group()))
    return tuple(found)


def told_stale(stale: tuple[Stale, ...], language: Language) -> str:
    """What to say of *stale*, "" for nothing: the words as written, since when, and where to ask now."""
    return " ".join(
        say("ask.stale", language, words=item.words, now=say(f"ask.stale_{item.name}", language))
        for item in stale
    )


def _pattern(entry: Mapping[str, list[str]]) -> re.Pattern[str]:
    words = [re.escape(normalise(word)) for word in entry.get("words", ())]
    bodies = "|".join(re.escape(normalise(body)) for body in entry.get("bodies", ()))
    levels = "|".join(re.escape(normalise(level)) for level in entry.get("levels", ()))
    if bodies:
        words.insert(0, rf"(?:{bodies}) (?:các )?(?:{levels})")
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence, or line, around a place in *text*."""
    first = max(text.rfind(mark, 0, start) for mark in (". ", "\n", "; ")) + 1
    ends = [at for mark in (". ", "\n", "; ") if (at := text.find(mark, end)) >= 0]
    return text[first : min(ends, default=len(text))]
