"""`binhan ingest` on a folder of what should not be there: reasons, exit codes, nothing by halves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prompts.catalog import text
from tests.ingest import needs
from tests.ingest.builders import docx, paragraph, pdf
from tests.ingest.office_builders import zipped
from tests.ingest.old_encodings import as_cp1258

if TYPE_CHECKING:
    from tests.bot.program import Program

NOTICE = "Tối thứ sáu tuần này nhà văn hóa thôn Đồng Me họp bàn việc lắp đèn đường ở ngõ Giếng Cũ."
CLINIC = "Trạm y tế xã Phú Lương tiêm phòng dại cho chó mèo vào sáng chủ nhật đầu tháng, không thu tiền."
OLD_NAME = "Kế hoạch tuần tra"
EXPECTED = {
    "hop/giu.docx": "broken_file",
    "hop/ong.txt": "not_a_file",
    "hop/ra.txt": "link_not_followed",
    "hop/thua.pdf": "too_large_file",
    "hop/khoa.pdf": "encrypted_file",
    "hop/rong.txt": "empty_file",
    "hop/ve.svg": "unsupported_kind",
    "hop/nen.zip/trong.zip": "entry_nested",
    "hop/nen.zip/../ngoai.txt": "entry_outside",
}


def fill(folder: Path) -> None:
    """What must not go in, and two names that are hard to read."""
    good = docx(paragraph(NOTICE))
    (folder / "giu.docx").write_bytes(good[: len(good) // 2])
    os.mkfifo(folder / "ong.txt")
    (folder / "ra.txt").symlink_to("/etc/hostname")
    with (folder / "thua.pdf").open("wb") as file:
        file.truncate(1 << 30)
    (folder / "khoa.pdf").write_bytes(pdf([[NOTICE]], encrypted=True))
    (folder / "rong.txt").write_bytes(b"")
    (folder / "ve.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>')
    entries = {"trong.zip": zipped({"a.txt": b"b"}), "../ngoai.txt": b"x", "tiem.txt": CLINIC.encode()}
    (folder / "nen.zip").write_bytes(zipped(entries))
    (folder / "đỏ\x1b[31m\n.txt").write_text(f"{CLINIC} Lần hai.", "utf-8")
    (folder / os.fsdecode(as_cp1258(OLD_NAME) + b".txt")).write_text(f"{CLINIC} Lần ba.", "utf-8")


@pytest.mark.timeout(600)
def test_every_reason_is_named_nothing_goes_in_by_halves_and_old_versions_stay(program: Program, tmp_path):
    folder = tmp_path / "hop"
    folder.mkdir()
    (folder / "giu.docx").write_bytes(docx(paragraph(NOTICE)))
    program.json("ingest", "sync", str(folder))
    fill(folder)
    report = program.json("ingest", "sync", str(folder), code=1)
    rows = {row["key"]: row for row in report["documents"]}
    assert {key: row["error"] for key, row in rows.items() if row["action"] == "failed"} == EXPECTED
    assert all(len(row["reason"]) > len("Không") for row in rows.values() if row["action"] == "failed")
    held = {"hop/giu.docx", "hop/nen.zip/tiem.txt", "hop/đỏ_[31m_.txt", f"hop/{OLD_NAME}.txt"}
    assert {row["key"] for row in program.json("ingest", "list", "hop/")} == held
    assert program.json("ingest", "show", "hop/giu.docx")["passages"][0]["text"] == NOTICE

    again = program.run("ingest", "sync", str(folder))
    assert again.returncode == 1
    assert "\x1b" not in again.stdout
    told = " ".join(again.stdout.replace("│", " ").split())
    for reason in (text("ingest.not_a_file"), text("ingest.link_not_followed"), text("ingest.empty_file")):
        assert reason in told
    assert text("ingest.summary", added=0, updated=0, removed=0, unchanged=3, failed=len(EXPECTED)) in told


@pytest.mark.timeout(600)
def test_single_files_that_cannot_go_in_end_with_one(program: Program, tmp_path):
    os.mkfifo(tmp_path / "ong.txt")
    good = tmp_path / "tot.txt"
    good.write_text(NOTICE, "utf-8")
    report = program.json("ingest", "add", str(tmp_path / "ong.txt"), "/dev/zero", str(good), code=1)
    told = {row["key"]: (row["action"], row.get("error", "")) for row in report["documents"]}
    assert told == {
        "tep/ong.txt": ("failed", "not_a_file"),
        "tep/zero": ("failed", "not_a_file"),
        "tep/tot.txt": ("added", ""),
    }


@needs.bubblewrap
@needs.libreoffice
@needs.tesseract
@pytest.mark.timeout(600)
def test_doctor_names_programs_that_are_missing_and_goes_on(program: Program, tmp_path):
    """LibreOffice and Tesseract are really not there: their files lie under an empty disk, PATH is empty."""
    office = Path(os.path.realpath(shutil.which("soffice") or "")).parent
    tesseract = os.path.realpath(shutil.which("tesseract") or "")
    hidden = ["bwrap", "--dev-bind", "/", "/", "--tmpfs", str(office), "--bind", "/dev/null", tesseract]
    done = subprocess.run(
        [*hidden, "--", sys.executable, "-m", "bot.cli", "doctor", "--json"],
        env=program.environment | {"PATH": str(tmp_path / "leer")},
        executable=shutil.which("bwrap"),
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    findings = {finding["part"]: finding for finding in json.loads(done.stdout)}
    kinds = ("doc", "rtf", "xls", "ppt")
    assert findings["libreoffice"]["state"] == findings["tesseract"]["state"] == "off"
    assert findings["libreoffice"]["told"] == text("doctor.libreoffice_off", kinds=", ".join(kinds))
    assert findings["tesseract"]["told"] == text("doctor.tesseract_off")
    assert findings["embedder"]["state"] == "ok"
