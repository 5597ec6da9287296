"""
Brings the library in line with what editors want answered: published, replaced, taken away, no restart.

It compares, and replays nothing: whatever was missed or interrupted is made up for at the next turn.
"""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING, Any, Final, Protocol

from bot.gaps_guides import ANCHOR, BadAnswer, guide_of
from knowledge.errors import KnowledgeError
from knowledge.gaps.model import ANSWERED_PREFIX
from knowledge.text.folding import has_marks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from knowledge.gaps.model import Answered
    from knowledge.gaps.store import GapStore
    from knowledge.model import DocumentDraft

_LOG = logging.getLogger(__name__)
PUBLISH_EVERY_S: Final = 10.0


class GuideShelf(Protocol):
    """What publishing needs of the library."""

    def hashes(self, prefix: str) -> dict[str, str]:
        """Content hashes by key."""
        ...

    def publish(self, draft: DocumentDraft) -> object:
        """Publish *draft*."""
        ...

    def remove(self, key: str) -> None:
        """Remove a document."""
        ...

    def finish(self) -> None:
        """Learn the words of what was published since."""
        ...


class AnswerPublisher:
    """Publishes answers. One in a process; *golden* is the file of questions that have to be answered."""

    def __init__(self, store: GapStore, shelf: GuideShelf, golden: Path) -> None:
        self._store = store
        self._shelf = shelf
        self._golden = golden

    def tick(self) -> int:
        """
        Publish and take away what differs; how many documents that were.

        Guides of answers that the database does not know are left alone: it may be another than yesterday's.

        Raises:
            GapsUnavailable, KnowledgeError: The rest is done at the next turn.
        """
        answers = self._store.answers()
        known = self._shelf.hashes(ANSWERED_PREFIX)
        changed = sum([self._bring(answered, known) for answered in answers])
        if changed:
            self._shelf.finish()
        self._write_golden(golden_rows(answers))
        return changed

    def _bring(self, answered: Answered, known: dict[str, str]) -> bool:
        """Bring one answer in line; whether the library was changed."""
        version, trouble = answered.version, ""
        has_changed = False
        try:
            if version is None:
                if has_changed := answered.key in known:
                    self._shelf.remove(answered.key)
            else:
                draft = guide_of(answered.slug, version.written)
                if known.get(answered.key) != draft.content_hash:
                    has_changed = self._shelf.publish(draft) != "withdrawn"  # by a person: it stays so
        except BadAnswer as bad:  # written by another version of the program
            trouble = f"bad_{bad.reason}"
        except KnowledgeError as error:
            _LOG.warning("gaps: %s", error.code)
            trouble = "not_published"
        standing = answered.standing if trouble else answered.wanted
        if (standing, trouble) != (answered.standing, answered.trouble):
            self._store.note_standing(answered.slug, standing, trouble)
        return has_changed and not trouble

    def _write_golden(self, rows: list[dict[str, Any]]) -> None:
        content = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        try:
            if not rows and not self._golden.exists():
                return
            if self._golden.exists() and self._golden.read_text(encoding="utf-8") == content:
                return
            beside = self._golden.with_suffix(".new")
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(content)
            beside.replace(self._golden)  # whole or not at all
        except OSError as error:
            _LOG.warning("gaps: golden file, %s", type(error).__name__)


def golden_rows(answers: Iterable[Answered]) -> list[dict[str, Any]]:
    """What `binhan eval` asks from now on, a row for each answer that is wanted."""
    return [
        {
            "id": f"gap-{answered.slug}",
            "question": version.written.golden,
            "expect": "answer",
            "gold": [f"{answered.key}#{ANCHOR}"],
            "style": "plain" if has_marks(version.written.golden) else "no_marks",
            "topic": version.written.topic,
            "audience": version.written.audience.value,
        }
        for answered in answers
        if (version := answered.version) is not None
    ]
