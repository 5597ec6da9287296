"""Which sections of a guide a chunk of its file stands for, judged kindly: the chunk knows no sections."""

from __future__ import annotations

import re
from itertools import pairwise

_HEADING = re.compile(r"^## .*\{#(?P<anchor>[a-z0-9-]+)\}\s*$", re.MULTILINE)
_HALF = 0.5


def sections_of(text: str, key: str, start: int, length: int) -> frozenset[str]:
    """
    The names (`guide:slug#anchor`) of the sections that a chunk stands for.

    A section counts if at least half of the chunk lies in it, or at least half of it in the chunk.

    Args:
        text: The guide's whole file.
        key: Its key, `guide:slug`.
        start: Where in *text* the chunk begins.
        length: Of the chunk, in characters.
    """
    headings = list(_HEADING.finditer(text))
    bounds = [*(match.start() for match in headings), len(text)]
    found = []
    for match, (begin, end) in zip(headings, pairwise(bounds), strict=True):
        shared = min(end, start + length) - max(begin, start)
        if shared >= _HALF * min(length, end - begin) and shared > 0:
            found.append(f"{key}#{match['anchor']}")
    return frozenset(found)
