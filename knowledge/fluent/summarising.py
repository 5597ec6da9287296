"""
`tóm tắt văn bản …` for members and officers: what a long document says, part by part, with locators.

The model writes claims of each stretch of passages, each checked as any other claim; what fails, or where
there is no model, is the first sentence of each part, verbatim. Only documents that the asker may see are
looked for: for everybody else they do not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from knowledge.answer import Answer, Status
from knowledge.citing import cite
from knowledge.claims.checking import check
from knowledge.claims.model import Checked, Supplied
from knowledge.claims.parsing import Malformed, parse
from knowledge.claims.rendering import render
from knowledge.claims.schema import claims_schema
from knowledge.fluent.clarifying import which_of
from knowledge.fluent.fencing import Fence, new_fence
from knowledge.fluent.model import ModelFailed, Prompt
from knowledge.fluent.prompt_files import model_prompt
from knowledge.fluent.summary_asked import documents_meant, summary_asked
from knowledge.fluent.tellable import tellable
from knowledge.law_register import number_key
from knowledge.model import Audience, indexed_text
from knowledge.standing import standing_of, told
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from knowledge.fluent.fluency import Fluency
    from knowledge.fluent.model import Deadline
    from knowledge.model import DocumentMeta, Passage
    from knowledge.record.store import Record
    from prompts.catalog import Language

PROMPT = "summarise.v1"
PARTS: Final = 8  # of a document that are told
_STRETCH: Final = 6_000  # characters of passages read by the model at once
_STRETCHES: Final = 4
_SENTENCE: Final = 240  # characters of a first sentence; a longer one ends at a word
_MOST_TOKENS: Final = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Summariser:
    """Sums up documents of a record."""

    record: Record
    today: Callable[[], date]
    fluency: Fluency | None = None

    def answer(
        self, question: str, audience: Audience, language: Language, deadline: Deadline | None
    ) -> Answer | None:
        """
        The summary that *question* asks for; None where it asks for none, or for nothing that is held.

        Several documents of that name are asked back for. The public's questions are never read so: a
        summary takes several calls of the model, and guides are short.
        """
        wanted = summary_asked(question) if audience is not Audience.PUBLIC else None
        if wanted is None:
            return None
        held = [item.meta for item in self.record.documents() if item.meta.audience in audience.visible]
        meant = documents_meant(wanted, held)
        if len(meant) > 1:
            return which_of([say("ask.summary_ask", language, title=_name(meta)) for meta in meant], language)
        return self._of(meant[0], audience, language, deadline) if meant else None

    def _of(
        self, meta: DocumentMeta, audience: Audience, language: Language, deadline: Deadline | None
    ) -> Answer:
        passages = self.record.document_passages(meta.key)
        written = self._written(passages, language, deadline) if self.fluency and deadline else None
        answer = written or first_sentences(passages, language)
        newer = self.record.replacing(number_key(meta.number), audience.visible) if meta.number else ()
        about = told(standing_of(meta, self.today(), newer), language)
        lead = say("ask.summary_of", language, title=_name(meta))
        return replace(
            answer,
            text="\n\n".join(filter(None, (lead, answer.text, about))),
            notes=(*answer.notes, *([about] if about else [])),
        )

    def _written(self, passages: Sequence[Passage], language: Language, deadline: Deadline) -> Answer | None:
        """What the model wrote and the checks let through, of the stretches that came in time."""
        supplied: list[Supplied] = []
        checked = Checked(kept=())
        for stretch in _stretches(passages):
            part = [
                Supplied(id=f"e{len(supplied) + at}", passage=passage)
                for at, passage in enumerate(stretch, 1)
            ]
            supplied += part
            checked = replace(checked, kept=(*checked.kept, *self._claims(part, language, deadline).kept))
        return render(checked, supplied, language)

    def _claims(self, part: Sequence[Supplied], language: Language, deadline: Deadline) -> Checked:
        nothing = Checked(kept=())
        if self.fluency is None or deadline.left_s <= 0:
            return nothing
        passages = self.fluency.leaving.passages([item.passage for item in part])
        allowed = set(map(id, tellable(passages)))
        part = [item for item in part if id(item.passage) in allowed]
        if not part:
            return nothing
        fence = Fence(new_fence())
        evidence = "\n\n".join(fence.around(item.id, indexed_text(item.passage)) for item in part)
        system, user = model_prompt(PROMPT, language).fill(evidence=evidence, fence=fence.line)
        schema = claims_schema(item.id for item in part)
        prompt = Prompt(system=system, user=user, schema=schema, most_tokens=_MOST_TOKENS, version=PROMPT)
        try:
            draft = parse(self.fluency.model.complete(prompt, deadline).text)
        except ModelFailed:
            return nothing
        return nothing if isinstance(draft, Malformed) else check(draft, part, language)


def first_sentences(passages: Sequence[Passage], language: Language) -> Answer:
    """The document in its own words: the first sentence of up to `PARTS` parts, spread over the whole."""
    parts = _parts(passages)
    step = max(1.0, len(parts) / PARTS)
    shown = [parts[int(at * step)] for at in range(min(PARTS, len(parts)))]
    quoted = [(passage, first_sentence(passage.text)) for passage in shown]
    lines = [
        say("ask.summary_part", language, locator=passage.locator or passage.heading, text=text)
        if passage.locator or passage.heading
        else f"- {text}"
        for passage, text in quoted
    ]
    left = len(parts) - len(shown)
    rest = [say("ask.summary_rest", language, count=left)] if left else []
    return Answer(
        status=Status.ANSWERED,
        kind="passage",
        text="\n\n".join(filter(None, ("\n".join(lines), *rest))),
        citations=tuple(cite(passage, text) for passage, text in quoted),
    )


def first_sentence(text: str) -> str:
    """The first sentence of *text*, verbatim; at most `_SENTENCE` characters, cut at a word."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    ends = [at + 1 for at, sign in enumerate(line) if sign in ".;!?" and line[at + 1 : at + 2] in {"", " "}]
    end = next((end for end in ends if end > len("1. ") + 2), len(line))
    if end <= _SENTENCE:
        return line[:end]
    return line[: line.rfind(" ", 0, _SENTENCE) if " " in line[:_SENTENCE] else _SENTENCE]


def _parts(passages: Sequence[Passage]) -> list[Passage]:
    """The first passage of each part that has a name of its own."""
    first: dict[str, Passage] = {}
    for passage in passages:
        first.setdefault(passage.heading or passage.locator or passage.anchor, passage)
    return list(first.values())


def _stretches(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    """*passages* in runs of about `_STRETCH` characters, spread over the whole where there are many."""
    runs: list[list[Passage]] = [[]]
    size = 0
    for passage in passages:
        if runs[-1] and size + len(passage.text) > _STRETCH:
            runs.append([])
            size = 0
        runs[-1].append(passage)
        size += len(passage.text)
    step = max(1.0, len(runs) / _STRETCHES)
    yield from (runs[int(at * step)] for at in range(min(_STRETCHES, len(runs))))


def _name(meta: DocumentMeta) -> str:
    return f"{meta.number} {meta.title}" if meta.number and meta.number not in meta.title else meta.title
