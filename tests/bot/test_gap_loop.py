"""The gap loop over real HTTP: asked in vain, answered at the desk, answered to residents, undone."""

from __future__ import annotations

import http.cookiejar
import json
import re
import time
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from bot.gaps_room import GapsFolder
from tests.bot.desk.web.officer import forms_of

if TYPE_CHECKING:
    from tests.bot.program import Program, Service

DOG = "Nuôi chó không rọ mõm dắt ra công viên bị phạt bao nhiêu?"
UNMARKED = "dat cho ko ro mom ra cong vien bi phat bao nhieu"
ANSWER = "Chó ra nơi công cộng phải đeo rọ mõm và có người dắt. Không rọ mõm thì bị phạt tiền."
TIP = "Nhà ông Tư số 7 hẻm chợ bán ma túy mỗi tối, ai cũng biết sao không ai làm gì?"
NAME, PHONE = "Chimsáo", "0912345678"
NAMED = f"Ông {NAME} điện thoại {PHONE} nuôi gà chọi trong chung cư có được không?"
PATIENCE_S = 60.0  # far longer than the ten seconds of the duty


class Desk:
    """An editor's browser, without a browser."""

    def __init__(self, service: Service, path: str) -> None:
        self._url = service.url
        opener = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(opener)
        self.press(self.get(path), path.rpartition("/")[2])

    def get(self, path: str) -> str:
        request = urllib.request.Request(self._url + path, headers={"Accept-Language": "vi"})
        with self._opener.open(request, timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    def press(self, page: str, name: str, **fields: str) -> str:
        form = forms_of(page)[name]
        body = urllib.parse.urlencode(form.fields | fields).encode()
        request = urllib.request.Request(self._url + form.action, body, {"Accept-Language": "vi"})
        with self._opener.open(request, timeout=60) as answer:
            text: str = answer.read().decode()
            return text


def signed_in(program: Program, service: Service) -> Desk:
    """The trial unit's supervisor, who is an editor, at the web desk."""
    link = program.json("desk", "link", "--officer", "thu-chi-huy", "--unit", "thu-nghiem")
    return Desk(service, link["path"])


def eventually(service: Service, question: str, status: str) -> dict[str, Any]:
    """The answer once it is *status*, which takes the duty's ten seconds."""
    begun = time.monotonic()
    while (answer := service.ask(question))["status"] != status:
        assert time.monotonic() - begun < PATIENCE_S, answer
        time.sleep(0.5)
    return answer


def listed(desk: Desk, words: str) -> str:
    """The list, once it holds *words*."""
    begun = time.monotonic()
    while words not in (page := desk.get("/desk/hoi-dap")):
        assert time.monotonic() - begun < PATIENCE_S, page
        time.sleep(0.5)
    return page


def database_bytes(program: Program) -> bytes:
    folder = GapsFolder(program.data).database.parent
    return b"".join(file.read_bytes() for file in folder.iterdir())


def publish(desk: Desk, page: str) -> None:
    """Answer the question about dogs, as it stands in the list."""
    key = re.search(rf'/hoi-dap/nhom/([0-9a-f]{{16}})">{re.escape(DOG)}', page)
    assert key
    written = {
        "text": ANSWER,
        "sources": "Nghị định 90/2017/NĐ-CP, Điều 7",
        "topic": "hoa-giai",
        "questions": f"{DOG}\nChó không đeo rọ mõm có bị phạt không?",
        "do": "preview",
    }
    preview = desk.press(desk.get(f"/desk/hoi-dap/nhom/{key[1]}"), key[1], **written)
    assert "Giải đáp của Chỉ huy thử nghiệm" in preview
    desk.press(preview, key[1], do="publish")


def test_asked_in_vain_answered_at_the_desk_and_undone_without_a_restart(program: Program) -> None:
    with program.serving() as running:
        assert running.ask(DOG)["status"] == "refused"
        running.ask(NAMED)
        running.ask(TIP)
        desk = signed_in(program, running)
        page = listed(desk, DOG)
        listed(desk, "gà chọi")
        assert "ma túy mỗi tối" not in page
        publish(desk, page)
        answer = eventually(running, DOG, "answered")
        (citation,) = answer["citations"]
        assert citation["id"].startswith("guide:tra-loi-")
        assert "Chỉ huy thử nghiệm" in citation["title"]
        assert (citation["date_kind"], len(citation["date"])) == ("as_of", 10)
        assert answer["text"] == ANSWER
        assert running.ask(UNMARKED)["citations"] == answer["citations"]
        golden = GapsFolder(program.data).golden
        assert json.loads(golden.read_text(encoding="utf-8"))["gold"] == [citation["id"]]
        report = program.json("eval", str(golden))
        assert (report["as_is"]["answerable"], report["as_is"]["hit@1"]) == (1, 1.0)
        desk.press(desk.get("/desk/hoi-dap/bai"), "hoan-tac")
        eventually(running, DOG, "refused")
        assert DOG in desk.get("/desk/hoi-dap")
    whole = database_bytes(program)
    for spelled in (NAME, NAME.lower(), PHONE, "ma túy mỗi tối", "hẻm chợ"):
        assert spelled.encode() not in whole
    assert "gà chọi".encode() in whole
    assert program.run("audit", "verify").returncode == 0


def test_an_answer_stays_over_a_restart_and_the_guides_folder_does_not_take_it_away(program: Program) -> None:
    with program.serving() as service:
        service.ask(DOG)
        desk = signed_in(program, service)
        publish(desk, listed(desk, DOG))
        eventually(service, DOG, "answered")
    with program.serving() as service:
        assert service.ask(DOG)["status"] == "answered"


def test_with_the_loop_off_nothing_is_kept(program: Program) -> None:
    off = program.having(gaps="false")
    with off.serving() as service:
        assert service.ask(DOG)["status"] == "refused"
    assert "rọ mõm".encode() not in database_bytes(off)


def test_the_terminal_lists_writes_and_undoes_for_editors(program: Program) -> None:
    seat = ("--officer", "thu-chi-huy", "--unit", "thu-nghiem")
    with program.serving() as service:
        service.ask(DOG)
        begun = time.monotonic()
        while not (listed := program.json("gaps", "list", *seat)):
            assert time.monotonic() - begun < PATIENCE_S
        (cluster,) = listed
        assert (cluster["wordings"], cluster["audiences"]) == ([DOG], ["public"])
        options = ("--topic", "hoa-giai", "--source", "Nghị định 90/2017/NĐ-CP", "--wording", UNMARKED)
        options = (*options, "--wording", "Chó không đeo rọ mõm có bị phạt không?")
        refused = program.run(
            "gaps", "write", cluster["id"], *options, "--officer", "thu-can-bo-tren", typed=ANSWER
        )
        assert refused.returncode == 2
        assert program.run("gaps", "write", cluster["id"], *options, *seat, typed=ANSWER).returncode == 0
        assert eventually(service, DOG, "answered")["text"] == ANSWER
        (answered,) = program.json("gaps", "answers", *seat)
        assert program.json("gaps", "undo", answered["slug"], *seat)["version"] == 0
        eventually(service, DOG, "refused")
