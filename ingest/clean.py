"""
Web pages saved as text: the article stays, the frame around it goes.

Pure, line by line, on folded text (no marks, lower case), with three kinds of evidence: words that only
frames have (counters, captcha forms, font-size bars), what a place in the page means (menus stand
before the first prose, lists of other news after the last), and repetition. A text without any such
evidence comes back as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.dates import find_date
from ingest.flat_tables import rebuild_tables
from ingest.frames import Frame, frame_of, opens_news_list
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from datetime import date

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PROSE_LENGTH = 100
_TITLE_LENGTH = range(12, 400)
_MENU_LENGTH = 40
_MENU_RUN = 4
_HEADLINES = 8  # lines that a box of other news takes up, blank ones too
_PLAIN_HEAD = 6  # lines of a text without a frame among which its date may stand
_EVIDENCE = frozenset((Frame.UI, Frame.COUNTER, Frame.TAIL, Frame.FOOTER))
_NAME = re.compile(r"(?:[A-ZĐÀ-Ỹ][\wà-ỹ.]*)(?:[ -]+(?:[A-ZĐÀ-Ỹ][\wà-ỹ.]*)){0,4}")
_BYLINE = re.compile(
    r"(?:tac gia|nguoi viet|bien soan|thuc hien|tin, anh|tin va anh|bai va anh|bai, anh|tin bai"
    r"|nguon(?: tin)?)\s*:\s*"
)
_REPOSTED = re.compile(r"\([^)]*\)|.{1,40}\((?:suu tam|tong hop|theo)[^)]*\)")
_LEVELS = ("XÃ", "PHƯỜNG", "TỈNH", "PHỐ", "KHU", "HUYỆN", "QUẬN")
_OFFICE = re.compile(
    r"(?:[UỦ][ỶY] BAN|UBND|CÔNG AN|MẶT TRẬN|SỞ|TỈNH ỦY|HỘI|BAN) [A-ZĐÀ-Ỹ ,-]{0,70}"
    r"(?:XÃ|PHƯỜNG|TỈNH|THÀNH PHỐ|ĐẶC KHU|HUYỆN|QUẬN) [A-ZĐÀ-Ỹ][A-ZĐÀ-Ỹ -]{1,30}"
)
_NO_TITLE = re.compile(r"[(+•*-]|.*\d{1,2}[h:]\d{2}\b|(?:Điều|Khoản) \d")
_DATE_IN_TITLE = re.compile(
    r"\s*[(\[]\s*(?:\d{1,2}[:h]\d{2}\s*[,|-]?\s*)?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}[^)\]]{0,20}[)\]]\s*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """
    An article out of its frame. Empty where the page does not say; `framed` if a frame was found.

    `office` is whose portal it is, as its footer says in capitals.
    """

    lines: tuple[str, ...]
    title: str = ""
    author: str = ""
    office: str = ""
    issued: date | None = None
    framed: bool = False


def clean_page(text: str) -> Page:
    """The article in *text*, a page saved as text; no lines at all where only a frame was there."""
    lines = [line.strip() for line in _COMMENT.sub("\n", text).split("\n")]
    lines = _once(lines)
    kinds = [frame_of(line) for line in lines]
    framed = any(kind in _EVIDENCE for kind in kinds)
    prose = _prose(lines, kinds)
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    issued, dated_at = _find_issued(lines, kinds, first if framed else min(first, _PLAIN_HEAD))
    if framed and prose:
        _mark_menus(lines, kinds, first)
        _mark_headlines(lines, kinds)
        _mark_tail(lines, kinds, last)
    elif framed:
        _mark_menus(lines, kinds, len(lines))
    title_at = _find_title(lines, kinds, first, dated_at)
    title = "" if title_at is None else _DATE_IN_TITLE.sub("", lines[title_at]).removeprefix("null ").strip()
    author, author_at = _find_author(lines, kinds, last) if prose and (framed or issued) else ("", None)
    kept = [
        line
        for n, line in enumerate(lines)
        if line
        and not _drops(kinds[n], in_head=framed and n < first)
        and n not in {title_at, author_at, dated_at}
        and not _same(line, title)
    ]
    if framed and title_at is not None and prose:
        kept = _without_frame_above(lines, kinds, title_at, kept)
    if title and not kept and not framed:
        kept = [title]  # a text of one line, such as a notice, is its own title
    office = _find_office(lines, last) if framed and prose else ""
    return Page(
        lines=tuple(rebuild_tables(kept)),
        title=title,
        author=author,
        office=office,
        issued=issued,
        framed=framed,
    )


def _drops(kind: Frame | None, *, in_head: bool) -> bool:
    return kind in _EVIDENCE or kind is Frame.DOTS or (in_head and kind not in {None, Frame.WEAK})


def _once(lines: list[str]) -> list[str]:
    """*lines* without a line that repeats the one before it, as captions of pictures do."""
    kept: list[str] = []
    previous = ""
    for line in lines:
        if line and line == previous:
            continue
        kept.append(line)
        previous = line or previous
    return kept


def _prose(lines: list[str], kinds: list[Frame | None]) -> list[int]:
    """Where prose stands; a long first line without a full stop is a title."""
    found = [n for n, line in enumerate(lines) if _is_prose(line) and not kinds[n]]
    head = next((n for n, line in enumerate(lines) if line and not kinds[n]), None)
    if found and found[0] == head and len(found) > 1 and _may_be_title(lines[head]):
        return found[1:]
    return found


def _is_prose(line: str) -> bool:
    if len(line) >= _PROSE_LENGTH and (
        line.rstrip("\"”' )")[-1:] in ".!?…:;/" or len(line) > 2 * _PROSE_LENGTH
    ):
        return True
    return bool(re.match(r"(?:Bước|BƯỚC) \d", line)) or (len(line) >= 50 and line.endswith((".", ":", ";")))  # noqa: PLR2004


def _mark_menus(lines: list[str], kinds: list[Frame | None], end: int) -> None:
    """Marks runs of short lines before *end* that hold a word of menus."""
    run: list[int] = []
    for n in range(end + 1):
        if n < end and (kinds[n] in {Frame.MENU, Frame.UI} or _may_be_menu(lines[n])):
            run.append(n)
            continue
        filled = [place for place in run if lines[place]]
        if len(filled) >= _MENU_RUN and any(kinds[place] in {Frame.MENU, Frame.UI} for place in filled):
            for place in filled:
                kinds[place] = Frame.UI
        run = []


def _may_be_menu(line: str) -> bool:
    return len(line) <= _MENU_LENGTH and not re.search(r"[.?!:;,\d…]", line)


def _mark_tail(lines: list[str], kinds: list[Frame | None], last: int) -> None:
    """
    Marks all from the first sign of a tail on.

    A list of other news or a footer ends the article unless long prose follows; a counter or a button
    only after the very last sentence.
    """
    prose = (n for n, line in enumerate(lines) if len(line) >= _PROSE_LENGTH and _is_prose(line))
    half = len(lines) // 2
    long = max(prose, default=None)
    after = {
        Frame.FOOTER: half if long is None else max(long, half),
        Frame.TAIL: last if long is None else max(long, half),
        Frame.COUNTER: last,
        Frame.UI: last,
    }
    for n, kind in enumerate(kinds):
        if kind in after and n > min(after[kind], max(last, half)):
            kinds[n:] = [Frame.TAIL] * len(kinds[n:])
            return


def _mark_headlines(lines: list[str], kinds: list[Frame | None]) -> None:
    """Marks the headlines of other news in a box amid the article: short lines without a full stop."""
    for n, line in enumerate(lines):
        if kinds[n] is not Frame.TAIL or not opens_news_list(line):
            continue
        for after in range(n + 1, min(n + 1 + _HEADLINES, len(lines))):
            if _is_prose(lines[after]) or lines[after].endswith((".", ":", ";", "?", "!")):
                break
            kinds[after] = kinds[after] or Frame.TAIL


def _find_issued(lines: list[str], kinds: list[Frame | None], first: int) -> tuple[date | None, int | None]:
    """The day of publication: from a labelled line, else the last bare date line before the prose."""
    bare: tuple[date | None, int | None] = (None, None)
    for n, line in enumerate(lines[: first + 1]):
        day = find_date(line)
        if day is None:
            continue
        if kinds[n] is Frame.DATED:
            return day, n
        if kinds[n] is Frame.DATE or _DATE_IN_TITLE.search(line):
            bare = (day, n)
    return bare


def _find_title(lines: list[str], kinds: list[Frame | None], first: int, dated_at: int | None) -> int | None:
    """The longest line of the head that may be one; the one nearest to the date wins a tie of sorts."""
    head = [n for n in range(first) if lines[n] and not kinds[n] and _may_be_title(lines[n])]
    if not head:
        return None
    if first == len(lines):
        return head[0]
    if dated_at is not None and dated_at in head:
        return dated_at
    near = [n for n in head if dated_at is not None and 0 < abs(n - dated_at) <= 2]  # noqa: PLR2004 - next to it
    pool = near or head
    if lines[pool[0]].isupper() and len(pool) > 1 and not near:
        pool = pool[:2]
    return max(pool, key=lambda n: (len(lines[n]) >= 30, len(lines[n])))  # noqa: PLR2004 - a full title


def _may_be_title(line: str) -> bool:
    bare = _DATE_IN_TITLE.sub("", line)
    return len(bare) in _TITLE_LENGTH and bare[-1] not in ".;,:" and not _NO_TITLE.match(bare)


def _find_author(lines: list[str], kinds: list[Frame | None], last: int) -> tuple[str, int | None]:
    """The line right after the last prose that is a name, a byline or `(theo …)`."""
    for n in range(last + 1, len(lines)):
        line = lines[n]
        if not line or kinds[n] is Frame.DOTS:
            continue
        if byline := _BYLINE.match(fold(line)):
            kinds[n] = None
            return line[byline.end() :].strip(), n
        if kinds[n] is None and len(line) <= _MENU_LENGTH:
            if _NAME.fullmatch(line) and not line.isupper():
                return line, n
            if _REPOSTED.fullmatch(fold(line)):
                return (line[1:-1] if line.startswith("(") else line), n
        if kinds[n] is not None and kinds[n] is not Frame.UI:
            break
    return "", None


def _find_office(lines: list[str], last: int) -> str:
    """The line after the article that is nothing but the name of an office and its place, in capitals."""
    named = next((line for line in lines[last + 1 :] if _OFFICE.fullmatch(line)), "")
    words = named.split()
    level = next((at for at, word in enumerate(words) if word in _LEVELS), len(words))
    first = " ".join(words[: level + 1]).lower()
    return " ".join([first[:1].upper() + first[1:], *(word.capitalize() for word in words[level + 1 :])])


def _same(line: str, title: str) -> bool:
    return bool(title) and fold(line).removeprefix("null ").strip(" .") == fold(title).strip(" .")


def _without_frame_above(
    lines: list[str], kinds: list[Frame | None], title_at: int, kept: list[str]
) -> list[str]:
    """*kept* without the short lines above the title: names of portals, breadcrumbs."""
    above = {line for n, line in enumerate(lines[:title_at]) if not kinds[n] and len(line) < 2 * _MENU_LENGTH}
    return [line for line in kept if line not in above or _is_prose(line)]
