"""The words of names: what `names.toml` holds, ready to be looked up."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeAlias

from knowledge.text.folding import fold

Phrase: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """Every set in one spelling: with marks as written, or folded."""

    honorifics: frozenset[str]
    strong: frozenset[str]
    weak: frozenset[str]  # empty with marks: there every honorific says what it is
    titles: frozenset[Phrase]
    between: frozenset[str]
    names_told: frozenset[Phrase]
    says_who: frozenset[Phrase]
    after_no_name: frozenset[str]
    no_names: frozenset[Phrase]
    not_after_weak: frozenset[Phrase]
    surnames: frozenset[str]
    sure_surnames: frozenset[str]
    small_surnames: frozenset[str]  # which open a name in small letters
    capital_only: frozenset[str]  # honorifics that say nothing unless a capital letter follows
    between_names: frozenset[str]  # văn, thị
    middles: frozenset[str]
    ordinals: frozenset[str]
    after_named: frozenset[str]
    given: frozenset[str]
    clear: frozenset[str]
    institutions: frozenset[Phrase]
    units: frozenset[str]
    numbers: frozenset[str]
    can_be_numbered: frozenset[str]


@cache
def name_words(*, marked: bool) -> NameWords:
    """The words, for a text typed with marks (*marked*) or without."""
    raw = tomllib.loads((resources.files("knowledge.gaps") / "names.toml").read_text(encoding="utf-8"))

    def words(name: str) -> frozenset[str]:
        return frozenset(item if marked else fold(item) for item in raw[name])

    def phrases(name: str) -> frozenset[Phrase]:
        return frozenset(tuple(item.split()) for item in words(name))

    return NameWords(
        honorifics=words("honorifics"),
        strong=words("strong"),
        weak=frozenset() if marked else words("weak_folded"),
        titles=phrases("titles"),
        between=words("between"),
        names_told=phrases("names_told"),
        says_who=phrases("says_who"),
        after_no_name=words("after_no_name"),
        no_names=phrases("no_names"),
        not_after_weak=phrases("not_after_weak"),
        surnames=words("surnames"),
        sure_surnames=words("sure_surnames"),
        small_surnames=words("surnames" if marked else "folded_surnames"),
        capital_only=frozenset() if marked else words("capital_only_folded"),
        between_names=frozenset(("văn", "thị") if marked else ("van", "thi")),
        middles=words("middles"),
        ordinals=words("ordinals"),
        after_named=words("after_named"),
        given=words("given"),
        clear=words("clear"),
        institutions=phrases("institutions"),
        units=words("units"),
        numbers=words("numbers"),
        can_be_numbered=words("can_be_numbered"),
    )
