"""
What of a document leads to a private person, before everybody may read it.

Grave: a telephone, paper, account, birthday or address with somebody's name, and what nobody wants told of
them. Light: names alone, and an office's line that is on no list. Officials with their office are
public, and so is "Nguyễn Văn A".
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from ingest.trust.flags import Code, Flag, sample_of
from ingest.trust.rules import any_of, rules
from ingest.trust.sentences import around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.trust.sentences import Sentence, Sheet
    from ingest.trust.sources import Sources

_PHONE: Final = re.compile(r"(?<![\d/.,-])(?:\(?\+?84\)?|\(?0)(?:[ .\-()]{0,2}\d){8,10}(?![\d/]|[.,]\d)")
_MOBILE: Final = re.compile(r"0[35789]\d{8}")
_LANDLINE: Final = re.compile(r"02\d{8,9}")
_CITIZEN: Final = re.compile(
    r"(?<![\d./-])0\d{2}[0-3]\d{8}(?![\d./-])"
)  # place, century and sex, year, serial
_NEAR: Final = 90  # letters beside a name that may say what nobody wants told
_UPPER: Final = "".join(chr(code) for code in range(0xC0, 0x1EFA) if chr(code).isupper()) + "A-Z"
_WORD: Final = rf"[{_UPPER}][^\W\d_]*(?:['’][^\W\d_]+)?"
_PLACEHOLDER: Final = re.compile(r"(?:[A-ZĐ]\d?|\.+|…|[A-ZĐ]\.?[A-ZĐ]?\.?)")  # Nguyễn Văn A


def personal_flags(page: Sheet, sources: Sources) -> list[Flag]:
    """The flags of *page* as the public would read it."""
    found: list[Flag] = []
    for place, sentence in enumerate(page.sentences):
        names = private_names(sentence.text)
        told = [*_told(page, place, sentence, bool(names)), *_phones(page, place, sources, bool(names))]
        if any(_stigma(sentence, start, end) for start, end in names):
            told.append(Code.PRIVATE_PERSON)
        if names and not told and not _is_official(sentence.plain):
            told.append(Code.PRIVATE_NAME)
        found += [Flag(code, page.where, sample_of(sentence.text)) for code in dict.fromkeys(told)]
    return found


def private_names(text: str) -> list[tuple[int, int]]:
    """Where *text* names somebody in full who is no "Nguyễn Văn A", no street and no school."""
    found = []
    for match in _name().finditer(text):
        group = "called" if match["called"] else "full"
        name = match[group]
        if _PLACEHOLDER.fullmatch(name.split()[-1]) or name.isupper():
            continue
        before = text[: match.start(group)].rstrip().lower()
        if group == "full" and before.endswith(tuple(rules("personal")["places"])):
            continue
        found.append(match.span(group))
    return found


def _told(page: Sheet, place: int, sentence: Sentence, has_name: bool) -> Iterator[Code]:
    plain = sentence.plain
    near = around(page, place, 1)
    official = _is_official(plain)
    if any_of("personal", "identity").search(plain) or (has_name and _CITIZEN.search(plain)):
        yield Code.PRIVATE_PERSON
    if any_of("personal", "account").search(plain) and not any_of("personal", "of_an_organisation").search(
        near
    ):
        yield Code.PRIVATE_PERSON
    if has_name and not official and _says_where_or_when(plain):
        yield Code.PRIVATE_PERSON


def _says_where_or_when(plain: str) -> bool:
    return bool(any_of("personal", "born").search(plain) or any_of("personal", "lives").search(plain))


def _phones(page: Sheet, place: int, sources: Sources, has_name: bool) -> Iterator[Code]:
    sentence = page.sentences[place]
    found: set[str] = set()
    for match in _PHONE.finditer(sentence.text):
        digits = re.sub(r"\D", "", match[0])
        digits = f"0{digits[2:]}" if digits.startswith("84") else digits
        if not sources.is_public_line(digits) and (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
            found.add(digits)
    if not found:
        return
    official = _is_official(sentence.plain)
    of_office = official or bool(any_of("personal", "office_lines").search(around(page, place, 1)))
    mobile = any(_MOBILE.fullmatch(digits) for digits in found)
    private = (has_name and not official) or not of_office if mobile else has_name and not of_office
    yield Code.PRIVATE_PERSON if private else Code.PHONE_UNLISTED


def _is_official(plain: str) -> bool:
    return bool(any_of("personal", "offices").search(plain))


def _stigma(sentence: Sentence, start: int, end: int) -> bool:
    before, after = sentence.plain[max(0, start - _NEAR) : start], sentence.plain[end : end + _NEAR]
    return bool(
        any_of("personal", "stigma_before").search(before) or any_of("personal", "stigma_after").search(after)
    )


@cache
def _name() -> re.Pattern[str]:
    """An honorific and a name of two to five words, or three to five words that begin with a surname."""
    honorifics = "|".join(sorted(map(re.escape, rules("personal")["honorifics"]), key=len, reverse=True))
    surnames = "|".join(sorted(map(re.escape, rules("personal")["surnames"]), key=len, reverse=True))
    full = rf"(?:{surnames})(?:\s{_WORD}){{2,4}}"
    called = rf"(?:{surnames})(?:\s{_WORD}){{1,4}}"
    return re.compile(
        rf"(?i:\b(?P<honorific>{honorifics}))\s*:?\s+(?P<called>{called})|(?<!\w)(?P<full>{full})"
    )
