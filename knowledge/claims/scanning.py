"""
Reads a text once for all checks: its words, the marks that turn them, its facts, its breaks. Pure.

Words that say the same become one word; the tables are data (`words.toml`, `english.toml`).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from knowledge.claims.facts import facts_in
from knowledge.claims.spelling import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from knowledge.claims.fact import Fact
    from prompts.catalog import Language

TokenKind = Literal["word", "stop", "mark", "fact", "break", "comma"]
_PIECE = re.compile(r"[^\W_]+(?:['’-][^\W\d_]+)*|[.;:,()\n/+&-]")
_BREAKS = frozenset(".;:\n()")


@dataclass(frozen=True, slots=True)
class Token:
    """
    One word, mark or fact, and where it stands in the plain text.

    `value` is the word, the class of the mark (`denied`, `must`…) or the fact's kind; `meanings` are
    the Vietnamese
    words, each a tuple of syllables, that an English word may stand for.
    """

    kind: TokenKind
    value: str
    start: int
    end: int
    meanings: tuple[tuple[str, ...], ...] = ()
    fact: int = -1  # its place in `Reading.facts`


@dataclass(frozen=True, slots=True)
class Reading:
    """A plain text, read: its tokens and facts in order."""

    text: str
    tokens: tuple[Token, ...]
    facts: tuple[Fact, ...]

    @property
    def words(self) -> frozenset[str]:
        """Every word of it that says something."""
        return frozenset(token.value for token in self.tokens if token.kind == "word")

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word of it, those that say nothing by themselves too."""
        return frozenset(token.value for token in self.tokens if token.kind in {"word", "stop"})


# its words; what it is (fixed, silent, mark, same); the mark it is; the words it counts as
_Phrase: TypeAlias = tuple[tuple[str, ...], str, str, tuple[str, ...]]
_Meanings: TypeAlias = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """`words.toml`, ready to read with: phrases by their first word, the longest first."""

    phrases: Mapping[str, tuple[_Phrase, ...]]
    stop: frozenset[str]
    english_stop: frozenset[str]
    harmless: frozenset[str]
    opposites: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    across: tuple[tuple[str, tuple[str, ...]], ...]
    remedies: frozenset[str]


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("knowledge.claims") / name).read_text(encoding="utf-8"))


@cache
def words() -> Words:
    """The words that ship with the package."""
    raw = _table("words.toml")
    listed = [(phrase, "fixed", phrase) for phrase in raw["fixed"]["phrases"]]
    listed += [(phrase, "silent", phrase) for phrase in raw["fixed"]["silent"]]
    listed += [(phrase, "mark", name) for name, phrases in raw["marks"].items() for phrase in phrases]
    listed += [(said, "same", main) for main, variants in raw["same"].items() for said in (main, *variants)]
    phrases: dict[str, dict[tuple[str, ...], tuple[str, str, tuple[str, ...]]]] = {}
    for phrase, kind, value in listed:
        parts = tuple(_parts(phrase))
        phrases.setdefault(parts[0], {}).setdefault(parts, (kind, value, tuple(_parts(value))))
    return Words(
        phrases={
            first: tuple((parts, *found[parts]) for parts in sorted(found, key=len, reverse=True))
            for first, found in phrases.items()
        },
        stop=frozenset(raw["stop"]["words"].split()),
        english_stop=frozenset(raw["stop"]["english"].split()),
        harmless=frozenset(raw["harmless"]["words"].split()),
        opposites=tuple(
            (_canonical(one), _canonical(other))
            for members in (*raw["opposites"]["pairs"], *raw["opposites"]["sets"])
            for one, other in combinations(members, 2)
        ),
        across=tuple((one, _canonical(other)) for one, other in raw["opposites"]["across"]),
        remedies=frozenset(raw["lay"]["remedies"]),
    )


@cache
def _english() -> Mapping[str, tuple[_Meanings, ...]]:
    """`english.toml`: first word → phrases that begin with it, longest first, and what each may stand for."""
    found: dict[str, list[_Meanings]] = {}
    for phrase, told in _table("english.toml")["words"].items():
        parts = tuple(_parts(phrase))
        found.setdefault(parts[0], []).append((parts, tuple(_meaning(part) for part in told.split("|"))))
    return {
        first: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for first, entries in found.items()
    }


def _meaning(phrase: str) -> tuple[str, ...]:
    """The words of a Vietnamese *phrase* as `read` would give them."""
    return tuple(token.value for token in _tokens(plain(phrase), (), "vi") if token.kind in {"word", "stop"})


@cache
def _same() -> dict[tuple[str, ...], str]:
    """Every phrase of `same` → the one it counts as."""
    table = _table("words.toml")["same"]
    return {tuple(_parts(said)): main for main, variants in table.items() for said in variants}


def _canonical(phrase: str) -> tuple[str, ...]:
    return tuple(_parts(_same().get(tuple(_parts(phrase)), phrase)))


def _parts(phrase: str) -> list[str]:
    return [piece for piece in _PIECE.findall(plain(phrase)) if piece not in "/-+&"]


@lru_cache(maxsize=1_024)
def read(text: str, language: Language = "vi") -> Reading:
    """*text*, as written, read; *language* is the one it is written in."""
    straight = plain(text)
    facts = facts_in(straight)
    return Reading(straight, tuple(_tokens(straight, facts, language)), facts)


def _tokens(text: str, facts: tuple[Fact, ...], language: Language) -> Iterator[Token]:
    pieces = list(_PIECE.finditer(text))
    standing = _standing(facts)
    at, told = 0, -1
    while at < len(pieces):
        start = pieces[at].start()
        fact = standing.get(start, told) if start in standing else _covering(facts, start)
        if fact >= 0:
            if fact != told:
                told = fact
                yield Token("fact", facts[fact].kind, facts[fact].start, facts[fact].end, fact=fact)
            at += 1
            continue
        tokens, size = _longest(pieces, at, language)
        yield from tokens
        at += size


def _longest(pieces: list[re.Match[str]], at: int, language: Language) -> tuple[list[Token], int]:
    word = _word(pieces, at, language)
    phrase = _phrase(pieces, at, language)
    return word if phrase is None or word[1] > phrase[1] else phrase


def _standing(facts: tuple[Fact, ...]) -> dict[int, int]:
    return {fact.start: index for index, fact in reversed(list(enumerate(facts)))}


def _covering(facts: tuple[Fact, ...], at: int) -> int:
    return next((index for index, fact in enumerate(facts) if fact.start <= at < fact.end), -1)


def _phrase(pieces: list[re.Match[str]], at: int, language: Language) -> tuple[list[Token], int] | None:
    known = words().phrases.get(pieces[at].group())
    if known is None:
        return None
    ahead = tuple(piece.group() for piece in pieces[at : at + len(known[0][0])])  # the longest stands first
    for parts, kind, value, said in known:
        size = len(parts)
        if ahead[:size] != parts or (language == "en" and kind == "same"):
            continue
        start, end = pieces[at].start(), pieces[at + size - 1].end()
        if kind == "mark":
            return [Token("mark", value, start, end)], size
        if language == "en" or kind == "silent":
            return [Token("stop", word, start, end) for word in said], size
        return [_sorted_word(word, start, end) for word in said], size
    return None


def _sorted_word(word: str, start: int, end: int) -> Token:
    return Token("stop" if word in words().stop else "word", word, start, end)


def _word(pieces: list[re.Match[str]], at: int, language: Language) -> tuple[list[Token], int]:
    piece = pieces[at]
    written, start, end = piece.group(), piece.start(), piece.end()
    if written in _BREAKS:
        return [Token("break", written, start, end)], 1
    if not written[0].isalnum():
        return [Token("comma", written, start, end)], 1
    if language == "vi":
        return [_sorted_word(written, start, end)], 1
    for parts, meanings in _english_at(written):
        size = len(parts)
        if all(
            _meets(p.group(), part) for p, part in zip(pieces[at : at + size], parts, strict=False)
        ) and at + size <= len(pieces):
            return [Token("word", written, start, pieces[at + size - 1].end(), meanings)], size
    says_nothing = any(stem in words().english_stop for stem in _stems(written))
    kind: TokenKind = "stop" if says_nothing else "word"
    return [Token(kind, written, start, end)], 1


def stems(token: Token) -> tuple[str, ...]:
    """The word *token* and what it may be a form of."""
    return _stems(token.value)


def is_known_english(written: str) -> bool:
    """Whether a plain word is one of the English words that the tables know."""
    known, stop = _english(), words().english_stop
    return any(stem in known or stem in stop for stem in _stems(written))


@cache
def _denying() -> frozenset[str]:
    """The English words that may stand for a Vietnamese denial: `refuse` is `không đồng ý`."""
    told = _table("english.toml")["words"].items()
    return frozenset(
        word for word, said in told if any(part.startswith("không ") for part in said.split("|"))
    )


def denies_by_itself(token: Token) -> bool:
    """Whether *token* is an English word that denies without a mark."""
    return bool(token.meanings) and not _denying().isdisjoint(_stems(token.value))


def _english_at(written: str) -> list[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    table = _english()
    found = [entry for stem in _stems(written) for entry in table.get(stem, ())]
    return sorted(found, key=lambda entry: -len(entry[0]))


def _meets(written: str, part: str) -> bool:
    return part in _stems(written)


_SUFFIXES: Final = (
    ("ies", "y"),
    ("ied", "y"),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
    ("es", ""),
    ("s", ""),
    ("d", ""),
)
_SHORTEST = 3  # letters of a stem


@lru_cache(maxsize=8_192)
def _stems(written: str) -> tuple[str, ...]:
    """*written* and what it may be a form of."""
    bare = written.removesuffix("'s").removesuffix("'")
    stems = [written, bare]
    for suffix, instead in _SUFFIXES:
        if bare.endswith(suffix) and len(bare) - len(suffix) >= _SHORTEST - 1:
            stem = bare.removesuffix(suffix) + instead
            stems.append(stem)
            if len(stem) > _SHORTEST and stem[-1] == stem[-2]:
                stems.append(stem[:-1])  # stopped → stop
    return tuple(dict.fromkeys(stems))
