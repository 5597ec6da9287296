"""
The officers' functions, one implementation for the web desk, the terminal and Telegram.

Every method looks the officer up in the book of units again, checks role and relation, and writes what was
done or refused into the audit log.
"""

from __future__ import annotations

from random import SystemRandom
from typing import TYPE_CHECKING

from bot.desk.archive import open_archive
from bot.desk.core import Core
from bot.desk.duties import run_duties
from bot.desk.looking import Looking
from bot.desk.passing import Passing
from bot.desk.rights import Action
from bot.desk.working import Working
from tips.errors import TipError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from bot.desk.records.store import DeskRecords
    from bot.desk.views import Archive, DeskSettings, Duties, Seat, Session
    from tips.audit import AuditEntry
    from tips.keys import PublicKeys
    from tips.store.store import TipStore
    from tips.units import UnitBook

_random = SystemRandom().random


class Desk(Looking, Working, Passing):
    """The officers' side of tips. Safe to share between threads, and beside another process's desk."""

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
        random: Callable[[], float] = _random,
    ) -> None:
        """
        Build the desk of one process; every unit is locked.

        Args:
            store: The sealed tips.
            records: The desk's own.
            book: Units and officers.
            public_keys: To seal to when a tip is transferred or exported.
            private_folder: Such as `data/desk/private-keys`.
            now: The clock, with its zone.
            settings: Delays, terms and limits.
            random: From 0 to 1, for the delay of a card.
        """
        self._core = Core(
            store=store,
            records=records,
            book=book,
            public_keys=public_keys,
            private_folder=private_folder,
            now=now,
            settings=settings,
            random=random,
        )

    # keys

    def unlock(self, unit: str, passphrase: str) -> None:
        """
        Hold a unit's private keys in memory from now on.

        Raises:
            WrongPassphrase, UnitWithoutKey, SealedDamaged: It stays as it was.
        """
        journal = self._core.journal
        try:
            self._core.keyring.unlock(unit, passphrase)
        except TipError as error:
            journal.write(unit if unit in self._core.book else "", "unlock", refused=error.code)
            raise
        journal.write(unit, "unlock")

    def is_unlocked(self, unit: str) -> bool:
        """Whether a unit's keys are in memory."""
        return unit in self._core.keyring

    def open_archive(self, unit: str, sealed: bytes) -> Archive:
        """
        An archive that was exported to *unit*.

        Raises:
            ActionRefused: `reason` locked or bad_archive.
            WrongKey, SealedDamaged: It is sealed to another unit, or was changed.
        """
        return open_archive(sealed, self._core.keyring.of(unit))

    # sign-in

    def invite(self, unit: str, officer_id: str) -> str:
        """A one-time token, good for ten minutes. ActionRefused(reason=not_an_officer)."""
        return self._core.seats.invite(unit, officer_id)

    def sign_in(self, token: str) -> Session:
        """Trade an invitation for a session. ActionRefused(reason=invite) if used, old or made up."""
        return self._core.seats.sign_in(token)

    def seat(self, session_token: str, *, is_used: bool = True) -> Seat | None:
        """
        Who a session is; None once it is over.

        Args:
            session_token: As the browser holds it.
            is_used: Whether an officer did something. False for what a page asks by itself: a page left open
                would otherwise never go idle.
        """
        return self._core.seats.of_session(session_token, is_used=is_used)

    def sign_out(self, session_token: str) -> None:
        """End a session."""
        self._core.seats.sign_out(session_token)

    def seat_at_terminal(self, unit: str, officer_id: str) -> Seat:
        """The seat of an officer that the operator names. ActionRefused(reason=not_an_officer)."""
        return self._core.seats.take(unit, officer_id)

    # overseeing

    def audit_log(self, seat: Seat) -> list[AuditEntry]:
        """What officers of the own unit and of those below it did, oldest first. No content is in it."""
        core = self._core
        core.admit(seat, Action.AUDIT_LOG)
        core.journal.write(seat, Action.AUDIT_LOG)
        book = core.book
        below = {unit.id for unit in book.units if seat.unit in (unit.id, *book.above(unit.id))}
        return [entry for entry in core.journal.entries() if entry.unit in below]

    def admit(self, seat: Seat, action: Action) -> None:
        """
        Let an officer do what concerns no tip, such as answering a gap; a refusal is written into the log.

        Raises:
            ActionRefused: `reason` not_an_officer, role or not_editor, as the book of units says now.
        """
        self._core.admit(seat, action)

    def log(self, seat: Seat, action: str, detail: str = "", *, refused: str = "") -> None:
        """Write into the audit log what an officer did without a tip. *detail*: codes and ids only."""
        self._core.journal.write(seat, action, detail=detail, refused=refused)

    def all_audit_entries(self) -> list[AuditEntry]:
        """The whole log, to verify it: for the operator, not for officers."""
        return self._core.journal.entries()

    def run_duties(self) -> Duties:
        """Index new cards, notice answers, raise up what nobody opened, forget what is over."""
        return run_duties(self._core)
