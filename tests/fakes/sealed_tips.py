"""Tips as the store sees them: bytes that nobody can open, here because nothing is in them."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from tips.model import NewTip, Recipients, SealedParcel, SealedReply, WrappedKey
from tips.receipts import tag_hash_of, tip_id_of

BOTH = Recipients(holder="phuong", above="thanh-pho")
BODY_BYTES = 4_096 + 28


def tag_of(name: str) -> bytes:
    """A tag for each *name*."""
    return hashlib.sha256(name.encode()).digest()


def noise(name: str, length: int) -> bytes:
    """The same bytes for the same *name*, like no others."""
    return hashlib.shake_256(name.encode()).digest(length)


def wrapped(unit: str, mark: str = "") -> WrappedKey:
    return WrappedKey(unit=unit, key_id="0123456789abcdef", suite=1, wrapped=noise(f"key{unit}{mark}", 80))


def parcel(name: str, seq: int = 1, units: tuple[str, ...] = BOTH.units, mark: str = "") -> SealedParcel:
    """Parcel *seq* of the tip called *name*; another *mark*, other bytes."""
    return SealedParcel(
        tip_id=tip_id_of(tag_of(name)),
        seq=seq,
        suite=1,
        card=noise(f"card{name}{mark}", 540) if seq == 1 else b"",
        body=noise(f"body{name}{seq}{mark}", BODY_BYTES),
        keys=tuple(wrapped(unit, f"{name}{seq}{mark}") for unit in units),
    )


def new_tip(name: str, to: Recipients = BOTH, mark: str = "") -> NewTip:
    return NewTip(
        tag_hash=tag_hash_of(tag_of(name)),
        reply_public=noise(f"reply{name}", 32),
        recipients=to,
        parcels=(parcel(name, units=to.units, mark=mark),),
    )


def with_parcels(tip: NewTip, *parcels: SealedParcel) -> NewTip:
    return replace(tip, parcels=(*tip.parcels, *parcels))


def reply(name: str, seq: int = 1, mark: str = "") -> SealedReply:
    sealed = noise(f"reply{name}{seq}{mark}", 4_144)
    return SealedReply(tip_id=tip_id_of(tag_of(name)), seq=seq, sealed=sealed)
