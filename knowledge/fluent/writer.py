"""
An answer in the model's words, made of claims that code has checked; or the answer that stood before.

The model never turns a refusal into an answer: it is asked only where the evidence gate said yes, and given
only the passages that passed it. Whatever goes wrong, the extractive answer is there already.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from knowledge.answer import ModelUse
from knowledge.claims.checking import check
from knowledge.claims.model import Supplied
from knowledge.claims.parsing import Malformed, parse
from knowledge.claims.rendering import render
from knowledge.claims.schema import claims_schema
from knowledge.fluent.clarifying import asking_back
from knowledge.fluent.fencing import Fence, new_fence
from knowledge.fluent.model import ModelFailed, Outcome, Prompt, Reason
from knowledge.fluent.prompt_files import model_prompt
from knowledge.fluent.tellable import tellable
from knowledge.text.cutting import cut_whole
from knowledge.tracing import NO_TRACER, Step
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.answer import Answer
    from knowledge.claims.model import Checked
    from knowledge.fluent.asked import Asked, NotesOn
    from knowledge.fluent.leaving import Leaving
    from knowledge.fluent.model import ChatModel, Deadline, Reply
    from knowledge.fluent.remembering import Remembered
    from knowledge.model import Passage
    from knowledge.tracing import Tracer

_LOG = logging.getLogger(__name__)
PASSAGES: Final = 4  # given to the model at most
PASSAGE_CHARACTERS: Final = 2_400  # of each
PROMPT: Final = "answer.v1"


class FluentWriter:
    """Writes answers with a model. Safe to share between threads."""

    def __init__(  # noqa: PLR0913 - every limit by its name
        self,
        model: ChatModel,
        leaving: Leaving,
        *,
        prompt: str = PROMPT,
        most_tokens: int = 700,
        tracer: Tracer = NO_TRACER,
        remembered: Remembered | None = None,
    ) -> None:
        """
        Write with *model*, unless *remembered* has the same answer.

        Raises:
            FileNotFoundError: There is no prompt of the name *prompt*.
        """
        self._prompts = {language: model_prompt(prompt, language) for language in ("vi", "en")}
        self._model = model
        self._leaving = leaving
        self._prompt = prompt
        self._most_tokens = most_tokens
        self._tracer = tracer
        self._remembered = remembered

    def write(self, asked: Asked, deadline: Deadline, notes_on: NotesOn) -> Answer:
        """
        The answer to *asked*, by *deadline*, its `model` saying what became of the model's own.

        Never raises.
        """
        begun = time.perf_counter()
        try:
            answer, use = self._written(asked, deadline, notes_on)
        except Exception as error:  # noqa: BLE001 - its words may quote the question; the answer stands without it
            _LOG.error("fluent: %s", type(error).__name__)
            answer, use = asked.extractive, ModelUse(prompt=self._prompt, outcome=Outcome.FAULTY)
        return replace(answer, model=replace(use, ms=(time.perf_counter() - begun) * 1e3))

    def _written(self, asked: Asked, deadline: Deadline, notes_on: NotesOn) -> tuple[Answer, ModelUse]:
        use = ModelUse(prompt=self._prompt, outcome=Outcome.PLAIN)
        if not asked.evidence:
            return asked.extractive, use
        evidence = self._supplied(asked)
        filled = self._filled(asked, evidence) if evidence else None
        if filled is None:
            return asked.extractive, replace(use, outcome=Outcome.KEPT_HOME)
        prompt, fence = filled
        name = b""
        if self._remembered is not None:
            name = self._remembered.name((prompt.system, prompt.user.replace(fence.line, "")))
            if (known := self._remembered.find(name)) is not None:
                return known, replace(use, outcome=Outcome.WRITTEN)
        reply = self._replied(prompt, deadline)
        if isinstance(reply, Reason):
            return asked.extractive, replace(use, outcome=reply)
        use = replace(use, first_ms=reply.first_ms, tokens_in=reply.tokens_in, tokens_out=reply.tokens_out)
        answer, use = self._checked(reply.text, asked, evidence, use, notes_on)
        if self._remembered is not None and use.outcome == Outcome.WRITTEN:
            self._remembered.keep(name, answer)
        return answer, use

    def _supplied(self, asked: Asked) -> tuple[Supplied, ...]:
        """The passages that may leave and be told, under ids; none where the one that answers may not."""
        sent = tellable(self._leaving.passages(asked.evidence[:PASSAGES]))
        if not sent or sent[0] is not asked.evidence[0]:
            return ()
        return tuple(Supplied(f"p{at}", passage) for at, passage in enumerate(sent, 1))

    def _filled(self, asked: Asked, evidence: Sequence[Supplied]) -> tuple[Prompt, Fence] | None:
        """The prompt and its fence; None where the question's words may not leave."""
        question = self._leaving.words(asked.question)
        if question is None:
            return None
        turns = self._leaving.turns(asked.previous)
        if asked.previous and not turns:  # a follow-up without what it leans on would be another question
            return None
        fence = Fence(new_fence())
        earlier = "\n\n".join(fence.around(f"earlier{at}", turn) for at, turn in enumerate(turns, 1))
        lead = say("fluent.earlier", asked.language) if turns else ""
        system, user = self._prompts[asked.language].fill(
            evidence="\n\n".join(fence.around(item.id, _text(item.passage)) for item in evidence),
            earlier=f"{lead}\n\n{earlier}" if turns else "",
            question=fence.around("question", question),
        )
        prompt = Prompt(
            system=system,
            user=user,
            schema=claims_schema(item.id for item in evidence),
            schema_name="claims",
            most_tokens=self._most_tokens,
            version=self._prompt,
        )
        return prompt, fence

    def _replied(self, prompt: Prompt, deadline: Deadline) -> Reply | Reason:
        with self._tracer.step(Step.MODEL) as span:
            try:
                reply = self._model.complete(prompt, deadline)
            except ModelFailed as failed:
                span.note(outcome=failed.reason)
                return failed.reason
            span.note(tokens_in=reply.tokens_in, tokens_out=reply.tokens_out, first_ms=reply.first_ms)
            return reply

    def _checked(
        self,
        output: str,
        asked: Asked,
        evidence: Sequence[Supplied],
        use: ModelUse,
        notes_on: NotesOn,
    ) -> tuple[Answer, ModelUse]:
        with self._tracer.step(Step.CHECKS) as span:
            draft = parse(output)
            if isinstance(draft, Malformed):
                span.note(outcome=Outcome.NOT_CLAIMS)
                return asked.extractive, replace(use, outcome=Outcome.NOT_CLAIMS)
            checked = check(draft, evidence, asked.language)
            use = replace(
                use,
                claims=len(draft.claims),
                dropped=len(checked.dropped),
                faults=tuple(str(fault) for item in checked.dropped for fault in item.faults),
            )
            answer, outcome = _answer(checked, asked, evidence, notes_on)
            span.note(claims=use.claims, dropped=use.dropped, outcome=outcome)
            return answer, replace(use, outcome=outcome)


def _answer(
    checked: Checked, asked: Asked, evidence: Sequence[Supplied], notes_on: NotesOn
) -> tuple[Answer, Outcome]:
    """What stays of the claims, as an answer with what has to be said beside it; else the one before."""
    written = render(checked, evidence, asked.language)
    if written is not None:
        return _with_notes(written, asked, evidence, notes_on), Outcome.WRITTEN
    if checked.clarify:
        passages = {item.id: item.passage for item in evidence}
        back = asking_back([passages[name] for name in checked.clarify], asked.language)
        return (back or asked.extractive), Outcome.ASKED_BACK
    return asked.extractive, Outcome.DECLINED if checked.refusal else Outcome.UNSUPPORTED


def _with_notes(written: Answer, asked: Asked, evidence: Sequence[Supplied], notes_on: NotesOn) -> Answer:
    passages = {item.passage.name: item.passage for item in evidence}
    notes = dict.fromkeys(
        note
        for citation in written.citations
        for note in notes_on(passages[citation.id], citation.quote, asked.language)
    )
    return replace(
        written,
        text="\n\n".join((written.text, *notes)),
        suggestions=asked.extractive.suggestions,
        notes=(*written.notes, *notes),
    )


def _text(passage: Passage) -> str:
    """A passage with what it is called: both are words of others, and both stand inside the fence."""
    meta = passage.meta
    named = (meta.title, meta.number, passage.heading, passage.locator)
    title = " ".join(" · ".join(dict.fromkeys(part for part in named if part)).split())
    return f"({title})\n\n{cut_whole(passage.text, PASSAGE_CHARACTERS)}"
