"""
The tips, sealed, in SQLite or PostgreSQL.

Nothing here can open a tip. Every method that stores returns after the commit, never before; an error
means that nothing was stored. Times come rounded; no method counts or remembers who asked for what.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, or_, select, update

from databases.database import Database, Kind
from tips.errors import BadSetup, TipNotReceived, TipStoreUnavailable
from tips.model import FoundTip
from tips.store.rows import (
    ABOVE,
    HOLDER,
    count_replies,
    digest_of_all,
    next_parcel_seq,
    put_mute,
    read_first_key_ids,
    read_parcels,
    read_replies,
    read_units,
    recipient_values,
    stored_tip_of,
    stored_tips,
    tip_values,
    with_zone,
)
from tips.store.tables import mutes, parcels, recipients, replies, tips
from tips.store.writing import change_keys, check_fits, is_there, locked, locked_by_id, put_parcels
from tips.times import IntakeSettings, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, Row

    from tips.model import NewTip, Recipients, SealedParcel, SealedReply, StoredTip, WrappedKey
    from tips.times import TipTimes

BUSY_TIMEOUT_MS = 5_000
_KIND = Kind(name="tips", package="tips.store", lock=7_218_401, unavailable=TipStoreUnavailable)


class TipStore:
    """
    The store of sealed tips. Safe to share between threads and between processes.

    Every method raises TipStoreUnavailable when the database is out of reach, locked or full.
    """

    def __init__(self, database: Database, settings: IntakeSettings, now: Callable[[], datetime]) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        self._insert_if_new = database.insert(tips).on_conflict_do_nothing().returning(tips.c.tip_id)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        settings: IntakeSettings | None = None,
        now: Callable[[], datetime] = utc_now,
        busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    ) -> TipStore:
        """
        Open the database at *url* and bring its tables up to date.

        Args:
            url: `sqlite:///FILE` or `postgresql+psycopg://…`
            settings: Rounding and retention; the defaults if not given.
            now: The clock.
            busy_timeout_ms: How long SQLite waits for another process's lock, in milliseconds.
        """
        return cls(
            Database.open(url, replace(_KIND, busy_s=busy_timeout_ms / 1_000)),
            settings or IntakeSettings(),
            now,
        )

    @classmethod
    def open_file(
        cls,
        file: Path,
        *,
        settings: IntakeSettings | None = None,
        now: Callable[[], datetime] = utc_now,
        busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    ) -> TipStore:
        """Open, or begin, the SQLite store at *file*, which becomes mode 0600 in a folder of mode 0700."""
        database = Database.open_file(file, replace(_KIND, busy_s=busy_timeout_ms / 1_000))
        return cls(database, settings or IntakeSettings(), now)

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    # The public side: what a receipt's tag finds.

    def submit(self, tip: NewTip, times: TipTimes | None = None) -> bool:
        """
        Store a new tip, whole or not at all.

        Args:
            tip: Its parcels may be several; all go in together.
            times: Rounded; of this moment if not given.

        Returns:
            Whether it was stored now. False: a tip of that tag stands here already and was left as it is,
            even if the parcels differ, since sealing the same words twice gives different bytes.

        Raises:
            BadSetup: Another tag's tip has that tip id.
        """
        times = times or self._settings.times(self._now())
        row = tip_values(tip, times)
        with self._database.writing() as connection:
            if connection.scalar(self._insert_if_new, row) is None:
                if locked(connection, tip.tag_hash) is None:
                    raise BadSetup(part="tip_id")
                return False
            to = recipient_values(row["tip_id"], tip.recipients, times.received, times.above_from)
            connection.execute(insert(recipients), to)
            put_parcels(connection, tip.parcels)
        return True

    def find(self, tag_hash: bytes) -> FoundTip | None:
        """What a receipt finds; None if it finds nothing."""
        with self._database.reading() as connection:
            query = select(tips.c.tip_id, tips.c.withdrawn).where(tips.c.tag_hash == tag_hash)
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            return FoundTip(
                tip_id=row.tip_id,
                units=read_units(connection, row.tip_id),
                next_seq=next_parcel_seq(connection, row.tip_id),
                replies=read_replies(connection, row.tip_id),
                has_withdrawn=row.withdrawn,
            )

    def replies_count(self, tip_id: str) -> int | None:
        """How many replies a tip has; None where it is gone or was withdrawn."""
        with self._database.reading() as connection:
            return count_replies(connection, tip_id)

    def add_parcel(self, tag_hash: bytes, parcel: SealedParcel, *more: SealedParcel) -> bool:
        """
        Add one parcel, or several together, to the tip of a tag.

        Returns:
            Whether they were stored now. False: the first stands here already with the same bytes.

        Raises:
            TipNotReceived: No tip has that tag, or it was withdrawn.
            BadSetup: `part` seq: another parcel has that number, or one between is missing;
                units: it is not sealed to exactly the units the tip is for now. Seal it again.
        """
        with self._database.writing() as connection:
            tip = locked(connection, tag_hash)
            if tip is None:
                raise TipNotReceived
            if is_there(connection, parcel):
                return False
            if tip.withdrawn:
                raise TipNotReceived
            check_fits(connection, tip.tip_id, (parcel, *more))
            put_parcels(connection, (parcel, *more))
            self._touch(connection, tip, self._now())
        return True

    def withdraw(self, tag_hash: bytes, parcel: SealedParcel) -> bool:
        """
        Shred what the tipster sent, unless it is held, and keep *parcel*, which says so.

        Returns:
            Whether it was withdrawn now. False: it was before.

        Raises:
            TipNotReceived: No tip has that tag.
            BadSetup: As for `add_parcel`.
        """
        with self._database.writing() as connection:
            tip = locked(connection, tag_hash)
            if tip is None:
                raise TipNotReceived
            if tip.withdrawn:
                return False
            check_fits(connection, tip.tip_id, (parcel,))
            if not tip.held:
                connection.execute(delete(parcels).where(parcels.c.tip_id == tip.tip_id))
            put_parcels(connection, (parcel,))
            connection.execute(update(tips).where(tips.c.tip_id == tip.tip_id).values(withdrawn=True))
        self._database.empty_log()
        return True

    # The desk's side: what a unit may see and do.

    def for_units(self, units: Collection[str], now: datetime) -> list[StoredTip]:
        """What *units* see at *now*: newest hour first, within an hour in no order that tells anything."""
        with self._database.reading() as connection:
            rows = connection.execute(stored_tips(units, now)).mappings()
            return [stored_tip_of(row) for row in rows]

    def lying_elsewhere(self, units: Collection[str]) -> dict[str, int]:
        """How many tips lie with each unit that is none of *units*; withdrawn ones count only while held."""
        mine = (recipients.c.unit.not_in(list(units)), or_(tips.c.withdrawn.is_(False), tips.c.held))
        query = select(recipients.c.unit, func.count()).join(tips).where(*mine).group_by(recipients.c.unit)
        with self._database.reading() as connection:
            return {row.unit: row[1] for row in connection.execute(query.order_by(recipients.c.unit))}

    def tip(self, tip_id: str, unit: str, now: datetime) -> StoredTip | None:
        """One tip as *unit* sees it at *now*; None if it does not."""
        with self._database.reading() as connection:
            query = stored_tips([unit], now).where(tips.c.tip_id == tip_id)
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else stored_tip_of(row)

    def missing(self, tip_ids: Collection[str]) -> set[str]:
        """Which of *tip_ids* are not here any more, for whatever unit they were."""
        with self._database.reading() as connection:
            return set(tip_ids).difference(connection.scalars(select(tips.c.tip_id)))

    def parcels(self, tip_id: str, unit: str, *, limit: int | None = None) -> list[SealedParcel]:
        """The parcels of a tip in order, with the keys for *unit*; none if the tip is not for it."""
        with self._database.reading() as connection:
            if unit not in read_units(connection, tip_id):
                return []
            return read_parcels(connection, tip_id, unit, limit)

    def first_key_ids(self, tip_ids: Collection[str], unit: str) -> dict[str, set[str]]:
        """To which keys of *unit* the first parcel of each tip is sealed; nothing sealed is read."""
        with self._database.reading() as connection:
            return read_first_key_ids(connection, tip_ids, unit)

    def add_reply(self, reply: SealedReply) -> None:
        """
        Keep a reply for the tipster; the same one again changes nothing.

        Raises:
            TipNotReceived: The tip is gone.
            BadSetup: `part` seq: another reply has that number. Seal it again with the next.
        """
        with self._database.writing() as connection:
            tip = locked_by_id(connection, reply.tip_id)
            if tip is None:
                raise TipNotReceived
            there = connection.scalar(
                select(replies.c.sealed).where(replies.c.tip_id == reply.tip_id, replies.c.seq == reply.seq)
            )
            if there == reply.sealed:
                return
            if there is not None:
                raise BadSetup(part="seq")
            row = {"tip_id": reply.tip_id, "seq": reply.seq, "sealed": reply.sealed}
            connection.execute(insert(replies), row)
            self._touch(connection, tip, self._now())

    def next_reply_seq(self, tip_id: str) -> int:
        """The number the next reply takes, from 1."""
        with self._database.reading() as connection:
            query = select(func.max(replies.c.seq)).where(replies.c.tip_id == tip_id)
            return int(connection.scalar(query) or 0) + 1

    def transfer(
        self, tip_id: str, *, from_unit: str, to: Recipients, keys: Sequence[tuple[int, WrappedKey]]
    ) -> None:
        """
        Give a tip to other units; those it is no longer for lose their keys in the same moment.

        Args:
            tip_id: Whose.
            from_unit: The holder until now.
            to: Who has it from now on. A unit above that is new sees it after the usual hours.
            keys: (parcel's seq, key) for every unit and parcel that had none.

        Raises:
            BadSetup: `part` holder: *from_unit* does not hold it (any more); keys: a parcel could not be
                opened by every unit of *to*, for instance because one came meanwhile. Nothing was changed.
        """
        with self._database.writing() as connection:
            tip = locked_by_id(connection, tip_id)
            before = {
                row.unit: row
                for row in connection.execute(select(recipients).where(recipients.c.tip_id == tip_id))
            }
            if tip is None or from_unit not in before or before[from_unit].role != HOLDER:
                raise BadSetup(part="holder")
            above_from = self._settings.times(self._now()).above_from
            if to.above in before:  # no unit waits twice
                above_from = with_zone(before[to.above].visible_from)
            connection.execute(delete(recipients).where(recipients.c.tip_id == tip_id))
            rows = recipient_values(tip_id, to, with_zone(tip.received), above_from)
            connection.execute(insert(recipients), rows)
            change_keys(connection, tip_id, to.units, keys)
        self._database.empty_log()

    def show_now(self, tip_id: str, unit: str) -> None:
        """Let *unit*, if the tip is for it, see it without waiting."""
        received = select(tips.c.received).where(tips.c.tip_id == tip_id).scalar_subquery()
        mine = (recipients.c.tip_id == tip_id, recipients.c.unit == unit, recipients.c.role == ABOVE)
        with self._database.writing() as connection:
            connection.execute(update(recipients).where(*mine).values(visible_from=received))

    def mute(self, tip_id: str, day: date) -> None:
        """Take nothing more from where a tip came, for the rest of *day*; older mutes are forgotten."""
        with self._database.writing() as connection:
            put_mute(connection, tip_id, day)

    def muted_since(self, day: date) -> list[str]:
        """The ids of tips muted on *day* or later."""
        with self._database.reading() as connection:
            return list(connection.scalars(select(mutes.c.tip_id).where(mutes.c.day >= day)))

    def forget_mutes(self, day: date) -> None:
        """Forget what was muted before *day*."""
        with self._database.writing() as connection:
            connection.execute(delete(mutes).where(mutes.c.day < day))

    def touch(self, tip_id: str, now: datetime) -> None:
        """Keep a tip for the full time from *now* on; never shorter than before."""
        with self._database.writing() as connection:
            tip = locked_by_id(connection, tip_id)
            if tip is not None:
                self._touch(connection, tip, now)

    def hold(self, tip_id: str, held: bool, now: datetime) -> None:
        """Keep a tip until released; released, it is kept for the full time from *now* on."""
        with self._database.writing() as connection:
            tip = locked_by_id(connection, tip_id)
            if tip is not None:
                connection.execute(update(tips).where(tips.c.tip_id == tip_id).values(held=held))
                self._touch(connection, tip, now)

    def due(self, today: date) -> list[str]:
        """The ids of tips that are not held and whose last day is over."""
        with self._database.reading() as connection:
            query = select(tips.c.tip_id).where(*_is_due(today))
            return list(connection.scalars(query.order_by(tips.c.tip_id)))

    def shred(self, tip_id: str, due_on: date | None = None) -> bool:
        """
        Delete everything of a tip: keys, parcels, replies and its row.

        Args:
            tip_id: Whose.
            due_on: Only if the tip is still due on that day: it may have been answered or held meanwhile.

        Returns:
            Whether there was anything to delete.
        """
        wanted = delete(tips).where(tips.c.tip_id == tip_id)
        if due_on is not None:
            wanted = wanted.where(*_is_due(due_on))
        with self._database.writing() as connection:
            is_gone = connection.execute(wanted).rowcount > 0
        self._database.empty_log()
        return is_gone

    def empty_log(self) -> None:
        """Keep nothing of what was shredded, nor an order, in SQLite's write-ahead log."""
        self._database.empty_log()

    def tidy(self) -> bool:
        """
        Forget in which order tips were written to the file. SQLite writes it anew: for a quiet hour.

        Returns:
            Whether it was done; False where somebody was in the way or the disk is full.
        """
        return self._database.rewrite(int(self._now().timestamp()) // 3_600)

    def tidied(self) -> datetime:
        """In which hour `tidy` was last done, by whatever process; 1970 where nobody knows."""
        return datetime.fromtimestamp(self._database.mark * 3_600, UTC)

    def contents(self) -> bytes:
        """A hash of what stands here, to see whether anything came or went since another."""
        with self._database.reading() as connection:
            return digest_of_all(connection)

    def _touch(self, connection: Connection, tip: Row[Any], now: datetime) -> None:
        until = max(tip.retention_until, self._settings.retention_until(now))
        connection.execute(update(tips).where(tips.c.tip_id == tip.tip_id).values(retention_until=until))


def _is_due(today: date) -> tuple[ColumnElement[bool], ...]:
    return tips.c.retention_until < today, tips.c.held.is_(False)
