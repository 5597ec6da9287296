"""
Kinds of words: what in a message means alike for what somebody wants (intent_words.toml).

One syllable typed without its marks may be another word: what it is taken for is a guess, and marked so.
"""

from __future__ import annotations

import itertools
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from knowledge.danger_spelling import encode, forms, words
from knowledge.text.folding import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GUESSED: Final = "~"  # behind a kind
_LONGEST: Final = 4  # words of an entry


def kinds_in(tokens: Sequence[str]) -> list[str]:
    """
    The kinds that stand in *tokens* (see `danger_spelling.encode`), in order; a guess ends in `GUESSED`.

    The longest entry at a place is taken, and what it covers is not read again.
    """
    entries, at = _entries(), 0
    found: list[str] = []
    while at < len(tokens):
        for length in range(_LONGEST, 0, -1):
            kinds = entries.get(tuple(tokens[at : at + length]))
            if kinds is not None:
                found.extend(kinds)
                at += length
                break
        else:
            at += 1
    return found


def plainly(kinds: Iterable[str]) -> list[str]:
    """*kinds* with the guesses believed."""
    return [kind.removesuffix(GUESSED) for kind in kinds]


@cache
def _entries() -> dict[tuple[str, ...], tuple[str, ...]]:
    source = resources.files("knowledge") / "intent_words.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for kind, listed in table["kinds"].items():
        for entry in listed.split("|"):
            spelled = tuple(map(normalise, entry.split()))
            for typed in itertools.product(*map(forms, spelled)):
                is_guess = len(typed) == 1 and typed != spelled and spelled[0] in forms(spelled[0])
                found.setdefault(typed, {})[f"{kind}{GUESSED}" if is_guess else kind] = None
            # As it is read when typed so: `vòi` comes out as what `voi` is short for.
            found.setdefault(tuple(encode(words(entry))), {})[kind] = None
    return {typed: tuple(kinds) for typed, kinds in found.items()}
