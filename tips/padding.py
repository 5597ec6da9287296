"""Sizes that tell little: what is sealed is first filled up with zeros to one of ten sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tips.errors import BadSetup, SealedDamaged

if TYPE_CHECKING:
    from collections.abc import Sequence

_KIB, _MIB = 1024, 1024 * 1024
BUCKETS = (
    4 * _KIB, 16 * _KIB, 64 * _KIB, 256 * _KIB, _MIB, 4 * _MIB, 8 * _MIB, 16 * _MIB, 32 * _MIB, 64 * _MIB
)  # fmt: skip
CARD_BYTES = 512  # a card, padded
PREFIX_BYTES = 8  # the length before the content; counted in the bucket


def bucket_of(length: int) -> int:
    """
    The bucket that *length* bytes of content and their prefix go into.

    Raises:
        BadSetup: More than the largest bucket holds.
    """
    for bucket in BUCKETS:
        if length + PREFIX_BYTES <= bucket:
            return bucket
    raise BadSetup(part="size")


def pad(content: bytes, size: int | None = None) -> bytes:
    """
    Put the length (u64, big-endian) before *content* and zeros behind it.

    Args:
        content: Any bytes.
        size: Bytes of the result; the smallest bucket that fits unless given.

    Raises:
        BadSetup: *content* does not fit.
    """
    return pad_all((content,), size)


def pad_all(parts: Sequence[bytes], size: int | None = None) -> bytes:
    """As `pad`, for the *parts* one after another: they may be tens of megabytes, and are copied once."""
    length = sum(len(part) for part in parts)
    size = bucket_of(length) if size is None else size
    if length + PREFIX_BYTES > size:
        raise BadSetup(part="size")
    zeros = bytes(size - PREFIX_BYTES - length)
    return b"".join((length.to_bytes(PREFIX_BYTES, "big"), *parts, zeros))


def unpad(padded: bytes) -> bytes:
    """
    Undo `pad`.

    Raises:
        SealedDamaged: The length does not fit, or something other than zeros fills the rest.
    """
    length = int.from_bytes(padded[:PREFIX_BYTES], "big")
    end = PREFIX_BYTES + length
    if len(padded) < end or padded.count(0, end) != len(padded) - end:
        raise SealedDamaged
    return padded[PREFIX_BYTES:end]
