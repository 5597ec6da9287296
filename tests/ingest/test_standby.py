"""A worker that stays reads every file as a fresh one would, and no file finds anything of another."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ingest import sandbox, walls
from ingest.errors import IngestError, TookTooLong
from ingest.standby import COPIED_LIMIT, Standby, standing_by, used_here
from tests.ingest import needs
from tests.ingest.builders import docx, paragraph, pdf
from tests.ingest.office_builders import xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30.0
_SENTENCE = "Tổ hòa giải thôn họp vào ngày mười lăm hằng tháng tại nhà văn hóa. "
_PAGE = f"<html><body><article><h1>Hòa giải</h1>{f'<p>{_SENTENCE * 3}</p>' * 3}</article></body></html>"


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Standby]:
    """A worker behind the real walls whose loaders do what its kinds say."""
    seen = {sys.base_prefix, sys.prefix, *(str(ROOT / name) for name in ("ingest", "knowledge", "tests"))}
    with Standby(
        [sys.executable, "-B", "-s", "-P", "-m", "tests.fakes.hostile_standby"],
        room=walls.Room(reads={path: path for path in sorted(seen)}, is_bare=True),
        limits=walls.Limits(seconds=60, memory=2_000_000_000, file_bytes=0),
        environment={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    ) as standby:
        yield standby


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A file."""
    path = tmp_path / "a.txt"
    path.write_text("chữ", encoding="utf-8")
    return path


def _told(standby: Standby, deed: str, path: Path) -> Any:
    done = standby.read(deed, path, SECONDS)
    assert done is not None
    return json.loads(done.answer)["told"]


def test_it_reads_what_a_fresh_process_reads(tmp_path: Path) -> None:
    """Each kind gives the same blocks, and each error the same name."""
    files = {
        "docx": docx(paragraph("Hòa giải", style="H1"), paragraph(_SENTENCE)),
        "pdf": pdf([[_SENTENCE], [_SENTENCE]]),
        "html": _PAGE.encode(),
        "xlsx": xlsx({"A": [["Tên", "Số"], ["Tổ 1", 1]]}),
        "odt": b"nothing of the kind",
    }
    for kind, data in files.items():
        (tmp_path / f"a.{kind}").write_bytes(data)

    def all_of_them() -> list[Any]:
        found: list[Any] = []
        for kind in files:
            try:
                found.append(sandbox.extract(kind, tmp_path / f"a.{kind}"))
            except IngestError as error:
                found.append((error.code, error.fields))
        return found

    alone = all_of_them()
    with used_here(sandbox.new_standby()):
        standby = standing_by()
        assert standby is not None
        assert standby.read("docx", tmp_path / "a.docx", SECONDS) is not None  # it does stand by
        assert all_of_them() == alone
    assert standing_by() is None


def test_every_file_has_a_process_of_its_own_from_one_that_stays(hostile: Standby, document: Path) -> None:
    first, second = (_told(hostile, "tell", document) for _ in range(2))
    assert first[0] == second[0] == "chữ"
    assert first[1] != second[1]
    assert first[2] == second[2]


def test_a_document_cannot_be_changed_by_who_reads_it(hostile: Standby, document: Path) -> None:
    assert "done" not in _told(hostile, "write_back", document)
    assert document.read_text("utf-8") == "chữ"
    assert _told(hostile, "tell", document)[0] == "chữ"


@needs.bubblewrap
def test_a_child_reaches_neither_its_parent_nor_its_socket(hostile: Standby, document: Path) -> None:
    assert _told(hostile, "peer_at_parent", document) == ["PermissionError", "PermissionError"]
    assert _told(hostile, "speak_for_parent", document) == []


@needs.bubblewrap
def test_a_child_finds_no_place_to_leave_things_no_other_file_and_no_network(
    hostile: Standby, document: Path
) -> None:
    assert set(_told(hostile, "leave_things", document)) == {"OSError"}
    outside = _told(hostile, "go_out", document)
    assert outside[:3] == [False, [], None]
    assert outside[3] != "done"


@needs.bubblewrap
def test_whoever_leaves_a_process_behind_is_followed_by_a_new_worker(
    hostile: Standby, document: Path
) -> None:
    first, second = (_told(hostile, "tell", document)[1] for _ in range(2))
    assert first < second
    assert _told(hostile, "linger", document) == "lingering"
    assert _told(hostile, "tell", document)[1] == first  # numbers begin anew: another space of processes


def test_after_a_crash_the_file_is_asked_for_again_and_others_go_on(hostile: Standby, document: Path) -> None:
    assert hostile.read("die", document, SECONDS) is None
    assert _told(hostile, "tell", document)[0] == "chữ"


def test_a_file_that_takes_too_long_is_left(hostile: Standby, document: Path) -> None:
    begun = time.monotonic()
    done = hostile.read("sleep", document, 0.5)
    assert done is not None
    assert done.late
    assert time.monotonic() - begun < SECONDS
    assert _told(hostile, "tell", document)[0] == "chữ"


def test_a_worker_that_cannot_be_had_leaves_the_file_to_a_fresh_process(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(docx(paragraph(_SENTENCE)))
    missing = Standby(
        [sys.executable, "-c", "raise SystemExit(1)"],
        room=walls.Room(reads={path: path for path in (sys.base_prefix, sys.prefix)}),
        limits=walls.Limits(seconds=10, memory=2_000_000_000, file_bytes=0),
        environment={"PATH": "/usr/bin:/bin"},
    )
    with used_here(missing):
        assert _SENTENCE.strip() in sandbox.extract("docx", path).blocks[0].text


def test_a_large_file_is_not_copied_into_memory(hostile: Standby, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(COPIED_LIMIT + 1)
    assert hostile.read("tell", path, SECONDS) is None


def test_the_clock_of_the_caller_holds_here_too(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([[_SENTENCE]] * 40))
    with used_here(sandbox.new_standby()), pytest.raises(TookTooLong):
        sandbox.extract("pdf", path, seconds=0.01)
