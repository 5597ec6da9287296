"""
Near-duplicates: the same article on two pages, a few words changed.

Folded runs of five syllables; a MinHash of 64 values in 16 bands finds who may be alike, the exact Jaccard of
the runs decides. The same words about another commune, another year or other figures are no duplicate:
whoever is merged adds no figure and no name. Nor is a correction a copy: a text that denies more or less
often, or has the figures in another order, is told apart. Pure.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from knowledge.text.folding import folded_syllables, syllables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.model import DocumentMeta

RUN: Final = 5  # syllables
ALIKE: Final = 0.7  # Jaccard of the runs from which on two texts are one
LEAST: Final = 20  # runs; a shorter text is too short to be told a copy
_HASHES: Final = 64
_BANDS: Final = 16  # of four: two texts of Jaccard 0.7 share one with probability 0.99
_LETTERS: Final = (*range(0x41, 0x250), *range(0x1EA0, 0x1EFA))
_UPPER: Final = "".join(chr(code) for code in _LETTERS if chr(code).isupper())
_CAPITAL: Final = rf"[{_UPPER}][^\W\d_]*"
# Not the first word of a sentence, of a line or after a quotation mark: there everything has a capital.
_NAME: Final = re.compile(rf"(?<=[\w,)] )(?<![.!?:…;] ){_CAPITAL}(?: {_CAPITAL})*")
# Words that deny, except or set a side of a day: one more or less makes a text another.
_TURNING: Final = frozenset(
    ("không", "chưa", "chẳng", "chớ", "đừng", "cấm", "trừ", "miễn", "khỏi", "hủy", "bãi", "trước", "sau")
)
_SEED: Final = np.random.default_rng(20_260_701)
_FACTORS: Final = _SEED.integers(1, 1 << 31, _HASHES, dtype=np.uint64)
_OFFSETS: Final = _SEED.integers(0, 1 << 31, _HASHES, dtype=np.uint64)

Signature = bytes  # 64 unsigned integers of 32 bits


def runs_of(text: str) -> frozenset[int]:
    """The runs of five folded syllables of *text*, hashed."""
    words = folded_syllables(text)
    return frozenset(
        zlib.crc32(" ".join(words[at : at + RUN]).encode()) for at in range(len(words) - RUN + 1)
    )


def signature_of(runs: frozenset[int]) -> Signature:
    """The MinHash of *runs*; b"" where there are too few of them."""
    if len(runs) < LEAST:
        return b""
    lowest = np.full(_HASHES, np.uint64((1 << 32) - 1))
    numbers = np.fromiter(runs, dtype=np.uint64, count=len(runs))
    for start in range(0, len(numbers), 4_096):  # a law has 150,000 runs: not all times 64 at once
        part = numbers[start : start + 4_096, None] * _FACTORS + _OFFSETS
        lowest = np.minimum(lowest, ((part >> np.uint64(13)) & np.uint64((1 << 32) - 1)).min(axis=0))
    return lowest.astype(np.uint32).tobytes()


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """How much of the runs of both is common, 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def names_in(text: str) -> frozenset[str]:
    """The runs of words with a capital letter that begin no sentence, folded: places, people, brands."""
    return frozenset(" ".join(folded_syllables(match[0])) for match in _NAME.finditer(text))


def adds_nothing(copy: str, original: str) -> bool:
    """Whether *copy* has no name that *original* lacks, nor a figure that has no like neighbour there."""
    theirs, ours = folded_syllables(original), folded_syllables(copy)
    known = set(pairwise(theirs))
    whole = f" {' '.join(theirs)} "
    if not all(f" {name} " in whole for name in names_in(copy)):
        return False
    # One neighbour is enough: the other may be what was reworded. "thôn 9" is not in a text with "9 vụ".
    return all(
        (before, word) in known or (word, after) in known
        for before, word, after in zip(["", *ours], ours, [*ours[1:], ""], strict=False)
        if any(letter.isdigit() for letter in word)
    )


def turns_alike(one: str, other: str) -> bool:
    """
    Whether both texts deny as often and have the same figures in the same order.

    If not, one may be the correction of the other: "được đốt" and "không được đốt", 15 and 20 days exchanged.
    """
    return _denials(one) == _denials(other) and _figures(one) == _figures(other)


def _denials(text: str) -> Counter[str]:
    return Counter(word for word in syllables(text) if word in _TURNING)


def _figures(text: str) -> list[str]:
    return [word for word in folded_syllables(text) if any(letter.isdigit() for letter in word)]


def precedence(meta: DocumentMeta, length: int, *, is_official: bool) -> tuple[bool, bool, int, int, str]:
    """
    Who answers among copies, least first: an office's page, then a dated one, the earlier, the longer.

    Args:
        meta: The document.
        length: Characters of its text.
        is_official: Whether its address is an office's.
    """
    day = meta.issued.toordinal() if meta.issued else 0
    return (not is_official, meta.issued is None, day, -length, meta.key)


@dataclass(slots=True)
class TwinIndex:
    """Which documents share a band of their MinHash."""

    _bands: dict[tuple[int, bytes], set[str]] = field(default_factory=dict)
    _signatures: dict[str, Signature] = field(default_factory=dict)

    def add(self, key: str, signature: Signature) -> None:
        """Put *key* in, instead of what stood under it."""
        self.drop(key)
        self._signatures[key] = signature
        for band in _bands_of(signature):
            self._bands.setdefault(band, set()).add(key)

    def drop(self, key: str) -> None:
        """Take *key* out, if it is there."""
        for band in _bands_of(self._signatures.pop(key, b"")):
            self._bands[band].discard(key)

    def may_be_like(self, signature: Signature) -> set[str]:
        """The keys that may be near-duplicates of what has *signature*."""
        return set().union(*(self._bands.get(band, ()) for band in _bands_of(signature)))


def _bands_of(signature: Signature) -> Iterable[tuple[int, bytes]]:
    width = 4 * _HASHES // _BANDS
    return ((at, signature[at * width : (at + 1) * width]) for at in range(_BANDS if signature else 0))
