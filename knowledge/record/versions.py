"""The history in the record: editions that no longer answer, withdrawn documents, and who did what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from knowledge.errors import DocumentNotFound, VersionNotFound
from knowledge.history import History, StoredVersion, Withdrawal
from knowledge.record import publishing
from knowledge.record.rows import act_of, meta_of, passage_of, provenance_of, with_zone
from knowledge.record.statements import begins_with, newest, passage_count
from knowledge.record.tables import acts, documents, passages, versions

if TYPE_CHECKING:
    from sqlalchemy import RowMapping, ScalarSelect, Select

    from knowledge.history import Act
    from knowledge.model import Passage
    from knowledge.record.database import Database

_ACTS_SHOWN = 200  # of one document, the latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Its newest edition's hash, and the edition that answers, or did until the document was withdrawn."""

    newest_hash: str
    edition: int
    is_withdrawn: bool


class Versions:
    """What only editors and officers see. No question is answered from here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, key: str) -> Standing | None:
        """Where the document of *key* stands; None where none was ever published."""
        query = select(
            documents.c.withdrawn_version_id,
            documents.c.current_version_id,
            select(versions.c.content_hash)
            .where(versions.c.id == newest().scalar_subquery())
            .scalar_subquery(),
        ).where(documents.c.key == key)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None or row[2] is None:
                return None
            withdrawn, current, newest_hash = row
            edition = publishing.edition_of(connection, current or withdrawn)
        return Standing(newest_hash=newest_hash, edition=edition, is_withdrawn=current is None)

    def withdraw(self, key: str, who: str) -> None:
        """
        Let a document answer nothing, and keep it. Once is enough.

        Raises:
            DocumentNotFound: There is none.
        """
        with self._database.writing() as connection:
            publishing.withdraw(connection, key, who)

    def answer_from(self, key: str, edition: int, who: str) -> None:
        """
        Let *edition* be the one that answers, in one write.

        Raises:
            DocumentNotFound, VersionNotFound: There is none.
        """
        with self._database.writing() as connection:
            publishing.answer_from(connection, key, edition, who)

    def history(self, key: str) -> History:
        """
        The kept editions of a document and what was done with it.

        Raises:
            DocumentNotFound: None was published under *key*, or it was removed.
        """
        done = select(acts).where(acts.c.key == key).order_by(acts.c.id.desc()).limit(_ACTS_SHOWN)
        with self._database.reading() as connection:
            kept = tuple(_version_of(row) for row in connection.execute(_kept(key)).mappings())
            told = tuple(act_of(row) for row in connection.execute(done).mappings())
        if not kept:
            raise DocumentNotFound(key=key)
        withdrawn = [item for item in self.withdrawals(key) if item.key == key]
        return History(
            key=key,
            versions=kept,
            acts=told,
            current=next((item.edition for item in kept if item.is_current), None),
            withdrawn=withdrawn[0] if withdrawn else None,
        )

    def version(self, key: str, edition: int) -> StoredVersion | None:
        """A kept edition of a document, whether it answers or not."""
        with self._database.reading() as connection:
            query = _kept(key).where(versions.c.edition == edition)
            row = connection.execute(query).mappings().one_or_none()
        return _version_of(row) if row else None

    def passages(self, key: str, edition: int) -> list[Passage]:
        """
        The passages of a kept edition, in order, whether it answers or not.

        Raises:
            VersionNotFound: The document has no such edition, or it is kept no longer.
        """
        mine = (documents.c.key == key, versions.c.edition == edition)
        query = _of_any_version().where(*mine).order_by(passages.c.position)
        known = select(versions.c.id).join(documents, documents.c.id == versions.c.document_id).where(*mine)
        with self._database.reading() as connection:
            found = [passage_of(row) for row in connection.execute(query).mappings()]
            if not found and connection.scalar(known) is None:
                raise VersionNotFound(key=key, edition=str(edition))
        return found

    def withdrawals(self, prefix: str = "") -> list[Withdrawal]:
        """The documents that were withdrawn, by key."""
        query = (
            select(
                versions,
                *(documents.c.key, documents.c.withdrawn_at, documents.c.withdrawn_by),
                _newest_hash().label("newest_hash"),
            )
            .join(documents, documents.c.withdrawn_version_id == versions.c.id)
            .where(documents.c.withdrawn_version_id.is_not(None), begins_with(prefix))
            .order_by(documents.c.key)
        )
        with self._database.reading() as connection:
            return [
                Withdrawal(
                    key=row["key"],
                    meta=meta_of(row),
                    edition=row["edition"],
                    at=with_zone(row["withdrawn_at"]),
                    by=row["withdrawn_by"],
                    newest_hash=row["newest_hash"],
                )
                for row in connection.execute(query).mappings()
            ]

    def originals(self) -> set[str]:
        """The SHA-256 of every original that a kept version refers to, a staged one too."""
        query = select(versions.c.original_sha256).where(versions.c.original_sha256 != "").distinct()
        with self._database.reading() as connection:
            return {str(row[0]) for row in connection.execute(query)}

    def acts(self, limit: int = 100) -> list[Act]:
        """The latest deeds over all documents, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(acts).order_by(acts.c.id.desc()).limit(limit)).mappings()
            return [act_of(row) for row in rows]


def _newest_hash() -> ScalarSelect[str]:
    newer = versions.alias("newer")
    return (
        select(newer.c.content_hash)
        .where(newer.c.document_id == documents.c.id, newer.c.published_at.is_not(None))
        .order_by(newer.c.id.desc())
        .limit(1)
        .correlate(documents)
        .scalar_subquery()
    )


def _kept(key: str) -> Select[tuple[object, ...]]:
    return (
        select(
            versions,
            *(documents.c.key, documents.c.current_version_id),
            passage_count().scalar_subquery().label("passage_count"),
        )
        .join(documents, documents.c.id == versions.c.document_id)
        .where(documents.c.key == key, versions.c.edition.is_not(None))
        .order_by(versions.c.edition.desc())
    )


def _version_of(row: RowMapping) -> StoredVersion:
    return StoredVersion(
        edition=row["edition"],
        meta=meta_of(row),
        passages=row["passage_count"],
        is_current=row["id"] == row["current_version_id"],
        **provenance_of(row),
    )


def _of_any_version() -> Select[tuple[object, ...]]:
    return (
        select(passages, passages.c.id.label("passage_id"), versions, documents.c.key)
        .join(versions, versions.c.id == passages.c.version_id)
        .join(documents, documents.c.id == versions.c.document_id)
    )
