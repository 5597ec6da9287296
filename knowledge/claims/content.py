"""
Whether what a claim says at all is said in its passage: its words, its names, not the opposite. Pure.

Words count as the same by the tables of `words.toml`, by the lay lexicon, and across languages by
`english.toml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from knowledge.claims.facts import fits
from knowledge.claims.matching import stands_in
from knowledge.claims.scanning import stems, words
from knowledge.claims.spelling import composed, plain_word
from knowledge.claims.turning import DENIALS, marks
from knowledge.text.folding import fold, syllables
from knowledge.text.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from knowledge.claims.scanning import Reading, Token

_ENDS: Final = frozenset((".", "\n"))
_FORGIVEN: Final = 6  # words of a sentence, from which on one of them may stand only elsewhere in its passage
_QUOTED_SHARE: Final = 0.3  # of a claim's words and facts that the sentences of its quote hold themselves
_LEADS: Final = frozenset(
    "là của do bằng tại ở cho với từ vào trên dưới ngoài is are of by in at for with from on to as".split()  # noqa: SIM905
)
_DOES: Final = frozenset(("được", "bị", "đã", "sẽ", "đang", "để", "mà", "ngay"))  # a verb follows
_LAY_SHARE: Final = 0.7  # of the law's words for an everyday phrase that must stand there
_NAME = re.compile(r"(?<![.!?:“\"]\s)(?<!^)(?<!^[“\"*(-])\b[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a claim may draw its words from: the vocabulary around its quote, the whole passage, its names."""

    vocabulary: frozenset[str]
    passage: frozenset[str]
    names: frozenset[str]  # folded


def is_said_elsewhere(claim: Reading, quoted: Reading) -> bool:
    """Whether hardly a word of *claim*, or of a sentence of it, stands in the very sentences of its quote."""
    return any(_is_said_elsewhere(said, claim, quoted) for said in _sentences(claim, {"word", "fact"}))


def _is_said_elsewhere(said: Sequence[Token], claim: Reading, quoted: Reading) -> bool:
    held = sum(
        any(fits(claim.facts[token.fact], known) for known in quoted.facts)
        if token.kind == "fact"
        else stands_in(token, quoted.vocabulary)
        for token in said
    )
    return held < _QUOTED_SHARE * len(said)


def is_unsaid(claim: Reading, ground: Ground) -> bool:
    """
    Whether *claim* says what stands nowhere in *ground*.

    A word too many is enough, for it may be the one that counts: every claim is forgiven the words that only
    link (`harmless`), a long sentence one that its passage uses elsewhere and that is no verb by its place.
    """
    return any(_is_unsaid(sentence, claim, ground) for sentence in _sentences(claim))


def _is_unsaid(said: Sequence[Token], claim: Reading, ground: Ground) -> bool:
    missing = _missing(said, ground)
    harmful = [token for token in said if token.start in missing and not _is_harmless(token, claim)]
    if len(said) >= _FORGIVEN and len(harmful) == 1:
        return not _is_of_its_matter(harmful[0], claim, ground)
    return bool(harmful)


def _is_of_its_matter(token: Token, claim: Reading, ground: Ground) -> bool:
    """Whether the passage uses *token*, and nothing before it makes it what is done or must be done."""
    at = claim.tokens.index(token)
    if at == 0 or token.value not in ground.passage:
        return False
    if any((token.value,) in pair for pair in words().opposites) or _is_argument(token, claim):
        return False
    before = claim.tokens[at - 1]
    return before.kind not in {"mark", "break", "comma", "fact"} and before.value not in _DOES


def _is_argument(token: Token, claim: Reading) -> bool:
    """Whether a little word leads *token* in: what tells where, whose, from when is never forgiven."""
    at = claim.tokens.index(token)
    return any(before.value in _LEADS for before in claim.tokens[max(0, at - 1) : at]) or (
        [before.value for before in claim.tokens[max(0, at - 3) : at]][:2] == ["kể", "từ"]
    )


def _sentences(claim: Reading, kinds: Collection[str] = ("word",)) -> list[list[Token]]:
    """What of *claim* is of *kinds*, sentence by sentence."""
    found: list[list[Token]] = [[]]
    for token in claim.tokens:
        if token.kind in kinds:
            found[-1].append(token)
        elif token.kind == "break" and claim.text[token.start : token.end] in _ENDS:
            found.append([])
    return found


def _is_harmless(token: Token, claim: Reading) -> bool:
    written = claim.text[token.start : token.end]
    return written in words().harmless or not words().harmless.isdisjoint(stems(token))


def _missing(said: Sequence[Token], ground: Ground) -> frozenset[int]:
    missing = {token.start for token in said if not stands_in(token, ground.vocabulary)}
    if missing:
        missing -= _said_in_lay_words(said, ground)
    return frozenset(missing)


def _said_in_lay_words(said: Sequence[Token], ground: Ground) -> set[int]:
    """The words of everyday phrases whose legal words stand in *ground*."""
    found: set[int] = set()
    for at, token in enumerate(said):
        for phrase, legal in _lay().get(token.value, ()):
            run = said[at : at + len(phrase)]
            if tuple(item.value for item in run) == phrase and _mostly(legal, ground.vocabulary):
                found |= {item.start for item in run}
    return found


def _mostly(wanted: Sequence[str], vocabulary: frozenset[str]) -> bool:
    return sum(word in vocabulary for word in wanted) >= _LAY_SHARE * len(wanted)


@cache
def _lay() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """
    First word → everyday phrases and the law's words for each, without what says nothing by itself.

    A phrase of which one word is left ("được thả về") would excuse that word wherever it stands: left out.
    """
    table: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for phrase, meaning in lexicon().lay.items():
        if phrase in words().remedies:
            continue
        short = tuple(word for word in syllables(phrase) if word not in words().stop)
        legal = tuple(word for word in syllables(meaning) if word not in words().stop)
        if short and legal and (len(short) > 1 or len(syllables(phrase)) == 1):
            table.setdefault(short[0], []).append((short, legal))
    return table


def says_the_opposite(claim: Reading, source: Reading) -> bool:
    """Whether *claim* has one word of a pair of opposites where *source* has only the other."""
    mine, theirs = claim.vocabulary, source.vocabulary
    return any(
        _has(mine, one) and not _has(mine, other) and _has(theirs, other) and not _has(theirs, one)
        for pair in words().opposites
        for one, other in (pair, pair[::-1])
    ) or _across(claim, theirs)


def _across(claim: Reading, theirs: frozenset[str]) -> bool:
    if any(True for _ in marks(claim, DENIALS)):
        return False
    english = {stem for token in claim.tokens if token.kind in {"word", "stop"} for stem in stems(token)}
    said = {
        word
        for token in claim.tokens
        for meaning in token.meanings
        if _has(theirs, meaning)
        for word in meaning
    }
    return any(
        one in english and _has(theirs, other) and not said.issuperset(other) for one, other in words().across
    )


def _has(vocabulary: frozenset[str], phrase: tuple[str, ...]) -> bool:
    return all(word in vocabulary for word in phrase)


def has_unknown_name(text: str, claim: Reading, ground: Ground) -> bool:
    """Whether *text* writes a name, with a capital within a sentence, that *ground* does not know."""
    known = {
        word
        for token in claim.tokens
        if token.kind == "fact" or token.meanings
        for word in _folded(claim, token)
    }
    capital = (match.group() for match in _NAME.finditer(composed(text)) if match.group()[0].isupper())
    found = {fold(plain_word(word)) for word in capital}
    return bool(found - known - ground.names - words().english_stop)


def _folded(claim: Reading, token: Token) -> list[str]:
    return [fold(word) for word in re.findall(r"[^\W\d_]+", claim.text[token.start : token.end])]
