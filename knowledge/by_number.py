"""
Questions about a number: the article, the số hiệu or the telephone number itself, or an honest "not here".

The exact passages are looked up in the record, in force or not; a neighbour never stands in for them.
What somebody may not see does not exist for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from knowledge.by_figure import ByFigure
from knowledge.choosing import Chooser
from knowledge.evidence import coverage
from knowledge.extract import clause_of, opening, point_of_clause, quote
from knowledge.law_names import OVER, law_meant
from knowledge.law_register import law_register, number_key
from knowledge.model import DocumentKind
from knowledge.numbers import laws_in, numbers_asked
from knowledge.standing import Standing, standing_of, standing_of_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from knowledge.gate import Gate
    from knowledge.law_names import LawMeant
    from knowledge.law_register import LawEntry
    from knowledge.library import Library
    from knowledge.model import Audience, DocumentMeta, Passage
    from knowledge.numbers import NumbersAsked
    from knowledge.search import Found

Missing = Literal["", "number", "article", "law", "phone", "text", "figure"]
_WORDS_INSIDE = 400  # passages by words among which those of one document are looked for
_NEAR = 3
_COVERED = 0.5  # of the question's words, for a passage that search did not bring to answer it


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """
    What a question about a number comes to.

    `passage` answers with `quoted`, a run of it; None where nothing does, and `missing` says what is not
    there: the number, the article in its law, which law is meant, the phone, the law's text, or the figure.
    """

    asked: NumbersAsked
    passage: Passage | None = None
    quoted: str = ""
    standing: Standing | None = None
    entry: LawEntry | None = None  # what the register knows of a text that something else answers for
    held: bool = False  # whether that text itself is held
    law: str = ""  # the title of the law in which an article is missing
    missing: Missing = ""
    also_missing: tuple[str, ...] = ()  # telephone numbers that nothing holds, beside one that is held
    near: tuple[str, ...] = ()  # questions that guides answer from a text that is not held itself


class ByNumber:
    """Answers questions about numbers from a library."""

    def __init__(self, library: Library, gate: Gate, today: Callable[[], date]) -> None:
        self._library = library
        self._gate = gate
        self._today = today
        self._figures = ByFigure(library, today)
        self._chooser = Chooser(gate)

    def look_up(
        self, question: str, found: Found, audience: Audience, previous: Sequence[str] = ()
    ) -> Exact | None:
        """
        What *question* comes to where it asks about a number; None where it does not, or search knows better.

        A figure of a report is one too; so is a plan's number that only the reports know.

        Args:
            question: As typed.
            found: What search brought for it.
            audience: Whose documents may be looked at.
            previous: The asker's earlier questions: a law named there is meant by `thế còn Điều 17`.
        """
        asked = numbers_asked(question)
        exact = self._by_number(asked, found, audience, previous) if asked else None
        if asked.article or asked.phones or (exact is not None and not _may_be_of_a_report(exact)):
            return exact
        figure = self._figures.look_up(question, found, audience)
        if figure is not None:
            return Exact(asked=asked, passage=figure.passage, quoted=figure.quoted)
        return exact or self._of_elsewhere(asked, question, found)

    def _of_elsewhere(self, asked: NumbersAsked, question: str, found: Found) -> Exact | None:
        """That the figure is not here, where search would quote another place's or year's."""
        bound = self._figures.bound(question, found)
        hit = self._chooser.best(found) if bound else None
        if bound and hit and self._figures.is_of_elsewhere(hit.passage, bound):
            return Exact(asked=asked, missing="figure")
        return None

    def _by_number(
        self, asked: NumbersAsked, found: Found, audience: Audience, previous: Sequence[str]
    ) -> Exact | None:
        if asked.phones:
            return self._phone(asked, found, audience)
        if asked.article and not (asked.laws or asked.law_words) and previous:
            before = numbers_asked(previous[-1])
            asked = replace(asked, laws=before.laws, law_words=before.law_words)
        held = self._library.record.numbered(audience.visible) if asked.laws or asked.law_words else []
        law = law_meant(asked, held, self._today())
        if law is None:
            return self._without_law(asked, found, audience)
        if asked.article:
            return self._article(asked, law, found, audience)
        return self._whole_law(asked, law, found, audience)

    def _without_law(self, asked: NumbersAsked, found: Found, audience: Audience) -> Exact | None:
        if asked.laws:
            cited = self._cited((law_register().full_key(asked.laws[0]),), asked, found, audience)
            return cited or Exact(asked=asked, missing="number")
        if asked.law_words or asked.bare:
            return Exact(asked=asked, missing="law")
        english = found.query.english
        holding = [
            hit.passage
            for hit in (*found.documents, *found.guides)
            if _holds_article(hit.passage, asked.article) and self._gate.passes(hit, english=english)
        ]
        return self._told(asked, holding, found) or Exact(asked=asked, missing="article")

    def _article(self, asked: NumbersAsked, law: LawMeant, found: Found, audience: Audience) -> Exact:
        record = self._library.record
        held = False
        for meta in law.documents:
            mark = f"{number_key(meta.number)}+{asked.article}"
            passages = [item for item in record.marked(mark, audience.visible) if item.meta.key == meta.key]
            held = held or bool(passages)
            told = self._told(asked, passages, found)
            if told is not None:
                return replace(told, standing=self._standing(meta, audience))
        title = law.documents[0].title if law.documents else ""
        if held:
            return Exact(asked=asked, law=title, missing="article")
        marks = [f"{key}+{asked.article}" for key in law.keys]
        guides = [item for mark in marks for item in self._in_force(mark, audience)]
        if guides:
            told = self._told(replace(asked, clause="", point=""), [_first(guides, found)], found)
            if told is not None:
                return replace(told, entry=None if law.documents else law.entry)
        if law.documents:  # what cites it is no older copy: an article may have been added since
            return Exact(asked=asked, law=title, missing="article")
        return Exact(asked=asked, entry=law.entry, missing="text", near=self._near(law.keys, audience))

    def _whole_law(
        self, asked: NumbersAsked, law: LawMeant, found: Found, audience: Audience
    ) -> Exact | None:
        if law.documents and asked.bare:
            told = self._told(asked, self._scope(law.documents[0]), found)
            if told is not None:
                return replace(told, standing=self._standing(law.documents[0], audience))
        later = tuple(map(number_key, law.entry.replaced_by)) if law.entry else ()
        cited = self._cited((*law.keys, *later), asked, found, audience)
        if cited is not None:
            over = law.entry is not None and law.entry.is_over(self._today())
            entry = law.entry if over or not law.documents else None
            return replace(cited, entry=entry, held=bool(law.documents))
        for meta in law.documents:
            passage = self._speaking(meta, found, audience)
            told = self._told(asked, [passage], found) if passage else None
            if told is not None:
                return replace(told, standing=self._standing(meta, audience))
        if law.documents and not asked.bare:
            return None  # held, and silent on the matter: what search brought may know
        return Exact(asked=asked, entry=law.entry, missing="text", near=self._near(law.keys, audience))

    def _scope(self, meta: DocumentMeta) -> list[Passage]:
        """The first article of a law: what it is about. The first passage of what has no articles."""
        passages = self._library.record.document_passages(meta.key)
        return ([item for item in passages if item.articles] or passages)[:1]

    def _speaking(self, meta: DocumentMeta, found: Found, audience: Audience) -> Passage | None:
        """The passage of *meta* that speaks to the question; search brings none of what is not in force."""
        english = found.query.english
        for hit in found.documents:
            if hit.passage.meta.key == meta.key and self._gate.passes(hit, english=english):
                return hit.passage
        if standing_of(meta, self._today()).state not in OVER:
            return None
        index = self._library.lexical[meta.audience, "documents"]
        scores = dict(index.search(found.query.terms, limit=_WORDS_INSIDE, added=found.query.added))
        near = self._library.record.passages(list(scores), audience.visible)
        mine = [item for item in near.values() if item.meta.key == meta.key]
        best = max(mine, key=lambda item: scores[item.id], default=None)
        if best is None or coverage(found.query, best, index.rarity) < _COVERED:
            return None
        return best

    def _cited(
        self, keys: Iterable[str], asked: NumbersAsked, found: Found, audience: Audience
    ) -> Exact | None:
        """Of what cites one of *keys* what answers; where only the number is asked for, what speaks of it."""
        english = found.query.english
        for key in filter(None, keys):
            passages = self._in_force(key, audience)
            ids = {item.id for item in passages}
            for hit in found.guides:
                if not asked.bare and hit.passage.id in ids and self._gate.passes(hit, english=english):
                    return self._told(asked, [hit.passage], found)
            speaking = [item for item in passages if key in laws_in(f"{item.heading}\n{item.text}")]
            if speaking and asked.bare:
                return self._told(asked, [_first(speaking, found)], found)
        return None

    def _near(self, keys: Iterable[str], audience: Audience) -> tuple[str, ...]:
        """Questions that guides answer from the texts of *keys*."""
        citing = [item for key in keys for item in self._in_force(key, audience) if item.questions]
        return tuple(dict.fromkeys(item.heading for item in citing))[:_NEAR]

    def _phone(self, asked: NumbersAsked, found: Found, audience: Audience) -> Exact | None:
        holders = {number: self._in_force(number, audience) for number in asked.phones}
        held = [number for number, passages in holders.items() if passages]
        if not held:
            return Exact(asked=asked, missing="phone")
        passages = {item.id: item for group in holders.values() for item in group}
        order = [hit.passage.id for hit in (*found.guides, *found.documents)]

        def fits(item: Passage) -> tuple[int, bool, bool, int, int]:
            count = sum(any(item.id == other.id for other in holders[number]) for number in held)
            named = any(number in text for number in held for text in (item.heading, *item.questions))
            at = order.index(item.id) if item.id in order else len(order)
            return count, item.meta.kind is DocumentKind.GUIDE, named, -at, -item.id

        told = self._told(asked, [max(passages.values(), key=fits)], found)
        missing = tuple(number for number in asked.phones if number not in held)
        return replace(told, also_missing=missing) if told else None

    def _in_force(self, mark: str, audience: Audience) -> list[Passage]:
        passages = self._library.record.marked(mark, audience.visible)
        ids = [item.id for item in passages]
        current = self._library.record.visible(ids, audience.visible, self._today()) if ids else set()
        return [item for item in passages if item.id in current]

    def _told(self, asked: NumbersAsked, passages: Sequence[Passage], found: Found) -> Exact | None:
        """The answer that the first of *passages* gives that holds the khoản and điểm asked for."""
        for passage in passages:
            if passage.meta.kind is DocumentKind.GUIDE:
                return Exact(asked=asked, passage=passage, quoted=passage.text)
            if asked.clause:
                text = clause_of(passage.text, asked.clause)
                text = point_of_clause(text, asked.point) if asked.point else text
                if text:
                    return Exact(asked=asked, passage=passage, quoted=opening(text))
                continue
            if asked.article or asked.bare:
                return Exact(asked=asked, passage=passage, quoted=opening(passage.text))
            rarity = self._library.lexical[passage.meta.audience, "documents"].rarity
            return Exact(asked=asked, passage=passage, quoted=quote(passage.text, found.query, rarity))
        return None

    def _standing(self, meta: DocumentMeta, audience: Audience) -> Standing:
        newer = self._library.record.replacing(number_key(meta.number), audience.visible)
        return standing_of(meta, self._today(), newer)


def _may_be_of_a_report(exact: Exact) -> bool:
    """Whether *exact* is nothing yet, or only a report that mentions the number."""
    if exact.passage is None:
        return exact.missing in {"number", "text"}
    return exact.passage.meta.kind is DocumentKind.DOCUMENT and not exact.passage.meta.number


def entry_standing(exact: Exact, today: date) -> Standing | None:
    """How a text that only the register knows stands on *today*."""
    return standing_of_entry(exact.entry, today) if exact.entry else None


def _holds_article(passage: Passage, number: str) -> bool:
    return any(article.rpartition("+")[2].lower() == number for article in passage.articles)


def _first(passages: Sequence[Passage], found: Found) -> Passage:
    """Of *passages* what search put first; guides before documents where it brought none."""
    ids = {item.id: item for item in passages}
    for hit in (*found.guides, *found.documents):
        if hit.passage.id in ids:
            return ids[hit.passage.id]
    return min(passages, key=lambda item: (item.meta.kind is not DocumentKind.GUIDE, item.id))
