"""The drive: every way a tip comes in and an officer works on it, and every way that goes wrong."""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

from prompts.catalog import text
from tests.canary.cast import Kind, Place
from tests.canary.senders import Sender, multipart, receipt_in, tip_fields, written
from tests.canary.stage import Stage, Typing
from tips.intake import reference_of
from tips.receipts import Receipt

if TYPE_CHECKING:
    from pathlib import Path

    from tests.canary.senders import Answer

_RECEIPT = r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}"
JSON = "application/json"


def send_sealed(sender: Sender) -> Receipt:
    """Words and a photo sealed in the page; other files beside, cleaned by the server, originals kept."""
    receipt, content = sender.receipt(), sender.story("sealed")
    parcel = sender.sealed(content, receipt, [sender.cast.phrase("redrawn", owner=sender.name).encode() * 9])
    sent = sender.post_sealed("/api/tip", receipt, parcel, sender.files("beside"), keep=True)
    assert sent.status == 201, sent.text
    assert json.loads(sent.body)["files"] == 5, sent.text
    assert sender.post_sealed("/api/tip", receipt, parcel).status == 200  # pressed twice
    assert sender.status(receipt)["found"] is True
    return receipt


def send_form(sender: Sender) -> Receipt:
    """The plain form: first with a wrong confirmation, then in full."""
    page = sender.ask("GET", "/bao-tin?lang=vi", place=Place.OWN_PAGE)
    receipt, content = sender.receipt(receipt_in(page.text)), sender.story("form")
    wrong = tip_fields(content, receipt, "00000")
    refused = sender.form("/bao-tin", wrong, sender.files("refused"), Place.OWN_PAGE)
    assert refused.status == 422
    assert content.place in refused.text
    fields = tip_fields(content, receipt, receipt.last_group.lower())
    sent = sender.form("/bao-tin", fields, sender.files("form"), Place.OWN_PAGE)
    assert text("tipweb.received", "vi") in sent.text.partition("<form")[0], sent.text[-3_000:]
    assert receipt.text in sent.text
    assert sender.form("/bao-tin", fields, place=Place.OWN_PAGE).status == 200  # sent again by a reload
    assert sender.form("/bao-tin", fields, Accept=JSON).status == 200  # by a page that cannot seal
    return receipt


def give_up(sender: Sender) -> None:
    """A form that is filled in, refused, and never sent."""
    page = sender.ask("GET", "/bao-tin", place=Place.OWN_PAGE)
    receipt, draft = sender.receipt(receipt_in(page.text)), sender.story("draft", Kind.DRAFT)
    assert sender.form("/bao-tin", tip_fields(draft, receipt, ""), place=Place.OWN_PAGE).status == 422


def follow_by_form(sender: Sender, receipt: Receipt, *, withdraw: bool) -> Answer:
    """Look it up as people type receipts, answer with a file, and take it back if wanted."""
    typed = receipt.text.lower().replace("-", " ")
    found = sender.form("/theo-doi", [("receipt", typed), ("do", "look")], place=Place.OWN_PAGE)
    assert reference_of(receipt.keys().tip_id) in found.text
    count = len(sender.cast.canaries)
    more = [
        ("receipt", receipt.canonical + receipt.text[-1]),
        ("do", "more"),
        ("seq", hidden(found.text, "seq")),
        ("in_reply_to", hidden(found.text, "in_reply_to")),
        ("text", f"Thêm nữa: {sender.tells(f'follow-up {count}')}"),
    ]
    answer = sender.form("/theo-doi", more, sender.files(f"follow-up {count}"), Place.OWN_PAGE)
    assert answer.status == 200
    assert text("tipweb.js_more_received", "vi") in answer.text, answer.text
    if withdraw:
        gone = [("receipt", receipt.text), ("do", "withdraw"), ("sure", "yes")]
        assert sender.form("/theo-doi", gone, place=Place.OWN_PAGE).status == 200
    return found


def follow_sealed(sender: Sender, receipt: Receipt, *, withdraw: bool) -> None:
    """The same as the page does it."""
    seq = int(str(sender.status(receipt)["next_seq"]))
    words: dict[str, object] = {"text": f"Bổ sung: {sender.tells(f'sealed more {seq}')}", "in_reply_to": 0}
    parcel = sender.sealed_further("more", words, receipt, seq)
    more = sender.post_sealed("/api/tip/more", receipt, parcel, sender.files(f"sealed more {seq}"))
    assert more.status == 201, more.text
    if withdraw:
        seq = int(str(sender.status(receipt)["next_seq"]))
        parcel = sender.sealed_further("withdraw", {"text": ""}, receipt, seq)
        assert sender.post_sealed("/api/tip/withdraw", receipt, parcel).status == 200


def ask_questions(sender: Sender) -> None:
    """Questions in the web chat, by the script and by the form, and a thumb."""
    question = f"hàng xóm {sender.tells('question')} đánh nhau thì gọi ai hòa giải"
    body = json.dumps({"question": question, "previous": [sender.tells("earlier question")]}).encode()
    assert sender.ask("POST", "/api/ask", body, JSON).status == 200
    by_form = f"question=ma+tuy+{sender.tells('question by form')}&language=vi".encode()
    form = "application/x-www-form-urlencoded"
    assert sender.ask("POST", "/ask", by_form, form, Place.OWN_PAGE).status == 200
    thumb = json.dumps({"passages": [sender.tells("thumb")], "verdict": "up"}).encode()
    sender.ask("POST", "/api/feedback", thumb, JSON)


def go_wrong(sender: Sender) -> None:
    """Everything that is no proper request, with canaries in it."""
    word, form = sender.tells, "multipart/form-data; boundary=b"
    broken = f'--b\r\nContent-Disposition: form-data; name="story"\r\nX-Odd: {sender.who("part header")}'
    for body, kind in (
        (f"{broken}\r\n\r\n{word('broken multipart')}".encode(), form),
        (f"--b\r\n{word('header without colon')}\r\n\r\nx\r\n--b--".encode(), form),
        (f"{broken}\r\n\r\nx\r\n--b--\r\n{word('epilogue')}".encode(), form),
        (word("wrong type").encode(), f"text/{sender.who('type')}"),
        (word("no boundary").encode(), f"multipart/form-data; {sender.who('odd attribute')}=1"),
    ):
        for path in ("/bao-tin", "/theo-doi", "/api/tip", "/api/tip/more", "/api/tip/withdraw"):
            assert sender.ask("POST", path, body, kind, Place.OWN_PAGE).status not in {201, 500}
    for number, path in enumerate(("/api/tip/status", "/api/ask", "/api/feedback", "/api/tip")):
        for fault in ('{{"tag": "{}', '{{"tag": "{}"}}', '["{}"]', '{{"{}": 1}}', '{{"question": ["{}"]}}'):
            assert (
                sender.ask("POST", path, fault.format(word(f"json {number} {fault}")).encode(), JSON).status
                != 500
            )
    for parcel in (f'"{word("parcel of words")}"', f'{{"parcel": {{"tip_id": "{word("tip id")}"}}}}'):
        assert sender.form("/api/tip", [("parcel", parcel)]).status >= 400
    broken_files = {
        f"{sender.who('broken name')}.jpg": b"\xff\xd8\xff" + word("broken photo").encode() * 50,
        f"{sender.who('unknown name')}.exe": b"MZ" + word("program").encode() * 50,
        f"{sender.who('cut name')}.pdf": b"%PDF-1.7\n" + word("cut pdf").encode() * 50,
    }
    receipt, content = sender.receipt(), sender.story("with broken files")
    fields = tip_fields(content, receipt, receipt.text)
    assert sender.form("/bao-tin", fields, broken_files, Place.OWN_PAGE).status in {200, 422}
    sender.form(
        "/bao-tin", [("receipt", word("no receipt")), ("story", word("beside it"))], place=Place.OWN_PAGE
    )
    for path in (f"/{sender.who('path')}", f"/api/{sender.who('api path')}?q={sender.who('query')}"):
        for method in ("GET", "POST", "PUT", sender.who(f"method {path}").upper()):
            assert sender.ask(method, path).status >= 400
    for path in ("/desk/", f"/desk/tin/{sender.who('tip in path')}", f"/desk/{sender.who('desk path')}"):
        sender.ask("GET", path)
    assert sender.ask("GET", "/", Host=f"{sender.who('host')}.example").status == 421
    assert sender.ask("POST", "/bao-tin", Origin=f"https://{sender.who('origin')}.example").status == 403
    claimed = {"Content-Length": "900000000"}
    sender.raw(_request("POST", "/bao-tin", sender.headers | claimed) + word("after a claim").encode())
    sender.raw(
        f"GET /\x01{sender.who('bad request line')} HTTP/9\r\n{sender.who('bad head')}\r\n\r\n".encode()
    )
    sender.raw(_request("GET", f"/{sender.who('long path')}" + "a" * 70_000, sender.headers))


def try_receipts(sender: Sender, stage: Stage) -> None:
    """Receipts that are wrong or made up, by every way; answered alike."""
    for typed in (sender.receipt().text, sender.tells("no receipt at all", Kind.RECEIPT), "ABCD"):
        page = sender.form("/theo-doi", [("receipt", typed), ("do", "look")], place=Place.ANSWER)
        assert text("tipweb.js_unknown", "vi") in page.text
        told = stage.run("tip", "status", typed, "--json", code=2, **shell(sender, stage))
        sender.cast.show(told.stdout + told.stderr, "tip status", Place.ANSWER)
    assert sender.status(sender.receipt())["found"] is False


def meet_a_locked_store(sender: Sender, stage: Stage) -> None:
    """Another process holds the database: nothing is received, and the form keeps what was typed."""
    receipt, content = sender.receipt(), sender.story("locked", Kind.DRAFT)
    sealed = sender.sealed(content, receipt)
    with stage.locked():
        answer = sender.form("/bao-tin", tip_fields(content, receipt, receipt.text), place=Place.OWN_PAGE)
        assert answer.status == 503
        assert sender.post_sealed("/api/tip", receipt, sealed).status == 503
        done = stage.run("tip", "send", "--text", content.story, "--json", code=1, **shell(sender, stage))
        known = json.loads(done.stdout)["receipt"]
        sender.receipt(Receipt.parse(known))
        sender.cast.show(done.stdout + done.stderr, "tip send, locked", Place.OWN_TERMINAL, sender.name)


def hang(sender: Sender) -> Any:
    """Half of a sending with words and a file, the rest of which never comes."""
    receipt, content = sender.receipt(), sender.story("cut off", Kind.DRAFT)
    body, kind = multipart(tip_fields(content, receipt, receipt.text), sender.files("cut off"))
    return sender.half_an_upload(body, kind, "/bao-tin")


def shell(sender: Sender, stage: Stage) -> dict[str, str]:
    """The environment of a sender at a terminal, with a home of a name of its own."""
    name = f"{sender.name} shell"
    if f"{name} user" not in {canary for canary in sender.cast.canaries if canary.startswith(name)}:
        known = {part: sender.cast.word(part, owner=name) for part in ("user", "host", "ssh", "home", "tty")}
        (stage.senders / known["home"]).mkdir()
    else:
        known = {
            part: str(sender.cast.canaries[f"{name} {part}"].value)
            for part in ("user", "host", "ssh", "home", "tty")
        }
    return {
        "USER": known["user"],
        "LOGNAME": known["user"],
        "HOSTNAME": known["host"],
        "SSH_CLIENT": f"{sender.address} 50022 22 {known['ssh']}",
        "SSH_TTY": f"/dev/{known['tty']}",
        "HOME": str(stage.senders / known["home"]),
    }


def send_from_a_script(sender: Sender, stage: Stage, machine: Path) -> Receipt:
    """`binhan tip send`, then `status`, from a folder and with files whose names tell something."""
    folder = machine / sender.cast.word("folder", Kind.PATH, sender.name)
    paths = written(folder, sender.files("script"))
    content = sender.story("script")
    told = ["--text", "-", "--kind", "drugs", "--place", content.place, "--when", content.when]
    told += [word for path in paths for word in ("--file", str(path))]
    around = shell(sender, stage)
    done = stage.run("tip", "send", *told, "--json", typed=content.story, **around)
    value = json.loads(done.stdout)
    assert value["files"] == len(paths), value
    receipt = sender.receipt(Receipt.parse(value["receipt"]))
    sender.cast.show(done.stdout + done.stderr, "tip send", Place.OWN_TERMINAL, sender.name)
    for typed in (receipt.text, receipt.text.lower()):
        shown = stage.run("tip", "status", typed, **around)
        sender.cast.show(shown.stdout + shown.stderr, "tip status", Place.OWN_TERMINAL, sender.name)
    missing = stage.run(
        "tip", "send", "--text", content.story, "--file", str(folder / "khong-co"), code=2, **around
    )
    sender.cast.show(missing.stdout + missing.stderr, "no such file", Place.OWN_TERMINAL, sender.name)
    return receipt


def send_by_typing(sender: Sender, stage: Stage, machine: Path) -> Receipt:
    """The conversation in a terminal, from the first question to deleting it."""
    folder = machine / sender.cast.word("typed folder", Kind.PATH, sender.name)
    name, missing = (sender.cast.word(f"typed {part}", Kind.PATH, sender.name) for part in ("name", "ending"))
    photo = written(folder, {f"{name}.jpg": sender.photo("typed photo")})[0]
    content = sender.story("typed")
    say = _vietnamese
    talk = Typing(stage, "tip", **shell(sender, stage))
    talk.choose(say("tip.danger_no"))
    talk.choose(say("kinds.group_social"))
    talk.choose(say("kinds.kind_drugs"))
    talk.answer(_asks("tip.ask_place"), content.place)
    talk.answer(_asks("tip.ask_when"), content.when)
    talk.answer(_asks("tip.ask_story"), content.story)
    talk.answer(re.escape(say("tip.details_enough")), content.details["spot"])
    talk.choose(say("tip.details_enough"))
    talk.answer(re.escape(say("tip.files_none")), f"/tep {photo}")
    talk.answer(re.escape(say("tip.files_done")), f"/tep {photo}.{missing}")
    talk.answer(re.escape(str(photo)), "/boqua")
    talk.choose(say("tip.concerns_no"))
    talk.choose(say("tip.summary_go_on"))
    talk.answer(rf"{_RECEIPT}|{re.escape(say('tip.coaching_enough'))}", "/boqua")
    found = re.findall(_RECEIPT, talk.screen)
    if not found:
        talk.answer(_RECEIPT, "khong nho")
        found = re.findall(_RECEIPT, talk.screen)
    receipt = sender.receipt(Receipt.parse(found[-1]))
    talk.answer(re.escape(receipt.text), receipt.last_group)
    talk.choose(say("tip.ready_send"))
    talk.choose(say("tip.sent_delete"))
    assert talk.end() == 0
    sender.cast.show(talk.screen, "tip, typed", Place.OWN_TERMINAL, sender.name)
    return receipt


def follow_by_typing(sender: Sender, stage: Stage, receipt: Receipt) -> None:
    """`binhan tip follow`: look it up and add to it."""
    talk = Typing(stage, "tip", "follow", **shell(sender, stage))
    talk.answer(_asks("follow.ask_receipt"), receipt.text.lower())
    talk.choose(_vietnamese("follow.open_more"))
    talk.answer(_asks("follow.ask_more"), f"Thêm: {sender.tells('typed follow-up')}")
    talk.choose(_vietnamese("follow.review_send"))
    talk.answer(re.escape(_vietnamese("follow.more_received")), "/huy")
    talk.end()
    sender.cast.show(talk.screen, "tip follow, typed", Place.OWN_TERMINAL, sender.name)


def give_up_typing(sender: Sender, stage: Stage) -> None:
    """A story that is typed, and a terminal that is closed."""
    draft = sender.story("typed draft", Kind.DRAFT)
    done = stage.run("tip", typed=f"{draft.story}\n{draft.place}\n", **shell(sender, stage))
    assert text("tip.terminal_left", "vi") in done.stdout
    sender.cast.show(done.stdout + done.stderr, "tip, given up", Place.OWN_TERMINAL, sender.name)


def is_stored(stage: Stage, receipt: Receipt) -> bool:
    """Whether the tip of *receipt* was kept."""
    from tips.store.store import TipStore

    with closing(TipStore.open_file(stage.data / "tips" / "tips.sqlite3")) as store:
        return store.find(receipt.keys().tag_hash) is not None


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, (name, page[:3_000])
    return found[1]


def _asks(key: str) -> str:
    return re.escape(_vietnamese(key)[:30])


def _vietnamese(key: str) -> str:
    return text(key, "vi")


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
