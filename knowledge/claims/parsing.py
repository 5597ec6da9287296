"""
Reads a model's output into a draft, strictly: claims, or the name of what is wrong. Never raises.

Taken: the JSON object of the schema, alone, in a code fence or with text around it. One that was cut off
is taken as far as its claims are whole. Refused: anything a reader could take two ways.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from knowledge.claims.model import Claim, Draft
from knowledge.claims.schema import CLAIM_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS: Final = 20_000
_DEEPEST = 8  # brackets within brackets; the schema needs three
_FENCE = re.compile(r"```[a-zA-Z]*\s*\n?(.*?)(?:```|\Z)", re.DOTALL)
_OPENS, _CLOSES = "[{", "]}"


class ParseFault(StrEnum):
    """What is wrong with an output."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_JSON = "not_json"
    SHAPE = "shape"  # JSON, and not of the schema
    DUPLICATE_KEY = "duplicate_key"
    BAD_NUMBER = "bad_number"  # NaN or Infinity, which JSON does not know
    TOO_DEEP = "too_deep"
    CUT = "cut"  # before its first claim was whole


@dataclass(frozen=True, slots=True)
class Malformed:
    """An output that holds no draft."""

    fault: ParseFault


class _Refused(Exception):  # never leaves this module
    def __init__(self, fault: ParseFault) -> None:
        super().__init__(fault)
        self.fault = fault


def parse(output: str) -> Draft | Malformed:
    """The draft that *output*, a model's whole answer, holds."""
    try:
        return _parsed(output)
    except _Refused as refused:
        return Malformed(refused.fault)


def _parsed(output: str) -> Draft:
    if len(output) > MOST_CHARACTERS:
        raise _Refused(ParseFault.TOO_LONG)
    text = output.strip().removeprefix("\ufeff").strip()
    if not text:
        raise _Refused(ParseFault.EMPTY)
    fenced = _FENCE.search(text)
    # A fence within a string of the object is no fence around it.
    if fenced and "{" not in text[: fenced.start()]:
        text = fenced[1].strip()
    start = text.find("{")
    if start < 0:
        raise _Refused(ParseFault.NOT_JSON)
    end, whole = _object_end(text, start)
    if whole:
        if "{" in text[end:]:  # a second object: which of them is meant?
            raise _Refused(ParseFault.SHAPE)
        return _draft(_loaded(text[start:end]), repaired=False)
    return _draft(_loaded(_cut_to_whole_claims(text[start:])), repaired=True)


def _object_end(text: str, start: int) -> tuple[int, bool]:
    """Where the object that begins at *start* ends, and whether it does."""
    depth = 0
    for at, char in _outside_strings(text, start):
        if char in _OPENS:
            depth += 1
            if depth > _DEEPEST:
                raise _Refused(ParseFault.TOO_DEEP)
        elif char in _CLOSES:
            depth -= 1
            if depth == 0:
                return at + 1, True
    return len(text), False


def _outside_strings(text: str, start: int) -> Iterator[tuple[int, str]]:
    """The characters of JSON *text* that stand outside its strings."""
    within = escaped = False
    for at in range(start, len(text)):
        char = text[at]
        if within:
            within = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            within = True
        else:
            yield at, char


def _cut_to_whole_claims(text: str) -> str:
    """An object that was cut off, closed behind its last whole claim."""
    depth, last = 0, 0
    for at, char in _outside_strings(text, 0):
        if char in _OPENS:
            depth += 1
        elif char in _CLOSES:
            depth -= 1
            # Depth 2 is the list of claims: one of them has just been closed.
            if char == "}" and depth == 2:  # noqa: PLR2004
                last = at + 1
            if depth == 1 and char == "]":
                return text[: at + 1] + "}"
    if not last:
        raise _Refused(ParseFault.CUT)
    return text[:last] + "]}"


def _loaded(text: str) -> dict[str, Any]:
    try:
        loaded = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _Refused(ParseFault.NOT_JSON) from None
    if not isinstance(loaded, dict):
        raise _Refused(ParseFault.SHAPE)
    return loaded


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise _Refused(ParseFault.DUPLICATE_KEY)
    return keys


def _no_constant(_name: str) -> float:
    raise _Refused(ParseFault.BAD_NUMBER)


def _draft(loaded: dict[str, Any], *, repaired: bool) -> Draft:
    claims = loaded.get("claims", [])
    clarify = loaded.get("clarify", [])
    refusal = loaded.get("refusal", False)
    known = set(loaded) <= {"claims", "clarify", "refusal"}
    shaped = isinstance(claims, list) and isinstance(clarify, list) and isinstance(refusal, bool)
    if not known or not loaded or not shaped or not all(isinstance(item, str) for item in clarify):
        raise _Refused(ParseFault.SHAPE)
    return Draft(tuple(map(_claim, claims)), tuple(item.strip() for item in clarify), refusal, repaired)


def _claim(raw: object) -> Claim:
    if not isinstance(raw, dict) or set(raw) != set(CLAIM_FIELDS):
        raise _Refused(ParseFault.SHAPE)
    if not all(isinstance(value, str) for value in raw.values()):
        raise _Refused(ParseFault.SHAPE)
    return Claim(text=raw["text"].strip(), cite=raw["cite"].strip(), quote=raw["quote"].strip())
