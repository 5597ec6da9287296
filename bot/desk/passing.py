"""Passing on: a tip to another unit, its original files to two officers, an archive of it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.archive import FILES_FOLDER, PAPERS, sealed_archive
from bot.desk.looking import opened_parcels
from bot.desk.rights import Action
from tips.errors import ActionRefused, BadSetup, SealedDamaged, UnitWithoutKey
from tips.intake import reference_of
from tips.model import Recipients
from tips.sealing import content_of, words_of
from tips.states import State

if TYPE_CHECKING:
    from bot.desk.core import Case, Core
    from bot.desk.views import Seat
    from tips.keys import PublicKey
    from tips.model import TipContent, TipFile, WrappedKey

_TRIES = 4  # when the tipster sends something more in the same moment


class Passing:
    """The part of the desk that gives a tip, or something of it, to others."""

    _core: Core

    def transfer(self, seat: Seat, tip_id: str, unit: str, reason: str) -> None:
        """
        Give a tip to another unit, with everything the desk keeps of it.

        The keys of every sending are wrapped for the new unit and the one above it; those who no longer have
        it lose theirs, and keep a line that says where it went. A unit that the tip concerns, or one below
        it, cannot be chosen.
        """
        core = self._core
        with core.acting(seat, Action.TRANSFER, tip_id) as case:
            words = core.words(reason)
            holder = self._holder(case)
            if unit == holder:
                raise ActionRefused(reason="same_unit")
            concerned = self._concerned(case, unit)
            above = next((up for up in core.book.above(unit) if up not in concerned), "")
            to = Recipients(holder=unit, above=above)
            public = {name: self._public_key(name) for name in to.units if name != seat.unit}
            case.log(unit)
            self._hand_over(case, holder, to, public)
            self._note_transfer(case, unit, words)
            if seat.unit not in to.units:
                core.index.leave(case.entry, unit)

    def approve_original(self, seat: Seat, tip_id: str) -> list[TipFile]:
        """
        The original files, after another officer asked for them; for this once.

        They are as the tipster's device wrote them and may name it.
        """
        with self._core.acting(seat, Action.APPROVE_ORIGINAL, tip_id) as case:
            asked_by = case.dossier.original_requested_by.rpartition("/")[2]
            case.write(replace(case.dossier, original_requested_by=""), detail=asked_by, logged=asked_by)
            return [
                file
                for _, parcel in opened_parcels(case)
                if parcel is not None and parcel.type == "original"
                for file in parcel.files
            ]

    def export(self, seat: Seat, tip_id: str, to_unit: str) -> bytes:
        """
        One tip as an archive sealed to *to_unit*.

        In it: words, cleaned files, what was said to and fro, history, and the audit entries of it. Internal
        notes, labels and original files stay here.
        """
        core = self._core
        with core.acting(seat, Action.EXPORT, tip_id) as case:
            self._concerned(case, to_unit)
            key = self._public_key(to_unit)
            case.log(to_unit)
            files = self._archive_files(case)
            case.write(case.dossier, detail=to_unit)
            return sealed_archive(reference_of(tip_id), files, key)

    def _content(self, case: Case) -> TipContent:
        """What the tip says, to know whom it concerns. ActionRefused(reason=state) if it cannot be read."""
        first = dict(opened_parcels(case, 1)).get(1)
        try:
            if first is not None and first.type == "tip":
                return content_of(first.words)
        except SealedDamaged:
            pass
        raise ActionRefused(reason="state")

    def _concerned(self, case: Case, unit: str) -> set[str]:
        """The units that may not have the tip. ActionRefused if *unit* is one of them, or none at all."""
        book = self._core.book
        if unit not in book:
            raise ActionRefused(reason="unknown_unit")
        concerned = book.concerned_closure(self._content(case).concerns)
        if unit in concerned:
            raise ActionRefused(reason="unit_concerned")
        return concerned

    def _public_key(self, unit: str) -> PublicKey:
        try:
            return self._core.public_keys.current(unit)
        except UnitWithoutKey:
            raise ActionRefused(reason="unit_without_key") from None

    def _holder(self, case: Case) -> str:
        """The unit that holds the tip: the officer's own, or the one below that it went up from."""
        core = self._core
        if case.entry.stored is not None and case.entry.stored.is_holder:
            return case.seat.unit
        for unit in core.book.units:
            stored = core.store.tip(case.entry.tip_id, unit.id, core.now())
            if stored is not None and stored.is_holder:
                return unit.id
        raise ActionRefused(reason="changed")

    def _hand_over(self, case: Case, holder: str, to: Recipients, public: dict[str, PublicKey]) -> None:
        core, tip_id = self._core, case.entry.tip_id
        keys = core.keyring.of(case.seat.unit)
        for _ in range(_TRIES):
            wrapped: list[tuple[int, WrappedKey]] = [
                (parcel.seq, keys.wrap_for(parcel, key))
                for parcel in core.store.parcels(tip_id, case.seat.unit)
                for key in public.values()
            ]
            try:
                core.store.transfer(tip_id, from_unit=holder, to=to, keys=wrapped)
            except BadSetup as fault:
                if fault.fields.get("part") != "keys":
                    break
                continue
            return
        raise ActionRefused(reason="changed")

    def _note_transfer(self, case: Case, unit: str, reason: str) -> None:
        core, state = self._core, State.TRANSFERRED
        moved = replace(
            case.dossier,
            state=state,
            claimed_by="",
            original_requested_by="",
            is_opened=False,
            went_up=False,
            up_from=core.now() + timedelta(hours=core.settings.unopened_hours),
        )
        told = core.sending.add(case.entry, moved, "state", state=state)
        case.write(told, detail=f"{unit}: {reason}", state=state)

    def _archive_files(self, case: Case) -> dict[str, bytes]:
        core = self._core
        files: dict[str, bytes] = {}
        said: list[dict[str, object]] = []
        for seq, parcel in opened_parcels(case):
            if parcel is None or parcel.type == "original":
                continue
            if parcel.type != "tip":
                said.append({"seq": seq, "type": parcel.type, "words": dict(parcel.words)})
            for file in parcel.files:
                files[f"{FILES_FOLDER}{seq}-{file.name}"] = file.content
        reference = reference_of(case.entry.tip_id)
        log = [asdict(entry) for entry in core.journal.entries() if entry.reference == reference]
        papers = (
            {"reference": reference, "words": words_of(self._content(case))},
            {"tipster": said, "desk": [asdict(sent) for sent in case.dossier.sent]},
            [asdict(item) for item in case.dossier.history],
            log,
        )
        return {name: _json(paper) for name, paper in zip(PAPERS, papers, strict=True)} | files


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()
