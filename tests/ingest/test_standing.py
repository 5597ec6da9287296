"""What a look at a folder costs, and what it sees of sidecars."""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ingest.standing import Standing
from ingest.sync import scan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENTS = 20
AHEAD_S = 3_600


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each folder was listed."""
    counted: Counter[str] = Counter()
    scandir = os.scandir

    def count(folder: str) -> Iterator[os.DirEntry[str]]:
        counted[str(folder)] += 1
        return scandir(folder)

    monkeypatch.setattr("os.scandir", count)
    return counted


def test_a_folder_whose_clock_is_ahead_is_listed_once(tmp_path: Path, listed: Counter[str]) -> None:
    for number in range(DOCUMENTS):
        (tmp_path / f"{number}.txt").write_text("Tổ hòa giải họp hằng tháng.", encoding="utf-8")
        (tmp_path / f"{number}.txt.meta.yaml").write_text("audience: member\n", encoding="utf-8")
    os.utime(tmp_path, (time.time() + AHEAD_S,) * 2)
    Standing(tmp_path, 1.0).look(0.0)
    assert listed[str(tmp_path)] == 1
    with scan(tmp_path, collection="c") as found:
        assert len(found.hashes) == DOCUMENTS
    assert listed[str(tmp_path)] == 2


def test_an_edited_sidecar_of_no_document_is_seen(tmp_path: Path) -> None:
    for ending in ("docx", "pdf"):
        (tmp_path / f"a.{ending}").write_bytes(b"x")
    stray = tmp_path / "a.meta.yaml"
    stray.write_text("audience: public", encoding="utf-8")
    standing = Standing(tmp_path, 1.0)
    for now in (0.0, 5.0):
        standing.look(now)
    standing.synced(standing.moving(5.0))
    stray.write_text("audience: member", encoding="utf-8")
    os.utime(stray, (0, 0))
    for now in (10.0, 15.0):
        standing.look(now)
    assert standing.differs(standing.moving(15.0))


def test_what_lies_in_a_folder_that_cannot_be_listed_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "trong"
    inner.mkdir()
    (inner / "a.txt").write_bytes(b"x")
    standing = Standing(tmp_path, 1.0)
    standing.look(0.0)
    standing.synced(frozenset())
    scandir = os.scandir

    def refuse(folder: str) -> Iterator[os.DirEntry[str]]:
        if str(folder) == str(inner):
            raise PermissionError(13, "no", str(inner))
        return scandir(folder)

    monkeypatch.setattr("os.scandir", refuse)
    standing.look(5.0)
    assert not standing.differs(frozenset())
