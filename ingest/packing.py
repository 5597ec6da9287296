"""
Packs units of text (paragraphs, khoản, sentences) into passages of a limited length.

Pure. No word is lost, none is repeated and the order stays; only white space between units changes.
Lengths are in characters: Vietnamese takes about 3.8 of them a token.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PASSAGE_LIMIT = 1_200  # about 315 tokens
_SENTENCE_END = re.compile(r"(?<=[.!?…;])[\"”’)\]]*\s+(?=\S)")
# An ending dot that is none: "TP. Hồ Chí Minh", "ông Nguyễn V. A", "1. Người dân", "a. Đơn"
_NO_END = re.compile(
    r"(?:^|[\s(])(?:\d{1,3}|[^\W\d_]|TP|Tp|TX|Tx|TT|Tr|tr|ThS|TS|PGS|GS|BS|KS|Mr|Mrs|St|No|vs)\.\s*$"
)


def sentences(text: str) -> list[str]:
    """The sentences of *text* in order, stripped; joined by blanks they are the text again."""
    found: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        piece = text[start : match.end()]
        if _NO_END.search(piece):
            continue
        found.append(piece.strip())
        start = match.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found


def split_long(text: str, limit: int = PASSAGE_LIMIT) -> list[str]:
    """
    *text* in pieces of at most *limit* characters, cut at sentence ends, then between words.

    A single word longer than *limit* is cut inside: nothing can be done with it anyway.
    """
    stripped = text.strip()
    if len(stripped) <= limit:
        return [stripped] if stripped else []
    pieces: list[str] = []
    for sentence in sentences(stripped):
        pieces.extend([sentence] if len(sentence) <= limit else _split_words(sentence, limit))
    return _join(pieces, limit, " ")


def pack(units: Sequence[str], *, limit: int = PASSAGE_LIMIT, separator: str = "\n") -> list[str]:
    """
    *units* joined greedily by *separator* while they fit *limit*; a longer unit is split by itself.

    Raises:
        ValueError: *limit* is not positive.
    """
    if limit < 1:
        raise ValueError("limit must be positive")
    pieces = [piece for unit in units for piece in split_long(unit, limit)]
    return _join(pieces, limit, separator)


def pack_text(text: str, *, limit: int = PASSAGE_LIMIT) -> list[str]:
    """The lines of *text* packed to *limit* characters; longer ones split at sentences, then words."""
    return pack(text.splitlines(), limit=limit)


def _split_words(sentence: str, limit: int) -> list[str]:
    words = [
        word[at : at + limit] for word in sentence.split() for at in range(0, len(word), limit)
    ]  # a "word" over the limit is a line of dots or a link
    return _join(words, limit, " ")


def _join(pieces: Iterable[str], limit: int, separator: str) -> list[str]:
    packed: list[str] = []
    for piece in pieces:
        if packed and len(packed[-1]) + len(separator) + len(piece) <= limit:
            packed[-1] += separator + piece
        else:
            packed.append(piece)
    return packed
