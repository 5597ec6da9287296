"""
Whether a fact stands beside the words it belongs to: `lần đầu 24 tháng, lần sau 36 tháng` is not to be swapped. Pure.

Asked only where a quote holds several facts of one kind. The words around a claim's fact are compared with those
around each of them; if they fit another one better, the claim gives to one what belongs to the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.claims.facts import fits
from knowledge.claims.matching import same_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.claims.scanning import Reading, Token

_SWAPPED: Final = frozenset(
    (
        "money",
        "days",
        "working_days",
        "months",
        "hours",
        "percent",
        "age",
        "count",
        "times",
        "date",
        "agency",
        "law",
        "phone",
        "rate",
    )
)
_BEFORE, _AFTER = 5, 3  # words
_CLEARLY = 2  # words more
_RANGE = 2  # tokens from one end of a range to the other


def bound_elsewhere(claim: Reading, source: Reading) -> str:
    """The kind of a fact of *claim* that stands beside another fact's words in *source*; "" for none."""
    for at, token in enumerate(claim.tokens):
        if token.kind == "fact" and token.value in _SWAPPED and _is_swapped(claim, at, source):
            return token.value
    return ""


def _is_swapped(claim: Reading, at: int, source: Reading) -> bool:
    fact = claim.facts[claim.tokens[at].fact]
    own: list[int] = []
    others: list[int] = []
    alone = False  # the fact stands in the source with no words around it
    mine = _context(claim, at)
    for place, token in enumerate(source.tokens):
        if token.kind == "fact" and token.value == fact.kind:
            known = source.facts[token.fact]
            theirs = _context(source, place)
            score = _score(claim, mine, source, theirs)
            alone = alone or (fits(fact, known) and not any(theirs))
            (own if fits(fact, known) else others).append(score)
    if not own or not others:
        return False
    best, rival = max(own), max(others)
    return (best == 0 and rival > 0 and not alone) or rival >= best + _CLEARLY


def _context(reading: Reading, at: int) -> tuple[list[Token], list[Token]]:
    return list(_before(reading, at)), list(_after(reading, at))


def _before(reading: Reading, at: int) -> Iterator[Token]:
    kind, met = reading.tokens[at].value, 0
    for token in reversed(reading.tokens[:at]):
        if (
            token.value in {".", ";", "\n"}
            or (token.kind == "fact" and token.value == kind)
            or met == _BEFORE
        ):
            return
        if token.kind in {"word", "fact"}:
            met += 1
            yield token


def _after(reading: Reading, at: int) -> Iterator[Token]:
    kind, met = reading.tokens[at].value, 0
    for place in range(at + 1, len(reading.tokens)):
        token = reading.tokens[place]
        if token.kind in {"break", "comma"} or token.value == "and" or met == _AFTER:
            return
        if token.kind == "fact" and token.value == kind and place - at > _RANGE:
            return
        if token.kind in {"word", "fact"}:
            met += 1
            yield token


def _score(
    claim: Reading,
    mine: tuple[Sequence[Token], Sequence[Token]],
    source: Reading,
    theirs: tuple[Sequence[Token], Sequence[Token]],
) -> int:
    """How many words around the claim's fact stand around the source's; those behind an agency do what it does."""
    said = [*theirs[0], *theirs[1]]
    around = sum(any(_same(claim, token, source, other) for other in said) for token in (*mine[0], *mine[1]))
    return around


def _same(claim: Reading, token: Token, source: Reading, other: Token) -> bool:
    if token.kind == "fact":
        return other.kind == "fact" and fits(claim.facts[token.fact], source.facts[other.fact])
    return other.kind == "word" and same_word(token, other)
