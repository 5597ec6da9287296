"""
The desk's own records: sealed index entries and dossiers, sign-ins, the audit log.

SQLite in `data/desk/desk.sqlite3`, or PostgreSQL by URL. Sealing and opening is the index's business: here
only ciphertext passes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.desk.records.chats import ChatRecords
from bot.desk.records.tables import audit, cards, dossiers, passes
from databases.database import Database, Kind, lock
from tips.audit import AuditEntry, verify_chain
from tips.errors import TipStoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path
    from typing import Literal

    from sqlalchemy import Connection

    from tips.audit import ChainFault

_KIND = Kind(name="desk", package="bot.desk.records", lock=7_218_402, unavailable=TipStoreUnavailable)
_AUDIT_LOCK = 7_218_403  # a number nothing else in a shared PostgreSQL locks
_IDLE_STEP = timedelta(minutes=1)
_CHUNK = 500  # ids in one IN (…), under every database's limit


class DeskRecords:
    """The SQL side of the desk. Safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str) -> DeskRecords:
        """
        Open the database at *url* and bring its tables up to date.

        Raises:
            TipStoreUnavailable: It cannot be reached, or is no database of ours.
        """
        return cls(Database.open(url, _KIND))

    @classmethod
    def open_file(cls, file: Path) -> DeskRecords:
        """Open, or begin, the SQLite database at *file*, readable by our own user only."""
        return cls(Database.open_file(file, _KIND))

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    def chats(self) -> ChatRecords:
        """What is kept of the officers' groups on Telegram, in the same database; closed with this one."""
        return ChatRecords(self._database)

    # index entries and dossiers, sealed

    def cards(self, unit: str) -> dict[str, bytes]:
        """The sealed index entries of *unit*, by tip_id."""
        query = select(cards.c.tip_id, cards.c.sealed).where(cards.c.unit == unit)
        with self._database.reading() as connection:
            return {row.tip_id: row.sealed for row in connection.execute(query)}

    def card(self, tip_id: str, unit: str) -> bytes | None:
        """One sealed index entry."""
        query = select(cards.c.sealed).where(cards.c.tip_id == tip_id, cards.c.unit == unit)
        with self._database.reading() as connection:
            return connection.scalar(query)

    def put_card(self, tip_id: str, unit: str, sealed: bytes) -> None:
        """Write an index entry, or write over it."""
        with self._database.writing() as connection:
            _put_card(connection, tip_id, unit, sealed)

    def drop_card(self, tip_id: str, unit: str) -> None:
        """Forget one unit's index entry."""
        with self._database.writing() as connection:
            connection.execute(delete(cards).where(cards.c.tip_id == tip_id, cards.c.unit == unit))

    def dossiers(self, tip_ids: Collection[str]) -> dict[str, tuple[int, bytes]]:
        """Revision and sealed dossier of those of *tip_ids* that have one."""
        wanted, found = list(tip_ids), {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _CHUNK):
                query = select(dossiers).where(dossiers.c.tip_id.in_(wanted[start : start + _CHUNK]))
                found.update({row.tip_id: (row.revision, row.sealed) for row in connection.execute(query)})
        return found

    def save_dossier(self, tip_id: str, revision: int, sealed: bytes) -> bool:
        """
        Write the dossier that follows *revision* (0: there was none).

        Returns:
            False, and nothing is written, if another revision is there: somebody was faster.
        """
        following = {"revision": revision + 1, "sealed": sealed}
        with self._database.writing() as connection:
            if revision:
                is_same = (dossiers.c.tip_id == tip_id) & (dossiers.c.revision == revision)
                return connection.execute(update(dossiers).where(is_same).values(following)).rowcount == 1
            try:
                with connection.begin_nested():
                    connection.execute(insert(dossiers).values(following | {"tip_id": tip_id}))
            except IntegrityError:
                return False
            return True

    def drop_tip(self, tip_id: str) -> None:
        """Forget everything of a tip but what the audit log says, on the disk too."""
        with self._database.writing() as connection:
            connection.execute(delete(cards).where(cards.c.tip_id == tip_id))
            connection.execute(delete(dossiers).where(dossiers.c.tip_id == tip_id))
        self._database.empty_log()

    def tip_ids(self) -> set[str]:
        """Every tip that something is kept of."""
        query = select(cards.c.tip_id).union(select(dossiers.c.tip_id))
        with self._database.reading() as connection:
            return {row[0] for row in connection.execute(query)}

    # sign-ins

    def add_pass(
        self,
        kind: Literal["invite", "session"],
        token_hash: str,
        seat: tuple[str, str],
        *,
        expires: datetime,
        idle_until: datetime,
    ) -> None:
        """Keep an invitation or a session for *seat*: (unit, officer's id)."""
        unit, officer = seat
        values = {"kind": kind, "token_hash": token_hash, "unit": unit, "officer": officer}
        with self._database.writing() as connection:
            connection.execute(insert(passes).values(values | {"expires": expires, "idle_until": idle_until}))

    def take_invite(self, token_hash: str, now: datetime) -> tuple[str, str] | None:
        """The (unit, officer's id) of an invitation still good, once: it is gone afterwards."""
        is_it = (passes.c.token_hash == token_hash) & (passes.c.kind == "invite")
        with self._database.writing() as connection:
            row = connection.execute(select(passes).where(is_it)).first()
            taken = connection.execute(delete(passes).where(is_it)).rowcount == 1
        return (row.unit, row.officer) if row and taken and now < with_zone(row.expires) else None

    def use_session(self, token_hash: str, now: datetime, idle_until: datetime) -> tuple[str, str] | None:
        """
        The (unit, officer's id) of a session still good.

        It is good until *idle_until* from now on, give or take a minute.
        """
        is_it = (passes.c.token_hash == token_hash) & (passes.c.kind == "session")
        with self._database.reading() as connection:
            row = connection.execute(select(passes).where(is_it)).first()
        if row is None or now >= min(with_zone(row.expires), with_zone(row.idle_until)):
            return None
        if idle_until > with_zone(row.idle_until) + _IDLE_STEP:  # not a write to the disk for every click
            with self._database.writing() as connection:
                connection.execute(update(passes).where(is_it).values(idle_until=idle_until))
        return row.unit, row.officer

    def drop_pass(self, token_hash: str) -> None:
        """Forget an invitation or a session."""
        with self._database.writing() as connection:
            connection.execute(delete(passes).where(passes.c.token_hash == token_hash))

    def drop_old_passes(self, now: datetime) -> None:
        """Forget what can open nothing any more."""
        with self._database.writing() as connection:
            connection.execute(delete(passes).where(or_(passes.c.expires <= now, passes.c.idle_until <= now)))

    # the audit log: nothing here changes or removes an entry

    def append_audit(self, following: Callable[[AuditEntry | None], AuditEntry]) -> AuditEntry:
        """Append the entry that *following* makes of the last one; nobody else appends meanwhile."""
        with self._database.writing() as connection:
            lock(connection, _AUDIT_LOCK)
            row = (
                connection.execute(select(audit).order_by(audit.c.number.desc()).limit(1)).mappings().first()
            )
            entry = following(AuditEntry(**row) if row else None)
            connection.execute(insert(audit).values(_values(entry)))
        return entry

    def audit_log(self) -> list[AuditEntry]:
        """All entries by number."""
        with self._database.reading() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.number)).mappings()
            return [AuditEntry(**row) for row in rows]

    def check_audit(self, head: str = "") -> ChainFault | None:
        """Where the log is broken first, None if nowhere; *head* as noted elsewhere before."""
        return verify_chain(self.audit_log(), head)


def with_zone(moment: datetime) -> datetime:
    """SQLite forgets the zone; what we write is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _values(entry: AuditEntry) -> dict[str, Any]:
    return {column.name: getattr(entry, column.name) for column in audit.columns}


def _put_card(connection: Connection, tip_id: str, unit: str, sealed: bytes) -> None:
    is_it = (cards.c.tip_id == tip_id) & (cards.c.unit == unit)
    if connection.execute(update(cards).where(is_it).values(sealed=sealed)).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(cards).values(tip_id=tip_id, unit=unit, sealed=sealed))
    except IntegrityError:  # another process wrote it between the two statements
        connection.execute(update(cards).where(is_it).values(sealed=sealed))
