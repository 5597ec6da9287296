"""Zip folders: each entry a document of its own, by its own rules, under a name a person reads."""

from __future__ import annotations

import errno
import io
import json
import stat
import zipfile

import pytest

from ingest import archives
from ingest.archives import entry_name, unpack
from ingest.errors import BadEntry, BrokenFile, EncryptedFile, IngestError, NoRoom, TooLarge
from ingest.sync import Action, sync
from knowledge.model import Audience
from tests.fakes.library import FakeLibrary
from tests.ingest.builders import docx, paragraph
from tests.ingest.office_builders import zipped
from tests.ingest.old_encodings import as_cp1258

_SENTENCE = "Tổ hòa giải thôn họp vào ngày mười lăm hằng tháng tại nhà văn hóa."


def _run(folder, library):
    return {row.key: row for row in sync(folder, collection="hop", library=library, report=lambda _: None)}


def _save(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


def _unpacked(folder, data):
    (folder / "into").mkdir(exist_ok=True)
    return unpack(_save(folder, "a.zip", data), folder / "into")


def test_each_entry_is_a_document_and_a_bad_one_stops_nothing(tmp_path):
    entries = {
        "Kế hoạch/tuần tra.txt": _SENTENCE.encode(),
        "biên bản.docx": docx(paragraph(_SENTENCE)),
        "rỗng.txt": b"",
        "ảnh.exe": b"MZ",
        "__MACOSX/._x": b"x",
    }
    (tmp_path / "f").mkdir()
    _save(tmp_path / "f", "tài liệu.zip", zipped(entries))
    library = FakeLibrary()
    rows = _run(tmp_path / "f", library)
    assert set(library.drafts) == {
        "hop/tài liệu.zip/Kế hoạch/tuần tra.txt",
        "hop/tài liệu.zip/biên bản.docx",
    }
    failed = {key: row.error for key, row in rows.items() if row.action is Action.FAILED}
    assert failed == {
        "hop/tài liệu.zip/rỗng.txt": "empty_file",
        "hop/tài liệu.zip/ảnh.exe": "unsupported_kind",
    }
    assert {row.action for key, row in _run(tmp_path / "f", library).items() if key not in failed} == {
        Action.UNCHANGED
    }


def test_a_zip_that_has_gone_bad_keeps_what_was_published_of_it(tmp_path):
    (tmp_path / "f").mkdir()
    path = _save(tmp_path / "f", "a.zip", zipped({"a.txt": _SENTENCE.encode()}))
    library = FakeLibrary()
    _run(tmp_path / "f", library)
    path.write_bytes(path.read_bytes()[:-30])
    rows = _run(tmp_path / "f", library)
    assert rows["hop/a.zip"].error == "broken_file"
    assert set(library.drafts) == {"hop/a.zip/a.txt"}


def test_what_is_said_of_the_zip_holds_for_its_entries(tmp_path):
    (tmp_path / "f").mkdir()
    _save(tmp_path / "f", "a.zip", zipped({"a.txt": _SENTENCE.encode()}))
    _save(tmp_path / "f", "a.zip.meta.json", json.dumps({"audience": "officer"}).encode())
    library = FakeLibrary()
    _run(tmp_path / "f", library)
    assert library.drafts["hop/a.zip/a.txt"].meta.audience is Audience.OFFICER


def test_names_that_lead_out_links_and_zips_in_zips_are_refused_by_name(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in (
            "../ra ngoài.txt",
            "/etc/tuyệt đối.txt",
            "C:\\ổ đĩa.txt",
            "con/../../lên.txt",
            "trong.zip",
        ):
            archive.writestr(name, _SENTENCE)
        link = zipfile.ZipInfo("lối tắt.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("tốt.txt", _SENTENCE)
    found = _unpacked(tmp_path, out.getvalue())
    assert set(found.files) == {"tốt.txt"}
    assert {name: error.code for name, error in found.refused.items()} == {
        "../ra ngoài.txt": "entry_outside",
        "/etc/tuyệt đối.txt": "entry_outside",
        "C:\\ổ đĩa.txt": "entry_outside",
        "con/../../lên.txt": "entry_outside",
        "trong.zip": "entry_nested",
        "lối tắt.txt": "entry_link",
    }
    assert all(isinstance(error, BadEntry) for error in found.refused.values())
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"a.zip", "tốt.txt"}


@pytest.mark.parametrize("name", ["Danh sách hòa giải viên.txt", "Hoà bình xã tôi.txt", "ke hoach.txt"])
@pytest.mark.parametrize("encode", [str.encode, as_cp1258])
def test_names_of_old_windows_and_unmarked_utf8_are_read(name, encode):
    entry = zipfile.ZipInfo(encode(name).decode("cp437"))
    entry.flag_bits = 0
    assert entry_name(entry) == name


def test_unsafe_letters_leave_names_and_long_ones_are_cut(tmp_path):
    found = _unpacked(tmp_path, zipped({'a<b>:"|?*.txt': b"x", "x" * 300 + ".txt": b"y"}))
    assert set(found.files) == {"a_b______.txt", "x" * 146 + ".txt"}


def test_bombs_and_passwords_are_refused_before_a_byte_is_written(tmp_path):
    with pytest.raises(TooLarge):
        _unpacked(tmp_path, zipped({"a.txt": b"\x20" * 30_000_000}))
    locked = bytearray(zipped({"a.txt": b"x"}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        locked[locked.index(mark) + (6 if mark.endswith(b"\x04") else 8)] |= 1
    with pytest.raises(EncryptedFile):
        _unpacked(tmp_path, bytes(locked))
    with pytest.raises(BrokenFile):
        _unpacked(tmp_path, zipped({"a.txt": b"x"})[:-10])
    assert not list((tmp_path / "into").iterdir())


def test_an_entry_that_is_longer_than_its_directory_says_breaks_the_zip(tmp_path):
    data = zipped({"a.txt": b"ab" * 5_000})
    lied = data.replace((10_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lied != data
    with pytest.raises(BrokenFile):
        _unpacked(tmp_path, lied)


def test_a_full_disk_is_named_and_nothing_of_the_zip_goes_in(tmp_path, monkeypatch):
    """The disk is full at the second entry: what the system then says is said here."""
    real = archives._write  # noqa: SLF001 - the one place that writes
    calls = []

    def full(*arguments):
        calls.append(1)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(archives, "_write", full)
    with pytest.raises(NoRoom):
        _unpacked(tmp_path, zipped({"a.txt": b"x", "b.txt": b"y"}))
    assert issubclass(NoRoom, IngestError)
