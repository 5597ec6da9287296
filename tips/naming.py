"""
Hears that a text says who is writing, so that its sender can be warned before it is sent; and what it lacks.

Nothing is refused or changed for it: the sender decides. The rules are data, for the page too: naming.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from tips.folding import fold
from tips.kinds import kind_of

if TYPE_CHECKING:
    from tips.model import TipContent

CODES = ("name", "phone", "id", "address", "relation")
TEXT_LIMIT = 20_000  # characters read; a story has no more
_WORD = re.compile(r"[^\W\d_]+")
_GROUP = re.compile(r"\$([0-9])")


@dataclass(frozen=True, slots=True)
class _Rules:
    marked: dict[str, frozenset[str]]
    bare_is_other: frozenset[str]
    replacements: tuple[tuple[re.Pattern[str], str], ...]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]


def naming_table() -> dict[str, Any]:
    """The rules as they stand in naming.toml, for the page; how to use them stands at its head."""
    return tomllib.loads((resources.files("tips") / "naming.toml").read_text(encoding="utf-8"))


@cache
def _rules() -> _Rules:
    table = naming_table()
    return _Rules(
        marked={word: frozenset(spellings) for word, spellings in table["marked"].items()},
        bare_is_other=frozenset(table["bare_is_other"]),
        replacements=tuple(
            (re.compile(row["find"], re.ASCII), _GROUP.sub(r"\\\1", row["with"])) for row in table["replace"]
        ),
        patterns=tuple((row["code"], re.compile(row["find"], re.ASCII)) for row in table["patterns"]),
    )


def names_sender(text: str) -> tuple[str, ...]:
    """
    Which of name, phone, id, address, relation *text* seems to tell of its writer, in that order.

    A hint that is sometimes wrong, both ways. The one who is reported may be named as fully as can be.
    """
    prepared = prepare(text)
    heard = {code for code, pattern in _rules().patterns if pattern.search(prepared)}
    return tuple(code for code in CODES if code in heard)


def prepare(text: str) -> str:
    """*text* as the patterns expect it: steps 1 to 4 at the head of naming.toml."""
    rules = _rules()
    composed = unicodedata.normalize(
        "NFC", text[:TEXT_LIMIT].encode("utf-8", "ignore").decode("utf-8")
    ).lower()
    composed = re.sub(r"[\r\n]+", " . ", composed)
    has_marks = fold(composed) != " ".join(composed.split())

    def other_word(found: re.Match[str]) -> str:
        word = found[0]
        plain = fold(word)
        if word == plain:
            return "~" if has_marks and plain in rules.bare_is_other else word
        spellings = rules.marked.get(plain)
        return word if spellings is None or word in spellings else "~"

    prepared = fold(_WORD.sub(other_word, composed))
    for find, replacement in rules.replacements:
        prepared = find.sub(replacement, prepared)
    return prepared


# What may be asked for once more, in the order of A15; "short": the story says no more than its kind.
COACHING = ("short", "when", "place", "who", "vehicle", "damage", "how_known")
_SHORT = 40  # characters
_VEHICLE_QUESTIONS = frozenset(("vehicle", "weapon", "direction", "account"))
_DAMAGE_QUESTIONS = frozenset(("damage", "injuries", "at_risk"))
_WHO_QUESTIONS = frozenset(("suspect", "people", "official", "business", "phone", "link"))
_ANSWERED_BY = {
    "when": frozenset(("hours",)),
    "place": frozenset(("spot", "where_now", "business", "link")),
    "who": _WHO_QUESTIONS | {"victim"},
    "vehicle": _VEHICLE_QUESTIONS,
    "damage": _DAMAGE_QUESTIONS,
    "how_known": frozenset(("how_known", "signs")),
}
_NEEDED_BY = {"vehicle": _VEHICLE_QUESTIONS, "damage": _DAMAGE_QUESTIONS, "who": _WHO_QUESTIONS}


@cache
def _heard() -> dict[str, re.Pattern[str]]:
    """By code: what is looked for in the folded story."""
    table = tomllib.loads((resources.files("tips") / "coaching.toml").read_text(encoding="utf-8"))
    return {
        code: re.compile("|".join((rf"\b(?:{'|'.join(map(fold, row['words']))})\b", *row["signs"])), re.ASCII)
        for code, row in table.items()
    }


def coaching(content: TipContent) -> tuple[str, ...]:
    """
    What would make the tip more usable, of COACHING, in that order: FACTS A15.

    Never who is writing. Vehicle, damage and who are missed only where the kind asks for such things, or
    where no kind was chosen.
    """
    told = fold(" ".join((content.story, *content.details.values())))
    given = {"when": bool(content.when.strip()), "place": bool((content.area + content.place).strip())}
    answered = {question for question, answer in content.details.items() if answer.strip()}
    lacks = [
        code
        for code in COACHING[1:]
        if _matters(code, content.kind)
        and not given.get(code)
        and not answered & _ANSWERED_BY[code]
        and not _heard()[code].search(told)
    ]
    return (*(("short",) if len(fold(content.story)) < _SHORT else ()), *lacks)


def coaching_table() -> dict[str, Any]:
    """
    What `coaching` goes by, as JSON, so that the page can do the same without a word leaving it.

    `{"order": […], "short": characters, "heard": {code: pattern}, "answered_by": {code: [question…]},
    "needed_by": {code: [question…]}}`; patterns are for folded text.
    """
    return {
        "order": list(COACHING),
        "short": _SHORT,
        "heard": {code: heard.pattern for code, heard in _heard().items()},
        "answered_by": {code: sorted(questions) for code, questions in _ANSWERED_BY.items()},
        "needed_by": {code: sorted(questions) for code, questions in _NEEDED_BY.items()},
    }


def _matters(code: str, kind_id: str) -> bool:
    kind = kind_of(kind_id)
    needed = _NEEDED_BY.get(code)
    return kind is None or needed is None or bool(needed.intersection(kind.questions))
