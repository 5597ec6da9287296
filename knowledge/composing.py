"""Words an answer from a passage, verbatim and cited. Reads the record for the questions to ask next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from knowledge.answer import Answer, Status
from knowledge.authority import authority_of, day_of
from knowledge.choosing import weight_of
from knowledge.citing import cite, date_of
from knowledge.disagreement import difference, figures
from knowledge.extract import quote
from knowledge.locators import locator_of_quote
from knowledge.model import DocumentKind
from knowledge.staleness import stale_names, told_stale
from knowledge.standing import State, standing_of, told
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.choosing import Chooser
    from knowledge.library import Library
    from knowledge.model import Passage
    from knowledge.search import Found, Hit
    from knowledge.standing import Standing
    from prompts.catalog import Language

_SUGGESTIONS = 3
_SAID_FIRST = (State.DRAFT, State.ENDED, State.NOT_YET)  # or somebody reads the quotation as today's law
_SAID_AFTER = (State.AMENDED, State.DOUBTFUL)


class Composer:
    """Makes answers from the passages of a library."""

    def __init__(self, library: Library, chooser: Chooser, *, today: Callable[[], date] = date.today) -> None:
        self._library = library
        self._chooser = chooser
        self._today = today

    def answer(self, hit: Hit, found: Found, language: Language) -> Answer:
        """The answer that *hit* gives to what *found* was asked; beside it what contradicts it, if any."""
        rival = self._rival(hit, found)
        if rival is not None:
            return self._differing(hit, rival, found, language)
        return self.of_passage(hit.passage, self._quoted(hit.passage, found), language)

    def of_passage(
        self,
        passage: Passage,
        quoted: str,
        language: Language,
        standing: Standing | None = None,
        *,
        asked_about: bool = False,
    ) -> Answer:
        """
        The answer that *quoted*, a run of *passage*, gives.

        Args:
            passage: A guide's section or a document's passage.
            quoted: The run to show; a guide's section is shown whole.
            language: Of our own words.
            standing: How its document stands, where the caller knows more than the document says.
            asked_about: Whether the question was about the document itself, and not what stands in it.
        """
        meta = passage.meta
        if meta.kind is DocumentKind.GUIDE:
            return self._answered([_guide_text(passage, language)], [], passage, passage.text)
        known = standing or standing_of(meta, self._today())
        said = []
        if known.state in _SAID_FIRST and (about := told(known, language)):
            said = [f"{about} {say('ask.standing_only_to_read', language)}"]
        lead = _lead(passage, locator_of_quote(passage, quoted), language)
        notes = _notes(passage, quoted, language, known, asked_about=asked_about)
        return self._answered([*said, lead, quoted, *notes], [*said, *notes], passage, quoted)

    def notes_on(self, passage: Passage, quoted: str, language: Language) -> list[str]:
        """What is said after an answer of the time of what *passage* says in *quoted*."""
        if passage.meta.kind is DocumentKind.GUIDE:
            return []
        return _notes(passage, quoted, language, standing_of(passage.meta, self._today()))

    def speaks_for_today(self, passage: Passage) -> bool:
        """Whether what *passage* says may be told as what holds today."""
        if passage.meta.kind is DocumentKind.GUIDE:
            return True
        return standing_of(passage.meta, self._today()).state not in _SAID_FIRST

    def _quoted(self, passage: Passage, found: Found) -> str:
        if passage.meta.kind is DocumentKind.GUIDE:
            return passage.text
        rarity = self._library.lexical[passage.meta.audience, "documents"].rarity
        return quote(passage.text, found.query, rarity)

    def _rival(self, hit: Hit, found: Found) -> Hit | None:
        """What gives another figure than *hit* for the same thing, the weightiest of them."""
        rarity = self._library.lexical[hit.passage.meta.audience, "documents"].rarity
        mine = self._quoted(hit.passage, found)
        if not figures(mine):
            return None
        asked = found.query.terms.folded
        rivals = [
            other
            for other in self._chooser.rivals(found, hit)
            if difference(mine, self._quoted(other.passage, found), asked, rarity)
        ]
        return max(rivals, key=weight_of, default=None)

    def _differing(self, hit: Hit, rival: Hit, found: Found, language: Language) -> Answer:
        """Both sources, the weightier first, with their dates and authority, and whom to ask."""
        first, second = sorted((hit, rival), key=weight_of, reverse=True)
        parts, notes = [say("ask.differ", language)], []
        for key, item in (("ask.differ_first", first), ("ask.differ_second", second)):
            passage, quoted = item.passage, self._quoted(item.passage, found)
            parts += [say(key, language, source=_source(passage, language)), quoted]
            standing = standing_of(passage.meta, self._today())
            stale = told_stale(stale_names(quoted, passage.meta), language)
            about = told(standing, language) if standing.state in {*_SAID_FIRST, *_SAID_AFTER} else ""
            notes += [note for note in (stale, about) if note]
        answer = self._answered([*parts, *notes], notes, first.passage, self._quoted(first.passage, found))
        return Answer(
            status=answer.status,
            kind=answer.kind,
            text="\n\n".join((answer.text, say("ask.differ_ask", language))),
            citations=(*answer.citations, cite(second.passage, self._quoted(second.passage, found))),
            suggestions=answer.suggestions,
            notes=answer.notes,
        )

    def _answered(self, parts: list[str], notes: list[str], passage: Passage, quoted: str) -> Answer:
        guide = passage.meta.kind is DocumentKind.GUIDE
        return Answer(
            status=Status.ANSWERED,
            kind="guide" if guide else "passage",
            text="\n\n".join(parts),
            citations=(cite(passage, quoted),),
            suggestions=self._next_questions(passage),
            notes=tuple(notes),
        )

    def _next_questions(self, passage: Passage) -> tuple[str, ...]:
        if passage.meta.kind is not DocumentKind.GUIDE:
            return ()
        others = [
            item for item in self._library.record.document_passages(passage.meta.key) if item.id != passage.id
        ]
        later = [item for item in others if item.id > passage.id]
        return tuple(item.heading for item in [*later, *others][: len(others)][:_SUGGESTIONS])


def _notes(
    passage: Passage, quoted: str, language: Language, known: Standing, *, asked_about: bool = False
) -> list[str]:
    about, meta = told(known, language), passage.meta
    stale = told_stale(stale_names(quoted, meta), language)
    notes = [stale] if stale else []
    if about and known.state not in _SAID_FIRST and (asked_about or known.state in _SAID_AFTER):
        notes.append(about)
    if meta.kind is DocumentKind.LAW and known.state not in {*_SAID_FIRST, *_SAID_AFTER}:
        notes.append(say("ask.law_may_have_changed", language))
    return notes


def _guide_text(passage: Passage, language: Language) -> str:
    if language == "vi":
        return passage.text
    if passage.english:
        return say("ask.guide_with_summary", language, summary=passage.english, text=passage.text)
    return say("ask.guide_in_vietnamese", language, text=passage.text)


def _source(passage: Passage, language: Language) -> str:
    """Title, authority and date of a source, in one line."""
    meta = passage.meta
    guide = meta.kind is DocumentKind.GUIDE
    authority = "guide" if guide else authority_of(meta).name.lower()
    title = f"{meta.number} {meta.title}" if meta.number and meta.number not in meta.title else meta.title
    fields = {"title": title, "authority": say(f"ask.authority_{authority}", language)}
    if day_of(meta) is None:
        return say("ask.source_undated", language, **fields)
    day, kind = date_of(meta)
    told_day = say(f"ask.date_{kind}", language, date=f"{day:%d/%m/%Y}")
    return say("ask.source_dated", language, date=told_day, **fields)


def _lead(passage: Passage, locator: str, language: Language) -> str:
    meta = passage.meta
    if meta.kind is DocumentKind.LAW:
        if meta.effective is None:
            return say("ask.from_law", language, number=meta.number, title=meta.title, locator=locator)
        day = f"{meta.effective:%d/%m/%Y}"
        return say(
            "ask.from_law_dated",
            language,
            number=meta.number,
            title=meta.title,
            locator=locator,
            date=day,
        )
    if locator:
        return say("ask.from_document", language, title=meta.title, locator=locator)
    return say("ask.from_document_plain", language, title=meta.title)
