"""The desk's own records on each of their databases, and the log while several write it."""

from __future__ import annotations

import logging
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.records.store import DeskRecords
from tests.bot.desk.station import A, Station
from tips.audit import AuditEntry, next_entry, verify_chain
from tips.errors import ActionRefused, TipStoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TIP, OTHER = "0" * 32, "1" * 32


@pytest.fixture
def records(url: str) -> Iterator[DeskRecords]:
    opened = DeskRecords.open(url)
    yield opened
    opened.close()


def test_cards_are_written_over_and_dropped(records: DeskRecords) -> None:
    records.put_card(TIP, "a", b"one")
    records.put_card(TIP, "a", b"two")
    records.put_card(TIP, "b", b"three")
    assert records.cards("a") == {TIP: b"two"}
    assert records.card(TIP, "b") == b"three"
    records.drop_card(TIP, "a")
    assert records.card(TIP, "a") is None
    assert records.tip_ids() == {TIP}


def test_a_dossier_is_written_only_on_top_of_the_one_that_was_read(records: DeskRecords) -> None:
    assert records.save_dossier(TIP, 0, b"first")
    assert not records.save_dossier(TIP, 0, b"also first")
    assert records.save_dossier(TIP, 1, b"second")
    assert not records.save_dossier(TIP, 1, b"late")
    assert records.dossiers([TIP, OTHER]) == {TIP: (2, b"second")}
    records.drop_tip(TIP)
    assert records.dossiers([TIP]) == {}


def test_of_many_writers_of_one_dossier_one_wins(records: DeskRecords) -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda name: records.save_dossier(TIP, 0, bytes([name])), range(16)))
    assert won.count(True) == 1
    assert records.dossiers([TIP])[TIP] == (1, bytes([won.index(True)]))


def test_an_invitation_is_taken_by_one_of_many(records: DeskRecords) -> None:
    records.add_pass("invite", "h", ("a", "an"), expires=NOW, idle_until=NOW)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: records.take_invite("h", NOW - timedelta(minutes=1)), range(8)))
    assert [seat for seat in taken if seat] == [("a", "an")]


def test_the_log_stays_whole_while_many_write_it(records: DeskRecords) -> None:
    def write(number: int) -> AuditEntry:
        return records.append_audit(
            lambda last: next_entry(last, at=NOW, officer=f"{number}", unit="a", action="open")
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    log = records.audit_log()
    assert len(log) == 40
    assert {entry.officer for entry in log} == {str(number) for number in range(40)}
    assert verify_chain(log) is None
    assert records.check_audit(log[-1].digest) is None


def test_an_opened_database_is_opened_again_with_all_in_it(url: str, records: DeskRecords) -> None:
    records.put_card(TIP, "a", b"one")
    again = DeskRecords.open(url)
    try:
        assert again.cards("a") == {TIP: b"one"}
    finally:
        again.close()


def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "desk.sqlite3").write_bytes(b"not a database, and long enough to look at" * 100)
    with pytest.raises(TipStoreUnavailable):
        DeskRecords.open_file(tmp_path / "desk.sqlite3")
    for address in ("nonsense", "postgresql+psycopg://127.0.0.1:1/none?connect_timeout=1"):
        with pytest.raises(TipStoreUnavailable):
            DeskRecords.open(address)


def test_the_file_is_for_our_own_user_only(tmp_path: Path) -> None:
    file = tmp_path / "desk" / "desk.sqlite3"
    DeskRecords.open_file(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_what_was_dropped_is_gone_from_the_disk(tmp_path: Path) -> None:
    records = DeskRecords.open_file(tmp_path / "desk.sqlite3")
    records.put_card(TIP, "a", b"sealed card that shall vanish")
    records.save_dossier(TIP, 0, b"sealed dossier that shall vanish")
    records.drop_tip(TIP)
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    records.close()
    assert b"shall vanish" not in raw


def test_no_column_can_hold_a_tipster(tmp_path: Path) -> None:
    """The list is pinned: a new column has to be argued for in tables.py."""
    DeskRecords.open_file(tmp_path / "desk.sqlite3").close()
    with closing(sqlite3.connect(tmp_path / "desk.sqlite3")) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for name in tables
        }
    assert columns == {
        "desk_cards": {"tip_id", "unit", "sealed"},
        "desk_dossiers": {"tip_id", "revision", "sealed"},
        "desk_passes": {"token_hash", "kind", "unit", "officer", "expires", "idle_until"},
        "desk_audit": {
            "number",
            "at",
            "officer",
            "unit",
            "action",
            "reference",
            "detail",
            "refused",
            "previous",
            "digest",
        },
        "desk_version": {"version_num"},
        "desk_chats": {"chat", "moved_to", "trouble", "summary", "reminded"},
        "desk_chat_posts": {"chat", "tip_id", "topic", "message", "digest", "has_news", "is_closed"},
        "desk_chat_outbox": {"number", "chat", "kind", "tip_id", "argument", "due", "tries", "revision"},
    }


def test_nothing_is_logged_at_any_level(station: Station, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("sqlalchemy").setLevel(logging.DEBUG)
        try:
            tip = station.tip("câu chuyện không được ghi")
            station.desk.open(station.seat(), tip)
            station.desk.note(station.seat(), tip, "ghi chú không được ghi")
            with pytest.raises(ActionRefused):
                station.desk.open(station.seat(role="auditor"), tip)
            station.desk.sign_in(station.desk.invite(A, f"{A}-can-bo"))
        finally:
            logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    for secret in ("không được ghi", tip, f"{A}-can-bo"):
        assert secret not in caplog.text
