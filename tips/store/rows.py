"""Between rows of the tips' tables and the words of `tips.model`."""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, literal, or_, select

from tips.model import SealedParcel, SealedReply, StoredTip, WrappedKey
from tips.store.tables import keys, mutes, parcels, recipients, replies, tips

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from sqlalchemy import Connection, RowMapping, Select

    from tips.model import NewTip, Recipients
    from tips.times import TipTimes

HOLDER, ABOVE = "holder", "above"
_SEALING_BYTES = 28  # nonce and authentication tag around a body
_CLOCK_SLACK = timedelta(hours=1)


def tip_values(tip: NewTip, times: TipTimes) -> dict[str, Any]:
    """The columns of `tips` for a new tip."""
    return {
        "tip_id": tip.parcels[0].tip_id,
        "tag_hash": tip.tag_hash,
        "reply_public": tip.reply_public,
        "received": times.received,
        "size_bucket": bucket_of(tip.parcels),
        "retention_until": times.retention_until,
        "held": False,
        "withdrawn": False,
    }


def parcel_values(parcel: SealedParcel) -> dict[str, Any]:
    """The columns of `tip_parcels` for *parcel*."""
    return {
        "tip_id": parcel.tip_id,
        "seq": parcel.seq,
        "suite": parcel.suite,
        "card": parcel.card,
        "body": parcel.body,
    }


def key_values(tip_id: str, seq: int, wrapped: Iterable[WrappedKey]) -> list[dict[str, Any]]:
    """The rows of `tip_keys` for the keys of one parcel."""
    return [
        {
            "tip_id": tip_id,
            "seq": seq,
            "unit": key.unit,
            "key_id": key.key_id,
            "suite": key.suite,
            "wrapped": key.wrapped,
        }
        for key in wrapped
    ]


def recipient_values(
    tip_id: str, to: Recipients, received: datetime, above_from: datetime
) -> list[dict[str, Any]]:
    """The rows of `tip_recipients`: the holder sees it at once, the unit above from *above_from* on."""
    rows = [{"tip_id": tip_id, "unit": to.holder, "role": HOLDER, "visible_from": received}]
    if to.above:
        rows.append({"tip_id": tip_id, "unit": to.above, "role": ABOVE, "visible_from": above_from})
    return rows


def bucket_of(sealed: Iterable[SealedParcel]) -> int:
    """The padded size of the largest body, in bytes."""
    return max((max(len(parcel.body) - _SEALING_BYTES, 0) for parcel in sealed), default=0)


def visible(now: datetime) -> ColumnElement[bool]:
    """
    Which rows of `tip_recipients` joined with `tips` are seen at *now*.

    A clock that jumped back hides nothing: what was to be seen at once is, whatever time it is, and a tip
    from the future is shown to the unit above rather than never.
    """
    now = now.astimezone(UTC)
    return or_(
        recipients.c.visible_from <= now,
        recipients.c.visible_from <= tips.c.received,
        tips.c.received > now + _CLOCK_SLACK,
    )


def stored_tips(units: Collection[str], now: datetime) -> Select[Any]:
    """The tips that *units* see at *now*, one row for each unit."""
    parcel_count = select(func.count()).where(parcels.c.tip_id == tips.c.tip_id).scalar_subquery()
    reply_count = select(func.count()).where(replies.c.tip_id == tips.c.tip_id).scalar_subquery()
    return (
        select(tips, recipients, parcel_count.label("parcels"), reply_count.label("replies"))
        .join(recipients, recipients.c.tip_id == tips.c.tip_id)
        .where(and_(recipients.c.unit.in_(list(units)), visible(now)))
        .order_by(tips.c.received.desc(), tips.c.tip_id, recipients.c.unit)
    )


def stored_tip_of(row: RowMapping) -> StoredTip:
    """The tip of a row of `stored_tips`."""
    return StoredTip(
        tip_id=row[tips.c.tip_id],
        unit=row["unit"],
        is_holder=row["role"] == HOLDER,
        received=with_zone(row["received"]),
        visible_from=with_zone(row["visible_from"]),
        retention_until=None if row["held"] else row["retention_until"],
        size_bucket=row["size_bucket"],
        reply_public=row["reply_public"],
        parcels=row["parcels"],
        replies=row["replies"],
        has_withdrawn=row["withdrawn"],
    )


def read_first_key_ids(connection: Connection, tip_ids: Collection[str], unit: str) -> dict[str, set[str]]:
    """The ids of the keys of *unit* that the first parcel of each of *tip_ids* is sealed to."""
    first: dict[str, int] = {}
    found: dict[str, set[str]] = {}
    query = select(keys.c.tip_id, keys.c.seq, keys.c.key_id).order_by(keys.c.tip_id, keys.c.seq)
    query = query.where(keys.c.tip_id.in_(list(tip_ids)), keys.c.unit == unit)
    for tip_id, seq, key_id in connection.execute(query):
        if seq == first.setdefault(tip_id, seq):
            found.setdefault(tip_id, set()).add(key_id)
    return found


def read_parcels(
    connection: Connection, tip_id: str, unit: str, limit: int | None = None
) -> list[SealedParcel]:
    """The first *limit* parcels of a tip, or all, in order, each with the keys wrapped for *unit* only."""
    wrapped: dict[int, list[WrappedKey]] = {}
    query = select(keys).where(keys.c.tip_id == tip_id, keys.c.unit == unit)
    for row in connection.execute(query):
        key = WrappedKey(unit=row.unit, key_id=row.key_id, suite=row.suite, wrapped=row.wrapped)
        wrapped.setdefault(row.seq, []).append(key)
    query = select(parcels).where(parcels.c.tip_id == tip_id).order_by(parcels.c.seq).limit(limit)
    return [
        SealedParcel(
            tip_id=row.tip_id,
            seq=row.seq,
            suite=row.suite,
            card=row.card,
            body=row.body,
            keys=tuple(wrapped.get(row.seq, ())),
        )
        for row in connection.execute(query)
    ]


def read_replies(connection: Connection, tip_id: str) -> tuple[SealedReply, ...]:
    """The replies of a tip, in order."""
    query = select(replies).where(replies.c.tip_id == tip_id).order_by(replies.c.seq)
    return tuple(
        SealedReply(tip_id=row.tip_id, seq=row.seq, sealed=row.sealed) for row in connection.execute(query)
    )


def count_replies(connection: Connection, tip_id: str) -> int | None:
    """How many replies a tip has; None where it is gone or was withdrawn."""
    told = select(func.count()).where(replies.c.tip_id == tip_id).scalar_subquery()
    query = select(told).where(tips.c.tip_id == tip_id, tips.c.withdrawn.is_(False))
    return connection.scalar(query)


def digest_of_all(connection: Connection) -> bytes:
    """A hash of which parcels and replies there are."""
    digest = hashlib.sha256()
    for table in (parcels, replies):
        query = select(table.c.tip_id, table.c.seq).order_by(table.c.tip_id, table.c.seq)
        for tip_id, seq in connection.execute(query):
            digest.update(f"{table.name} {tip_id} {seq}\n".encode())
    return digest.digest()


def put_mute(connection: Connection, tip_id: str, day: date) -> None:
    """Mute whoever sent a tip that is there; what older days said goes."""
    connection.execute(delete(mutes).where(or_(mutes.c.day < day, mutes.c.tip_id == tip_id)))
    there = select(tips.c.tip_id, literal(day, mutes.c.day.type)).where(tips.c.tip_id == tip_id)
    connection.execute(insert(mutes).from_select(["tip_id", "day"], there))


def next_parcel_seq(connection: Connection, tip_id: str) -> int:
    """The number that the tip's next parcel has to carry."""
    return int(connection.scalar(select(func.max(parcels.c.seq)).where(parcels.c.tip_id == tip_id)) or 0) + 1


def read_units(connection: Connection, tip_id: str) -> tuple[str, ...]:
    """The units a tip is for now: the holder first."""
    query = select(recipients.c.unit).where(recipients.c.tip_id == tip_id)
    return tuple(connection.scalars(query.order_by(recipients.c.role.desc())))  # holder, above


def with_zone(moment: datetime) -> datetime:
    """*moment* in UTC: SQLite gives back no zone."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
