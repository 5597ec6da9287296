"""Officers at work, on the web desk and in the terminal: every page of theirs is kept for the judge."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.canary.cast import Cast, Kind, Place
from tests.canary.senders import ABOVE, HOLDER
from tips.intake import reference_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.canary.stage import Stage
    from tips.receipts import Receipt


@dataclass(slots=True)
class WebOfficer:
    """An officer in a browser, signed in by a one-time link."""

    stage: Stage
    cast: Cast
    port: int
    officer: str
    cookie: str = ""
    pages: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """Spend a link that the command line made."""
        made = self.stage.run("desk", "link", "--officer", self.officer, "--json")
        path = json.loads(made.stdout)["path"]
        page = self.get(path)
        assert self.post(path, page).status == 303

    def get(self, path: str, place: Place = Place.DESK) -> str:
        """A page."""
        response, body = self._ask("GET", path, b"", place)
        assert response.status == 200, (path, response.status, body[-2_000:])
        return body.decode("utf-8", "replace")

    def fetch(self, path: str, place: Place) -> int:
        """A file; gives the status."""
        return int(self._ask("GET", path, b"", place)[0].status)

    def post(self, path: str, page: str, place: Place = Place.DESK, **fields: str) -> Any:
        """Press a button of *page*."""
        token = re.search(r'name="form" value="([^"]+)"', page)
        assert token, page[:2_000]
        body = urlencode({"form": token[1], **fields}).encode()
        return self._ask("POST", path, body, place)[0]

    def _ask(self, method: str, path: str, body: bytes, place: Place) -> tuple[Any, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        for value in response.headers.get_all("Set-Cookie") or []:
            self.cookie = value.partition(";")[0]
        where = re.sub(r"[0-9a-f]{32}|vao/.*", "…", path)
        self.cast.show(str(response.headers), f"head of {method} {where}", Place.DESK)
        self.cast.show(content, f"{method} {where} as {self.officer}", place)
        return response, content

    def work_on(self, receipt: Receipt, words: dict[str, str]) -> None:
        """Open a tip, read it and its files, and do whatever can be done with it."""
        tip = f"/desk/tin/{receipt.keys().tip_id}"
        page = self.get(tip)
        assert self.post(f"{tip}/mo", page).status == 303
        opened = self.get(tip, Place.OPENED)
        for path in re.findall(rf'"({tip}/tep/\d+/\d+)', opened):
            assert self.fetch(path, Place.OPENED) == 200
        for path, fields in (
            ("nhan", {}),
            ("nhan-viec", {"labels": words["label"]}),
            ("ghi-chu", {"words": words["note"]}),
            ("hoi", {"words": words["question"]}),
            ("tra-loi", {"words": words["message"], "sure": "1"}),
            ("giu", {"reason": words["reason"]}),
            ("thoi-giu", {}),
            ("xuat", {"unit": HOLDER}),
            ("xin-ban-goc", {}),
        ):
            # An archive leaves sealed: no word of it may show.
            place = Place.DESK if path == "xuat" else Place.OPENED
            shown = self.post(f"{tip}/{path}", opened, place, **fields).status
            assert shown in {200, 303}, (path, shown)
            self.get(tip, Place.OPENED)
        assert self.post(f"{tip}/hoi", opened, Place.OPENED, words=words["question"], sure="1").status == 303
        self.get(f"{tip}/moi")
        assert self.post(f"{tip}/an", opened).status == 303
        self.get(tip)

    def look_around(self) -> None:
        """The list with every filter, the news, the log."""
        page = self.get("/desk/")
        self.get("/desk/moi")
        self.post("/desk/loc", page, state="all", reference="BA")
        self.get("/desk/")
        self.get("/desk/nhat-ky")


def words_of_officer(cast: Cast, number: int, owner: str) -> dict[str, str]:
    """What an officer types, each with a canary; the tipster *owner* reads question, message and end."""
    return {
        "label": cast.phrase(f"label {number}", Kind.LABEL)[:36],
        "note": f"Ghi chú: {cast.phrase(f'note {number}', Kind.INSIDE)}",
        "reason": f"Vì {cast.phrase(f'reason {number}', Kind.INSIDE)}",
        "question": f"Anh chị cho hỏi {cast.phrase(f'question {number}', Kind.TOLD, owner)}?",
        "message": f"Đã xem {cast.phrase(f'message {number}', Kind.TOLD, owner)}.",
        "end": f"Xong việc {cast.phrase(f'end {number}', Kind.TOLD, owner)}.",
    }


def at_the_terminal(stage: Stage, cast: Cast, receipt: Receipt, words: dict[str, str]) -> None:
    """The same in a terminal, up to closing and handing over."""
    reference = reference_of(receipt.keys().tip_id)
    supervisor = ("--officer", "thu-chi-huy")

    def do(place: Place, *arguments: str, typed: str = "", code: int | None = 0) -> None:
        done = stage.run("desk", *arguments, *supervisor, typed=typed, code=code)
        cast.show(done.stdout + done.stderr, f"desk {arguments[0]}", place)

    do(Place.DESK, "list", "--json")
    do(Place.DESK, "show", reference)
    saved = stage.root.parent / "officer"
    do(Place.OPENED, "open", reference, "--save", str(saved))
    for file in saved.iterdir():
        cast.show(file.read_bytes(), f"the saved {file.name}", Place.OPENED)
    do(Place.DESK, "note", reference, "--text", words["note"])
    do(Place.DESK, "ask", reference, "--text", "-", typed=words["question"])
    do(Place.DESK, "hold", reference, "--reason", words["reason"])
    archive = stage.root.parent / "tip.binhan"
    do(Place.DESK, "export", reference, "--to", HOLDER, "--file", str(archive))
    cast.show(archive.read_bytes(), "a sealed archive", Place.DESK)
    do(Place.DESK, "open", cast.word("reference", Kind.PATH), code=2)
    do(Place.DESK, "transfer", reference, "--to", ABOVE, "--reason", words["reason"])
    do(Place.DESK, "list", "--json")


def close(stage: Stage, cast: Cast, receipt: Receipt, words: dict[str, str]) -> None:
    """End the work on a tip with a sentence for the tipster."""
    told: Sequence[str] = ("--outcome", "grounded", "--text", words["end"], "--officer", "thu-chi-huy")
    done = stage.run("desk", "close", reference_of(receipt.keys().tip_id), *told)
    cast.show(done.stdout + done.stderr, "desk close", Place.DESK)
