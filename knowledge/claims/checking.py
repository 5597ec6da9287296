"""
Decides which claims of a draft stay: what its passage does not hold up falls, by name of fault. Pure.

No model is asked and nothing is embedded: a claim is compared with the sentences of its own quote, with
the line
that leads them, and with the heading and title above them. When in doubt it falls; the extractive
answer is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from knowledge.claims.agreement import contradicting
from knowledge.claims.binding import bound_elsewhere
from knowledge.claims.conditions import condition_dropped, exception_made_up, label_dropped
from knowledge.claims.content import Ground, has_unknown_name, is_said_elsewhere, is_unsaid, says_the_opposite
from knowledge.claims.degree import degree_differs
from knowledge.claims.joining import joined_otherwise
from knowledge.claims.model import Checked, Claim, Dropped, Fault
from knowledge.claims.order import spliced, turned_round
from knowledge.claims.quoting import Located, locate
from knowledge.claims.scanning import read
from knowledge.claims.schema import MOST_CLAIMS
from knowledge.claims.spelling import tidy
from knowledge.claims.support import unsupported
from knowledge.claims.surface import surface_faults
from knowledge.claims.turning import turning_faults
from knowledge.model import DocumentKind
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.claims.model import Draft, Supplied
    from knowledge.claims.scanning import Reading
    from knowledge.model import Passage
    from prompts.catalog import Language

MOST_CHARACTERS: Final = 1_300  # of all claims together: what a phone shows in two screens
_ITSELF = re.compile(r"\b((?:Bộ luật|Luật|Nghị định|Thông tư|Quyết định|Nghị quyết|Pháp lệnh)) này\b")
_OPEN_LEAD = re.compile(r"(?i)\b(?:phải|được|có thể|cần|nên|không|cấm|nếu|khi|trừ)[ *]*:\W*$")
_MOST_CHOICES, _LEAST_CHOICES = 3, 2


def check(draft: Draft, evidence: Sequence[Supplied], language: Language) -> Checked:
    """
    What stays of *draft*.

    Args:
        draft: What a model wrote.
        evidence: The passages it was given, each id once.
        language: The asker's.

    Raises:
        ValueError: Two passages of *evidence* have one id.
    """
    supplied = {item.id: item.passage for item in evidence}
    if len(supplied) != len(evidence):
        raise ValueError("two passages of one id")
    kept: list[Claim] = []
    dropped: list[Dropped] = []
    for claim in draft.claims:
        checked = _too_many(claim, kept) or _checked(claim, supplied, language)
        (kept if isinstance(checked, Claim) else dropped).append(checked)  # type: ignore[arg-type]
    fallen = contradicting(kept, language)
    dropped += [Dropped(kept[at], (Fault.CONTRADICTION,)) for at in sorted(fallen)]
    standing = tuple(claim for at, claim in enumerate(kept) if at not in fallen)
    choices = tuple(dict.fromkeys(name for name in draft.clarify if name in supplied))[:_MOST_CHOICES]
    return Checked(
        kept=standing,
        dropped=tuple(dropped),
        clarify=choices if len(choices) >= _LEAST_CHOICES else (),
        refusal=draft.refusal and not standing,
    )


def _too_many(claim: Claim, kept: Sequence[Claim]) -> Dropped | None:
    written = sum(len(other.text) for other in kept)
    if len(kept) >= MOST_CLAIMS or written + len(claim.text) > MOST_CHARACTERS:
        return Dropped(claim, (Fault.TOO_MANY,))
    if any(tidy(claim.text) == other.text for other in kept):
        return Dropped(claim, (Fault.TOO_MANY,))  # said once already
    return None


def _checked(claim: Claim, supplied: dict[str, Passage], language: Language) -> Claim | Dropped:
    text = tidy(claim.text)
    if not any(char.isalnum() for char in text):
        return Dropped(claim, (Fault.EMPTY,))
    passage = supplied.get(claim.cite.strip())
    if passage is None:
        return Dropped(claim, (Fault.UNKNOWN_ID,))
    found = locate(passage.text, claim.quote)
    if isinstance(found, Fault):
        return Dropped(claim, (found,))
    faults = tuple(dict.fromkeys(_faults(text, passage, found, language)))
    return Dropped(claim, faults) if faults else Claim(text, claim.cite.strip(), found.verbatim)


@dataclass(frozen=True, slots=True)
class _Around:
    """
    What a claim is compared with, read.

    The sentences of its quote with the line that leads them, the sentences alone, the whole lines, and the
    passage's names.
    """

    said: Reading
    quoted: Reading
    line: Reading
    names: Reading

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word of it."""
        return self.said.vocabulary | self.line.vocabulary | self.names.vocabulary


def _around(passage: Passage, found: Located) -> _Around:
    open_lead = _OPEN_LEAD.search(found.lead)  # "phải:" reaches over the items it leads
    lead = f"{found.lead.rstrip(': *')} " if open_lead else f"{found.lead}\n" if found.lead else ""
    said = f"{lead}{found.said}"
    if passage.meta.number:  # "Nghị định này" is itself, by name
        said = _ITSELF.sub(rf"\1 {passage.meta.number}", said)
    names = f"{passage.meta.title}\n{passage.meta.number}\n{passage.heading}"
    return _Around(read(said), read(found.said), read(found.line), read(names))


def _faults(text: str, passage: Passage, found: Located, language: Language) -> Iterator[Fault]:
    around = _around(passage, found)
    claim, said, quoted = read(text, language), around.said, around.quoted
    near = f"{around.names.text}\n{said.text}\n{around.line.text}"
    yield from surface_faults(text, language, near)
    named = (*around.names.facts, *said.facts)
    yield from unsupported(text, claim, passage, found, (named, (*named, *around.line.facts)))
    if swapped := bound_elsewhere(claim, said):
        yield Fault.AGENCY if swapped == "agency" else Fault.NUMBER
    yield from turning_faults(claim, said, advice=passage.meta.kind is DocumentKind.GUIDE)
    if condition_dropped(claim, quoted) or label_dropped(claim, quoted) or exception_made_up(claim, said):
        yield Fault.CONDITION
    if turned_round(claim, said) or spliced(claim, quoted, around.names.vocabulary):
        yield Fault.ORDER
    if degree_differs(claim, said):
        yield Fault.LIMIT
    if joined_otherwise(claim, said):
        yield Fault.CONJUNCTION
    summary = read(passage.english, "en").words if language == "en" else frozenset[str]()
    ground = Ground(around.vocabulary | summary, read(passage.text).vocabulary, _names(passage))
    if (
        is_said_elsewhere(claim, quoted)
        or is_unsaid(claim, ground)
        or says_the_opposite(claim, said)
        or has_unknown_name(text, claim, ground)
    ):
        yield Fault.CONTENT


@lru_cache(maxsize=256)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(map(fold, re.findall(r"[^\W\d_]+", text.lower())))


def _names(passage: Passage) -> frozenset[str]:
    """Every word of *passage* and of what it is called, folded."""
    meta = passage.meta
    return _words_of(f"{meta.title}\n{meta.number}\n{passage.heading}\n{passage.locator}\n{passage.text}")
