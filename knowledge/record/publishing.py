"""
Moves of the pointer: a staged version published, a document withdrawn, restored, rolled back.

Each is one transaction of the caller's, with the note of who did it. The last editions are kept; older
ones go, with their passages.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from knowledge.errors import DocumentNotFound, VersionNotFound
from knowledge.history import ActKind
from knowledge.record.tables import acts, documents, versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row

KEPT_EDITIONS = 10


def publish_version(
    connection: Connection, version_id: int, *, accepted: Sequence[str] = (), renews: bool = False
) -> None:
    """
    Make a staged version the next edition, and the one that answers unless its document is withdrawn.

    Args:
        connection: In a transaction.
        version_id: What `Record.stage` gave.
        accepted: Codes of the findings that whoever publishes answers for.
        renews: It says what the edition before says, and takes its place in the history.
    """
    owner = select(versions.c.document_id).where(versions.c.id == version_id).scalar_subquery()
    document = _locked(connection, documents.c.id == owner)
    if document is None:
        raise DocumentNotFound(key="?")
    who = str(connection.scalar(select(versions.c.published_by).where(versions.c.id == version_id)))
    standing = document.current_version_id or document.withdrawn_version_id
    if renews and standing is not None:
        values = _of_edition(connection, standing)
        connection.execute(delete(versions).where(versions.c.id == standing))
    else:
        values = {"edition": _next_edition(connection, document.id), "published_at": datetime.now(UTC)}
        if accepted:
            note(connection, document.key, ActKind.ACCEPTED, values["edition"], who, accepted)
        note(connection, document.key, ActKind.PUBLISHED, values["edition"], who)
    connection.execute(update(versions).where(versions.c.id == version_id).values(values))
    if document.withdrawn_version_id is None:
        _point(connection, document.id, version_id)
    elif renews:
        connection.execute(
            update(documents).where(documents.c.id == document.id).values(withdrawn_version_id=version_id)
        )
    _drop_oldest(connection, document.id)


def withdraw(connection: Connection, key: str, who: str) -> None:
    """
    Let the document of *key* answer nothing; once is enough.

    Raises:
        DocumentNotFound: There is none.
    """
    document = _of_key(connection, key)
    if document.current_version_id is None:
        return
    connection.execute(
        update(documents)
        .where(documents.c.id == document.id)
        .values(
            current_version_id=None,
            withdrawn_version_id=document.current_version_id,
            withdrawn_at=datetime.now(UTC),
            withdrawn_by=who,
        )
    )
    note(connection, key, ActKind.WITHDRAWN, edition_of(connection, document.current_version_id), who)


def answer_from(connection: Connection, key: str, edition: int, who: str) -> None:
    """
    Let *edition* be the one that answers.

    Raises:
        DocumentNotFound, VersionNotFound: There is none.
    """
    document = _of_key(connection, key)
    version_id = connection.scalar(
        select(versions.c.id).where(versions.c.document_id == document.id, versions.c.edition == edition)
    )
    if version_id is None:
        raise VersionNotFound(key=key, edition=str(edition))
    if document.current_version_id == version_id:
        return
    as_it_was = document.withdrawn_version_id == version_id
    _point(connection, document.id, int(version_id))
    note(connection, key, ActKind.RESTORED if as_it_was else ActKind.ROLLED_BACK, edition, who)


def edition_of(connection: Connection, version_id: int | None) -> int:
    """The edition of a published version; 0 for none."""
    return int(connection.scalar(select(versions.c.edition).where(versions.c.id == version_id)) or 0)


def note(  # noqa: PLR0913, PLR0917 - one row
    connection: Connection, key: str, kind: ActKind, edition: int, who: str, codes: Sequence[str] = ()
) -> None:
    """Write down that *who* did that."""
    values = {"key": key, "kind": kind.value, "edition": edition, "who": who, "codes": "\n".join(codes)}
    connection.execute(insert(acts).values(values | {"at": datetime.now(UTC)}))


def _of_key(connection: Connection, key: str) -> Row[Any]:
    """The document of *key*, published now or withdrawn."""
    found = _locked(connection, documents.c.key == key)
    if found is None or not (found.current_version_id or found.withdrawn_version_id):
        raise DocumentNotFound(key=key)
    return found


def _locked(connection: Connection, condition: ColumnElement[bool]) -> Row[Any] | None:
    # Changes nothing, and makes whoever moves the same pointer wait; SQLite knows no FOR UPDATE.
    connection.execute(update(documents).where(condition).values(withdrawn_by=documents.c.withdrawn_by))
    return connection.execute(select(documents).where(condition)).one_or_none()


def _point(connection: Connection, document_id: int, version_id: int) -> None:
    connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(current_version_id=version_id, withdrawn_version_id=None, withdrawn_at=None, withdrawn_by="")
    )


def _of_edition(connection: Connection, version_id: int) -> dict[str, Any]:
    columns = (versions.c.edition, versions.c.published_at, versions.c.published_by)
    return dict(connection.execute(select(*columns).where(versions.c.id == version_id)).mappings().one())


def _next_edition(connection: Connection, document_id: int) -> int:
    last = connection.scalar(
        select(func.max(versions.c.edition)).where(versions.c.document_id == document_id)
    )
    return int(last or 0) + 1


def _drop_oldest(connection: Connection, document_id: int) -> None:
    """Forget all but the last editions and the one that the pointer, or its place of rest, names."""
    document = connection.execute(select(documents).where(documents.c.id == document_id)).one()
    last = (
        select(versions.c.id)
        .where(versions.c.document_id == document_id, versions.c.edition.is_not(None))
        .order_by(versions.c.edition.desc())
        .limit(KEPT_EDITIONS)
    )
    kept = {int(row[0]) for row in connection.execute(last)}
    kept |= {document.current_version_id, document.withdrawn_version_id} - {None}
    connection.execute(
        delete(versions).where(
            versions.c.document_id == document_id,
            versions.c.edition.is_not(None),
            versions.c.id.not_in(kept),
        )
    )
