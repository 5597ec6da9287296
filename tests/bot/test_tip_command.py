"""`binhan tip`, as a program that another program runs, and as a person types into it."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from rich.console import Console
from typer.testing import CliRunner

from bot.channels.terminal_tip import TerminalTip, file_of
from bot.commands.tip import tip_app
from bot.flows.tip_talk import make_tip_flow
from bot.settings import Settings
from bot.tips_room import open_tips
from prompts.catalog import text
from tests.bot.program import Program
from tests.bot.talking import STORY, Talker
from tips.model import FILE_BYTES_LIMIT
from tips.opening.keyfile import make_key, unlock_unit
from tips.receipts import Receipt
from tips.store.store import TipStore
from tips.units import UnitBook, development_units

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tips.model import OpenedParcel

PASSPHRASE = "mat khau de thu nghiem"  # noqa: S105 - of a unit that is made for one test


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program with the development units and their keys; no library is needed for tips."""
    folder = tmp_path_factory.mktemp("tips")
    data = folder / "data"
    (data / "tips").mkdir(parents=True)
    (data / "tips" / "units.toml").write_text(development_units(), encoding="utf-8")
    for unit in UnitBook.parse(development_units()).units:
        make_key(
            unit.id,
            PASSPHRASE,
            private_folder=data / "desk" / "private-keys",
            public_folder=data / "tips" / "public-keys",
            today=date(2026, 11, 22),
        )
    return Program(data=data, guides=folder)


def run(program: Program, *arguments: str, code: int = 0, typed: str = "") -> dict[str, Any]:
    """`binhan tip ... --json` in this process: starting one takes seconds."""
    environment = {name: value for name, value in program.environment.items() if name.startswith("BINHAN_")}
    done = CliRunner().invoke(tip_app, [*arguments, "--json"], env=environment, input=typed)
    assert done.exit_code == code, (done.output, done.exception)
    value: dict[str, Any] = json.loads(done.stdout)
    return value


def opened(program: Program, unit: str = "thu-nghiem") -> list[OpenedParcel]:
    """Every parcel that *unit* can open."""
    keys = unlock_unit(unit, PASSPHRASE, program.data / "desk" / "private-keys")
    with closing(TipStore.open_file(program.data / "tips" / "tips.sqlite3")) as store:
        later = datetime(2030, 1, 1, tzinfo=UTC)
        tips = store.for_units((unit,), later)
        return [keys.open_parcel(parcel) for tip in tips for parcel in store.parcels(tip.tip_id, unit)]


def stories(program: Program, unit: str = "thu-nghiem") -> list[object]:
    return [parcel.words["story"] for parcel in opened(program, unit) if parcel.type == "tip"]


def test_a_tip_sent_from_a_script_is_opened_by_its_unit_and_found_by_its_receipt(program: Program, tmp_path):
    photo = tmp_path / "lan-canary-name.png"
    Image.new("RGB", (40, 30), "red").save(photo)
    told = ("--unit", "thu-nghiem", "--kind", "drugs", "--place", "phường Bến Thành", "--when", "hôm qua")
    done = program.run("tip", "send", *told, "--file", str(photo), "--json", typed=STORY)
    assert done.returncode == 0, done.stdout + done.stderr
    sent = json.loads(done.stdout)
    assert (sent["status"], sent["unit"], sent["files"], sent["refused"]) == ("received", "thu-nghiem", 1, [])
    parcel = next(item for item in opened(program) if item.words.get("story") == STORY)
    assert parcel.words["area"] == "26743"
    assert [file.name for file in parcel.files] == ["anh-1.png"]
    found = program.json("tip", "status", sent["receipt"])
    assert (found["status"], found["state"], found["replies"]) == ("found", "received", [])
    assert found["reference"] == sent["reference"]


def test_the_same_receipt_again_is_the_same_tip(program: Program):
    receipt = Receipt.new().text
    first = run(program, "send", "--text", "Có nhóm người đánh bạc ở chợ cũ", "--receipt", receipt)
    again = run(program, "send", "--text", "Có nhóm người đánh bạc ở chợ cũ", "--receipt", receipt)
    assert (first["is_new"], again["is_new"]) == (True, False)
    assert first["reference"] == again["reference"]
    assert stories(program).count("Có nhóm người đánh bạc ở chợ cũ") == 1


def test_a_sending_that_was_received_before_says_that_its_changes_are_not_in_it(program: Program):
    receipt = Receipt.new().text
    for story, is_told in (("Có sòng bạc ở nhà số 5", False), ("Nhà số 7, và họ có súng", True)):
        done = program.run("tip", "send", "--text", story, "--receipt", receipt)
        assert (text("tip.received_first_version", "vi") in " ".join(done.stdout.split())) is is_told
    assert "Nhà số 7, và họ có súng" not in stories(program)
    again = run(program, "send", "--text", "Nhà số 7", "--receipt", receipt)
    assert (again["is_new"], again["unit"]) == (False, "")


def test_a_person_reads_receipt_and_reference(program: Program):
    done = program.run("tip", "send", "--text", "Đổ trộm chất thải sau chợ, tôi tên là Lan")
    assert done.returncode == 0
    assert text("tip.send_names_sender", "vi") in done.stdout
    receipt = next(word for word in done.stdout.split() if len(word) == 20 and word.count("-") == 3)
    shown = program.run("tip", "status", "-", typed=receipt)
    assert shown.returncode == 0
    assert text("follow.state_received", "vi") in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--text", "  \u200b "), "empty"),
        (("--text", "x y z", "--kind", "no-such-kind"), "unknown_kind_of_tip"),
        (("--text", "x y z", "--unit", "no-such-unit"), "unknown_unit"),
        (("--text", "x y z", "--unit", "thu-nghiem", "--concerns", "thu-nghiem"), "other_unit"),
        (("--text", "x y z", "--concerns", "thu-nghiem-cap-tren"), "no_unit"),
        (("--text", "mã ABCD-EFGH-JKMN-PQRS1", "--receipt", "ABCD"), "bad_receipt"),
        (("--text", "x y z", "--file", "/no/such/file"), "file_not_found"),
    ],
)
def test_what_is_refused_has_a_reason_and_stores_nothing(program: Program, arguments, reason):
    before = len(opened(program)) + len(opened(program, "thu-nghiem-cap-tren"))
    refused = run(program, "send", *arguments, code=2)
    assert (refused["status"], refused["reason"]) == ("refused", reason)
    assert refused["text"].strip()
    assert len(opened(program)) + len(opened(program, "thu-nghiem-cap-tren")) == before


def test_a_receipt_in_the_text_is_refused(program: Program):
    inside = f"Tôi đã báo với mã {Receipt.new().text} rồi"
    assert run(program, "send", "--text", inside, code=2)["reason"] == "receipt_inside"


def test_wrong_and_unknown_receipts_are_told_alike(program: Program):
    told = [run(program, "status", typed, code=2) for typed in (Receipt.new().text, "ABCD", "{0}")]
    assert told[0] == told[1] == told[2]
    assert told[0]["reason"] == "nothing"


def test_a_megabyte_through_stdin_is_cut_and_that_is_said(program: Program):
    assert run(program, "send", typed="ma túy đầu hẻm " * 70_000)["is_cut"] is True


def test_without_keys_nothing_is_received(tmp_path):
    bare = Program(data=tmp_path / "data", guides=tmp_path)
    (bare.data / "tips").mkdir(parents=True)
    (bare.data / "tips" / "units.toml").write_text(development_units(), encoding="utf-8")
    refused = run(bare, "send", "--text", "x y z", code=1)
    assert refused["status"] == "not_received"


def test_leaving_in_the_middle_says_that_nothing_was_sent(program: Program):
    before = len(opened(program))
    done = program.run("tip", typed="2\n2\n")
    assert done.returncode == 0
    assert text("tip.terminal_left", "vi") in done.stdout
    assert len(opened(program)) == before


class Typist:
    """Types lines into a terminal, each made from what the terminal showed last."""

    def __init__(self, *lines: str | Callable[[str], str]) -> None:
        self.screen = io.StringIO()
        self.console = Console(file=self.screen, width=200)
        self._lines = list(lines)

    def __call__(self) -> str:
        if not self._lines:
            raise EOFError
        line = self._lines.pop(0)
        return line if isinstance(line, str) else line(self.screen.getvalue())

    @property
    def shown(self) -> str:
        return self.screen.getvalue()


def last_group(screen: str) -> str:
    receipt = [word for word in screen.split() if len(word) == 20 and word.count("-") == 3][-1]
    return receipt[-5:]


def number_of(key: str) -> Callable[[str], str]:
    """The number that stands before a choice, as it is shown last."""

    def found(screen: str) -> str:
        return [line.split()[0] for line in screen.splitlines() if text(key, "vi") in line][-1]

    return found


def test_a_person_at_the_terminal_sends_a_tip_by_numbers(talker: Talker, tmp_path: Path):
    photo = tmp_path / "anh.png"
    photo.write_bytes(b"\x89PNG")
    typist = Typist(
        "2",  # no danger
        number_of("kinds.group_crime"),
        number_of("kinds.kind_fraud"),
        "/boqua",
        number_of("tip.when_today"),
        "Có người gọi điện\\",
        "lừa chuyển tiền, tự xưng công an",
        "99",  # an answer that is a number is no choice
        number_of("tip.details_enough"),
        f"/tep {photo}",
        "/tep /no/such/file",
        number_of("tip.files_done"),
        "1",  # no official
        number_of("tip.summary_go_on"),
        number_of("tip.coaching_enough"),
        last_group,
        "1",
        number_of("tip.sent_delete"),
    )
    TerminalTip(talker.talk, typist.console, "vi", typist).run("tip")
    (content, files), *_ = talker.office.tips.values()
    assert content.story == "Có người gọi điện\nlừa chuyển tiền, tự xưng công an"
    assert dict(content.details) == {"account": "99"}
    assert len(files) == 1
    assert text("tip.deleted", "vi") in typist.shown
    assert text("cli.file_not_found", "vi", file="/no/such/file") in typist.shown


def test_what_is_typed_at_the_terminal_is_sealed_followed_and_withdrawn(program: Program):
    """The flows over the real intake, store and keys."""
    told = "Sau chợ có kho pháo nổ, đêm nào cũng có xe tải đến lấy hàng rồi chạy về phía cầu."
    with closing(open_tips(Settings(data=program.data))) as room, ThreadPoolExecutor(1) as workers:
        talk = make_tip_flow(room.intake, room.book, workers)
        typist = Typist(
            told,
            number_of("tip.summary_go_on"),
            number_of("tip.coaching_enough"),
            last_group,
            number_of("tip.ready_send"),
            number_of("tip.sent_keep"),
        )
        TerminalTip(talk, typist.console, "vi", typist).run("tip")
        assert told in stories(program)
        receipt = next(word for word in typist.shown.split() if len(word) == 20 and word.count("-") == 3)
        back = Typist(
            receipt,
            number_of("follow.open_more"),
            "Xe tải màu xanh.",
            number_of("follow.review_send"),
            number_of("follow.open_withdraw"),
            number_of("follow.withdraw_yes"),
        )
        TerminalTip(talk, back.console, "vi", back).run("follow_up")
    assert text("follow.more_received", "vi") in back.shown
    assert text("follow.withdrawn", "vi") in back.shown
    found = run(program, "status", receipt)
    assert found["is_withdrawn"]
    assert program.data.joinpath("tips", "tips.sqlite3").read_bytes().find(told.encode()) == -1


def test_markup_and_direction_marks_in_a_story_do_not_colour_the_terminal(talker: Talker):
    typist = Typist("[bold red]" + STORY + "[/] \x1b[31m", "/sua")
    TerminalTip(talker.talk, typist.console, "vi", typist).run("tip")
    assert "[bold red]Đầu hẻm" in typist.shown
    assert "\x1b[31m" not in typist.shown


def test_a_person_follows_a_tip_at_the_terminal(talker: Talker):
    talker.begin(first=None)
    typist = Typist("sai", number_of("follow.way_close"))
    TerminalTip(talker.talk, typist.console, "vi", typist).run("follow_up")
    assert text("follow.nothing", "vi") in typist.shown
    assert text("follow.goodbye", "vi") in typist.shown


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path):
    claim = tmp_path / "film.mp4"
    with claim.open("wb") as file:
        file.truncate(300_000_000)
    read = file_of(claim)
    assert read is not None
    assert (read.too_large, read.files) == (1, ())
    with claim.open("wb") as file:
        file.truncate(FILE_BYTES_LIMIT)
    read = file_of(claim)
    assert read is not None
    assert len(read.files) == 1


@pytest.mark.parametrize("arguments", [(), ("send", "--text", "x y z")])
def test_a_tipster_is_told_of_a_closed_store_in_words_for_a_tipster(program: Program, arguments):
    closed = program.having(tips_database_url="postgresql+psycopg://an:x@127.0.0.1:1/tips")
    environment = {name: value for name, value in closed.environment.items() if name.startswith("BINHAN_")}
    done = CliRunner().invoke(tip_app, arguments, env=environment)
    assert done.exit_code == 1
    assert text("tips.store_unavailable", "vi")[:40] in " ".join(done.stderr.split())


def test_a_trial_says_that_nobody_reads_it_before_anything_is_told(program: Program):
    environment = {name: value for name, value in program.environment.items() if name.startswith("BINHAN_")}
    trial = text("tipweb.trial", "vi")
    talked = CliRunner().invoke(tip_app, [], env=environment, input="")
    assert " ".join(talked.stdout.split()).startswith(trial)
    sent = CliRunner().invoke(tip_app, ["send", "--text", "x y z", "--json"], env=environment)
    assert trial in " ".join(sent.stderr.split())
    assert json.loads(sent.stdout)["status"] == "received"
