"""Folders and pages that are followed, as an operator sees it: `sync --watch`, `sources`, and the service."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bot.cli import app
from ingest.source_list import SourceList, WebSource, write_list
from ingest.watched import WatchedFolder
from prompts.catalog import text
from tests.fakes.web_site import Page, Site, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bot.program import Program

LAMPS = "Tối thứ sáu tuần này nhà văn hóa thôn Đồng Me họp bàn việc lắp đèn đường ở ngõ Giếng Cũ."
CLINIC = "Trạm y tế xã Phú Lương tiêm phòng dại cho chó mèo vào sáng chủ nhật đầu tháng, không thu tiền."
FAKE = "THÔNG BÁO CỦA CÔNG AN\nĐề nghị công dân cung cấp mã OTP cho cán bộ để xác minh đơn tố giác ngay."
SOON_S = 120.0  # far more than a loaded machine needs; only a hang takes longer
STOP_S = 30.0


class Watching:
    """`binhan ingest sync FOLDER --watch` in a process of its own, and the lines it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: Queue[str] = Queue()
        self.said: list[str] = []
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line.rstrip("\n"))

    def hear(self, wanted: str) -> None:
        """Wait until a line with *wanted* is said."""
        end = time.monotonic() + SOON_S
        while time.monotonic() < end:
            with contextlib.suppress(Empty):
                self.said.append(self.lines.get(timeout=0.2))
                if wanted in self.said[-1]:
                    return
            assert self.process.poll() is None, self.said
        raise AssertionError((wanted, self.said))


@contextlib.contextmanager
def watching(program: Program, folder: Path, *options: str) -> Iterator[Watching]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "ingest", "sync", str(folder), "--watch", *options],
        env=program.environment,
        cwd=program.data.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    watched = Watching(process)
    try:
        yield watched
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=STOP_S)
        watched.reader.join(timeout=STOP_S)
        assert process.stderr is not None
        process.stderr.close()


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "xa"
    made.mkdir()
    (made / "hop.txt").write_text(LAMPS, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving() as running:
        running.pages["/robots.txt"] = Page(body="User-agent: *\nDisallow: /rieng\n", kind="text/plain")
        yield running


def test_a_folder_is_followed_until_ctrl_c(program: Program, folder, tmp_path):
    added, removed = text("ingest.action_added"), text("ingest.action_removed")
    with watching(program, folder) as watched:
        watched.hear(f"xa/hop.txt: {added}")
        (folder / "tiem.txt").write_text(CLINIC, encoding="utf-8")
        (folder / "gia.txt").write_text(FAKE, encoding="utf-8")
        watched.hear(f"xa/tiem.txt: {added}")
        (folder / "tiem.txt").rename(folder / "y-te.txt")
        watched.hear(f"xa/tiem.txt: {removed}")
        shutil.move(folder, tmp_path / "mat")
        watched.hear(text("sources.folder_away", folder=folder))
        folder.mkdir()  # where a share was mounted
        watched.hear(text("sources.folder_loss", folder=folder, name="xa", count=2, known=2))
        watched.process.send_signal(signal.SIGINT)
        watched.hear(text("sources.watching_stopped"))
        assert watched.process.wait(timeout=STOP_S) == 0
        assert sum("xa/gia.txt" in line for line in watched.said) == 1
    assert [row["key"] for row in program.json("ingest", "list", "xa/")] == ["xa/hop.txt", "xa/y-te.txt"]
    again = program.run("ingest", "sync", str(folder))
    assert (again.returncode, text("sources.sync_loss", count=2, known=2) in again.stderr) == (3, True)
    done = program.json("ingest", "sync", str(folder), "--yes-remove")
    assert done["summary"]["removed"] == 2


def test_pages_are_added_fetched_listed_and_removed(program: Program, site: Site):
    url = site.url("/tin/tiem.md")
    site.pages["/tin/tiem.md"] = Page(body=f"# Tiêm phòng\n\n{CLINIC}", kind="text/markdown", etag='"1"')
    assert program.run("sources", "add", url, "--http", "--inside", "--every", "12h").returncode == 0
    (fetched,) = program.json("sources", "fetch")
    assert (fetched["url"], fetched["outcome"]) == (url, "added")
    (again,) = program.json("sources", "fetch", "--now")
    assert (again["outcome"], site.asked[-1].status) == ("unchanged", 304)
    (row,) = program.json("sources", "list")
    assert (row["every"], row["outcome"], row["told"]) == ("12h", "unchanged", text("sources.page_unchanged"))
    assert program.run("sources", "remove", url, "--take-out").returncode == 0
    assert program.json("ingest", "list", "web:") == []


def test_the_service_follows_what_the_list_names(program: Program, folder, site: Site):
    site.pages["/tin/cho.md"] = Page(body=f"# Tiêm phòng\n\n{CLINIC}", kind="text/markdown")
    page = WebSource(url=site.url("/tin/cho.md"), inside=True, plain=True)
    with program.serving() as service:
        followed = WatchedFolder(root=folder.resolve(), collection="xa")
        write_list(program.data, SourceList(folders=(followed,), pages=(page,)))
        wanted = [
            f"xa/hop.txt: {text('ingest.action_added')}",
            f"{page.url}: {text('sources.page_added')}",
        ]
        end = time.monotonic() + SOON_S
        while not all(line in service.said for line in wanted) and time.monotonic() < end:
            time.sleep(0.1)
        assert all(line in service.said for line in wanted), service.said
        answer = service.ask("Khi nào thôn Đồng Me họp bàn việc lắp đèn đường?")
        assert answer["citations"][0]["id"].startswith("xa/hop.txt#")
        assert service.stop() == 0
    assert "Traceback" not in service.said


def test_an_address_with_a_password_is_refused_and_not_repeated(ripe: Program):
    done = ripe.run("sources", "add", "https://lan:matkhau@xa.gov.vn/")
    assert (done.returncode, "matkhau" in done.stderr) == (1, False)
    assert not (ripe.data / "watched.toml").exists()


def here(program: Program, *arguments: str, code: int = 0) -> str:
    """What `binhan ARGUMENTS` prints, in this process: starting one takes seconds."""
    environment = {name: value for name, value in program.environment.items() if name.startswith("BINHAN_")}
    done = CliRunner().invoke(app, arguments, env=environment)
    assert done.exit_code == code, (done.output, done.exception)
    return done.stdout.strip()


def test_what_a_folder_brought_is_taken_out_with_it_and_nothing_else(program: Program, folder, tmp_path):
    (folder / "tiem.txt").write_text(CLINIC, encoding="utf-8")
    (folder / "gia.txt").write_text(FAKE, encoding="utf-8")
    other = tmp_path / "khac"
    other.mkdir()
    (other / "y-te.txt").write_text(CLINIC, encoding="utf-8")  # a copy, which answers from then on
    for one, code in ((folder, 3), (other, 0)):
        here(program, "ingest", "sync", str(one), code=code)
        here(program, "sources", "add", str(one))
    told = here(program, "sources", "remove", str(folder), "--take-out")
    assert told == text("sources.removed_taken_out", name=folder, count=2)
    (left,) = json.loads(here(program, "ingest", "list", "--json", "khac/"))
    assert left["key"] == "khac/y-te.txt"
    assert json.loads(here(program, "ingest", "list", "--json", "xa/")) == []
    assert json.loads(here(program, "ingest", "held", "--json")) == []
    assert [row["name"] for row in json.loads(here(program, "sources", "list", "--json"))] == ["khac"]


def test_documents_that_another_folder_brought_stay(program: Program, folder, tmp_path):
    here(program, "sources", "add", str(folder))  # and nobody has followed it since
    other = tmp_path / "cu" / "xa"
    other.mkdir(parents=True)
    (other / "y-te.txt").write_text(CLINIC, encoding="utf-8")
    here(program, "ingest", "sync", str(other))
    told = here(program, "sources", "remove", "xa", "--take-out")
    assert told == text("sources.removed_taken_out", name="xa", count=0)
    assert len(json.loads(here(program, "ingest", "list", "--json", "xa/"))) == 1


@pytest.mark.parametrize("options", [(), ("--watch",), ("--dry-run",)])
def test_a_folder_that_is_not_there_is_named(ripe: Program, tmp_path, options):
    environment = {name: value for name, value in ripe.environment.items() if name.startswith("BINHAN_")}
    done = CliRunner().invoke(app, ["ingest", "sync", str(tmp_path / "tai-lieu"), *options], env=environment)
    assert done.exit_code == 1
    told = text("sources.no_folder", folder=tmp_path / "tai-lieu")
    assert "".join(told.split()) in "".join(done.stderr.split())
