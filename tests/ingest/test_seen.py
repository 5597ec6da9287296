"""A file that was not touched is not read again; one that was is, whatever its size and time say."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest

from ingest.document import Defaults, file_hash
from ingest.errors import UnreadableFile
from ingest.seen import FILE, Seen
from ingest.sync import scan
from knowledge.model import Audience

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = 1_000_000_000_000_000_000  # ns; the system's own time of the file stays that of now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files."""
    made = tmp_path / "hop"
    made.mkdir()
    for name in ("a.txt", "b.txt"):
        (made / name).write_text("Tổ hòa giải họp hằng tháng.", encoding="utf-8")
    return made


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock an hour on: the files are no longer young."""
    now = time.time() + 3_600
    monkeypatch.setattr("ingest.seen.time.time", lambda: now)


def _hashes(folder: Path, data: Path, *, rehash: bool = False) -> dict[str, str]:
    with scan(folder, collection="hop", seen=Seen.in_data(data, folder, rehash=rehash)) as found:
        return found.hashes


def _make_wrong(data: Path) -> None:
    """Put a wrong hash beside every file remembered, to tell what is read from what is remembered."""
    with sqlite3.connect(data / "cache" / FILE) as db:
        db.execute("UPDATE files SET hash = 'remembered'")
    db.close()


def test_what_is_remembered_is_what_reading_gives(folder: Path, tmp_path: Path, later: None) -> None:
    with scan(folder, collection="hop") as found:
        read = found.hashes
    assert _hashes(folder, tmp_path) == _hashes(folder, tmp_path) == read


def test_an_untouched_file_is_not_read_again(folder: Path, tmp_path: Path, later: None) -> None:
    _hashes(folder, tmp_path)
    _make_wrong(tmp_path)
    assert set(_hashes(folder, tmp_path).values()) == {"remembered"}
    assert "remembered" not in _hashes(folder, tmp_path, rehash=True).values()
    assert "remembered" not in _hashes(folder, tmp_path).values()  # and is right from then on


def test_a_file_with_its_size_and_time_put_back_is_found(folder: Path, tmp_path: Path, later: None) -> None:
    path = folder / "a.txt"
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    before = _hashes(folder, tmp_path)
    path.write_text("Tổ hòa giải họp hằng quý…", encoding="utf-8")
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    after = _hashes(folder, tmp_path)
    assert before["hop/a.txt"] != after["hop/a.txt"]
    assert before["hop/b.txt"] == after["hop/b.txt"]


def test_rehash_finds_what_no_time_tells(folder: Path, tmp_path: Path, later: None) -> None:
    """A file system that keeps no times of its own: the file is as it was remembered, but for its words."""
    _hashes(folder, tmp_path)
    _make_wrong(tmp_path)  # that is: what is remembered is not what the file says
    with scan(folder, collection="hop") as found:
        assert _hashes(folder, tmp_path) != found.hashes
        assert _hashes(folder, tmp_path, rehash=True) == found.hashes


def test_a_young_file_is_read_again(folder: Path, tmp_path: Path) -> None:
    """It may be written to once more within the tick of the clock that marks it."""
    _hashes(folder, tmp_path)
    assert not (tmp_path / "cache" / FILE).exists()


def test_a_changed_sidecar_and_another_audience_are_seen(folder: Path, tmp_path: Path, later: None) -> None:
    first = _hashes(folder, tmp_path)
    (folder / "a.txt.meta.yaml").write_text("audience: member\n", encoding="utf-8")
    second = _hashes(folder, tmp_path)
    assert first["hop/a.txt"] != second["hop/a.txt"]
    members = Defaults(audience=Audience.MEMBER)
    path = folder / "b.txt"
    assert Seen.in_data(tmp_path, folder).hash_of(path, members) == file_hash(path, members)


def test_folders_do_not_forget_for_each_other_and_forget_what_is_gone(
    folder: Path, tmp_path: Path, later: None
) -> None:
    other = tmp_path / "khac"
    other.mkdir()
    (other / "c.txt").write_text("Khác.", encoding="utf-8")
    _hashes(folder, tmp_path)
    _hashes(other, tmp_path)
    (folder / "b.txt").unlink()
    _hashes(folder, tmp_path)
    with sqlite3.connect(tmp_path / "cache" / FILE) as db:
        assert db.execute("SELECT count(*) FROM files").fetchone() == (2,)
    db.close()


def test_a_spoilt_memory_costs_time_and_no_more(folder: Path, tmp_path: Path, later: None) -> None:
    right = _hashes(folder, tmp_path)
    (tmp_path / "cache" / FILE).write_bytes(b"no database" * 1_000)
    assert _hashes(folder, tmp_path) == right


def test_it_holds_no_name_and_no_text(folder: Path, tmp_path: Path, later: None) -> None:
    _hashes(folder, tmp_path)
    held = (tmp_path / "cache" / FILE).read_bytes()
    assert b"a.txt" not in held
    assert "hòa giải".encode() not in held


def test_a_file_that_is_gone_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        Seen(None, folder).hash_of(folder / "none.txt", None)
