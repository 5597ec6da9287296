"""A tip given to another unit, and one taken out as a sealed archive."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from bot.desk.archive import open_archive, sealed_archive
from bot.desk.rights import Relation
from tests.bot.desk.station import AREA_B, PASSPHRASE, STORY, TOP, A, B, Station
from tips.errors import ActionRefused, SealedDamaged, TipError, WrongKey
from tips.model import RawFile
from tips.opening.keyfile import unlock_unit
from tips.states import Outcome, State

if TYPE_CHECKING:
    from collections.abc import Callable


def refusal(call: Callable[[], object]) -> str:
    """The reason why *call* is refused."""
    with pytest.raises(ActionRefused) as refused:
        call()
    return refused.value.fields["reason"]


def test_a_transferred_tip_opens_there_and_no_longer_here(station: Station) -> None:
    desk, here, there, receipt = station.desk, station.seat(), station.seat(B), station.send()
    tip = receipt.keys().tip_id
    desk.open(here, tip)
    desk.ask(here, tip, "Ở đâu?")
    station.intake.more(receipt, "Sát chợ B", in_reply_to=2)
    desk.note(here, tip, "địa bàn phường B")
    desk.transfer(here, tip, B, "xảy ra ở phường B")

    (line,) = desk.cards(here)
    assert (line.relation, line.state, line.sent_to) == (Relation.FORMER, State.TRANSFERRED, B)
    assert (line.kind, line.area, line.labels, line.deadlines) == ("", "", (), ())
    assert refusal(lambda: desk.open(here, tip)) == "transferred"
    assert station.store.parcels(tip, A) == []
    assert station.told(receipt).state == "transferred"

    (card,) = desk.cards(there)
    assert (card.relation, card.state, card.claimed_by) == (Relation.HOLDER, State.TRANSFERRED, "")
    opened = desk.open(there, tip)
    assert opened.content.story == STORY
    assert [item.text for item in opened.thread if item.type == "more"] == ["Sát chợ B"]
    assert [note.text for note in opened.notes] == ["địa bàn phường B"]
    assert station.told(receipt).state == "received"
    station.intake.more(receipt, "Thêm nữa")  # sealed to the new unit
    assert desk.card(there, tip).has_news


def test_the_tipster_reads_neither_unit_nor_reason(station: Station) -> None:
    receipt = station.send()
    tip = receipt.keys().tip_id
    station.desk.open(station.seat(), tip)
    station.desk.transfer(station.seat(), tip, B, "người báo tin là hàng xóm")
    told = repr(station.told(receipt))
    assert B not in told
    assert "hàng xóm" not in told


def test_a_tip_is_not_given_to_a_unit_it_concerns_or_one_below(station: Station) -> None:
    desk, top = station.desk, station.seat(TOP)
    tip = station.tip(concerns=(A,))
    desk.open(top, tip)
    boss = station.seat(TOP, "supervisor")
    assert refusal(lambda: desk.transfer(top, tip, A, "lý do")) == "unit_concerned"
    assert refusal(lambda: desk.export(boss, tip, A)) == "unit_concerned"
    assert refusal(lambda: desk.transfer(top, tip, TOP, "lý do")) == "same_unit"
    assert refusal(lambda: desk.transfer(top, tip, "khong-co", "lý do")) == "unknown_unit"
    assert refusal(lambda: desk.transfer(top, tip, B, " ")) == "empty"
    desk.transfer(top, tip, B, "phường B gần hơn")
    assert desk.open(station.seat(B), tip).content.concerns == (A,)
    station.clock.move(days=3)
    assert desk.cards(station.seat(A)) == []


def test_a_unit_without_a_key_is_told_before_anything_happens(station: Station) -> None:
    desk, me, tip = station.desk, station.seat(), station.tip()
    desk.open(me, tip)
    hidden = station.hide_public_key(B)
    try:
        assert refusal(lambda: desk.transfer(me, tip, B, "lý do")) == "unit_without_key"
    finally:
        hidden()
    assert desk.card(me, tip).state is State.RECEIVED


def test_a_tip_that_comes_back_is_worked_on_again(station: Station) -> None:
    desk, here, there, tip = station.desk, station.seat(), station.seat(B), station.tip()
    desk.open(here, tip)
    desk.transfer(here, tip, B, "sang B")
    desk.open(there, tip)
    desk.transfer(there, tip, A, "trả lại")
    assert desk.open(here, tip).card.state is State.RECEIVED
    assert [card.sent_to for card in desk.cards(there)] == [A]


def test_a_unit_that_got_a_tip_has_its_time_before_it_goes_up(station: Station) -> None:
    desk, tip = station.desk, station.tip()
    station.clock.move(hours=20)
    desk.open(station.seat(), tip)
    desk.transfer(station.seat(), tip, B, "sang B")
    station.clock.move(hours=10)  # the tip is 30 hours old, at B for 10
    assert desk.cards(station.seat(TOP)) == []
    station.clock.move(hours=15)
    assert [card.tip_id for card in desk.cards(station.seat(TOP))] == [tip]


def test_the_unit_above_can_pass_on_what_went_up_to_it(station: Station) -> None:
    desk, top, tip = station.desk, station.seat(TOP), station.tip()
    station.clock.move(hours=25)
    desk.open(top, tip)
    desk.transfer(top, tip, B, "giao phường B")
    assert desk.open(station.seat(B), tip).content.story == STORY
    assert desk.cards(station.seat()) == []
    assert station.store.parcels(tip, A) == []
    desk.run_duties()
    assert (tip, A) not in {(row, unit) for row, unit in station.records_units()}


def test_an_archive_holds_the_tip_and_no_notes_and_opens_for_its_unit_only(station: Station) -> None:
    desk, me, boss = station.desk, station.seat(), station.seat(role="supervisor")
    receipt = station.send(files=(RawFile(content=b"photo secret", keep_original=True),))
    tip = receipt.keys().tip_id
    desk.open(me, tip)
    desk.note(me, tip, "ghi chú nội bộ")
    desk.ask(me, tip, "Ở đâu?")
    station.intake.more(receipt, "Ở chợ", in_reply_to=2)
    desk.close(me, tip, Outcome.GROUNDED)
    sealed = desk.export(boss, tip, TOP)
    assert STORY.encode() not in sealed
    archive = desk.open_archive(TOP, sealed)
    assert archive.reference == desk.card(me, tip).reference
    assert set(archive.files) == {
        "tin.json",
        "trao-doi.json",
        "qua-trinh.json",
        "nhat-ky.json",
        "tep/1-anh-1.jpg",
    }
    assert archive.files["tep/1-anh-1.jpg"] == b"clean photo "
    assert json.loads(archive.files["tin.json"])["words"]["story"] == STORY
    said = json.loads(archive.files["trao-doi.json"])
    assert [item["words"]["text"] for item in said["tipster"]] == ["Ở chợ"]
    log = json.loads(archive.files["nhat-ky.json"])
    assert [entry["action"] for entry in log][-1] == "export"
    assert all("ghi chú nội bộ".encode() not in content for content in archive.files.values())
    with pytest.raises(WrongKey):
        desk.open_archive(A, sealed)


def test_an_archive_cut_changed_or_mixed_is_refused(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.archive.PART_BYTES", 1_000)
    keys = unlock_unit(TOP, PASSPHRASE, station.keys / "private-keys")
    to = station.public_keys.current(TOP)
    files = {"tep/1-anh-1.jpg": hashlib.shake_256(b"photo").digest(5_000), "tin.json": b"{}"}
    sealed, other = (sealed_archive(name, files, to) for name in ("BA-7F3K-2M9Q", "BA-7F3K-2M9R"))
    assert open_archive(sealed, keys).files == files
    lines, others = sealed.splitlines(), other.splitlines()
    assert len(lines) > 2
    spoiled = [
        b"",
        b"not an archive",
        b"\n".join(lines[:-1]),
        b"\n".join([lines[0], lines[2], lines[1], *lines[3:]]),
        b"\n".join([*lines[:-1], others[-1]]),
        b"\n".join(lines[1:]),
        sealed.replace(b'"v": 1', b'"v": 1,,', 1),
    ]
    for bad in spoiled:
        with pytest.raises(ActionRefused) as refused:
            open_archive(bad, keys)
        assert refused.value.fields["reason"] == "bad_archive"
    parcel = json.loads(lines[1])
    body = parcel["body"]
    parcel["body"] = body[:40] + ("A" if body[40] != "A" else "B") + body[41:]
    with pytest.raises(SealedDamaged):
        open_archive(b"\n".join([lines[0], json.dumps(parcel).encode(), *lines[2:]]), keys)


@pytest.mark.parametrize(
    ("reference", "files"),
    [
        ("BA-7F3K-2M9Q", {"tin.json": b"{}", "../../evil.txt": b"x"}),
        ("BA-7F3K-2M9Q", {"/tmp/evil.txt": b"x"}),  # noqa: S108 - nothing may be written there
        ("BA-7F3K-2M9Q", {"tep/1-../../evil.txt": b"x"}),
        ("BA-7F3K-2M9Q", {"tep/evil.txt": b"x"}),
        ("BA-7F3K-2M9Q", {"khac.json": b"{}"}),
        ("BA-7F3K-2M9Q", {"tin.json": bytes(201_000_000)}),
        ("../../evil", {"tin.json": b"{}"}),
        ("/tmp/evil", {"tin.json": b"{}"}),  # noqa: S108
        ("BA-7F3K-2M9U", {"tin.json": b"{}"}),  # no U in our alphabet
    ],
)
def test_an_archive_of_a_strangers_making_leads_nowhere(
    station: Station, reference: str, files: dict[str, bytes]
) -> None:
    """Anybody can seal to a unit's public key: names that are not ours, and a bomb, are refused."""
    keys = unlock_unit(TOP, PASSPHRASE, station.keys / "private-keys")
    sealed = sealed_archive(reference, files, station.public_keys.current(TOP))
    assert refusal(lambda: open_archive(sealed, keys)) == "bad_archive"


def test_a_part_of_an_archive_cannot_be_put_among_a_tips_sendings(station: Station) -> None:
    """Its parts carry an id of their own: the tip's store refuses them."""
    desk, tip = station.desk, station.tip(area=AREA_B)
    desk.open(station.seat(B), tip)
    sealed = desk.export(station.seat(B, "supervisor"), tip, B)
    part = json.loads(sealed.splitlines()[1])
    assert part["tip_id"] != tip
    part["tip_id"] = tip
    keys = unlock_unit(B, PASSPHRASE, station.keys / "private-keys")
    moved = b"\n".join([sealed.splitlines()[0], json.dumps(part).encode()])
    with pytest.raises(TipError) as failed:
        open_archive(moved, keys)
    assert isinstance(failed.value, SealedDamaged)
