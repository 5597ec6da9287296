"""
Hears that somebody is in danger now, before anything else and without any model to download.

Two voices. The rules (danger.toml) tell words of danger from questions about danger: "tôi bị chồng đánh"
is danger whatever stands beside it, "chồng đánh vợ phạt bao nhiêu" is a question. What no rule foresaw
the second voice hears (knowledge/intent_scores.py). `weigh` holds how they are weighed against each other.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from knowledge.danger_rules import Rulebook, rulebook
from knowledge.danger_spelling import SENTENCE_END, encode, words
from knowledge.intent_kinds import kinds_in, plainly
from knowledge.intent_scores import shipped_table
from knowledge.text.english import is_english
from knowledge.text.folding import normalise
from knowledge.text.lexicon import lexicon

if TYPE_CHECKING:
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


# How likely the second voice must find danger. Recall comes first: see docs/decisions/0020.
_RULES_DOUBTED: Final = 0.2  # below it a rule is taken to have misheard
_CRIES_DOUBTED: Final = 0.1  # below it even a cry for help is
_ALONE: Final = 0.35  # from here it is heard without any rule
_EXPLAINED: Final = 0.5  # from here it is heard though the rules explained the words of danger
_CERTAIN: Final = 0.85  # from here in a word or two, and in a tip
_ASKED: Final = 0.4  # from here it is heard in a question
_GREY: Final = 0.3  # from here, where the message tells of now, and neither asks nor looks back
_ENGLISH: Final = 0.5  # from here in English
_TOO_FEW: Final = 2  # words that say little: "còn nữa"
_OF_NOW: Final = frozenset({"now", "cry"})
_NOT_NOW: Final = frozenset({"ask", "if", "law", "past", "habit", "report"})
_BELIEVED: Final = frozenset({"cry"})  # levels of rules that the second voice hardly silences
_PERILS_TOLD: Final = 2  # numbers of more would be a list to choose from
# What a kind of word (intent_words.toml) threatens, where only the second voice heard it.
_PERIL_OF: Final = {
    "fire": "fire", "blast": "gas_or_bomb", "water": "water_or_disaster", "fall": "water_or_disaster",
    "hold": "abduction", "lost": "abduction", "dying": "self_harm", "beat": "violence", "stab": "violence",
    "threat": "violence", "weapon": "violence", "sex": "violence", "chase": "intrusion", "thief": "intrusion",
    "faint": "medical", "blood": "medical", "crash": "medical",
}  # fmt: skip
_OF_A_CHILD: Final = frozenset({"violence", "abduction"})


def find_danger(text: str) -> Danger | None:
    """
    The danger that the writer of *text*, or somebody they see, is in now; None if there is none.

    Never raises. Of a text longer than 8,000 characters the beginning and the end are read.
    """
    return weigh(text, shipped_table().likely(text)["danger"])


def find_danger_in_tip(text: str) -> Danger | None:
    """
    The danger in a part of a tip. Never raises.

    Who writes a tip tells of bad things, and was asked first whether anybody is in danger: here the second
    voice must be nearly sure.
    """
    likely = shipped_table().likely(text)["danger"]
    is_heard = likely >= _CERTAIN and not _is_english(text)
    return weigh(text, likely) if is_heard else danger_by_rules(text)


def weigh(text: str, likely: float) -> Danger | None:
    """
    The danger in *text*, by the rules and by how *likely* (0 to 1) the second voice finds any.

    A cry for help is believed unless the second voice is certain that it misheard, any other rule where the
    second voice finds some danger too. Where the rules are silent the second voice is believed: alone where
    it is sure, in the grey zone where the message tells of now and asks for nothing. Where the message asks
    whom to tell or what to do, and in English, it must be surer; and surer still where the rules heard words
    of danger and explained them (as law, as past, as an "if"), and where the message has a word or two.
    """
    tokens = encode(words(text))
    ruled = _ruled(tokens)
    if ruled.danger is not None:
        return ruled.danger if likely >= (_CRIES_DOUBTED if ruled.is_a_cry else _RULES_DOUBTED) else None
    spoken = sum(token[0].isalpha() for token in tokens)
    if likely < (_EXPLAINED if ruled.is_explained else _GREY) or not spoken:  # a bare number is none
        return None
    if likely < _CERTAIN and spoken <= _TOO_FEW:
        return None
    if likely < _ENGLISH and _is_english(text):
        return None
    if likely < _ASKED and asks(tokens):
        return None
    kinds = kinds_in(tokens)
    tells_of_now = not _OF_NOW.isdisjoint(kinds) and _NOT_NOW.isdisjoint(kinds)
    return _danger(_perils_of(kinds), rulebook()) if likely >= _ALONE or tells_of_now else None


def _is_english(text: str) -> bool:
    return is_english(normalise(text), shorthand=frozenset(lexicon().abbreviations))


def asks(tokens: list[str]) -> bool:
    """Whether *tokens* (see `danger_spelling.encode`) ask whom to tell or what to do, by the rules."""
    return bool(tokens) and _Message(tokens).mentions("ask", rulebook())


def danger_by_rules(text: str) -> Danger | None:
    """What the rules alone hear in *text*. Never raises."""
    return _ruled(encode(words(text))).danger


@dataclass(frozen=True, slots=True)
class _Ruled:
    """What the rules hear: danger, or nothing but words of danger that something explains."""

    danger: Danger | None = None
    is_a_cry: bool = False
    is_explained: bool = False


def _ruled(tokens: list[str]) -> _Ruled:
    if not tokens:
        return _Ruled()
    message = _Message(tokens)
    book = rulebook()
    near = [rule for rule in book.candidates(message.present) if message.touches(rule)]
    holding = [rule for rule in near if message.holds(rule, book)]
    perils = {rule.peril for rule in holding}
    if not perils:
        return _Ruled(is_explained=any(rule.level != "weak" for rule in near))
    if "violence" in perils and message.mentions("child", book):
        perils = perils - {"violence"} | {"child"}
    is_a_cry = any(rule.level in _BELIEVED for rule in holding)
    return _Ruled(_danger(perils, book), is_a_cry=is_a_cry)


def _perils_of(kinds: list[str]) -> set[str]:
    """The perils that most of *kinds* speak of; a bare cry for help where none does."""
    kinds = plainly(kinds)
    told = Counter(_PERIL_OF[kind] for kind in kinds if kind in _PERIL_OF)
    perils = {peril for peril, _times in told.most_common(_PERILS_TOLD)}
    if "child" in kinds and not perils.isdisjoint(_OF_A_CHILD):
        perils = perils - {"violence"} | {"child"}
    return perils or {Peril.HELP.value}


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

    def touches(self, rule: Rule) -> bool:
        """Whether *rule* hits at all."""
        return rule.pattern.search(self._line, self.present) is not None

    def holds(self, rule: Rule, book: Rulebook) -> bool:
        """Whether *rule* hits somewhere that no frame turns into a question or a memory."""
        hits = rule.pattern.expression.finditer(self._line)
        return any(self._counts(rule.level, hit, book) for hit in hits)

    def mentions(self, frame: str, book: Rulebook) -> bool:
        """Whether *frame* holds anywhere in the message."""
        return self._in(frame, self._line, book)

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
