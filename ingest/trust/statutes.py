"""
Law as a document cites it, against the register.

Numbers and articles that cannot be, names that belong to another number, law that is over quoted as if it
held. What the register does not know is said to be unknown, no more.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from ingest.trust.flags import Code, Flag, sample_of
from ingest.trust.rules import rules
from ingest.trust.sentences import sheet
from knowledge.law_register import law_register, number_key
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ingest.trust.sentences import Sentence, Sheet
    from knowledge.model import DocumentMeta

_KINDS: Final = r"(?:bo luat|luat|phap lenh|nghi dinh|thong tu lien tich|thong tu|quyet dinh|nghi quyet)"
LAW_NUMBER: Final = re.compile(
    r"(?<![\d/])(?P<serial>\d{1,4})\s?/\s?(?P<year>(?:19|20)\d\d)\s?/\s?"
    r"(?P<ending>(?P<assembly>qh\d{1,2})|nd-?\s?cp|qd-?ttg|nq-[a-z]+|ubtvqh\d{1,2}|pl-ubtvqh\d{0,2}|tt-[a-z]+|ttlt(?:-[a-z&]+)*)\b"
)
_NAMED: Final = re.compile(rf"\b(?P<kind>{_KINDS})\b(?P<name>[^\n;:]{{0,110}}?)(?:\bso\b:?\s*)?$")
_ABOUT: Final = re.compile(r"\s*,?\s*(?:ve|quy dinh ve)\s+(?P<name>[^\n;.]{3,80})")
_ARTICLE: Final = re.compile(
    rf"\bdieu\s+(?P<list>\d{{1,3}}[a-z]?(?:\s*(?:,|va|den|-|–)\s*(?:dieu\s+)?\d{{1,3}}[a-z]?){{0,12}})\s*,?\s*(?:cua\s+)?(?P<rest>(?P<kind>{_KINDS})\b[^\n;]{{0,120}})"
)
_ENDINGS: Final = {
    "bo luat": ("qh",),
    "luat": ("qh",),
    "nghi dinh": ("nd",),
    "thong tu lien tich": ("ttlt",),
    "thong tu": ("tt",),
    "quyet dinh": ("qd",),
    "phap lenh": ("ub", "pl"),
    "nghi quyet": ("qh", "nq", "ub"),
}
_KNOWS_IT_IS_OVER: Final = re.compile(
    r"\b(?:thay the|thay cho|het hieu luc|bai bo|huy bo|truoc day|truoc do|ban cu|quy dinh cu|het han)\b"
)
_AMENDING: Final = re.compile(r"\b(?:sua|sua doi|bo sung)\b")


def statute_flags(page: Sheet, today: date) -> list[Flag]:
    """The flags of what *page* cites, as the law stood on *today*."""
    found: list[Flag] = []
    for sentence in page.sentences:
        for code, sample in (*_numbers(sentence, today), *_articles(sentence)):
            found.append(Flag(code, page.where, sample))
    return found


def own_flags(meta: DocumentMeta, articles: Iterable[str], today: date) -> list[Flag]:
    """
    The flags of a legal text itself.

    Args:
        meta: The text.
        articles: The articles it has, such as `35/2013/QH13+16`.
        today: The day by which law is judged.
    """
    if not meta.number:
        return []
    page = sheet(meta.number, "")
    found = [Flag(code, "", sample) for code, sample in _numbers(page.sentences[0], today)]
    most = article_counts().get(number_key(meta.number))
    numbers = (re.match(r"\d+", article.rpartition("+")[2]) for article in articles)
    highest = max((int(number[0]) for number in numbers if number), default=0)
    if most is not None and highest > most:
        found.append(Flag(Code.SPUN_STATUTE, "", f"{meta.number}, Điều {highest}"))
    return found


@cache
def article_counts() -> dict[str, int]:
    """How many Điều each law has, by `number_key`; what is not there is not known."""
    return {number_key(number): count for number, count in rules("laws")["articles"].items()}


@cache
def law_names() -> tuple[tuple[str, str], ...]:
    """Names of laws (folded, one blank between words) with their keys, longest name first."""
    names = []
    for entry in law_register().entries:
        name = _plain(re.sub(r"\(.*?\)", "", entry.title))
        if entry.kind == "law" and not _AMENDING.search(name) and not name.startswith("luat co "):
            names.append((re.sub(r"^(?:bo )?luat ", "", name), number_key(entry.number)))
    return tuple(sorted(names, key=lambda pair: -len(pair[0])))


def _numbers(sentence: Sentence, today: date) -> Iterator[tuple[Code, str]]:
    register = law_register()
    for match in LAW_NUMBER.finditer(sentence.plain):
        written = re.sub(r"\s", "", sentence.text[match.start() : match.end()])
        entry = register.find(written)
        named = _NAMED.search(_before(sentence.plain, match.start()))
        if _cannot_be(match, named, today) or _named_after_another(sentence.plain, match, named):
            yield Code.SPUN_STATUTE, sample_of(sentence.text)
        elif entry is None and not register.find_all(written):
            yield Code.LAW_UNKNOWN, written
        elif entry is not None and entry.is_over(today) and not _KNOWS_IT_IS_OVER.search(sentence.plain):
            yield Code.LAW_REPEALED, " → ".join((entry.number, *entry.replaced_by[:1]))


def _before(plain: str, at: int) -> str:
    """What stands before a number, from the number before it on."""
    earlier = [match.end() for match in LAW_NUMBER.finditer(plain, 0, at)]
    text = plain[earlier[-1] if earlier else 0 : at]
    kinds = list(re.finditer(rf"\b{_KINDS}\b", text))
    return text[kinds[-1].start() :] if kinds else ""


def _cannot_be(match: re.Match[str], named: re.Match[str] | None, today: date) -> bool:
    year = int(match["year"])
    if year > today.year:
        return True
    if match["assembly"]:
        first, last = rules("laws")["assemblies"].get(match["assembly"].upper(), (0, 0))
        if not first <= year <= last:
            return True
    # "Nghị định số 25/2018/QH14": only where nothing but "số" stands between the two.
    if named is None or named["name"].strip():
        return False
    return not match["ending"].startswith(_ENDINGS[named["kind"]])


def _named_after_another(plain: str, match: re.Match[str], named: re.Match[str] | None) -> bool:
    """Whether the name beside a number is another law's, word for word."""
    entry = law_register().find(match[0])
    if entry is None or entry.kind != "law":
        return False
    own = number_key(entry.number)
    if own not in {key for _, key in law_names()}:  # an amending law may be called after many
        return False
    names = [named["name"]] if named and named["kind"] in {"luat", "bo luat"} else []
    about = _ABOUT.match(plain, match.end())
    names += [about["name"]] if about and names and not names[0].strip() else []
    for written in names:
        called = _laws_called(written)
        if called and own not in called:
            return True
    return False


def _laws_called(written: str) -> tuple[str, ...]:
    """The keys of the laws whose name *written* begins with, by the longest name that fits; none for none."""
    plain = _plain(written)
    if _AMENDING.search(plain):
        return ()
    fitting = [(name, key) for name, key in law_names() if re.match(rf"{re.escape(name)}\b", plain)]
    return tuple(key for name, key in fitting if name == fitting[0][0])


def _articles(sentence: Sentence) -> Iterator[tuple[Code, str]]:
    counts = article_counts()
    for match in _ARTICLE.finditer(sentence.plain):
        number = LAW_NUMBER.search(match["rest"])
        if number and not _AMENDING.search(match["rest"][: number.start()]):
            keys: tuple[str, ...] = (number_key(number[0]),)
        elif match["kind"] in {"luat", "bo luat"} and not number:
            keys = _laws_called(match["rest"][len(match["kind"]) :])
        else:
            continue
        known = [counts[key] for key in keys if key in counts]
        if not known or len(known) < len(keys):
            continue  # a law of that name whose length nobody has counted
        if any(int(one) > max(known) for one in re.findall(r"\d{1,3}", match["list"])):
            yield Code.SPUN_STATUTE, sample_of(sentence.text[match.start() : match.end()])


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())
