"""Whether a claim joins with `và` what its passage sets apart with `hoặc`, or the other way round. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.claims.matching import same_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.claims.scanning import Reading, Token

_JOINS: Final = ("and", "or")
_NEAR = 3  # words on either side of a conjunction
_APART = 14  # tokens between two members of one list


def joined_otherwise(claim: Reading, source: Reading) -> bool:
    """Whether any two words that *claim* joins are joined by the other conjunction in *source*."""
    tokens = claim.tokens
    for at, token in enumerate(tokens):
        if token.kind == "mark" and token.value in _JOINS:
            left, right = _nearest(tokens[:at][::-1]), _nearest(tokens[at + 1 :])
            if (
                left
                and right
                and _joined_in(source.tokens, left, right) - {token.value, ""}
                and token.value not in _joined_in(source.tokens, left, right)
            ):
                return True
    return False


def _nearest(tokens: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        if token.kind == "break" or len(found) == _NEAR:
            break
        if token.kind == "word":
            found.append(token)
    return found


def _joined_in(tokens: Sequence[Token], left: Sequence[Token], right: Sequence[Token]) -> set[str]:
    """The conjunctions that join a word of *left* with one of *right* in *tokens*."""
    lefts = [at for at, token in enumerate(tokens) if any(same_word(word, token) for word in left)]
    rights = [at for at, token in enumerate(tokens) if any(same_word(word, token) for word in right)]
    found: set[str] = set()
    for first in lefts:
        for second in rights:
            low, high = min(first, second), max(first, second)
            if 0 < high - low <= _APART:
                found.add(_between(tokens, low, high))
    return found


def _between(tokens: Sequence[Token], low: int, high: int) -> str:
    """The conjunction of the list that holds both places: between them, or before its last member."""
    if any(token.kind == "break" for token in tokens[low:high]):
        return ""
    for token in tokens[low:high]:
        if token.kind == "mark" and token.value in _JOINS:
            return token.value
    if not any(token.kind == "comma" for token in tokens[low:high]):
        return ""
    for token in tokens[high : high + 5]:
        if token.kind == "break":
            return ""
        if token.kind == "mark" and token.value in _JOINS:
            return token.value
    return ""
