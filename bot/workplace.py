"""
What the operator's commands work on: the library in this process, or in the one that holds it.

`binhan serve` holds the data folder; a command started beside it goes through its socket
(`bot.operator`), so nobody has to stop the service to add a document.
"""

from __future__ import annotations

import hashlib
from threading import RLock
from typing import TYPE_CHECKING, Literal, Protocol

from knowledge.errors import DocumentNotFound
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.messages import Question
    from knowledge.answer import Answer
    from knowledge.answering import Answerer
    from knowledge.library import Library, Outcome
    from knowledge.model import DocumentDraft, Passage, StoredDocument


class Workplace(Protocol):
    """Everything the command line needs of the knowledge side."""

    def ask(self, question: Question) -> Answer:
        """Answer *question*; see `knowledge.answering`."""

    def rank(self, question: str, audience: Audience) -> tuple[Passage, ...]:
        """The candidates for *question*, best first."""

    def publish(self, draft: DocumentDraft, on_progress: Callable[[int, int], None] | None = None) -> Outcome:
        """Publish *draft*; see `Library.publish`."""

    def remove(self, key: str) -> None:
        """Remove a document; see `Library.remove`."""

    def hashes(self, prefix: str) -> dict[str, str]:
        """Content hashes by key."""

    def documents(self, prefix: str = "") -> list[StoredDocument]:
        """The published documents."""

    def document_passages(self, key: str) -> list[Passage]:
        """The passages of one document."""

    def finish(self) -> None:
        """Learn the words of what was published since."""

    def claim_collection(self, name: str, folder: str, anew: bool) -> str:
        """The folder that collection *name* belongs to: *folder*, unless another has it and not *anew*."""

    def close(self) -> None:
        """Give the library back."""


class LocalWorkplace:
    """The library in this process."""

    def __init__(self, library: Library, answerer: Answerer) -> None:
        self.library = library
        self.answerer = answerer
        self._writing = RLock()  # the operator and the duty that publishes answers, one after the other

    def ask(self, question: Question) -> Answer:
        """Answer *question*."""
        return self.answerer.answer(question.text, question.audience, question.language, question.previous)

    def rank(self, question: str, audience: Audience) -> tuple[Passage, ...]:
        """The candidates for *question*, best first."""
        return self.answerer.rank(question, audience)

    def publish(self, draft: DocumentDraft, on_progress: Callable[[int, int], None] | None = None) -> Outcome:
        """Publish *draft*."""
        with self._writing:
            return self.library.publish(draft, on_progress)

    def remove(self, key: str) -> None:
        """Remove a document."""
        with self._writing:
            self.library.remove(key)

    def hashes(self, prefix: str) -> dict[str, str]:
        """Content hashes by key."""
        return self.library.hashes(prefix)

    def documents(self, prefix: str = "") -> list[StoredDocument]:
        """The published documents."""
        return self.library.record.documents(prefix)

    def document_passages(self, key: str) -> list[Passage]:
        """The passages of one document."""
        return self.library.record.document_passages(key)

    def finish(self) -> None:
        """Learn the words of what was published since."""
        with self._writing:
            self.library.finish()

    def claim_collection(self, name: str, folder: str, anew: bool) -> str:
        """The folder that collection *name* belongs to: *folder*, unless another has it and not *anew*."""
        key = f"collection:{hashlib.sha256(name.encode()).hexdigest()[:20]}"
        owner = self.library.record.state(key)
        if owner is not None and not anew:
            return owner
        self.library.record.set_state(key, folder)
        return folder

    def public_section(self, key: str) -> Passage | None:
        """The first section of a guide for the public, or None where there is no such guide."""
        try:
            first = self.library.record.document_passages(key)[0]
        except DocumentNotFound:
            return None
        return first if first.meta.audience is Audience.PUBLIC else None

    def count_feedback(self, names: Sequence[str], verdict: Literal["up", "down"], day: date) -> None:
        """Count a thumb for those of *names* that are passages of published documents."""
        known = self.library.record.hashes()
        real = [name for name in names if name.rpartition("#")[0] in known]
        self.library.record.count_feedback(real, verdict, day)

    def close(self) -> None:
        """Give the library back."""
        self.library.close()
