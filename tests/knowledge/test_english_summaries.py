"""A guide section's English summary is stored and shown to who asks in English, before the guide itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from knowledge.answering import Answerer
from knowledge.model import Audience
from knowledge.search import Searcher
from prompts.catalog import text as say
from tests.fakes.drafts import guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.gates import OPEN_GATE
from tests.fakes.libraries import open_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BODY = "Gọi **113** trước. Rồi đến công an xã."
SUMMARY = "Call 113 first, then go to the commune police."
ASKED = "bao trom cho o dau"


@pytest.fixture
def answerer(tmp_path: Path) -> Iterator[Answerer]:
    summed = section("trom", "Báo trộm chó ở đâu?", BODY, ASKED, "mất chó báo ai", english=SUMMARY)
    plain = section("gui-thu", "Gửi thư cho ai?", "Gửi công an tỉnh.", "gui thu cho ai", "viết thư gửi đâu")
    with open_library(tmp_path, HashingEmbedder()) as library:
        library.publish(guide("mau", summed, plain))
        library.finish()
        yield Answerer(library, Searcher(library, today=lambda: date(2026, 11, 28)), OPEN_GATE)


def test_who_asks_in_english_reads_the_summary_and_then_the_guide(answerer: Answerer) -> None:
    answer = answerer.answer(ASKED, Audience.PUBLIC, "en")
    assert answer.text == say("ask.guide_with_summary", "en", summary=SUMMARY, text=BODY)
    assert answer.text.startswith(SUMMARY)
    assert answer.citations[0].quote == BODY


def test_who_asks_in_vietnamese_reads_the_guide_alone(answerer: Answerer) -> None:
    assert answerer.answer(ASKED, Audience.PUBLIC, "vi").text == BODY


def test_a_section_without_a_summary_says_that_it_is_vietnamese(answerer: Answerer) -> None:
    answer = answerer.answer("gui thu cho ai", Audience.PUBLIC, "en")
    assert answer.text == say("ask.guide_in_vietnamese", "en", text="Gửi công an tỉnh.")
