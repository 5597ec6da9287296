"""The two halves of tips as they start: which books of units and which keys they start with."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.desk.keymaking import KeyFolders, make_unit_key
from bot.desk_room import open_desk_room, prepare_development
from bot.settings import Settings
from bot.tips_room import open_tips
from prompts.catalog import text
from tips.errors import BadUnits
from tips.model import TipContent
from tips.receipts import Receipt
from tips.times import utc_now

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = "bon tu that dai va kho doan"  # noqa: S105 - of nobody
UNITS = ("tinh", "phuong-a", "phuong-b")
_TOP = """[[units]]
id = "tinh"
name = "Tỉnh"
areas = []
officers = [{ id = "o-tinh", name = "Bình", role = "supervisor" }]
"""


def ward(unit: str, areas: str = '"*"') -> str:
    return (
        f'[[units]]\nid = "{unit}"\nname = "Phường"\nareas = {areas}\nparent = "tinh"\n'
        f'officers = [{{ id = "o-{unit}", name = "An", role = "supervisor" }}]\n'
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation of two units, with keys for three."""
    chosen = Settings(data=tmp_path, desk_passphrase=PASSPHRASE, tip_card_delay_min=0)
    for unit in UNITS:
        make_unit_key(unit, PASSPHRASE, KeyFolders.below(tmp_path), utc_now().date())
    write_book(chosen, _TOP + ward("phuong-a"))
    return chosen


def write_book(settings: Settings, units: str) -> None:
    (settings.data / "tips" / "units.toml").write_text(units, encoding="utf-8")


def test_a_unit_that_still_has_tips_cannot_be_left_out_of_the_file(settings: Settings) -> None:
    """Wards merge; what was told to the old one must not fall out of every list in silence."""
    receipts = [Receipt.new() for _ in range(3)]
    with closing(open_tips(settings)) as room:
        for receipt in receipts:
            room.intake.submit(receipt, TipContent(story="Đánh bạc ở nhà số 5"))
        room.intake.withdraw(receipts[0])
    write_book(settings, _TOP + ward("phuong-b"))
    for start in (open_tips, open_desk_room):
        with pytest.raises(BadUnits) as refused:
            start(settings)
        told = refused.value.fields["faults"]
        assert told == text("units.fault_tips_left", "vi", unit="phuong-a", value=2)
    write_book(settings, _TOP + ward("phuong-b") + ward("phuong-a", "[]"))
    with closing(open_desk_room(settings)) as room:
        desk, seat = room.desk, room.desk.seat_at_terminal("phuong-a", "o-phuong-a")
        for card in desk.cards(seat):
            desk.open(seat, card.tip_id)
            if card.tip_id != receipts[0].keys().tip_id:
                desk.transfer(seat, card.tip_id, "phuong-b", "sáp nhập")
    write_book(settings, _TOP + ward("phuong-b"))
    with closing(open_tips(settings)), closing(open_desk_room(settings)) as room:
        seat = room.desk.seat_at_terminal("phuong-b", "o-phuong-b")
        assert len(room.desk.cards(seat)) == 2


def test_a_first_start_cut_off_while_keys_were_made_is_taken_up_again(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    assert prepare_development(settings)
    shutil.rmtree(tmp_path / "tips" / "public-keys" / "thu-nghiem")  # the private file comes first
    half = tmp_path / "desk" / "private-keys" / "thu-nghiem"
    (half / "0123456789abcdef.part").write_bytes(b"{")
    assert prepare_development(settings)
    with closing(open_tips(settings)) as room:
        told = room.intake.submit(Receipt.new(), TipContent(story="Đánh bạc ở nhà số 5"))
    with closing(open_desk_room(settings)) as room:
        assert room.locked == ()
        seat = room.desk.seat_at_terminal("thu-nghiem", "thu-can-bo")
        assert room.desk.open(seat, told.tip_id).content.story == "Đánh bạc ở nhà số 5"
    made = sorted(half.glob("*.json"))
    assert prepare_development(settings)
    assert sorted(half.glob("*.json")) == made
