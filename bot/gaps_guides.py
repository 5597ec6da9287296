"""What an editor wrote, as a guide: the same format and the same checks as the guides folder's."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.errors import BadGuide
from ingest.guides import BODY_LIMIT, QUESTIONS, TOPICS, parse_guide
from knowledge.gaps.model import ANSWERED_PREFIX
from knowledge.text.folding import fold
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.gaps.model import Written
    from knowledge.model import DocumentDraft

HEADING_LIMIT: Final = 120  # characters
LINE_LIMIT: Final = 300  # of a source or a question
LINES_LIMIT: Final = 40
ANCHOR: Final = "tra-loi"
TEXT_LIMIT: Final = BODY_LIMIT


class BadAnswer(Exception):
    """No guide. `reason`: heading, text, long, markup, topic, sources, questions, lines."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def guide_of(slug: str, written: Written) -> DocumentDraft:
    """
    The guide with key `guide:tra-loi-<slug>`.

    Its questions are those of the editor, and each once more without marks.

    Raises:
        BadAnswer: It breaks the format of guides.
    """
    _check(written)
    asked = all_questions(written.heading, written.questions)
    markdown = _markdown(slug, written, (written.heading, *asked)[: QUESTIONS.stop - 1])
    try:
        draft = parse_guide(markdown, slug=f"{ANSWERED_PREFIX.removeprefix('guide:')}{slug}")
    except BadGuide as error:
        raise BadAnswer(_REASONS.get(error.code.removeprefix("guide_"), "markup")) from None
    digest = hashlib.sha256(f"{draft.content_hash}{asked}".encode()).hexdigest()
    passage = replace(draft.passages[0], questions=asked)
    meta = replace(draft.meta, verified_by=written.signed, source=written.signed)
    return replace(draft, meta=meta, passages=(passage,), content_hash=digest)


_REASONS: Final = {"no_body": "text", "long_body": "long", "no_sources": "sources", "questions": "questions"}


def all_questions(heading: str, questions: Sequence[str]) -> tuple[str, ...]:
    """What people ask beside the heading: as the editor left it, and each of it once more without marks."""
    asked = dict.fromkeys(question for question in questions if question != heading)
    for question in (*questions, heading):
        asked.setdefault(" ".join(fold(question).split()))
    return tuple(question for question in asked if question != heading)


def has_enough(heading: str, questions: Sequence[str]) -> bool:
    """Whether there are as many wordings as a guide needs, the heading and those without marks counted."""
    return 1 + len(all_questions(heading, questions)) >= QUESTIONS.start


def _check(written: Written) -> None:
    lines = (*written.sources, *written.questions)
    faults = {
        "heading": not written.heading or len(written.heading) > HEADING_LIMIT or "{#" in written.heading,
        "text": not written.text,
        "long": len(written.text) > TEXT_LIMIT,
        # A line that begins like a heading would begin another section.
        "markup": any(line.lstrip().startswith(("#", "---")) for line in written.text.splitlines()),
        "topic": written.topic not in TOPICS,
        "sources": not written.sources,
        "lines": len(lines) > LINES_LIMIT or any(len(line) > LINE_LIMIT or "\n" in line for line in lines),
        "questions": not has_enough(written.heading, written.questions),
    }
    if fault := next((name for name, holds in faults.items() if holds), ""):
        raise BadAnswer(fault)


def _markdown(slug: str, written: Written, asked: tuple[str, ...]) -> str:
    title = say("gaps.guide_title", "vi", signed=written.signed)
    fields = {
        "id": f"{ANSWERED_PREFIX.removeprefix('guide:')}{slug}",
        "title": title,
        "topic": written.topic,
        "audience": written.audience.value,
    }
    head = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())
    parts = (
        f"---\n{head}as_of: {written.as_of.isoformat()}\n---\n",
        f"# {title}\n",
        f"## {written.heading} {{#{ANCHOR}}}\n",
        f"{written.text}\n",
        "### Căn cứ\n",
        *(f"- {source}" for source in written.sources),
        "",
        "### Người ta hay hỏi\n",
        *(f"- {question}" for question in asked),
    )
    return "\n".join(parts) + "\n"
