"""Invitations that work once, sessions that end."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.bot.desk.station import BOOK, A, B, Station
from tips.errors import ActionRefused, WrongPassphrase
from tips.units import UnitBook

if TYPE_CHECKING:
    from pathlib import Path

OFFICER = f"{A}-can-bo"


def test_an_invitation_signs_its_officer_in_once(locked: Station) -> None:
    token = locked.desk.invite(A, OFFICER)
    session = locked.desk.sign_in(token)
    assert (session.seat.officer.id, session.seat.unit) == (OFFICER, A)
    assert locked.desk.seat(session.token) == session.seat
    with pytest.raises(ActionRefused) as refused:
        locked.desk.sign_in(token)
    assert refused.value.fields["reason"] == "invite"


def test_an_invitation_is_over_after_ten_minutes(locked: Station) -> None:
    early, late = locked.desk.invite(A, OFFICER), locked.desk.invite(A, OFFICER)
    locked.clock.move(minutes=9, seconds=59)
    locked.desk.sign_in(early)
    locked.clock.move(seconds=1)
    with pytest.raises(ActionRefused):
        locked.desk.sign_in(late)


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "'; DROP TABLE desk_passes; --", "\ud800"])
def test_a_made_up_token_opens_nothing_and_fills_no_log(locked: Station, token: str) -> None:
    with pytest.raises(ActionRefused):
        locked.desk.sign_in(token)
    assert locked.desk.seat(token) is None
    locked.desk.sign_out(token)
    assert locked.desk.all_audit_entries() == []


def test_a_session_token_is_no_invitation_and_the_reverse(locked: Station) -> None:
    token = locked.desk.invite(A, OFFICER)
    assert locked.desk.seat(token) is None
    session = locked.desk.sign_in(token)
    with pytest.raises(ActionRefused):
        locked.desk.sign_in(session.token)


def test_a_session_ends_when_idle_and_after_eight_hours_in_any_case(locked: Station) -> None:
    desk = locked.desk
    idle, busy = desk.sign_in(desk.invite(A, OFFICER)), desk.sign_in(desk.invite(A, OFFICER))
    for _ in range(16):
        locked.clock.move(minutes=29)
        assert desk.seat(busy.token) is not None
    assert desk.seat(idle.token) is None
    locked.clock.move(minutes=16)  # eight hours, and used all the time
    assert desk.seat(busy.token) is None
    desk.run_duties()
    with closing(sqlite3.connect(locked.folder / "desk" / "desk.sqlite3")) as connection:
        assert connection.execute("SELECT * FROM desk_passes").fetchall() == []


def test_a_page_that_only_asks_for_news_does_not_keep_a_session_alive(locked: Station) -> None:
    session = locked.desk.sign_in(locked.desk.invite(A, OFFICER))
    for _ in range(3):
        assert locked.desk.seat(session.token, is_used=False) is not None
        locked.clock.move(minutes=10)
    assert locked.desk.seat(session.token, is_used=False) is None


def test_a_session_signed_out_is_over(locked: Station) -> None:
    session = locked.desk.sign_in(locked.desk.invite(A, OFFICER))
    locked.desk.sign_out(session.token)
    assert locked.desk.seat(session.token) is None
    actions = [entry.action for entry in locked.desk.all_audit_entries()]
    assert actions == ["invite", "sign_in", "sign_out"]


def test_only_officers_of_that_unit_are_invited(locked: Station) -> None:
    for unit, officer in ((B, OFFICER), (A, "ai-do"), ("khong-co", OFFICER), (A, "")):
        with pytest.raises(ActionRefused) as refused:
            locked.desk.invite(unit, officer)
        assert refused.value.fields["reason"] == "not_an_officer"


def test_an_officer_struck_from_the_book_is_out_at_once(
    locked: Station, tmp_path: Path, station_keys: Path
) -> None:
    desk = locked.desk
    session, token = desk.sign_in(desk.invite(A, OFFICER)), desk.invite(A, OFFICER)
    without = UnitBook(
        type(unit)(
            id=unit.id,
            name=unit.name,
            areas=unit.areas,
            parent=unit.parent,
            officers=tuple(officer for officer in unit.officers if officer.id != OFFICER),
        )
        for unit in BOOK.units
    )
    later = Station(tmp_path, station_keys, book=without)
    try:
        assert later.desk.seat(session.token) is None
        with pytest.raises(ActionRefused) as refused:
            later.desk.sign_in(token)
        assert refused.value.fields["reason"] == "invite"
    finally:
        later.close()


def test_the_records_hold_no_token(locked: Station) -> None:
    token = locked.desk.invite(A, OFFICER)
    session = locked.desk.sign_in(locked.desk.invite(A, OFFICER))
    raw = b"".join(file.read_bytes() for file in (locked.folder / "desk").iterdir())
    assert token.encode() not in raw
    assert session.token.encode() not in raw
    assert len(token) >= 43  # 256 bits


def test_a_wrong_passphrase_unlocks_nothing_and_is_written_down(locked: Station) -> None:
    with pytest.raises(WrongPassphrase):
        locked.desk.unlock(A, "sai")
    assert not locked.desk.is_unlocked(A)
    (entry,) = locked.desk.all_audit_entries()
    assert (entry.action, entry.unit, entry.refused) == ("unlock", A, "wrong_passphrase")
