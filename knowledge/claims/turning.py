"""
What turns a statement: not, must, may, should, only, every, unless. Pure.

A mark reaches over the words that follow it. A claim's mark must meet one of its quote that reaches
over the same
words, and a mark of the quote over words that the claim says must be in the claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from knowledge.claims.matching import meet, same_word
from knowledge.claims.model import Fault
from knowledge.claims.scanning import Token, denies_by_itself, words

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from knowledge.claims.scanning import Reading

DENIALS: Final = ("denied", "forbidden", "barred", "discouraged", "free", "needless")
_FREED: Final = ("free", "needless")
_DUTIES: Final = ("must", "may", "should")
# claim's class → the classes of a passage that hold it up
_HOLDS: Final = {
    "denied": {"denied", "forbidden", "barred", "discouraged", "free"},
    "needless": {"needless", "free"},
    "forbidden": {"forbidden", "barred", "denied"},
    "barred": {"barred", "forbidden", "denied"},
    "discouraged": {"discouraged", "denied"},
    "free": {"free", "denied", "needless"},
    "must": {"must"},
    "may": {"may"},
    "should": {"should"},
}
_ENDS: Final = frozenset((*DENIALS, *_DUTIES, "except", "if"))
_PART_ENDS: Final = frozenset(".;\n")
_REACH, _FAR = 4, 8  # words
_HEAD = 3  # of them, those that are surely meant
_ASKED: Final = frozenset(
    ("yêu", "hỏi", "khiếu", "chọn", "rút", "dừng", "chấm")
)  # what anybody may do whom a passage tells how
_SPOKEN_TO: Final = frozenset(("bạn", "em", "anh", "chị", "mình", "cô", "bác", "you", "your"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark and the words it reaches over, nearest first."""

    value: str
    at: int  # its place among the tokens
    reach: tuple[Token, ...]
    following: str = ""  # the next word, which may say nothing by itself


def marks(reading: Reading, values: Sequence[str]) -> Iterator[Mark]:
    """The marks of *values* in *reading*."""
    for at, token in enumerate(reading.tokens):
        if token.kind == "mark" and token.value in values:
            following = next((other.value for other in reading.tokens[at + 1 : at + 2]), "")
            yield Mark(token.value, at, tuple(_reach(reading.tokens, at + 1)), following)


def _reach(tokens: Sequence[Token], start: int, most: int = _REACH) -> Iterator[Token]:
    reached = 0
    for token in tokens[start:]:
        turned = (
            token.kind == "mark" and token.value in _ENDS and (reached or token.value in {"except", "if"})
        )
        ends = token.kind == "break" or (token.kind == "comma" and reached) or turned
        if ends or reached == most:
            return
        if token.kind in {"word", "fact"}:
            reached += 1
            yield token


def turning_faults(claim: Reading, source: Reading, *, advice: bool) -> Iterator[Fault]:
    """
    What *claim* turns another way than *source*, the sentences of its quote with the line that leads them.

    *advice*: the passage tells people what to do (a guide), rather than what holds (a law).
    """
    if _denials_differ(claim, source) or _obliges_to_what_is_denied(claim, source):
        yield Fault.NEGATION
    if _duties_differ(claim, source, advice=advice) or _only_differs(claim, source):
        yield Fault.MODALITY
    if _amounts_differ(claim, source):
        yield Fault.LIMIT


def speaks_to_asker(claim: Reading) -> bool:
    """Whether *claim* says `you`."""
    return any(token.value in _SPOKEN_TO for token in claim.tokens)


def is_excepted(reading: Reading, mark: Mark) -> bool:
    """Whether a denial stands behind `nếu`: `nếu không…` is `trừ khi…`."""
    for token in reversed(reading.tokens[max(0, mark.at - 6) : mark.at]):
        if token.kind in {"break", "comma"}:
            return False
        if token.value in {"if", "when"} and token.kind == "mark":
            return True
    return False


def _denials_differ(claim: Reading, source: Reading) -> bool:
    theirs = list(marks(source, DENIALS))
    exceptions = list(marks(source, ("except",)))
    denied: set[int] = set()
    used: list[Mark] = []
    for mark in marks(claim, DENIALS):
        if mark.value in _FREED and _frees_from_duty(mark, source, theirs):
            return True
        held = [other for other in theirs if other not in used and other.value in _HOLDS[mark.value]]
        met = [other for other in held if _denies_alike(mark, other)]
        if not met or (_stands_undenied(mark, source, theirs) and not _heads_said(met, claim)):
            met = [
                other for other in exceptions if is_excepted(claim, mark) and meet(mark.reach, other.reach)
            ]
        if not met:
            return True
        used.append(max(met, key=lambda other: _shared(mark.reach, other.reach)))
        denied |= {token.start for token in mark.reach}
    if not used and _is_said_undenied(claim, source):
        return False
    return any(_is_lost(other, claim, source, denied) for other in theirs if other not in used)


def _frees_from_duty(mark: Mark, source: Reading, theirs: Sequence[Mark]) -> bool:
    """Whether *source* obliges to the first word that *mark* frees from, and frees nobody from it."""
    owed = any(meet(mark.reach[:1], other.reach[:1]) for other in marks(source, ("must",)))
    return owed and not any(
        other.value in _FREED and meet(mark.reach[:1], other.reach[:1]) for other in theirs
    )


def _is_said_undenied(claim: Reading, source: Reading) -> bool:
    """Whether one part of *source*, which denies nothing, says every word of *claim*."""
    said = [token for token in claim.tokens if token.kind in {"word", "fact"}]
    part: list[Token] = []
    for token in (*source.tokens, Token("break", ".", 0, 0)):
        if token.kind != "break" or token.value not in _PART_ENDS:
            part.append(token)
            continue
        denies = any(other.kind == "mark" and other.value in DENIALS for other in part)
        if not denies and all(any(same_word(word, other) for other in part) for word in said):
            return True
        part = []
    return False


def _denies_alike(mark: Mark, other: Mark) -> bool:
    """Whether *mark*, of a claim, and *other*, of its passage, reach over the same words."""
    if not mark.reach and not other.reach:
        return mark.following == other.following  # "không muốn", "không được" of words that say nothing
    if mark.value in {"barred", "forbidden"} and other.value == "denied":
        return meet(mark.reach[:1], other.reach[:2])  # `không thu` does not forbid to pay
    return meet(mark.reach[:_HEAD], other.reach)


def _obliges_to_what_is_denied(claim: Reading, source: Reading) -> bool:
    """Whether *claim* says one must do what its passage says nobody may be made to do."""
    if any(True for _ in marks(claim, DENIALS)):
        return False
    denied = [list(_reach(source.tokens, mark.at + 1, _FAR)) for mark in marks(source, DENIALS)]
    duties = list(marks(source, ("must",)))
    return any(
        len(mark.reach) > 1
        and not any(meet(mark.reach[:2], other.reach) for other in duties)
        and any(all(meet((token,), reach) for token in mark.reach[:2]) for reach in denied)
        for mark in marks(claim, ("must",))
    )


def _heads_said(met: Sequence[Mark], claim: Reading) -> bool:
    """Whether *claim* says the first word of any of *met*, denials of its passage."""
    return any(same_word(token, other) for token in claim.tokens for mark in met for other in mark.reach[:1])


def _stands_undenied(mark: Mark, source: Reading, theirs: Sequence[Mark]) -> bool:
    """Whether the first word that *mark* reaches stands in *source*, and nowhere under a denial."""
    head = [token for token in mark.reach[:1] if token.kind == "word"]
    stands = any(same_word(token, other) for token in head for other in source.tokens if other.kind == "word")
    return stands and not any(meet(head, other.reach) for other in theirs)


def _shared(reach: Sequence[Token], others: Sequence[Token]) -> int:
    return sum(any(same_word(token, other) for token in reach) for other in others)


def _is_lost(mark: Mark, claim: Reading, source: Reading, denied: set[int]) -> bool:
    """Whether *claim* says without denial what *mark* denies in the passage."""
    said = [
        token
        for token in claim.tokens
        if token.start not in denied and token.kind in {"word", "fact"} and not denies_by_itself(token)
    ]
    held = [any(same_word(token, other) for token in said) for other in mark.reach]
    if not held:
        return mark.following in words().harmless and any(
            token.value == mark.following for token in claim.tokens
        )
    only_denied = sum(token.value == mark.reach[0].value for token in source.tokens) == 1
    return all(held[:2]) or sum(held[:_HEAD]) >= 2 or (held[0] and only_denied)  # noqa: PLR2004


def _duties_differ(claim: Reading, source: Reading, *, advice: bool) -> bool:
    theirs = list(marks(source, _DUTIES))
    mine = list(marks(claim, _DUTIES))
    for mark in mine:
        scores = [(_shared(mark.reach[:_HEAD], other.reach[:_HEAD]), other) for other in theirs]
        most = max((score for score, _ in scores), default=0)
        near = [other for score, other in scores if score and score == most]
        if near and not any(other.value in _HOLDS[mark.value] for other in near):
            return True
        if not near and not _may_be_said(mark, claim, source, advice=advice):
            return True
    if not mine and any(_is_owed(mark, claim, source) for mark in theirs if mark.value == "must"):
        return True
    allowed = [mark for mark in mine if mark.value == "may"]
    if any(True for _ in marks(claim, ("only",))):
        return False  # "chỉ … khi" allows too
    return any(_is_dropped(other, claim, allowed) for other in theirs if other.value == "may")


def _may_be_said(mark: Mark, claim: Reading, source: Reading, *, advice: bool) -> bool:
    """Whether a duty may be read from a *source* that states it without a word for it."""
    before = _clause_before(claim.tokens, mark.at)
    addressed = any(token.value in _SPOKEN_TO for token in before)
    alone = not any(token.kind in {"word", "fact"} for token in before)
    asked = any(_stands_for(token, _ASKED) for token in mark.reach[:1])
    granted = _is_granted(mark.reach[:1], source)
    if mark.value == "must":
        # A law that states does oblige; advice does not, nor what is granted or may be asked for.
        return not (advice and addressed) and not asked and not granted
    if mark.value == "should":
        return advice and (addressed or alone)
    following = claim.tokens[mark.at + 1 : mark.at + 2]
    hedged = any(token.value == "bị" for token in following)  # "có thể bị phạt" says less than "bị phạt"
    return asked or granted or hedged or (advice and (addressed or alone))


def _clause_before(tokens: Sequence[Token], at: int) -> list[Token]:
    begin = max((place + 1 for place in range(at) if tokens[place].kind == "break"), default=0)
    return list(tokens[begin:at])


def _stands_for(token: Token, known: Container[str]) -> bool:
    return token.value in known or any(word in known for meaning in token.meanings for word in meaning)


def _is_granted(reach: Sequence[Token], source: Reading) -> bool:
    """Whether *source* says `được` before one of the words of *reach*."""
    tokens = source.tokens
    return any(
        before.value in {"được", "quyền"} and meet(reach, (after,)) for before, after in pairwise(tokens)
    )


def _is_owed(mark: Mark, claim: Reading, source: Reading) -> bool:
    """Whether *claim* grants with `được` what *mark* obliges the same one to."""
    before = [token for token in source.tokens[: mark.at] if token.kind in {"word", "fact"}][-1:]
    for at, token in enumerate(claim.tokens[:-1]):
        if token.value == "được" and meet(claim.tokens[at + 1 : at + 2], mark.reach[:1]):
            mine = [other for other in claim.tokens[:at] if other.kind in {"word", "fact"}][-1:]
            if mine and meet(mine, before):
                return True
    return False


def _is_dropped(mark: Mark, claim: Reading, allowed: Sequence[Mark]) -> bool:
    """Whether *claim* states as certain what *mark* only allows."""
    said = [token for token in claim.tokens if token.kind in {"word", "fact"}]
    head = mark.reach[:2]
    if not head or not all(any(same_word(token, other) for token in said) for other in head):
        return False
    if any(meet(other.reach, mark.reach) for other in allowed):
        return False
    granted = [
        after
        for before, after in pairwise(claim.tokens)
        if before.value in {"được", "quyền"} and after.kind == "word"
    ]
    return not meet(granted, mark.reach)


def _only_differs(claim: Reading, source: Reading) -> bool:
    mine, theirs = list(marks(claim, ("only",))), list(marks(source, ("only",)))
    if any(not any(meet(mark.reach, other.reach) for other in theirs) for mark in mine):
        return True
    said = [token for token in claim.tokens if token.kind in {"word", "fact"}]
    return not mine and any(meet(said, other.reach[:2]) for other in theirs)


def _amounts_differ(claim: Reading, source: Reading) -> bool:
    """Whether the claim says all where the passage does not, or drops that it is a part."""
    for value, other in (("every", "some"), ("some", "every")):
        mine, theirs = list(marks(claim, (value,))), list(marks(source, (value,)))
        if mine and not theirs:
            return True
        rivals = list(marks(source, (other,)))
        if any(meet(mark.reach, rival.reach[:2]) for mark in mine for rival in rivals) and not any(
            meet(mark.reach, known.reach) for mark in mine for known in theirs
        ):
            return True
    said = [token for token in claim.tokens if token.kind == "word"]
    parts = list(marks(source, ("some",)))
    return (
        bool(parts)
        and not list(marks(claim, ("some",)))
        and any(meet(said, part.reach[:1]) for part in parts)
    )
