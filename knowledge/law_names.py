"""Finds the legal text that a question means: by its số hiệu, or in words, `luật hòa giải`, `blhs`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.law_register import law_register, may_mean, number_key
from knowledge.numbers import ASKING_WORDS
from knowledge.standing import State, standing_of, standing_of_entry
from knowledge.text.folding import folded_syllables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from knowledge.law_register import LawEntry
    from knowledge.model import DocumentMeta
    from knowledge.numbers import NumbersAsked

_KIND = re.compile(
    r"^(?:bo luat|luat|phap lenh|nghi dinh|thong tu lien tich|thong tu|quyet dinh|nghi quyet)\s+"
)
_SMALL = frozenset(("o", "va", "ve", "cac", "trong", "cua"))
_LEAST = 2  # words that a name must share, unless it has fewer
OVER = (State.ENDED, State.NOT_YET, State.DRAFT)  # what does not answer as current


@dataclass(frozen=True, slots=True)
class LawMeant:
    """The legal text that is meant: its documents, those in force first, and its entry in the register."""

    documents: tuple[DocumentMeta, ...]
    entry: LawEntry | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its numbers, see `number_key`."""
        numbers = [meta.number for meta in self.documents] + ([self.entry.number] if self.entry else [])
        return tuple(dict.fromkeys(map(number_key, numbers)))


def law_meant(asked: NumbersAsked, held: Sequence[DocumentMeta], today: date) -> LawMeant | None:
    """
    The legal text that *asked* means, among the documents *held* and the register.

    None where none is named, or nothing of that name or number is known.
    """
    if asked.laws:
        entry = law_register().find(asked.laws[0])
        documents = [meta for meta in held if may_mean(asked.laws[0], meta.number)]
    else:
        entry, documents = law_named(asked.law_words, held, today) if asked.law_words else (None, [])
    if not documents and entry is None:
        return None
    documents.sort(key=lambda meta: (standing_of(meta, today).state in OVER, meta.key))
    return LawMeant(tuple(documents), entry)


def law_named(
    words: Sequence[str], held: Sequence[DocumentMeta], today: date
) -> tuple[LawEntry | None, list[DocumentMeta]]:
    """
    The law that folded *words*, what follows `luật` in a question, name.

    Of several of one name the one of the year that is named, then the one in force; nothing where none fits.

    Returns:
        Its entry in the register if it has one, and its documents among *held*.
    """
    entries = {entry.number: entry for entry in law_register().entries if entry.kind == "law"}
    years = [word for word in words if re.fullmatch(r"(?:19|20)\d\d", word)]
    best: tuple[int, bool, bool, bool] = (0, False, False, False)
    number = ""
    for title, of, over, is_held in _candidates(held, entries, today):
        shared = max(_shared(words, name) for name in _names(title))
        rank = (shared, any(f"/{year}/" in of for year in years), not over, is_held)
        if shared and rank > best:
            best, number = rank, of
    documents = [meta for meta in held if meta.number == number]
    return entries.get(number), documents


def _candidates(
    held: Sequence[DocumentMeta], entries: dict[str, LawEntry], today: date
) -> list[tuple[str, str, bool, bool]]:
    """Title, number, whether it is over, whether it is held: of every law that can be named."""
    numbers = {meta.number for meta in held}
    return [
        *((meta.title, meta.number, standing_of(meta, today).state in OVER, True) for meta in held),
        *(
            (item.title, item.number, standing_of_entry(item, today).state in OVER, item.number in numbers)
            for item in entries.values()
        ),
    ]


def _names(title: str) -> list[list[str]]:
    """What a title may be called by: without the word for its kind, without `phòng, chống`."""
    plain = " ".join(folded_syllables(re.sub(r"\([^)]*\)", " ", title)))
    name = _KIND.sub("", plain).split()
    names = [name]
    if name[:2] == ["phong", "chong"]:
        names.append(name[2:])
    return names


def _shared(words: Sequence[str], name: Sequence[str]) -> int:
    """How many words of *name*, from its first, *words* begin with; 0 where they go on to something else."""
    small = [word for word in name if word not in _SMALL]
    asked = [word for word in words if word not in _SMALL]
    count = 0
    while count < min(len(small), len(asked)) and small[count] == asked[count]:
        count += 1
    if count == len(small):
        return count
    rest = asked[count:]
    ends = not rest or rest[0] in ASKING_WORDS or rest[0].isdigit()
    return count if count >= _LEAST and ends else 0
