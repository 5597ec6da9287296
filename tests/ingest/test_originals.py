"""The store of originals: whole or not there, once for each content, for nobody else's eyes."""

from __future__ import annotations

import hashlib
import os
import resource
import stat
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ingest.errors import EmptyFile, FileChanged, IngestError, NoRoom, NotAFile, TooLarge, UnreadableFile
from ingest.media_types import media_type_of
from ingest.originals import Originals, original_of
from ingest.sniff import FILE_LIMIT
from knowledge.model import Original
from tests.fakes.killing import started

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

CONTENT = "Kế hoạch vét giếng làng Cổ Ngư.\n".encode() * 1_000
WAIT_S = 60


@pytest.fixture
def store(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "data" / "originals")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kế hoạch.txt"
    path.write_bytes(CONTENT)
    return path


def stored_in(tmp_path: Path) -> list[str]:
    """The names of all files of the store but its lock."""
    root = tmp_path / "data" / "originals"
    return sorted(path.name for path in root.rglob("*") if path.is_file() and path.name != ".lock")


def test_a_kept_file_is_the_same_byte_by_byte_and_the_operators_alone(
    store: Originals, file: Path, tmp_path: Path
) -> None:
    original = original_of(file)
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert original == Original(
        sha256=digest, name="kế hoạch.txt", media_type="text/plain", size=len(CONTENT)
    )
    assert store.path(digest) is None
    store.keep(file, original)
    kept = store.path(digest)
    assert kept is not None
    assert kept.read_bytes() == CONTENT
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    folders = [path for path in (tmp_path / "data" / "originals").rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_one_content_under_two_names_is_kept_once(store: Originals, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "bản sao.txt"
    other.write_bytes(CONTENT)
    for path in (file, other, file):
        store.keep(path, original_of(path))
    assert stored_in(tmp_path) == [hashlib.sha256(CONTENT).hexdigest()]


def test_a_file_that_changed_since_it_was_read_is_not_kept(
    store: Originals, file: Path, tmp_path: Path
) -> None:
    original = original_of(file)
    file.write_bytes(CONTENT + b"!")
    with pytest.raises(FileChanged):
        store.keep(file, original)
    assert stored_in(tmp_path) == []


def test_what_is_no_document_is_refused_by_name(store: Originals, file: Path, tmp_path: Path) -> None:
    original = original_of(file)
    os.mkfifo(tmp_path / "ống.txt")
    (tmp_path / "rỗng.txt").touch()
    with (tmp_path / "to.txt").open("wb") as big:
        big.truncate(FILE_LIMIT + 1)
    bad: dict[str, type[IngestError]] = {
        "ống.txt": NotAFile,
        "to.txt": TooLarge,
        "không có.txt": UnreadableFile,
        "data": UnreadableFile,
    }
    (tmp_path / "data").mkdir()
    for name, error in bad.items():
        with pytest.raises(error):
            original_of(tmp_path / name)
        with pytest.raises(error):
            store.keep(tmp_path / name, original)
    with pytest.raises(EmptyFile):
        original_of(tmp_path / "rỗng.txt")
    assert stored_in(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "é" * 64, "a" * 32 + "/" * 32]
)
def test_only_a_digest_becomes_a_path(store: Originals, file: Path, tmp_path: Path, name: str) -> None:
    store.keep(file, original_of(file))
    assert store.path(name) is None
    with pytest.raises(FileChanged):
        store.keep(file, replace(original_of(file), sha256=name))
    store.drop([name])
    assert len(stored_in(tmp_path)) == 1


def keep_with_little_room(told: Connection, root: Path, file: Path) -> None:
    """Keep *file* where no file may grow as large, as on a full disk; tell what came of it."""
    store, original = Originals(root), original_of(file)
    resource.setrlimit(resource.RLIMIT_FSIZE, (original.size // 2, resource.RLIM_INFINITY))
    try:
        store.keep(file, original)
        told.send("kept")
    except IngestError as error:
        told.send(error.code)


def test_a_full_disk_leaves_nothing_half(store: Originals, file: Path, tmp_path: Path) -> None:
    file.write_bytes(os.urandom(3_000_000))
    with started(keep_with_little_room, tmp_path / "data" / "originals", file) as (process, told):
        assert told.poll(WAIT_S)
        assert told.recv() == NoRoom.code
        process.join(WAIT_S)
    assert stored_in(tmp_path) == []
    store.keep(file, original_of(file))
    assert len(stored_in(tmp_path)) == 1


def keep_for_ever(told: Connection, root: Path, folder: Path) -> None:
    """Keep one file after the other, telling before each."""
    store = Originals(root)
    for file in sorted(folder.iterdir()):
        original = original_of(file)
        told.send(original.sha256)
        store.keep(file, original)
    told.send("done")


def test_killed_while_it_keeps_files_the_store_holds_only_whole_ones(tmp_path: Path) -> None:
    """SIGKILL in the middle of a copy: what is under a digest's name has that digest."""
    folder, root = tmp_path / "nguồn", tmp_path / "data" / "originals"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.bin").write_bytes(os.urandom(2_000_000))
    for steps in (2, 5):
        with started(keep_for_ever, root, folder) as (process, told):
            for _ in range(steps):
                assert told.poll(WAIT_S)
                told.recv()
            process.kill()
            process.join(WAIT_S)
    store = Originals(root)
    for path in root.glob("*/*"):
        if not path.name.startswith(".new-"):
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    for file in folder.iterdir():
        store.keep(file, original_of(file))
    wanted = {original_of(file).sha256 for file in folder.iterdir()}
    store.sweep(wanted, grace_s=-1)
    assert set(stored_in(tmp_path)) == wanted, "what a kill left is swept, and what is referred to stays"


def test_a_sweep_spares_what_is_referred_to_and_what_is_on_its_way_in(
    store: Originals, tmp_path: Path
) -> None:
    names = []
    for number in range(3):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"nội dung {number}")
        store.keep(path, original_of(path))
        names.append(original_of(path).sha256)
    assert store.sweep(names[:1]) == 0
    old = store.path(names[1])
    assert old is not None
    os.utime(old, (0, 0))
    assert store.sweep(names[:1]) == 1
    assert set(stored_in(tmp_path)) == {names[0], names[2]}
    last = store.path(names[2])
    assert last is not None
    os.utime(last, (0, 0))
    store.keep(tmp_path / "2.txt", original_of(tmp_path / "2.txt"))  # somebody brings it in again
    assert store.sweep(names[:1]) == 0
    store.drop(names)
    assert stored_in(tmp_path) == []
    assert Originals(tmp_path / "nirgends").sweep([]) == 0


def test_many_at_once_keep_one_file(store: Originals, file: Path, tmp_path: Path) -> None:
    original, barrier, failures = original_of(file), threading.Barrier(4), []

    def keep() -> None:
        barrier.wait(WAIT_S)
        try:
            store.keep(file, original)
        except Exception as failure:  # noqa: BLE001 - shown by the test
            failures.append(failure)

    threads = [threading.Thread(target=keep, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert failures == []
    assert stored_in(tmp_path) == [original.sha256]


@pytest.mark.parametrize(
    ("head", "suffix", "wanted"),
    [
        (b"%PDF-1.7", ".pdf", "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.4", ".txt", "application/pdf"),
        (b"\x89PNG\r\n", ".jpg", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBP", ".webp", "image/webp"),
        (b"<html><script>", ".pdf", "text/html"),
        (b"<svg onload=x>", ".html", "text/html"),
        (b"<svg onload=x>", ".png", "text/plain"),
        (b"PK\x03\x04", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04", ".pdf", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc", "application/msword"),
        (b"{\\rtf1", ".doc", "application/rtf"),
        ("Kế hoạch".encode(), ".txt", "text/plain"),
    ],
)
def test_the_content_tells_the_media_type(head: bytes, suffix: str, wanted: str) -> None:
    assert media_type_of(head, suffix) == wanted
