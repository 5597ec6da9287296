"""
What lies in real folders, and what somebody may put there: each named by its reason, none stops the others.

Every test reads by the ways that `binhan ingest` takes, with real files, pipes, devices and disks.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import threading
import unicodedata
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.document import read_document
from ingest.errors import IngestError
from ingest.names import readable
from ingest.sync import Action, sync
from tests.fakes.library import FakeLibrary
from tests.ingest import needs
from tests.ingest.builders import docx, paragraph, pdf
from tests.ingest.office_builders import opendocument, pptx, xlsx, zipped
from tests.ingest.old_encodings import as_cp1258

pytestmark = pytest.mark.timeout(120)  # a pipe that is opened waits for ever

ROOT = Path(__file__).resolve().parents[2]
_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
SENTENCE = "Tổ hòa giải thôn họp vào ngày mười lăm hằng tháng tại nhà văn hóa."
LATER = "Từ quý này, tổ hòa giải thôn họp vào ngày mồng năm hằng tháng."


def run(folder, library):
    """What a sync of *folder* came to, by key without the collection."""
    outcomes = sync(folder, collection="hop", library=library, report=lambda _: None)
    return {outcome.key.removeprefix("hop/"): outcome for outcome in outcomes}


def reasons(folder, library=None):
    """Why what did not go in did not."""
    rows = run(folder, library or FakeLibrary())
    return {key: row.error for key, row in rows.items() if row.action is Action.FAILED}


def code_of(path):
    with pytest.raises(IngestError) as caught:
        read_document(path, key="k")
    return caught.value.code


def save(folder, name, data=SENTENCE):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def pages(count):
    """A PDF of *count* empty pages, some 80 bytes each."""
    kids = " ".join(f"{number} 0 R" for number in range(3, count + 3))
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {count} /MediaBox [0 0 595 842] >>".encode()
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    starts = []
    for number, body in enumerate(
        (b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[b"<< /Type /Page /Parent 2 0 R >>"] * count), start=1
    ):
        starts.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (count + 3))
    out.write(b"".join(b"%010d 00000 n \n" % start for start in starts))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count + 3, table))
    return out.getvalue()


@contextmanager
def being_written(path):
    """Somebody goes on saving *path* until the end."""
    done = threading.Event()

    def write():
        beat = 0
        while not done.is_set():
            beat += 1
            os.utime(path, ns=(beat, beat))

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join(timeout=30)


def test_pipes_sockets_and_devices_are_named_and_nobody_waits_for_them(tmp_path):
    save(tmp_path, "tot.txt")
    os.mkfifo(tmp_path / "ong.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(tmp_path, os.O_RDONLY)  # the name of a socket is short, a folder's may be long
        try:
            listening.bind(f"/proc/self/fd/{here}/cong.pdf")
        finally:
            os.close(here)
        rows = run(tmp_path, FakeLibrary())
        assert {key: row.error for key, row in rows.items()} == {
            "tot.txt": "",
            "ong.txt": "not_a_file",
            "cong.pdf": "not_a_file",
        }
        assert code_of(tmp_path / "ong.txt") == "not_a_file"
        assert code_of(tmp_path / "cong.pdf") == "not_a_file"
    assert code_of(Path("/dev/zero")) == "not_a_file"
    assert code_of(tmp_path) == "unreadable_file"


def test_links_out_of_the_folder_in_circles_and_to_nowhere_are_named(tmp_path):
    outside = save(tmp_path / "ngoai", "kin.txt")
    folder = tmp_path / "trong"
    save(folder, "con/a.txt")
    (folder / "vao.txt").symlink_to(folder / "con/a.txt")
    (folder / "ra.txt").symlink_to(outside)
    (folder / "cha").symlink_to(tmp_path, target_is_directory=True)
    (folder / "con/vong").symlink_to(folder, target_is_directory=True)
    (folder / "v1.txt").symlink_to(folder / "v2.txt")
    (folder / "v2.txt").symlink_to(folder / "v1.txt")
    (folder / "mat.txt").symlink_to(folder / "khong-co.txt")
    library = FakeLibrary()
    assert set(reasons(folder, library)) == {"ra.txt", "cha", "con/vong", "v1.txt", "v2.txt", "mat.txt"}
    assert set(reasons(folder, library).values()) == {"link_not_followed"}
    assert set(library.drafts) == {"hop/con/a.txt", "hop/vao.txt"}


def test_a_document_that_became_a_link_keeps_its_version(tmp_path):
    outside = save(tmp_path / "ngoai", "kin.txt", LATER)
    path = save(tmp_path / "trong", "a.txt")
    library = FakeLibrary()
    run(path.parent, library)
    path.unlink()
    path.symlink_to(outside)
    assert reasons(path.parent, library) == {"a.txt": "link_not_followed"}
    assert library.drafts["hop/a.txt"].passages[0].text == SENTENCE


def test_names_of_every_length_and_letter_go_in_under_one_a_person_can_read(tmp_path):
    names = [
        "a" * 251 + ".txt",
        "ă" * 125 + ".txt",
        "hai\ndòng.txt",
        "đỏ\x1b[31m.txt",
        "\u202eexe.txt",
        "mép \u200blề.txt",
    ]
    for number, name in enumerate(names):
        save(tmp_path, name, f"{SENTENCE} Lần {number}.")
    library = FakeLibrary()
    assert reasons(tmp_path, library) == {}
    assert len(library.drafts) == len(names)
    assert all(key.isprintable() and draft.meta.title.isprintable() for key, draft in library.drafts.items())
    assert {"hop/hai_dòng.txt", "hop/đỏ_[31m.txt", "hop/_exe.txt"} < set(library.drafts)


def test_names_in_the_letters_of_old_windows_are_read(tmp_path):
    name = os.fsdecode(as_cp1258("Kế hoạch tuần tra xã Tân Lập"))
    assert not name.isprintable()
    save(tmp_path, f"{name}.txt", "Mục lục")
    library = FakeLibrary()
    assert reasons(tmp_path, library) == {}
    assert list(library.drafts) == ["hop/Kế hoạch tuần tra xã Tân Lập.txt"]
    assert readable("x\udcff\udc81\ud800") == "x___"


def test_an_unknown_ending_of_strange_bytes_is_named_in_letters(tmp_path):
    path = save(tmp_path, os.fsdecode(b"a.\xff\xfe\x1b"))
    with pytest.raises(IngestError) as caught:
        read_document(path, key="k")
    assert caught.value.code == "unsupported_kind"
    assert caught.value.fields["kind"].isprintable()
    caught.value.fields["kind"].encode("utf-8")


def test_two_files_of_one_name_are_both_told_of(tmp_path):
    """One typed on a Mac, one on Windows: people cannot tell which of them answers."""
    save(tmp_path, unicodedata.normalize("NFC", "Kế hoạch.txt"))
    save(tmp_path, unicodedata.normalize("NFD", "Kế hoạch.txt"), LATER)
    library = FakeLibrary()
    assert reasons(tmp_path, library) == {"Kế hoạch.txt (2)": "same_name"}
    assert reasons(tmp_path, library) == {"Kế hoạch.txt (2)": "same_name"}
    assert list(library.drafts) == ["hop/Kế hoạch.txt"]


def test_a_folder_deeper_than_a_path_may_be_long_is_named_and_the_rest_goes_in(tmp_path):
    save(tmp_path, "tot.txt")
    here = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(20):
            Path("d" * 250).mkdir()
            os.chdir("d" * 250)
        Path("sau.txt").write_text(SENTENCE, "utf-8")
    finally:
        os.chdir(here)
    library = FakeLibrary()
    assert set(reasons(tmp_path, library).values()) == {"unreadable_file"}
    assert set(library.drafts) == {"hop/tot.txt"}
    shutil.rmtree(tmp_path / ("d" * 250))


def test_a_file_of_a_gigabyte_of_nothing_is_refused_unread(tmp_path):
    for name in ("a.pdf", "b.txt", "c.zip"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(1 << 30)
    assert reasons(tmp_path) == {
        "a.pdf": "too_large_file",
        "b.txt": "too_large_file",
        "c.zip": "broken_file",
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \n\t\r\n", "empty_file"),
        ("\ufeff\u200b\n\u200b", "no_content"),
        ("... --- ...\n***\n___", "no_content"),
    ],
)
def test_a_file_without_one_word_is_refused_for_that(tmp_path, text, code):
    assert code_of(save(tmp_path, "a.txt", text)) == code


def test_a_notice_of_one_line_is_a_document(tmp_path):
    draft = read_document(save(tmp_path, "a.txt", "Tối thứ sáu họp thôn tại nhà văn hóa"), key="k")
    assert draft.passages[0].text == "Tối thứ sáu họp thôn tại nhà văn hóa"


def test_ten_thousand_pages_are_too_many(tmp_path):
    path = save(tmp_path, "a.pdf", pages(10_000))
    assert path.stat().st_size < 1_000_000
    assert code_of(path) == "too_large_pages"


def test_a_zip_in_a_zip_is_named_and_its_neighbours_go_in(tmp_path):
    inner = zipped({"b.txt": SENTENCE.encode()})
    save(tmp_path, "a.zip", zipped({"trong.zip": inner, "c.txt": SENTENCE.encode(), "../d.txt": b"x"}))
    library = FakeLibrary()
    assert reasons(tmp_path, library) == {
        "a.zip/trong.zip": "entry_nested",
        "a.zip/../d.txt": "entry_outside",
    }
    assert set(library.drafts) == {"hop/a.zip/c.txt"}


def test_a_bomb_in_a_folder_is_named_and_the_version_before_it_stays(tmp_path):
    path = save(tmp_path, "a.docx", docx(paragraph(SENTENCE)))
    library = FakeLibrary()
    run(tmp_path, library)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(210_000_000))
    assert reasons(tmp_path, library) == {"a.docx": "too_large_unpacked"}
    assert library.drafts["hop/a.docx"].passages[0].text == SENTENCE


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", pdf([[SENTENCE]], encrypted=True), "encrypted_file"),
        ("a.pdf", pdf([[SENTENCE]])[:300], "broken_file"),
        ("a.docx", docx(paragraph(SENTENCE))[:300], "broken_file"),
        ("a.docx", _LOCKED, "encrypted_file"),
        ("a.txt", b"", "empty_file"),
        ("a.txt", b"---\naudiance: member\n---\n" + SENTENCE.encode(), "bad_metadata"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>', "unsupported_kind"),
    ],
)  # fmt: skip
def test_a_bad_new_version_is_named_and_the_old_one_answers_on(tmp_path, name, data, code):
    library = FakeLibrary()
    path = save(tmp_path, name, docx(paragraph(SENTENCE)) if name == "a.docx" else SENTENCE)
    if name in {"a.pdf", "a.svg"}:
        path.write_bytes(pdf([[SENTENCE[:60]]]))
    first = reasons(tmp_path, library)
    kept = dict(library.drafts)
    path.write_bytes(data)
    assert reasons(tmp_path, library)[name] == code
    assert library.drafts == kept
    assert bool(kept) is not bool(first)


def seen(folder, name, data):
    """All words that are published of the file; the reason where it is refused."""
    try:
        draft = read_document(save(folder, name, data), key="k")
    except IngestError as error:
        return error.code
    return " ".join((draft.meta.title, *(item.text for item in draft.passages)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.html", SENTENCE), ("a.xhtml", SENTENCE), ("a.md", SENTENCE), ("a.txt", "wrong_extension")],
)
def test_entities_and_scripts_of_pages_are_neither_resolved_nor_run(tmp_path, name, expected):
    secret = save(tmp_path, "bi-mat.dat", "Mat khau cua to la hoa sen")
    page = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>\n'
        f"<html><body><article><h1>Họp thôn</h1><p>{SENTENCE} &x; &b;</p>"
        '<svg onload="x()"><script>alert(113)</script><text>trong hình</text></svg>'
        f"<script>document.write('viết thêm')</script><p>{LATER}</p></article></body></html>"
    )
    text = seen(tmp_path, name, page)
    assert expected in text
    assert "hoa sen" not in text
    assert "lollol" not in text
    if name.endswith("html"):
        assert "alert" not in text
        assert "viết thêm" not in text


@pytest.mark.parametrize(
    ("name", "part", "make"),
    [
        ("a.docx", "word/document.xml", lambda: docx(paragraph(SENTENCE))),
        ("a.xlsx", "xl/worksheets/sheet1.xml", lambda: xlsx({"A": [["Tên", "Số"], [SENTENCE, 1]]})),
        ("a.pptx", "ppt/slides/slide1.xml", lambda: pptx([("Họp thôn", [SENTENCE])])),
        ("a.odt", "content.xml", lambda: opendocument("odt", f"<text:p>{SENTENCE}</text:p>")),
    ],
)
def test_an_office_file_that_defines_entities_is_refused_for_that(tmp_path, name, part, make):
    """Read without resolving them, it would go in with holes."""
    secret = save(tmp_path, "bi-mat.dat", "Mat khau cua to la hoa sen")
    for entity in (f'SYSTEM "{secret.as_uri()}"', '"lol"'):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(make())) as old, zipfile.ZipFile(out, "w") as new:
            for entry in old.namelist():
                data = old.read(entry).decode()
                if entry == part:
                    data = data.removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
                    data = f"<!DOCTYPE d [<!ENTITY x {entity}>]>{data.replace('nhà', '&x; nhà')}"
                new.writestr(entry, data)
        assert seen(tmp_path, name, out.getvalue()) == "entities_inside"


def test_drawings_with_scripts_inside_a_document_are_left_alone(tmp_path):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(113)</script></svg>'
    text = seen(tmp_path, "a.docx", docx(paragraph(SENTENCE), extra={"word/media/a.svg": svg}))
    assert SENTENCE in text
    assert "alert" not in text


def test_a_file_that_somebody_goes_on_saving_is_named_and_its_version_stays(tmp_path):
    path = save(tmp_path, "a.docx", docx(paragraph(SENTENCE)))
    library = FakeLibrary()
    run(tmp_path, library)
    path.write_bytes(docx(paragraph(LATER)))
    with being_written(path):
        assert reasons(tmp_path, library) == {"a.docx": "file_changed"}
    assert library.drafts["hop/a.docx"].passages[0].text == SENTENCE
    assert reasons(tmp_path, library) == {}
    assert library.drafts["hop/a.docx"].passages[0].text == LATER


def walled(script, folder, *options):
    """What *script* prints, run as Python behind bubblewrap's *options*; *folder* is its argument."""
    command = ["bwrap", "--dev-bind", "/", "/", *options, "--", sys.executable, "-c", script, str(folder)]
    done = subprocess.run(
        command,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


_SYNC = """
import sys
from pathlib import Path
from ingest.sync import sync
from tests.fakes.library import FakeLibrary
library = FakeLibrary()
for row in sync(Path(sys.argv[1]), collection="hop", library=library, report=lambda _: None):
    print(row.key, row.action.value, row.error)
"""


@needs.bubblewrap
def test_what_may_not_be_read_is_named_and_nothing_of_it_goes_out(tmp_path):
    """Without the rights of root, which minds no modes."""
    save(tmp_path, "tot.txt")
    closed = save(tmp_path, "kin.txt")
    save(tmp_path, "kin/a.txt")
    closed.chmod(0)
    closed.with_suffix("").chmod(0)
    try:
        told = walled(_SYNC, tmp_path, "--cap-drop", "ALL").splitlines()
    finally:
        closed.with_suffix("").chmod(0o700)
    assert sorted(told) == [
        "hop/kin failed unreadable_file",
        "hop/kin.txt failed unreadable_file",
        "hop/tot.txt added ",
    ]


@needs.bubblewrap
def test_a_zip_that_a_small_disk_cannot_hold_is_named_and_nothing_of_it_goes_in(tmp_path):
    """The folder for temporary files is a real disk of 1 MB."""
    papers, disk = tmp_path / "giay", tmp_path / "disk"
    disk.mkdir()
    entries = {f"{number}.txt": os.urandom(400_000).hex().encode() for number in range(3)}
    save(papers, "a.zip", zipped(entries))
    save(papers, "tot.txt")
    script = f"import tempfile; tempfile.tempdir = {str(disk)!r}\n{_SYNC}"
    told = walled(script, papers, "--size", "1000000", "--tmpfs", str(disk)).splitlines()
    assert sorted(told) == ["hop/a.zip failed no_room", "hop/tot.txt added "]


@needs.bubblewrap
@needs.libreoffice
@needs.tesseract
def test_missing_programs_are_named_by_file_and_other_kinds_go_in(tmp_path):
    """LibreOffice and Tesseract are really not there: their files lie under an empty disk."""
    from PIL import Image, ImageDraw

    save(tmp_path, "cu.rtf", rb"{\rtf1\ansi Mot dong chu.}")
    page = Image.new("L", (600, 300), 255)
    ImageDraw.Draw(page).text((20, 20), "Hop thon toi thu sau", fill=0)
    page.save(tmp_path / "anh.png")
    save(tmp_path, "moi.docx", docx(paragraph(SENTENCE)))
    office = Path(os.path.realpath(shutil.which("soffice") or "")).parent
    programs = (
        "--tmpfs",
        str(office),
        "--bind",
        "/dev/null",
        os.path.realpath(shutil.which("tesseract") or ""),
    )
    told = walled(_SYNC, tmp_path, *programs).splitlines()
    assert sorted(told) == [
        "hop/anh.png failed missing_tesseract",
        "hop/cu.rtf failed missing_libreoffice",
        "hop/moi.docx added ",
    ]


@needs.bubblewrap
def test_walls_stand_for_a_service_that_was_started_without_a_path(tmp_path):
    script = "from ingest.walls import walls_stand; print(walls_stand())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "True"
