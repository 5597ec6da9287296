"""
The library: publishes documents into the record, the vectors and the lexical index as one.

Order of a publication: mark the index as being written, stage the version, index its passages, move
the pointer, drop what the version before left in the indexes, clear the mark. A kill at any point
leaves either the old document or the new one answering; `recover` sweeps up the rest. Withdrawing,
restoring and rolling back move the same pointer in the same order.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Self

from knowledge.dense import DenseIndex
from knowledge.elsewhere import exemplars
from knowledge.embedding.cached import CachedEmbedder
from knowledge.errors import DocumentNotFound, IndexMismatch
from knowledge.lexical import LexicalIndex
from knowledge.model import Audience, asked_of, indexed_text, searched_text
from knowledge.renewal import says_the_same
from knowledge.text.restore import Restorer
from knowledge.vector_probe import is_sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.embedding.base import TextEmbedder
    from knowledge.folder import DataFolder
    from knowledge.model import DocumentDraft, Passage, PassageDraft
    from knowledge.record.store import Record
    from knowledge.record.versions import Standing

Outcome = Literal["added", "updated", "unchanged", "withdrawn"]
Shelf = Literal["documents", "guides"]
SHELVES: tuple[Shelf, ...] = ("documents", "guides")

_WRITING = "writing"
_EMBEDDER = "embedder"
_WORDS = "words"  # "stale" from a publication until the restorer learnt from it
_EXEMPLARS = "exemplars"
_EXEMPLARS_STAND: tuple[Audience, Shelf] = (Audience.PUBLIC, "guides")
_GROUPS_AT_ONCE = 16  # of exemplars, in one write
_MOST_EXEMPLARS = 1_000  # groups; numbers to sweep when the file changes
_STEP = 32  # passages embedded between two reports of progress


class Library:
    """Everything that is known, ready to be written to and searched. One process at a time."""

    def __init__(self, record: Record, folder: DataFolder, embedder: TextEmbedder) -> None:
        self._lock = folder.lock()
        self._folder = folder
        self.record = record
        self.embedder = embedder
        if record.state(_WRITING) and not is_sound(folder.vectors):
            shutil.rmtree(
                folder.vectors
            )  # `check` fills it anew: from the record, with vectors from the cache
        self._cached = CachedEmbedder(embedder, folder.vector_cache)
        self.dense = DenseIndex(folder.vectors, self._cached)
        self.lexical: dict[tuple[Audience, Shelf], LexicalIndex] = {
            (audience, shelf): LexicalIndex(folder.lexical / f"{audience.value}-{shelf}")
            for audience in Audience
            for shelf in SHELVES
        }
        self.restorer = Restorer.load(folder.restorer)

    def close(self) -> None:
        """Let another process in."""
        self._cached.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def check(self, on_progress: Callable[[int, int], None] | None = None) -> None:
        """
        See that the index belongs to the configured embedder, and finish what a kill interrupted.

        Raises:
            IndexMismatch: Another embedder built it; `reindex` rebuilds it.
        """
        built_with = self.record.state(_EMBEDDER)
        if built_with is None:
            self.record.set_state(_EMBEDDER, self.embedder.name)
        elif built_with != self.embedder.name:
            raise IndexMismatch(built_with=built_with, configured=self.embedder.name)
        if self.record.state(_EXEMPLARS) != exemplars().fingerprint:
            self._index_exemplars(on_progress)
        if self.record.state(_WRITING) or not self._complete():
            self.recover(on_progress)
        elif self.record.state(_WORDS):
            self.finish()

    def _complete(self) -> bool:
        return all(self._counts(audience) == self.record.passage_counts(audience) for audience in Audience)

    def _counts(self, audience: Audience) -> tuple[int, int]:
        """Passages of documents and of guides in both indexes; -1 where the two disagree."""
        counts = []
        for shelf in SHELVES:
            extra = len(exemplars().names) if (audience, shelf) == _EXEMPLARS_STAND else 0
            dense, lexical = self.dense.count(audience, shelf), len(self.lexical[audience, shelf]) - extra
            counts.append(dense if dense == lexical else -1)
        return counts[0], counts[1]

    def _index_exemplars(self, on_progress: Callable[[int, int], None] | None = None) -> None:
        audience, shelf = _EXEMPLARS_STAND
        groups = [(exemplars().number(at), texts) for at, texts in enumerate(exemplars().questions)]
        numbers = [-number for number in range(1, _MOST_EXEMPLARS + 1)]
        self.dense.remove(audience, numbers)
        self.lexical[audience, shelf].remove(numbers)
        for start in range(0, len(groups), _GROUPS_AT_ONCE):
            part = groups[start : start + _GROUPS_AT_ONCE]
            entries = [(number, n, text) for number, texts in part for n, text in enumerate(texts)]
            self.dense.add(audience, "questions", entries)
            if on_progress:
                on_progress(start + len(part), len(groups))
        self.lexical[audience, shelf].add((number, {"asked": "\n".join(texts)}) for number, texts in groups)
        self.record.set_state(_EXEMPLARS, exemplars().fingerprint)

    def publish(self, draft: DocumentDraft, on_progress: Callable[[int, int], None] | None = None) -> Outcome:
        """
        Make *draft* the answering version of its document.

        What a person has withdrawn stays so: then *draft* is kept as its newest edition, and answers nothing.

        Args:
            draft: The document; nothing is done if its content hash is that of the newest edition.
            on_progress: Called with (passages embedded, passages in all).
        """
        key = draft.meta.key
        standing = self.record.versions.standing(key)
        is_withdrawn = standing is not None and standing.is_withdrawn
        if standing is not None and standing.newest_hash == draft.content_hash:
            return "withdrawn" if is_withdrawn else "unchanged"
        renews = standing is not None and says_the_same(draft, self.record.versions, standing.edition)
        if is_withdrawn:
            version_id, _ = self.record.stage(draft)
            self.record.publish(version_id, accepted=draft.accepted, renews=renews)
            return "withdrawn"
        with self._moving(key):
            version_id, ids = self.record.stage(draft)
            self._index(draft.meta.audience, list(zip(ids, draft.passages, strict=True)), on_progress)
            self.record.publish(version_id, accepted=draft.accepted, renews=renews)
        return "updated" if standing else "added"

    def prepare(self, draft: DocumentDraft) -> None:
        """Embed into the cache what `publish` will ask of it; in any thread, beside a publication."""
        self._cached.embed_documents([indexed_text(item) for item in draft.passages])
        self._cached.embed_queries([text for item in draft.passages for text in asked_of(item)])

    def withdraw(self, key: str, who: str) -> None:
        """
        Let a document answer nothing until somebody restores it; its history stays. Once is enough.

        Raises:
            DocumentNotFound: There is none.
        """
        self._known(key)
        with self._moving(key):
            self.record.versions.withdraw(key, who)

    def restore(self, key: str, who: str) -> int:
        """
        Let a withdrawn document answer again as it did.

        Returns:
            The edition that answers now; nothing is done where one answers already.

        Raises:
            DocumentNotFound: There is none.
        """
        edition = self._known(key).edition
        self.roll_back(key, edition, who)
        return edition

    def roll_back(
        self, key: str, edition: int, who: str, on_progress: Callable[[int, int], None] | None = None
    ) -> None:
        """
        Let a kept edition be the one that answers, whether the document is withdrawn or not.

        Raises:
            DocumentNotFound, VersionNotFound: There is none.
        """
        standing = self._known(key)
        passages = self.record.versions.passages(key, edition)
        if standing.edition == edition and not standing.is_withdrawn:
            return
        with self._moving(key):
            if passages:
                items = [(passage.id, passage) for passage in passages]
                self._index(passages[0].meta.audience, items, on_progress)
            self.record.versions.answer_from(key, edition, who)

    def remove(self, key: str, who: str = "") -> None:
        """
        Take a document out of the record and the indexes, with its history.

        Raises:
            DocumentNotFound: There is none.
        """
        self._known(key)
        with self._moving(key):
            self.record.remove(key, who)

    def _known(self, key: str) -> Standing:
        standing = self.record.versions.standing(key)
        if standing is None:
            raise DocumentNotFound(key=key)
        return standing

    @contextmanager
    def _moving(self, key: str) -> Iterator[None]:
        """The pointer of *key* is moved inside, what is to answer indexed before; then the old goes."""
        old = self._published(key)
        self.record.set_state(_WRITING, key)
        self.record.set_state(_WORDS, "stale")
        yield
        self._unindex(old)
        self.record.set_state(_WRITING, None)

    def hashes(self, prefix: str) -> dict[str, str]:
        """The content hash of every published document whose key begins with *prefix*."""
        return self.record.hashes(prefix)

    def finish(self) -> None:
        """Learn the words of what was published since; call once after a run of publications."""
        self.restorer = Restorer.build(self._public_texts())
        self.restorer.save(self._folder.restorer)
        self.record.set_state(_WORDS, None)

    def recover(self, on_progress: Callable[[int, int], None] | None = None) -> None:
        """Make the indexes whole again from the record; what is already there is not embedded twice."""
        self.record.drop_staged()
        for audience in Audience:
            published = self.record.passage_ids(audience)
            self.dense.keep_only(audience, published)
            missing = (
                published - self.dense.known(audience, "documents") - self.dense.known(audience, "guides")
            )
            worded: set[int] = set()
            for shelf in SHELVES:
                self.lexical[audience, shelf].keep_only(published)
                worded |= self.lexical[audience, shelf].known()
            self._refill(audience, missing, published - worded, len(published), on_progress)
        self._index_exemplars()
        self.finish()
        self.record.set_state(_WRITING, None)

    def reindex(self, on_progress: Callable[[int, int], None] | None = None) -> None:
        """Build the indexes anew with the configured embedder."""
        self.record.set_state(_WRITING, "reindex")
        self.dense.clear()
        for index in self.lexical.values():
            index.clear()
        self.record.set_state(_EMBEDDER, self.embedder.name)
        self.recover(on_progress)

    def _refill(
        self,
        audience: Audience,
        missing: set[int],
        unworded: set[int],
        total: int,
        on_progress: Callable[[int, int], None] | None,
    ) -> None:
        batch: list[Passage] = []
        done = 0
        for passage in self.record.all_passages(audience):
            batch.append(passage)
            if len(batch) == _STEP * 8:
                done += self._refill_batch(audience, batch, missing, unworded)
                batch = []
                if on_progress:
                    on_progress(done, total)
        self._refill_batch(audience, batch, missing, unworded)
        if on_progress and total:
            on_progress(total, total)

    def _refill_batch(
        self, audience: Audience, batch: list[Passage], missing: set[int], unworded: set[int]
    ) -> int:
        # Questions are cheap to store again (cached), and a kill may have come between two layers.
        self._embed(audience, [(item.id, item) for item in batch if item.id in missing or item.questions])
        self._index_words(audience, [(item.id, item) for item in batch if item.id in unworded])
        return len(batch)

    def _index(
        self,
        audience: Audience,
        items: Sequence[tuple[int, Passage | PassageDraft]],
        on_progress: Callable[[int, int], None] | None,
    ) -> None:
        for start in range(0, len(items), _STEP):
            self._embed(audience, items[start : start + _STEP])
            if on_progress:
                on_progress(min(start + _STEP, len(items)), len(items))
        self._index_words(audience, items)

    def _embed(self, audience: Audience, items: Sequence[tuple[int, Passage | PassageDraft]]) -> None:
        for shelf in SHELVES:
            texts = [(number, 0, indexed_text(item)) for number, item in items if shelf_of(item) == shelf]
            self.dense.add(audience, shelf, texts)
        questions = [(number, n, text) for number, item in items for n, text in enumerate(asked_of(item))]
        self.dense.add(audience, "questions", questions)

    def _index_words(self, audience: Audience, items: Sequence[tuple[int, Passage | PassageDraft]]) -> None:
        for shelf in SHELVES:
            rows = [(number, item) for number, item in items if shelf_of(item) == shelf]
            if rows:
                self.lexical[audience, shelf].add(
                    (number, {"text": searched_text(item), "asked": "\n".join(asked_of(item))})
                    for number, item in rows
                )

    def _published(self, key: str) -> list[Passage]:
        try:
            return self.record.document_passages(key)
        except DocumentNotFound:
            return []

    def _unindex(self, old: Sequence[Passage]) -> None:
        if not old:
            return
        audience = old[0].meta.audience
        ids = [passage.id for passage in old]
        self.dense.remove(audience, ids)
        for shelf in SHELVES:
            self.lexical[audience, shelf].remove(ids)

    def _public_texts(self) -> Iterator[str]:
        for passage in self.record.all_passages(Audience.PUBLIC):
            yield searched_text(passage)


def shelf_of(item: Passage | PassageDraft) -> Shelf:
    """Where a passage stands: what knows how people ask for it is a guide's section."""
    return "guides" if item.questions else "documents"
