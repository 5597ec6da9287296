"""A folder is kept turn by turn: still files go in, lost shares take nothing out, things are told once."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import zipfile
from contextlib import contextmanager
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

from ingest.document import Defaults
from ingest.errors import UnreadableFile
from ingest.folder_events import FolderEvents, is_shared
from ingest.folder_files import files_below
from ingest.sync import Scan, plan
from ingest.trust.flags import Code, Flag, HeldForPerson
from ingest.watched import FolderTold, WatchedFolder, lost
from ingest.watching import AGAIN_S, REST_S, FolderKeeper
from knowledge.errors import KnowledgeUnavailable
from tests.fakes.library import FakeLibrary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.model import DocumentDraft

SENTENCE = "Tổ hòa giải thôn họp vào ngày mười lăm hằng tháng tại nhà văn hóa."
QUIET = 2.0
SOON_S = 30.0  # far more than a loaded machine needs


class Shelf(FakeLibrary):
    """A library that holds what says OTP, and breaks when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.finished = 0
        self.is_broken = False
        self.asked: list[str] = []
        self.forgot: list[set[str]] = []

    def hashes(self, prefix: str) -> dict[str, str]:
        if self.is_broken:
            raise KnowledgeUnavailable(part="service")
        return super().hashes(prefix)

    def publish(self, draft: DocumentDraft) -> None:
        self.asked.append(draft.meta.key)
        if "OTP" in draft.passages[0].text:
            raise HeldForPerson((Flag(Code.FAKE_POLICE, "", "OTP"),))
        super().publish(draft)

    def forget_missing(self, prefix: str, found: Any) -> None:
        self.forgot.append({key for key in found if key.startswith(prefix)})

    def finish(self) -> None:
        self.finished += 1


class World:
    """One folder, its keeper, a clock that we move, and what was told."""

    def __init__(self, root: Path, *, may_remove: bool = False) -> None:
        self.root = root
        self.shelf = Shelf()
        self.told: list[FolderTold] = []
        self.now = 1_000.0
        self.keeper = FolderKeeper(
            WatchedFolder(root=root, collection="xa", defaults=Defaults(area="Xã Đồng Me")),
            door=lambda _paths: self._door(),
            finish=self.shelf.finish,
            tell=self.told.append,
            may_remove=may_remove,
            quiet_s=QUIET,
            clock=lambda: self.now,
        )

    @contextmanager
    def _door(self) -> Iterator[Shelf]:
        yield self.shelf

    def write(self, name: str, text: str = SENTENCE) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Xóm {path.stem} cho hay. {text}", encoding="utf-8")
        return path

    def turn(self, later: float = 0.0) -> float:
        self.now += later
        return self.keeper.turn()

    def settle(self) -> None:
        """Look, let everything stand still, and bring it in."""
        self.turn()
        self.turn(QUIET)

    def said(self) -> list[str]:
        """What was told since the last call."""
        rows = [
            f"{told.outcome.action.value} {told.outcome.key}" if told.outcome else told.kind
            for told in self.told
        ]
        self.told.clear()
        return rows


@pytest.fixture
def world(tmp_path) -> World:
    root = tmp_path / "xa"
    root.mkdir()
    return World(root.resolve())


def test_a_file_goes_in_once_it_has_stood_still_and_the_others_do_not_wait_for_it(world: World):
    world.write("a.txt")
    world.write("b.txt")
    assert world.turn() < QUIET
    assert world.said() == []
    world.write("b.txt", f"{SENTENCE} {SENTENCE}")
    world.turn(QUIET)
    assert world.said() == ["added xa/a.txt"]
    assert world.shelf.drafts["xa/a.txt"].meta.area == "Xã Đồng Me"
    for length in range(3, 6):  # somebody goes on writing
        world.write("b.txt", SENTENCE * length)
        world.turn(QUIET)
    assert world.said() == []
    world.turn(QUIET)
    assert world.said() == ["added xa/b.txt"]
    assert world.turn() > QUIET
    assert (world.said(), world.shelf.finished) == ([], 2)


def test_what_changes_goes_or_is_renamed_is_followed(world: World):
    world.write("a.txt")
    world.write("con/b.txt")
    world.settle()
    world.said()
    world.write("a.txt", f"{SENTENCE} Ai cũng được mời.")
    (world.root / "con/b.txt").rename(world.root / "con/c.txt")
    world.settle()
    assert sorted(world.said()) == ["added xa/con/c.txt", "removed xa/con/b.txt", "updated xa/a.txt"]
    (world.root / "a.txt.meta.yaml").write_text("title: Lịch họp", encoding="utf-8")
    world.settle()
    assert world.said() == ["updated xa/a.txt"]
    assert world.shelf.drafts["xa/a.txt"].meta.title == "Lịch họp"


def test_a_sidecar_of_no_document_is_told_and_put_right_by_renaming(world: World):
    world.write("a.txt")
    (world.root / "la.meta.yaml").write_text("audience: member", encoding="utf-8")
    world.settle()
    assert world.said() == ["failed xa/la.meta.yaml", "added xa/a.txt"]
    (world.root / "la.meta.yaml").rename(world.root / "a.meta.yaml")
    world.settle()
    assert world.said() == ["updated xa/a.txt"]
    assert world.shelf.drafts["xa/a.txt"].meta.audience == "member"
    world.write("a.md")
    world.settle()
    assert sorted(world.said()) == ["failed xa/a.md", "failed xa/a.meta.yaml", "failed xa/a.txt"]


def test_what_cannot_be_read_and_is_for_fewer_people_is_closed_to_the_others(world: World):
    world.write("a.txt")
    world.settle()
    (world.root / "a.txt").write_bytes(b"")
    (world.root / "a.txt.meta.yaml").write_text("audience: officer", encoding="utf-8")
    world.said()
    world.settle()
    assert [told.outcome.narrowed_to for told in world.told if told.outcome] == ["officer"]
    assert world.said() == ["failed xa/a.txt"]
    assert world.shelf.drafts["xa/a.txt"].meta.audience == "officer"
    assert world.shelf.finished == 2


def test_a_save_that_takes_the_file_away_for_a_moment_is_no_removal(world: World):
    path = world.write("a.txt")
    world.settle()
    world.said()
    path.unlink()
    world.turn(1)
    world.write("a.txt", f"{SENTENCE} Ai cũng được mời.")
    world.turn(1)
    world.turn(QUIET)
    assert world.said() == ["updated xa/a.txt"]


def test_holds_and_failures_are_told_once_and_not_read_again(world: World):
    world.write("gia.txt", "Hãy đọc mã OTP cho cán bộ.")
    (world.root / "rong.txt").write_bytes(b"")
    (world.root / "hong.docx").write_bytes(b"PK\x03\x04 hong")
    world.write("a.txt")
    world.settle()
    expected = ["added xa/a.txt", "failed xa/hong.docx", "failed xa/rong.txt", "held xa/gia.txt"]
    assert sorted(world.said()) == expected
    world.shelf.asked.clear()
    for name in ("b.txt", "c.txt"):
        world.write(name)
        world.settle()
        assert world.said() == [f"added xa/{name}"]
    assert world.shelf.asked == ["xa/b.txt", "xa/c.txt"]
    world.write("gia.txt", "Đừng đọc mã OTP cho ai.")
    world.settle()
    assert world.said() == ["held xa/gia.txt"]
    world.write("gia.txt", "Bán rau ở chợ.")
    world.settle()
    assert world.said() == ["added xa/gia.txt"]


def test_what_may_work_next_time_is_tried_again_and_told_only_if_it_differs(world: World, monkeypatch):
    """A zip folder finds no room for its entries; later there is some. Its file never changes."""
    with zipfile.ZipFile(world.root / "goi.zip", "w") as folder:
        folder.writestr("a.txt", SENTENCE)
    with monkeypatch.context() as full:
        full.setattr(tempfile, "tempdir", "/nowhere")
        world.settle()
        assert [told.outcome.error for told in world.told if told.outcome] == ["no_room"]
        assert world.said() == ["failed xa/goi.zip"]
        world.turn(AGAIN_S)
        assert world.said() == []
    world.turn(AGAIN_S / 2)
    assert world.said() == []
    world.turn(AGAIN_S / 2)
    assert world.said() == ["added xa/goi.zip/a.txt"]


def test_a_folder_that_is_not_there_takes_nothing_out_and_is_told_once(world: World, tmp_path):
    world.write("a.txt")
    world.settle()
    world.said()
    world.root.rename(tmp_path / "elsewhere")
    for _ in range(5):
        world.turn(QUIET)
    assert world.said() == ["away"]
    assert set(world.shelf.drafts) == {"xa/a.txt"}
    (tmp_path / "elsewhere").rename(world.root)
    world.settle()
    world.turn(QUIET)
    assert world.said() == ["back"]
    assert set(world.shelf.drafts) == {"xa/a.txt"}


def test_an_empty_folder_where_a_share_was_takes_nothing_out(world: World):
    world.write("a.txt")
    world.settle()
    world.said()
    held = world.shelf.forgot
    held.clear()
    shutil.rmtree(world.root)
    world.root.mkdir()
    for _ in range(5):
        world.turn(QUIET)
    assert (world.said(), held) == (["loss"], [])
    assert set(world.shelf.drafts) == {"xa/a.txt"}
    world.write("a.txt")
    world.settle()
    assert world.said() == ["found"]


def test_most_of_many_waits_for_a_person_while_the_rest_goes_on(world: World):
    for number in range(10):
        world.write(f"{number}.txt")
    world.settle()
    world.said()
    for number in range(6):
        (world.root / f"{number}.txt").unlink()
    world.write("moi.txt")
    world.settle()
    loss = next(told for told in world.told if told.kind == "loss")
    assert (loss.count, loss.known) == (6, 10)
    assert sorted(world.said()) == ["added xa/moi.txt", "loss"]
    assert len(world.shelf.drafts) == 11
    for number in range(3):
        world.write(f"{number}.txt")
    world.settle()
    assert sorted(world.said()) == ["found", "removed xa/3.txt", "removed xa/4.txt", "removed xa/5.txt"]


def test_a_person_may_say_yes_beforehand(tmp_path):
    (tmp_path / "xa").mkdir()
    world = World((tmp_path / "xa").resolve(), may_remove=True)
    for number in range(10):
        world.write(f"{number}.txt")
    world.settle()
    world.said()
    for number in range(10):
        (world.root / f"{number}.txt").unlink()
    world.settle()
    assert len(world.said()) == 10
    assert world.shelf.drafts == {}


def test_a_folder_that_was_only_renamed_loses_nothing():
    found = {f"xa/moi/{number}": str(number) for number in range(12)}
    known = {f"xa/cu/{number}": str(number) for number in range(12)}
    assert lost(plan(found, known), found, known) == ()
    assert len(lost(plan({}, known), {}, known)) == 12


def test_what_lies_in_a_folder_that_cannot_be_listed_is_not_gone(tmp_path):
    closed: dict[Path, str] = {}
    assert list(files_below(tmp_path / "mat", closed)) == []
    assert closed == {tmp_path / "mat": "FileNotFoundError"}
    found = Scan(failed={"xa/con": UnreadableFile(reason="OSError")})
    assert found.comparable({"xa/con/a.txt": "1", "xa/contra.txt": "2"}) == {"xa/contra.txt": "2"}


def test_a_library_that_fails_is_told_once_and_tried_again(world: World):
    world.write("a.txt")
    world.shelf.is_broken = True
    world.settle()
    for _ in range(3):
        world.turn(REST_S + 1)
    trouble = [told.code for told in world.told]
    assert (world.said(), trouble) == (["trouble"], ["knowledge_unavailable"])
    world.shelf.is_broken = False
    world.turn(REST_S + 1)
    assert world.said() == ["added xa/a.txt"]


MOUNTS = """\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
40 22 0:50 / /mnt/chia\\040se rw - cifs //may-chu/vanban rw
41 40 8:2 / /mnt/chia\\040se/o-cung rw - ext4 /dev/sdb1 rw
42 22 0:51 / /home/lan/drive rw - fuse.rclone gdrive: rw
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/srv/van-ban", False),
        ("/mnt/chia se/2024", True),
        ("/mnt/chia se/o-cung/2024", False),
        ("/mnt/chia sex", False),
        ("/home/lan/drive", True),
    ],
)
def test_shares_of_other_machines_are_looked_at_again_and_again(tmp_path, folder, expected):
    assert is_shared(tmp_path.__class__(folder), MOUNTS) is expected


@pytest.mark.parametrize("poll_s", [0.0, 0.05])
def test_real_changes_wake_the_keeper_and_a_stop_ends_the_wait(tmp_path, poll_s):
    stop, woken = threading.Event(), Queue()
    events = FolderEvents(tmp_path, stop, poll_s=poll_s)
    polls: list[bool] = []

    def turn() -> float:
        woken.put(sorted(os.listdir(tmp_path)))  # noqa: PTH208 - names are enough
        return SOON_S

    thread = threading.Thread(target=events.drive, args=(turn, lambda: polls.append(True)))
    thread.start()
    try:
        assert woken.get(timeout=SOON_S) == []
        (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
        while woken.get(timeout=SOON_S) != ["a.txt"]:
            pass
    finally:
        stop.set()
        thread.join(timeout=SOON_S)
    assert not thread.is_alive()
    assert polls == ([True] if poll_s else [])


def test_a_folder_that_comes_back_is_watched_again(tmp_path):
    """Its watches went with the one before; only looking finds out."""
    stop, woken = threading.Event(), Queue()
    root = tmp_path / "xa"

    def turn() -> float:
        is_there = root.is_dir()
        woken.put(sorted(os.listdir(root)) if is_there else None)  # noqa: PTH208 - names are enough
        return SOON_S if is_there else 0.05

    thread = threading.Thread(target=FolderEvents(root, stop).drive, args=(turn,))
    thread.start()
    try:
        assert woken.get(timeout=SOON_S) is None
        root.mkdir()
        while woken.get(timeout=SOON_S) != []:
            pass
        (root / "a.txt").write_text(SENTENCE, encoding="utf-8")
        while woken.get(timeout=SOON_S) != ["a.txt"]:
            pass
    finally:
        stop.set()
        thread.join(timeout=SOON_S)
    assert not thread.is_alive()
