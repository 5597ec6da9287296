"""Marks are put back with the corpus's own words; what was typed with marks stays."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.folding import fold, has_marks, syllables
from knowledge.text.restore import Restorer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CORPUS = [
    "Hòa giải viên giúp hàng xóm làm hòa.\nTổ hòa giải ở cơ sở.",
    "Báo công an xã khi có tội phạm. Công an xã nhận tin báo.",
    "Bảo vệ bí mật người báo tin. Bảo vệ trẻ em.",
    "cong an xa khong dau",
]
RESTORER = Restorer.build(CORPUS)
WRITTEN = sorted({word for text in CORPUS[:3] for word in syllables(text)})
words = st.lists(st.sampled_from([*map(fold, WRITTEN), "zux", "113", "ok"]), max_size=12)


def test_neighbours_decide_between_two_spellings() -> None:
    """`bao` is báo beside `tin` and bảo beside `vệ`."""
    assert RESTORER.restore("bao ve nguoi bao tin") == "bảo vệ người báo tin"
    assert RESTORER.restore("CONG AN XA nhan tin?") == "công an xã nhận tin"


def test_words_that_the_corpus_writes_so_stay_as_typed() -> None:
    """Even where another spelling would be likelier."""
    assert RESTORER.restore("báo vệ") == "báo vệ"
    for word in WRITTEN:
        assert not has_marks(word) or RESTORER.restore(word) == word


def test_what_the_corpus_does_not_know_stays_as_typed() -> None:
    assert RESTORER.restore("zux 113 ok") == "zux 113 ok"
    assert Restorer.build([]).restore("hoa giai") == "hoa giai"
    assert RESTORER.restore("") == RESTORER.restore(" ?! ") == ""


def test_lines_without_marks_teach_nothing() -> None:
    """Or people's unmarked question variants would teach that words have no marks."""
    assert "dau" not in RESTORER.vocabulary
    assert RESTORER.restore("cong an") == "công an"


@given(words, st.sampled_from([str, str.upper]))
def test_only_marks_are_added(typed: list[str], spell: Callable[[str], str]) -> None:
    text = spell(" ".join(typed))
    restored = RESTORER.restore(text)
    assert [fold(word) for word in syllables(restored)] == [fold(word) for word in syllables(text)]


@given(st.text(max_size=200))
def test_no_text_raises_and_no_word_becomes_another(text: str) -> None:
    before, after = syllables(text), RESTORER.restore(text).split()
    assert len(after) == len(before)
    for typed, restored in zip(before, after, strict=True):
        assert fold(restored) == fold(typed)


def test_what_was_learnt_is_saved_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "restorer.json.gz"
    RESTORER.save(file)
    again = Restorer.load(file)
    assert all(fold(word) in again.vocabulary for word in WRITTEN)
    assert again.restore("bao ve nguoi bao tin") == "bảo vệ người báo tin"
    assert [part.name for part in file.parent.iterdir()] == [file.name]


def test_no_file_or_one_of_another_format_is_an_empty_restorer(tmp_path: Path) -> None:
    file = tmp_path / "restorer.json.gz"
    assert "hoa" not in Restorer.load(file).vocabulary
    file.write_bytes(gzip.compress(json.dumps({"format": 99, "words": []}).encode()))
    assert Restorer.load(file).restore("hoa giai") == "hoa giai"
