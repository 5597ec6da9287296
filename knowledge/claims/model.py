"""
The words of claims: what a model drafts, what it was given, and what stays after the checks. Plain values.

A claim is one statement with the passage it rests on and the run of that passage that says so. What a
model writes is never trusted: `knowledge.claims.checking` decides by code, and a claim that fails falls.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.model import Passage


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One statement in the asker's language, the id of a supplied passage, and a run of that passage's text.

    In a draft `quote` is what the model wrote; `…` joins runs of the passage, in order. Once checked it is
    verbatim.
    """

    text: str
    cite: str
    quote: str


@dataclass(frozen=True, slots=True)
class Draft:
    """
    What a model's output says.

    `clarify` names passages between which the asker should choose: the question itself is worded from their
    headings, never by the model. `repaired` tells that the output was cut off and only whole claims are here.
    """

    claims: tuple[Claim, ...] = ()
    clarify: tuple[str, ...] = ()
    refusal: bool = False
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Supplied:
    """A passage, under the id by which the prompt showed it. It is one the asker may see."""

    id: str
    passage: Passage


class Fault(StrEnum):
    """Why a claim falls. Names for counting: they hold nothing of a text."""

    UNKNOWN_ID = "unknown_id"
    QUOTE_MISSING = "quote_missing"  # it does not stand in the cited passage
    QUOTE_SHORT = "quote_short"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    PHONE = "phone"
    AMOUNT = "amount"
    PERCENT = "percent"
    AGE = "age"
    ARTICLE = "article"
    LAW_NUMBER = "law_number"
    AGENCY = "agency"
    NEGATION = "negation"
    MODALITY = "modality"
    LIMIT = "limit"
    CONDITION = "condition"
    CONJUNCTION = "conjunction"
    ORDER = "order"  # who to whom, or what of which, is turned round
    CONTENT = "content"
    LANGUAGE = "language"
    LENGTH = "length"
    MARKUP = "markup"
    UNFINISHED = "unfinished"  # it breaks off in the middle of a sentence
    LINK = "link"
    INSTRUCTION = "instruction"
    CHARACTERS = "characters"  # invisible, of another script, or out of order
    CONTRADICTION = "contradiction"  # another claim, as well supported, says otherwise
    EMPTY = "empty"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A claim that fell, and why: at least one fault, each once."""

    claim: Claim
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """
    What stays of a draft, in its order, with verbatim quotes; false where nothing stays.

    `clarify` holds two or three supplied ids, or none. `refusal` tells that the draft refused.
    """

    kept: tuple[Claim, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    clarify: tuple[str, ...] = ()
    refusal: bool = False

    def __bool__(self) -> bool:
        return bool(self.kept)
