"""Commands beside a running service go through its socket, and the page goes on answering."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from prompts.catalog import catalog, text
from tests.bot.small_guides import MEMBER_CANARY, MEMBER_QUESTION

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.program import Program, Service

MEDIATION = "hang xom danh nhau thi goi ai hoa giai"
NOTICE = "Đội bóng chuyền thôn {name} tập ở sân kho cũ vào năm giờ chiều, ai muốn vào đội thì gặp anh Thìn."
ROWS = (
    {"question": MEDIATION, "expect": "answer", "gold": "guide:hoa-giai#xin-hoa-giai", "style": "folded"},
    {"question": "nhờ tổ hòa giải tốn bao nhiêu tiền?", "expect": "answer", "gold": ["35/2013/QH13+6"]},
    {"question": "giá vàng hôm nay bao nhiêu?", "expect": "refuse"},
    {"question": "tôi bị chồng đánh, cứu tôi", "expect": "danger"},
)
FIGURES = {
    "answerable",
    "hit@1",
    "hit@5",
    "recall@10",
    "MRR@10",
    "right_first",
    "abstention_precision",
    "abstention_recall",
    "danger_recall",
    "danger_false_alarms",
}


def write_folder(folder: Path, files: int = 1) -> Path:
    folder.mkdir()
    for at in range(files):
        (folder / f"{at}.txt").write_text(NOTICE.format(name=f"{folder.name} {at}"), encoding="utf-8")
    return folder


@pytest.fixture
def beside(served: tuple[Program, Service]) -> Program:
    """The program whose service is running: its commands find the folder taken."""
    return served[0]


def test_socket_is_for_its_owner_alone(beside: Program):
    assert stat.S_IMODE((beside.data / "binhan.sock").stat().st_mode) == 0o600
    assert stat.S_ISSOCK((beside.data / "binhan.sock").stat().st_mode)


def test_asking_through_the_socket_is_like_asking_alone(beside: Program, ripe: Program, tmp_path):
    alone = ripe.on_a_copy(tmp_path / "data").json("ask", MEDIATION)
    through = beside.json("ask", MEDIATION)
    assert {**through, "timings_ms": 0} == {**alone, "timings_ms": 0}
    assert MEMBER_CANARY in beside.json("ask", MEMBER_QUESTION, "--audience", "member")["text"]


def test_bytes_that_are_no_text_pass_through_the_socket(beside: Program):
    assert beside.run("ask", b"ho\xff\xfea gi\xe1i?", "--json").returncode == 0


def test_documents_come_and_go_while_the_page_answers(beside: Program, service: Service, tmp_path):
    folder = write_folder(tmp_path / "bong", files=3)
    outcomes: list[str] = []
    over = threading.Event()

    def keep_asking() -> None:
        while not over.is_set():
            outcomes.append(service.ask(MEDIATION)["status"])

    with ThreadPoolExecutor(1) as visitor:
        visiting = visitor.submit(keep_asking)
        report = beside.json("ingest", "sync", str(folder))
        over.set()
        visiting.result()
    assert report["summary"]["added"] == 3
    assert set(outcomes) == {"answered"}
    assert len(outcomes) > 3
    question = "Đội bóng chuyền thôn bong 1 tập ở sân kho cũ vào mấy giờ chiều?"
    assert service.ask(question)["citations"][0]["id"].startswith("bong/")
    for at in range(3):
        (folder / f"{at}.txt").unlink()
    emptied = beside.json("ingest", "sync", str(folder), code=3)  # empty at once may be a mistake
    assert emptied["summary"]["removed"] == 0
    assert beside.json("ingest", "sync", str(folder), "--yes-remove")["summary"]["removed"] == 3
    assert beside.json("ingest", "list", "bong/") == []
    assert service.ask(question)["status"] == "refused"


def test_error_crosses_the_socket_as_what_it_is(beside: Program):
    done = beside.run("ingest", "remove", "tep/khong-co.txt")
    assert done.returncode == 1
    assert catalog("vi")["cli.document_not_found"].format(key="tep/khong-co.txt") in done.stderr


def test_two_commands_at_once_both_arrive(beside: Program, tmp_path):
    folders = [write_folder(tmp_path / name, files=4) for name in ("doimot", "doihai")]
    with ThreadPoolExecutor(2) as operators:
        reports = list(operators.map(lambda folder: beside.json("ingest", "sync", str(folder)), folders))
    assert [report["summary"]["added"] for report in reports] == [4, 4]
    assert len(beside.json("ingest", "list", "doi")) == 8


def test_evaluation_through_the_socket_has_every_figure(beside: Program, tmp_path):
    file = tmp_path / "cau-hoi.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    report = beside.json("eval", str(file))
    assert report["rows"] == len(ROWS)
    for spelling in ("as_is", "folded"):
        assert set(report[spelling]) == FIGURES | {"by_style"}
        assert set(report[spelling]["by_style"]["folded"]) == FIGURES
        assert report[spelling]["answerable"] == 2
        assert report[spelling]["danger_recall"] == 1
        assert report[spelling]["danger_false_alarms"] == 0
        assert report[spelling]["abstention_recall"] == 1
    assert report["as_is"]["right_first"] == report["as_is"]["hit@1"] == 1


def test_bad_row_of_an_evaluation_is_named_by_line_and_field(ripe: Program, tmp_path):
    file = tmp_path / "cau-hoi.jsonl"
    file.write_text(json.dumps(ROWS[0]) + '\n\n{"question": "x", "expect": "answr"}\n', encoding="utf-8")
    done = ripe.run("eval", str(file), "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert text("cli.bad_evaluation_row", "vi", line="3", field="expect") in done.stderr


def test_reindexing_beside_a_service_is_declined(beside: Program):
    done = beside.run("reindex")
    assert done.returncode == 1
    assert text("cli.reindex_busy", "vi") in done.stderr


def test_a_folder_held_by_a_process_without_socket_is_one_that_starts(program: Program):
    """Nobody is told to stop a service in the minutes of its first start, by `doctor` neither."""
    hold = "import filelock, sys; held = filelock.FileLock(sys.argv[1]).acquire(); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(program.data / ".lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        done = program.run("ingest", "list")
        looked = program.json("doctor")
        holder.communicate()
    told = text("cli.not_yet_serving", "vi", folder=str(program.data))
    assert done.returncode == 1
    assert told in done.stderr
    (index,) = [row for row in looked if row["part"] == "index"]
    assert (index["state"], index["told"]) == ("off", told)


def test_a_link_to_the_desk_leads_to_the_service_that_runs(beside: Program, service: Service):
    """Not to the port that this shell's settings name."""
    here = beside.having(port="9")
    made = here.json("desk", "link", "--officer", "thu-can-bo")
    assert made["url"].startswith(f"{service.url}/desk/vao/")
    command = f"BINHAN_DATA={beside.data} .venv/bin/binhan desk link --unit thu-nghiem --officer thu-can-bo"
    assert command in service.said


@pytest.mark.services
def test_commands_go_through_the_socket_with_postgresql_too(ripe: Program, tmp_path):
    """PostgreSQL refuses NUL in a text, so no question to the service may hold one."""
    base = os.environ.get("BINHAN_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
    try:
        server = psycopg.connect(base.replace("+psycopg", "", 1), autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("PostgreSQL does not answer")
    schema = f"binhan_test_{uuid.uuid4().hex}"
    with server as database:
        database.execute(f"CREATE SCHEMA {schema}")
        try:
            program = ripe.on_a_copy(tmp_path / "data").having(
                database_url=f"{base}?options=-csearch_path%3D{schema}"
            )
            with program.serving() as service:
                assert service.ask(MEDIATION)["status"] == "answered"
                assert len(program.json("ingest", "list", "guide:")) == 3
        finally:
            database.execute(f"DROP SCHEMA {schema} CASCADE")
