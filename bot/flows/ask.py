"""
The conversation of asking: a question in, an answer, a refusal or the emergency numbers out.

Channel-neutral: knows no page, no chat and no sender.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Protocol

from knowledge.answer import Answer, Status
from knowledge.danger import find_danger
from prompts.catalog import text as say
from tips.receipts import likely_receipt, without_receipts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from datetime import date

    from bot.messages import Feedback, Question
    from knowledge.model import Audience, Passage
    from prompts.catalog import Language

STARTER_GUIDES = (
    "guide:to-giac-o-dau",
    "guide:hoa-giai",
    "guide:bao-tin-an-danh",
    "guide:lua-dao-mang",
    "guide:ra-tu-giay-to",
    "guide:bao-luc-gia-dinh",
)
_TAKEN_OUT = "\N{HORIZONTAL ELLIPSIS}"


def receipt_to_follow(words: str) -> str:
    """The receipt in *words*, which ask nothing then; "" without one, and where they call for help."""
    receipt = likely_receipt(words)
    return "" if receipt and find_danger(without_receipts(words, _TAKEN_OUT)) else receipt


def unasked(question: Question) -> Answer | None:
    """What is said to a receipt: only its sender is to have it, so it is not searched for, noted or kept."""
    if not receipt_to_follow(question.text):
        return None
    return Answer(status=Status.ANSWERED, kind="talk", text=say("ask.receipt", question.language))


class Knowledge(Protocol):
    """What the flow needs of the knowledge side. Every call may block for some 30 ms."""

    def ask(self, question: Question) -> Answer:
        """Answer *question* from what its audience may see."""
        ...

    def public_section(self, key: str) -> Passage | None:
        """The first section of a guide for the public, or None where there is no such guide."""
        ...

    def count_feedback(self, names: Sequence[str], verdict: Literal["up", "down"], day: date) -> None:
        """Count a thumb for passages, by day."""
        ...


class GapNotes(Protocol):
    """Hears which questions had no good answer; see `knowledge.gaps.notebook`. Never raises."""

    def refused(self, question: str, audience: Audience, previous: tuple[str, ...] = ()) -> None:
        """A question ended in a refusal."""
        ...

    def answered(
        self, passages: Sequence[str], question: str, audience: Audience, previous: tuple[str, ...] = ()
    ) -> None:
        """A question was answered by *passages*."""
        ...

    def disliked(self, passages: Sequence[str]) -> None:
        """Somebody put a thumb down for *passages*."""
        ...


class AskFlow:
    """Fills `bot.messages.AskPort` for every channel; *workers* bounds how many search at once."""

    def __init__(
        self,
        knowledge: Knowledge,
        workers: Executor,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        gaps: GapNotes | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._workers = workers
        self._now = now
        self._gaps = gaps

    async def ask(self, question: Question) -> Answer:
        """Answer *question*, refuse it, or give the emergency numbers."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._workers, self._ask, question)

    def _ask(self, question: Question) -> Answer:
        if (said := unasked(question)) is not None:
            return said
        question = _without_receipts(question)
        answer = self._knowledge.ask(question)
        if self._gaps is not None and answer.status is Status.REFUSED:
            self._gaps.refused(question.text, question.audience, question.previous)
        elif self._gaps is not None and answer.citations and answer.kind != "report":
            passages = [citation.id for citation in answer.citations]
            self._gaps.answered(passages, question.text, question.audience, question.previous)
        return answer

    async def note_feedback(self, feedback: Feedback) -> None:
        """Count a thumb for the passages of an answer: of the day, not of the minute."""
        loop = asyncio.get_running_loop()
        day = self._now().date()
        await loop.run_in_executor(
            self._workers, self._knowledge.count_feedback, feedback.passages, feedback.verdict, day
        )
        if self._gaps is not None and feedback.verdict == "down":
            self._gaps.disliked(feedback.passages)

    async def starters(self, language: Language) -> tuple[str, ...]:
        """
        Up to six questions to begin with, each answerable for the public.

        They are the guides' own headings, so in Vietnamese whatever the *language*.
        """
        del language
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._workers, self._starters)

    def _starters(self) -> tuple[str, ...]:
        sections = [self._knowledge.public_section(key) for key in STARTER_GUIDES]
        return tuple(section.heading for section in sections if section is not None)


def _without_receipts(question: Question) -> Question:
    words = without_receipts(question.text, _TAKEN_OUT)
    previous = tuple(earlier for earlier in question.previous if not likely_receipt(earlier))
    return replace(question, text=words, previous=previous)
