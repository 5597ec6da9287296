"""
Hears that somebody is in danger now, before anything else and without any model.

Words of danger are told from questions about danger: "tôi bị chồng đánh" is danger whatever stands
beside it, "chồng đánh vợ phạt bao nhiêu" is a question. What counts as either is data, in danger.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from knowledge.danger_rules import Rulebook, rulebook
from knowledge.danger_spelling import SENTENCE_END, encode, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.danger_rules import Rule


# What comes after it is no longer the condition: "nếu báo công an thì nó giết cả nhà em".
_CONSEQUENCE = re.compile(r"(?<= )(?:thì|thi) ")


class Peril(StrEnum):
    """What threatens; the gravest first. Each has a text `danger.<value>`."""

    FIRE = "fire"
    GAS_OR_BOMB = "gas_or_bomb"
    WATER_OR_DISASTER = "water_or_disaster"
    ABDUCTION = "abduction"
    CHILD = "child"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    INTRUSION = "intrusion"
    MEDICAL = "medical"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Danger:
    """A peril, and the numbers to call: the first one first."""

    peril: Peril
    numbers: tuple[str, ...]


def find_danger(text: str) -> Danger | None:
    """
    The danger that the writer of *text*, or somebody they see, is in now; None if there is none.

    Never raises. Of a text longer than 8,000 characters the beginning and the end are read.
    """
    tokens = encode(words(text))
    if not tokens:
        return None
    message = _Message(tokens)
    book = rulebook()
    perils = {rule.peril for rule in book.candidates(message.present) if message.holds(rule, book)}
    if not perils:
        return None
    if "violence" in perils and message.mentions("child", book):
        perils = perils - {"violence"} | {"child"}
    return _danger(perils, book)


def _danger(perils: set[str], book: Rulebook) -> Danger:
    ordered = [peril for peril in Peril if peril in perils]
    numbers = [number for peril in ordered if peril is not Peril.HELP for number in book.numbers[peril]]
    return Danger(ordered[0], tuple(dict.fromkeys(numbers or book.numbers[Peril.HELP])))


class _Message:
    """One message, and what is known of it so far; frames are looked for only once a rule has hit."""

    def __init__(self, tokens: list[str]) -> None:
        self._line = f" {SENTENCE_END} {' '.join(tokens)} {SENTENCE_END} "
        self.present = frozenset(tokens) | {SENTENCE_END}
        self._framed: dict[tuple[str, str], bool] = {}

    def holds(self, rule: Rule, book: Rulebook) -> bool:
        """Whether *rule* hits somewhere that no frame turns into a question or a memory."""
        return any(self._counts(rule.level, hit, book) for hit in self._hits(rule))

    def mentions(self, frame: str, book: Rulebook) -> bool:
        """Whether *frame* holds anywhere in the message."""
        return self._in(frame, self._line, book)

    def _hits(self, rule: Rule) -> Iterator[re.Match[str]]:
        if rule.pattern.search(self._line, self.present) is not None:
            yield from rule.pattern.expression.finditer(self._line)

    def _counts(self, level: str, hit: re.Match[str], book: Rulebook) -> bool:
        before, sentence = self._around(hit)
        if level == "cry":
            return not self._in("trifle", self._line, book) and not self._in("law", sentence, book)
        if self._is_over(sentence, book) or self._in("condition", before, book):
            return False
        return level == "sure" or self._is_report(level, sentence, book)

    def _is_report(self, level: str, sentence: str, book: Rulebook) -> bool:
        """Whether *sentence* tells of an event, and does not ask about its like."""
        urgent = self._in("urgent", self._line, book)
        if self._in("law", self._line, book) or (not urgent and self._in("witness", sentence, book)):
            return False
        asks, yesterday = self._in("ask", sentence, book), self._in("near_past", sentence, book)
        if level == "mine":
            return not (asks and (yesterday or self._is_case(sentence, urgent=urgent, book=book)))
        if level == "seen":
            return urgent or not (yesterday or self._in("ask", self._line, book))
        return urgent and not asks

    def _is_case(self, sentence: str, *, urgent: bool, book: Rulebook) -> bool:
        """Whether *sentence* tells of a habit, or of what may befall anybody."""
        if self._in("habit", sentence, book):
            return True
        impersonal = not urgent and not self._in("personal", self._line, book)
        return impersonal and self._in("case", sentence, book)

    def _is_over(self, sentence: str, book: Rulebook) -> bool:
        return self._in("past", sentence, book) and not self._in("still", sentence, book)

    def _around(self, hit: re.Match[str]) -> tuple[str, str]:
        """What stands before *hit* in its sentence, since the last "thì"; and the whole sentence."""
        start = self._line.rfind(f" {SENTENCE_END} ", 0, hit.start() + 1)
        end = self._line.find(f" {SENTENCE_END} ", max(hit.end() - 1, start + 3))
        start = max(start, 0)
        before = _CONSEQUENCE.split(self._line[start : hit.start()])[-1]
        return f" {before}{SENTENCE_END} ", self._line[start : end + 3]

    def _in(self, frame: str, line: str, book: Rulebook) -> bool:
        known = self._framed.get((frame, line))
        if known is None:
            known = self._framed[frame, line] = book.framed(frame, line, self.present)
        return known
