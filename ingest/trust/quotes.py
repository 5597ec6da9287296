"""
Quotations of law against the law itself, where it is in the library: same words, other numbers.

A sentence that names an article and then says, in the article's own words, "05 ngày" where the law says
"03 ngày" is worse than one that names nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.trust.flags import Code, Flag, sample_of
from ingest.trust.statutes import LAW_NUMBER, law_names
from knowledge.law_register import law_register
from knowledge.text.folding import fold, folded_syllables

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.trust.sentences import Sheet

_CITED: Final = re.compile(r"\bdieu\s+(?P<article>\d{1,3}[a-z]?)\b")
_NAMED: Final = re.compile(r"\b(?:bo luat|luat)\s+(?P<name>[^\n;.]{4,80})")
_CITING: Final = re.compile(
    r"\b(?:khoan|diem|dieu|muc|chuong|phan|luat|bo luat|nghi dinh|thong tu|so|nam)\s+(?:so\s+)?"
    r"\d{1,4}[a-z]?(?:/[\w/&-]+)?\b"
    r"|\b\d{1,4}/\d{4}/[\w&-]+|\b\d{1,2}\s?/\s?\d{1,2}\s?/\s?\d{4}\b|^\s*\d{1,3}[.)]"
)
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_RUN: Final = 3  # syllables compared at a time
_LEAST: Final = 10  # syllables a quotation has
_LIKE: Final = 0.6  # of its runs that stand in the article: then it means to quote


def quote_flags(page: Sheet, article_text: Callable[[str, str], str]) -> list[Flag]:
    """
    Flags for sentences of *page* that give an article's words with other numbers.

    Args:
        page: The text.
        article_text: The text of an article in the library by (số hiệu, article), "" where it is not there.
    """
    found: list[Flag] = []
    cited: _Cited | None = None
    for sentence in page.sentences:
        own = _cited(sentence.plain)
        # What is quoted often stands in the sentence after the one that names the article.
        named, cited = own or cited, own
        if named is None:
            continue
        law = article_text(named.number, named.article)
        said = f"{sentence.text[: own.start]} {sentence.text[own.end :]}" if own else sentence.text
        if law and _differs(said, law):
            found.append(Flag(Code.SPUN_STATUTE, page.where, sample_of(sentence.text)))
    return found


@dataclass(frozen=True, slots=True)
class _Cited:
    """A law and an article, and where in the sentence their naming begins and ends."""

    number: str
    article: str
    start: int
    end: int


def _cited(plain: str) -> _Cited | None:
    """The law and article that a sentence names, where it names exactly one article."""
    articles = list(_CITED.finditer(plain))
    if len({match["article"] for match in articles}) != 1:
        return None
    first = articles[0]
    number = LAW_NUMBER.search(plain)
    if number:
        span = min(first.start(), number.start()), max(first.end(), number.end())
        return _Cited(re.sub(r"\s", "", number[0]), first["article"], *span)
    named = _NAMED.search(plain)
    if not named:
        return None
    for law, key in law_names():
        # The name as written may have commas where ours has none.
        pattern = r"\W+".join(re.escape(word) for word in law.split())
        written = re.match(rf"{pattern}\b", named["name"])
        entry = law_register().find(key) if written else None
        if written and entry is not None:
            ends = named.start("name") + written.end()
            return _Cited(
                entry.number, first["article"], min(first.start(), named.start()), max(first.end(), ends)
            )
    return None


def _differs(said: str, law: str) -> bool:
    words = folded_syllables(_NUMBER.sub("0", _CITING.sub(" ", fold(said))))
    if len(words) < _LEAST:
        return False
    theirs = _runs(folded_syllables(_NUMBER.sub("0", fold(law))))
    ours = _runs(words)
    if not ours or len(ours & theirs) < _LIKE * len(ours):
        return False
    return bool(_figures(_CITING.sub(" ", fold(said))) - _figures(fold(law)))


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def _figures(text: str) -> set[str]:
    return {match.lstrip("0") or "0" for match in _NUMBER.findall(text)}
