"""
Seized desk drill: the desk's folder and the tips', without the passphrase.

Whoever holds both opens zero tips and reads zero notes. What they do learn is in SECURITY.md: ids, rounded
times, units, sizes, and which officer did what when.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.bot.desk.station import STORY, TOP, A, B, Station
from tips.errors import ActionRefused, WrongPassphrase
from tips.model import RawFile
from tips.states import Outcome

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = {
    "story": STORY,
    "more": "Họ còn giấu hàng sau vách tôn",
    "question": "Xe màu gì thế anh chị?",
    "reply": "Chúng tôi đã cử người xuống",
    "note": "nghi người nhà ông Tám",
    "label": "chuyên án 42",
    "hold": "hồ sơ vụ án số 99",
    "close": "Đã lập biên bản, cảm ơn anh chị",
    "reason": "thuộc địa bàn phường bên",
    "place": "quán nước đầu hẻm",
    "file": "bytes-of-a-photo",
}
FIELDS = ("drugs", "not_grounded", "complex", "needs_information", "26734")


def worked_on(station: Station) -> list[str]:
    """Two tips with everything that can be done to them; the second goes away."""
    desk, me, boss = station.desk, station.seat(), station.seat(role="supervisor")
    tips = []
    for _ in range(2):
        receipt = station.send(
            place=SECRETS["place"], files=(RawFile(content=SECRETS["file"].encode(), keep_original=True),)
        )
        tip = receipt.keys().tip_id
        desk.open(me, tip)
        desk.claim(me, tip)
        desk.label(me, tip, [SECRETS["label"]])
        desk.note(me, tip, SECRETS["note"])
        desk.mark(me, tip, "complex")
        desk.reply(me, tip, SECRETS["reply"])
        desk.ask(me, tip, SECRETS["question"])
        station.intake.more(receipt, SECRETS["more"], in_reply_to=3)
        desk.open(me, tip)
        desk.hold(me, tip, SECRETS["hold"])
        desk.export(boss, tip, TOP)
        tips.append(tip)
    desk.close(me, tips[0], Outcome.NOT_GROUNDED, SECRETS["close"])
    desk.transfer(me, tips[1], B, SECRETS["reason"])
    desk.open(station.seat(B), tips[1])
    return tips


def everything_in(folder: Path) -> bytes:
    return b"\0".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_nothing_is_readable_in_the_bytes_of_a_seized_desk(station: Station) -> None:
    worked_on(station)
    raw = everything_in(station.folder) + everything_in(station.keys)
    for name, secret in SECRETS.items():
        for form in (
            secret.encode(),
            secret.encode("utf-16-le"),
            base64.b64encode(secret.encode())[4:-4],
            secret.encode().hex().encode(),
            secret.encode("unicode_escape"),
        ):
            assert form not in raw, name
    for word in FIELDS:
        assert word.encode() not in raw, word


def test_the_scan_would_find_what_it_looks_for(station: Station) -> None:
    """A note kept in clear would be found: the bytes that are searched are the ones that are written."""
    tip = station.tip()
    station.records.put_card(tip, A, SECRETS["note"].encode())
    assert SECRETS["note"].encode() in everything_in(station.folder)


def test_without_the_passphrase_not_one_tip_opens(station: Station) -> None:
    tips = worked_on(station)
    thief = station.another_desk()
    for passphrase in ("", "mat khau", "MẬT KHẨU CỦA CÁN BỘ"):
        with pytest.raises(WrongPassphrase):
            thief.unlock(A, passphrase)
    for seat in (station.seat(), station.seat(role="supervisor"), station.seat(B), station.seat(TOP)):
        for tip in tips:
            for call in (thief.open, thief.card, thief.approve_original):
                with pytest.raises(ActionRefused) as refused:
                    call(seat, tip)
                assert refused.value.fields["reason"] in {"locked", "role"}
        with pytest.raises(ActionRefused):
            thief.cards(seat)


def test_a_row_put_in_another_place_does_not_open(station: Station) -> None:
    """Index entries are bound to unit and tip: nothing can be shown under another tip's name."""
    one, two = station.tip("một", urgent=True), station.tip("hai")
    station.desk.cards(station.seat())
    sealed = station.records.card(one, A)
    assert sealed is not None
    for tip, unit in ((one, B), (two, A)):
        station.records.put_card(tip, unit, sealed)
    assert station.desk.cards(station.seat(B)) == []
    shown = {card.tip_id: card.urgent for card in station.desk.cards(station.seat())}
    assert shown == {one: True, two: False}
