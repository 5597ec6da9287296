"""Who may press: asked at every press, and never of what a press says of itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.rights import Action
from bot.desk.telegram.buttons import ON_CARDS
from bot.desk.telegram.doing import AFTER_FLOW, AT_ONCE
from bot.desk.telegram.flows import SCRIPTS
from bot.telegram.errors import TelegramAway, TelegramRefused
from bot.telegram.model import ANONYMOUS_ADMIN
from tests.bot.desk.station import A, B
from tests.bot.desk.telegram.room import BOSS, CHAT_BOOK, CHATS, STRANGER, Room, account
from tips.errors import ActionRefused
from tips.states import Outcome
from tips.units import UnitBook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.telegram_port import Shown


def _hung(room: Room) -> tuple[str, Shown]:
    tip = room.station.tip()
    room.settle()
    return tip, room.card(tip)


@pytest.mark.parametrize(
    ("sender", "fields"),
    [(0, {}), (ANONYMOUS_ADMIN, {"is_bot": True}), (account(), {"is_bot": True})],
    ids=["channel", "anonymous administrator", "another bot"],
)
def test_who_cannot_be_told_does_nothing(room: Room, sender: int, fields: dict[str, object]) -> None:
    tip, card = _hung(room)
    arrived = replace(room.pressing(card, "c:claim"), sender=sender, **fields)  # type: ignore[arg-type]
    room.bring(arrived)
    assert "ẩn danh" in room.telegram.answers[-1][1]
    assert room.station.desk.card(room.station.seat(), tip).claimed_by == ""
    room.arrive(sender=sender, text="/hangdoi", is_to_us=True, message=5, **fields)
    assert "Không rõ ai đang viết" in room.last().words


def test_a_member_who_is_not_listed_gets_their_number_alone(room: Room) -> None:
    tip, card = _hung(room)
    said = room.press(card, "Nhận xử lý", by=STRANGER)
    assert str(STRANGER) in said
    assert room.telegram.answers[-1][2], "an alert: only they see it"
    assert room.station.desk.card(room.station.seat(), tip).claimed_by == ""
    room.say("/hangdoi", by=STRANGER)
    assert str(STRANGER) not in room.last().words
    assert str(STRANGER) in room.press(room.last(), "số của tôi", by=STRANGER)
    assert "Cán bộ" in room.press(room.last(), "số của tôi")


def test_an_officer_of_another_unit_is_nobody_here(room: Room) -> None:
    tip, card = _hung(room)
    room.group().members[account(B)] = "administrator"
    assert "chưa có trong danh sách" in room.press(card, "Nhận xử lý", by=account(B))
    assert room.station.desk.card(room.station.seat(), tip).claimed_by == ""


def test_whoever_left_the_group_loses_it_at_once(room: Room) -> None:
    _, card = _hung(room)
    room.press(card, "Thêm")
    room.group().members[account()] = "left"
    room.arrive(kind="membership", member=account(), member_status="left", sender=account())
    assert "không còn trong nhóm" in room.press_code(card, "c:claim")


def test_opening_asks_telegram_even_if_nobody_told_us(room: Room) -> None:
    _, card = _hung(room)
    room.press(card, "Thêm")
    room.group().members[account()] = "kicked"
    assert "không còn trong nhóm" in room.press_code(card, "c:open")
    assert room.opened_text() == ""


def test_what_telegram_says_of_a_member_is_remembered_for_seconds_only(room: Room) -> None:
    _, card = _hung(room)
    room.telegram.calls.clear()
    for _ in range(3):
        room.press_code(card, "c:more")
    assert room.telegram.calls.count("member_status") == 1
    room.station.clock.move(seconds=6)
    room.press_code(card, "c:less")
    assert room.telegram.calls.count("member_status") == 2


def test_with_telegram_away_nobody_is_let_in_and_the_press_comes_again(room: Room) -> None:
    tip, card = _hung(room)
    room.telegram.always["member_status"] = TelegramAway()
    arrived = room.pressing(card, "c:claim")
    with pytest.raises(TelegramAway):
        room.runner.run(room.desk.handle([arrived]))
    assert room.station.desk.card(room.station.seat(), tip).claimed_by == ""
    del room.telegram.always["member_status"]
    room.bring(arrived)
    assert room.station.desk.card(room.station.seat(), tip).claimed_by == f"{A}-can-bo"


def test_a_bot_that_may_not_ask_says_what_it_needs(room: Room) -> None:
    _, card = _hung(room)
    room.telegram.always["member_status"] = TelegramRefused("no_rights")
    assert "quản trị viên" in room.press_code(card, "c:open")
    room.say("/hangdoi")
    assert "quản trị viên" in room.last().words


def test_an_officer_struck_from_the_book_loses_access_at_the_next_start(
    tmp_path: Path, station_keys: Path
) -> None:
    units = [
        replace(unit, officers=tuple(officer for officer in unit.officers if officer.role != "officer"))
        for unit in CHAT_BOOK.units
    ]
    room = Room(tmp_path, station_keys, book=UnitBook(units))
    _, card = _hung(room)
    assert "chưa có trong danh sách" in room.press(card, "Mở tin")
    room.close()


def test_at_a_trial_unit_any_member_acts_and_administrators_supervise(
    tmp_path: Path, station_keys: Path
) -> None:
    units = [
        replace(
            unit,
            is_development=True,
            officers=tuple(replace(officer, telegram=0) for officer in unit.officers),
        )
        for unit in CHAT_BOOK.units
    ]
    room = Room(tmp_path, station_keys, book=UnitBook(units))
    tip, card = _hung(room)
    room.press(card, "Nhận xử lý", by=STRANGER)
    assert room.station.desk.card(room.station.seat(), tip).claimed_by == f"{A}-can-bo"
    room.press(room.card(tip), "Mở tin", by=BOSS)
    assert room.opened_text()
    assert ("open", f"{A}-chi-huy") in {
        (entry.action, entry.officer) for entry in room.station.desk.all_audit_entries()
    }
    assert "không còn trong nhóm" in room.press(room.card(tip), "Mở tin", by=5)
    room.close()


def test_a_press_in_another_group_reaches_no_tip_of_this_one(room: Room) -> None:
    tip, card = _hung(room)
    said = room.press_code(card, "c:claim", by=account(B), unit=B)
    assert "cũ rồi" in said
    assert room.station.desk.card(room.station.seat(), tip).claimed_by == ""


def test_a_flow_of_one_group_is_none_in_another(room: Room) -> None:
    tip, _ = _hung(room)
    room.station.desk.open(room.station.seat(), tip)
    room.settle()
    room.press(room.card(tip), "Chuyển đơn vị")
    choose = room.last()
    room.group(B).members[account()] = "member"
    room.group(B).messages[choose.id] = choose
    assert "chưa có trong danh sách" in room.press_code(
        choose, choose.button("Phường B"), by=account(), unit=B
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, station_keys: Path) -> Iterator[Room]:
    room = Room(tmp_path_factory.mktemp("room"), station_keys)
    yield room
    room.close()


_CODES = st.one_of(
    st.text(max_size=64),
    st.sampled_from(["c:", "c:see", "c:file", "c:export", "c:approve_original", "c:audit_log", "f:", "f::0"]),
    st.text(alphabet="cf:-_0123456789 abcdefopen", min_size=1, max_size=64),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(code=_CODES, message=st.integers(0, 5_000))
def test_made_up_presses_are_answered_and_change_nothing(shared: Room, code: str, message: int) -> None:
    room = shared
    if not room.cards():
        _hung(room)
    (card,) = room.cards()
    if code in {"c:claim", "c:more", "c:less", "c:me"} or (code == "c:open" and message == card.id):
        return
    before = room.station.records.dossiers(list(room.station.records.tip_ids()))
    arrived = replace(room.pressing(card, code), message=message)
    room.runner.run(room.desk.handle([arrived]))
    assert [press for press, _, _ in room.telegram.answers].count(arrived.press) == 1
    assert room.station.records.dossiers(list(room.station.records.tip_ids())) == before
    assert room.opened_text() == ""


@pytest.mark.parametrize("role", ["officer", "supervisor", "auditor"])
@pytest.mark.parametrize("situation", ["new", "opened", "closed", "former", "recused"])
def test_every_button_says_what_the_desk_says(shared: Room, role: str, situation: str) -> None:
    """There is no second rule: a press is refused just where and why `Desk` refuses it."""
    room, seat = shared, shared.station.seat(role=role)
    worker = room.station.seat(role="supervisor" if role == "officer" else "officer")
    desk = room.station.desk
    tip = room.station.tip()
    room.settle()
    card = room.card(tip)
    if situation != "new":
        desk.open(worker, tip)
    if situation == "closed":
        room.station.desk.close(worker, tip, Outcome.ABUSE)
    if situation == "former":
        desk.transfer(worker, tip, B, "đúng địa bàn")
    if situation == "recused" and role != "auditor":
        desk.recuse(seat, tip)
    for action in sorted(ON_CARDS - AT_ONCE.keys()):
        reason = desk.why_not(seat, tip, action)
        arrived = room.pressing(card, f"c:{action}", by=account(role=role))
        room.runner.run(room.desk.handle([arrived]))
        said = room.telegram.answers[-1][1]
        assert (said == room.desk.wording().words.refused(reason)) is bool(reason), (action, reason, said)


def test_every_action_on_cards_leads_somewhere() -> None:
    assert {Action.OPEN} | AT_ONCE.keys() | AFTER_FLOW.keys() == ON_CARDS
    assert AFTER_FLOW.keys() == SCRIPTS.keys()
    assert not {Action.EXPORT, Action.APPROVE_ORIGINAL} & ON_CARDS


@pytest.mark.parametrize(
    ("action", "role"), list(product(sorted(AT_ONCE), ["officer", "supervisor", "auditor"]))
)
def test_what_is_done_at_once_is_refused_as_the_desk_refuses_it(
    shared: Room, action: Action, role: str
) -> None:
    room, tip = shared, shared.station.tip()
    room.settle()
    reason = room.station.desk.why_not(room.station.seat(role=role), tip, action)
    said = room.press_code(room.card(tip), f"c:{action}", by=account(role=role))
    expected = room.desk.wording().words
    assert said == (expected.refused(reason) if reason else expected.say(f"{action}_done"))
    with pytest.raises(ActionRefused):
        room.station.desk.claim(room.station.seat(role="auditor"), tip)


def test_another_chat_is_not_ours(room: Room) -> None:
    assert not room.desk.wants(room.update(chat=-5))
    assert not room.desk.wants(room.update(chat=account(), chat_kind="private"))
    assert room.desk.wants(room.update(chat=CHATS[A]))


def test_forged_data_below_a_card_leaves_its_buttons(room: Room) -> None:
    tip, card = _hung(room)
    assert "cũ rồi" in room.press_code(card, "c:" + "y" * 62)
    assert room.card(tip).buttons, "whoever forges a press takes no button from the others"
