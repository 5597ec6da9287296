"""The numbers that OpenDocument writes before list items and headings: counted, as no text holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.loaders.docx_numbering import spell

if TYPE_CHECKING:
    from collections.abc import Iterable

_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _STYLE = _NS % "text", _NS % "style"
_FORMAT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}num-list-format"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LEVELS = 10
_DIGITS = 4  # of a number that a list begins with
_BULLET = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """How one level is numbered; without `form` it shows no number of its own."""

    form: str = ""
    before: str = ""
    after: str = ""
    whole: str = ""  # such as `%1%.%2%)`, as LibreOffice adds
    shows: int = 1  # levels
    start: int = 1
    is_bullet: bool = False


@dataclass(slots=True)
class OpenList:
    """A list that is being read: its style, its depth, and the counts it shares with those around it."""

    style: str
    depth: int = 1
    counts: list[int] = field(default_factory=lambda: [0] * (_LEVELS + 1))


class Numbering:
    """Counts the lists of one document, in reading order."""

    def __init__(self, parts: Iterable[Any] = ()) -> None:
        """Know the list styles of *parts*, the roots of `content.xml` and `styles.xml`; None is passed by."""
        self._styles: dict[str, dict[int, _Level]] = {}
        self._by_id: dict[str, OpenList] = {}
        self._last: dict[str, OpenList] = {}  # of each style
        self._outline = OpenList("")
        for part in parts:
            if part is not None:
                self._read(part)

    def open(self, element: Any, around: OpenList | None) -> OpenList:
        """The list that *element* begins, within *around* or by itself."""
        style = element.get(f"{_TEXT}style-name", "")
        if around is not None:
            depth = min(around.depth + 1, _LEVELS)
            return OpenList(style or around.style, depth, around.counts)
        before = self._by_id.get(element.get(f"{_TEXT}continue-list", ""))
        if before is None and element.get(f"{_TEXT}continue-numbering") == "true":
            before = self._last.get(style)
        opened = OpenList(style, counts=before.counts) if before else OpenList(style)
        self._last[style] = opened
        if name := element.get(_ID):
            self._by_id[name] = opened
        return opened

    def label(self, within: OpenList, item: Any) -> str:
        """What stands before *item*, the next of the list *within*: a number as shown, `-`, or nothing."""
        levels = self._styles.get(within.style, {})
        level = levels.get(within.depth)
        if level is None:
            return _BULLET
        _advance(within, _number(item, "start-value"), level.start)
        return _BULLET if level.is_bullet else _shown(within, levels)

    def heading(self, element: Any, depth: int) -> str:
        """What stands before the heading *element*, which is in no list."""
        levels = self._styles.get("", {})
        level = levels.get(depth)
        if level is None or element.get(f"{_TEXT}is-list-header") == "true":
            return ""
        within = OpenList("", depth, self._outline.counts)
        _advance(within, None, level.start)
        return _shown(within, levels)

    def _read(self, part: Any) -> None:
        for style in part.iter(f"{_TEXT}list-style"):
            self._styles[style.get(f"{_STYLE}name", "?")] = _levels(style)
        for outline in part.iter(f"{_TEXT}outline-style"):
            self._styles[""] = _levels(outline)


def _advance(within: OpenList, given: int | None, start: int) -> None:
    counts, depth = within.counts, within.depth
    counts[depth] = given if given is not None else counts[depth] + 1 if counts[depth] else start
    counts[depth + 1 :] = [0] * (_LEVELS - depth)


def _shown(within: OpenList, levels: dict[int, _Level]) -> str:
    level = levels.get(within.depth, _Level())
    if not level.form:
        return ""

    def number(depth: int) -> str:
        other = levels.get(depth, level)
        return spell(within.counts[depth] or other.start, _FORMS.get(other.form[:1], "decimal"))

    if level.whole:
        return re.sub(r"%(\d{1,2})%", lambda match: number(min(int(match[1]), _LEVELS)), level.whole).strip()
    first = max(1, within.depth - level.shows + 1)
    numbers = ".".join(number(depth) for depth in range(first, within.depth + 1))
    return f"{level.before}{numbers}{level.after}".strip()


def _levels(style: Any) -> dict[int, _Level]:
    return {level: _level(one) for one in style if (level := _number(one, "level"))}


def _level(one: Any) -> _Level:
    return _Level(
        form=one.get(f"{_STYLE}num-format", ""),
        before=one.get(f"{_STYLE}num-prefix", ""),
        after=one.get(f"{_STYLE}num-suffix", ""),
        whole=one.get(_FORMAT, ""),
        shows=_number(one, "display-levels") or 1,
        start=_number(one, "start-value") or 1,
        is_bullet=not one.tag.endswith("-number") and one.tag != f"{_TEXT}outline-level-style",
    )


def _number(element: Any, name: str) -> int | None:
    value = element.get(f"{_TEXT}{name}", "")
    return int(value) if value.isdecimal() and len(value) <= _DIGITS else None
