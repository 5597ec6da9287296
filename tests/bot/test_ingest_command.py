"""`binhan ingest`: a folder of good and bad files goes in, changes and goes out again."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from prompts.catalog import catalog, text
from tests.ingest.builders import docx, paragraph, pdf

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.program import Program

NOTICE = "Tối thứ sáu tuần này nhà văn hóa thôn Đồng Me họp bàn việc lắp đèn đường ở ngõ Giếng Cũ."
CLINIC = "Trạm y tế xã Phú Lương tiêm phòng dại cho chó mèo vào sáng chủ nhật đầu tháng, không thu tiền."
MARKET = "Chợ phiên Bãi Sậy mở vào ngày mồng ba và ngày mười ba âm lịch, ban quản lý thu phí gửi xe."
LIBRARY = "Tủ sách pháp luật của thôn Tân Lập đặt ở nhà ông Khải, mở cửa mỗi chiều thứ bảy hằng tuần."
WELL = "Giếng làng Cổ Ngư được vét bùn vào tháng ba, mỗi nhà cử một người mang theo gầu và dây thừng."
BAD = {
    "rong.txt": "empty_file",
    "hong.docx": "broken_file",
    "khoa.pdf": "encrypted_file",
    "gia.pdf": "wrong_extension",
    "bang.xlsx": "wrong_extension",
    "sai.md": "bad_metadata",
}


def write_documents(folder: Path) -> Path:
    """Five files that can be read and six that cannot."""
    folder.mkdir()
    meta = "---\ntitle: Thông báo họp thôn\nsource: Thôn Đồng Me\naudience: public\n---\n\n"
    (folder / "hop.md").write_text(f"{meta}# Thông báo họp thôn\n\n{NOTICE}\n", encoding="utf-8")
    (folder / "tiem.txt").write_text(CLINIC, encoding="utf-8")
    article = f"<article><h1>Chợ phiên</h1><p>{MARKET}</p></article>"
    page = f"<html><head><title>Chợ phiên</title></head><body>{article}</body></html>"
    (folder / "cho.html").write_text(page, encoding="utf-8")
    (folder / "tusach.docx").write_bytes(docx(paragraph("Tủ sách", style="H1"), paragraph(LIBRARY)))
    (folder / "gieng.pdf").write_bytes(pdf([["#Vét giếng làng", WELL[:48], WELL[48:]]]))
    (folder / "rong.txt").write_bytes(b"")
    whole = docx(paragraph(LIBRARY))
    (folder / "hong.docx").write_bytes(whole[: len(whole) // 2])
    (folder / "khoa.pdf").write_bytes(pdf([[WELL]], encrypted=True))
    (folder / "gia.pdf").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (folder / "bang.xlsx").write_bytes(b"khong phai bang tinh")
    (folder / "sai.md").write_text(f"---\naudiance: member\n---\n{NOTICE}", encoding="utf-8")
    return folder


def actions(report) -> dict[str, str]:
    return {row["key"]: row["action"] for row in report["documents"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_documents(tmp_path_factory.mktemp("tailieu") / "xa")


@pytest.fixture(scope="module")
def synced(ripe: Program, tmp_path_factory, folder):
    """The program after one sync of the folder, and what the sync said. Read only."""
    program = ripe.on_a_copy(tmp_path_factory.mktemp("synced") / "data")
    return program, program.json("ingest", "sync", str(folder), code=1)


@pytest.fixture
def mine(synced, folder, tmp_path):
    """A copy of the synced program, and of the good files of its folder, to change."""
    copy = shutil.copytree(folder, tmp_path / "xa")
    for name in BAD:
        (copy / name).unlink()
    return synced[0].on_a_copy(tmp_path / "data"), copy


def test_good_files_go_in_and_bad_ones_are_named_with_their_reason(synced):
    _, report = synced
    assert set(report) == {"summary", "documents"}
    assert report["summary"] == {
        "added": 5, "updated": 0, "removed": 0, "unchanged": 0, "failed": 6, "held": 0, "withdrawn": 0
    }  # fmt: skip
    rows = {row["key"]: row for row in report["documents"]}
    assert {key: row["error"] for key, row in rows.items() if "error" in row} == {
        f"xa/{name}": error for name, error in BAD.items()
    }
    assert all(
        row["reason"] and row["reason"] != text("ingest.ingest_error")
        for row in rows.values()
        if "error" in row
    )
    assert {key for key, row in rows.items() if row["action"] == "added"} == {
        "xa/hop.md", "xa/tiem.txt", "xa/cho.html", "xa/tusach.docx", "xa/gieng.pdf"
    }  # fmt: skip
    assert all(row["passages"] >= 1 for row in rows.values() if row["action"] == "added")


def test_what_went_in_is_listed_shown_and_answers(synced, tmp_path):
    program = synced[0].on_a_copy(tmp_path / "data")
    listed = {row["key"]: row for row in program.json("ingest", "list", "xa/")}
    assert len(listed) == 5
    assert listed["xa/hop.md"]["title"] == "Thông báo họp thôn"
    assert listed["xa/hop.md"]["source"] == "Thôn Đồng Me"
    shown = program.json("ingest", "show", "xa/gieng.pdf")
    assert "vét bùn vào tháng ba" in " ".join(" ".join(item["text"] for item in shown["passages"]).split())
    assert {"anchor", "locator", "text"} == set(shown["passages"][0])
    answer = program.json("ask", "Trạm y tế xã Phú Lương tiêm phòng dại cho chó mèo vào hôm nào?")
    assert (answer["status"], answer["kind"]) == ("answered", "passage")
    assert answer["citations"][0]["id"].startswith("xa/tiem.txt#")
    assert answer["citations"][0]["quote"] in answer["text"]
    table = program.run("ingest", "list").stdout
    assert "xa/tusach.docx" in table
    assert "guide:hoa-giai" in table


def test_second_sync_does_nothing_a_third_only_what_changed(mine):
    program, folder = mine
    again = program.json("ingest", "sync", str(folder))
    assert again == {
        "summary": {
            "added": 0,
            "updated": 0,
            "removed": 0,
            "unchanged": 5,
            "failed": 0,
            "held": 0,
            "withdrawn": 0,
        },
        "documents": [],
    }
    (folder / "tiem.txt").write_text(f"{CLINIC} Nhớ mang theo sổ.", encoding="utf-8")
    (folder / "cho.html").unlink()
    (folder / "moi.txt").write_text(NOTICE, encoding="utf-8")
    wanted = {"xa/tiem.txt": "updated", "xa/cho.html": "removed", "xa/moi.txt": "added"}
    before = program.json("ingest", "list")
    planned = program.json("ingest", "sync", str(folder), "--dry-run")
    assert actions(planned) == wanted
    assert program.json("ingest", "list") == before
    done = program.run("ingest", "sync", str(folder))
    assert done.returncode == 0
    for key, action in wanted.items():
        line = next(line for line in done.stdout.splitlines() if key in line)
        assert text(f"ingest.action_{action}", "vi") in line
    assert {row["key"] for row in program.json("ingest", "list", "xa/")} == {
        "xa/hop.md", "xa/tiem.txt", "xa/tusach.docx", "xa/gieng.pdf", "xa/moi.txt"
    }  # fmt: skip


def test_sync_for_members_hides_what_the_public_saw(mine):
    """A collection that was synced as public by mistake is hidden by syncing it again for members."""
    program, folder = mine
    program.json("ingest", "sync", str(folder), "--audience", "member")
    seen = {row["key"]: row["audience"] for row in program.json("ingest", "list", "xa/")}
    assert seen.pop("xa/hop.md") == "public"  # says so itself
    assert set(seen.values()) == {"member"}


def test_adding_again_for_members_hides_what_the_public_saw(program: Program, tmp_path):
    file = tmp_path / "tiem.txt"
    file.write_text(CLINIC, encoding="utf-8")
    program.json("ingest", "add", str(file))
    program.json("ingest", "add", str(file), "--audience", "member")
    assert {row["audience"] for row in program.json("ingest", "list", "tep/")} == {"member"}


def test_files_are_added_and_removed_one_by_one(program: Program, tmp_path):
    good, bad = tmp_path / "tiem.txt", tmp_path / "rong.txt"
    good.write_text(CLINIC, encoding="utf-8")
    bad.write_bytes(b"")
    report = program.json("ingest", "add", str(good), str(bad), str(tmp_path / "khong-co.txt"), code=1)
    assert actions(report) == {
        "tep/tiem.txt": "added",
        "tep/rong.txt": "failed",
        "tep/khong-co.txt": "failed",
    }
    done = program.run("ingest", "remove", "tep/tiem.txt")
    assert done.returncode == 0
    missing = program.run("ingest", "remove", "tep/tiem.txt")
    assert missing.returncode == 1
    assert catalog("vi")["cli.document_not_found"].format(key="tep/tiem.txt") in missing.stderr


def test_a_folder_that_is_none_removes_nothing(synced, tmp_path):
    program = synced[0].on_a_copy(tmp_path / "data")
    done = program.run("ingest", "sync", str(tmp_path / "xa"))
    assert done.returncode == 1
    assert done.stderr.strip()
    assert len(program.json("ingest", "list", "xa/")) == 5


def test_another_folder_of_the_same_name_does_not_push_the_first_out(mine, tmp_path):
    program, _ = mine
    other = tmp_path / "khac" / "xa"
    other.mkdir(parents=True)
    (other / "moi.txt").write_text(NOTICE, encoding="utf-8")
    program.run("ingest", "sync", str(other))
    assert len(program.json("ingest", "list", "xa/")) >= 5


def test_a_collection_inside_another_is_refused_by_name(ripe: Program, tmp_path):
    """A sync of the outer one would take the inner one's documents out."""
    (tmp_path / "a.txt").write_text(WELL, encoding="utf-8")
    for command in (("ingest", "sync"), ("sources", "add")):
        done = ripe.run(*command, str(tmp_path), "--name", "phuong/hoi-phu-nu")
        assert done.returncode == 1
        told = text("cli.collection_name", "vi", name="phuong/hoi-phu-nu")
        assert " ".join(done.stderr.split()) == " ".join(told.split())
