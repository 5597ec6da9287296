"""A text beside its folded twin, letter for letter, and cut into sentences."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_CUT: Final = re.compile(r"(?<=[.!?…;])[\s”\"]+|\n+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A run of a text: where it stands, as written, and folded."""

    start: int
    end: int
    text: str
    plain: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text in NFC with its folded twin of the same length; `where` names its place in the document."""

    where: str
    text: str
    plain: str
    sentences: tuple[Sentence, ...]


def sheet(text: str, where: str) -> Sheet:
    """*text* ready to be looked through."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    plain = fold(composed)
    if len(plain) != len(composed):  # loose marks, letters that fold to two: one by one
        plain = "".join(one if len(one := fold(letter)) == 1 else letter for letter in composed)
    return Sheet(where, composed, plain, tuple(_sentences(composed, plain)))


def around(page: Sheet, place: int, reach: int) -> str:
    """The folded sentence number *place* with *reach* sentences on both sides."""
    near = page.sentences[max(0, place - reach) : place + reach + 1]
    return "\n".join(sentence.plain for sentence in near)


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """*text* without the sentences that one of *spans* touches; lines that become empty go too."""
    page = sheet(text, "")
    wanted = list(spans)
    gone = [
        sentence
        for sentence in page.sentences
        if any(start < sentence.end and end > sentence.start for start, end in wanted)
    ]
    kept = page.text
    for sentence in reversed(gone):
        kept = kept[: sentence.start] + kept[sentence.end :]
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in kept.split("\n"))
    return "\n".join(line for line in lines if line) if gone else text


def _sentences(text: str, plain: str) -> Iterable[Sentence]:
    start = 0
    for cut in (*_CUT.finditer(text), None):
        end = cut.start() if cut else len(text)
        if text[start:end].strip():
            yield Sentence(start, end, text[start:end], plain[start:end])
        start = cut.end() if cut else end
