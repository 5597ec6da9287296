"""
Words as Telegram takes them: its HTML, within its limits.

All markup is made here and in the modules that import this one; whatever people or documents say is escaped.
Lengths count as Telegram counts: UTF-16 units of the text without its tags.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from bot.telegram.model import TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_BULLET: Final = re.compile(r"^(\s*)[-*] ")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…;:])\s+")
_TAG: Final = re.compile(r"<[^>]*>")
_NO_TEXT: Final = re.compile("[\ud800-\udfff\x00-\x08\x0b-\x1f]")
ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"


def escape(words: str) -> str:
    """*words* as text of HTML; half characters and control characters, which Telegram refuses, left out."""
    return html.escape(_NO_TEXT.sub("", words), quote=False)


def units(words: str) -> int:
    """The length of *words* as Telegram counts it."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def shown_units(markup: str) -> int:
    """The length of *markup* as Telegram counts it once the tags are read."""
    return units(plain(markup))


def plain(markup: str) -> str:
    """What *markup* says, without its tags."""
    return html.unescape(_TAG.sub("", markup))


def cut(words: str, limit: int) -> str:
    """*words*, at most *limit* units long, an ellipsis where something was left out."""
    if units(words) <= limit:
        return words
    kept = words.encode("utf-16-le", "ignore")[: (limit - 1) * 2].decode("utf-16-le", "ignore")
    return kept.rstrip() + ELLIPSIS


def from_markdown(words: str) -> str:
    """Our small Markdown (paragraphs, lists, bold) as HTML, line by line: no tag spans two lines."""
    return "\n".join(map(_line, words.splitlines()))


def _line(line: str) -> str:
    bulleted = _BULLET.sub(r"\1• ", line)
    return _BOLD.sub(r"<b>\1</b>", escape(bulleted))


def pieces(markup: str, limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """
    *markup* in messages of at most *limit* units, cut at paragraphs, else lines, else sentences, else words.

    No tag of it may span two lines, as with `from_markdown`; a tag never stands cut in two. Never empty
    unless there is nothing to read in *markup*.
    """
    found: list[str] = []
    held = ""
    for piece, joint in _parts(markup, limit):
        longer = f"{held}{joint}{piece}" if held else piece
        if held and shown_units(longer) > limit:
            found.append(held)
            held = piece
        else:
            held = longer
    return tuple(part.strip("\n") for part in (*found, held) if plain(part).strip())


def _parts(markup: str, limit: int) -> Iterator[tuple[str, str]]:
    """Parts of at most *limit* units, each with what joins it to the one before."""
    for paragraph in re.split(r"\n{2,}", markup):
        if shown_units(paragraph) <= limit:
            yield paragraph, "\n\n"
            continue
        joint = "\n\n"
        for line in paragraph.split("\n"):
            yield from _short(line, limit, joint)
            joint = "\n"


def _short(line: str, limit: int, joint: str) -> Iterator[tuple[str, str]]:
    if shown_units(line) <= limit:
        yield line, joint
        return
    # A line this long is no line of ours: its bold goes, its words stay.
    for sentence in _SENTENCE_END.split(plain(line)):
        for part in _words(sentence, limit):
            yield escape(part), joint
            joint = " "


def _words(sentence: str, limit: int) -> Iterable[str]:
    if units(sentence) <= limit:
        return (sentence,)
    found, held = [], ""
    for word in sentence.split(" "):
        longer = f"{held} {word}" if held else word
        if units(longer) > limit:
            found.append(held)
            held = word
        else:
            held = longer
        while units(held) > limit:  # no blank anywhere: emoji, or a made-up word
            start = held.encode("utf-16-le", "ignore")[: limit * 2].decode("utf-16-le", "ignore")
            found.append(start)
            held = held[len(start) :]
    return [part for part in (*found, held) if part]
