"""What lies on the disk of members: nobody's account in any spelling, and nothing of who left."""

from __future__ import annotations

import logging
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.keyfiles import KEY_BYTES
from bot.members.accounts import account_hash, account_key
from bot.members.model import MembersUnavailable
from bot.members.store import MembersBook
from knowledge.model import Audience
from tests.canary.spelling import needles

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = 5_128_930_417_233


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "members"


def opened(folder: Path) -> MembersBook:
    return MembersBook.open_file(folder / "members.sqlite3", folder / "account-key")


def joined(folder: Path) -> tuple[MembersBook, str]:
    book = opened(folder)
    code = book.new_invite(Audience.MEMBER, "phu-nu", uses=3, days=7).code
    assert book.join(ACCOUNT, code)
    return book, code


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def found(raw: bytes, *canaries: str | bytes) -> list[str]:
    low = raw.lower()
    return [
        name
        for canary in canaries
        for (needle, has_case), name in needles(canary).items()
        if needle in (raw if has_case else low)
    ]


def test_neither_account_nor_code_stands_anywhere_in_any_spelling(folder: Path) -> None:
    book, code = joined(folder)
    book.audience_of(ACCOUNT)
    spelled = (str(ACCOUNT), ACCOUNT.to_bytes(8, "big"), ACCOUNT.to_bytes(8, "little"), f"{ACCOUNT:013x}")
    assert found(on_disk(folder), *spelled, code, code[2:]) == []
    book.close()
    assert found(on_disk(folder), *spelled, code, code[2:]) == []


def test_the_search_would_find_an_account_that_stood_there(folder: Path) -> None:
    book, _ = joined(folder)
    book.close()
    with closing(sqlite3.connect(folder / "members.sqlite3")) as connection, connection:
        connection.execute("UPDATE members SET org = ?", (f"phu-nu-{ACCOUNT}",))
    assert found(on_disk(folder), str(ACCOUNT))


def test_the_hash_is_keyed_and_the_key_is_made_once(folder: Path) -> None:
    book, _ = joined(folder)
    key = account_key(folder / "account-key")
    assert len(key) == KEY_BYTES
    assert account_hash(key, ACCOUNT) in on_disk(folder)
    assert account_hash(bytes(KEY_BYTES), ACCOUNT) not in on_disk(folder)
    assert key not in (folder / "members.sqlite3").read_bytes()
    book.close()
    again = opened(folder)
    assert again.audience_of(ACCOUNT) is Audience.MEMBER
    again.close()


def test_a_damaged_key_is_never_replaced(folder: Path) -> None:
    joined(folder)[0].close()
    (folder / "account-key").write_bytes(b"short")
    with pytest.raises(MembersUnavailable):
        opened(folder)
    assert (folder / "account-key").read_bytes() == b"short"


def test_who_left_is_gone_from_the_disk_too(folder: Path) -> None:
    book, _ = joined(folder)
    mine = account_hash(account_key(folder / "account-key"), ACCOUNT)
    book.leave(ACCOUNT)
    assert mine not in on_disk(folder)
    book.close()


def test_files_are_for_our_own_user_only(folder: Path) -> None:
    book, _ = joined(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    book.close()


def test_no_column_can_hold_more(folder: Path) -> None:
    """The list is pinned: a new column has to be argued for in tables.py."""
    opened(folder).close()
    with closing(sqlite3.connect(folder / "members.sqlite3")) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for name in tables
        }
    assert columns == {
        "member_invites": {"id", "code_hash", "audience", "org", "uses_left", "last_day"},
        "members": {"account_hash", "org", "audience", "invite", "joined"},
        "members_version": {"version_num"},
    }


def test_nothing_is_logged_or_printed(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("sqlalchemy").setLevel(logging.DEBUG)
        try:
            book, code = joined(folder)
            invite = book.new_invite(Audience.MEMBER, "phu-nu", uses=3, days=7)
        finally:
            logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    book.close()
    assert found(caplog.text.encode(), str(ACCOUNT), code) == []
    assert invite.code not in repr(invite)


def test_a_database_out_of_reach_is_told_as_such(folder: Path) -> None:
    folder.mkdir()
    (folder / "members.sqlite3").write_bytes(b"not a database, and long enough to look at" * 100)
    with pytest.raises(MembersUnavailable):
        opened(folder)
    for address in ("nonsense", "postgresql+psycopg://127.0.0.1:1/none?connect_timeout=1"):
        with pytest.raises(MembersUnavailable):
            MembersBook.open(address, folder / "account-key")
