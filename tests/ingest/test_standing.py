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
