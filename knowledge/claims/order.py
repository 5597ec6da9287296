"""
Whether a claim turns round what its passage says: who to whom, what of which. Pure.

Words may come in another order; two that stand on either side of a verb or a number may not change places,
and one clause may not be made of the halves of two statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.claims.facts import fits
from knowledge.claims.matching import same_word, stands_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.claims.scanning import Reading, Token

_ENDS: Final = frozenset(".;:\n")
_SENTENCE_ENDS: Final = frozenset(".\n")
_PART_ENDS: Final = frozenset(";")
_DUTIES: Final = frozenset(("must", "may", "barred"))
_FAR = 7  # words on either side of a pivot
_HALF = 2  # words that only one statement has; a fact counts for as many


def turned_round(claim: Reading, source: Reading) -> bool:
    """Whether words on either side of a word of *source* have changed sides in *claim*."""
    theirs = [run for run in _runs(source.tokens, _ENDS) if len(run) > _HALF]
    exchanged = any(
        _exchanged(claim, mine, source, run) for mine in _runs(claim.tokens, _ENDS) for run in theirs
    )
    return exchanged or _conditions_exchanged(claim, source) or _subject_behind(claim, source)


def _exchanged(claim: Reading, mine: Sequence[Token], source: Reading, theirs: Sequence[Token]) -> bool:
    places = [(at, _places(claim, token, source, theirs)) for at, token in enumerate(mine)]
    met = [(at, found) for at, found in places if found]
    for pivot, (at, found) in enumerate(met):
        if len(found) != 1:
            continue
        place = found[0]
        before, behind = met[max(0, pivot - _FAR) : pivot], met[pivot + 1 : pivot + 1 + _FAR]
        back = [(other, there) for other, there in before if min(there) > place]
        forth = [(other, there) for other, there in behind if max(there) < place]
        if not back or not forth:
            continue
        ats = [other for other, _ in (*back, *forth)]
        told = theirs[min(min(there) for _, there in forth) : max(max(there) for _, there in back)]
        owned = mine[at].kind != "mark" and any(token.value in {"của", "do", "bởi"} for token in told)
        if not owned and not any(_begins_clause(claim, token) for token in mine[min(ats) : max(ats)]):
            return True
    return False


def _subject_behind(claim: Reading, source: Reading) -> bool:
    """Whether who must or may in *source* stands behind that word in *claim*, and somebody else before it."""
    for theirs in _runs(source.tokens, _ENDS):
        verb = next((at for at, token in enumerate(theirs) if token.value in _DUTIES), 0)
        subject = [token for token in theirs[:verb] if token.kind == "word"]
        head, rest = subject[:_HALF], subject[_HALF:]
        if len(head) < _HALF or not rest:
            continue
        for mine in _runs(claim.tokens, _ENDS):
            at = next((at for at, token in enumerate(mine) if token.value == theirs[verb].value), 0)
            if not at or any(_begins_clause(claim, token) for token in mine):
                continue
            before = all(any(same_word(token, word) for token in mine[:at]) for word in head)
            behind = all(any(same_word(token, word) for token in mine[at:]) for word in head)
            if behind and not before and any(same_word(token, word) for token in mine[:at] for word in rest):
                return True
    return False


def _begins_clause(claim: Reading, token: Token) -> bool:
    """Whether a clause begins at *token*: then clauses were moved, not words."""
    if token.kind == "comma" or token.value in {"thì", "if", "except", "do", "là"}:
        return True
    return token.value == "when" and claim.text[token.start : token.end] != "đối với"


def _conditions_exchanged(claim: Reading, source: Reading) -> bool:
    """Whether a fact that follows in *source* (`…thì gọi 113`) is what the claim depends on."""
    for mine in _runs(claim.tokens, _ENDS):
        if (first := _halves(mine)) is None:
            continue
        for theirs in _runs(source.tokens, _ENDS):
            second = _halves(theirs)
            follows = second and _has_fact_of(claim, first[0], source, second[1])
            if second and follows and not _has_fact_of(claim, first[0], source, second[0]):
                return True
    return False


def _halves(run: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]] | None:
    at = next((at for at, token in enumerate(run) if token.value == "thì"), 0)
    return (run[:at], run[at + 1 :]) if at else None


def _has_fact_of(claim: Reading, mine: Sequence[Token], source: Reading, theirs: Sequence[Token]) -> bool:
    return any(
        token.kind == "fact" and token.value != "agency" and _is_same(claim, token, source, other)
        for token in mine
        for other in theirs
    )


def _places(claim: Reading, token: Token, source: Reading, theirs: Sequence[Token]) -> list[int]:
    """Where *token* stands in *theirs*."""
    return [place for place, other in enumerate(theirs) if _is_same(claim, token, source, other)]


def _is_same(claim: Reading, token: Token, source: Reading, other: Token) -> bool:
    if token.kind != other.kind or token.kind not in {"word", "fact", "mark"}:
        return False
    if token.kind == "fact":
        return fits(claim.facts[token.fact], source.facts[other.fact])
    return token.value == other.value if token.kind == "mark" else same_word(token, other)


def spliced(claim: Reading, source: Reading, named: frozenset[str]) -> bool:
    """
    Whether one clause of *claim* takes words from two statements of *source*, that each alone has.

    Words that are *named*, in the heading or title above, belong to all of them; a sentence lends the
    next one
    its subject, so two sentences are held apart less strictly than two parts of one.
    """
    sentences = list(_runs(source.tokens, _SENTENCE_ENDS))
    if _is_spliced(claim, source, sentences, named, least=_HALF):
        return True
    return any(_is_spliced(claim, source, _parts(sentence), named, least=1) for sentence in sentences)


def _parts(sentence: Sequence[Token]) -> list[Sequence[Token]]:
    """The parts of *sentence*; one that does not say who must or may has the subject of the one before it."""
    parts: list[Sequence[Token]] = []
    subject: Sequence[Token] = ()
    for part in _runs(sentence, _PART_ENDS):
        verb = next((at for at, token in enumerate(part) if token.value in _DUTIES), 0)
        begins = max((at + 1 for at in range(verb) if _ends_condition(part[at])), default=0)
        own = [token for token in part[begins:verb] if token.kind in {"word", "fact"}]
        parts.append(part if own or not verb else (*subject, *part))
        subject = own or subject
    return parts


def _ends_condition(token: Token) -> bool:
    return token.kind == "comma" or token.value == "thì"


def _is_spliced(
    claim: Reading,
    source: Reading,
    statements: Sequence[Sequence[Token]],
    named: frozenset[str],
    *,
    least: int,
) -> bool:
    for clause in _clauses(claim.tokens):
        weights = [0] * len(statements)
        for token in clause:
            if token.kind not in {"word", "fact"} or stands_in(token, named):
                continue
            holders = [
                at
                for at, run in enumerate(statements)
                if any(_is_same(claim, token, source, other) for other in run)
            ]
            if len(holders) == 1:
                weights[holders[0]] += _HALF if token.kind == "fact" else 1
        if max(weights) >= _HALF and sum(weight >= least for weight in weights) > 1:
            return True
    return False


def _runs(tokens: Sequence[Token], ends: frozenset[str]) -> Iterator[Sequence[Token]]:
    begin = 0
    for at, token in enumerate(tokens):
        if token.kind == "break" and token.value in ends:
            yield tokens[begin:at]
            begin = at + 1
    yield tokens[begin:]


def _clauses(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    begin = 0
    for at, token in enumerate(tokens):
        if token.kind in {"break", "comma"} or token.value in {"and", "thì", "mà", "nhưng", "if", "when"}:
            yield tokens[begin:at]
            begin = at + 1
    yield tokens[begin:]
