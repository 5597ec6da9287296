"""A guide that a person withdrew stays so at every start, and costs none of them anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.guides import publish_guides
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
