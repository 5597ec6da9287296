"""CI looks at the guides that ship, and a bad one fails it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.checks import guides
from scripts.checks.run import main
from tests.bot.small_guides import REPORTING, write_small_guides

if TYPE_CHECKING:
    from pathlib import Path


def test_the_guides_that_ship_pass_by_the_name_of_the_check() -> None:
    assert main(["guides"]) == 0


def test_a_guide_with_a_made_up_number_fails_and_names_file_and_line(tmp_path: Path) -> None:
    folder = write_small_guides(tmp_path / "guides")
    assert guides.check(tmp_path) == []
    (folder / "to-giac.md").write_text(REPORTING.replace("**113**", "**117**"), encoding="utf-8")
    (finding,) = guides.check(tmp_path)
    assert finding.where == "guides/to-giac.md:14"
    assert "117" in finding.what
    assert not finding.is_warning


def test_a_tree_without_guides_fails(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    assert [finding.is_warning for finding in guides.check(tmp_path)] == [False]
