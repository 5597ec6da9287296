"""`binhan desk` and `binhan audit`: an officer at a terminal, on the development units."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot.commands import audit, desk
from bot.desk.keymaking import KeyFolders, make_unit_key
from bot.desk_room import DeskFolder, prepare_development
from bot.settings import Settings
from bot.tips_room import TipFolder, open_book, open_store
from prompts.catalog import text
from tests.fakes.tip_office import WashingCleaner
from tips.intake import IntakeSettings, TipIntake
from tips.keys import PublicKeys
from tips.model import RawFile, TipContent
from tips.receipts import Receipt
from tips.times import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

STORY = "Sòng bạc sau \x1b[31mquán\x1b[0m nước"


@dataclass
class Terminal:
    """A data folder with development units, one tip in it, and somebody to type."""

    data: Path
    intake: TipIntake

    def run(self, *arguments: str, code: int = 0, typed: str = "") -> Result:
        """Type one `binhan desk` command."""
        done = CliRunner().invoke(desk.app, arguments, input=typed)
        assert done.exit_code == code, done.output + repr(done.exception)
        assert STORY not in done.stderr
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The same with `--json`."""
        return json.loads(self.run(*arguments, "--json", code=code).stdout)

    def audit(self, *arguments: str, code: int = 0) -> Any:
        """Type one `binhan audit` command with `--json`."""
        done = CliRunner().invoke(audit.app, [*arguments, "--json"])
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    def tip(self) -> tuple[Receipt, str]:
        """A tip that came in, and its reference."""
        receipt = Receipt.new()
        photo = RawFile(content=b"photo", keep_original=True)
        sent = self.intake.submit(receipt, TipContent(story=STORY, kind="gambling", urgent=True), (photo,))
        return receipt, sent.reference


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with development units and their keys: slow to make, so once."""
    data = tmp_path_factory.mktemp("development") / "data"
    assert prepare_development(Settings(data=data))
    return data


@pytest.fixture
def terminal(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    for name in ("tips/tips.sqlite3", "desk/desk.sqlite3"):
        for file in (prepared / name).parent.glob("*.sqlite3*"):
            file.unlink()
    monkeypatch.chdir(prepared.parent)
    monkeypatch.setenv("BINHAN_DATA", str(prepared))
    monkeypatch.setenv("BINHAN_TIP_CARD_DELAY_MIN", "0")
    monkeypatch.setenv("BINHAN_OFFICER", "thu-can-bo")
    monkeypatch.setenv("COLUMNS", "200")
    settings = Settings(data=prepared)
    store = open_store(settings)
    intake = TipIntake(
        store=store,
        book=open_book(settings),
        public_keys=PublicKeys(TipFolder(prepared).public_keys),
        cleaner=WashingCleaner(),
        now=utc_now,
        settings=IntakeSettings(),
    )
    yield Terminal(prepared, intake)
    store.close()


def test_an_officer_works_a_tip_from_the_list_to_its_end(terminal: Terminal) -> None:
    receipt, reference = terminal.tip()
    (card,) = terminal.json("list")
    assert (card["reference"], card["state"], card["kind"], card["urgent"]) == (
        reference,
        "new",
        "gambling",
        True,
    )
    assert "open" in terminal.json("show", reference)["allowed"]
    opened = terminal.json("open", reference)
    assert opened["content"]["story"] == STORY
    assert opened["card"]["state"] == "received"
    terminal.run("claim", reference)
    terminal.run("note", reference, "--text", "-", typed="gõ từ bàn phím\n")
    terminal.run("label", reference, "sòng bạc", "đêm")
    assert terminal.json("ask", reference, "--text", "Mấy giờ?")["state"] == "needs_information"
    terminal.intake.more(receipt, "Chín giờ tối", in_reply_to=2)
    card = terminal.json("show", reference)
    assert (card["state"], card["has_news"], card["labels"]) == ("verifying", True, ["sòng bạc", "đêm"])
    terminal.run("reply", reference, "--text", "Cảm ơn anh chị")
    terminal.run("mark", reference, "procuracy_told")
    terminal.run("hold", reference, "--reason", "vụ án")
    assert (
        terminal.json("close", reference, "--outcome", "grounded", "--text", "Đã xử lý")["state"] == "closed"
    )
    told = terminal.intake.follow(receipt)
    assert told is not None
    assert (told.state, told.replies[-1].text, told.replies[-1].outcome) == ("closed", "Đã xử lý", "grounded")
    assert terminal.json("list", "--open") == []


def test_people_read_words_and_no_control_characters(terminal: Terminal) -> None:
    _, reference = terminal.tip()
    listed = terminal.run("list").stdout
    assert reference in listed
    assert "Đánh bạc" in listed
    shown = terminal.run("open", reference).stdout
    assert "Sòng bạc sau [31mquán[0m nước" in shown
    assert "\x1b" not in shown
    terminal.run("recuse", reference)
    assert "Không có tin nào." in terminal.run("list").stdout


def test_refusals_end_with_two_and_a_reason_and_faults_with_one(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, reference = terminal.tip()
    assert terminal.json("ask", reference, "--text", "?", code=2) == {"refused": "open_first"}
    assert terminal.json("assign", reference, "--to", "", code=2) == {"refused": "role"}
    assert terminal.json("open", "BA-0000-0000", code=2) == {"refused": "unknown_tip"}
    assert terminal.json("list", "--officer", "thu-kiem-tra", code=2) == {"refused": "role"}
    assert terminal.json("list", "--officer", "ai-do", "--unit", "thu-nghiem", code=2) == {
        "refused": "not_an_officer"
    }
    assert "--officer" in terminal.run("list", "--officer", "ai-do", code=2).stderr
    assert "mở đọc tin trước" in terminal.run("ask", reference, "--text", "?", code=2).stderr
    monkeypatch.setenv("BINHAN_DESK_PASSPHRASE", "sai bét")
    assert terminal.json("unlock-check", code=2) == {"refused": "wrong_passphrase"}
    monkeypatch.setenv("BINHAN_TIPS_DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/none?connect_timeout=1")
    terminal.run("list", code=1)


def test_the_list_says_how_many_tips_no_key_here_opens(terminal: Terminal) -> None:
    _, reference = terminal.tip()
    listed = terminal.run("list")
    assert text("deskweb.unopened_one", "vi") not in listed.stderr
    folders = KeyFolders.below(terminal.data)
    passphrase = DeskFolder(terminal.data).development_passphrase.read_text(encoding="utf-8").strip()
    key = make_unit_key("thu-nghiem", passphrase, folders, utc_now().date())
    folders.private_file("thu-nghiem", key.key_id).rename(terminal.data / "elsewhere.json")
    terminal.tip()
    folders.public_file("thu-nghiem", key.key_id).unlink()  # other tests have the same keys
    listed = terminal.run("list", "--json")
    assert [card["reference"] for card in json.loads(listed.stdout)] == [reference]
    assert text("deskweb.unopened_one", "vi") in " ".join(listed.stderr.split())


def test_a_supervisor_exports_a_tip_that_only_its_unit_opens(terminal: Terminal, tmp_path: Path) -> None:
    _, reference = terminal.tip()
    terminal.run("open", reference, "--save", str(tmp_path / "files"))
    assert (tmp_path / "files" / "1-anh-1.jpg").read_bytes() == b"clean photo"
    sealed = tmp_path / "out" / "tip.sealed"
    boss = ("--officer", "thu-chi-huy")
    terminal.run("export", reference, "--to", "thu-nghiem", "--file", str(sealed), *boss)
    assert sealed.stat().st_mode & 0o777 == 0o600
    opened = terminal.json("open-archive", str(sealed), "--save", str(tmp_path / "opened"))
    assert opened["reference"] == reference
    assert (tmp_path / "opened" / reference / "tep" / "1-anh-1.jpg").read_bytes() == b"clean photo"
    above = ("--officer", "thu-can-bo-tren")
    refused = terminal.json("open-archive", str(sealed), "--save", str(tmp_path / "no"), *above, code=2)
    assert refused == {"refused": "wrong_key"}
    terminal.run("open-archive", str(tmp_path / "none"), "--save", str(tmp_path / "no"), code=1)
    terminal.run("request-original", reference)
    terminal.run("approve-original", reference, "--save", str(tmp_path / "raw"), *boss)
    assert [file.read_bytes() for file in (tmp_path / "raw").iterdir()] == [b"photo"]


def test_a_tip_goes_to_another_unit_and_back_by_merging_holding_releasing(terminal: Terminal) -> None:
    (_, one), (_, two) = terminal.tip(), terminal.tip()
    for reference in (one, two):
        terminal.run("open", reference)
    assert terminal.json("merge", one, "--into", two)["state"] == "closed"
    terminal.run("hold", two, "--reason", "hồ sơ")
    terminal.run("release", two, "--officer", "thu-chi-huy")
    terminal.run("assign", two, "--to", "thu-can-bo", "--officer", "thu-chi-huy")
    terminal.run("move", one, "verifying", "--officer", "thu-chi-huy")
    assert terminal.json("transfer", two, "--to", "thu-nghiem-cap-tren", "--reason", "quá tầm")["done"]
    assert [card["reference"] for card in terminal.json("list", "--officer", "thu-can-bo-tren")] == [two]


def test_a_link_signs_in_without_the_units_passphrase(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINHAN_DESK_PASSPHRASE", "sai bét")
    made = terminal.json("link")
    assert made["url"].endswith(made["path"])
    assert made["path"].startswith("/desk/vao/")
    assert made["path"] not in terminal.run("link").stdout


def test_the_log_is_verified_and_a_changed_row_is_named(terminal: Terminal) -> None:
    _, reference = terminal.tip()
    terminal.run("open", reference)
    head = terminal.audit("head")["head"]
    terminal.run("claim", reference)
    whole = terminal.audit("verify", "--head", head)
    assert whole["is_whole"]
    assert whole["head"] != head
    assert whole["head"] in CliRunner().invoke(audit.app, ["verify"]).stdout
    with closing(sqlite3.connect(terminal.data / "desk" / "desk.sqlite3")) as connection:
        connection.execute("UPDATE desk_audit SET officer = 'thu-chi-huy' WHERE action = 'open'")
        connection.commit()
    broken = terminal.audit("verify", code=1)["broken"]
    assert broken["fault"] == "changed"
    told = CliRunner().invoke(audit.app, ["verify"])
    assert told.exit_code == 1
    assert str(broken["number"]) in told.stderr
    with closing(sqlite3.connect(terminal.data / "desk" / "desk.sqlite3")) as connection:
        connection.execute("DELETE FROM desk_audit")
        connection.commit()
    assert terminal.audit("verify", "--head", head, code=1)["broken"] == {"number": 1, "fault": "head"}


@pytest.mark.parametrize("command", ["verify", "head"])
def test_where_no_desk_has_worked_no_log_is_called_whole(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "typo"
    monkeypatch.setenv("BINHAN_DATA", str(data))
    told = CliRunner().invoke(audit.app, [command])
    assert told.exit_code == 2
    assert str(data) in told.stderr
    assert not data.exists()


@pytest.mark.parametrize("cut", [12, 63, 0])
def test_a_head_that_was_copied_in_part_is_no_sign_of_tampering(terminal: Terminal, cut: int) -> None:
    terminal.tip()
    terminal.run("list")
    head = terminal.audit("head")["head"]
    told = CliRunner().invoke(audit.app, ["verify", "--head", head[:cut]])
    assert told.exit_code == 2
    assert "64" in told.stderr
    in_groups = " ".join(head[at : at + 8].upper() for at in range(0, 64, 8))
    assert terminal.audit("verify", "--head", in_groups)["is_whole"]


def test_an_operator_is_told_which_setting_to_look_at(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINHAN_TIPS_DATABASE_URL", "postgresql+psycopg://an:x@127.0.0.1:1/tips")
    told = " ".join(terminal.run("list", code=1).stderr.split())
    assert told == text("cli.store_unavailable", "vi")
