"""Cards in a group: one for each tip, edited and not repeated, without a word of the story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.telegram.errors import TelegramRefused
from tests.bot.desk.station import AREA_B, STORY, TOP, A, B
from tests.bot.desk.telegram.room import CHATS, account
from tips.states import Outcome

if TYPE_CHECKING:
    from tests.bot.desk.telegram.room import Room


def test_a_tip_gets_a_topic_named_by_its_reference_alone_and_one_card(room: Room) -> None:
    tip = room.station.tip(urgent=True)
    room.settle()
    room.settle()
    card = room.card(tip)
    reference = room.station.desk.board(A)[0].card.reference
    assert list(room.group().topics.values()) == [reference]
    assert card.topic in room.group().topics
    assert len(room.group().messages) == 1
    assert reference in card.words
    assert "Khẩn" in card.words
    assert STORY not in card.words
    assert not card.is_quiet


def test_a_new_card_makes_a_sound_and_one_that_was_opened_elsewhere_none(room: Room) -> None:
    opened, new = room.station.tip(), room.station.tip()
    room.station.desk.open(room.station.seat(), opened)
    room.settle()
    assert room.card(opened).is_quiet
    assert not room.card(new).is_quiet


def test_only_the_unit_that_has_a_tip_gets_its_card(room: Room) -> None:
    room.station.tip(area=AREA_B)
    concerning = room.station.tip(concerns=(A,))
    room.settle()
    assert room.group(A).messages == {}
    assert len(room.cards(B)) == 1
    assert room.card(concerning, TOP)


def test_claiming_edits_the_card_and_sends_nothing(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    assert room.press(room.card(tip), "Nhận xử lý") == "Anh chị đã nhận xử lý tin này."
    card = room.card(tip)
    assert card.edits == 1
    assert "Cán bộ đang xử lý" in card.words
    assert "c:claim" not in {button.pressed for button in card.buttons}
    assert len(room.group().messages) == 1


def test_what_is_done_in_the_browser_shows_on_the_card(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    room.station.desk.label(room.station.seat(), tip, ["gấp lắm"])
    room.settle()
    assert "gấp lắm" in room.card(tip).words


def test_without_topics_the_card_stands_in_the_group(room: Room) -> None:
    room.group().is_forum = False
    tip = room.station.tip()
    room.settle()
    assert room.card(tip).topic == 0
    assert "make_topic" not in room.telegram.calls


def test_without_the_right_to_make_topics_the_card_stands_in_the_group(room: Room) -> None:
    room.group().may_manage_topics = False
    tip = room.station.tip()
    room.settle()
    assert room.card(tip).topic == 0
    room.group().may_manage_topics = True
    room.telegram.faults["make_topic"].append(TelegramRefused("no_rights"))
    room.station.clock.move(minutes=11)
    other = room.station.tip("chuyện khác")
    room.settle()
    assert room.card(other).topic == 0, "told otherwise, and refused all the same"


def test_a_closed_tip_closes_its_topic_and_a_reopened_one_opens_it(room: Room) -> None:
    tip, seat = room.station.tip(), room.station.seat(role="supervisor")
    room.settle()
    room.station.desk.open(seat, tip)
    room.station.desk.close(seat, tip, Outcome.GROUNDED)
    room.settle()
    assert room.card(tip).topic in room.group().closed
    assert "Có căn cứ" in room.card(tip).words
    room.press(room.card(tip), "Mở lại", by=account(role="supervisor"))
    room.settle()
    assert room.card(tip).topic not in room.group().closed
    assert len(room.cards()) == 1


def test_a_tip_closed_before_the_group_was_there_gets_no_card(room: Room) -> None:
    tip, seat = room.station.tip(), room.station.seat()
    room.station.desk.open(seat, tip)
    room.station.desk.close(seat, tip, Outcome.ABUSE)
    room.settle()
    assert room.group().messages == {}


def test_an_answer_of_the_tipster_is_told_aloud_once(room: Room) -> None:
    receipt = room.station.send()
    room.settle()
    (card,) = room.cards()
    room.press(card, "Mở tin")
    room.station.clock.move(minutes=16)
    room.settle()
    room.station.intake.more(receipt, "thêm một điều")
    room.settle()
    room.settle()
    said = [shown for shown in room.group().messages.values() if shown.id != card.id]
    assert len(said) == 1
    assert not said[0].is_quiet
    assert said[0].topic == card.topic
    assert "thêm một điều" not in said[0].words
    assert "Người báo tin vừa gửi thêm" in room.cards()[0].words


def test_a_transferred_tip_leaves_a_line_here_and_a_card_there(room: Room) -> None:
    tip, seat = room.station.tip(), room.station.seat()
    room.settle()
    room.station.desk.open(seat, tip)
    room.station.desk.transfer(seat, tip, B, "đúng địa bàn")
    room.settle()
    assert "Đã chuyển cho Phường B" in room.card(tip).words
    assert room.card(tip).buttons == ()
    assert "Ma túy" in room.card(tip, B).words
    assert "đúng địa bàn" not in "".join(shown.html for shown in room.telegram.ever)


def test_a_shredded_tip_leaves_its_card_empty_and_no_row(room: Room) -> None:
    tip = room.station.tip()
    room.settle()
    card = room.card(tip)
    room.station.clock.move(days=92)
    room.station.desk.run_duties()
    room.settle()
    left = room.group().messages[card.id]
    assert "không còn ở đơn vị" in left.words
    assert left.buttons == ()
    assert room.station.records.chats().posts(CHATS[A]) == {}


def test_nothing_is_shown_of_a_locked_unit_and_all_of_it_afterwards(room: Room) -> None:
    tip = room.station.tip()
    room.restart(is_unlocked=False)
    room.settle()
    assert room.group().messages == {}
    room.station.unlock(A)
    room.settle()
    assert room.card(tip)
