"""Working on a tip, seen from both sides: the officers' and the tipster's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.bot.desk.station import PASSPHRASE, TOP, A, Station
from tips.errors import ActionRefused, TipStoreUnavailable
from tips.model import RawFile
from tips.states import Outcome, State
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable

NOTE = "Ghi chú nội bộ: nghi là người nhà của cán bộ"


def refusal(call: Callable[[], object]) -> str:
    """The reason why *call* is refused."""
    with pytest.raises(ActionRefused) as refused:
        call()
    return refused.value.fields["reason"]


def test_question_answer_and_end_as_both_sides_see_them(station: Station) -> None:
    desk, me, receipt = station.desk, station.seat(), station.send()
    tip = receipt.keys().tip_id
    desk.open(me, tip)
    desk.ask(me, tip, "  Họ bán vào giờ nào?  ")
    asked = station.told(receipt)
    assert (asked.state, asked.replies[-1].type, asked.replies[-1].text) == (
        "needs_information",
        "question",
        "Họ bán vào giờ nào?",
    )
    assert desk.card(me, tip).state is State.NEEDS_INFORMATION
    station.intake.more(receipt, "Khoảng 8 giờ tối", (RawFile(content=b"x"),), in_reply_to=2)
    card = desk.card(me, tip)
    assert (card.state, card.has_news) == (State.VERIFYING, True)
    assert station.told(receipt).state == "verifying"
    opened = desk.open(me, tip)
    assert [(item.from_tipster, item.type, item.text) for item in opened.thread] == [
        (False, "state", ""),
        (False, "question", "Họ bán vào giờ nào?"),
        (True, "more", "Khoảng 8 giờ tối"),
        (False, "state", ""),
    ]
    assert opened.thread[2].in_reply_to == 2
    assert [file.name for file in opened.thread[2].files] == ["anh-1.jpg"]
    assert not desk.card(me, tip).has_news
    desk.close(me, tip, Outcome.GROUNDED, "Đã xử lý, cảm ơn anh chị.")
    ended = station.told(receipt)
    assert (ended.state, ended.replies[-1].outcome, ended.replies[-1].text) == (
        "closed",
        "grounded",
        "Đã xử lý, cảm ơn anh chị.",
    )
    assert {item.day for item in opened.thread if not item.from_tipster} == {date(2026, 11, 22)}


def test_notes_labels_and_names_never_reach_the_tipster(station: Station) -> None:
    desk, me, boss = station.desk, station.seat(), station.seat(role="supervisor")
    receipt = station.send()
    tip = receipt.keys().tip_id
    desk.open(me, tip)
    desk.note(me, tip, NOTE)
    desk.label(me, tip, ["nghi phạm quen"])
    desk.claim(me, tip)
    desk.assign(boss, tip, boss.officer.id)
    desk.hold(me, tip, "hồ sơ số 12")
    desk.mark(me, tip, "complex")
    told = station.told(receipt)
    assert [reply.type for reply in told.replies] == ["state"]
    desk.reply(me, tip, "Đã nhận được tin.")
    desk.close(me, tip, Outcome.NOT_FOR_US)
    everything = repr(station.told(receipt))
    for secret in (NOTE, "nghi phạm quen", me.officer.id, boss.officer.id, "hồ sơ số 12", "complex", A):
        assert secret not in everything


def test_what_the_tipster_sends_is_never_timed_to_the_minute(station: Station) -> None:
    """History knows the day of an answer, the log nothing of it; exact times are of officers' doings."""
    desk, me, receipt = station.desk, station.seat(), station.send()
    tip = receipt.keys().tip_id
    desk.open(me, tip)
    desk.ask(me, tip, "Ở đâu?")
    station.clock.move(hours=3, minutes=7)
    station.intake.more(receipt, "Ở chợ")
    desk.run_duties()
    answered = next(item for item in desk.open(me, tip).history if item.action == "answered")
    assert (answered.at.hour, answered.at.minute, answered.at.second, answered.officer) == (0, 0, 0, "")
    assert "answered" not in {entry.action for entry in desk.all_audit_entries()}


def test_a_tip_is_claimed_once_and_given_by_a_supervisor(station: Station) -> None:
    desk, me, boss, tip = station.desk, station.seat(), station.seat(role="supervisor"), station.tip()
    desk.claim(me, tip)
    assert refusal(lambda: desk.claim(me, tip)) == "yours"
    assert refusal(lambda: desk.claim(boss, tip)) == "claimed"
    assert refusal(lambda: desk.assign(boss, tip, f"{A}-kiem-tra")) == "unknown_officer"
    assert refusal(lambda: desk.assign(boss, tip, f"{TOP}-can-bo")) == "unknown_officer"
    desk.assign(boss, tip, boss.officer.id)
    assert desk.card(me, tip).claimed_by == boss.officer.id
    desk.assign(boss, tip, "")
    desk.claim(me, tip)


def test_labels_are_tidied_and_limited(station: Station) -> None:
    desk, me, tip = station.desk, station.seat(), station.tip()
    desk.label(me, tip, [" gấp ", "gấp", "", "khu  phố 2"])
    assert desk.card(me, tip).labels == ("gấp", "khu phố 2")
    assert refusal(lambda: desk.label(me, tip, ["x" * 41])) == "too_long"
    assert refusal(lambda: desk.label(me, tip, [str(number) for number in range(11)])) == "too_long"
    desk.label(me, tip, [])
    assert desk.card(me, tip).labels == ()


def test_nothing_empty_or_endless_is_sent_or_kept(station: Station) -> None:
    desk, me, tip = station.desk, station.seat(), station.tip()
    desk.open(me, tip)
    for act in (desk.ask, desk.reply, desk.note, desk.hold):
        assert refusal(lambda act=act: act(me, tip, " \n ")) == "empty"
        assert refusal(lambda act=act: act(me, tip, "x" * 4_001)) == "too_long"
    assert desk.card(me, tip).state is State.RECEIVED


def test_nobody_judges_what_nobody_opened(station: Station) -> None:
    desk, me, tip, other = station.desk, station.seat(), station.tip("một"), station.tip("hai")
    for act in (
        lambda: desk.ask(me, tip, "?"),
        lambda: desk.close(me, tip, Outcome.ABUSE),
        lambda: desk.move(me, tip, State.VERIFYING),
        lambda: desk.merge(me, tip, other),
        lambda: desk.transfer(me, tip, TOP, "lý do"),
    ):
        assert refusal(act) == "open_first"


def test_only_verifying_can_be_moved_to_and_a_closed_tip_only_by_a_supervisor(station: Station) -> None:
    desk, me, boss, tip = station.desk, station.seat(), station.seat(role="supervisor"), station.tip()
    desk.open(me, tip)
    assert refusal(lambda: desk.move(me, tip, State.CLOSED)) == "state"
    desk.move(me, tip, State.VERIFYING)
    assert refusal(lambda: desk.move(me, tip, State.VERIFYING)) == "state"
    desk.close(me, tip, Outcome.NOT_GROUNDED)
    assert refusal(lambda: desk.close(me, tip, Outcome.GROUNDED)) == "state"
    assert refusal(lambda: desk.ask(me, tip, "?")) == "state"
    assert refusal(lambda: desk.move(me, tip, State.VERIFYING)) == "role"
    desk.move(boss, tip, State.VERIFYING)
    card = desk.card(me, tip)
    assert (card.state, card.outcome) == (State.VERIFYING, None)


def test_a_duplicate_is_closed_into_the_other_and_the_tipster_hears_of_no_other_tip(station: Station) -> None:
    desk, me, receipt = station.desk, station.seat(), station.send("một")
    tip, stays = receipt.keys().tip_id, station.tip("hai")
    for each in (tip, stays):
        desk.open(me, each)
    assert refusal(lambda: desk.merge(me, tip, tip)) == "same_tip"
    assert refusal(lambda: desk.merge(me, tip, "0" * 32)) == "unknown_tip"
    desk.merge(me, tip, stays)
    card = desk.card(me, tip)
    assert (card.state, card.outcome, card.merged_into) == (State.CLOSED, Outcome.DUPLICATE, stays)
    assert desk.open(me, stays).history[-1].action == "merged_from"
    told = station.told(receipt)
    assert (told.state, told.replies[-1].outcome) == ("closed", "duplicate")
    assert desk.card(me, stays).reference not in repr(told)
    assert refusal(lambda: desk.merge(me, stays, tip)) == "same_tip"


def test_marks_move_the_deadlines_and_are_set_once(station: Station) -> None:
    desk, me, tip = station.desk, station.seat(), station.tip()
    desk.open(me, tip)
    assert desk.card(me, tip).due == date(2026, 11, 25)
    desk.mark(me, tip, "procuracy_told")
    assert desk.card(me, tip).due == date(2026, 12, 14)
    desk.mark(me, tip, "complex")
    assert desk.card(me, tip).due == date(2027, 1, 22)
    assert refusal(lambda: desk.mark(me, tip, "complex")) == "state"
    assert refusal(lambda: desk.mark(me, tip, "sooner")) == "state"
    station.clock.move(days=70)
    assert desk.card(me, tip).is_late
    desk.close(me, tip, Outcome.GROUNDED)
    assert not desk.card(me, tip).is_late


def test_whoever_steps_back_sees_the_tip_no_more_and_the_last_one_sends_it_up(station: Station) -> None:
    desk, me, boss, tip = station.desk, station.seat(), station.seat(role="supervisor"), station.tip()
    desk.open(me, tip)
    desk.claim(me, tip)
    desk.recuse(me, tip)
    assert desk.cards(me) == []
    assert desk.card(boss, tip).claimed_by == ""
    assert refusal(lambda: desk.assign(boss, tip, me.officer.id)) == "recused"
    assert desk.cards(station.seat(TOP)) == []
    desk.recuse(boss, tip)
    (card,) = desk.cards(station.seat(TOP))
    assert (card.tip_id, card.went_up) == (tip, True)
    desk.open(station.seat(TOP), tip)


def test_a_hold_keeps_a_tip_until_a_supervisor_releases_it(station: Station) -> None:
    desk, me, boss, tip = station.desk, station.seat(), station.seat(role="supervisor"), station.tip()
    desk.open(me, tip)
    desk.hold(me, tip, "vụ án số 12")
    card = desk.card(me, tip)
    assert (card.is_held, card.retention_until) == (True, None)
    assert desk.open(me, tip).hold_reason == "vụ án số 12"
    station.clock.move(days=200)
    assert desk.run_duties().shredded == ()
    assert refusal(lambda: desk.release(me, tip)) == "role"
    desk.release(boss, tip)
    assert refusal(lambda: desk.release(boss, tip)) == "not_held"
    station.clock.move(days=92)
    assert desk.run_duties().shredded == (tip,)


def test_original_files_take_two_officers_each_time(station: Station) -> None:
    desk, me, boss = station.desk, station.seat(), station.seat(role="supervisor")
    tip = station.tip(files=(RawFile(content=b"with secret", keep_original=True),))
    plain = station.tip("không có bản gốc")
    for each in (tip, plain):
        desk.open(me, each)
    assert refusal(lambda: desk.request_original(me, plain)) == "no_original"
    assert refusal(lambda: desk.approve_original(boss, tip)) == "not_requested"
    desk.request_original(boss, tip)
    assert refusal(lambda: desk.approve_original(boss, tip)) == "same_officer"
    assert refusal(lambda: desk.request_original(me, tip)) == "requested"
    desk.close(me, tip, Outcome.GROUNDED)  # a request ends with the work
    desk.request_original(me, tip)
    assert desk.open(boss, tip).original_requested_by == me.officer.id
    assert [file.content for file in desk.approve_original(boss, tip)] == [b"with secret"]
    assert refusal(lambda: desk.approve_original(boss, tip)) == "not_requested"


def test_a_withdrawn_tip_shows_that_it_was_and_nothing_else(station: Station) -> None:
    desk, me, receipt = station.desk, station.seat(), station.send()
    tip = receipt.keys().tip_id
    desk.open(me, tip)
    station.intake.withdraw(receipt)
    card = desk.card(me, tip)
    assert (card.has_withdrawn, card.has_news) == (True, True)
    opened = desk.open(me, tip)
    assert opened.content.story == ""
    assert not opened.card.is_damaged
    assert "withdraw" in {item.type for item in opened.thread}
    assert refusal(lambda: desk.ask(me, tip, "?")) == "withdrawn"
    assert refusal(lambda: desk.transfer(me, tip, TOP, "lý do")) == "withdrawn"
    desk.close(me, tip, Outcome.NOT_GROUNDED)


def test_two_desks_do_not_write_over_each_other(station: Station) -> None:
    """The terminal beside the web desk: what one does, the other sees before it acts."""
    other = station.another_desk()
    other.unlock(A, PASSPHRASE)
    me, tip = station.seat(), station.tip()
    station.desk.open(me, tip)
    for number in range(3):
        station.desk.note(me, tip, f"web {number}")
        other.note(me, tip, f"dòng lệnh {number}")
    texts = [note.text for note in station.desk.open(me, tip).notes]
    assert texts == [f"{where} {number}" for number in range(3) for where in ("web", "dòng lệnh")]
    receipt = station.send("hai")
    tip = receipt.keys().tip_id
    station.desk.open(me, tip)
    station.desk.reply(me, tip, "một")
    other.reply(me, tip, "hai")
    assert [reply.seq for reply in station.told(receipt).replies] == [1, 2, 3]


def test_a_reply_that_could_not_leave_leaves_later_once(station: Station) -> None:
    desk, me, receipt = station.desk, station.seat(), station.send()
    tip = receipt.keys().tip_id
    desk.open(me, tip)
    with station.locked_store(), pytest.raises(TipStoreUnavailable):
        desk.reply(me, tip, "Chờ tôi một chút")
    assert [reply.text for reply in station.told(receipt).replies] == [""]
    desk.cards(me)
    desk.run_duties()
    assert [reply.text for reply in station.told(receipt).replies] == ["", "Chờ tôi một chút"]
    last = [entry for entry in desk.all_audit_entries() if entry.action == "reply"]
    assert [entry.refused for entry in last] == ["", "store_unavailable"]


def test_a_mute_reaches_the_public_side_as_a_tips_id_and_nothing_else(station: Station) -> None:
    desk, me, tip = station.desk, station.seat(), station.tip()
    today = station.clock().astimezone(VIETNAM).date()
    assert refusal(lambda: desk.mute(me, tip)) == "open_first"
    desk.open(me, tip)
    desk.mute(me, tip)
    assert station.store.muted_since(today) == [tip]
    entry = desk.all_audit_entries()[-1]
    assert (entry.action, entry.officer, entry.refused) == ("mute", me.officer.id, "")
    assert desk.open(me, tip).history[-1].action == "mute"


def test_a_tip_of_another_day_is_not_muted(station: Station) -> None:
    desk, me, tip = station.desk, station.seat(), station.tip()
    desk.open(me, tip)
    station.clock.move(hours=13)
    assert refusal(lambda: desk.mute(me, tip)) == "too_late"
