"""
Orders to a machine in somebody's text. Documents and questions are data: nobody follows them.

`ingest.trust` holds a document for a person where it gives some; what gives some all the same is quoted at
most, and never given to a model to be told in other words. By rules, in `orders.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable


def order_spans(text: str, plain: str, *, is_shown: bool = True) -> list[tuple[int, int]]:
    """
    The spans of *text* that give orders to a machine, sorted.

    Args:
        text: In NFC.
        plain: Its folded twin, letter for letter.
        is_shown: Whether people see it: what a page hides is full of scripts and pictures of its own.
    """
    groups = ("folded", "shown") if is_shown else ("folded",)
    found = [match.span() for group in groups for one in _patterns(group) for match in one.finditer(plain)]
    found += [match.span() for one in _patterns("written") for match in one.finditer(text)]
    return sorted(found)


def speaks_of_answering(texts: Iterable[str]) -> bool:
    """
    Whether one of *texts*, all shown, orders a machine about, or speaks of answers and askers at all.

    Far wider than `order_spans`: for where nothing is lost but a paraphrase.
    """
    return any(_speaks(unicodedata.normalize("NFC", text)) for text in texts)


def _speaks(text: str) -> bool:
    plain = fold(text)
    small = plain.lower()
    return (
        bool(order_spans(text, plain))
        or any(one.search(small) for one in _patterns("meta"))
        or any(one.search(text) for one in _patterns("meta_written"))
    )


@cache
def _patterns(group: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of one *group*, in order; a blank in them stands for any white space."""
    table = tomllib.loads((resources.files("knowledge.text") / "orders.toml").read_text(encoding="utf-8"))
    return tuple(
        re.compile(one.replace(" ?", r"\s*").replace(" ", r"\s+"), re.MULTILINE) for one in table[group]
    )
