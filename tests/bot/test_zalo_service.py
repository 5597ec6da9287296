"""`binhan serve` with a bot of Zalo: the real program against a fake Zalo over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from prompts.catalog import text
from tests.fakes.zalo import TOKEN, FakeZalo, fake_zalo

if TYPE_CHECKING:
    from tests.bot.program import Program

PAGE = "https://binhan.example"
QUESTION = "hang xom danh nhau thi goi ai hoa giai"
REPORT = "nha so 9 ngo zubaccanary ban ma tuy, toi nao cung co nguoi den mua"
WRONG = "1:wrong"
CHAT = "e4ea2cd5189df1c3a88c"


def on_zalo(program: Program, fake: FakeZalo, **more: str) -> Program:
    """The program with the fake's bot."""
    return program.having(zalo_token=TOKEN, zalo_api=fake.api, public_url=PAGE, **more)


def test_residents_are_answered_and_reports_stay_nowhere(program: Program):
    with fake_zalo() as fake, on_zalo(program, fake).serving() as service:
        answered = fake.ask(QUESTION)
        assert "hòa giải viên" in answered.lower()
        assert "Nguồn: " in answered
        told = fake.ask(REPORT)
        assert f"{PAGE}/bao-tin" in told
        assert "chưa đến công an" in told
        page, _ = service.get("/bao-tin")
        assert page == 200  # what is pointed to is there
        assert fake.ask("theo dõi").endswith(f"{PAGE}/theo-doi")
        assert text("zalo.serving", "vi", bot="bot.BinhAn") in service.said
        assert "Traceback" not in service.said
        for secret in ("zubaccanary", CHAT, TOKEN, "Zuươm"):
            assert secret not in service.said
    held = b"".join(file.read_bytes() for file in program.data.rglob("*") if file.is_file())
    for secret in ("zubaccanary", CHAT, TOKEN):
        assert secret.encode() not in held


def test_updates_may_come_to_our_server(program: Program):
    with fake_zalo() as fake:
        with on_zalo(program, fake, zalo_webhook="https://hoi.example.vn").serving() as service:
            fake.wait(lambda zalo: bool(zalo.webhook))
            path = fake.webhook["url"].removeprefix("https://hoi.example.vn")
            update = {"ok": True, "result": fake.update(QUESTION)}
            address = f"{service.url}{path}"
            assert _post(address, update, "wrong") == 403
            assert _post(address, update, "") == 403
            assert _post(address, {"x": "y" * 300_000}, fake.webhook["secret_token"]) == 413
            assert fake.said == []
            assert _post(address, update, fake.webhook["secret_token"]) == 200
            fake.wait(lambda zalo: len(zalo.said) == 1)
            assert fake.called("getUpdates") == 0
        assert fake.webhook["url"]  # what is written while we restart waits at Zalo


def test_a_wrong_token_leaves_the_web_chat_running(program: Program):
    with fake_zalo() as fake, on_zalo(program, fake).having(zalo_token=WRONG).serving() as service:
        assert service.ask(QUESTION)["status"] == "answered"
        assert text("zalo.serving_bad_token") in service.said


def test_the_doctor_looks_at_the_bot(program: Program):
    with fake_zalo() as fake:
        assert _finding(on_zalo(program, fake)) == {"state": "ok", "told": _polling()}
        told = _finding(on_zalo(program, fake).having(public_url=""))["told"]
        assert told == f"{_polling()}; {text('zalo.check_no_page')}"
        wrong = _finding(on_zalo(program, fake).having(zalo_token=WRONG), code=1)
        assert wrong == {"state": "missing", "told": text("zalo.check_bad_token")}
        away = "http://127.0.0.1:9"
        gone = _finding(on_zalo(program, fake).having(zalo_api=away), code=1)
        assert gone == {"state": "missing", "told": text("zalo.check_away", api=away)}
    assert _finding(program) == {"state": "off", "told": text("zalo.check_off")}


def _polling() -> str:
    return text("zalo.check_polling", bot="bot.BinhAn")


def _finding(program: Program, code: int = 0) -> dict[str, str]:
    found = next(item for item in program.json("doctor", code=code) if item["part"] == "zalo")
    return {"state": found["state"], "told": found["told"]}


def _post(address: str, body: Any, secret: str) -> int:
    headers = {"Content-Type": "application/json", "X-Bot-Api-Secret-Token": secret}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
