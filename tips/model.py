"""
What a tip is made of: in clear for a moment in its sender's hands, sealed everywhere else.

No type here can hold a user, a chat, a network address or a device.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

STORY_LIMIT = 20_000  # characters of the story; longer is cut before sealing, and the sender is told
FILES_LIMIT = 20  # in one sending: an album has ten
FILE_BYTES_LIMIT = 20_000_000  # of one file, before cleaning
PARCEL_BYTES_LIMIT = 60_000_000  # of all cleaned files of one sending together

ParcelType = Literal["tip", "more", "original", "withdraw"]
ReplyType = Literal["question", "message", "state"]
PublicState = Literal["received", "verifying", "needs_information", "transferred", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TipFile:
    """A cleaned file. `name` is ours (`anh-1.jpg`), never the sender's."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """A file as it came, held in memory only until it is cleaned. Its own name is not kept."""

    content: bytes = field(repr=False)
    keep_original: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TipContent:
    """What the sender told. Everything but the story may be empty."""

    story: str = field(repr=False)  # no traceback and no debugger's log may show what was told
    kind: str = ""  # a kind of tips/kinds.toml
    urgent: bool = False
    area: str = ""  # code of the commune or ward in the 2025 list, such as "26734"
    place: str = field(default="", repr=False)  # in the sender's words, or "10.77,106.69"
    when: str = field(default="", repr=False)
    details: Mapping[str, str] = field(default_factory=dict, repr=False)  # question of the kind -> answer
    concerns: tuple[str, ...] = ()  # ids of units that must not see it
    concerns_whom: str = field(default="", repr=False)  # the official it concerns, in the sender's words
    language: Literal["vi", "en"] = "vi"


@dataclass(frozen=True, slots=True, kw_only=True)
class TipCard:
    """What the desk shows before opening; sealed apart, in one size."""

    kind: str
    urgent: bool
    area: str
    files: int
    language: Literal["vi", "en"]
    digest: str  # of the folded story: finds the same text sent twice, tells nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedKey:
    """A parcel's content key, sealed to one unit's key with HPKE."""

    unit: str
    key_id: str
    suite: int
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedParcel:
    """
    One sending, sealed. `seq` is 1 for the tip itself and counts on for what follows.

    `card` and `body` are nonce and ciphertext; `body` was padded to a size bucket first. `card` is empty
    for every parcel but the first.
    """

    tip_id: str  # 32 hex digits
    seq: int
    suite: int
    card: bytes
    body: bytes
    keys: tuple[WrappedKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedParcel:
    """One sending, opened by a unit. `words` is the JSON object that was sealed, without its files."""

    type: ParcelType
    words: Mapping[str, object] = field(repr=False)
    files: tuple[TipFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """
    Who may read a tip.

    `holder` works on it; `above` may read it too but sees it only from some hours on, if the holder has not
    opened it: a tip does not lie forgotten in one unit. `above` is "" at the top.
    """

    holder: str
    above: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit the content key is sealed to."""
        return tuple(unit for unit in (self.holder, self.above) if unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedReply:
    """Something for the tipster, sealed to the receipt's key. `seq` counts from 1."""

    tip_id: str
    seq: int
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply as the tipster reads it: a question, a message, or a change of state."""

    seq: int
    type: ReplyType
    text: str = field(default="", repr=False)
    state: str = ""  # a PublicState
    outcome: str = ""  # of a closed tip
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTip:
    """A first sending ready to be stored. `tag_hash` finds it again; the tag itself is not stored."""

    tag_hash: bytes  # 32 bytes
    reply_public: bytes  # X25519, 32 bytes
    recipients: Recipients
    parcels: tuple[SealedParcel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTip:
    """What stands in clear beside a tip, as one unit may see it."""

    tip_id: str
    unit: str  # the unit it was asked for
    is_holder: bool
    received: datetime  # rounded down, UTC
    visible_from: datetime  # to `unit`
    retention_until: date | None  # None: held
    size_bucket: int
    reply_public: bytes
    parcels: int
    replies: int
    has_withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTip:
    """What a receipt finds: enough to read the replies and to send more."""

    tip_id: str
    units: tuple[str, ...]
    next_seq: int
    replies: tuple[SealedReply, ...]
    has_withdrawn: bool = False
