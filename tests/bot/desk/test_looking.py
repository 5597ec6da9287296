"""What officers see in the list and in an opened tip, and what they do not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

import pytest

from bot.desk.rights import Action, Relation
from bot.desk.views import CardQuery
from tests.bot.desk.station import AREA_B, PASSPHRASE, STORY, TOP, A, B, Station
from tips.errors import ActionRefused
from tips.model import RawFile
from tips.opening.keyfile import make_key
from tips.states import Outcome, State
from tips.store.store import TipStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tips.model import SealedParcel


def test_a_card_tells_kind_place_and_files_but_not_the_story(station: Station) -> None:
    tip = station.tip(files=(RawFile(content=b"photo"),))
    (card,) = station.desk.cards(station.seat())
    assert (card.tip_id, card.kind, card.area, card.files, card.state) == (
        tip,
        "drugs",
        "26734",
        1,
        State.NEW,
    )
    assert card.relation is Relation.HOLDER
    assert STORY not in repr(card)
    assert card.due == date(2026, 11, 25)


def test_a_card_that_is_not_urgent_waits_and_an_urgent_one_does_not(station: Station) -> None:
    station.delay = 0.5  # of ten minutes
    quiet, urgent = station.tip("Đánh bạc"), station.tip("Đang đánh nhau", urgent=True)
    assert [card.tip_id for card in station.desk.cards(station.seat())] == [urgent]
    assert station.desk.allowed(station.seat(), quiet) == frozenset()
    with pytest.raises(ActionRefused) as refused:
        station.desk.open(station.seat(), quiet)
    assert refused.value.fields["reason"] == "unknown_tip"
    station.clock.move(minutes=4, seconds=59)
    assert len(station.desk.cards(station.seat())) == 1
    station.clock.move(seconds=1)
    assert {card.tip_id for card in station.desk.cards(station.seat())} == {quiet, urgent}


def test_a_delay_once_over_is_forgotten(station: Station) -> None:
    """It would tell within ten minutes when a tip came, where the store says an hour."""
    station.delay = 1.0
    tip = station.tip()
    station.desk.cards(station.seat())
    waiting = station.records.card(tip, A)
    station.clock.move(minutes=10)
    station.desk.run_duties()
    assert station.records.card(tip, A) != waiting
    station.clock.move(minutes=-10)  # a clock set back does not hide it again
    assert len(station.desk.cards(station.seat())) == 1


@pytest.fixture
def rotated(station_keys: Path, tmp_path: Path) -> Iterator[Station]:
    """Its desk was unlocked before unit A got a new key, and has an older tip."""
    shutil.copytree(station_keys, tmp_path / "keys")
    station = Station(tmp_path, tmp_path / "keys")
    station.store.close()
    station.store = _Reads.open_file(station.folder / "tips" / "tips.sqlite3", now=station.clock)
    station.desk = station.another_desk()
    station.unlock()
    station.tip("cũ")
    folders = {f"{side}_folder": tmp_path / "keys" / f"{side}-keys" for side in ("private", "public")}
    make_key(A, PASSPHRASE, today=date(2026, 11, 22), **folders)
    yield station
    station.close()


def test_a_tip_that_no_key_here_opens_counts_when_its_hour_is_over(rotated: Station) -> None:
    """Earlier the count would tell the minute in which it came, which cards hide."""
    me = rotated.seat()
    rotated.tip("mới")
    rotated.tip("của B", area=AREA_B)
    assert rotated.desk.unopened(me) == 0
    into_the_hour = rotated.clock().minute
    rotated.clock.move(minutes=59 - into_the_hour)
    assert rotated.desk.unopened(me) == 0
    rotated.clock.move(minutes=1)
    assert rotated.desk.unopened(me) == 1  # the older one opens, whether anybody listed it or not
    assert len(rotated.desk.cards(me)) == 1
    rotated.unlock(A)
    assert rotated.desk.unopened(me) == 0
    rotated.clock.move(hours=1)
    assert len(rotated.desk.cards(me)) == 2


def test_a_tip_that_no_key_here_opens_is_not_read_at_every_look(rotated: Station) -> None:
    """Twenty such tips with photos made every open list read them twice a minute."""
    store, me = rotated.store, rotated.seat()
    assert isinstance(store, _Reads)
    rotated.tip("mới", files=(RawFile(content=bytes(1_000_000)),))
    rotated.clock.move(hours=2)
    assert len(rotated.desk.cards(me)) == 1
    store.read.clear()
    for _ in range(3):
        assert len(rotated.desk.cards(me)) == 1
        assert rotated.desk.unopened(me) == 1
    assert store.read == []


def test_a_tip_of_many_parcels_is_indexed_by_its_first(station: Station) -> None:
    receipt = station.send()
    station.intake.more(receipt, "thêm")
    tip = receipt.keys().tip_id
    assert [parcel.seq for parcel in station.store.parcels(tip, A, limit=1)] == [1]
    assert [card.tip_id for card in station.desk.cards(station.seat())] == [tip]


class _Reads(TipStore):
    """The store, and whose parcels were read."""

    read: ClassVar[list[str]] = []

    def parcels(self, tip_id: str, unit: str, *, limit: int | None = None) -> list[SealedParcel]:
        self.read.append(tip_id)
        return super().parcels(tip_id, unit, limit=limit)


def test_open_ones_come_before_closed_ones_and_urgent_before_late_before_newest(station: Station) -> None:
    desk, me = station.desk, station.seat()
    late = station.tip("một")
    station.clock.move(days=5)
    closed = station.tip("hai", urgent=True)
    desk.open(me, closed)
    desk.close(me, closed, Outcome.ABUSE)
    old = station.tip("ba")
    station.clock.move(hours=2)
    new, urgent = station.tip("bốn"), station.tip("năm", urgent=True)
    assert [card.tip_id for card in desk.cards(me)] == [urgent, late, new, old, closed]


def test_filters_find_what_they_name(station: Station) -> None:
    desk, me = station.desk, station.seat()
    one, two = station.tip("một", urgent=True), station.tip("hai", kind="gambling")
    desk.claim(me, one)
    desk.label(me, one, ["ưu tiên"])
    desk.open(me, two)
    desk.close(me, two, Outcome.GROUNDED)
    reference = desk.card(me, one).reference

    def found(**fields: object) -> set[str]:
        return {card.tip_id for card in desk.cards(me, replace(CardQuery(), **fields))}

    assert found() == {one, two}
    assert found(kind="drugs") == found(urgent=True) == found(label="ưu tiên") == {one}
    assert found(claimed_by=me.officer.id) == found(reference=reference.lower()[:8]) == {one}
    assert found(claimed_by="") == found(closed=True) == found(state=State.CLOSED) == {two}
    assert found(area="26737") == found(late=True) == set()
    assert found(closed=False, area="26734") == {one}


def test_a_reference_is_found_as_people_type_it_and_only_by_those_who_see_the_tip(station: Station) -> None:
    tip = station.tip()
    (card,) = station.desk.cards(station.seat())
    for typed in (card.reference, card.reference.lower(), card.reference.replace("-", " "), tip):
        assert station.desk.find(station.seat(), typed) == tip
    assert station.desk.find(station.seat(), card.reference.removeprefix("BA-")) == tip
    for typed in (card.reference, tip, "BA-0000-0000", ""):
        with pytest.raises(ActionRefused):
            station.desk.find(station.seat(B), typed)


def test_the_first_opening_is_received_and_the_tipster_is_told_once(station: Station) -> None:
    receipt = station.send()
    tip = receipt.keys().tip_id
    assert station.told(receipt).replies == ()
    opened = station.desk.open(station.seat(), tip)
    assert (opened.content.story, opened.card.state) == (STORY, State.RECEIVED)
    station.desk.open(station.seat(role="supervisor"), tip)
    replies = station.told(receipt).replies
    assert [(reply.type, reply.state, reply.text) for reply in replies] == [("state", "received", "")]
    assert replies[0].day == date(2026, 11, 22)


def test_files_are_given_one_by_one_and_originals_never(station: Station) -> None:
    tip = station.tip(files=(RawFile(content=b"one secret", keep_original=True), RawFile(content=b"two")))
    me = station.seat()
    opened = station.desk.open(me, tip)
    assert [(file.seq, file.index, file.name) for file in opened.files] == [
        (1, 0, "anh-1.jpg"),
        (1, 1, "anh-2.jpg"),
    ]
    assert opened.has_original
    assert station.desk.file(me, tip, 1, 0).content == b"clean one "
    assert [item.type for item in opened.thread if item.from_tipster] == ["original"]
    for seq, index in ((1, 2), (1, -1), (2, 0), (3, 0), (0, 0)):
        with pytest.raises(ActionRefused) as refused:
            station.desk.file(me, tip, seq, index)
        assert refused.value.fields["reason"] == "no_file"


def test_a_locked_unit_knows_how_many_tips_wait_and_nothing_else(locked: Station) -> None:
    tip = locked.tip()
    locked.tip(area=AREA_B)
    me = locked.seat()
    assert locked.desk.locked(me) == 1
    assert locked.desk.locked(locked.seat(TOP)) == 0
    for call in (locked.desk.cards, lambda seat: locked.desk.open(seat, tip)):
        with pytest.raises(ActionRefused) as refused:
            call(me)
        assert refused.value.fields["reason"] == "locked"
    locked.unlock(A)
    assert locked.desk.locked(me) == 0
    assert [card.tip_id for card in locked.desk.cards(me)] == [tip]


def test_a_tip_concerning_a_unit_leaves_no_trace_there(station: Station) -> None:
    """No card, no row, no count, no line in their log, and the same refusal as for no tip at all."""
    station.tip(concerns=(A,), concerns_whom="trưởng phường")
    tip = station.tip("Cán bộ phường nhận tiền", concerns=(A,))
    desk = station.desk
    top = station.seat(TOP, "supervisor")
    desk.open(top, tip)
    desk.note(top, tip, "kiểm tra phường A")
    for role in ("officer", "supervisor"):
        assert desk.cards(station.seat(A, role)) == []
        assert desk.locked(station.seat(A, role)) == 0
        with pytest.raises(ActionRefused) as of_this:
            desk.card(station.seat(A, role), tip)
        with pytest.raises(ActionRefused) as of_none:
            desk.card(station.seat(A, role), "0" * 32)
        assert of_this.value.fields == of_none.value.fields
    log = desk.audit_log(station.seat(A, "auditor"))
    assert {entry.unit for entry in log} == {A}
    assert all(entry.action != Action.NOTE for entry in log)
    assert A not in {row for _, row in station.records_units()}


def test_the_unit_above_sees_a_tip_only_once_its_time_is_over_and_nobody_opened_it(station: Station) -> None:
    read, unread = station.tip("một"), station.tip("hai")
    desk, above = station.desk, station.seat(TOP)
    desk.open(station.seat(), read)
    station.clock.move(hours=23)
    assert desk.cards(above) == []
    station.clock.move(hours=2)
    (card,) = desk.cards(above)
    assert (card.tip_id, card.went_up, card.relation) == (unread, True, Relation.ABOVE)
    assert desk.open(above, unread).content.story == "hai"
    assert {card.tip_id for card in desk.cards(station.seat())} == {read, unread}
    assert [entry.unit for entry in desk.all_audit_entries() if entry.action == "went_up"] == [TOP]


def test_the_same_story_sent_twice_is_suggested_as_a_duplicate(station: Station) -> None:
    desk, me = station.desk, station.seat()
    one, two, other = station.tip("Bán ma túy!"), station.tip("ban ma tuy"), station.tip("Đánh bạc")
    cards = {card.tip_id: card for card in desk.cards(me)}
    assert cards[one].duplicates == (two,)
    assert cards[two].duplicates == (one,)
    assert cards[other].duplicates == ()
    assert desk.open(me, one).card.duplicates == (two,)
    desk.open(me, two)
    desk.close(me, two, Outcome.ABUSE)
    assert desk.card(me, one).duplicates == ()


def test_a_card_that_does_not_open_is_shown_as_damaged_and_hides_no_other(station: Station) -> None:
    whole = station.tip("một")
    damaged = station.damage(station.tip("hai"))
    cards = {card.tip_id: card for card in station.desk.cards(station.seat())}
    assert cards[damaged].is_damaged
    assert not cards[whole].is_damaged
    opened = station.desk.open(station.seat(), damaged)
    assert opened.content.story == ""
    assert [item.type for item in opened.thread if item.from_tipster] == ["damaged"]
    station.desk.close(station.seat(), damaged, Outcome.ABUSE)


def test_a_dossier_changed_by_another_hand_is_not_written_over(station: Station) -> None:
    tip, other = station.tip("một"), station.tip("hai")
    desk, me = station.desk, station.seat()
    desk.open(me, tip)
    revision, sealed = station.records.dossiers([tip])[tip]
    assert station.records.save_dossier(tip, revision, sealed)  # an old one, put back as the newest
    cards = {card.tip_id: card for card in desk.cards(me)}
    assert cards[tip].is_damaged
    assert not cards[other].is_damaged
    with pytest.raises(Exception, match="sealed_damaged"):
        desk.note(me, tip, "ghi chú")


def test_a_restarted_desk_reads_what_the_one_before_wrote(station: Station) -> None:
    tip = station.tip()
    station.desk.open(station.seat(), tip)
    station.desk.note(station.seat(), tip, "đã gọi tổ trưởng")
    again = station.another_desk()
    again.unlock(A, PASSPHRASE)
    assert [note.text for note in again.open(station.seat(), tip).notes] == ["đã gọi tổ trưởng"]
