"""
A notice of a reply: what is kept of one, sealed, and what goes wrong with it.

NoticesError
└── NoticesUnavailable   the notice is not kept, or those kept cannot be looked at now
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import date  # noqa: TC003 - in the signatures that callers read
from typing import Final

ADDRESS_LIMIT: Final = 100  # bytes
_HEAD = struct.Struct(">BII16sB")  # version, replies there were, seconds to wait, tip, bytes of the address
_VERSION = 1
_SIZE = _HEAD.size + ADDRESS_LIMIT  # one size for every notice


class NoticesError(Exception):
    """Base of what may leave `bot.notices`."""


class NoticesUnavailable(NoticesError):
    """The notice is not kept, or those kept cannot be looked at now."""


@dataclass(frozen=True, slots=True, repr=False)
class Due:
    """Somebody to be told. Never printed: the address is in it."""

    row: str
    address: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """A notice as it stands on the disk."""

    row: str
    day: date
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Wanted:
    """A notice, opened."""

    tip_id: str
    address: bytes
    replies: int  # there were, when it was asked for
    wait_s: int  # from when a reply is first seen

    def packed(self) -> bytes:
        """As bytes, the same number for every notice."""
        if not 0 < len(self.address) <= ADDRESS_LIMIT:
            raise ValueError("no address of ours")
        tip = bytes.fromhex(self.tip_id)
        head = _HEAD.pack(_VERSION, self.replies, self.wait_s, tip, len(self.address))
        return (head + self.address).ljust(_SIZE, b"\0")

    @classmethod
    def unpacked(cls, packed: bytes) -> Wanted:
        """What `packed` gave."""
        _, replies, wait_s, tip, length = _HEAD.unpack_from(packed)
        address = packed[_HEAD.size : _HEAD.size + length]
        return cls(tip_id=tip.hex(), address=address, replies=replies, wait_s=wait_s)
