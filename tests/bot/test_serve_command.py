"""`binhan serve`: starts, answers, stops when told, survives being killed, keeps nothing that was asked."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.serve import AddressRefused, claim_port
from prompts.catalog import text
from tests.bot.program import free_port

if TYPE_CHECKING:
    from tests.bot.program import Program, Service

MEDIATION = "hang xom danh nhau thi goi ai hoa giai"
_PORTS = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
LOWEST_FREE = int(_PORTS.read_text()) if _PORTS.exists() else 1024  # below it ports are the system's
CANARY = "chimsaocanary8842"


def spilt(folder: Path, word: str) -> list[Path]:
    """The files below *folder* that hold *word* in any of its usual encodings."""
    needles = [word.encode(), word.upper().encode(), word.encode("utf-16-le")]
    files = (file for file in folder.rglob("*") if file.is_file())
    return [file for file in files if any(needle in file.read_bytes() for needle in needles)]


def test_second_start_is_quick_says_where_to_look_and_stops_in_peace(program: Program):
    service = program.start(free_port())
    try:
        # 5 s are promised on an idle machine; the interpreter's own imports are most of it.
        assert service.wait() < 30
        assert text("cli.serving_ready", "vi", url=f"{service.url}/") in service.said
        assert text("cli.serving_stop", "vi") in service.said
        assert text("cli.serving_first", "vi", count=3) not in service.said
        status, page = service.get("/")
        assert (status, '<html lang="vi"' in page) == (200, True)
        assert service.ask(MEDIATION)["citations"][0]["id"] == "guide:hoa-giai#xin-hoa-giai"
        begun = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - begun < 12
    finally:
        service.end()
    assert not (program.data / "binhan.sock").exists()
    assert program.run("ingest", "list").returncode == 0


def test_ctrl_c_pressed_twice_shows_no_trace(program: Program):
    with program.serving() as service, socket.create_connection(("127.0.0.1", service.port)) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\n")  # and waits: the first Ctrl-C would wait for it
        time.sleep(0.3)
        for _ in range(3):
            service.process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        assert service.process.wait(timeout=30) == 0
    assert "Traceback" not in service.said
    assert not (program.data / "binhan.sock").exists()


def test_an_open_connection_does_not_hold_up_the_stop_and_what_is_asked_is_answered(program: Program):
    """On SIGTERM an idle visitor is hung up on; one who is waiting still gets the answer."""
    with program.serving() as service, socket.create_connection(("127.0.0.1", service.port)) as idle:
        answers: list[str] = []
        asking = threading.Thread(target=lambda: answers.append(service.ask(MEDIATION)["status"]))
        asking.start()
        time.sleep(0.05)
        assert service.stop() == 0
        asking.join()
        assert idle.recv(1) == b""
    assert answers == ["answered"]


def test_port_in_use_is_told_before_any_work(ripe: Program, tmp_path):
    new = ripe.on_a_copy(tmp_path / "data")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = new.run("serve", "--port", str(port))
    assert done.returncode == 1
    assert text("cli.serving_port_taken", "vi", port=port) in done.stderr


@pytest.mark.parametrize("host", ["203.0.113.5", "khong-co.invalid", "2001:db8::1"])
def test_an_address_that_is_not_this_machines_is_told_as_that(ripe: Program, tmp_path, host):
    done = ripe.on_a_copy(tmp_path / "data").run("serve", "--host", host, "--port", str(free_port()))
    assert done.returncode == 1
    assert text("cli.serving_no_address", "vi", host=host, port=0) in done.stderr


@pytest.mark.skipif(LOWEST_FREE < 2, reason="every port is anybody's here")
def test_a_port_without_rights_is_not_taken_for_a_busy_one():
    was = os.geteuid()
    if not was:
        os.seteuid(65_534)
    try:
        with pytest.raises(AddressRefused) as refused:
            claim_port("127.0.0.1", LOWEST_FREE - 1)
    finally:
        os.seteuid(was)
    assert refused.value.reason == "rights"


def test_a_broken_guide_stops_the_start_and_is_named(program: Program, tmp_path):
    guides = shutil.copytree(program.guides, tmp_path / "guides")
    (guides / "to-giac.md").write_text("---\nid: to-giac\n---\n## Không tên mục\n", encoding="utf-8")
    done = program.having(guides=str(guides)).run("serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert "to-giac.md" in done.stderr


def test_changed_guide_answers_anew_and_a_gone_one_no_more(program: Program, tmp_path):
    guides = shutil.copytree(program.guides, tmp_path / "guides")
    changed = (guides / "hoa-giai.md").read_text(encoding="utf-8").replace("hòa giải viên", "bà Sáu Đò Dọc")
    (guides / "hoa-giai.md").write_text(changed, encoding="utf-8")
    (guides / "to-giac.md").unlink()
    with program.having(guides=str(guides)).serving() as service:
        assert "bà Sáu Đò Dọc" in service.ask(MEDIATION)["text"]
        gone = service.ask("gửi đơn tố giác cho cơ quan nào")
        assert not any(source["id"].startswith("guide:to-giac#") for source in gone["citations"])


def test_killed_in_the_first_indexing_it_starts_again_whole(ripe: Program, tmp_path):
    killed = ripe.on_a_copy(tmp_path / "data")
    for name in ("index", "record.sqlite3", "record.sqlite3-wal", "record.sqlite3-shm"):
        path = killed.data / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    first = killed.start(free_port())
    first_said = text("cli.serving_first", "vi", count=3)
    deadline = time.monotonic() + 120
    while first_said.split("{", maxsplit=1)[0][:20] not in first.said and time.monotonic() < deadline:
        assert first.process.poll() is None, first.said
        time.sleep(0.005)
    first.process.kill()
    first.process.wait()
    with killed.serving() as service:
        assert service.ask(MEDIATION)["citations"][0]["id"] == "guide:hoa-giai#xin-hoa-giai"
        assert service.ask("gửi đơn tố giác cho cơ quan nào")["status"] == "answered"
        assert len(killed.json("ingest", "list", "guide:")) == 3


def test_nothing_that_was_asked_is_kept_or_printed(served: tuple[Program, Service]):
    program, service = served
    asked = f"{CANARY} hàng xóm đánh nhau thì gọi ai hòa giải"
    service.ask(asked)
    service.ask("thế còn ở xã?", previous=(asked,))
    service.ask(f"cứu tôi {CANARY} nó cầm dao chém tôi")
    service.get(f"/ask?question={CANARY}")
    service.get(f"/{CANARY}")
    errors = [
        service.post("/api/ask", {"question": {"x": CANARY}}),
        service.post("/api/ask", f'{{"question": "{CANARY}'.encode()),
        service.post("/api/ask", {"question": CANARY, "language": CANARY}),
        service.post("/api/ask", {"question": CANARY * 5_000}),
        service.post("/api/feedback", {"passages": [CANARY], "verdict": CANARY}),
    ]
    assert {status for status, _ in errors} == {400, 413}
    assert all(CANARY not in told for _, told in errors)
    status, _ = service.post("/api/feedback", {"passages": [f"tep/{CANARY}#1"], "verdict": "up"})
    assert status == 204  # of a passage that is not: not counted, and not written down
    status, _ = service.post("/api/ask", {"question": f"\ud800{CANARY}\x00", "previous": [f"{CANARY}\ud800"]})
    assert status == 200
    assert CANARY not in service.said
    assert spilt(program.data.parent, CANARY) == []


def test_an_error_in_answering_tells_nobody_what_was_asked(program: Program):
    """The record is taken away while the service runs: the visitor gets kind words, the log a type."""
    with program.serving() as service:
        for name in ("record.sqlite3", "record.sqlite3-wal", "record.sqlite3-shm"):
            path = program.data / name
            if path.exists():
                path.write_bytes(b"hong" * 5_000)
        told = [service.post("/api/ask", {"question": f"{CANARY} hòa giải {at}"}) for at in range(6)]
        through = program.run("ask", f"{CANARY} hòa giải ở đâu")
        assert CANARY not in service.said
        assert "Traceback" not in service.said
    assert {status for status, _ in told} == {500}
    assert all(json.loads(words)["error"] == "internal" and CANARY not in words for _, words in told)
    assert through.returncode == 1
    assert CANARY not in through.stdout + through.stderr
    assert spilt(program.data.parent, CANARY) == []
