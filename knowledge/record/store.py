"""
The record: documents, their versions and passages, in SQLite or PostgreSQL.

A document answers through one pointer to its current version; a version is staged, indexed, and then
published by moving the pointer, so no query sees half a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from knowledge.errors import DocumentNotFound
from knowledge.history import ActKind
from knowledge.law_register import law_register
from knowledge.model import DocumentKind, StoredDocument
from knowledge.record import publishing
from knowledge.record.database import Database
from knowledge.record.rows import (
    meta_of,
    passage_mark_values,
    passage_of,
    passage_values,
    provenance_of,
    provenance_values,
    replaced_keys,
    version_values,
)
from knowledge.record.statements import (
    BY_ID,
    MARKED,
    NUMBERED,
    REPLACING,
    SECTIONED,
    VISIBLE,
    begins_with,
    newest,
    passage_count,
    published,
)
from knowledge.record.tables import (
    documents,
    feedback,
    index_state,
    passage_marks,
    passages,
    replacements,
    versions,
)
from knowledge.record.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Connection

    from knowledge.model import Audience, DocumentDraft, DocumentMeta, Passage

_CHUNK = 500  # ids in one IN (…), under every database's limit
_STREAM = 1_000  # rows fetched at a time when everything is read


class Record:
    """The SQL side of knowledge. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing, self._reading = database.writing, database.reading
        self.versions = Versions(database)

    @classmethod
    def open(cls, url: str) -> Record:
        """
        Open the database at *url* and bring its tables up to date.

        Raises:
            KnowledgeUnavailable: It cannot be reached.
        """
        return cls(Database.open(url))

    @classmethod
    def open_file(cls, file: Path) -> Record:
        """Open, or begin, the SQLite record at *file*; a new one is for this account alone."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # names of editors and papers of officers stand in it
        return cls.open(f"sqlite:///{file}")

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    def stage(self, draft: DocumentDraft) -> tuple[int, list[int]]:
        """
        Store *draft* as a version that nobody sees yet.

        Returns:
            The version's id, and its passages' ids in order.
        """
        with self._writing() as connection:
            document_id = _document_id(connection, draft.meta.key)
            values = version_values(draft.meta) | provenance_values(draft) | {"document_id": document_id}
            version_id = connection.execute(insert(versions).values(values)).inserted_primary_key[0]  # type: ignore[index]
            rows = [
                passage_values(item, position) | {"version_id": version_id}
                for position, item in enumerate(draft.passages)
            ]
            if rows:
                connection.execute(insert(passages), rows)
            found = connection.execute(
                select(passages.c.id).where(passages.c.version_id == version_id).order_by(passages.c.position)
            )
            ids = [int(row[0]) for row in found]
            marks = [
                {"passage_id": number, "mark": mark}
                for number, item in zip(ids, draft.passages, strict=True)
                for mark in passage_mark_values(item)
            ]
            if marks:
                connection.execute(insert(passage_marks), marks)
            replaced = [{"version_id": version_id, "number_key": key} for key in replaced_keys(draft.meta)]
            if replaced:
                connection.execute(insert(replacements), replaced)
            return int(version_id), ids

    def publish(self, version_id: int, *, accepted: Sequence[str] = (), renews: bool = False) -> None:
        """
        Make a staged version the one that answers; the versions before it stay as history.

        A withdrawn document stays withdrawn: then the version is its newest edition, and answers nothing.

        Args:
            version_id: What `stage` gave.
            accepted: Codes of the findings that whoever publishes answers for.
            renews: It says what the version before says, and takes its place in the history.
        """
        with self._writing() as connection:
            publishing.publish_version(connection, version_id, accepted=accepted, renews=renews)

    def remove(self, key: str, who: str = "") -> None:
        """
        Forget a document and its history, save who did what with it.

        Raises:
            DocumentNotFound: No document has that key.
        """
        with self._writing() as connection:
            if connection.execute(delete(documents).where(documents.c.key == key)).rowcount == 0:
                raise DocumentNotFound(key=key)
            publishing.note(connection, key, ActKind.REMOVED, 0, who)

    def drop_staged(self) -> None:
        """Forget versions that were never published: what a kill left behind."""
        with self._writing() as connection:
            connection.execute(delete(versions).where(versions.c.published_at.is_(None)))
            connection.execute(
                delete(documents).where(
                    documents.c.current_version_id.is_(None), documents.c.withdrawn_version_id.is_(None)
                )
            )

    def documents(self, prefix: str = "") -> list[StoredDocument]:
        """Published documents whose key begins with *prefix*, by key."""
        query = (
            select(versions, documents.c.key, passage_count().scalar_subquery().label("passage_count"))
            .join(documents, documents.c.current_version_id == versions.c.id)
            .where(begins_with(prefix))
            .order_by(documents.c.key)
        )
        with self._reading() as connection:
            return [
                StoredDocument(
                    meta=meta_of(row),
                    passages=row["passage_count"],
                    edition=row["edition"],
                    **provenance_of(row),
                )
                for row in connection.execute(query).mappings()
            ]

    def hashes(self, prefix: str = "") -> dict[str, str]:
        """
        The content hash of every published document whose key begins with *prefix*.

        Of its newest edition: after a roll back, the file that was rolled away is no news.
        """
        query = (
            select(documents.c.key, versions.c.content_hash)
            .join(versions, versions.c.id == newest().scalar_subquery())
            .where(documents.c.current_version_id.is_not(None), begins_with(prefix))
        )
        with self._reading() as connection:
            return {row.key: row.content_hash for row in connection.execute(query)}

    def document_passages(self, key: str) -> list[Passage]:
        """
        The published passages of one document, in order.

        Raises:
            DocumentNotFound: No published document has that key.
        """
        query = published().where(documents.c.key == key).order_by(passages.c.position)
        with self._reading() as connection:
            found = [passage_of(row) for row in connection.execute(query).mappings()]
        if not found and key not in self.hashes(key):
            raise DocumentNotFound(key=key)
        return found

    def passages(self, ids: Sequence[int], audiences: Collection[Audience]) -> dict[int, Passage]:
        """The published passages among *ids* that one of *audiences* holds, by id."""
        found: dict[int, Passage] = {}
        allowed = [audience.value for audience in audiences]
        with self._reading() as connection:
            for start in range(0, len(ids), _CHUNK):
                values = {"ids": list(ids[start : start + _CHUNK]), "audiences": allowed}
                rows = connection.execute(BY_ID, values).mappings()
                found.update({row["passage_id"]: passage_of(row) for row in rows})
        return found

    def sections(self, ids: Sequence[int], audiences: Collection[Audience]) -> dict[int, tuple[str, ...]]:
        """
        By id, the texts of the passages near it under the same heading, its own among them, in order.

        Of the passages among *ids* that one of *audiences* holds; its own alone where it has no heading.
        """
        found: dict[int, tuple[str, ...]] = {}
        allowed = [audience.value for audience in audiences]
        with self._reading() as connection:
            for start in range(0, len(ids), _CHUNK):
                values = {"ids": list(ids[start : start + _CHUNK]), "audiences": allowed}
                for number, text in connection.execute(SECTIONED, values):
                    found[number] = (*found.get(number, ()), text)
        return found

    def visible(self, ids: Sequence[int], audiences: Collection[Audience], today: date) -> set[int]:
        """
        Those of *ids* that are published, held by one of *audiences*, and in force *today*.

        Not in force: expired, not yet effective, replaced by a document in force that one of *audiences*
        holds, or over by the register of laws.
        """
        values = {
            "ids": list(ids),
            "audiences": [item.value for item in audiences],
            "today": today,
            "silent": list(law_register().silent(today)),
        }
        with self._reading() as connection:
            return {int(row[0]) for row in connection.execute(VISIBLE, values)}

    def numbered(self, audiences: Collection[Audience]) -> list[DocumentMeta]:
        """The published documents of *audiences* that have a số hiệu, in force or not, by key."""
        values = {"audiences": [item.value for item in audiences]}
        with self._reading() as connection:
            return [meta_of(row) for row in connection.execute(NUMBERED, values).mappings()]

    def marked(self, mark: str, audiences: Collection[Audience]) -> list[Passage]:
        """
        The published passages of *audiences*, in force or not, that are, cite or hold *mark*.

        Args:
            mark: An article (`35/2013/qh13+16`), a số hiệu (`282/2025/nd-cp`) or a telephone number.
            audiences: Whose passages.
        """
        values = {"mark": mark, "audiences": [item.value for item in audiences]}
        with self._reading() as connection:
            return [passage_of(row) for row in connection.execute(MARKED, values).mappings()]

    def replacing(self, number_key: str, audiences: Collection[Audience]) -> list[DocumentMeta]:
        """The published documents of *audiences* that take the place of *number_key*, by key."""
        values = {"number_key": number_key, "audiences": [item.value for item in audiences]}
        with self._reading() as connection:
            return [meta_of(row) for row in connection.execute(REPLACING, values).mappings()]

    def all_passages(self, audience: Audience) -> Iterator[Passage]:
        """Every published passage of exactly *audience*, by id."""
        query = published().where(versions.c.audience == audience.value).order_by(passages.c.id)
        with self._reading() as connection:
            for row in connection.execute(query.execution_options(yield_per=_STREAM)).mappings():
                yield passage_of(row)

    def passage_ids(self, audience: Audience) -> set[int]:
        """The ids of every published passage of exactly *audience*."""
        query = (
            select(passages.c.id)
            .join(versions, versions.c.id == passages.c.version_id)
            .join(documents, documents.c.current_version_id == versions.c.id)
            .where(versions.c.audience == audience.value)
        )
        with self._reading() as connection:
            return {int(row[0]) for row in connection.execute(query)}

    def passage_counts(self, audience: Audience) -> tuple[int, int]:
        """How many published passages exactly *audience* has: of documents, and of guides."""
        query = (
            select(versions.c.kind, func.count(passages.c.id))
            .join(versions, versions.c.id == passages.c.version_id)
            .join(documents, documents.c.current_version_id == versions.c.id)
            .where(versions.c.audience == audience.value)
            .group_by(versions.c.kind)
        )
        with self._reading() as connection:
            counts = {kind: int(count) for kind, count in connection.execute(query)}
        guides = counts.pop(DocumentKind.GUIDE.value, 0)
        return sum(counts.values()), guides

    def state(self, name: str) -> str | None:
        """A remembered fact about the index, such as which embedder built it."""
        with self._reading() as connection:
            return connection.scalar(select(index_state.c.value).where(index_state.c.name == name))

    def set_state(self, name: str, value: str | None) -> None:
        """Remember *value* under *name*, or forget it (None)."""
        with self._writing() as connection:
            connection.execute(delete(index_state).where(index_state.c.name == name))
            if value is not None:
                connection.execute(insert(index_state).values(name=name, value=value))

    def count_feedback(self, names: Sequence[str], verdict: Literal["up", "down"], day: date) -> None:
        """Add one thumb of *day* to each passage named."""
        upsert = postgresql.insert if self._database.is_postgresql else sqlite.insert
        first = {"day": day, "up": 0, "down": 0} | {verdict: 1}
        for name in dict.fromkeys(names):
            statement = upsert(feedback).values(first | {"passage": name})
            more = {verdict: feedback.c[verdict] + 1}
            with self._writing() as connection:
                connection.execute(
                    statement.on_conflict_do_update(index_elements=["passage", "day"], set_=more)
                )

    def feedback_totals(self) -> dict[str, tuple[int, int]]:
        """Thumbs up and down by passage, over all days."""
        query = select(feedback.c.passage, func.sum(feedback.c.up), func.sum(feedback.c.down))
        with self._reading() as connection:
            rows = connection.execute(query.group_by(feedback.c.passage))
            return {name: (int(up), int(down)) for name, up, down in rows}


def _document_id(connection: Connection, key: str) -> int:
    query = select(documents.c.id).where(documents.c.key == key)
    known = connection.scalar(query)
    if known is not None:
        return int(known)
    try:
        with connection.begin_nested():
            return int(connection.execute(insert(documents).values(key=key)).inserted_primary_key[0])  # type: ignore[index]
    except IntegrityError:  # another process began the same document between the two statements
        return int(connection.scalar(query))  # type: ignore[arg-type]
