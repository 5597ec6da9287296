"""Forgetting: tips whose time is over are shredded. Run daily, or by hand with `binhan tips purge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tips.times import CLOCK_FLOOR, VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tips.store.store import TipStore


class Retention:
    """Shreds what is over and not held."""

    def __init__(self, store: TipStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def purge(self, *, dry_run: bool = False) -> list[str]:
        """
        Shred every tip whose last day is over, then forget the order in which the others came.

        Args:
            dry_run: Only say which ones.

        Returns:
            Their ids, in no order that tells anything.

        Raises:
            TipStoreUnavailable: The database is out of reach; what was shredded until then stays so.
        """
        now = self._now()
        due = self._store.due(now.date()) if now >= CLOCK_FLOOR else []
        if not dry_run:
            for tip_id in due:
                self._store.shred(tip_id)
            self._store.forget_mutes(now.astimezone(VIETNAM).date())
            self._store.tidy()
        return due
