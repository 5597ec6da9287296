"""What a parser that a file has taken over finds: nothing of ours, no network, an end."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import pytest

from ingest import libreoffice, sandbox, walls
from ingest.document import read_document
from ingest.errors import BrokenFile, FileChanged, IngestError, NoRoom
from ingest.reading import standing_still
from tests.ingest import needs
from tests.ingest.builders import docx, paragraph, pdf
from tests.ingest.office_builders import opendocument, pptx, xlsx, zipped

_LIMITS = walls.Limits(seconds=20, memory=2_000_000_000, file_bytes=0)
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def _python(code, *, room=None, limits=_LIMITS):
    program = shutil.which("python3", path="/usr/bin") or sys.executable
    return walls.run(
        [program, "-c", code], room=room or walls.Room(), limits=limits, environment=_ENVIRONMENT
    )


def _save(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


def _code(path):
    with pytest.raises(IngestError) as caught:
        read_document(path, key="k")
    return caught.value.code


def test_nothing_of_our_environment_goes_along(monkeypatch):
    monkeypatch.setenv("BINHAN_SECRET", "x")
    assert b"BINHAN_SECRET" not in _python("import os; print(dict(os.environ))").answer


def test_a_process_that_does_not_end_is_ended_with_its_children():
    start = time.monotonic()
    code = "import subprocess, time; subprocess.Popen(['sleep', '987']); time.sleep(900)"
    assert not _is_running(b"sleep\x00987\x00")
    done = _python(code, limits=walls.Limits(seconds=1, memory=2_000_000_000, file_bytes=0))
    assert done.late
    assert time.monotonic() - start < 15
    while _is_running(b"sleep\x00987\x00"):  # a killed process stays in the list until it is reaped
        assert time.monotonic() - start < 15
        time.sleep(0.05)


def test_a_child_that_leaves_the_group_cannot_keep_us_waiting():
    start = time.monotonic()
    code = "import subprocess; subprocess.Popen(['sleep', '30'], start_new_session=True)"
    _python(code, limits=walls.Limits(seconds=2, memory=2_000_000_000, file_bytes=0))
    assert time.monotonic() - start < 15


def test_an_answer_without_end_is_none():
    done = _python(
        "while True: print('x' * 1_000_000)", limits=walls.Limits(seconds=60, memory=10**9, file_bytes=0)
    )
    assert done.answer == b""


def _is_running(command):
    """Whether a process of this machine has *command*; what bubblewrap hides is seen from outside."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(entry.read_bytes() == command)
        except OSError:
            continue
    return any(found)


def test_memory_and_files_have_an_end(tmp_path):
    small = walls.Limits(seconds=20, memory=300_000_000, file_bytes=0)
    assert (
        b"MemoryError"
        in _python(
            "\ntry:\n    bytes(10**9)\nexcept MemoryError as error:\n    print(type(error).__name__)",
            limits=small,
        ).answer
    )
    room = walls.Room(writes=str(tmp_path))
    inside = "/out" if walls.walls_stand() else str(tmp_path)
    _python(f"open('{inside}/x', 'wb').write(b'x' * 1000)", room=room)
    assert not (tmp_path / "x").exists() or not (tmp_path / "x").stat().st_size


@needs.bubblewrap
def test_behind_bubblewrap_stand_no_files_of_ours_and_no_network(tmp_path):
    secret = _save(tmp_path, "secret", b"x")
    given = _save(tmp_path, "given", "đọc được".encode())
    code = (
        "import os, socket\n"
        f"print(*map(os.path.exists, ('{secret}', '/root', '/home')), open('/in/f').read())\n"
        "try:\n    socket.create_connection(('1.1.1.1', 53), timeout=2)\n"
        "except OSError:\n    print('no network')\n"
        "try:\n    open('/in/f', 'a')\nexcept OSError:\n    print('read only')\n"
    )
    told = _python(code, room=walls.Room(reads={str(given): "/in/f"})).answer.decode()
    assert told == "False False False đọc được\nno network\nread only\n"


def test_a_worker_that_speaks_nonsense_is_a_broken_file(tmp_path, monkeypatch):
    paper = _save(tmp_path, "a.pdf", pdf([["Chữ"]]))
    for answer in (b"", b"[]", b'{"blocks": 3}', b'{"error": "SystemExit", "fields": {}}', b"{"):
        monkeypatch.setattr(
            walls, "run", lambda *_, answer=answer, **__: walls.Done(answer=answer, code=0, late=False)
        )
        with pytest.raises(BrokenFile):
            sandbox.extract("pdf", paper)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ("a.xlsx", xlsx({"A": [["Tên", "Số"]]})),
        lambda: ("a.pptx", pptx([("Báo tin", ["Gọi 113."])])),
        lambda: ("a.odt", opendocument("odt", "<text:p>Chữ.</text:p>")),
        lambda: ("a.docx", docx(paragraph("Chữ"))),
    ],
)
def test_office_files_cut_short_are_broken(tmp_path, make):
    name, data = make()
    assert _code(_save(tmp_path, name, data[: len(data) * 2 // 3])) == "broken_file"


def test_empty_office_files_have_no_text(tmp_path):
    assert _code(_save(tmp_path, "a.xlsx", xlsx({"A": [[""]]}))) == "no_text"
    assert _code(_save(tmp_path, "a.odt", opendocument("odt", "<text:p/>"))) == "no_text"
    assert _code(_save(tmp_path, "a.csv", b"\n")) == "no_text"
    assert _code(_save(tmp_path, "a.eml", b"")) == "empty_file"
    assert _code(_save(tmp_path, "a.xlsx", zipped({"x": b"y"}))) == "wrong_extension"


def test_locked_files_ask_for_the_password(tmp_path):
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    word = (
        container
        + "WordDocument".encode("utf-16-le").ljust(512, b"\0")
        + b"\xec\xa5"
        + bytes(9)
        + b"\x01"
        + bytes(500)
    )
    excel = (
        container
        + "Workbook".encode("utf-16-le").ljust(512, b"\0")
        + b"\x09\x08\x10\x00\x00\x06\x05\x00"
        + bytes(12)
        + b"\x2f\x00\x36\x00"
        + bytes(600)
    )
    for name, data in (("a.doc", word), ("a.xls", excel)):
        assert _code(_save(tmp_path, name, data)) == "encrypted_file"
    for name in ("b.xlsx", "b.ppt"):
        sealed = container + "EncryptedPackage".encode("utf-16-le") + bytes(600)
        assert _code(_save(tmp_path, name, sealed)) == "encrypted_file"
    manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    locked = opendocument("odt", "<text:p>x</text:p>", extra={"META-INF/manifest.xml": manifest})
    assert _code(_save(tmp_path, "a.odt", locked)) == "encrypted_file"


def test_an_svg_and_its_scripts_are_refused_by_name(tmp_path):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert _code(_save(tmp_path, "a.svg", drawing)) == "unsupported_kind"
    assert _code(_save(tmp_path, "a.png", drawing)) == "wrong_extension"
    assert _code(_save(tmp_path, "a.html", drawing)) == "wrong_extension"


def test_a_file_that_changes_while_it_is_read_is_named_so(tmp_path):
    path = _save(tmp_path, "a.txt", "Tổ hòa giải họp hằng tháng.".encode())
    with pytest.raises(FileChanged), standing_still(path):
        path.write_bytes("Tổ hòa giải họp hằng quý.".encode())
    other = _save(tmp_path, "b.txt", path.read_bytes())
    with pytest.raises(FileChanged), standing_still(path):
        other.replace(path)


def test_a_full_disk_for_temporary_files_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(libreoffice, "can_convert", lambda _: True)
    monkeypatch.setattr(walls, "run", lambda *_, **__: walls.Done(answer=b"", code=1, late=False))
    monkeypatch.setattr(libreoffice.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))  # noqa: SLF001
    with pytest.raises(NoRoom), libreoffice.converted(_save(tmp_path, "a.rtf", b"{\\rtf1 x}"), "rtf"):
        pass


@needs.libreoffice
def test_what_libreoffice_may_write_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(libreoffice, "_OUTPUT_LIMIT", 10)
    assert _code(_save(tmp_path, "a.rtf", b"{\\rtf1 Mot dong chu.}")) in {"broken_file", "no_room"}
