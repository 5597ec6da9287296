"""
Sign-in: one-time invitations, short sessions, and who an officer is right now.

Tokens are 256 random bits and stored as SHA-256: who reads the records cannot sign in with them.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.views import Seat, Session
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.journal import Journal
    from bot.desk.records.store import DeskRecords
    from bot.desk.views import DeskSettings
    from tips.units import Officer, UnitBook

_TOKEN_BYTES = 32


class Seats:
    """Who sits at the desk."""

    def __init__(  # noqa: PLR0913 - one port each
        self,
        *,
        records: DeskRecords,
        book: UnitBook,
        journal: Journal,
        now: Callable[[], datetime],
        settings: DeskSettings,
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(_TOKEN_BYTES),
    ) -> None:
        self._records = records
        self._book = book
        self._journal = journal
        self._now = now
        self._settings = settings
        self._new_token = new_token

    def take(self, unit: str, officer_id: str) -> Seat:
        """
        The seat of an officer of *unit*, as the book of units says now.

        Raises:
            ActionRefused: `reason` not_an_officer: the book does not know them there.
        """
        for officer in self._book.unit(unit).officers if unit in self._book else ():
            if officer.id == officer_id:
                return Seat(officer=officer, unit=unit)
        raise ActionRefused(reason="not_an_officer")

    def officer(self, seat: Seat) -> Officer:
        """The officer as the book has them now: role and unit may have changed since the sign-in."""
        return self.take(seat.unit, seat.officer.id).officer

    def invite(self, unit: str, officer_id: str) -> str:
        """A token that signs that officer in, once, within some minutes. Raises as `take`."""
        seat, token = self.take(unit, officer_id), self._new_token()
        self._journal.write(seat, "invite")
        expires = self._now() + timedelta(minutes=self._settings.invite_minutes)
        self._records.add_pass(
            "invite", _hash(token), (unit, officer_id), expires=expires, idle_until=expires
        )
        return token

    def sign_in(self, token: str) -> Session:
        """
        Trade an invitation for a session.

        Raises:
            ActionRefused: `reason` invite: used, too old, made up, or of somebody no longer in the book.
        """
        taken = self._records.take_invite(_hash(token), self._now())
        if taken is None:  # not logged: anybody on the network could fill the log
            raise ActionRefused(reason="invite")
        try:
            seat = self.take(*taken)
        except ActionRefused:
            self._journal.write(taken[0], "sign_in", detail=taken[1], refused="not_an_officer")
            raise ActionRefused(reason="invite") from None
        self._journal.write(seat, "sign_in")
        session_token = self._new_token()
        expires = self._now() + timedelta(hours=self._settings.session_hours)
        self._records.add_pass(
            "session",
            _hash(session_token),
            (seat.unit, seat.officer.id),
            expires=expires,
            idle_until=self._idle_until(),
        )
        return Session(token=session_token, seat=seat, expires=expires)

    def of_session(self, session_token: str, *, is_used: bool = True) -> Seat | None:
        """Who a session is; None for one that is over, idle or made up. *is_used*: somebody did something."""
        now = self._now()
        known = self._records.use_session(_hash(session_token), now, self._idle_until() if is_used else now)
        try:
            return self.take(*known) if known else None
        except ActionRefused:
            return None

    def sign_out(self, session_token: str) -> None:
        """End a session; one that is over already is no error."""
        seat = self.of_session(session_token)
        self._records.drop_pass(_hash(session_token))
        if seat is not None:
            self._journal.write(seat, "sign_out")

    def _idle_until(self) -> datetime:
        return self._now() + timedelta(minutes=self._settings.idle_minutes)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
