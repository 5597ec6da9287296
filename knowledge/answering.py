"""
From a question to an answer, a refusal, or the emergency numbers.

Order: words of danger; the guides; the other documents; the evidence gate decides, and what does not
pass is refused. Everything quoted is verbatim and cited.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.answer import Answer, Citation, EmergencyNumber, Status, Timings
from knowledge.danger import find_danger
from knowledge.extract import quote
from knowledge.follow_up import leans_on_previous, with_previous
from knowledge.locators import locator_of_quote
from knowledge.model import Audience, DocumentKind
from prompts.catalog import text as say

if TYPE_CHECKING:
    from datetime import date

    from knowledge.answer import AnswerKind, DateKind
    from knowledge.danger import Danger
    from knowledge.gate import Gate
    from knowledge.library import Library
    from knowledge.model import DocumentMeta, Passage
    from knowledge.search import Found, Hit, Searcher
    from prompts.catalog import Language

QUESTION_LIMIT = 2_000  # characters read of a question
_CANDIDATES = 10
_SUGGESTIONS = 3
_LEAD_OF_DOCUMENTS = 0.01  # of cosine
_WARMING = (
    "tôi bị chồng đánh",
    "nhà tôi đang cháy",
    "có người nhảy cầu",
    "cho hỏi luật",
    "toi can cap cuu gap",
)
_NEAR_MISS = 0.25  # confidence from which a guide is worth naming beside a refusal


class Answerer:
    """Answers from a library, through a gate."""

    def __init__(self, library: Library, searcher: Searcher, gate: Gate) -> None:
        self._library = library
        self._searcher = searcher
        self._gate = gate

    def warm_up(self) -> None:
        """Load what is loaded on first use, so that the first question is answered as fast as the rest."""
        for text in _WARMING:
            find_danger(text)
        for audience in Audience:
            self._searcher.search(_WARMING[0], audience)

    def answer(
        self, question: str, audience: Audience, language: Language = "vi", previous: tuple[str, ...] = ()
    ) -> Answer:
        """
        Answer *question* from what *audience* may see.

        Args:
            question: As typed; more than `QUESTION_LIMIT` characters are not read.
            audience: Whose documents may be used, quoted or hinted at.
            language: Of our own words; quotations stay as they are.
            previous: The asker's earlier questions, oldest first, for a follow-up to lean on.

        Raises:
            KnowledgeUnavailable: The embedder or the record is out of reach.
        """
        begun = time.perf_counter()
        asked = question[:QUESTION_LIMIT]
        danger = find_danger(asked)
        if danger is not None:
            answer = _danger_answer(danger, language)
            return replace(answer, timings=Timings(embed=0.0, search=0.0, total=_ms_since(begun)))
        found, hit = self._find(asked, audience, previous)
        answer = self._from_hit(hit, found, language) if hit else self._refusal(found, language)
        spent = Timings(embed=found.embed_ms, search=found.search_ms, total=_ms_since(begun))
        return replace(answer, timings=spent)

    def rank(self, question: str, audience: Audience) -> tuple[Passage, ...]:
        """The candidates for *question* in the order they would answer, for evaluation."""
        found = self._searcher.search(question[:QUESTION_LIMIT], audience, limit=_CANDIDATES)
        return tuple(hit.passage for hit in self._order(found))

    def _find(self, asked: str, audience: Audience, previous: tuple[str, ...]) -> tuple[Found, Hit | None]:
        found = self._searcher.search(asked, audience, limit=_CANDIDATES)
        if previous and leans_on_previous(asked):
            joined = self._searcher.search(with_previous(asked, previous), audience, limit=_CANDIDATES)
            hit = self._best_follow_up(joined, found)
            if hit is not None:
                return joined, hit
        return found, self._best(found)

    def _best_follow_up(self, joined: Found, alone: Found) -> Hit | None:
        """What answers both questions together, and of that what speaks most to the new words."""
        english = joined.query.english
        new = {hit.passage.id: hit.score for hit in (*alone.guides, *alone.documents)}
        passing = [hit for hit in self._order(joined) if self._gate.passes(hit, english=english)]
        return max(passing, key=lambda hit: hit.score + new.get(hit.passage.id, 0.0), default=None)

    def _best(self, found: Found) -> Hit | None:
        order = self._order(found)
        if order and self._gate.passes(order[0], english=found.query.english):
            return order[0]
        return None

    def _order(self, found: Found) -> list[Hit]:
        """What passes the gate first, guides before documents unless these speak closer; then the rest."""
        english = found.query.english
        guides = [hit for hit in found.guides if self._gate.passes(hit, english=english)]
        documents = [hit for hit in found.documents if self._gate.passes(hit, english=english)]
        # The best guide must pass, or guides do not answer: a lower one would be answering by accident.
        guides = guides if guides and guides[0] is found.guides[0] else []
        named = [hit for hit in documents if found.query.article and _is_article(hit, found.query.article)]
        documents = [*named, *(hit for hit in documents if hit not in named)]
        first = [*documents, *guides] if named or _speaks_closer(documents, guides) else [*guides, *documents]
        rest = [hit for hit in (*found.guides, *found.documents) if hit not in first]
        rest.sort(key=lambda hit: -self._gate.confidence(hit, english=english))
        return [*first, *rest]

    def _from_hit(self, hit: Hit, found: Found, language: Language) -> Answer:
        passage = hit.passage
        if passage.meta.kind is DocumentKind.GUIDE:
            text = passage.text
            if language != "vi":
                text = say("ask.guide_in_vietnamese", language, text=text)
            return self._answered("guide", text, passage, passage.text)
        rarity = self._library.lexical[passage.meta.audience, "documents"].rarity
        quoted = quote(passage.text, found.query, rarity)
        parts = [_lead(passage, locator_of_quote(passage, quoted), language), quoted]
        if passage.meta.kind is DocumentKind.LAW:
            parts.append(say("ask.law_may_have_changed", language))
        return self._answered("passage", "\n\n".join(parts), passage, quoted)

    def _answered(self, kind: AnswerKind, text: str, passage: Passage, quoted: str) -> Answer:
        return Answer(
            status=Status.ANSWERED,
            kind=kind,
            text=text,
            citations=(cite(passage, quoted),),
            suggestions=self._next_questions(passage),
        )

    def _next_questions(self, passage: Passage) -> tuple[str, ...]:
        if passage.meta.kind is not DocumentKind.GUIDE:
            return ()
        others = [
            item for item in self._library.record.document_passages(passage.meta.key) if item.id != passage.id
        ]
        later = [item for item in others if item.id > passage.id]
        return tuple(item.heading for item in [*later, *others][: len(others)][:_SUGGESTIONS])

    def _refusal(self, found: Found, language: Language) -> Answer:
        near = [
            hit.passage.heading
            for hit in found.guides
            if self._gate.confidence(hit, english=found.query.english) >= _NEAR_MISS
        ]
        parts = [say("ask.refusal", language)]
        if near:
            parts.append(say("ask.refusal_near", language))
        elif found.elsewhere:
            parts.insert(1, say(f"elsewhere.{found.elsewhere}", language))
        suggestions = tuple(dict.fromkeys(near))[:_SUGGESTIONS]
        return Answer(status=Status.REFUSED, text="\n\n".join(parts), suggestions=suggestions)


def _speaks_closer(documents: list[Hit], guides: list[Hit]) -> bool:
    """
    Whether the best document lies nearer to the question than the best guide.

    Questions in the words of the law do, residents' own words do not: docs/decisions/0004.
    """
    if not documents or not guides:
        return False
    return documents[0].figures["section"] > guides[0].figures["section"] + _LEAD_OF_DOCUMENTS


def _is_article(hit: Hit, number: str) -> bool:
    return any(article.rpartition("+")[2] == number for article in hit.passage.articles)


def cite(passage: Passage, quoted: str) -> Citation:
    """The citation of *quoted*, a run of *passage*."""
    day, kind = _date_of(passage.meta)
    return Citation(
        id=passage.name,
        title=passage.meta.title,
        number=passage.meta.number,
        locator=locator_of_quote(passage, quoted) or passage.heading,
        date=day.isoformat() if day else "",
        date_kind=kind,
        url=passage.meta.url,
        quote=quoted,
        articles=passage.articles,
        references=tuple(reference.title for reference in passage.references),
    )


def _date_of(meta: DocumentMeta) -> tuple[date | None, DateKind]:
    if meta.as_of:
        return meta.as_of, "as_of"
    if meta.effective:
        return meta.effective, "effective"
    return meta.issued, "issued" if meta.issued else ""


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


def _danger_answer(danger: Danger, language: Language) -> Answer:
    numbers = tuple(
        EmergencyNumber(number=number, label=say(f"danger.number_{number}", language))
        for number in danger.numbers
    )
    text = "\n\n".join((say(f"danger.{danger.peril.value}", language), say("danger.not_now", language)))
    return Answer(status=Status.DANGER, text=text, numbers=numbers)


def _ms_since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1e3
