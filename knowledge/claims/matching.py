"""Whether a word of a claim and a word of a passage are the same, in one language or across two. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.claims.scanning import words

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from knowledge.claims.scanning import Token


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
