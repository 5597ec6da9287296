"""What goes to the tipster goes by an explicit reply, looked at and sent once; nothing else leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.rights import Action
from bot.telegram.errors import TelegramRefused
from bot.telegram.model import Attachment
from tests.bot.desk.station import A, B
from tests.bot.desk.telegram.room import CHATS, STRANGER, account
from tips.states import Outcome, State

if TYPE_CHECKING:
    from tests.bot.desk.telegram.room import Room
    from tests.fakes.telegram_port import Shown
    from tips.receipts import Receipt


def _opened(room: Room, **fields: object) -> tuple[Receipt, str]:
    """A tip that was sent, shown and opened."""
    receipt = room.station.send(**fields)  # type: ignore[arg-type]
    room.settle()
    (tip,) = room.station.records.chats().posts(CHATS[A])
    room.station.desk.open(room.station.seat(), tip)
    room.settle()
    return receipt, tip


def _asked(room: Room) -> Shown:
    """The question to the officer."""
    return next(shown for shown in reversed(room.group().messages.values()) if shown.asks)


def _told(room: Room, receipt: Receipt) -> list[str]:
    return [reply.text for reply in room.station.told(receipt).replies if reply.text]


@pytest.mark.parametrize(("button", "kind"), [("Hỏi người báo", "question"), ("Nhắn người báo", "message")])
def test_words_go_out_after_a_last_look_and_once(room: Room, button: str, kind: str) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), button)
    assert "SẼ thấy" in _asked(room).words
    room.say("Anh/chị còn thấy họ không?", to=_asked(room))
    look = room.last()
    assert "Anh/chị còn thấy họ không?" in look.words
    assert "SẼ thấy" in look.words
    assert _told(room, receipt) == []
    send = look.button("Gửi")
    room.press_code(look, send)
    room.press_code(look, send)
    assert _told(room, receipt) == ["Anh/chị còn thấy họ không?"]
    assert [reply.type for reply in room.station.told(receipt).replies if reply.text] == [kind]


def test_the_same_update_again_sends_nothing_again(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.bring(room.say("Đã nhận.", to=_asked(room)))
    look = room.last()
    pressing = room.pressing(look, look.button("Gửi"))
    room.bring(pressing)
    room.bring(pressing)
    room.restart()
    room.bring(pressing)
    assert _told(room, receipt) == ["Đã nhận."]


def test_afterwards_the_group_keeps_who_did_it_and_not_the_words(room: Room) -> None:
    _, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.say("Đã nhận.", to=_asked(room))
    room.press(room.last(), "Gửi")
    left = [shown.words for shown in room.group().messages.values()]
    assert "Đã nhận." not in "".join(left)
    assert any(words == "Cán bộ: nhắn người báo tin." for words in left)


def test_talk_in_the_topic_stays_talk(room: Room) -> None:
    receipt, tip = _opened(room)
    before = len(room.telegram.calls)
    for to in (None, room.card(tip)):
        room.say("Tôi nghĩ là nhà ông Ba, đừng nói với ai", to=to)
    room.arrive(kind="edited", text="Tôi nghĩ lại rồi", message=5)
    assert _told(room, receipt) == []
    assert len(room.telegram.calls) == before


def test_a_colleagues_reply_to_my_question_is_talk(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    asked = _asked(room)
    room.say("không phải tôi", to=asked, by=account(role="supervisor"))
    assert room.last().id == asked.id
    assert _told(room, receipt) == []


def test_a_colleague_cannot_send_what_i_wrote(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.say("Đã nhận.", to=_asked(room))
    look = room.last()
    said = room.press(look, "Gửi", by=account(role="supervisor"))
    assert "đồng chí khác" in said
    assert _told(room, receipt) == []


def test_written_again_the_first_words_are_forgotten(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.say("Viết vội.", to=_asked(room))
    first = room.last()
    room.press(first, "Viết lại")
    assert first.id not in room.group().messages
    room.say("Viết kỹ.", to=room.last())
    assert "cũ rồi" in room.press_code(first, first.button("Gửi"))
    assert _told(room, receipt) == []
    room.press(room.last(), "Gửi")
    assert _told(room, receipt) == ["Viết kỹ."]


def test_a_look_that_could_not_be_taken_away_sends_nothing_else_than_it_shows(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.say("Viết vội.", to=_asked(room))
    first = room.last()
    room.telegram.faults["delete"].append(TelegramRefused("too_old"))
    room.press(first, "Viết lại")
    room.say("Viết kỹ.", to=_asked(room))
    assert "Viết vội." in room.group().messages[first.id].words
    assert "cũ rồi" in room.press_code(first, first.button("Gửi"))
    assert _told(room, receipt) == []
    assert room.group().messages[first.id].buttons == ()
    room.press(room.last(), "Gửi")
    assert _told(room, receipt) == ["Viết kỹ."]


def test_an_old_button_still_stops(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.say("Viết vội.", to=_asked(room))
    first = room.last()
    room.press(first, "Viết lại")
    room.say("Viết kỹ.", to=_asked(room))
    look = room.last()
    assert "chưa gửi gì" in room.press_code(first, first.button("Thôi"))
    assert "cũ rồi" in room.press_code(look, look.button("Gửi"))
    assert _told(room, receipt) == []


def test_stopping_sends_nothing_and_sweeps(room: Room) -> None:
    receipt, tip = _opened(room)
    count = len(room.group().messages)
    room.press(room.card(tip), "Nhắn người báo")
    room.say("Thôi khỏi.", to=_asked(room))
    room.press(room.last(), "Thôi")
    assert _told(room, receipt) == []
    assert len(room.group().messages) == count


def test_after_fifteen_minutes_and_after_a_restart_nothing_is_sent(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.say("Đã nhận.", to=_asked(room))
    look = room.last()
    room.restart()
    assert "cũ rồi" in room.press(look, "Gửi")
    room.press(room.card(tip), "Nhắn người báo")
    asked = _asked(room)
    room.station.clock.move(minutes=16)
    room.say("Muộn rồi.", to=asked)
    assert _told(room, receipt) == []


@pytest.mark.parametrize("end", ["restart", "minutes", "answered"])
def test_a_reply_to_a_question_that_is_over_is_told_so(room: Room, end: str) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    asked = _asked(room)
    if end == "restart":
        room.restart()
    elif end == "minutes":
        room.station.clock.move(minutes=15.5)
    else:
        room.say("Viết vội.", to=asked)
    written = room.say("Mai 8 giờ ra cổng chợ.", to=asked)
    assert "không còn chờ trả lời" in room.last().words
    assert room.last().replies_to == written.message
    assert _told(room, receipt) == []


def test_a_colleagues_reply_to_a_question_that_is_over_is_talk(room: Room) -> None:
    _, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    asked = _asked(room)
    room.restart()
    for by in (account(role="supervisor"), STRANGER):
        room.say("đồng chí nhắn chưa?", to=asked, by=by)
        assert room.last().id == asked.id


def test_a_reply_to_what_was_opened_is_talk(room: Room) -> None:
    _, tip = _opened(room)
    room.press(room.card(tip), "Mở tin")
    opened = room.last()
    assert opened.is_protected
    room.say("Chắc là nhà ông Ba", to=opened)
    assert room.last().id == opened.id


def test_that_something_was_asked_is_forgotten_after_two_days(room: Room) -> None:
    _, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    asked, chats = _asked(room), room.station.records.chats()
    assert chats.asked_whom(CHATS[A], asked.id) == f"{A}-can-bo"
    assert chats.asked_whom(CHATS[A], asked.id // 10) == ""
    room.station.clock.move(days=2.1)
    room.settle()
    assert chats.asked_whom(CHATS[A], asked.id) == ""


def test_each_step_takes_its_own_fifteen_minutes(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.station.clock.move(minutes=13)
    room.say("Đã nhận.", to=_asked(room))
    room.station.clock.move(minutes=13)
    room.press(room.last(), "Gửi")
    assert _told(room, receipt) == ["Đã nhận."]


def test_an_officer_who_left_cannot_send_what_they_wrote(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.say("Đã nhận.", to=_asked(room))
    room.group().members[account()] = "kicked"
    assert "không còn trong nhóm" in room.press(room.last(), "Gửi")
    assert _told(room, receipt) == []


def test_a_photo_is_no_reply(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    asked = _asked(room)
    room.arrive(
        message=9, replies_to=asked.id, is_to_us=True, attachments=(Attachment(kind="photo", file_id="x"),)
    )
    assert "Chỉ gửi được chữ" in room.last().words
    room.say("Bằng chữ.", to=asked)
    room.press(room.last(), "Gửi")
    assert _told(room, receipt) == ["Bằng chữ."]


def test_words_of_four_thousand_characters_are_looked_at_whole(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    words = " ".join(["<chữ>"] * 660)
    room.say(words, to=_asked(room))
    room.press(room.last(), "Gửi")
    assert _told(room, receipt) == [words]


def test_a_store_that_fails_under_the_press_is_told_and_not_done_twice(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Nhắn người báo")
    room.say("Đã nhận.", to=_asked(room))
    look = room.last()
    with room.station.locked_store():
        arrived = room.pressing(look, look.button("Gửi"))
        room.runner.run(room.desk.handle([arrived]))
    room.settle()
    assert "thử lại" in room.telegram.answers[-1][1].lower()
    assert "cũ rồi" in room.press(look, "Gửi")
    room.station.desk.cards(room.station.seat())
    assert _told(room, receipt) == ["Đã nhận."], "it was in the dossier's outbox"


def test_a_note_is_the_desks_own(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Ghi chú nội bộ")
    assert "KHÔNG thấy" in _asked(room).words
    room.say("Gọi công an khu vực", to=_asked(room))
    notes = room.station.desk.open(room.station.seat(), tip).notes
    assert [note.text for note in notes] == ["Gọi công an khu vực"]
    assert _told(room, receipt) == []


def test_a_tip_is_transferred_after_unit_reason_and_a_last_look(room: Room) -> None:
    _, tip = _opened(room)
    room.press(room.card(tip), "Chuyển đơn vị")
    room.press(room.last(), "Phường B")
    room.say("đúng địa bàn", to=_asked(room))
    assert "Chuyển cho Phường B" in room.last().words
    room.press(room.last(), "Chuyển")
    room.settle()
    assert room.card(tip, B)
    assert room.card(tip).buttons == ()


def test_a_tip_is_closed_with_an_outcome_and_perhaps_words(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Đóng tin")
    room.press(room.last(), "Có căn cứ")
    room.press(room.last(), "Viết lời")
    room.say("Cảm ơn anh chị.", to=_asked(room))
    room.press(room.last(), "Đóng tin")
    card = room.station.desk.board(A)[0].card
    assert (card.state, card.outcome) == (State.CLOSED, Outcome.GROUNDED)
    assert _told(room, receipt) == ["Cảm ơn anh chị."]


def test_a_tip_is_closed_without_words(room: Room) -> None:
    receipt, tip = _opened(room)
    room.press(room.card(tip), "Đóng tin")
    room.press(room.last(), "quấy rối")
    room.press(room.last(), "Không cần lời")
    room.press(room.last(), "Đóng tin")
    assert room.station.desk.board(A)[0].card.outcome is Outcome.ABUSE
    assert _told(room, receipt) == []


def test_labels_marks_holding_assigning_and_stepping_back(room: Room) -> None:
    _, tip = _opened(room)
    supervisor = account(role="supervisor")

    def unfolded() -> Shown:
        room.press(room.card(tip), "Thêm")
        return room.card(tip)

    room.press(unfolded(), "Nhãn")
    room.say("ma túy, chợ", to=_asked(room))
    room.press(unfolded(), "Ghi bước")
    room.press(room.last(), "phức tạp")
    room.press(unfolded(), "Giữ lại")
    room.say("hồ sơ 12", to=_asked(room))
    room.press(unfolded(), "Giao việc", by=supervisor)
    room.press(room.last(), "Chỉ huy", by=supervisor)
    card = room.station.desk.board(A)[0].card
    assert card.labels == ("ma túy", "chợ")
    assert card.is_held
    assert card.claimed_by == f"{A}-chi-huy"
    room.press(unfolded(), "rút lui")
    room.press(room.last(), "Rút lui")
    assert room.station.desk.why_not(room.station.seat(), tip, Action.OPEN) == "recused"
    assert "rút lui" in room.press(room.card(tip), "Mở tin")


def test_a_duplicate_is_merged_by_its_reference(room: Room) -> None:
    _, tip = _opened(room)
    other = room.station.tip()
    room.settle()
    room.station.desk.open(room.station.seat(), other)
    reference = room.card(other).words.split()[0]
    room.press(room.card(tip), "Thêm")
    room.press(room.card(tip), "Gộp")
    room.say("BA-0000-0000", to=_asked(room))
    assert "Không có tin nào" in room.last().words
    room.say(reference.lower(), to=_asked(room))
    room.press(room.last(), "Gộp")
    assert room.station.desk.card(room.station.seat(), tip).merged_into == other


def test_a_sender_is_muted_after_a_last_look(room: Room) -> None:
    _, tip = _opened(room)
    room.press(room.card(tip), "Thêm")
    room.press(room.card(tip), "Tạm ngừng")
    assert "đến nửa đêm" in room.last().words
    before = room.station.desk.open(room.station.seat(), tip).history
    room.press(room.last(), "Tạm ngừng")
    after = room.station.desk.open(room.station.seat(), tip).history
    assert "mute" not in {item.action for item in before}
    assert "mute" in {item.action for item in after}
