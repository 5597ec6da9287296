"""Says where in its law a quotation stands: `khoản 1–2 Điều 11` rather than the passage's `Điều 11`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.model import Passage

_CLAUSE = re.compile(r"^(\d{1,3})\.\s", re.MULTILINE)
_POINT = re.compile(r"([a-zđ]{1,2})\)\s")
_ARTICLE = re.compile(r"Điều \d+[a-zđ]?.*$")


def locator_of_quote(passage: Passage, quoted: str) -> str:
    """
    The locator of *quoted*, a run of a law's *passage*: its khoản, as far as the text numbers them.

    A passage without numbered khoản, or without a Điều in its locator, keeps its own locator.
    """
    article = _ARTICLE.search(passage.locator)
    at = passage.text.find(quoted)
    clauses = [(match.start(), match[1]) for match in _CLAUSE.finditer(passage.text)]
    if article is None or at < 0 or not clauses:
        return passage.locator
    begun = [number for start, number in clauses if start <= at]
    within = [number for start, number in clauses if at < start < at + len(quoted)]
    numbers = [*begun[-1:], *within]
    if not numbers:
        return passage.locator
    span = numbers[0] if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
    point = _POINT.match(quoted)
    alone = f"điểm {point[1]} " if point and "\n" not in quoted else ""
    return f"{alone}khoản {span} {article[0]}"
