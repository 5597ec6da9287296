"""What the desk shows an officer. No type here can hold who sent a tip."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads the annotations of notes and history
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from bot.desk.rights import Action, Relation
    from tips.deadlines import Deadline
    from tips.model import TipContent
    from tips.states import Outcome, State
    from tips.units import Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Who acts, and for which unit. Made by a sign-in, or by the operator at the terminal."""

    officer: Officer
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in officer. `token` is shown once and stored hashed."""

    token: str
    seat: Seat
    expires: datetime  # at the latest; earlier when idle


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """The desk's own settings, each with its unit."""

    delay_minutes: float = 10.0  # at most, before the card of a tip that is not urgent shows
    rounding_min: int = 60  # minutes a tip's time is rounded down to; 0 where nobody is to be hidden
    unopened_hours: float = 24.0  # a unit a tip was transferred to has, before the tip goes up
    soon_days: int = 3  # a deadline this near is marked
    invite_minutes: int = 10
    idle_minutes: int = 30
    session_hours: int = 8
    text_limit: int = 4_000  # characters of a note, a question, a reply or a reason
    label_limit: int = 40  # characters of a label
    labels_limit: int = 10  # labels of one tip


@dataclass(frozen=True, slots=True, kw_only=True)
class CardQuery:
    """Which cards to list; None and "" do not narrow."""

    state: State | None = None
    kind: str = ""
    area: str = ""
    urgent: bool | None = None
    claimed_by: str | None = None  # an officer's id; "" for cards nobody has claimed
    label: str = ""
    reference: str = ""  # any part of it, dashes and case ignored
    late: bool | None = None
    closed: bool | None = None  # False: open ones only; True: closed ones only


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """
    One line of the list, without anything of the story.

    Of a tip that was transferred away (`relation` FORMER) only tip_id, reference, unit, state, received
    and sent_to are filled.
    """

    tip_id: str
    reference: str
    unit: str  # of the officer who looks
    relation: Relation
    state: State
    received: datetime  # rounded as stored, UTC
    kind: str = ""
    area: str = ""
    urgent: bool = False
    files: int = 0
    language: Literal["vi", "en"] = "vi"
    outcome: Outcome | None = None
    claimed_by: str = ""  # officer's id
    labels: tuple[str, ...] = ()
    has_news: bool = False  # the tipster answered or added something nobody has opened yet
    has_withdrawn: bool = False
    is_damaged: bool = False  # its card does not open: changed on the way, or not made by our page
    is_held: bool = False
    is_late: bool = False
    is_soon: bool = False
    deadlines: tuple[Deadline, ...] = ()
    due: date | None = None  # the nearest deadline still running
    duplicates: tuple[str, ...] = ()  # tip_ids of open tips with the same text
    merged_into: str = ""  # tip_id
    went_up: bool = False  # nobody of the holding unit opened it in time
    sent_to: str = ""  # unit it was transferred to
    retention_until: date | None = None  # None while held


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCard:
    """A card that hangs where many see it, and what its state lets some officer of the unit do."""

    card: CardView
    actions: frozenset[Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file of a parcel, without its bytes: `Desk.file(seat, tip_id, seq, index)` gives them."""

    seq: int
    index: int
    name: str
    media_type: str
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadItem:
    """
    One thing said between tipster and desk, in order.

    Sendings of the tipster carry no day: none is kept. `type` is more, original, withdraw or damaged for
    theirs (the tip itself is `OpenTip.content`), and question, message or state for the desk's.
    """

    from_tipster: bool
    type: Literal["more", "original", "withdraw", "damaged", "question", "message", "state"]
    seq: int
    text: str = ""
    state: str = ""  # a PublicState
    outcome: str = ""
    day: date | None = None
    officer: str = ""  # id of who sent it; the tipster is not told
    in_reply_to: int = 0  # seq of the question this answers
    files: tuple[FileView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An internal note. It never reaches the tipster."""

    at: datetime
    officer: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryItem:
    """Something officers did with the tip. `officer` is "" for what the desk did by itself."""

    at: datetime
    officer: str
    unit: str
    action: str  # an Action, or one of rights.OTHER_DOINGS
    state: str = ""  # the State it led to, if it changed
    detail: str = ""  # a unit, an officer, an outcome, labels, a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTip:
    """A tip opened for one officer. Lives in memory only."""

    card: CardView
    content: TipContent
    files: tuple[FileView, ...]  # of the tip itself
    thread: tuple[ThreadItem, ...]
    notes: tuple[Note, ...]
    history: tuple[HistoryItem, ...]
    hold_reason: str = ""
    has_original: bool = False
    original_requested_by: str = ""  # officer's id; another one must approve


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """What one run of the desk's own duties did: tip_ids."""

    indexed: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    went_up: tuple[str, ...] = ()
    shredded: tuple[str, ...] = ()

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.indexed or self.answered or self.went_up or self.shredded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A tip taken out of a sealed archive: file names within the zip, and their bytes."""

    reference: str
    files: dict[str, bytes] = field(default_factory=dict)
