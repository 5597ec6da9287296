"""Looking: the list of cards, one card, and the tip opened."""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.core import relation_of, seat_name
from bot.desk.faces import card_view, letters, matches, open_tip, order, twins_of
from bot.desk.rights import OF_NO_TIP, Action, Relation, hindrance, refusal
from bot.desk.statistics import count_cards
from bot.desk.views import BoardCard, CardQuery, Seat
from tips.errors import ActionRefused, SealedDamaged, WrongKey
from tips.states import State
from tips.units import Officer

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.desk.core import Case, Core
    from bot.desk.faces import Opened
    from bot.desk.index import Entry
    from bot.desk.statistics import Statistics
    from bot.desk.views import CardView, OpenTip
    from tips.model import TipFile
    from tips.units import Role

_ALL = CardQuery()
_BOARD_LABEL = b"desk-board"
_UNSEEN = frozenset({Relation.OTHER, Relation.ABOVE_EARLY, Relation.RECUSED})


class Looking:
    """The part of the desk that reads."""

    _core: Core

    def cards(self, seat: Seat, query: CardQuery = _ALL) -> list[CardView]:
        """
        The cards the officer may see: open ones first, urgent, then late, then newest.

        Raises:
            ActionRefused: `reason` role, not_an_officer, or locked: then see `locked`.
        """
        core = self._core
        with core.lock:
            shown = self._shown(seat)
        twins = twins_of(shown)
        cards = (
            card_view(entry, seat, now=core.now(), soon_days=core.settings.soon_days, twins=twins)
            for entry in shown
        )
        return sorted((card for card in cards if matches(card, query)), key=order)

    def locked(self, seat: Seat) -> int:
        """
        How many tips wait for the passphrase of the officer's own unit; nothing more is known of them.

        0 when the unit is unlocked. ActionRefused as for `cards`.
        """
        core = self._core
        core.admit(seat, Action.SEE)
        if seat.unit in core.keyring:
            return 0
        waiting = core.store.for_units([seat.unit], core.now())
        return sum(stored.is_holder for stored in waiting)

    def unopened(self, seat: Seat) -> int:
        """
        How many tips of the officer's own unit are sealed to a key that is not open here.

        Such as after a rotation, until the desk is started again and unlocked. Raises as `cards`.
        """
        core = self._core
        core.admit(seat, Action.SEE)
        with core.lock:
            return core.index.unopened(seat.unit)

    def card(self, seat: Seat, tip_id: str) -> CardView:
        """One card. ActionRefused(reason=unknown_tip) for every tip that is not for the officer to see."""
        with self._core.lock:
            self._seen(seat, tip_id)
            shown = self._shown(seat)
        entry = next((entry for entry in shown if entry.tip_id == tip_id), None)
        if entry is None:
            raise ActionRefused(reason="unknown_tip")
        return self._card(seat, entry, shown)

    def find(self, seat: Seat, reference: str) -> str:
        """
        The tip_id of a reference as typed, or of a tip_id.

        Raises:
            ActionRefused: `reason` unknown_tip: no card of that reference is for the officer to see.
        """
        typed = letters(reference)
        with self._core.lock:
            shown = self._shown(seat)
        for entry in shown:
            card = self._card(seat, entry, ())
            if typed in {letters(card.reference), letters(card.reference)[2:], entry.tip_id.upper()}:
                return entry.tip_id
        raise ActionRefused(reason="unknown_tip")

    def allowed(self, seat: Seat, tip_id: str) -> frozenset[Action]:
        """What the officer may do with a tip as it stands: the buttons to show. Empty for one not seen."""
        core = self._core
        role = core.seats.officer(seat).role
        with core.lock:
            entry = core.index.entry(tip_id, seat.unit)
        if entry is None:
            return frozenset()
        return frozenset(action for action in Action if not _reason(action, role, entry, seat, core.now()))

    def why_not(self, seat: Seat, tip_id: str, action: Action) -> str:
        """The reason why *action* is not among `allowed`, or ""."""
        core = self._core
        role = core.seats.officer(seat).role
        with core.lock:
            entry = core.index.entry(tip_id, seat.unit)
        if entry is None:
            return refusal(action, role, Relation.OTHER)
        return _reason(action, role, entry, seat, core.now())

    def board(self, unit: str) -> list[BoardCard]:
        """
        The cards of *unit* for a place where all its officers look: nobody in particular asks.

        Raises:
            ActionRefused: `reason` locked.
        """
        core, seat = self._core, _nobody(unit)
        with core.lock:
            shown = self._on_board(unit)
        twins, soon = twins_of(shown), core.settings.soon_days
        hung = (
            BoardCard(
                card=card_view(entry, seat, now=core.now(), soon_days=soon, twins=twins),
                actions=frozenset(
                    action for action in Action if not _reason(action, "supervisor", entry, seat, core.now())
                ),
            )
            for entry in shown
        )
        return sorted(hung, key=lambda board_card: order(board_card.card))

    def fingerprint(self, unit: str, words: str) -> str:
        """
        What tells *words* from others, to whoever has the unit's keys only.

        Raises:
            ActionRefused: `reason` locked.
        """
        key = self._core.keyring.of(unit).secret(_BOARD_LABEL)
        return hmac.digest(key, words.encode("utf-8", "replace"), "sha256").hex()

    def statistics(self, seat: Seat, first: date, last: date) -> Statistics:
        """
        How many tips the own unit received from *first* to *last*, Vietnamese days, and what became of them.

        A unit that a tip concerns does not have it, so it is not in that unit's figures.
        """
        core = self._core
        core.admit(seat, Action.STATISTICS)
        core.keyring.of(seat.unit)
        core.journal.write(seat, Action.STATISTICS)
        cards = [hung.card for hung in self.board(seat.unit)]
        return count_cards(cards, first=first, last=last, today=core.today())

    def open(self, seat: Seat, tip_id: str) -> OpenTip:
        """
        The tip: what was told, files, what was said to and fro, notes, history.

        Opened for the first time it becomes `received`, and the tipster is told so.
        """
        core = self._core
        with core.acting(seat, Action.OPEN, tip_id) as case:
            case.log()
            opened = opened_parcels(case)
            self._note_opening(case, opened)
            return open_tip(case.entry, self._card(seat, case.entry, self._shown(seat)), opened)

    def file(self, seat: Seat, tip_id: str, seq: int, index: int) -> TipFile:
        """One cleaned file of a sending. ActionRefused(reason=no_file) if there is none, or an original."""
        with self._core.acting(seat, Action.FILE, tip_id) as case:
            parcel = dict(opened_parcels(case, seq)).get(seq)
            if parcel is None or parcel.type == "original" or not 0 <= index < len(parcel.files):
                raise ActionRefused(reason="no_file")
            return parcel.files[index]

    def _shown(self, seat: Seat) -> list[Entry]:
        core = self._core
        core.admit(seat, Action.SEE)
        core.keyring.of(seat.unit)
        entries, _, _ = core.watch.look(seat.unit)
        return [entry for entry in entries if relation_of(entry, seat, core.now()) not in _UNSEEN]

    def _on_board(self, unit: str) -> list[Entry]:
        core = self._core
        core.keyring.of(unit)
        entries, _, _ = core.watch.look(unit)
        return [entry for entry in entries if relation_of(entry, _nobody(unit), core.now()) not in _UNSEEN]

    def _seen(self, seat: Seat, tip_id: str) -> None:
        with self._core.acting(seat, Action.SEE, tip_id) as case:
            case.is_logged = True  # a look at a card is not written down; a refused one is

    def _card(self, seat: Seat, entry: Entry, among: list[Entry] | tuple[Entry, ...]) -> CardView:
        core = self._core
        return card_view(
            entry, seat, now=core.now(), soon_days=core.settings.soon_days, twins=twins_of(among)
        )

    def _note_opening(self, case: Case, opened: list[Opened]) -> None:
        stored, dossier = case.entry.stored, case.dossier
        is_holder = stored is not None and stored.is_holder
        has_original = any(parcel is not None and parcel.type == "original" for _, parcel in opened)
        seen = replace(
            dossier,
            has_news=False,
            has_original=has_original,
            is_opened=dossier.is_opened or is_holder,
        )
        if dossier.state in {State.NEW, State.TRANSFERRED}:
            seen = replace(seen, state=State.RECEIVED)
            told = self._core.sending.add(case.entry, seen, "state", state=State.RECEIVED)
            case.write(told, state=State.RECEIVED)
        elif seen != dossier:
            case.write(seen)


def _reason(action: Action, role: Role, entry: Entry, seat: Seat, now: datetime) -> str:
    """Why *action* is no button on that tip, or ""."""
    if action in OF_NO_TIP:
        return "state"
    relation = relation_of(entry, seat, now)
    return refusal(action, role, relation) or hindrance(action, entry.dossier, seat_name(seat))


def _nobody(unit: str) -> Seat:
    """A seat that no officer has: it stepped back from nothing and may do nothing."""
    return Seat(officer=Officer(id="", name="", role="auditor"), unit=unit)


def opened_parcels(case: Case, only: int = 0) -> list[Opened]:
    """
    The sendings of a tip, opened, in order: (seq, parcel), None for one that does not open.

    Args:
        case: Of an action that may read.
        only: The seq of the one wanted; 0 for all.
    """
    keys = case.core.keyring.of(case.seat.unit)
    opened: list[Opened] = []
    for parcel in case.core.store.parcels(case.entry.tip_id, case.seat.unit):
        if only in {0, parcel.seq}:
            try:
                opened.append((parcel.seq, keys.open_parcel(parcel)))
            except (SealedDamaged, WrongKey):
                opened.append((parcel.seq, None))
    return opened
