"""
Questions about a figure of a report, answered with the very sentence that holds it.

Meaning alone finds none: a report of one page counts twenty things, and a guide that tells of the same matter
lies nearer to the question. So the figure itself is looked for: named, or of the unit that is asked for, in a
sentence that holds most of the question's words, in a document of the place and the year it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.candidates import Candidates
from knowledge.extract import QUOTE_LIMIT
from knowledge.figures import FiguresAsked, figures_asked, provinces_in, sentence_at, sentences_with, spans_in
from knowledge.lexical import terms_of
from knowledge.model import DocumentKind, indexed_text
from knowledge.text.folding import folded_syllables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from knowledge.library import Library
    from knowledge.model import Audience, Passage
    from knowledge.query import Query
    from knowledge.search import Found

_LOOKED_AT = 60  # passages by words
_SENTENCE, _AROUND = 0.6, 0.4  # what a word in the sentence, and one around it, counts
_FIT = 0.2  # what a unit of two words, or a day right after the number, adds
_ENOUGH = 0.5  # of the question's words so counted
_AROUND_ENOUGH = 0.5  # of them in the passage or its title
# Of a word's rarity: a library of few pages, or one that much was taken out of, counts words crookedly.
_LEAST, _MOST = 0.5, 4.0
_UNKNOWN = 0.5  # of a word's weight that no passage holds: people's own words
_ASKING = frozenset(
    (
        *(
            "bao",
            "nhieu",
            "may",
            "la",
            "gi",
            "nao",
            "the",
            "nay",
            "duoc",
            "tat",
            "ca",
            "co",
            "cac",
            "nhung",
            "thi",
        ),
        *(
            "ma",
            "vay",
            "o",
            "cua",
            "ve",
            "trong",
            "con",
            "so",
            "lam",
            "tong",
            "cong",
            "ai",
            "ra",
            "sao",
            "a",
            "nhi",
        ),
        *("da", "dang", "bi", "cho", "voi", "tai"),
    )
)


@dataclass(frozen=True, slots=True)
class FigureFound:
    """The *passage* that holds the figure, and the sentence of it to be *quoted*."""

    passage: Passage
    quoted: str


class ByFigure:
    """Looks figures up in the documents of a library that are neither laws nor guides."""

    def __init__(self, library: Library, today: Callable[[], date]) -> None:
        self._library = library
        self._candidates = Candidates(library.record, today)

    def look_up(self, question: str, found: Found, audience: Audience) -> FigureFound | None:
        """The figure that *question* asks for, or None where it asks for none, or nothing holds it surely."""
        if found.query.english:
            return None
        asked = figures_asked(question, found.query.dense)
        if not asked:
            return None
        best: tuple[float, FigureFound] | None = None
        for passage in self._passages(asked, found, audience):
            if not self._is_of(passage, asked):
                continue
            for at, fit in sentences_with(passage.text, asked):
                quoted = sentence_at(passage.text, at, QUOTE_LIMIT)
                score = self._score(found.query, passage, quoted, asked)
                score += _FIT * fit if score else 0.0
                if score and (best is None or score > best[0]):
                    best = score, FigureFound(passage, quoted)
        return best[1] if best else None

    def bound(self, question: str, found: Found) -> FiguresAsked | None:
        """What *question* asks, where it asks for a figure of a named place or year."""
        asked = None if found.query.english else figures_asked(question, found.query.dense)
        counts = asked and (asked.units or asked.figures) and (asked.places or asked.years)
        return asked if counts else None

    def is_of_elsewhere(self, passage: Passage, asked: FiguresAsked) -> bool:
        """Whether *passage* is a report of another place or year than *asked* names."""
        return passage.meta.kind is DocumentKind.DOCUMENT and not self._is_of(passage, asked)

    def _passages(self, asked: FiguresAsked, found: Found, audience: Audience) -> list[Passage]:
        scores: dict[int, float] = {hit.passage.id: hit.score for hit in found.documents}
        for seen in audience.visible:
            index = self._library.lexical[seen, "documents"]
            for terms in (found.query.terms, terms_of(" ".join(asked.figures))):
                scores.update(index.search(terms, limit=_LOOKED_AT))
        current = self._candidates.current(scores, audience, 2 * _LOOKED_AT) if scores else []
        return [item for item in current if item.meta.kind is DocumentKind.DOCUMENT]

    def _is_of(self, passage: Passage, asked: FiguresAsked) -> bool:
        """Whether *passage* is of the years that are asked about, and its document of the places."""
        years = {word for word in folded_syllables(indexed_text(passage)) if len(word) == 4}  # noqa: PLR2004
        issued = {str(passage.meta.issued.year)} if passage.meta.issued else set()
        held = " ".join(folded_syllables(indexed_text(passage)))
        if not all(year in years | issued or year in held for year in asked.years):
            return False
        if not asked.spans <= spans_in(indexed_text(passage)):
            return False
        if not asked.places:
            return True
        meta = passage.meta
        told = [meta.title, meta.organisation, meta.area, meta.source]
        told += [item.text for item in self._library.record.document_passages(meta.key)]
        return set(asked.places) <= set(provinces_in("\n".join(told)))

    def _score(self, query: Query, passage: Passage, quoted: str, asked: FiguresAsked) -> float:
        """How surely *quoted* is the sentence that is asked for; 0 for not surely enough."""
        sentence = self._share(query, quoted, passage, asked)
        if asked.figures:
            return 1.0 + sentence
        around = self._share(query, f"{indexed_text(passage)}\n{passage.meta.title}", passage, asked)
        score = _SENTENCE * sentence + _AROUND * around
        return score if score >= _ENOUGH and around >= _AROUND_ENOUGH else 0.0

    def _share(self, query: Query, text: str, passage: Passage, asked: FiguresAsked) -> float:
        """The share of the question's own words that *text* holds, by rarity; places were looked at."""
        rarity = self._library.lexical[passage.meta.audience, "documents"].rarity
        unknown = rarity("\0")
        held = {*folded_syllables(text)}
        words: Iterable[str] = (
            {*query.terms.folded} - _ASKING - {*" ".join(asked.places).split(), *asked.years}
        )
        weights = {
            word: min(max(rarity(word), _LEAST), _MOST) * (_UNKNOWN if rarity(word) >= unknown else 1.0)
            for word in words
        }
        whole = sum(weights.values())
        return sum(weight for word, weight in weights.items() if word in held) / whole if whole else 0.0
