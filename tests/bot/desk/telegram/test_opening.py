"""Opening a tip in a group: protected, for an officer who may, and gone after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.telegram.errors import TelegramAway, TelegramRefused, TooFast
from tests.bot.desk.station import STORY, A, B
from tests.bot.desk.telegram.room import CHATS, account
from tips.model import RawFile
from tips.states import Outcome

if TYPE_CHECKING:
    from tests.bot.desk.telegram.room import Room

PHOTO = RawFile(content=b"photo")


def _open(room: Room, tip: str, by: int = 0) -> str:
    return room.press(room.card(tip), "Mở tin", by=by)


def test_opening_shows_words_and_files_protected_in_the_topic(room: Room) -> None:
    tip = room.station.tip(files=(PHOTO,), place="chợ Bến Thành")
    room.settle()
    said = _open(room, tip)
    assert "15 phút" in said
    shown = [shown for shown in room.group().messages.values() if shown.is_protected]
    assert STORY in shown[0].words
    assert "chợ Bến Thành" in shown[0].words
    assert shown[-1].file is not None
    assert shown[-1].file.name.startswith("anh-") or "." in shown[-1].file.name
    assert all(message.topic == room.card(tip).topic for message in shown)
    assert "Đã tiếp nhận" in room.card(tip).words


def test_everything_shown_is_deleted_after_a_while_and_the_card_stays(room: Room) -> None:
    tip = room.station.tip(files=(PHOTO,))
    room.settle()
    _open(room, tip)
    room.station.clock.move(minutes=14)
    room.settle(minutes=0)
    assert STORY in room.opened_text()
    room.station.clock.move(minutes=2)
    room.settle(minutes=0)
    assert [shown.id for shown in room.group().messages.values()] == [room.card(tip).id]


def test_a_restart_forgets_no_deletion(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    _open(room, tip)
    room.restart(is_unlocked=False)
    room.station.clock.move(minutes=16)
    room.settle(minutes=0)
    assert STORY not in room.opened_text()


def test_what_was_shown_goes_at_once_when_the_tip_is_closed(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    _open(room, tip)
    room.station.desk.close(room.station.seat(), tip, Outcome.ABUSE)
    room.settle(minutes=1)
    assert STORY not in room.opened_text()


def test_what_was_shown_goes_at_once_when_the_tip_is_transferred(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    _open(room, tip)
    room.station.desk.transfer(room.station.seat(), tip, B, "đúng địa bàn")
    room.settle(minutes=1)
    assert STORY not in room.opened_text()


def test_a_long_story_is_told_whole_in_several_messages(room: Room) -> None:
    story = " ".join(f"câu{number} <b>&" for number in range(1_500))
    tip = room.station.tip(story)
    room.settle()
    _open(room, tip)
    shown = room.opened_text()
    assert all(f"câu{number} <b>&" in shown for number in (0, 700, 1_499))


def test_an_auditor_opens_nothing(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    assert "Vai trò" in _open(room, tip, by=account(role="auditor"))
    assert room.opened_text() == ""


def test_an_officer_who_left_between_press_and_delivery_is_shown_nothing(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    room.telegram.always["send"] = TelegramAway()
    _open(room, tip)
    room.group().members[account()] = "left"
    del room.telegram.always["send"]
    room.settle()
    assert room.opened_text() == ""


def test_an_outage_longer_than_anybody_waits_shows_nothing_afterwards(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    room.telegram.always["send"] = TelegramAway()
    _open(room, tip)
    room.station.clock.move(hours=1)
    del room.telegram.always["send"]
    room.settle()
    assert room.opened_text() == ""


def test_being_told_to_wait_in_the_middle_repeats_no_message(room: Room) -> None:
    tip = room.station.tip(" ".join(f"từ{number}" for number in range(2_000)), files=(PHOTO,))
    room.settle()
    room.telegram.faults["upload"] += [TooFast(30), TelegramAway()]
    _open(room, tip)
    room.settle()
    words = [shown.words for shown in room.telegram.ever if shown.is_protected and shown.html]
    assert len(words) == len(set(words)) >= 3
    assert sum(shown.file is not None for shown in room.telegram.ever) == 1


def test_a_file_that_telegram_does_not_take_is_named(room: Room) -> None:
    tip = room.station.tip(files=(PHOTO,))
    room.settle()
    room.telegram.always["upload"] = TelegramRefused("too_large")
    _open(room, tip)
    assert "mở ở bàn web" in room.opened_text()


def test_a_picture_that_telegram_cannot_show_goes_as_a_file(room: Room) -> None:
    tip = room.station.tip(files=(PHOTO,))
    room.settle()
    room.telegram.faults["upload"].append(TelegramRefused("other"))
    _open(room, tip)
    files = [shown.file for shown in room.group().messages.values() if shown.file]
    assert [file.media_type for file in files] == ["application/octet-stream"]


def test_the_topic_deleted_under_an_opening_comes_again(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    card = room.card(tip)
    room.telegram.delete_topic(CHATS[A], card.topic)
    room.station.desk.claim(room.station.seat(), tip)
    room.settle()
    assert room.card(tip).topic != card.topic
    _open(room, tip)
    assert STORY in room.opened_text()


def test_the_log_holds_every_opening(room: Room) -> None:
    tip = room.station.tip(files=(PHOTO,))
    room.settle()
    _open(room, tip)
    done = [(entry.officer, entry.action) for entry in room.station.desk.all_audit_entries()]
    assert (f"{A}-can-bo", "open") in done
    assert (f"{A}-can-bo", "file") in done
