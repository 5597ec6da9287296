"""`binhan ingest` with what a ward office has: old letters, sheets, zip folders; and a disk that is full."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from prompts.catalog import text
from tests.ingest import needs
from tests.ingest.office_builders import xlsx, zipped
from tests.ingest.old_encodings import as_tcvn3

if TYPE_CHECKING:
    from tests.bot.program import Program

NOTICE = "Tối thứ sáu tuần này nhà văn hóa thôn Đồng Me họp bàn việc lắp đèn đường ở ngõ Giếng Cũ."
SHEET = {"Tháng 6": [["Thôn", "Số vụ hòa giải"], ["Đồng Me", 3], ["Tân Lập", 5]]}


def test_repairs_and_zip_entries_are_told_in_plain_words(program: Program, tmp_path):
    old = tmp_path / "thong-bao.txt"
    old.write_text(as_tcvn3(NOTICE), encoding="utf-8")
    packed = tmp_path / "tai lieu.zip"
    packed.write_bytes(zipped({"so.xlsx": xlsx(SHEET), "rong.txt": b"", "trong.zip": zipped({"a": b"b"})}))
    report = program.json("ingest", "add", str(old), str(packed), code=1)
    rows = {row["key"]: row for row in report["documents"]}
    assert rows["tep/thong-bao.txt"]["repairs"] == ["old_letters"]
    assert text("ingest.repair_old_letters") in rows["tep/thong-bao.txt"]["repaired"]
    assert rows["tep/tai lieu.zip/so.xlsx"]["action"] == "added"
    assert rows["tep/tai lieu.zip/rong.txt"]["error"] == "empty_file"
    assert rows["tep/tai lieu.zip/trong.zip"]["error"] == "entry_nested"
    shown = program.json("ingest", "show", "tep/tai lieu.zip/so.xlsx")
    assert shown["passages"][0]["locator"] == "trang tính ‘Tháng 6’, dòng 1–3"
    assert NOTICE in program.json("ingest", "show", "tep/thong-bao.txt")["passages"][0]["text"]
    old.write_text(as_tcvn3(f"{NOTICE} Ai cũng được mời."), encoding="utf-8")
    told = " ".join(program.run("ingest", "add", str(old)).stdout.replace("│", " ").split())
    assert text("ingest.repairs", list=text("ingest.repair_old_letters")) in told


@needs.bubblewrap
def test_a_full_disk_is_named_ends_with_one_and_leaves_nothing_half(program: Program, tmp_path):
    """The data lies on a small disk of its own, filled to the brim, then freed again."""
    paper = tmp_path / "thong-bao.txt"
    paper.write_text(NOTICE, encoding="utf-8")
    disk = tmp_path / "disk"
    disk.mkdir()
    size = sum(file.stat().st_size for file in program.data.rglob("*") if file.is_file()) + 8_000_000
    small = replace(program, data=disk / "data")
    command = f"{sys.executable} -m bot.cli"
    script = (
        f"cp -r {program.data} {disk}/data; cat /dev/zero > {disk}/filler 2>/dev/null\n"
        f"{command} ingest add {paper}; echo first=$?\n"
        f"rm {disk}/filler; {command} ingest list --json tep/\n"
        f"{command} ingest add {paper} --json; echo second=$?\n"
    )
    wall = [
        "bwrap",
        "--dev-bind",
        "/",
        "/",
        "--size",
        str(size),
        "--tmpfs",
        str(disk),
        "--",
        "sh",
        "-c",
        script,
    ]
    done = subprocess.run(
        wall,
        env=small.environment,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=250,
        check=False,
    )
    said = " ".join((done.stdout + done.stderr).split())
    assert "first=1" in said
    assert text("ingest.no_room_data") in said
    assert "[]" in done.stdout.split("\n")
    assert "second=0" in said
    assert '"added": 1' in said
