"""
Makes false claims of true ones: what each mutation changes, its passage no longer holds up.

Used by `benchmarks.claims` and the tests. A mutation that could happen to be true (a changed digit that also
stands in the passage) is not made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.claims_swaps import ADDED, ENGLISH, VIETNAMESE
from knowledge.claims.model import Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from knowledge.model import Passage
    from prompts.catalog import Language


@dataclass(frozen=True, slots=True)
class Row:
    """A claim that its passage supports; `cite` names the passage."""

    id: str
    language: Language
    claim: Claim


@dataclass(frozen=True, slots=True)
class Mutant:
    """A claim made false: by which mutation, of which row, and in which language it is asked for."""

    mutation: str
    row: str
    language: Language
    claim: Claim


_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d[\d.,/:-]*\d|\d")


def mutants(row: Row, rows: Sequence[Row], passages: Mapping[str, Passage]) -> Iterator[Mutant]:
    """Every false claim made of *row*; others of *rows*, and their *passages*, lend what does not belong."""
    seen = {row.claim.text}
    for mutation, claim, language in _all(row, rows, passages):
        key = f"{claim.text}|{claim.quote}|{claim.cite}|{language}"
        if key not in seen and claim != row.claim:
            seen.add(key)
            yield Mutant(mutation, row.id, language, claim)


def _all(
    row: Row, rows: Sequence[Row], passages: Mapping[str, Passage]
) -> Iterator[tuple[str, Claim, Language]]:
    makers: tuple[Callable[[Row, Passage], Iterator[tuple[str, Claim]]], ...] = (
        _digits,
        _replaced,
        _added,
        _places,
        _characters,
        _quotes,
    )
    for make in makers:
        for mutation, claim in make(row, passages[row.claim.cite]):
            yield mutation, claim, row.language
    other: Language = "en" if row.language == "vi" else "vi"
    yield "language", row.claim, other
    for mutation, claim in _merged(row, rows, passages):
        yield mutation, claim, row.language


def _digits(row: Row, passage: Passage) -> Iterator[tuple[str, Claim]]:
    """One digit changed, where the number that comes of it stands nowhere in the passage."""
    text = row.claim.text
    known = set(
        re.findall(
            r"\d+",
            f"{passage.text} {passage.locator} {passage.meta.number} {passage.heading} {passage.meta.title}",
        )
    )
    known |= {number.lstrip("0") for number in known}
    for match in _DIGIT.finditer(text):
        for shift in (1, 5):
            digit = str((int(match.group()) + shift) % 10)
            changed = text[: match.start()] + digit + text[match.end() :]
            number = next(m for m in re.finditer(r"\d+", changed) if m.start() <= match.start() < m.end())
            if number.group() not in known and number.group().lstrip("0") not in known:
                yield "digit", replace(row.claim, text=changed)


def _replaced(row: Row, passage: Passage) -> Iterator[tuple[str, Claim]]:
    for mutation, pairs in (VIETNAMESE if row.language == "vi" else ENGLISH).items():
        for pattern, instead in pairs:
            for match in re.finditer(pattern, row.claim.text):
                if mutation == "agency" and instead.lower() in _plain(passage.text):
                    continue  # it may do so too
                changed = row.claim.text[: match.start()] + instead + row.claim.text[match.end() :]
                yield mutation, replace(row.claim, text=changed[0].upper() + changed[1:])


def _plain(text: str) -> str:
    return (
        text.replace("**", "")
        .replace("Ủy ban nhân dân cấp", "UBND")
        .replace("Ủy ban nhân dân", "UBND")
        .replace("cấp xã", "xã")
        .lower()
    )


def _added(row: Row, _passage: Passage) -> Iterator[tuple[str, Claim]]:
    for mutation, sentences in ADDED[row.language].items():
        for sentence in sentences:
            text = (
                row.claim.text.rstrip(".") + sentence
                if sentence.startswith(",")
                else row.claim.text + sentence
            )
            yield mutation, replace(row.claim, text=text)


def _places(row: Row, passage: Passage) -> Iterator[tuple[str, Claim]]:
    """A wrong place in the law, added to a claim from a law."""
    own = re.search(r"Điều (\d+)", passage.locator)
    if not own or re.search(r"Điều|Article", row.claim.text):
        return
    clause = _clause_of(passage.text, row.claim.quote)
    wrong = str(int(clause) + 1) if clause else "7"
    said = (
        ("khoản {c} Điều {a}", "Điều {a}", "điểm đ khoản {c} Điều {a}")
        if row.language == "vi"
        else ("Article {a}, clause {c}", "Article {a}")
    )
    lead = "theo " if row.language == "vi" else "under "
    for clause_said, article in ((wrong, own[1]), (clause or "1", str(int(own[1]) + 1))):
        for pattern in said:
            place = pattern.format(c=clause_said, a=article)
            if place in {f"Điều {own[1]}", f"Article {own[1]}"}:
                continue
            yield "article", replace(row.claim, text=f"{row.claim.text.rstrip('.')} ({lead}{place}).")
    number = re.sub(r"^\d+", lambda match: str(int(match.group()) + 1), passage.meta.number)
    yield "law number", replace(row.claim, text=f"{row.claim.text.rstrip('.')} ({number}).")


def _clause_of(text: str, quote: str) -> str:
    at = text.replace("**", "").find(quote.replace("**", "")[:30])
    begun = [
        match[1] for match in re.finditer(r"(?m)^(\d+)\.", text.replace("**", "")) if match.start() <= at
    ]
    return begun[-1] if begun else ""


def _characters(row: Row, _passage: Passage) -> Iterator[tuple[str, Claim]]:
    text = row.claim.text
    middle = len(text) // 2
    yield "characters", replace(row.claim, text=text[:middle] + "\u200b" + text[middle:])
    yield "characters", replace(row.claim, text=text[:middle] + "\u202e" + text[middle:])
    if "a" in text:
        yield "characters", replace(row.claim, text=text.replace("a", "\u0430", 1))
    yield "markup", replace(row.claim, text=f"<b>{text}</b>")
    yield "markup", replace(row.claim, text=f"[{text}](https://example.org)")


def _quotes(row: Row, passage: Passage) -> Iterator[tuple[str, Claim]]:
    words = row.claim.quote.split()
    middle = len(words) // 2
    yield "quote", replace(row.claim, quote=" ".join([*words[:middle], "hoàn toàn", *words[middle:]]))
    yield "quote", replace(row.claim, quote=" ".join(words[:2]))
    yield "quote", replace(row.claim, quote="")
    yield (
        "quote",
        replace(row.claim, quote=row.claim.text if row.language == "en" else " ".join(reversed(words))),
    )
    yield "id", replace(row.claim, cite="p99")
    for line in passage.text.split("\n"):
        said = line.strip(" -*")
        if len(said.split()) >= 5 and not _shares(said, row.claim.quote):  # noqa: PLR2004 - a quote of its own
            yield "quote from elsewhere", replace(row.claim, quote=said)


def _shares(line: str, quote: str) -> bool:
    """Whether *line* holds any three words in a row of *quote*: then it may say the same."""
    bare, words = " ".join(re.findall(r"\w+", line.lower())), re.findall(r"\w+", quote.lower())
    return any(" ".join(words[at : at + 3]) in bare for at in range(len(words) - 2))


def _merged(row: Row, rows: Sequence[Row], passages: Mapping[str, Passage]) -> Iterator[tuple[str, Claim]]:
    """Half of another passage's claim in this one's; this claim with another passage and its quote."""
    others = [
        other for other in rows if other.claim.cite != row.claim.cite and other.language == row.language
    ]
    at = sum(map(ord, row.id))
    for step in (0, 7, 19):
        other = others[(at + step) % len(others)]
        both = (
            f"{row.claim.text.rstrip('.')}, {'và' if row.language == 'vi' else 'and'} "
            f"{other.claim.text[0].lower()}{other.claim.text[1:]}"
        )
        if not _topic_shared(other, passages[row.claim.cite]):
            yield "merged", replace(row.claim, text=both)
        if not _topic_shared(row, passages[other.claim.cite]):
            yield "wrong source", Claim(row.claim.text, other.claim.cite, other.claim.quote)


def _topic_shared(row: Row, passage: Passage) -> bool:
    """Whether *passage* says nearly what *row* says: then it is no wrong source."""
    words = set(re.findall(r"\w{2,}", _plain(row.claim.quote)))
    return len(words & set(re.findall(r"\w{2,}", _plain(passage.text)))) > 0.8 * len(words)
