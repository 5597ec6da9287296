"""
Whether every fact of a claim stands in its quote's sentences, or in the passage's own names. Pure.

A place in a law is held up by where the quote itself stands: `khoản 2 Điều 5` only by a quote from there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from knowledge.claims.facts import facts_in, fits, same_bound
from knowledge.claims.model import Fault
from knowledge.claims.places import law_fits
from knowledge.claims.quantities import lone_bounds
from knowledge.claims.spelling import plain
from knowledge.model import DocumentKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.claims.fact import Fact
    from knowledge.claims.quoting import Located
    from knowledge.claims.scanning import Reading
    from knowledge.model import Passage

_FAULTS: Final = {
    "phone": Fault.PHONE,
    "law": Fault.LAW_NUMBER,
    "article": Fault.ARTICLE,
    "chapter": Fault.ARTICLE,
    "date": Fault.DATE,
    "hours": Fault.DURATION,
    "days": Fault.DURATION,
    "working_days": Fault.DURATION,
    "months": Fault.DURATION,
    "rate": Fault.DURATION,
    "money": Fault.AMOUNT,
    "percent": Fault.PERCENT,
    "age": Fault.AGE,
    "agency": Fault.AGENCY,
}
_OWN_ARTICLE = re.compile(r"điều (\d+[a-zđ]?)")
_OWN_CLAUSES = re.compile(r"khoản (\d+[a-zđ]?)(?: ?- ?(\d+))?")
_LAW_NAME = re.compile(r"(?:bộ luật|luật) ([^\W\d_]+ [^\W\d_]+)")
_CAPITAL_LAW = re.compile(r"(?:Bộ luật|Luật) ([^\W\d_]+ [^\W\d_]+)")


def unsupported(
    text: str,
    claim: Reading,
    passage: Passage,
    found: Located,
    grounds: tuple[Sequence[Fact], Sequence[Fact]],
) -> Iterator[Fault]:
    """
    The faults of the facts of *claim* that its passage does not hold up.

    Args:
        text: The claim as shown.
        claim: The claim, read.
        passage: What it cites.
        found: Where its quote stands.
        grounds: The facts of the quote's sentences and the passage's names; and of the rest of its lines too.
    """
    said, near = (_with_number(facts, passage) for facts in grounds)
    # Who is meant may stand in the sentence before, where the quote's own names nobody: where it does,
    # another body of the passage in its place would be a swap.
    in_quote = any(fact.kind == "agency" for fact in facts_in(plain(found.said)))
    for fact in claim.facts:
        if fact.kind == "article":
            if not _place_stands(fact, claim.facts, passage, found, said):
                yield Fault.ARTICLE
            continue
        years = "year" in claim.text[fact.start : fact.end]
        where = near if fact.kind == "agency" and not in_quote else said
        known = [other for other in where if _meets(fact, other, years=years)]
        if not known:
            yield _fault(fact)
        elif fact.kind != "agency" and not any(same_bound(fact, other) for other in known):
            yield Fault.LIMIT
    if _one_is_unbound(claim, said):
        yield Fault.LIMIT
    if _names_another_law(text, passage, found):
        yield Fault.ARTICLE


def _one_is_unbound(claim: Reading, said: Sequence[Fact]) -> bool:
    """Whether *claim* says `một` where the passage says `ít nhất 01` or `tối đa 01`."""
    bounds = {fact.bound for fact in said if fact.value == (1.0,) and fact.bound in {"at_least", "at_most"}}
    return bool(bounds) and any(bound not in bounds for bound in lone_bounds(claim.text))


def _fault(fact: Fact) -> Fault:
    return Fault.TIME if fact.clock else _FAULTS.get(fact.kind, Fault.NUMBER)


def _meets(fact: Fact, other: Fact, *, years: bool) -> bool:
    if fits(fact, other):
        return True
    # "18 years" in English is a span or an age.
    if years and fact.kind == "months" and other.kind == "age" and len(fact.value) == 1:
        return fits(replace(fact, kind="age", value=(float(str(fact.value[0])) / 12,)), other)
    return False


def _with_number(facts: Sequence[Fact], passage: Passage) -> list[Fact]:
    own = [fact for fact in facts_in(plain(passage.meta.number)) if fact.kind == "law"]
    return [*facts, *own]


def _place_stands(
    fact: Fact, facts: Sequence[Fact], passage: Passage, found: Located, said: Sequence[Fact]
) -> bool:
    if any(other.kind == "article" and fits(fact, other) for other in said):
        return True
    places = [tuple(map(str, place)) for place in fact.value if isinstance(place, tuple)]
    if passage.meta.kind is DocumentKind.LAW:
        return all(_is_own(place, passage, found) for place in places)
    laws = [other.value for other in facts if other.kind == "law"]
    return all(_is_cited(place, laws, passage) for place in places)


def _is_own(place: tuple[str, ...], passage: Passage, found: Located) -> bool:
    """Whether *place* is the article of a law's passage, and the khoản and điểm that the quote stands in."""
    article, clause, point = place
    named = _OWN_ARTICLE.search(plain(f"{passage.locator} {passage.heading}"))
    own = named[1] if named else ""
    if not own or article not in ("", own) or not (article or clause):
        return False
    if not clause:
        return not point
    clauses = {known for known, _ in found.places if known}
    if not clauses:
        span = _OWN_CLAUSES.search(plain(passage.locator))
        last = span[2] or span[1] if span else ""
        clauses = (
            {str(n) for n in range(int(span[1]), int(last) + 1)} if span and span[1].isdigit() else set()
        )
    return clause in clauses and (not point or (clause, point) in found.places)


def _is_cited(place: tuple[str, ...], laws: Sequence[tuple[object, ...]], passage: Passage) -> bool:
    """Whether a guide names *place* as what it stands on."""
    article, clause, point = place
    if not article or point:
        return False
    for reference in passage.references:
        number, _, own = reference.article.rpartition("+")
        named = [fact.value for fact in facts_in(plain(number)) if fact.kind == "law"]
        same_law = not laws or any(law_fits(law, known) for law in laws for known in named)
        written = f"khoản {clause}"
        if (
            own == article
            and same_law
            and (not clause or re.search(rf"{written}(?!\d)", plain(reference.title)))
        ):
            return True
    return not clause and any(
        known.rpartition("+")[2] == article
        and (
            not laws
            or any(
                law_fits(law, f.value)
                for law in laws
                for f in facts_in(plain(known.rpartition("+")[0]))
                if f.kind == "law"
            )
        )
        for known in passage.articles
    )


def _names_another_law(text: str, passage: Passage, found: Located) -> bool:
    """Whether *text* names a law, with a capital, as neither the passage nor its sources do."""
    named = {plain(match[1]) for match in _CAPITAL_LAW.finditer(text) if match[1][0].isupper()}
    if not named:
        return False
    titles = "\n".join(reference.title for reference in passage.references)
    held = plain(f"{passage.meta.title}\n{passage.heading}\n{found.line}\n{titles}\n{passage.text}")
    known = {match[1] for match in _LAW_NAME.finditer(held)}
    return not named <= known
