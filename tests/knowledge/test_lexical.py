"""The lexical index knows what it holds, so that only what a kill left out is put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.lexical import LexicalIndex, terms_of
from knowledge.model import Audience
from tests.fakes.drafts import document
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import faults, open_library

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    """Three passages and an exemplar, in two writes."""
    made = LexicalIndex(tmp_path / "words")
    made.add((number, {"text": f"đoạn thứ {number} của tổ hòa giải"}) for number in (1, 2, 3))
    made.add([(-7, {"asked": "hỏi việc khác"})])
    return made


def test_it_knows_its_passages_also_after_changes_and_a_second_opening(
    index: LexicalIndex, tmp_path: Path
) -> None:
    assert index.known() == {1, 2, 3, -7}
    index.remove([2])
    index.add([(3, {"text": "đoạn khác"})])
    assert index.known() == {1, 3, -7}
    assert LexicalIndex(tmp_path / "words").known() == {1, 3, -7}
    index.clear()
    assert index.known() == set()


def test_what_is_not_wanted_goes_and_the_rest_is_found(index: LexicalIndex) -> None:
    index.keep_only({1, 3, 9})
    assert index.known() == {1, 3}
    assert {number for number, _ in index.search(terms_of("tổ hòa giải"), limit=10)} == {1, 3}


def test_a_commit_that_a_kill_cut_short_can_be_made_again(index: LexicalIndex, tmp_path: Path) -> None:
    """What says which files count is written last: until then the commit's own files lie there unread."""
    says_what_counts = tmp_path / "words" / "meta.json"
    before = says_what_counts.read_bytes()
    index.remove([2])
    says_what_counts.write_bytes(before)  # and here it was killed
    again = LexicalIndex(tmp_path / "words")
    assert again.known() == {1, 2, 3, -7}
    again.remove([2])
    assert again.known() == {1, 3, -7}


def test_after_a_kill_only_missing_words_are_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_library(tmp_path, HashingEmbedder()) as library:
        library.publish(document("a", *[f"đoạn {n} của tổ" for n in range(6)]))
        words = library.lexical[Audience.PUBLIC, "documents"]
        numbers = sorted(words.known())
        words.remove(numbers[:2])  # a kill came before these were written
        library.record.set_state("writing", "a")
    written: list[int] = []
    add = LexicalIndex.add

    def noting(self: LexicalIndex, passages: Iterable[tuple[int, Mapping[str, str]]]) -> None:
        rows = list(passages)
        written.extend(number for number, _ in rows if number > 0)
        add(self, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(LexicalIndex, "add", noting)
    with open_library(tmp_path, HashingEmbedder()) as library:
        assert written == numbers[:2]
        assert faults(library) == []
