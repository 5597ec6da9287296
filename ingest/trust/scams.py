"""
Pages that pretend to be an office: they ask for an OTP, for money, for an application from a link.

A text that warns of such pages says the same words, in the third person or with a "không": that is told apart
sentence by sentence, with the sentences around, never by one word somewhere on the page.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from ingest.trust.flags import Code, Flag, sample_of
from ingest.trust.links import is_deceiving, links_in
from ingest.trust.rules import any_of, patterns, rules
from ingest.trust.sentences import around

if TYPE_CHECKING:
    from ingest.trust.sentences import Sentence, Sheet
    from ingest.trust.sources import Sources

_NEAR: Final = 1  # sentences before and after that may tell whose words these are
_OFFICE_NEAR: Final = 3


def is_warned(page: Sheet, place: int) -> bool:
    """Whether sentence number *place* of *page* tells of deceivers, or tells not to do what it names."""
    sentence = page.sentences[place]
    if sentence.text.rstrip(" \"”')*").endswith("?"):
        return True  # somebody asks whether to
    if any_of("scams", "told_not_to").search(sentence.plain):
        return True
    return bool(any_of("scams", "told_of").search(around(page, place, _NEAR)))


def scam_flags(page: Sheet, sources: Sources) -> list[Flag]:
    """A grave flag for each sentence of *page* that asks what no office asks for."""
    return [
        Flag(Code.FAKE_POLICE, page.where, sample_of(sentence.text))
        for place, sentence in enumerate(page.sentences)
        if _asks(page, place, sentence, sources) and not is_warned(page, place)
    ]


def asking_spans(page: Sheet, sources: Sources) -> list[tuple[int, int]]:
    """Where the sentences of *page* stand that ask for it, or lead to a deceiving link without a warning."""
    return [
        (sentence.start, sentence.end)
        for place, sentence in enumerate(page.sentences)
        if not is_warned(page, place)
        and (_asks(page, place, sentence, sources) or _leads_astray(sentence.text, sources))
    ]


def _asks(page: Sheet, place: int, sentence: Sentence, sources: Sources) -> bool:
    plain = sentence.plain
    if not any_of("scams", "office").search(around(page, place, _OFFICE_NEAR)):
        return False
    return (
        _said(plain, "given")
        or _said(plain, "questioned")
        or (_said(plain, "paid") and not any_of("scams", "paid_rightly").search(plain))
        or (_said(plain, "typed") and _leads_astray(around_as_written(page, place), sources))
        or _installs(sentence, sources)
    )


def _installs(sentence: Sentence, sources: Sources) -> bool:
    """Whether an application is to be had from somewhere else than the shops and the offices' own pages."""
    plain = sentence.plain
    if not _said(plain, "installed") or any_of("scams", "shops").search(plain):
        return False
    if hosts := links_in(sentence.text):
        return any(not sources.is_official(host) for host, _ in hosts)
    return bool(any_of("scams", "from_a_link").search(plain))


def around_as_written(page: Sheet, place: int) -> str:
    """Sentence number *place* with its neighbours, as written."""
    near = page.sentences[max(0, place - _NEAR) : place + _NEAR + 1]
    return "\n".join(sentence.text for sentence in near)


def _said(plain: str, group: str) -> bool:
    """Whether *plain* says one of *group* without a "không" before it in the same clause."""
    return any(
        not _denied().search(plain[: match.start()])
        for one in patterns("scams", group)
        for match in one.finditer(plain)
    )


def _leads_astray(text: str, sources: Sources) -> bool:
    return any(is_deceiving(host, rest, sources) for host, rest in links_in(text))


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(rules("scams")["denied"])
