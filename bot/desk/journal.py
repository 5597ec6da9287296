"""Writing into the audit log: what officers did, and what they were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tips.audit import next_entry
from tips.intake import reference_of
from tips.layout import TIP_ID

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.records.store import DeskRecords
    from bot.desk.views import Seat
    from tips.audit import AuditEntry

_DETAIL_LIMIT = 200


class Journal:
    """
    The audit log, open at its end.

    An entry is written before what it tells of happens; if that fails, a second one says so.
    """

    def __init__(self, records: DeskRecords, now: Callable[[], datetime]) -> None:
        self._records = records
        self._now = now

    def write(
        self,
        seat: Seat | str,
        action: str,
        *,
        tip_id: str = "",
        detail: str = "",
        refused: str = "",
    ) -> None:
        """
        Append one entry.

        Args:
            seat: Who acts, or the unit for which the desk acts by itself.
            action: An `Action`, or a word of the desk's own.
            tip_id: As typed: what is no tip's id is not repeated.
            detail: A unit, an officer's id, another tip's reference. Never a word that somebody typed.
            refused: A reason's code, "" if done.
        """
        officer, unit = ("", seat) if isinstance(seat, str) else (seat.officer.id, seat.unit)
        self._records.append_audit(
            lambda last: next_entry(
                last,
                at=self._now(),
                officer=officer,
                unit=unit,
                action=action,
                reference=safe_reference(tip_id),
                detail=detail[:_DETAIL_LIMIT],
                refused=refused,
            )
        )

    def entries(self) -> list[AuditEntry]:
        """The whole log."""
        return self._records.audit_log()


def safe_reference(tip_id: str) -> str:
    """A tip's reference, or "" for what is no tip's id."""
    return reference_of(tip_id) if TIP_ID.fullmatch(tip_id) else ""
