"""`binhan guides check`: the exit code, the words and the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompts.catalog import text
from tests.bot.small_guides import REPORTING, write_small_guides

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.program import Program

DAY = ("--today", "2026-11-28")


def test_good_guides_are_counted_and_end_with_nought(program: Program) -> None:
    """The configured folder, without a folder named; in the language of the settings."""
    done = program.run("guides", "check", *DAY)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {"guides": "3", "sections": "5", "in_english": "0", "unverified": "3"}
    assert text("guides.summary", "vi", **counts) in done.stdout
    assert text("guides.clean", "vi") in done.stdout
    assert text("guides.clean", "en") in program.having(language="en").run("guides", "check", *DAY).stdout


def test_a_number_nobody_knows_is_told_with_its_file_and_line(program: Program, tmp_path: Path) -> None:
    folder = write_small_guides(tmp_path / "cam-nang")
    (folder / "to-giac.md").write_text(REPORTING.replace("**113**", "**117**"), encoding="utf-8")
    done = program.run("guides", "check", str(folder), *DAY)
    assert done.returncode == 1
    assert "to-giac.md" in done.stdout
    assert text("guides.unknown_number", "vi", number="117") in done.stdout
    told = program.json("guides", "check", str(folder), *DAY, code=1)
    assert told["errors"] == 1
    (finding,) = told["findings"]
    assert (finding["kind"], finding["file"], finding["line"]) == ("unknown_number", "to-giac.md", 14)
    assert finding["told"]


def test_old_facts_are_a_reminder_and_no_failure(program: Program) -> None:
    told = program.json("guides", "check", "--today", "2027-06-30")
    assert told["errors"] == 0
    assert {finding["kind"] for finding in told["findings"]} == {"old"}


def test_a_folder_without_guides_fails_in_words(program: Program, tmp_path: Path) -> None:
    done = program.run("guides", "check", str(tmp_path))
    assert done.returncode == 1
    assert text("guides.none", "vi", folder=str(tmp_path)) in done.stderr
