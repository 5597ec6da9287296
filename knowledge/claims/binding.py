"""
Whether a fact stands beside its words: `lần đầu 24 tháng, lần sau 36 tháng` is not to be swapped. Pure.

Asked only where a quote holds several facts of one kind. The words around a claim's fact are compared with
those around each of them; if they fit another one better, the claim gives to one what belongs to the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.claims.facts import fits
from knowledge.claims.matching import same_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.claims.fact import Fact
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
        "ordinal",
    )
)
_BEFORE, _AFTER = 5, 4  # words
_SPANS: Final = frozenset(("days", "working_days", "months", "hours"))
_NEAREST = 3  # words before a span, those it belongs to
_CLEARLY = 2  # words more
_RANGE = 2  # tokens from one end of a range to the other


def bound_elsewhere(claim: Reading, source: Reading) -> str:
    """The kind of a fact of *claim* that stands beside another fact's words in *source*; "" for none."""
    for at, token in enumerate(claim.tokens):
        if token.kind != "fact" or token.value not in _SWAPPED:
            continue
        if _is_swapped(claim, at, source) or _is_torn_off(claim, at, source):
            return token.value
    return ""


def _is_swapped(claim: Reading, at: int, source: Reading) -> bool:
    fact = claim.facts[claim.tokens[at].fact]
    own: list[int] = []
    others: list[int] = []
    alone = False  # the fact stands in the source with no words around it
    mine = _context(claim, at)
    nearest: dict[bool, bool] = {
        True: False,
        False: False,
    }  # whether its nearest word is also own, or a rival's
    for place, token in enumerate(source.tokens):
        if token.kind == "fact" and token.value == fact.kind:
            is_own = fits(fact, source.facts[token.fact])
            theirs = _context(source, place)
            alone = alone or (is_own and not any(theirs))
            nearest[is_own] = nearest[is_own] or _nearest_same(claim, mine, source, theirs)
            (own if is_own else others).append(
                _score(claim, mine, source, theirs, aside=fact.kind in {"agency", "law"})
            )
    if not own or not others:
        return False
    best, rival = max(own), max(others)
    if fact.kind == "count" and rival >= best and _counts_another(claim, fact, mine[1], source):
        return True
    if fact.kind != "hours" and nearest[False] and not nearest[True] and not alone:
        return True
    return (best == 0 and rival > 0 and not alone) or rival >= best + _CLEARLY


def _is_torn_off(claim: Reading, at: int, source: Reading) -> bool:
    """Whether *claim* drops what is done within a span: `nhận hồ sơ và trả kết quả trong 5 ngày`."""
    fact = claim.facts[claim.tokens[at].fact]
    if fact.kind not in _SPANS:
        return False
    owned = [
        [other for other in _before(source, place) if other.kind == "word"][:_NEAREST]
        for place, token in enumerate(source.tokens)
        if token.kind == "fact" and token.value == fact.kind and fits(fact, source.facts[token.fact])
    ]
    said = [token for token in claim.tokens if token.kind == "word"]
    return bool(owned) and all(len(words) == _NEAREST and not _held_back(said, words) for words in owned)


def _held_back(said: Sequence[Token], words: Sequence[Token]) -> bool:
    return any(same_word(token, word) for token in said for word in words)


def _counts_another(claim: Reading, fact: Fact, counted: Sequence[Token], source: Reading) -> bool:
    """Whether all of what *fact* counts is counted by another number of *source*, and not by its own."""
    all_of = {True: False, False: False}
    for place, token in enumerate(source.tokens):
        if token.kind == "fact" and token.value == fact.kind and counted:
            is_own = fits(fact, source.facts[token.fact])
            there = list(_after(source, place))
            all_of[is_own] = all_of[is_own] or _held(claim, counted, source, there) == len(counted)
    return all_of[False] and not all_of[True]


def _nearest_same(
    claim: Reading,
    mine: tuple[Sequence[Token], Sequence[Token]],
    source: Reading,
    theirs: tuple[Sequence[Token], Sequence[Token]],
) -> bool:
    """Whether the word before both facts is the same."""
    if not mine[0] or not theirs[0] or mine[0][0].kind == "fact":
        return False
    return _same(claim, mine[0][0], source, theirs[0][0])


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
    *,
    aside: bool,
) -> int:
    """
    How many words around the claim's fact stand around the source's.

    *aside*: those before it before, those behind it behind, for who does a thing is not who has it done.
    """
    if aside:
        return sum(_held(claim, here, source, there) for here, there in zip(mine, theirs, strict=True))
    return _held(claim, (*mine[0], *mine[1]), source, (*theirs[0], *theirs[1]))


def _held(claim: Reading, here: Sequence[Token], source: Reading, there: Sequence[Token]) -> int:
    return sum(any(_same(claim, token, source, other) for other in there) for token in here)


def _same(claim: Reading, token: Token, source: Reading, other: Token) -> bool:
    if token.kind == "fact":
        return other.kind == "fact" and fits(claim.facts[token.fact], source.facts[other.fact])
    return other.kind == "word" and same_word(token, other)
