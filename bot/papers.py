"""
The work of an editor on documents, as the command line and the desk's page both do it.

Each call opens the book of trust anew and blocks until it is done: run it in a thread of its own. What
changes something is done one after the other, in this process and beside it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from bot.trust_door import open_gate
from ingest.document import read_document
from ingest.originals import Originals
from ingest.sync import Action, Outcome, publish_one
from ingest.trust.book import TrustBook
from knowledge.errors import DocumentNotFound, KnowledgeUnavailable, VersionNotFound
from knowledge.folder import DataFolder
from knowledge.version_diff import diff

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    from bot.workplace import Workplace
    from ingest.document import Defaults
    from ingest.trust.book import Waiting
    from ingest.trust.flags import Code, Flag, Noted
    from ingest.trust.gate import TrustGate
    from knowledge.history import History, StoredVersion
    from knowledge.model import DocumentDraft, Original
    from knowledge.version_diff import VersionDiff

_PATIENCE_S: Final = 1_800.0  # a large document takes minutes to embed


class Papers:
    """An editor's hands. Cheap to make; several may stand over one data folder."""

    def __init__(self, workplace: Workplace, data: Path, *, today: Callable[[], date] | None = None) -> None:
        """
        Work on the library of *workplace*.

        Args:
            workplace: The library, here or in the service that holds it.
            data: Its data folder.
            today: The day by which law is judged; this machine's unless given.
        """
        self._workplace = workplace
        self._data = data
        self._today = today
        self._originals = Originals(DataFolder(data).originals)

    def read(self, file: Path, *, key: str, defaults: Defaults | None = None) -> DocumentDraft:
        """
        The file as a draft; a scan takes minutes.

        Raises:
            IngestError: It cannot be read.
        """
        return read_document(file, key=key, defaults=defaults)

    def judge(self, draft: DocumentDraft, file: Path | None = None) -> tuple[Flag, ...]:
        """What there is to say of *draft* before it is published; nothing is changed."""
        with self._gate(paths={draft.meta.key: file} if file else {}) as gate:
            return gate.judge(draft)

    def preview(self, draft: DocumentDraft) -> VersionDiff | None:
        """What *draft* would change of what answers under its key, or did until withdrawn; None where new."""
        try:
            history = self._workplace.history(draft.meta.key)
        except DocumentNotFound:
            return None
        standing = _standing(history)
        if standing is None:
            return None
        before = self._workplace.version_passages(history.key, standing.edition)
        return diff(before, draft.passages, standing.meta, draft.meta)

    def publish(
        self, draft: DocumentDraft, file: Path, *, who: str, accepted: Collection[Code] = ()
    ) -> Outcome:
        """
        Keep *file* and publish *draft* through the gate, answered for by *who*.

        Args:
            draft: What was read of *file*.
            file: It still has to be the same.
            who: An editor.
            accepted: Grave findings that *who* answers for.
        """
        key = draft.meta.key
        with self._alone(), self._gate(paths={key: file}, accepted=accepted, who=who) as gate:
            known = gate.hashes(key).get(key)
            if known == draft.content_hash:
                return Outcome(key=key, action=Action.UNCHANGED)
            action = Action.UPDATED if known else Action.ADDED
            return publish_one(draft, action, library=gate)

    def withdraw(self, key: str, who: str) -> tuple[str, ...]:
        """
        Let a document answer nothing until it is restored.

        Returns:
            The keys of copies that answer in its place now.

        Raises:
            DocumentNotFound: There is none.
        """
        with self._alone(), self._gate(who=who) as gate:
            return gate.withdraw(key)

    def restore(self, key: str, who: str) -> int:
        """
        Let a withdrawn document answer again; the edition that does.

        Raises:
            DocumentNotFound: There is none.
        """
        with self._alone(), self._gate(who=who) as gate:
            return gate.answer_from(key)

    def roll_back(self, key: str, edition: int, who: str) -> None:
        """
        Let a kept edition answer.

        Raises:
            DocumentNotFound, VersionNotFound: There is none.
        """
        with self._alone(), self._gate(who=who) as gate:
            gate.answer_from(key, edition)

    def remove(self, key: str, who: str) -> None:
        """
        Take a document out for good, with its history and its files.

        Raises:
            DocumentNotFound: There is none.
        """
        with self._alone(), self._gate(who=who) as gate:
            gate.remove(key)

    def held(self) -> list[Waiting]:
        """What waits for a person, by key."""
        with self._book() as book:
            return book.held()

    def accept(self, key: str, who: str, *, whole: bool = False) -> Noted | None:
        """Publish what waits under *key*, answered for by *who*; None where nothing waits or is left."""
        with self._alone(), self._gate(who=who) as gate:
            return gate.accept(key, whole=whole)

    def refuse(self, key: str) -> bool:
        """Let go of what waits under *key*; whether anything did."""
        with self._alone(), self._book() as book:
            waits = book.held_one(key) is not None
            book.no_longer_waits(key, "held")
            return waits

    def duplicates(self) -> dict[str, str]:
        """The keys of copies, each with the key of the document that answers for it."""
        with self._book() as book:
            return book.answers_for()

    def history(self, key: str) -> History:
        """
        What became of a document.

        Raises:
            DocumentNotFound: There is none.
        """
        return self._workplace.history(key)

    def diff(self, key: str, older: int, newer: int) -> VersionDiff:
        """
        What changed from one kept edition to another.

        Raises:
            DocumentNotFound, VersionNotFound: There is none.
        """
        history = self._workplace.history(key)
        first, second = (version_of(history, edition) for edition in (older, newer))
        before, after = (self._workplace.version_passages(key, edition) for edition in (older, newer))
        return diff(before, after, first.meta, second.meta)

    def original(self, key: str, edition: int | None = None) -> tuple[Original, Path] | None:
        """
        The file that an edition was read from; of the answering or last one unless *edition* is given.

        Raises:
            DocumentNotFound, VersionNotFound: There is none.
        """
        history = self._workplace.history(key)
        version = version_of(history, edition) if edition else _standing(history) or history.versions[0]
        if version.original is None:
            return None
        path = self._originals.path(version.original.sha256)
        return (version.original, path) if path else None

    def finish(self) -> None:
        """Learn the words of what was published; once after a run of changes."""
        self._workplace.finish()

    def _gate(
        self, *, paths: dict[str, Path] | None = None, accepted: Collection[Code] = (), who: str = ""
    ) -> AbstractContextManager[TrustGate]:
        return open_gate(
            *(self._data, self._workplace),
            who=who,
            paths=paths,
            accepted=accepted,
            today=self._today() if self._today else None,
        )

    @contextmanager
    def _book(self) -> Iterator[TrustBook]:
        book = TrustBook.open(self._data)
        try:
            yield book
        finally:
            book.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Which of several copies answers is decided over several calls: nobody else decides meanwhile."""
        self._data.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._data / ".papers.lock", timeout=_PATIENCE_S, mode=0o600):
                yield
        except Timeout:
            raise KnowledgeUnavailable(part="service") from None


def version_of(history: History, edition: int) -> StoredVersion:
    """
    One edition of *history*.

    Raises:
        VersionNotFound: It is not kept.
    """
    found = next((item for item in history.versions if item.edition == edition), None)
    if found is None:
        raise VersionNotFound(key=history.key, edition=str(edition))
    return found


def _standing(history: History) -> StoredVersion | None:
    """The edition that answers, or did until the document was withdrawn."""
    edition = history.withdrawn.edition if history.withdrawn else history.current
    return next((item for item in history.versions if item.edition == edition), None)
