"""
From a question to an answer, a refusal, or the emergency numbers.

Order: words of danger; what is no question (small talk, abuse, a report: nothing of it is embedded or
searched); the guides; the other documents; the evidence gate decides, and what does not pass is refused.
Everything quoted is verbatim and cited.
"""

from __future__ import annotations

import gc
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.answer import Answer, EmergencyNumber, Status, Timings
from knowledge.by_number import ByNumber
from knowledge.choosing import Chooser
from knowledge.composing import Composer
from knowledge.fluent.asked import Asked
from knowledge.fluent.clarifying import torn_between, which_of
from knowledge.fluent.rewriting import rewritten
from knowledge.fluent.summarising import Summariser
from knowledge.follow_up import with_previous
from knowledge.intent import Intent, hear, read_intent
from knowledge.intent_replies import Receiver, calm, talk, unread
from knowledge.model import Audience
from knowledge.numbers import numbers_asked
from knowledge.refusing import offering, refusal
from knowledge.telling_numbers import told_exactly
from knowledge.text.cutting import cut_whole
from knowledge.text.folding import has_marks
from knowledge.tracing import NO_TRACER, Step
from prompts.catalog import text as say

if TYPE_CHECKING:
    from knowledge.danger import Danger
    from knowledge.fluent.fluency import Fluency
    from knowledge.fluent.model import Deadline
    from knowledge.gate import Gate
    from knowledge.intent import Heard
    from knowledge.library import Library
    from knowledge.model import Passage
    from knowledge.search import Found, Hit, Searcher
    from knowledge.tracing import Tracer
    from prompts.catalog import Language

QUESTION_LIMIT = 2_000  # characters read of a question
_CANDIDATES = 10
_MARKED = 0.4  # of the words of a Vietnamese question typed with marks, at least
# What a follow-up may lean on. Never a report or a cry for help: their words reach no embedding.
_ASKED = frozenset({Intent.QUESTION, Intent.FOLLOW_UP, Intent.OUT_OF_SCOPE})
_WARMING = (
    "tôi bị chồng đánh",
    "nhà tôi đang cháy",
    "có người nhảy cầu",
    "cho hỏi luật",
    "toi can cap cuu gap",
)


class Answerer:
    """
    Answers from a library, through a gate; with *fluency*, in a language model's words where they stand.

    *tracer* is told of the steps.
    """

    def __init__(
        self,
        library: Library,
        searcher: Searcher,
        gate: Gate,
        fluency: Fluency | None = None,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        self._fluency = fluency
        self._tracer = tracer
        self._searcher = searcher
        self._gate = gate
        self._chooser = Chooser(gate)
        self._composer = Composer(library, self._chooser, today=searcher.today)
        self._by_number = ByNumber(library, gate, searcher.today)
        self._receiver = Receiver(library.record, self._composer)
        self._summariser = Summariser(record=library.record, today=searcher.today, fluency=fluency)

    def warm_up(self) -> None:
        """Load what is loaded on first use, so that the first question is answered as fast as the rest."""
        for text in _WARMING:
            hear(text)
        for audience in Audience:
            self._searcher.search(_WARMING[0], audience)
        # What is loaded now stays; without this the collector walks all of it every few questions (10 ms).
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Cut what a model is asked, and tell what waits to be traced."""
        if self._fluency is not None:
            self._fluency.close()
        self._tracer.close()

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
        deadline = self._fluency.deadline() if self._fluency is not None else None
        asked = cut_whole(question, QUESTION_LIMIT)
        earlier = tuple(text for text in previous if read_intent(text) in _ASKED)
        heard = hear(asked, earlier)
        # Before the reports: "tóm tắt kế hoạch tuần tra" speaks like one, and names what is held.
        answer = self._summariser.answer(asked, audience, language, deadline) if not heard.danger else None
        answer = answer or self._unsearched(heard, asked, language)
        # Not traced: at which moment somebody reported, or was in danger, is nobody's figure.
        if answer is not None:
            return replace(answer, timings=Timings(embed=0.0, search=0.0, total=_ms_since(begun)))
        leaning = earlier if heard.intent is Intent.FOLLOW_UP else ()
        with self._tracer.step(Step.ANSWER) as span:
            answer = self._searched(asked, audience, language, earlier, leaning, deadline, begun)
            span.note(status=answer.status, sources=len(answer.citations))
        return answer

    def _searched(  # noqa: PLR0913, PLR0917 - the parts of one question
        self,
        asked: str,
        audience: Audience,
        language: Language,
        earlier: tuple[str, ...],
        leaning: tuple[str, ...],
        deadline: Deadline | None,
        begun: float,
    ) -> Answer:
        found, hit = self._find(asked, audience, leaning, self._whole(asked, leaning, language, deadline))
        exact = self._by_number.look_up(asked, found, audience, earlier)
        if exact is not None:
            answer = told_exactly(exact, self._composer, self._searcher.today(), language)
        elif hit is None:
            answer = refusal(found, self._gate, language)
        elif torn := which_of(torn_between(asked, found, hit, self._gate), language):
            answer = torn
        else:
            answer = self._composer.answer(hit, found, language)
            if self._fluency is not None and deadline is not None:
                wanted = Asked(
                    question=asked,
                    previous=leaning,
                    language=_spoken(asked, found, language),
                    evidence=self._evidence(hit, found, answer),
                    extractive=answer,
                )
                answer = self._fluency.writer.write(wanted, deadline, self._composer.notes_on)
            if answer.citations:  # what asks back offers its own choices
                answer = offering(answer, found, hit, self._gate, language)
        spent = Timings(embed=found.embed_ms, search=found.search_ms, total=_ms_since(begun))
        return replace(answer, timings=spent, confidence=self._gate.highest(found, hit))

    def rank(self, question: str, audience: Audience) -> tuple[Passage, ...]:
        """The candidates for *question* in the order they would answer, for evaluation."""
        found = self._searcher.search(question[:QUESTION_LIMIT], audience, limit=_CANDIDATES)
        exact = self._by_number.look_up(question, found, audience)
        first = (exact.passage,) if exact and exact.passage else ()
        return tuple(dict.fromkeys((*first, *(hit.passage for hit in self._chooser.order(found)))))

    def _evidence(self, hit: Hit, found: Found, plain: Answer) -> tuple[Passage, ...]:
        """What a model may write from: what passed the gate and holds today; none where sources disagree."""
        if len(plain.citations) > 1 or not self._composer.speaks_for_today(hit.passage):
            return ()
        passing = [
            other.passage
            for other in self._chooser.order(found)
            if self._gate.passes(other, english=found.query.english)
            and self._composer.speaks_for_today(other.passage)
        ]
        return tuple({passage.id: passage for passage in (hit.passage, *passing)}.values())

    def _unsearched(self, heard: Heard, asked: str, language: Language) -> Answer | None:
        """What is said to who is in danger, reports, chats, scolds or cannot be read; None to who asks."""
        if heard.danger is not None:
            return _danger_answer(heard.danger, language)
        if heard.intent is Intent.REPORT:
            return self._receiver.answer(heard.kinds, language)
        if heard.intent is Intent.SMALL_TALK and not numbers_asked(asked):  # `nd 282` is a question
            return talk(asked, language)
        if heard.intent is Intent.UNREAD:
            return unread()
        return calm(language) if heard.intent is Intent.ABUSE else None

    def _whole(
        self, asked: str, leaning: tuple[str, ...], language: Language, deadline: Deadline | None
    ) -> str:
        """A follow-up with what it leans on: in a model's words where they may be used, or else joined."""
        if not leaning:
            return asked
        written = None
        if self._fluency is not None and deadline is not None:
            written = rewritten(
                asked,
                leaning,
                model=self._fluency.model,
                leaving=self._fluency.leaving,
                deadline=deadline,
                language=language,
            )
        return written or with_previous(asked, leaning)

    def _find(
        self, asked: str, audience: Audience, previous: tuple[str, ...], whole: str
    ) -> tuple[Found, Hit | None]:
        with self._tracer.step(Step.RETRIEVE) as span:
            found = self._searcher.search(asked, audience, limit=_CANDIDATES)
            joined = self._searcher.search(whole, audience, limit=_CANDIDATES) if previous else None
            span.note(
                guides=len(found.guides), documents=len(found.documents), is_follow_up=joined is not None
            )
        with self._tracer.step(Step.GATE) as span:
            hit = self._chooser.best_follow_up(joined, found) if joined is not None else None
            if joined is not None and hit is not None:
                span.note(passed=True)
                return joined, hit
            hit = self._chooser.best(found)
            span.note(passed=hit is not None)
            return found, hit


def _danger_answer(danger: Danger, language: Language) -> Answer:
    numbers = tuple(
        EmergencyNumber(number=number, label=say(f"danger.number_{number}", language))
        for number in danger.numbers
    )
    text = "\n\n".join((say(f"danger.{danger.peril.value}", language), say("danger.not_now", language)))
    return Answer(status=Status.DANGER, text=text, numbers=numbers)


def _spoken(asked: str, found: Found, language: Language) -> Language:
    """The language somebody asks in; the page's own where the words do not say, as without marks."""
    if found.query.english:
        return "en"
    words = asked.split()
    marked = sum(has_marks(word) for word in words)
    return "vi" if marked >= _MARKED * len(words) else language  # an English question may name a tổ hòa giải


def _ms_since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1e3
