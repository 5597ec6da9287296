"""What the benchmark of ingest measures with: folders that stay the same, vectors that are no model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.ingest_scale import StandInEmbedder
from benchmarks.made_up_folder import MIXED, write_folder
from ingest.document import read_document

if TYPE_CHECKING:
    from pathlib import Path

POOL = [
    f"Tổ hòa giải số {number} họp tại nhà văn hóa và ghi biên bản từng buổi một cách đầy đủ."
    for number in range(60)
]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.*") if not path.name.startswith("."))


def test_a_made_up_folder_is_the_same_each_time_and_every_paragraph_a_passage(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_folder(tmp_path / name, POOL, 12, paragraphs=3)
    first, second = _files(tmp_path / "a"), _files(tmp_path / "b")
    assert [path.read_bytes() for path in first if path.suffix != ".docx"] == [
        path.read_bytes() for path in second if path.suffix != ".docx"
    ]
    assert {path.suffix[1:] for path in first} <= MIXED.keys()
    drafts = [read_document(path, key=path.name) for path in first if path.suffix == ".txt"]
    assert drafts
    assert {len(draft.passages) for draft in drafts} == {3}


def test_a_folder_that_is_there_is_used_again_and_another_is_made_anew(tmp_path: Path) -> None:
    write_folder(tmp_path / "a", POOL, 2, paragraphs=1)
    stamp = [path.stat().st_ino for path in _files(tmp_path / "a")]
    write_folder(tmp_path / "a", POOL, 2, paragraphs=1)
    assert [path.stat().st_ino for path in _files(tmp_path / "a")] == stamp
    write_folder(tmp_path / "a", POOL, 3, paragraphs=1)
    assert len(_files(tmp_path / "a")) == 3


def test_the_stand_in_gives_a_text_one_unit_vector_and_counts() -> None:
    one, other = StandInEmbedder(), StandInEmbedder()
    vectors = one.embed_documents(["chữ", "khác"])
    assert vectors[0] == other.embed_documents(["chữ"])[0] != vectors[1]
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)
    assert (one.embedded, other.embedded) == (2, 1)
