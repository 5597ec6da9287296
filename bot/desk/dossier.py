"""
What the desk keeps of a tip, as it is before sealing.

`IndexCard` is one unit's own: the opened card, and the key of the dossier. `Dossier` is shared by every unit
that can open the tip: where the work stands, notes, what was sent, history.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.desk.views import HistoryItem, Note  # noqa: TC001 - as above
from tips.errors import SealedDamaged
from tips.model import TipCard  # noqa: TC001 - as above
from tips.states import Outcome, State

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexCard:
    """One unit's index entry. Of a tip transferred away only `sent_to`, `received` and `until` are left."""

    card: TipCard | None = None  # None too where it could not be opened: damaged, or no card of ours
    dossier_key: str = ""  # hex
    # Hidden until then. Forgotten once it is past: it would tell within minutes when a tip came.
    show_after: datetime | None = None
    sent_to: str = ""
    received: datetime | None = None  # rounded as stored
    until: date | None = None  # the last day the line of a transferred tip is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReply:
    """A copy of what the desk sent: the sealed one can be read by the tipster only."""

    seq: int
    type: Literal["question", "message", "state"]
    text: str = ""
    state: str = ""
    outcome: str = ""
    day: date
    officer: str = ""
    after_parcel: int = 1  # the tipster's last sending before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The work on one tip."""

    state: State = State.NEW
    outcome: Outcome | None = None
    claimed_by: str = ""
    labels: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    sent: tuple[SentReply, ...] = ()
    history: tuple[HistoryItem, ...] = ()
    outbox: tuple[tuple[int, str], ...] = ()  # (seq, sealed reply in base64) that may not have left yet
    recused: tuple[str, ...] = ()  # `unit/officer`
    parcels_known: int = 1  # of the tipster's sendings; more than this is news
    has_news: bool = False
    is_opened: bool = False  # by the unit that holds it
    went_up: bool = False
    up_from: datetime | None = None  # not before, after a transfer: the new unit has its time too
    has_original: bool = False
    original_requested_by: str = ""  # `unit/officer`
    merged_into: str = ""
    hold_reason: str = ""
    is_withdrawn: bool = False

    def noting(self, item: HistoryItem, **changes: object) -> Dossier:
        """The dossier with *changes*, and *item* at the end of its history."""
        return replace(self, history=(*self.history, item), **changes)  # type: ignore[arg-type]


_CARD = TypeAdapter(IndexCard)
_DOSSIER = TypeAdapter(Dossier)


def card_bytes(card: IndexCard) -> bytes:
    """As JSON."""
    return _CARD.dump_json(card)


def card_from(raw: bytes) -> IndexCard:
    """Undo `card_bytes`; SealedDamaged if it is none."""
    return _read(_CARD.validate_json, raw)


def dossier_bytes(dossier: Dossier) -> bytes:
    """As JSON."""
    return _DOSSIER.dump_json(dossier)


def dossier_from(raw: bytes) -> Dossier:
    """Undo `dossier_bytes`; SealedDamaged if it is none."""
    return _read(_DOSSIER.validate_json, raw)


def _read(validate: Callable[[bytes], _T], raw: bytes) -> _T:
    try:
        return validate(raw)
    except ValidationError:
        raise SealedDamaged from None
