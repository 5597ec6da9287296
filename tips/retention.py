"""Forgetting: tips whose time is over are shredded. Run every hour, or by hand with `binhan tips purge`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tips.times import CLOCK_FLOOR, VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tips.store.store import TipStore

QUIET_HOURS = range(2, 5)  # in Vietnam: who sends while SQLite's file is written anew has to send again
_DAY = timedelta(days=1)


class Retention:
    """Shreds what is over and not held."""

    def __init__(self, store: TipStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._tidied = datetime.fromtimestamp(0, UTC)
        self._contents = b""

    def purge(self, *, dry_run: bool = False) -> list[str]:
        """
        Shred every tip whose last day is over; once a day, forget the order in which the others came.

        Args:
            dry_run: Only say which ones.

        Returns:
            Their ids, in no order that tells anything.

        Raises:
            TipStoreUnavailable: The database is out of reach; what was shredded until then stays so.
        """
        now = self._now()
        if dry_run:
            return self._due(now)
        gone = list(self.shred_due())
        self._store.forget_mutes(_day(now))
        self._store.empty_log()
        self._tidy(now)
        return gone

    def shred_due(self) -> Iterator[str]:
        """Shred what `purge` shreds, giving the id of each once it is gone; raises as that does."""
        now = self._now()
        for tip_id in self._due(now):
            if self._store.shred(tip_id, due_on=_day(now)):
                yield tip_id

    def _due(self, now: datetime) -> list[str]:
        return self._store.due(_day(now)) if now >= CLOCK_FLOOR else []

    def _tidy(self, now: datetime) -> None:
        """Write the file anew where something came or went: at night, or when the last time is a day ago."""
        last = max(self._tidied, self._store.tidied())
        is_night = now.astimezone(VIETNAM).hour in QUIET_HOURS and _day(last) != _day(now)
        if not is_night and timedelta() <= now - last <= _DAY:
            return
        contents = self._store.contents()
        if contents == self._contents or self._store.tidy():
            self._tidied, self._contents = now, contents


def _day(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()
