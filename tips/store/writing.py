"""What a transaction on the tips does to their rows: find and lock, check, put in, change keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from tips.errors import BadSetup
from tips.store.rows import key_values, next_parcel_seq, parcel_values, read_units
from tips.store.tables import keys, parcels, tips

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row

    from tips.model import SealedParcel, WrappedKey


def locked(connection: Connection, tag_hash: bytes) -> Row[Any] | None:
    """The row of a tag's tip, locked until the transaction ends; None if there is none."""
    query = select(tips).where(tips.c.tag_hash == tag_hash).with_for_update()
    return connection.execute(query).one_or_none()


def locked_by_id(connection: Connection, tip_id: str) -> Row[Any] | None:
    """The row of a tip, locked until the transaction ends; None if there is none."""
    return connection.execute(select(tips).where(tips.c.tip_id == tip_id).with_for_update()).one_or_none()


def is_there(connection: Connection, parcel: SealedParcel) -> bool:
    """Whether a parcel of that number stands here already, with the same bytes."""
    query = select(parcels.c.body).where(parcels.c.tip_id == parcel.tip_id, parcels.c.seq == parcel.seq)
    return connection.scalar(query) == parcel.body


def check_fits(connection: Connection, tip_id: str, sealed: Sequence[SealedParcel]) -> None:
    """
    See that *sealed* are the tip's next parcels, for the units that it is for now.

    Raises:
        BadSetup: `part` tip_id, seq or units.
    """
    units = set(read_units(connection, tip_id))
    for seq, parcel in enumerate(sealed, start=next_parcel_seq(connection, tip_id)):
        if parcel.tip_id != tip_id:
            raise BadSetup(part="tip_id")
        if parcel.seq != seq:
            raise BadSetup(part="seq")
        if {key.unit for key in parcel.keys} != units:
            raise BadSetup(part="units")


def put_parcels(connection: Connection, sealed: Iterable[SealedParcel]) -> None:
    """Write parcels with their keys."""
    for parcel in sealed:
        connection.execute(insert(parcels), parcel_values(parcel))
        if wrapped := key_values(parcel.tip_id, parcel.seq, parcel.keys):
            connection.execute(insert(keys), wrapped)


def change_keys(
    connection: Connection, tip_id: str, units: Sequence[str], wrapped: Sequence[tuple[int, WrappedKey]]
) -> None:
    """
    Put *wrapped* among a tip's keys and drop those of every unit that is not among *units*.

    Raises:
        BadSetup: `part` keys: one of *units* could then not open every parcel.
    """
    of_tip = keys.c.tip_id == tip_id
    connection.execute(delete(keys).where(of_tip, keys.c.unit.not_in(units)))
    for seq, key in wrapped:
        connection.execute(delete(keys).where(of_tip, keys.c.seq == seq, keys.c.unit == key.unit))
        connection.execute(insert(keys), key_values(tip_id, seq, [key]))
    there = {(row.seq, row.unit) for row in connection.execute(select(keys).where(of_tip))}
    numbers = connection.scalars(select(parcels.c.seq).where(parcels.c.tip_id == tip_id))
    if there != {(seq, unit) for seq in numbers for unit in units}:
        raise BadSetup(part="keys")
