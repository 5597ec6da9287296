"""
The statements asked for every question, built once.

Who may see what and what is in force are decided here, in one statement each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, or_, select

from knowledge.record.tables import documents, passage_marks, passages, replacements, versions

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

_AROUND = 6  # passages before and after one that may be of its section
_MARKED = 400  # passages read of those that hold a number


def published() -> Select[Any]:
    """Every published passage with its version and its document's key."""
    return (
        select(passages, passages.c.id.label("passage_id"), versions, documents.c.key)
        .join(versions, versions.c.id == passages.c.version_id)
        .join(documents, documents.c.current_version_id == versions.c.id)
    )


def begins_with(prefix: str) -> ColumnElement[bool]:
    """Whether a document's key begins with *prefix*, letter by letter."""
    # Not LIKE: SQLite's does not tell a folder `a` from a folder `A`.
    return func.substr(documents.c.key, 1, len(prefix)) == prefix


def newest() -> Select[Any]:
    """The id of the newest version of a document of the outer statement, whichever one answers."""
    return (
        select(func.max(versions.c.id))
        .where(versions.c.document_id == documents.c.id, versions.c.published_at.is_not(None))
        .correlate(documents)
    )


def passage_count() -> Select[Any]:
    """How many passages the version of the outer statement has."""
    return select(func.count(passages.c.id)).where(passages.c.version_id == versions.c.id).correlate(versions)


BY_ID = published().where(
    passages.c.id.in_(bindparam("ids", expanding=True)),
    versions.c.audience.in_(bindparam("audiences", expanding=True)),
)
_own = passages.alias("own")
# By number: the passages of a version are stored one after the other.
SECTIONED = (
    select(_own.c.id, passages.c.text)
    .select_from(_own)
    .join(versions, versions.c.id == _own.c.version_id)
    .join(
        passages,
        and_(
            passages.c.version_id == _own.c.version_id,
            passages.c.id.between(_own.c.id - _AROUND, _own.c.id + _AROUND),
            or_(and_(_own.c.heading != "", passages.c.heading == _own.c.heading), passages.c.id == _own.c.id),
        ),
    )
    .where(
        _own.c.id.in_(bindparam("ids", expanding=True)),
        versions.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(_own.c.id, passages.c.id)
)
_newer_versions, _newer_documents = versions.alias("newer_versions"), documents.alias("newer_documents")
# Another document in force has taken its place, one that the asker may see: a hidden one changes nothing.
_SUPERSEDED = (
    select(replacements.c.version_id)
    .join(_newer_versions, _newer_versions.c.id == replacements.c.version_id)
    .join(_newer_documents, _newer_documents.c.current_version_id == _newer_versions.c.id)
    .where(
        replacements.c.number_key == versions.c.number_key,
        _newer_versions.c.audience.in_(bindparam("audiences", expanding=True)),
        or_(_newer_versions.c.effective.is_(None), _newer_versions.c.effective <= bindparam("today")),
    )
    .exists()
)
VISIBLE = (
    select(passages.c.id)
    .join(versions, versions.c.id == passages.c.version_id)
    .join(documents, documents.c.current_version_id == versions.c.id)
    .where(
        passages.c.id.in_(bindparam("ids", expanding=True)),
        versions.c.audience.in_(bindparam("audiences", expanding=True)),
        or_(versions.c.effective.is_(None), versions.c.effective <= bindparam("today")),
        or_(
            and_(versions.c.expires.is_(None), versions.c.replaced_by == ""),
            versions.c.expires >= bindparam("today"),
        ),
        or_(
            versions.c.number_key == "",
            and_(versions.c.number_key.not_in(bindparam("silent", expanding=True)), ~_SUPERSEDED),
        ),
    )
)
NUMBERED = (
    select(versions, documents.c.key)
    .join(documents, documents.c.current_version_id == versions.c.id)
    .where(versions.c.number_key != "", versions.c.audience.in_(bindparam("audiences", expanding=True)))
    .order_by(documents.c.key)
)
MARKED = (
    published()
    .join(passage_marks, passage_marks.c.passage_id == passages.c.id)
    .where(
        passage_marks.c.mark == bindparam("mark"),
        versions.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(passages.c.id)
    .limit(_MARKED)
)
REPLACING = (
    select(versions, documents.c.key)
    .join(documents, documents.c.current_version_id == versions.c.id)
    .join(replacements, replacements.c.version_id == versions.c.id)
    .where(
        replacements.c.number_key == bindparam("number_key"),
        versions.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(documents.c.key)
)
