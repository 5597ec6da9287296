"""What every function of the desk goes through: who asks, what they may, what is written about it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from threading import RLock
from typing import TYPE_CHECKING

from bot.desk.index import Index, Keyring
from bot.desk.journal import Journal
from bot.desk.rights import OF_EDITORS, Action, Relation, hindrance, refusal
from bot.desk.seats import Seats
from bot.desk.sending import Sending
from bot.desk.views import HistoryItem
from bot.desk.watch import Watch
from tips.errors import ActionRefused, TipError
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from bot.desk.dossier import Dossier
    from bot.desk.index import Entry
    from bot.desk.records.store import DeskRecords
    from bot.desk.views import DeskSettings, Seat
    from tips.keys import PublicKeys
    from tips.states import State
    from tips.store.store import TipStore
    from tips.units import UnitBook


class Core:
    """The parts of a desk, and the one way to act on a tip."""

    def __init__(  # noqa: PLR0913 - one port each
        self,
        *,
        store: TipStore,
        records: DeskRecords,
        book: UnitBook,
        public_keys: PublicKeys,
        private_folder: Path,
        now: Callable[[], datetime],
        settings: DeskSettings,
        random: Callable[[], float],
    ) -> None:
        def utc() -> datetime:
            return now().astimezone(UTC)

        self.store = store
        self.records = records
        self.book = book
        self.public_keys = public_keys
        self.now = utc
        self.settings = settings
        self.keyring = Keyring(private_folder)
        self.journal = Journal(records, utc)
        self.seats = Seats(records=records, book=book, journal=self.journal, now=utc, settings=settings)
        self.index = Index(
            store=store, records=records, keyring=self.keyring, now=utc, random=random, settings=settings
        )
        self.sending = Sending(store, self.index, utc)
        self.watch = Watch(self.index, self.sending, self.journal, utc)
        self.lock = RLock()

    def today(self) -> date:
        """The day in Vietnam."""
        return self.now().astimezone(VIETNAM).date()

    @contextmanager
    def acting(self, seat: Seat, action: Action, tip_id: str) -> Iterator[Case]:
        """
        The tip, for one action that the officer may do now; logs it, done, refused or failed.

        Raises:
            ActionRefused: The officer may not, or not now; `reason` says why.
        """
        case = None
        try:
            with self.lock:
                case = self._case(seat, action, tip_id)
                yield case
                case.log()
        except ActionRefused as refused:
            self.journal.write(seat, action, tip_id=tip_id, refused=refused.fields["reason"])
            raise
        except TipError as error:
            self.journal.write(seat, action, tip_id=tip_id, refused=error.code)
            raise

    def _case(self, seat: Seat, action: Action, tip_id: str) -> Case:
        entry = self.watch.notice(self.entry(seat, action, tip_id))
        if reason := hindrance(action, entry.dossier, seat_name(seat)):
            raise ActionRefused(reason=reason)
        return Case(self, seat, action, entry)

    def entry(self, seat: Seat, action: Action, tip_id: str) -> Entry:
        """A tip that the officer may do *action* with, its state aside. Raises as `acting`."""
        self.check_role(seat, action)
        self.keyring.of(seat.unit)
        entry = self.index.entry(tip_id, seat.unit)
        if entry is None or entry.stored is None:  # new since the last look, or come back
            self.index.collect(seat.unit)
            entry = self.index.entry(tip_id, seat.unit)
        if entry is not None:
            entry = self.watch.raise_up(entry)
        relation = relation_of(entry, seat, self.now())
        if reason := refusal(action, self.seats.officer(seat).role, relation):
            raise ActionRefused(reason=reason)
        if entry is None:  # not reached: nobody may do anything with a tip that is not there
            raise ActionRefused(reason="unknown_tip")
        return entry

    def words(self, text: str) -> str:
        """
        What an officer typed, without blanks around it.

        Raises:
            ActionRefused: `reason` empty or too_long.
        """
        words = mended(text).strip()
        if not words:
            raise ActionRefused(reason="empty")
        if len(words) > self.settings.text_limit:
            raise ActionRefused(reason="too_long")
        return words

    def item(self, seat: Seat, action: str, *, state: str = "", detail: str = "") -> HistoryItem:
        """A line of history of what the officer does now."""
        return HistoryItem(
            at=self.now(),
            officer=seat.officer.id,
            unit=seat.unit,
            action=action,
            state=state,
            detail=detail,
        )

    def admit(self, seat: Seat, action: Action) -> None:
        """As `check_role`, for what is asked of no single tip; a refusal is written down."""
        try:
            self.check_role(seat, action)
        except ActionRefused as refused:
            self.journal.write(seat, action, refused=refused.fields["reason"])
            raise

    def check_role(self, seat: Seat, action: Action) -> None:
        """ActionRefused unless the officer's role, as the book has it now, allows *action*."""
        officer = self.seats.officer(seat)
        if reason := refusal(action, officer.role, Relation.HOLDER):
            raise ActionRefused(reason=reason)
        if action in OF_EDITORS and not officer.is_editor:
            raise ActionRefused(reason="not_editor")


@dataclass
class Case:
    """One tip in an officer's hands, for one action."""

    core: Core
    seat: Seat
    action: Action
    entry: Entry
    is_logged: bool = field(default=False, init=False)

    @property
    def dossier(self) -> Dossier:
        """The work on the tip as it stands."""
        return self.entry.dossier

    def log(self, detail: str = "") -> None:
        """Write into the audit log, once, before anything happens. *detail*: codes and ids only."""
        if not self.is_logged:
            self.core.journal.write(self.seat, self.action, tip_id=self.entry.tip_id, detail=detail)
            self.is_logged = True

    def write(
        self, dossier: Dossier, *, detail: str = "", logged: str = "", state: State | None = None
    ) -> None:
        """
        Keep *dossier* with a line of history, and see its replies off.

        Args:
            dossier: What it shall be.
            detail: Of the history, which is sealed: may hold words.
            logged: Of the audit log, which is not: codes and ids only.
            state: The state it led to, if it changed.
        """
        self.log(logged)
        item = self.core.item(self.seat, self.action, state=state or "", detail=detail)
        saved = self.core.index.save(self.entry, dossier.noting(item))
        self.entry = self.core.sending.leave(saved)


def relation_of(entry: Entry | None, seat: Seat, now: datetime) -> Relation:
    """How the officer stands to a tip of their unit's index; OTHER where there is none, or none yet."""
    if entry is None:
        return Relation.OTHER
    if entry.stored is None:
        return Relation.FORMER
    if seat_name(seat) in entry.dossier.recused:
        return Relation.RECUSED
    if not entry.stored.is_holder:
        return Relation.ABOVE if entry.dossier.went_up else Relation.ABOVE_EARLY
    return Relation.HOLDER if entry.is_shown(now) else Relation.OTHER


def mended(text: str) -> str:
    """*text* with `?` for half characters, which a terminal can hand over and UTF-8 has no bytes for."""
    return text.encode("utf-8", "replace").decode()


def seat_name(seat: Seat) -> str:
    """What a dossier calls an officer who stepped back: ids are one unit's own."""
    return f"{seat.unit}/{seat.officer.id}"
