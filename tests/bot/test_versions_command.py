"""`binhan ingest history|diff|withdraw|restore|rollback|original`, alone and beside a running service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prompts.catalog import catalog, text
from tests.ingest.builders import pdf

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.program import Program, Service

FIRST = "Lớp đan lát thôn Rộc mở ở nhà bà Thơm vào năm giờ chiều thứ tư hằng tuần, ai cũng vào học được."
SECOND = FIRST.replace("năm giờ chiều", "sáu giờ sáng")
QUESTION = "Lớp đan lát thôn Rộc mở ở nhà bà Thơm vào mấy giờ?"
KEY = "lop/lich.txt"


def bring_two_editions(program: Program, folder: Path) -> None:
    """Two editions of one document, by two people."""
    folder.mkdir()
    for words, who in ((FIRST, "Chị Lan"), (SECOND, "Anh Nam")):
        (folder / "lich.txt").write_text(words, encoding="utf-8")
        program.json("ingest", "sync", str(folder), "--by", who)


def done(program: Program, *arguments: str) -> str:
    """What a command prints that has to succeed."""
    finished = program.run("ingest", *arguments)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


def test_a_document_goes_back_away_and_comes_again_beside_a_service(
    served: tuple[Program, Service], tmp_path: Path
) -> None:
    """One story through the operator's socket: told by whom, and obeyed by what residents hear at once."""
    program, service = served
    folder = tmp_path / "lop"
    bring_two_editions(program, folder)
    assert "sáu giờ sáng" in service.ask(QUESTION)["text"]

    done(program, "rollback", KEY, "1", "--by", "Chị Lan")
    assert "năm giờ chiều" in service.ask(QUESTION)["text"]
    summary = program.json("ingest", "sync", str(folder))["summary"]
    assert (summary["unchanged"], summary["updated"]) == (1, 0), "a sync does not undo what a person did"

    told = done(program, "withdraw", KEY, "--by", "Anh Nam")
    assert told == text("cli.ingest_withdrawn", "vi", document=KEY)
    assert service.ask(QUESTION)["status"] == "refused"
    (row,) = program.json("ingest", "list", "lop/", "--withdrawn")
    assert (row["key"], row["version"], row["by"]) == (KEY, 1, "Anh Nam")
    shown = program.run("ingest", "show", KEY)
    assert shown.returncode == 1
    assert "Anh Nam" in shown.stderr

    done(program, "restore", KEY, "--by", "Chị Lan")
    assert "năm giờ chiều" in service.ask(QUESTION)["text"]
    history = program.json("ingest", "history", KEY)
    assert [(item["version"], item["published_by"]) for item in history["versions"]] == [
        (2, "Anh Nam"), (1, "Chị Lan"),
    ]  # fmt: skip
    assert [(act["act"], act["version"], act["by"]) for act in history["acts"]] == [
        ("restored", 1, "Chị Lan"),
        ("withdrawn", 1, "Anh Nam"),
        ("rolled_back", 1, "Chị Lan"),
        ("published", 2, "Anh Nam"),
        ("published", 1, "Chị Lan"),
    ]
    done(program, "remove", KEY)  # others ask this service, too


def test_without_a_service_a_history_is_told_and_gone_back_in(program: Program, tmp_path: Path) -> None:
    bring_two_editions(program, tmp_path / "lop")
    changes = program.json("ingest", "diff", KEY)
    assert (changes["older"], changes["newer"], len(changes["changes"])) == (1, 2, 1)
    came = "".join(run["text"] for run in changes["changes"][0]["runs"] if run["kind"] == "added")
    assert came.split() == ["sáu", "sáng"]
    done(program, "rollback", KEY, "1", "--by", "Chị Lan")
    shown = program.json("ingest", "show", KEY)
    assert (shown["version"], shown["published_by"], shown["repairs"]) == (1, "Chị Lan", [])
    assert shown["original"]["name"] == "lich.txt"
    assert "năm giờ chiều" in shown["passages"][0]["text"]
    told = done(program, "history", KEY)
    assert all(
        word in told for word in ("Chị Lan", "Anh Nam", "lich.txt", catalog("vi")["cli.ingest_current"])
    )


def test_an_original_comes_back_byte_by_byte_and_never_over_another_file(
    served: tuple[Program, Service], tmp_path: Path
) -> None:
    program, _ = served
    file = tmp_path / "gieng.pdf"
    file.write_bytes(pdf([["Giếng làng Cổ Ngư được vét bùn vào tháng ba hằng năm."]]))
    program.json("ingest", "add", str(file))
    target = tmp_path / "ra.pdf"
    assert program.run("ingest", "original", "tep/gieng.pdf", "--out", str(target)).returncode == 0
    assert target.read_bytes() == file.read_bytes()
    again = program.run("ingest", "original", "tep/gieng.pdf", "--out", str(target))
    assert again.returncode == 1
    assert text("cli.ingest_original_exists", "vi", file=target) in again.stderr
    guide = program.run("ingest", "original", "guide:hoa-giai")
    assert guide.returncode == 1
    assert text("cli.ingest_no_original", "vi", document="guide:hoa-giai") in guide.stderr
    nowhere = program.run("ingest", "original", "tep/gieng.pdf", "--out", str(tmp_path / "không" / "ra.pdf"))
    assert nowhere.returncode == 1
    kept = {path.read_bytes() for path in (program.data / "originals").glob("*/*")}
    assert file.read_bytes() in kept
    done(program, "remove", "tep/gieng.pdf")
    assert {path.read_bytes() for path in (program.data / "originals").glob("*/*")} == kept - {
        file.read_bytes()
    }


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (("restore", "khong-co"), "cli.document_not_found"),
        (("rollback", "guide:hoa-giai", "7"), "cli.version_not_found"),
        (("diff", "guide:hoa-giai"), "cli.ingest_one_version"),
    ],
)
def test_what_is_not_there_is_told_by_name(
    served: tuple[Program, Service], arguments: tuple[str, ...], key: str
) -> None:
    refused = served[0].run("ingest", *arguments)
    assert refused.returncode == 1
    fields = {"key": arguments[1], "document": arguments[1], "edition": "7"}
    assert catalog("vi")[key].format(**fields) in refused.stderr
