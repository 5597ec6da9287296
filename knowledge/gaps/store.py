"""
What nobody could answer, and what officers wrote to it, in a database of its own.

The public side adds gaps and publishes answers; the desk lists gaps and writes answers, perhaps on another
machine. SQLite in `data/gaps/gaps.sqlite3`, or PostgreSQL by URL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from databases.database import Database, Kind
from knowledge.gaps.model import (
    SET_ASIDE,
    Answered,
    Gap,
    GapChanged,
    GapsUnavailable,
    Reason,
    Version,
    Written,
    key_of,
)
from knowledge.gaps.tables import answers, gaps, versions
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from sqlalchemy import Connection, RowMapping

    from knowledge.gaps.model import Note

_KIND = Kind(name="gaps", package="knowledge.gaps", lock=7_218_406, unavailable=GapsUnavailable, busy_s=20.0)
_CHUNK = 400  # keys in one IN (…)


class GapStore:
    """The database of gaps. Safe to share between threads and processes. Raises GapsUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.insert

    @classmethod
    def open(cls, url: str) -> GapStore:
        """Open the database at *url*, its tables up to date."""
        return cls(Database.open(url, _KIND))

    @classmethod
    def open_file(cls, file: Path) -> GapStore:
        """Open, or begin, the SQLite database at *file*, mode 0600 in a folder of mode 0700."""
        return cls(Database.open_file(file, _KIND))

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    # gaps

    def add(self, notes: Iterable[Note], week: str) -> None:
        """Count *notes* in *week*; alike ones are one row, under its first wording."""
        counted: Counter[tuple[str, str, str]] = Counter()
        texts: dict[str, str] = {}
        for note in notes:
            key = key_of(note.text)
            counted[note.audience.value, note.reason.value, key] += 1
            texts.setdefault(key, note.text)
        with self._database.writing() as connection:
            for (audience, reason, key), count in sorted(counted.items()):  # not in the order they were asked
                row = {"week": week, "audience": audience, "reason": reason, "key": key, "text": texts[key]}
                statement = self._insert(gaps).values(row | {"count": count, "guide": ""})
                connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=["week", "audience", "reason", "key"],
                        set_={"count": gaps.c.count + count},
                    )
                )
        if counted:
            self._database.empty_log()

    def gaps(self) -> list[Gap]:
        """Every gap that is open."""
        return self._gaps("")

    def set_aside(self) -> list[Gap]:
        """Every gap that an editor put aside."""
        return self._gaps(SET_ASIDE)

    def put_aside(self, keys: Collection[str], *, aside: bool) -> int:
        """Put open gaps of *keys* aside, or take them up again; how many rows that were."""
        before, after = ("", SET_ASIDE) if aside else (SET_ASIDE, "")
        with self._database.writing() as connection:
            return _mark(connection, keys, before, after)

    def forget(self, before: str) -> int:
        """Drop the gaps of weeks before *before*, on the disk too; how many rows that were."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(gaps).where(gaps.c.week < before)).rowcount
        if gone:
            self._database.empty_log()
        return gone

    def _gaps(self, guide: str) -> list[Gap]:
        query = select(gaps).where(gaps.c.guide == guide).order_by(gaps.c.week, gaps.c.key)
        with self._database.reading() as connection:
            return [
                Gap(
                    week=row["week"],
                    audience=Audience(row["audience"]),
                    reason=Reason(row["reason"]),
                    key=row["key"],
                    text=row["text"],
                    count=row["count"],
                )
                for row in connection.execute(query).mappings()
            ]

    # answers

    def answers(self) -> list[Answered]:
        """Every answer with its versions, by slug."""
        with self._database.reading() as connection:
            rows = connection.execute(select(answers).order_by(answers.c.slug)).mappings().all()
            written = connection.execute(
                select(versions).order_by(versions.c.slug, versions.c.number)
            ).mappings()
            held: defaultdict[str, list[Version]] = defaultdict(list)
            for row in written:
                held[row["slug"]].append(_version(row))
        return [
            Answered(
                slug=row["slug"],
                wanted=row["wanted"],
                standing=row["standing"],
                trouble=row["trouble"],
                versions=tuple(held[row["slug"]]),
            )
            for row in rows
        ]

    def answer(self, slug: str) -> Answered | None:
        """One answer."""
        return next((answered for answered in self.answers() if answered.slug == slug), None)

    def write(self, version: Version, keys: Collection[str], *, on: int = 0) -> None:
        """
        Add a version and want it published; the open gaps of *keys* are answered by it.

        Args:
            version: Of a new slug, or of an answer written anew; its number is the one after the newest.
            keys: Of gaps.
            on: The version it was written upon, 0 for a new answer.

        Raises:
            GapChanged: Somebody wrote meanwhile, or all gaps of *keys* were answered.
        """
        slug = version.slug
        with self._database.writing() as connection:
            known = _locked(connection, slug)
            newest = (
                connection.scalar(select(func.max(versions.c.number)).where(versions.c.slug == slug)) or 0
            )
            if (known.wanted if known else 0) != on or version.number != newest + 1:
                raise GapChanged
            if known is None and keys and not _has_open(connection, keys):
                raise GapChanged
            held = sorted({*(known.keys if known else ()), *keys})
            change = {"wanted": version.number, "trouble": "", "keys": held}
            try:
                with connection.begin_nested():
                    connection.execute(insert(versions).values(_values(version)))
                    if known is None:
                        connection.execute(insert(answers).values(change | {"slug": slug, "standing": None}))
            except IntegrityError:  # somebody else wrote the same number between the statements
                raise GapChanged from None
            if known is not None:
                connection.execute(update(answers).where(answers.c.slug == slug).values(change))
            _mark(connection, held, "", slug)

    def point(self, slug: str, wanted: int, *, on: int) -> None:
        """
        Want another version of an answer, 0 to take it away: then its gaps are open again.

        Raises:
            GapChanged: The wanted version is not *on* any more, or there is no such version.
        """
        with self._database.writing() as connection:
            known = _locked(connection, slug)
            numbers = {0, *connection.scalars(select(versions.c.number).where(versions.c.slug == slug))}
            if known is None or known.wanted != on or wanted not in numbers:
                raise GapChanged
            connection.execute(
                update(answers).where(answers.c.slug == slug).values(wanted=wanted, trouble="")
            )
            _mark(connection, known.keys, *(("", slug) if wanted else (slug, "")))

    def note_standing(self, slug: str, standing: int | None, trouble: str = "") -> None:
        """Note which version the library holds now, and why it is not the wanted one."""
        with self._database.writing() as connection:
            connection.execute(
                update(answers).where(answers.c.slug == slug).values(standing=standing, trouble=trouble)
            )


def _locked(connection: Connection, slug: str) -> Any:
    return connection.execute(select(answers).where(answers.c.slug == slug).with_for_update()).one_or_none()


def _has_open(connection: Connection, keys: Collection[str]) -> bool:
    """Whether a gap of one of *keys* is open."""
    query = select(gaps.c.key).where(gaps.c.key.in_(sorted(keys)[:_CHUNK]), gaps.c.guide == "").limit(1)
    return connection.scalar(query) is not None


def _mark(connection: Connection, keys: Collection[str], before: str, after: str) -> int:
    """Set the guide of gaps from *before* to *after*; how many rows that were."""
    wanted, marked = sorted(keys), 0
    for start in range(0, len(wanted), _CHUNK):
        which = gaps.c.key.in_(wanted[start : start + _CHUNK]) & (gaps.c.guide == before)
        marked += connection.execute(update(gaps).where(which).values(guide=after)).rowcount
    return marked


def _values(version: Version) -> dict[str, Any]:
    fields = {name: getattr(version.written, name) for name in Written.__slots__}
    fields |= {name: list(fields[name]) for name in ("sources", "questions")}
    fields |= {"audience": version.written.audience.value, "at": version.at.astimezone(UTC)}
    return fields | {name: getattr(version, name) for name in ("slug", "number", "unit", "officer")}


def _version(row: RowMapping) -> Version:
    fields = {name: row[name] for name in Written.__slots__}
    fields |= {name: tuple(fields[name]) for name in ("sources", "questions")} | {
        "audience": Audience(row["audience"])
    }
    at = row["at"]
    return Version(
        slug=row["slug"],
        number=row["number"],
        written=Written(**fields),
        unit=row["unit"],
        officer=row["officer"],
        at=at if at.tzinfo else at.replace(tzinfo=UTC),  # SQLite forgets the zone; what we write is UTC
    )
