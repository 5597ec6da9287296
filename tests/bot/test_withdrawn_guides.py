"""A guide that a person withdrew stays so at every start, and costs none of them anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.guides import publish_guides
from ingest.errors import BadGuide
from ingest.guides import load_guides
from knowledge.model import Audience
from tests.fakes.drafts import guide, section
from tests.fakes.papers import open_papers

if TYPE_CHECKING:
    from pathlib import Path


def test_a_withdrawn_guide_is_not_published_again_by_a_start(tmp_path: Path) -> None:
    first, other = (
        guide(slug, section("x", f"Hỏi {slug}?", f"Làm {slug}.", f"hoi {slug}")) for slug in ("mot", "hai")
    )
    changed = guide("mot", section("x", "Hỏi mot?", "Làm khác đi.", "hoi mot"))
    with open_papers(tmp_path) as (papers, workplace):
        assert publish_guides(workplace, [first, other]) == 2
        papers.withdraw("guide:mot", "Lan")
        workplace.finish()
        for drafts in ([first, other], [changed, other], [changed, other]):
            assert publish_guides(workplace, drafts) == 0
            assert list(workplace.hashes("guide:")) == ["guide:hai"]
            assert workplace.library.record.passage_counts(Audience.PUBLIC) == (0, 1)
        assert workplace.library.record.state("words") is None, "nothing was learnt anew"
        workplace.roll_back("guide:mot", 2, "Lan")
        assert [item.text for item in workplace.document_passages("guide:mot")] == ["Làm khác đi."]


def test_an_empty_folder_takes_no_guide_away_and_a_missing_one_is_named(tmp_path: Path) -> None:
    """A misspelt BINHAN_GUIDES, a disk not mounted: neither the guides nor their history go."""
    empty, missing = tmp_path / "empty", tmp_path / "missing"
    empty.mkdir()
    first = guide("mot", section("x", "Hỏi mot?", "Làm mot.", "hoi mot"))
    with open_papers(tmp_path / "data") as (papers, workplace):
        assert publish_guides(workplace, load_guides(empty)) == 0, "a library without guides may stay so"
        publish_guides(workplace, [first])
        with pytest.raises(BadGuide, match="guide_none_left"):
            publish_guides(workplace, load_guides(empty))
        with pytest.raises(BadGuide, match="guide_no_folder"):
            publish_guides(workplace, load_guides(missing))
        assert list(workplace.hashes("guide:")) == ["guide:mot"]
        papers.withdraw("guide:mot", "Lan")
        publish_guides(workplace, load_guides(empty))
        assert [item.key for item in workplace.withdrawals()] == ["guide:mot"]
