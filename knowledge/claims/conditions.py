"""
What a statement depends on: `trừ…`, `nếu…`, `khi…`, `đối với…`. Pure.

A condition belongs to what its segment of the sentence states. A claim that states that must keep the
condition: some of its words, and for an exception a word that makes it one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge.claims.matching import meet, share_said
from knowledge.claims.scanning import words
from knowledge.claims.turning import DENIALS, is_excepted, marks, speaks_to_asker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.claims.scanning import Reading, Token

_CONDITIONS: Final = ("except", "if", "when", "only")
_KEPT: Final = {"except": 0.4, "if": 0.3, "when": 0.3, "only": 0.3, "subject": 0.6}  # of a condition's words
_SHORT, _KEPT_SHORT = (3, 4), 0.6  # of a short one every word may count
_STATED: Final = 0.5  # of the words of what it belongs to
_SEGMENT_ENDS: Final = frozenset(".;:\n")
_SENTENCE_ENDS: Final = frozenset(".;\n")
_COLON: Final = frozenset(":")
_LABEL: Final = 9  # words of either side of a line that is a label and its text
_VERBS: Final = frozenset(("được", "bị", "must", "may", "barred", "denied", "only", "bằng", "tối"))
_WHO: Final = frozenset(("người", "nạn", "cá", "tổ", "trẻ", "hộ", "gia", "ai", "hòa", "hai", "lãi", "mức"))
_ROLE = 2  # words
_LEAST = 2  # words of a statement, for it to be one


@dataclass(frozen=True, slots=True)
class _Condition:
    kind: str
    words: tuple[Token, ...]
    stated: tuple[Token, ...]  # the rest of its segment
    trails: bool = False  # it ends its segment, so what it belongs to stands before it


def condition_dropped(claim: Reading, source: Reading) -> bool:
    """Whether *claim* states something of *source* without what it depends on there."""
    has_exception = any(True for _ in marks(claim, ("except",))) or any(
        is_excepted(claim, mark) for mark in marks(claim, DENIALS)
    )
    for condition in (*_conditions(source), *_subjects(source)):
        if condition.kind == "except" and not has_exception and _says_all(condition, source, claim):
            return True  # what is excepted there is included here
        if len(condition.stated) < _LEAST or share_said(condition.stated, source, claim) < _STATED:
            continue
        if condition.kind == "subject" and len(condition.words) <= _ROLE and speaks_to_asker(claim):
            continue  # "người báo tin" is the asker
        share = share_said(condition.words, source, claim)
        if condition.kind == "if" and condition.trails and share >= _STATED and not _depends(claim):
            return True  # what is supposed there is stated here
        kept = share >= (_KEPT_SHORT if len(condition.words) in _SHORT else _KEPT[condition.kind])
        if not kept or (condition.kind == "except" and not has_exception):
            return True
    return False


def _depends(claim: Reading) -> bool:
    """Whether *claim* makes anything depend on anything."""
    return any(token.value in {"if", "when", "except", "only", "thì", "mà"} for token in claim.tokens)


def _says_all(condition: _Condition, source: Reading, claim: Reading) -> bool:
    return len(condition.words) >= _LEAST and share_said(condition.words, source, claim) == 1


def exception_made_up(claim: Reading, source: Reading) -> bool:
    """Whether *claim* holds an exception where *source* has none."""
    theirs = [
        *marks(source, ("except",)),
        *(mark for mark in marks(source, DENIALS) if is_excepted(source, mark)),
    ]
    return any(
        not any(meet(mark.reach, other.reach) for other in theirs) for mark in marks(claim, ("except",))
    )


def _conditions(source: Reading) -> Iterator[_Condition]:
    for segment in _segments(source.tokens):
        for at, token in enumerate(segment):
            if token.kind == "mark" and token.value in _CONDITIONS:
                end = _condition_end(segment, at)
                words = _content(segment[at:end])
                if words:
                    rest = _content((*segment[:at], *segment[end:]))
                    yield _Condition(token.value, words, rest, trails=end == len(segment))
            elif token.value == "thì" and not any(other.value in _CONDITIONS for other in segment[:at]):
                yield _Condition("when", _content(segment[:at]), _content(segment[at:]))


def _subjects(source: Reading) -> Iterator[_Condition]:
    """Whom a segment speaks of, told by more than a word: `nạn nhân học nghề được…`."""
    for segment in _segments(source.tokens):
        verb = next((at for at, token in enumerate(segment) if token.value in _VERBS), 0)
        if verb and segment[0].value in _WHO:
            told = _content(segment[:verb])
            if told:
                yield _Condition("subject", told, _content(segment[verb:]))


def label_dropped(claim: Reading, source: Reading) -> bool:
    """Whether *claim* takes only one side of a line such as `2 năm: tù đến 5 năm`."""
    for sentence in _split(source.tokens, _SENTENCE_ENDS):
        sides = [_content(side) for side in _split(sentence, _COLON)]
        sides = [tuple(token for token in side if token.value not in words().harmless) for side in sides]
        if len(sides) == 2 and all(0 < len(side) <= _LABEL for side in sides):  # noqa: PLR2004 - a label and its text
            shares = sorted(share_said(side, source, claim) for side in sides)
            if shares[0] == 0 and shares[1] > 0:
                return True
    return False


def _segments(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    yield from _split(tokens, _SEGMENT_ENDS)


def _split(tokens: Sequence[Token], ends: frozenset[str]) -> Iterator[Sequence[Token]]:
    begin = 0
    for at, token in enumerate(tokens):
        if token.kind == "break" and token.value in ends:
            yield tokens[begin:at]
            begin = at + 1
    yield tokens[begin:]


def _condition_end(segment: Sequence[Token], at: int) -> int:
    """Where the condition at *at* ends: at `thì`, or at the comma if it leads the segment, or with it."""
    leads = not _content(segment[:at])
    for place in range(at + 1, len(segment)):
        token = segment[place]
        if token.value == "thì" or (leads and token.kind == "comma"):
            return place
    return len(segment)


def _content(tokens: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token.kind in {"word", "fact"})
