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
    from knowledge.history import Act, History, Withdrawal
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

    def prepare(self, draft: DocumentDraft) -> None:
        """Embed what publishing *draft* will need, beside a publication; see `Library.prepare`."""

    def remove(self, key: str, who: str = "") -> None:
        """Remove a document with its history; see `Library.remove`."""

    def withdraw(self, key: str, who: str) -> None:
        """Let a document answer nothing; see `Library.withdraw`."""

    def restore(self, key: str, who: str) -> int:
        """Let a withdrawn document answer again, and which edition of it; see `Library.restore`."""

    def roll_back(self, key: str, edition: int, who: str) -> None:
        """Let a kept edition answer; see `Library.roll_back`."""

    def history(self, key: str) -> History:
        """What became of a document; see `Versions.history`."""

    def version_passages(self, key: str, edition: int) -> list[Passage]:
        """The passages of a kept edition, whether it answers or not; see `Versions.passages`."""

    def withdrawals(self, prefix: str = "") -> list[Withdrawal]:
        """The documents that were withdrawn, by key."""

    def originals(self) -> set[str]:
        """The SHA-256 of every original that a kept version refers to."""

    def acts(self, limit: int = 100) -> list[Act]:
        """The latest deeds over all documents, newest first."""

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

    def prepare(self, draft: DocumentDraft) -> None:
        """Embed what publishing *draft* will need."""
        self.library.prepare(draft)

    def remove(self, key: str, who: str = "") -> None:
        """Remove a document with its history."""
        with self._writing:
            self.library.remove(key, who)

    def withdraw(self, key: str, who: str) -> None:
        """Let a document answer nothing."""
        with self._writing:
            self.library.withdraw(key, who)

    def restore(self, key: str, who: str) -> int:
        """Let a withdrawn document answer again, and which edition of it."""
        with self._writing:
            return self.library.restore(key, who)

    def roll_back(self, key: str, edition: int, who: str) -> None:
        """Let a kept edition answer."""
        with self._writing:
            self.library.roll_back(key, edition, who)

    def history(self, key: str) -> History:
        """What became of a document."""
        return self.library.record.versions.history(key)

    def version_passages(self, key: str, edition: int) -> list[Passage]:
        """The passages of a kept edition, whether it answers or not."""
        return self.library.record.versions.passages(key, edition)

    def withdrawals(self, prefix: str = "") -> list[Withdrawal]:
        """The documents that were withdrawn, by key."""
        return self.library.record.versions.withdrawals(prefix)

    def originals(self) -> set[str]:
        """The SHA-256 of every original that a kept version refers to."""
        return self.library.record.versions.originals()

    def acts(self, limit: int = 100) -> list[Act]:
        """The latest deeds over all documents, newest first."""
        return self.library.record.versions.acts(limit)

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
        self.answerer.close()
        self.library.close()
