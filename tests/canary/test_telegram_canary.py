"""
Nothing that Telegram tells of a person stands anywhere but in the call that answers that very person.

The real service polls, is killed, comes back, and is sent its updates; all loggers are at DEBUG. Then every
file, log, database and call is searched for accounts, names, numbers of messages and files, and the token.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.members.accounts import account_hash
from tests.bot.program import free_port
from tests.canary import drive
from tests.canary import telegram_drive as hands
from tests.canary.cast import Kind
from tests.canary.judge import Judge
from tests.canary.stage import Stage
from tests.canary.telegram_cast import EXEMPTIONS, PATIENCE_S, Officer, Somebody, TelegramCast, Trace
from tests.fakes.telegram.fake import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bot.program import Program
    from tests.canary.stage import Running
    from tests.fakes.telegram.groups import Group
    from tips.receipts import Receipt

pytestmark = pytest.mark.timeout(900)


@dataclass(slots=True)
class Driven:
    """What the whole drive left behind."""

    stage: Stage
    cast: TelegramCast
    fake: FakeTelegram
    group: Group
    memory: Path  # the keys of notices
    sent: dict[str, Receipt] = field(default_factory=dict)
    people: dict[str, Somebody] = field(default_factory=dict)
    officer: Officer = field(init=False)

    def somebody(self, name: str, port: int = 0) -> Somebody:
        """Somebody new."""
        self.people[name] = Somebody(name, self.cast, port)
        return self.people[name]


@pytest.fixture(scope="module")
def driven(ripe: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    memory = Path(tempfile.mkdtemp(prefix="binhan-canary-", dir="/dev/shm"))
    with FakeTelegram() as fake:
        group = fake.group("Cán bộ", is_forum=True, bot_status="administrator")
        settings = {
            "telegram_token": fake.token,
            "telegram_api": fake.api,
            "telegram_admin_chat": str(group.id),
            "telegram_open_min": "0.3",
            "tip_card_delay_min": "0",
            "notice_keys": str(memory),
        }
        stage = Stage.of(ripe, tmp_path_factory.mktemp("telegram") / "stage", **settings)
        made = Driven(stage, TelegramCast(fake), fake, group, memory)
        made.cast.officers_chat = group.id
        try:
            with stage.serving(CANARY_HASTE="1") as service:
                polled(made, service)
            with stage.serving(CANARY_HASTE="1") as service:
                restarted(made, service)
            looked_at(made)
            port = free_port()
            with stage.serving(port, BINHAN_TELEGRAM_WEBHOOK=f"http://127.0.0.1:{port}") as service:
                hooked(made, service)
            made.cast.collect()
            yield made
        finally:
            shutil.rmtree(memory)


def polled(made: Driven, service: Running) -> None:
    """Residents and officers, then a SIGKILL while a photo is being fetched."""
    made.officer = Officer("Officer", made.cast, made.group, "administrator")
    an, lan = made.somebody("An", service.port), made.somebody("Lan")
    hands.ask_and_edit(an)
    made.sent["whole"] = hands.send_whole_tip(lan)
    made.sent["album"] = hands.send_album(made.somebody("Bình"))
    hands.give_up(made.somebody("Chi"))
    hands.block(made.somebody("Dũng"))
    hands.join(made.somebody("Hòa"), made.stage)
    residents = made.fake.group(made.cast.word("title of a group"), members=[an.person])
    hands.meet_in_a_group(an, residents, made.fake.bot.username)
    hands.forge(an, lan)
    hands.break_updates(an)
    hands.meet_trouble(an)
    question = f"Xe ấy đỗ ở đâu, {made.cast.phrase('question of officer', Kind.TOLD, 'Lan')}?"
    story = str(made.cast.canaries["Lan tip story"].value)
    hands.open_and_ask(made.officer, made.sent["whole"], story, question)
    lan.hears(hands.said("telegram.notice"))
    hands.follow(lan, made.sent["whole"], question)
    hands.look_around(made.officer, made.group)
    minh, fetched = made.somebody("Minh"), len(made.fake.calls_of("getFile"))
    minh.asks(f"/baotin {minh.sender.story('cut off', Kind.DRAFT).story}", "")
    made.fake.delay_next("download", 20.0)
    minh.person.photo(minh.sender.photo("photo"), minh.tells("caption", Kind.DRAFT))
    made.fake.wait_until(lambda: len(made.fake.calls_of("getFile")) > fetched, PATIENCE_S)
    service.kill()
    made.fake.troubles.clear()
    shutil.copytree(made.stage.data, made.stage.killed, ignore=shutil.ignore_patterns("*.sock"))


def restarted(made: Driven, service: Running) -> None:
    """What was not handled comes again; old buttons are old; an answer is read by officers."""
    minh, lan = made.people["Minh"], made.people["Lan"]
    minh.hears("")
    old = next(message for message in lan.person.private.messages if message.buttons)
    press = lan.person.press(old, old.buttons[-1].get("callback_data", ""))
    made.fake.wait_until(lambda: press.is_answered, PATIENCE_S)
    card = hands.card_of(made.officer, made.sent["whole"])
    made.officer.press(card, hands.label("desktg.button_open"))
    answer = str(made.cast.canaries["Lan answer"].value)
    shown = made.officer.sees(lambda message: answer in message.text)
    made.fake.wait_until(lambda: shown.is_deleted, PATIENCE_S)
    hoa = made.people["Hòa"]
    hoa.asks("/thanhvien", "Liên hiệp Phụ nữ")
    lan.say(f"/theodoi {made.sent['whole'].text}")
    lan.press(hands.label("follow.open_withdraw"))
    lan.press(hands.label("follow.withdraw_yes"))
    lan.hears(hands.said("follow.withdrawn"))
    made.stage.back_up()
    made.stage.run("telegram", "check", "--json")
    made.stage.run("doctor", "--json", code=None)
    service.end()


def looked_at(made: Driven) -> None:
    """Commands with a right token and a wrong one, and a service with a wrong one."""
    wrong = f"7310000002:{secrets.token_urlsafe(26).replace('_', 'x').replace('-', 'y')}"
    made.cast.add("wrong token", wrong, Trace.TOKEN)
    made.cast.add("wrong token, its secret part", wrong.partition(":")[2], Trace.TOKEN)
    shapeless = made.cast.word("token without a shape", Trace.TOKEN)
    for token in (wrong, shapeless):
        for command in ("telegram check", "doctor"):
            made.stage.run(*command.split(), code=None, BINHAN_TELEGRAM_TOKEN=token)
        with made.stage.serving(BINHAN_TELEGRAM_TOKEN=token) as service, suppress(TimeoutError):
            made.fake.wait_until(lambda service=service: "token" in service.said.lower(), 20)


def hooked(made: Driven, service: Running) -> None:
    """Updates are sent to us: by Telegram, and by whoever pretends to be it."""
    fake, linh = made.fake, made.somebody("Linh", service.port)
    fake.wait_until(lambda: bool(fake.hook.url), PATIENCE_S)
    made.cast.once("secret of the webhook", fake.hook.secret, Trace.HOOK, "")
    linh.asks(f"hòa giải {linh.tells('question by webhook')}", "Nguồn")
    made.sent["hook"] = hands.send_album(linh)
    path = fake.hook.url.partition(str(service.port))[2]
    header = "X-Telegram-Bot-Api-Secret-Token"
    for number, body in enumerate(("{}", "[1]", '{"update_id": "x"}', "{", '{"update_id": 5, "message": 7}')):
        said = body.encode() + linh.sender.who(f"forged body {number}").encode()
        for secret in (linh.sender.who(f"wrong secret {number}"), fake.hook.secret):
            linh.sender.ask("POST", path, said, "application/json", **{header: secret})
    fake.push({"message": {"text": linh.sender.who("broken by webhook")}}, linh.id)
    hands.block(made.somebody("Khoa"))
    fake.wait_handled(PATIENCE_S)


def test_no_canary_is_anywhere_but_in_the_conversation_it_belongs_to(driven: Driven) -> None:
    folders = driven.stage.scanned | {"memory": driven.memory}
    leaks = driven.cast.leaks(folders, driven.stage.logs)
    assert leaks == [], "\n".join(leaks[:80])
    # No exemption that nothing uses: each would hide a leak that nobody looks for.
    assert {f"{item.kind} in {item.place}" for item in EXEMPTIONS} == driven.cast.marked


def test_the_drive_reached_what_it_was_to_reach(driven: Driven) -> None:
    assert [way for way, receipt in driven.sent.items() if not drive.is_stored(driven.stage, receipt)] == []
    logs = [file.read_text() for file in sorted(driven.stage.logs.iterdir())]
    assert sum(" DEBUG " in log for log in logs) > len(logs) / 2
    assert not any("Traceback" in log for log in logs)
    methods = {call.method for call in driven.fake.calls}
    wanted = {"getUpdates", "setWebhook", "sendMessage", "editMessageReplyMarkup", "answerCallbackQuery"}
    wanted |= {"getFile", "download", "deleteMessage", "createForumTopic", "getChatMember", "sendPhoto"}
    assert wanted <= methods, wanted - methods
    refused = {call.status for call in driven.fake.calls}
    assert {200, 400, 403, 429, 502} <= refused, refused
    assert driven.fake.faults == []


def test_what_is_kept_of_a_member_is_in_the_book_of_members_alone(driven: Driven) -> None:
    data = driven.stage.data
    key = (data / "members" / "account-key").read_bytes()
    member = driven.people["Hòa"].id
    judge = Judge({"hash": account_hash(key, member), "key": key})
    seen = {item.where for item in judge.seen_below(data)}
    assert seen == {
        "members/account-key", "members/members.sqlite3", "members/members.sqlite3, read as a database",
    }  # fmt: skip
    assert judge.seen_below(driven.stage.logs) == []
    for shown in driven.cast.shown:
        assert judge.seen_in(shown.content, shown.where) == []


def test_a_notice_is_erased_once_it_was_told(driven: Driven) -> None:
    """The one told of has gone from the file, also where SQLite keeps what was deleted."""
    notices = driven.stage.data / "notices"
    assert (notices / "notices.sqlite3").exists()
    before = Judge({"sealed": sealed(driven.stage.killed)[0]}) if sealed(driven.stage.killed) else None
    assert before is None or before.seen_below(driven.stage.data) == []


def sealed(data: Path) -> list[bytes]:
    """The sealed addresses that a copy of the data folder holds."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(data / "notices" / "notices.sqlite3")) as connection:
        (table,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%version%'"
        ).fetchone()
        rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - its own name
    return [value for row in rows for value in row if isinstance(value, bytes)]
