"""
Reads what somebody wants: help in danger, to report, to ask, to chat. Without any model to download.

Danger first (knowledge/danger.py); for the rest the second voice proposes (knowledge/intent_scores.py) and
the rules here dispose: what reports is never bad language, and what asks is never only a report.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from knowledge.danger import asks, danger_by_rules, weigh
from knowledge.danger_spelling import SENTENCE_END, encode, words
from knowledge.follow_up import leans_on_previous
from knowledge.intent_kinds import kinds_in, plainly
from knowledge.intent_scores import shipped_table
from knowledge.text.folding import fold
from knowledge.text.scripts import in_another_script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.danger import Danger

_PERHAPS_A_TIP: Final = 0.4  # of report and danger together, from which nothing is kept
_REPORTS: Final = 0.5  # how likely a report must be
_CHATS: Final = 0.55
_ABUSES: Final = 0.5
_ELSEWHERE: Final = 0.8  # certain, or the search and the gate decide
_LONGEST_CHAT = 14  # words; who writes more has something to say
_LONGEST_LEANING = 11  # words
# Where a deed is named, coarse words are how people talk, not what they came for.
_DEEDS: Final = frozenset(
    {"beat", "stab", "weapon", "hold", "thief", "fraud", "gamble", "drug", "bribe", "child", "whom"}
)
_LEWD: Final = "sex"  # a deed, unless it is the machine that is spoken to
_SPOKEN_TO: Final = "bot"
_EMOTICON: Final = re.compile(r"[:;=]-?[()DPv3]+|<3|\^_?\^")

# "I want to report" is no question, though the rules' frame takes it for the beginning of one.
_WISH: Final = re.compile(r"\b(?:muon|can|xin|dinh|tinh) (?:duoc )?(?:bao|to|trinh|mat|phan anh|khai|gui)\b")


class Intent(StrEnum):
    """What somebody wants."""

    DANGER = "danger"
    REPORT = "report"
    QUESTION = "question"
    FOLLOW_UP = "follow_up"
    SMALL_TALK = "small_talk"
    OUT_OF_SCOPE = "out_of_scope"
    ABUSE = "abuse"
    UNREAD = "unread"  # in a script that nothing here reads: it may be anything, a cry for help as well


@dataclass(frozen=True, slots=True)
class Heard:
    """
    What a message wants, the kinds of words in it in order, and the danger that it tells of.

    `tells` is set for a question that also tells of a deed ("they sell drugs next door, whom do I call?").
    """

    intent: Intent
    kinds: tuple[str, ...] = ()
    danger: Danger | None = None
    tells: bool = False


def hear(text: str, previous: tuple[str, ...] = ()) -> Heard:
    """
    Read *text*. Never raises; reads the beginning and the end of a very long text.

    Args:
        text: As typed.
        previous: The writer's messages before it, oldest first; without any, nothing is a follow-up.
    """
    tokens = encode(words(text))
    spoken = sum(token not in {SENTENCE_END, ","} for token in tokens)
    is_foreign = in_another_script(text)
    if not spoken and not is_foreign:
        return Heard(Intent.SMALL_TALK if _is_a_sign(text) else Intent.QUESTION)
    kinds = tuple(plainly(kinds_in(tokens)))
    likely = shipped_table().likely(text)
    danger = danger_by_rules(text) if is_foreign else weigh(text, likely["danger"])
    if danger is not None:
        return Heard(Intent.DANGER, kinds, danger)
    if is_foreign:
        return Heard(Intent.UNREAD)
    intent = _intent(text, likely, spoken, frozenset(kinds), follows=bool(previous))
    if intent is Intent.REPORT and asks(tokens) and not _WISH.search(" ".join(map(fold, tokens))):
        return Heard(Intent.QUESTION, kinds, tells=True)
    return Heard(intent, kinds)


def read_intent(text: str, previous: tuple[str, ...] = ()) -> Intent:
    """What *text* wants; see `hear`."""
    return hear(text, previous).intent


def looks_like_tip(text: str) -> bool:
    """Whether *text* reports something, or calls for help: it must reach no embedding, model or table."""
    heard = hear(text)
    if heard.intent in {Intent.REPORT, Intent.DANGER, Intent.UNREAD} or heard.tells:
        return True
    # In doubt it does: what is lost is a gap in the guides, what is kept may be a tip.
    likely = shipped_table().likely(text)
    return likely["report"] + likely["danger"] >= _PERHAPS_A_TIP


def _intent(
    text: str, likely: Mapping[str, float], spoken: int, kinds: frozenset[str], *, follows: bool
) -> Intent:
    """What *text*, no danger, wants."""
    asked = {intent: share for intent, share in likely.items() if follows or intent != "follow_up"}
    whole = sum(asked.values())
    best = max(asked, key=lambda intent: asked[intent])
    share = asked[best] / whole
    if best == "abuse" and share >= _ABUSES and not _names_a_deed(kinds):
        return Intent.ABUSE
    if best == "small_talk" and share >= _CHATS and spoken <= _LONGEST_CHAT:
        return Intent.SMALL_TALK
    if best == "report" and share >= _REPORTS:
        return Intent.REPORT
    if follows and spoken <= _LONGEST_LEANING and (best == "follow_up" or leans_on_previous(text)):
        return Intent.FOLLOW_UP
    if best == "out_of_scope" and share >= _ELSEWHERE:
        return Intent.OUT_OF_SCOPE
    return Intent.QUESTION


def _names_a_deed(kinds: frozenset[str]) -> bool:
    return not kinds.isdisjoint(_DEEDS) or (_LEWD in kinds and _SPOKEN_TO not in kinds)


def _is_a_sign(text: str) -> bool:
    """Whether *text*, without a word, says something all the same: 🙏, :)."""
    return bool(_EMOTICON.search(text)) or any(unicodedata.category(sign) == "So" for sign in text)
