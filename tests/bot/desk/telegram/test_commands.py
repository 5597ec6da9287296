"""Commands and reminders: the queue, finding, statistics."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.desk.telegram.periods import NoPeriod, period_of
from bot.desk.telegram.settings import ChatSettings
from tests.bot.desk.station import AREA_B, STORY, A
from tests.bot.desk.telegram.room import Room, account
from tips.states import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = date(2026, 11, 22)


def test_the_queue_lists_open_tips_urgent_first_with_links(room: Room) -> None:
    closed = room.station.tip("xong rồi")
    room.station.tip("bình thường")
    room.station.tip("gấp", urgent=True)
    room.station.tip(area=AREA_B)
    room.station.desk.open(room.station.seat(), closed)
    room.station.desk.close(room.station.seat(), closed, Outcome.ABUSE)
    room.settle()
    room.say("/hangdoi")
    answer = room.last()
    lines = answer.words.splitlines()
    assert lines[0] == "Hàng đợi: 2 tin chưa xong"
    assert lines[1].startswith("🔴")
    assert len(lines) == 3
    assert answer.html.count('<a href="https://t.me/c/1111111111/') == 2
    assert STORY not in answer.words


def test_an_empty_queue_is_said_in_english_too(tmp_path: Path, station_keys: Path) -> None:
    room = Room(tmp_path, station_keys, settings=ChatSettings(language="en", remind_until_hour=0))
    room.say("/queue@ban_xu_ly_bot")
    assert room.last().words == "The queue is empty: no open tips."
    room.say("/help")
    assert "/find" in room.last().words
    room.close()


@pytest.mark.parametrize("wanted", ["ma túy", "ma tuy", "MA TÚY", "chợ", "đã tiếp nhận", "khẩn"])
def test_a_tip_is_found_by_kind_label_or_state(room: Room, wanted: str) -> None:
    tip = room.station.tip(urgent=True)
    room.station.tip("khác", kind="theft")
    room.station.desk.open(room.station.seat(), tip)
    room.station.desk.label(room.station.seat(), tip, ["chợ"])
    room.settle()
    reference = room.card(tip).words.split()[0]
    room.say(f"/tim {wanted}")
    assert room.last().words.splitlines()[0] == "Tìm thấy 1 tin"
    assert reference in room.last().words


def test_a_tip_is_found_by_a_part_of_its_reference(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    reference = room.card(tip).words.split()[0]
    room.say(f"/tim {reference[-4:].lower()}-")
    assert reference in room.last().words
    room.say("/tim BA-0000-0000")
    assert "Không thấy tin nào" in room.last().words
    room.say("/tim")
    assert "Ví dụ" in room.last().words


def test_statistics_are_a_picture_and_a_table(room: Room) -> None:
    for number in range(3):
        room.station.tip(f"chuyện {number}", urgent=number == 0)
    room.station.tip("về chính đơn vị", concerns=(A,))
    room.settle()
    room.say("/thongke 7")
    table = room.last()
    picture = max(
        (shown for shown in room.group().messages.values() if shown.file), key=lambda shown: shown.id
    ).file
    assert picture is not None
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.format == "PNG"
        assert 800 < image.width < 1_600
    assert "Tổng số: 3, trong đó khẩn: 1" in table.words
    assert "Ma túy: 3" in table.words
    assert ("statistics", f"{A}-can-bo") in {
        (entry.action, entry.officer) for entry in room.station.desk.all_audit_entries()
    }


def test_an_auditor_gets_no_figures_and_a_wrong_period_an_example(room: Room) -> None:
    room.say("/thongke", by=account(role="auditor"))
    assert "Vai trò" in room.last().words
    room.say("/thongke hôm nọ")
    assert "Ví dụ" in room.last().words


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("", date(2026, 10, 24), TODAY),
        ("7", date(2026, 11, 16), TODAY),
        ("90 ngày", date(2026, 8, 25), TODAY),
        ("tháng 10", date(2026, 10, 1), date(2026, 10, 31)),
        ("thang 12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("month 11", date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
def test_periods_are_read_as_meant(written: str, first: date, last: date) -> None:
    assert period_of(written, TODAY) == (first, last)


@pytest.mark.parametrize("written", ["0", "99999", "tháng 13", "1/0000", "12/9999", "hôm qua", "-3", "٧٧٧٧٧"])
def test_what_is_no_period_is_none(written: str) -> None:
    with pytest.raises(NoPeriod):
        period_of(written, TODAY)


@pytest.fixture
def morning(tmp_path: Path, station_keys: Path) -> Iterator[Room]:
    """Seven o'clock in Vietnam."""
    room = Room(tmp_path, station_keys, settings=ChatSettings())
    room.station.clock.moment = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
    yield room
    room.close()


def test_terms_are_called_to_mind_once_each_morning_in_one_message(morning: Room) -> None:
    room = morning
    late, soon = room.station.tip("một"), room.station.tip("hai")
    room.settle(minutes=1)
    room.station.desk.open(room.station.seat(), soon)
    room.station.desk.mark(room.station.seat(), soon, "procuracy_told")
    for day in (24, 25):
        room.station.clock.moment = datetime(2026, 11, day + 2, 0, 5, tzinfo=UTC)
        for _ in range(3):
            room.settle(minutes=1)
            room.restart()
    reminders = [shown for shown in room.group().messages.values() if "Thời hạn hôm nay" in shown.words]
    assert len(reminders) == 3, "the first day too: a new tip has three days"
    assert "Quá hạn: 1" in reminders[-1].words
    assert room.card(late).words.split()[0] in reminders[-1].words
    assert room.card(soon).words.split()[0] not in reminders[-1].words


def test_at_night_nobody_is_reminded(morning: Room) -> None:
    room = morning
    room.station.tip()
    room.station.clock.moment = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    room.settle(minutes=1)
    assert not [shown for shown in room.telegram.ever if "Thời hạn hôm nay" in shown.words]


def test_a_locked_unit_is_called_to_mind_too(morning: Room) -> None:
    room = morning
    room.restart(is_unlocked=False)
    room.settle(minutes=1)
    assert "chưa được mở" in room.last().words
