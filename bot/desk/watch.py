"""What the desk sees by itself when it looks at a tip: answers, withdrawals, tips that nobody opens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.views import HistoryItem
from tips.errors import ActionRefused, SealedDamaged, TipStoreUnavailable
from tips.states import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.dossier import Dossier
    from bot.desk.index import Entry, Index
    from bot.desk.journal import Journal
    from bot.desk.sending import Sending


class Watch:
    """Brings dossiers up to date with what happened outside of the desk."""

    def __init__(self, index: Index, sending: Sending, journal: Journal, now: Callable[[], datetime]) -> None:
        self._index = index
        self._sending = sending
        self._journal = journal
        self._now = now

    def look(self, unit: str) -> tuple[list[Entry], list[str], list[str]]:
        """
        Every tip in the index of *unit*, brought up to date.

        Returns:
            The entries; the ids of those that the tipster answered; of those that went up to *unit*.

        Raises:
            ActionRefused: `reason` locked.
        """
        self._index.collect(unit)
        entries, answered, went_up = [], [], []
        for entry in self._index.entries(unit):
            seen = self.notice(self.raise_up(entry))
            if seen.dossier.went_up and not entry.dossier.went_up:
                went_up.append(seen.tip_id)
            if seen.dossier.parcels_known > entry.dossier.parcels_known:
                answered.append(seen.tip_id)
            entries.append(seen)
        return entries, answered, went_up

    def notice(self, entry: Entry) -> Entry:
        """
        The entry with the tipster's news in its dossier; an answer puts the work back to verifying.

        The history names the day only: the moment an answer came is the tipster's.
        """
        stored, dossier = entry.stored, entry.dossier
        if stored is None or entry.is_shut:
            return entry
        has_withdrawn = stored.has_withdrawn and not dossier.is_withdrawn
        has_news = stored.parcels > dossier.parcels_known
        try:
            if has_withdrawn:
                gone = replace(dossier, is_withdrawn=True, has_news=True, parcels_known=stored.parcels)
                entry = self._index.save(entry, gone.noting(self._today_item(entry, "withdrawn")))
            elif has_news:
                entry = self._index.save(entry, self._answered(entry, stored.parcels))
            return self._sending.leave(entry)
        except ActionRefused:  # another process noticed it in the same moment
            return self._index.entry(entry.tip_id, entry.unit) or entry
        except TipStoreUnavailable:  # what waits in the outbox goes another time; reading goes on
            return entry

    def _answered(self, entry: Entry, parcels: int) -> Dossier:
        dossier = replace(entry.dossier, has_news=True, parcels_known=parcels)
        if dossier.state is not State.NEEDS_INFORMATION:
            return dossier.noting(self._today_item(entry, "answered"))
        dossier = replace(dossier, state=State.VERIFYING)
        told = self._sending.add(entry, dossier, "state", state=State.VERIFYING)
        return told.noting(self._today_item(entry, "answered", State.VERIFYING))

    def raise_up(self, entry: Entry) -> Entry:
        """A tip that the unit below has not opened in its time is the unit above's too, from now on."""
        stored, dossier = entry.stored, entry.dossier
        if stored is None or stored.is_holder or entry.is_shut or dossier.went_up or dossier.is_opened:
            return entry
        if dossier.up_from is not None and self._now() < dossier.up_from:
            return entry
        try:
            up = replace(dossier, went_up=True).noting(self._today_item(entry, "went_up"))
            entry = self._index.save(entry, up)
        except (ActionRefused, SealedDamaged):
            return entry
        self._journal.write(entry.unit, "went_up", tip_id=entry.tip_id)
        return entry

    def _today_item(self, entry: Entry, action: str, state: State | None = None) -> HistoryItem:
        day = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        return HistoryItem(at=day, officer="", unit=entry.unit, action=action, state=state or "")
