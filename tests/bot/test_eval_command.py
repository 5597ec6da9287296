"""`binhan eval` as a person types it: a file, a report, a comparison, and what goes wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from prompts.catalog import text
from tests.bot.small_guides import MEMBER_CANARY, MEMBER_HEADING, MEMBER_QUESTION

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.program import Program

ROWS = (
    {"id": "m1", "question": "hang xom danh nhau thi goi ai hoa giai", "expect": "answer",
     "gold": "guide:hoa-giai#xin-hoa-giai", "style": "no_marks", "topic": "hoa-giai"},
    {"question": "nhờ tổ hòa giải tốn mấy tiền?", "expect": "answer", "gold": "guide:to-giac#bao-o-dau"},
    {"question": MEMBER_QUESTION, "expect": "answer", "gold": "guide:to-giac#bao-o-dau",
     "audience": "member"},
    {"question": "giá vàng hôm nay bao nhiêu?", "expect": "refuse"},
    {"question": "tôi bị chồng đánh, cứu tôi", "expect": "danger"},
)  # fmt: skip


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "cau-hoi.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    return file


def test_a_report_is_written_beside_the_table_and_the_json(
    ripe: Program, questions: Path, tmp_path: Path
) -> None:
    page = tmp_path / "bao-cao.html"
    done = ripe.run("eval", str(questions), "--json", "--report", str(page))
    assert done.returncode == 0, done.stderr
    assert text("cli.eval_written", "vi", file=page) in done.stderr
    report = json.loads(done.stdout)
    outcomes = report["details"]["as_is"]["outcomes"]
    assert [item["verdict"] for item in outcomes] == ["right", "wrong", "wrong", "right", "right"]
    assert [item["id"] for item in outcomes] == ["m1", "2", "3", "4", "5"]
    assert outcomes[0]["ms"]["total"] > 0
    assert 0 < outcomes[0]["confidence"] <= 1
    html = page.read_text(encoding="utf-8")
    assert "Báo tin tội phạm ở đâu?" in html  # what was expected, by its heading
    assert "cau-hoi.jsonl" in html
    assert "<script" not in html
    for hidden in (MEMBER_CANARY, MEMBER_HEADING, MEMBER_QUESTION):
        assert hidden not in html
        assert hidden not in json.dumps([item["text"] for item in outcomes], ensure_ascii=False)


def test_options_may_stand_before_the_file(ripe: Program, questions: Path) -> None:
    done = ripe.run("eval", "--json", str(questions))
    assert json.loads(done.stdout)["rows"] == len(ROWS)


def test_a_report_that_cannot_be_written_is_told_before_asking(
    ripe: Program, questions: Path, tmp_path: Path
) -> None:
    page = tmp_path / "khong-co" / "bao-cao.html"
    done = ripe.run("eval", str(questions), "--report", str(page))
    assert (done.returncode, done.stdout) == (1, "")
    assert text("cli.cannot_write", "vi", file=page) in done.stderr


def test_two_measurements_are_compared(ripe: Program, questions: Path, tmp_path: Path) -> None:
    """The second file expects another section for its second question: nothing else changed."""
    first, second = tmp_path / "truoc.json", tmp_path / "sau.json"
    first.write_text(ripe.run("eval", str(questions), "--json").stdout, encoding="utf-8")
    mended = [dict(row) for row in ROWS]
    mended[1]["gold"] = "guide:hoa-giai#hoa-giai-mat-tien"
    questions.write_text("\n".join(json.dumps(row) for row in mended), encoding="utf-8")
    second.write_text(ripe.run("eval", str(questions), "--json").stdout, encoding="utf-8")
    found = ripe.json("eval", "compare", str(first), str(second))
    assert (found["paired"], found["only_first"], found["only_second"]) == (5, 0, 0)
    answers = next(
        item for item in found["figures"] if (item["spelling"], item["measure"]) == ("as_is", "answer")
    )
    assert (answers["gained"], answers["lost"], answers["judgement"]) == (1, 0, "unsure")
    assert {item["question"] for item in found["changes"]} == {ROWS[1]["question"]}
    told = ripe.run("eval", "compare", str(first), str(second))
    assert told.returncode == 0
    assert text("cli.compare_unsure", "vi") in told.stdout
    assert ROWS[1]["question"] in told.stdout


def test_what_is_no_measurement_is_a_clear_error(ripe: Program, questions: Path, tmp_path: Path) -> None:
    done = ripe.run("eval", "compare", str(questions), str(questions))
    assert (done.returncode, done.stdout) == (1, "")
    assert text("cli.bad_evaluation_report", "vi", file=questions) in done.stderr
    missing = tmp_path / "khong-co.json"
    done = ripe.run("eval", "compare", str(missing), str(missing))
    assert text("cli.file_not_found", "vi", file=missing) in done.stderr


def test_help_names_both_ways(ripe: Program) -> None:
    told = ripe.run("eval", "--help").stdout
    assert "FILE" in told
    assert "compare" in told
    assert "--report" in ripe.run("eval", "cau-hoi.jsonl", "--help").stdout
