"""Whether a word of a claim and a word of a passage are the same, in one language or across two. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.claims.facts import fits
from knowledge.claims.scanning import words

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from knowledge.claims.scanning import Reading, Token


def stands_in(token: Token, vocabulary: Container[str]) -> bool:
    """Whether the word *token* of a claim stands in a passage of that *vocabulary*, or a word for it does."""
    if token.value in vocabulary:
        return True
    return any(_all_in(meaning, vocabulary) for meaning in token.meanings)


def _all_in(meaning: tuple[str, ...], vocabulary: Container[str]) -> bool:
    said = [word for word in meaning if word not in words().stop] or list(meaning)
    return all(word in vocabulary for word in said)


def same_word(token: Token, other: Token) -> bool:
    """Whether *token*, of a claim, is the word *other* of a passage, or a word for it."""
    if token.kind == "fact" or other.kind == "fact":
        return token.kind == other.kind and token.value == other.value
    return token.value == other.value or any(other.value in meaning for meaning in token.meanings)


def meet(reach: Iterable[Token], others: Iterable[Token]) -> bool:
    """Whether any word of *reach*, of a claim, is one of *others*, of a passage."""
    known = tuple(others)
    return any(same_word(token, other) for token in reach for other in known)


def share_said(wanted: Sequence[Token], source: Reading, claim: Reading) -> float:
    """The share of *wanted*, words and facts of *source*, that *claim* says; 1 where nothing is wanted."""
    said = [token for token in claim.tokens if token.kind in {"word", "fact"}]
    held = sum(any(_is_same(token, claim, other, source) for token in said) for other in wanted)
    return held / len(wanted) if wanted else 1.0


def _is_same(token: Token, claim: Reading, other: Token, source: Reading) -> bool:
    if token.kind == "fact" and other.kind == "fact":
        return fits(claim.facts[token.fact], source.facts[other.fact])
    return token.kind == other.kind == "word" and same_word(token, other)
