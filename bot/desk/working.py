"""Working on a tip: who does it, notes and labels, words for the tipster, states."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.core import mended, relation_of, seat_name
from bot.desk.rights import Action, Relation
from bot.desk.views import Note
from tips.deadlines import MARKS
from tips.errors import ActionRefused
from tips.intake import reference_of
from tips.states import Outcome, State
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.core import Case, Core
    from bot.desk.views import Seat


class Working:
    """
    The part of the desk that changes a tip's dossier.

    Every method raises ActionRefused; `reason` is one of `bot.desk.rights`.
    """

    _core: Core

    def claim(self, seat: Seat, tip_id: str) -> None:
        """Take a tip that nobody has."""
        with self._core.acting(seat, Action.CLAIM, tip_id) as case:
            case.write(replace(case.dossier, claimed_by=seat.officer.id))

    def assign(self, seat: Seat, tip_id: str, officer_id: str) -> None:
        """Give a tip to an officer of the own unit, or (officer_id "") to nobody."""
        with self._core.acting(seat, Action.ASSIGN, tip_id) as case:
            if officer_id:
                self._check_may_work(case, officer_id)
            case.write(replace(case.dossier, claimed_by=officer_id), detail=officer_id, logged=officer_id)

    def label(self, seat: Seat, tip_id: str, labels: Sequence[str]) -> None:
        """Replace the labels. They are the desk's own; the tipster does not see them."""
        settings = self._core.settings
        with self._core.acting(seat, Action.LABEL, tip_id) as case:
            wanted = tuple(
                dict.fromkeys(" ".join(mended(label).split()) for label in labels if label.strip())
            )
            if len(wanted) > settings.labels_limit or any(
                len(name) > settings.label_limit for name in wanted
            ):
                raise ActionRefused(reason="too_long")
            case.write(replace(case.dossier, labels=wanted), detail=", ".join(wanted))

    def note(self, seat: Seat, tip_id: str, text: str) -> None:
        """Add an internal note. It never reaches the tipster."""
        with self._core.acting(seat, Action.NOTE, tip_id) as case:
            note = Note(
                at=self._core.now(), officer=seat.officer.id, unit=seat.unit, text=self._core.words(text)
            )
            case.write(replace(case.dossier, notes=(*case.dossier.notes, note)))

    def ask(self, seat: Seat, tip_id: str, text: str) -> None:
        """Ask the tipster; the tip then needs information until an answer comes."""
        state = State.NEEDS_INFORMATION
        with self._core.acting(seat, Action.ASK, tip_id) as case:
            words = self._core.words(text)
            asked = self._core.sending.add(
                case.entry,
                replace(case.dossier, state=state),
                "question",
                text=words,
                state=state,
                officer=seat.officer.id,
            )
            case.write(asked, state=state)

    def reply(self, seat: Seat, tip_id: str, text: str) -> None:
        """Tell the tipster something. The state stays."""
        with self._core.acting(seat, Action.REPLY, tip_id) as case:
            words = self._core.words(text)
            told = self._core.sending.add(
                case.entry, case.dossier, "message", text=words, officer=seat.officer.id
            )
            case.write(told)

    def move(self, seat: Seat, tip_id: str, state: State) -> None:
        """
        Begin to verify, or take up a closed tip again. *state* is `verifying`.

        The other states have their own ways: open, ask, transfer, close.
        """
        core = self._core
        with core.lock:
            is_closed = self._is_closed(seat, tip_id)
            with core.acting(seat, Action.REOPEN if is_closed else Action.MOVE, tip_id) as case:
                if state is not State.VERIFYING:
                    raise ActionRefused(reason="state")
                moved = replace(case.dossier, state=state, outcome=None, merged_into="")
                case.write(core.sending.add(case.entry, moved, "state", state=state), state=state)

    def mark(self, seat: Seat, tip_id: str, mark: str) -> None:
        """Note a step of the procedure, one of `tips.deadlines.MARKS`; its deadlines follow."""
        with self._core.acting(seat, Action.MARK, tip_id) as case:
            if mark not in MARKS or mark in case.dossier.marks:
                raise ActionRefused(reason="state")
            marked = replace(case.dossier, marks=(*case.dossier.marks, mark))
            case.write(marked, detail=mark)  # not logged: the log is not sealed

    def close(self, seat: Seat, tip_id: str, outcome: Outcome, text: str = "") -> None:
        """Close a tip. *text* is a sentence for the tipster, who also reads the outcome."""
        with self._core.acting(seat, Action.CLOSE, tip_id) as case:
            self._close(case, Outcome(outcome), self._core.words(text) if text.strip() else "")

    def merge(self, seat: Seat, tip_id: str, into: str) -> None:
        """Close a tip as a duplicate of *into*, which the officer must be allowed to work on too."""
        core = self._core
        with core.acting(seat, Action.MERGE, tip_id) as case:
            other = core.entry(seat, Action.MERGE, into)
            if other.tip_id == tip_id or other.dossier.merged_into:
                raise ActionRefused(reason="same_tip")
            case.log(reference_of(into))
            self._close(case, Outcome.DUPLICATE, "", merged_into=into)
            core.index.save(other, other.dossier.noting(core.item(seat, "merged_from")))

    def recuse(self, seat: Seat, tip_id: str) -> None:
        """
        Step back from a tip: the officer sees it no more.

        When nobody of the unit is left to work on it, it goes up at once.
        """
        core = self._core
        with core.acting(seat, Action.RECUSE, tip_id) as case:
            recused = (*case.dossier.recused, seat_name(seat))
            stays = case.dossier.claimed_by != seat.officer.id
            dossier = replace(
                case.dossier, recused=recused, claimed_by=case.dossier.claimed_by if stays else ""
            )
            left = [
                officer
                for officer in core.book.unit(seat.unit).officers
                if officer.role != "auditor" and f"{seat.unit}/{officer.id}" not in recused
            ]
            case.log()
            if not left:
                dossier = replace(dossier, went_up=True)
                for above in core.book.above(seat.unit):
                    core.store.show_now(tip_id, above)
            case.write(dossier)

    def hold(self, seat: Seat, tip_id: str, reason: str) -> None:
        """Keep a tip beyond its retention, for a reason."""
        core = self._core
        with core.acting(seat, Action.HOLD, tip_id) as case:
            words = self._core.words(reason)
            case.log()
            core.store.hold(tip_id, held=True, now=core.now())
            case.write(replace(case.dossier, hold_reason=words), detail=words)

    def release(self, seat: Seat, tip_id: str) -> None:
        """Let retention run again, for its full time from today."""
        core = self._core
        with core.acting(seat, Action.RELEASE, tip_id) as case:
            case.log()
            core.store.hold(tip_id, held=False, now=core.now())
            case.write(replace(case.dossier, hold_reason=""))

    def mute(self, seat: Seat, tip_id: str) -> None:
        """
        Let whoever sent a tip today send nothing more until midnight, where the public side can tell.

        Nobody learns who that is: the tip's id goes to the public side, and says nothing here either.
        """
        core = self._core
        with core.acting(seat, Action.MUTE, tip_id) as case:
            stored = case.entry.stored
            if stored is None or stored.received.astimezone(VIETNAM).date() != core.today():
                raise ActionRefused(reason="too_late")
            case.log()
            core.store.mute(tip_id, core.today())
            case.write(case.dossier)

    def request_original(self, seat: Seat, tip_id: str) -> None:
        """Ask a supervisor for the uncleaned files; they may hold what gives the tipster away."""
        with self._core.acting(seat, Action.REQUEST_ORIGINAL, tip_id) as case:
            case.write(replace(case.dossier, original_requested_by=seat_name(seat)))

    def _is_closed(self, seat: Seat, tip_id: str) -> bool:
        """Whether a tip is closed; False too for one whose state is not for the officer to know."""
        core = self._core
        entry = core.index.entry(tip_id, seat.unit) if seat.unit in core.keyring else None
        if entry is None or relation_of(entry, seat, core.now()) not in {Relation.HOLDER, Relation.ABOVE}:
            return False
        return entry.dossier.state is State.CLOSED

    def _close(self, case: Case, outcome: Outcome, text: str, merged_into: str = "") -> None:
        state = State.CLOSED
        closed = replace(
            case.dossier,
            state=state,
            outcome=outcome,
            merged_into=merged_into,
            original_requested_by="",
        )
        told = self._core.sending.add(
            case.entry,
            closed,
            "state",
            text=text,
            state=state,
            outcome=outcome,
            officer=case.seat.officer.id,
        )
        case.write(told, detail=reference_of(merged_into) if merged_into else outcome, state=state)

    def _check_may_work(self, case: Case, officer_id: str) -> None:
        """ActionRefused unless that officer of the own unit could do the work."""
        core = self._core
        unit = core.book.unit(case.seat.unit)
        if not any(officer.id == officer_id and officer.role != "auditor" for officer in unit.officers):
            raise ActionRefused(reason="unknown_officer")
        their_seat = core.seats.take(case.seat.unit, officer_id)
        if relation_of(case.entry, their_seat, core.now()) is Relation.RECUSED:
            raise ActionRefused(reason="recused")
