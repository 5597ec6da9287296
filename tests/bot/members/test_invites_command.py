"""`binhan invites` and `binhan members`, while a service has the book open."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.members.store import MembersBook
from bot.members_room import MembersFolder
from knowledge.model import Audience
from tests.bot.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

ACCOUNT = 5_128_930_417


@dataclass(frozen=True)
class Commands:
    """`binhan` with one data folder."""

    data: Path

    def run(self, *arguments: str, typed: str = "", **settings: str) -> Result:
        named = {f"BINHAN_{name.upper()}": value for name, value in settings.items()}
        environment = {"BINHAN_DATA": str(self.data), "COLUMNS": "300", **named}
        done = CliRunner().invoke(app, arguments, env=environment, input=typed)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    def json(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def invite(self, *options: str) -> Any:
        return self.json("invites", "new", "--audience", "member", "--org", "phu-nu", *options)


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path / "data")


@pytest.fixture
def book(commands: Commands) -> Iterator[MembersBook]:
    """The book as a running service has it open."""
    folder = MembersFolder(commands.data)
    opened = MembersBook.open_file(folder.store, folder.account_key)
    yield opened
    opened.close()


def test_an_invitation_made_here_admits_members_until_it_is_revoked(
    commands: Commands, book: MembersBook
) -> None:
    invite = commands.invite("--uses", "2", "--days", "3", "--bot", "@BinhAnThuBot")
    assert invite["link"] == f"https://t.me/BinhAnThuBot?start={invite['code']}"
    assert book.join(ACCOUNT, invite["code"]) is not None
    listed = commands.json("invites", "list")
    assert [(row["id"], row["uses_left"], row["joined"]) for row in listed] == [(invite["id"], 1, 1)]
    assert invite["code"] not in str(listed)
    ended = commands.json("invites", "revoke", invite["id"], "--with-members")
    assert ended["memberships_ended"] == 1
    assert book.audience_of(ACCOUNT) is Audience.PUBLIC


def test_members_are_counted_and_ended_by_account_and_by_organisation(
    commands: Commands, book: MembersBook
) -> None:
    code = commands.invite()["code"]
    for account in (ACCOUNT, ACCOUNT + 1, ACCOUNT + 2):
        book.join(account, code)
    assert commands.json("members", "list") == [{"org": "phu-nu", "audience": "member", "members": 3}]
    assert commands.json("members", "revoke", "--account", str(ACCOUNT)) == {"memberships_ended": 1}
    assert book.audience_of(ACCOUNT) is Audience.PUBLIC
    typed = commands.run("members", "revoke", "--account", "-", typed=f"{ACCOUNT + 1}\n")
    assert typed.exit_code == 0, typed.output
    assert str(ACCOUNT + 1) not in typed.output
    assert book.audience_of(ACCOUNT + 1) is Audience.PUBLIC
    assert commands.json("members", "revoke", "--org", "phu-nu") == {"memberships_ended": 1}
    assert book.join(ACCOUNT, code) is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_everything_is_said_in_both_languages(commands: Commands, language: str) -> None:
    def say(*arguments: str) -> str:
        done = commands.run(*arguments, language=language)
        assert done.exit_code == 0, done.output
        return done.output

    assert "binhan invites new" in say("invites", "list")
    assert "https://t.me/b?start=m-" in say(
        "invites", "new", "--audience", "officer", "--org", "cong-an", "--bot", "b"
    )
    code_alone = say("invites", "new", "--audience", "member", "--org", "phu-nu")
    code = re.search(r"^m-\S+$", code_alone, re.MULTILINE)
    assert code
    assert f"{'/thanhvien' if language == 'vi' else '/member'} {code[0]}" in code_alone
    assert "cong-an" in say("invites", "list")
    assert say("members", "list").strip()
    assert "0" in say("members", "revoke", "--account", "5")
    assert "0" in say("invites", "revoke", commands.json("invites", "list")[0]["id"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("invites", "new", "--audience", "public", "--org", "a"),
        ("invites", "new", "--audience", "member", "--org", "Phụ nữ"),
        ("invites", "new", "--audience", "member", "--org", "a", "--uses", "0"),
        ("invites", "revoke", "nothing"),
        ("members", "revoke"),
        ("members", "revoke", "--org", "a", "--account", "1"),
        ("members", "revoke", "--account", "-5x"),
        ("members", "revoke", "--account", "9" * 400),
    ],
)
def test_what_cannot_be_done_is_refused(commands: Commands, arguments: tuple[str, ...]) -> None:
    assert commands.run(*arguments).exit_code == 2


def test_a_book_out_of_reach_is_told(commands: Commands) -> None:
    away = "postgresql+psycopg://127.0.0.1:1/none?connect_timeout=1"
    done = commands.run("members", "list", members_database_url=away)
    assert done.exit_code == 1
    assert "members/account-key" in done.output


def test_the_real_program_knows_them(tmp_path: Path) -> None:
    program = Program(data=tmp_path / "data", guides=tmp_path / "guides")
    assert program.json("invites", "new", "--audience", "member", "--org", "phu-nu")["code"].startswith("m-")
