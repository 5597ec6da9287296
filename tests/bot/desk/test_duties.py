"""What the desk does by itself, and what is left when a tip's time is over."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest

from bot.desk.records.store import DeskRecords
from tests.bot.desk.station import AREA_B, BOOK, PASSPHRASE, TOP, A, B, Station
from tips.audit import verify_chain
from tips.errors import TipStoreUnavailable
from tips.intake import reference_of
from tips.opening.keyfile import make_key
from tips.retention import Retention
from tips.states import State
from tips.store.store import TipStore
from tips.units import UnitBook

if TYPE_CHECKING:
    from pathlib import Path


def test_new_tips_are_indexed_for_unlocked_units_only(locked: Station) -> None:
    here = locked.tip()
    locked.tip(area=AREA_B)
    assert locked.desk.run_duties().is_idle
    locked.unlock(A)
    assert locked.desk.run_duties().indexed == (here,)
    assert locked.desk.run_duties().is_idle
    assert locked.records_units() == {(here, A)}


def test_an_answer_is_noticed_without_an_officer_looking(station: Station) -> None:
    receipt = station.send()
    tip = receipt.keys().tip_id
    station.desk.open(station.seat(), tip)
    station.desk.ask(station.seat(), tip, "Ở đâu?")
    station.desk.run_duties()
    station.intake.more(receipt, "Ở chợ")
    assert station.desk.run_duties().answered == (tip,)
    assert station.told(receipt).state == "verifying"
    assert station.desk.run_duties().is_idle


def test_a_tip_nobody_opens_goes_up_once(station: Station) -> None:
    tip = station.tip()
    station.desk.run_duties()
    station.clock.move(hours=25)
    done = station.desk.run_duties()
    assert done.went_up == (tip,)
    assert station.desk.run_duties().is_idle
    (entry,) = [entry for entry in station.desk.all_audit_entries() if entry.action == "went_up"]
    assert (entry.unit, entry.officer) == (TOP, "")


def test_retention_takes_the_tip_the_index_and_the_notes_but_not_the_log(station: Station) -> None:
    desk, me, receipt = station.desk, station.seat(), station.send()
    tip, kept = receipt.keys().tip_id, station.tip("hai")
    desk.open(me, tip)
    desk.note(me, tip, "ghi chú")
    desk.open(me, kept)
    station.clock.move(days=60)
    desk.reply(me, kept, "vẫn đang làm")
    station.clock.move(days=31)
    assert desk.run_duties().shredded == (tip,)
    assert station.intake.follow(receipt) is None
    assert {row for row, _ in station.records_units()} == {kept}
    assert station.records.dossiers([tip]) == {}
    assert [card.tip_id for card in desk.cards(me)] == [kept]
    shred = [entry for entry in desk.all_audit_entries() if entry.action == "shred"]
    assert len(shred) == 1
    assert verify_chain(desk.all_audit_entries()) is None


def test_what_was_purged_beside_the_desk_leaves_the_desk_too(station: Station) -> None:
    tip = station.tip()
    station.desk.open(station.seat(), tip)
    station.clock.move(days=91)
    assert Retention(station.store, station.clock).purge() == [tip]
    station.desk.run_duties()
    assert station.records.tip_ids() == set()
    assert shreds(station) == [reference_of(tip)]


def test_a_desk_that_ended_before_it_wrote_of_a_shredding_writes_it_later_and_once(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the commit in one database and the entry in the other the power may fail."""
    tips = [station.tip(f"tin {number}") for number in range(3)]
    station.desk.run_duties()
    station.clock.move(days=91)
    with monkeypatch.context() as patch:
        patch.setattr(DeskRecords, "append_audit", _fail)
        for _ in tips:
            with pytest.raises(TipStoreUnavailable):
                station.desk.run_duties()
    assert len(station.store.due(station.clock().date())) == 2  # what has no line in the log stops the rest
    with monkeypatch.context() as patch:
        patch.setattr(DeskRecords, "drop_tip", _fail)
        for _ in tips:
            with pytest.raises(TipStoreUnavailable):
                station.desk.run_duties()
    for _ in range(2):
        station.desk.run_duties()
    assert sorted(shreds(station)) == sorted(reference_of(tip) for tip in tips)
    assert station.records.tip_ids() == set()


def test_a_tip_whose_unit_left_the_book_is_not_logged_as_shredded(station: Station) -> None:
    """It lies where it lay, and its notes with it: the unit may come back."""
    tip = station.tip(area=AREA_B)
    seat, desk = station.seat(B), station.desk
    desk.open(seat, tip)
    desk.note(seat, tip, "ghi chú")
    station.book = UnitBook(tuple(unit for unit in BOOK.units if unit.id == A))
    other = station.another_desk()
    other.unlock(A, PASSPHRASE)
    other.run_duties()
    assert shreds(station) == []
    assert [note.text for note in desk.open(seat, tip).notes] == ["ghi chú"]


def _fail(*_: object) -> None:
    raise TipStoreUnavailable


def shreds(station: Station) -> list[str]:
    return [entry.reference for entry in station.desk.all_audit_entries() if entry.action == "shred"]


class _Meanwhile(TipStore):
    """Somebody takes a tip up between the question which ones are over and their end."""

    def due(self, today: date) -> list[str]:
        found = super().due(today)
        for tip_id in found:
            self.touch(tip_id, datetime.combine(today, time(), UTC))
        return found


def test_a_tip_taken_up_a_moment_before_its_end_stays_and_no_log_says_otherwise(station: Station) -> None:
    tip = station.tip()
    station.desk.open(station.seat(), tip)
    station.clock.move(days=91)
    station.store.close()
    station.store = _Meanwhile.open_file(station.folder / "tips" / "tips.sqlite3", now=station.clock)
    station.desk = station.another_desk()
    station.unlock()
    assert station.desk.run_duties().shredded == ()
    assert [card.tip_id for card in station.desk.cards(station.seat())] == [tip]
    assert not [entry for entry in station.desk.all_audit_entries() if entry.action == "shred"]


def test_the_line_of_a_transferred_tip_goes_with_its_time(station: Station) -> None:
    desk, tip = station.desk, station.tip()
    desk.open(station.seat(), tip)
    desk.transfer(station.seat(), tip, B, "sang B")
    station.clock.move(days=80)
    desk.open(station.seat(B), tip)
    desk.ask(station.seat(B), tip, "Còn không?")  # B's tip lives on
    desk.run_duties()
    assert len(desk.cards(station.seat())) == 1
    station.clock.move(days=12)
    desk.run_duties()
    assert desk.cards(station.seat()) == []
    assert [card.state for card in desk.cards(station.seat(B))] == [State.NEEDS_INFORMATION]


def test_an_entry_that_does_not_open_shuts_no_desk(station: Station) -> None:
    """Its tip is indexed anew, with what was done on it; the others are seen and worked on meanwhile."""
    desk, me = station.desk, station.seat()
    one, other = station.tip("một"), station.tip("hai")
    desk.open(me, one)
    desk.note(me, one, "đã gặp nhân chứng")
    with closing(sqlite3.connect(station.folder / "desk" / "desk.sqlite3")) as records, records:
        records.execute("UPDATE desk_cards SET sealed = ? WHERE tip_id = ?", (bytes(500), one))
    assert {card.tip_id for card in desk.cards(me)} == {one, other}
    (note,) = desk.open(me, one).notes
    assert note.text == "đã gặp nhân chứng"


def test_a_unit_with_new_keys_for_lost_ones_works_on_and_stops_no_other_unit(
    station_keys: Path, tmp_path: Path
) -> None:
    shutil.copytree(station_keys, tmp_path / "keys")
    station = Station(tmp_path, tmp_path / "keys").unlock()
    lost = station.tip("cũ")
    station.desk.open(station.seat(), lost)
    shutil.rmtree(tmp_path / "keys" / "private-keys" / A)
    folders = {f"{side}_folder": tmp_path / "keys" / f"{side}-keys" for side in ("private", "public")}
    make_key(A, PASSPHRASE, today=date(2026, 11, 22), **folders)
    station.desk = station.another_desk()
    station.unlock()
    here, there = station.tip("mới"), station.tip(area=AREA_B)
    assert set(station.desk.run_duties().indexed) == {here, there}
    assert [card.tip_id for card in station.desk.cards(station.seat())] == [here]
    assert [card.tip_id for card in station.desk.cards(station.seat(B))] == [there]
    station.close()


def test_a_clock_before_its_time_shreds_nothing(station: Station) -> None:
    station.tip()
    station.clock.move(days=-2_000)
    assert station.desk.run_duties().shredded == ()
    station.clock.move(days=2_000)
    assert len(station.desk.cards(station.seat())) == 1
