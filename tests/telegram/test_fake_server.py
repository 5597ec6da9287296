"""The fake Telegram gives updates as Telegram does: fetched or delivered, confirmed, never to two at once."""

from __future__ import annotations

import asyncio
import http.server
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from telegram.error import Conflict, InvalidToken

from tests.fakes.telegram.updates import FIRST_ID
from tests.telegram.conftest import library_bot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.telegram.fake import FakeTelegram
    from tests.telegram.conftest import RealBot

SECRET = "secret_of-42"  # noqa: S105 - opens only the fake


class Listener:
    """A bot's own HTTPS address, without the S: keeps what came and answers as it is told."""

    def __init__(self) -> None:
        self.came: list[tuple[str, dict[str, Any]]] = []
        self.statuses: list[int] = []  # of the next answers, then 200
        self.slow: dict[int, float] = {}  # chat → seconds
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                secret = self.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
                listener.came.append((secret, body))
                time.sleep(listener.slow.get(body.get("message", {}).get("chat", {}).get("id", 0), 0))
                self.send_response(listener.statuses.pop(0) if listener.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def texts(self) -> list[str]:
        return [body["message"]["text"] for _, body in self.came]


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def test_bot_learns_who_it_is(fake: FakeTelegram, real: RealBot) -> None:
    me = real.do(real.bot.get_me())
    assert (me.id, me.username, me.is_bot) == (fake.bot.id, "binhan_bot", True)
    assert me.can_read_all_group_messages is False


def test_updates_rise_by_one_and_come_again_until_confirmed(fake: FakeTelegram, real: RealBot) -> None:
    an = fake.person("An")
    for number in range(3):
        an.say(f"câu {number}")
    first = real.do(real.bot.get_updates())
    assert [update.update_id for update in first] == [FIRST_ID, FIRST_ID + 1, FIRST_ID + 2]
    assert [u.message.text for u in real.do(real.bot.get_updates())] == ["câu 0", "câu 1", "câu 2"]
    assert fake.confirmed_up_to == FIRST_ID - 1
    assert [u.message.text for u in real.do(real.bot.get_updates(offset=FIRST_ID + 2))] == ["câu 2"]
    assert fake.confirmed_up_to == FIRST_ID + 1
    assert real.do(real.bot.get_updates(offset=FIRST_ID + 3)) == ()
    fake.wait_handled()


def test_limit_holds_and_is_bounded(fake: FakeTelegram, real: RealBot) -> None:
    an = fake.person()
    for number in range(120):
        an.say(str(number))
    assert len(real.do(real.bot.get_updates(limit=7))) == 7
    assert len(real.do(real.bot.get_updates(limit=500))) == 100


def test_negative_offset_forgets_all_but_the_last(fake: FakeTelegram, real: RealBot) -> None:
    an = fake.person()
    for number in range(5):
        an.say(str(number))
    assert [u.message.text for u in real.do(real.bot.get_updates(offset=-2))] == ["3", "4"]
    assert [u.message.text for u in real.do(real.bot.get_updates())] == ["3", "4"]


def test_updates_older_than_a_day_are_lost(fake: FakeTelegram, real: RealBot) -> None:
    an = fake.person()
    an.say("hôm kia")
    fake.advance(25 * 3600)
    an.say("hôm nay")
    assert [u.message.text for u in real.do(real.bot.get_updates())] == ["hôm nay"]


def test_long_poll_answers_at_once_when_something_comes(fake: FakeTelegram, real: RealBot) -> None:
    an = fake.person()
    late = threading.Timer(0.3, an.say, ["chào"])
    late.start()
    start = time.monotonic()
    assert [u.message.text for u in real.do(real.bot.get_updates(timeout=20))] == ["chào"]
    assert 0.2 < time.monotonic() - start < 15
    late.join()


def test_long_poll_ends_empty_after_its_timeout(real: RealBot) -> None:
    start = time.monotonic()
    assert real.do(real.bot.get_updates(timeout=1)) == ()
    assert time.monotonic() - start >= 0.9


def test_second_poller_ends_the_first(fake: FakeTelegram, real: RealBot) -> None:
    an = fake.person()

    async def both() -> tuple[Any, Any]:
        async with library_bot(fake) as other:
            first = asyncio.create_task(real.bot.get_updates(timeout=20))
            await asyncio.to_thread(fake.wait_until, lambda: len(fake.calls_of("getUpdates")) == 1)
            await asyncio.sleep(0.1)
            second = asyncio.create_task(other.get_updates(timeout=20))
            ended = await asyncio.wait_for(asyncio.gather(first, return_exceptions=True), 10)
            an.say("cho người sau")
            return ended[0], await second

    ended, found = real.do(both())
    assert isinstance(ended, Conflict)
    assert "terminated by other getUpdates request" in ended.message
    assert [u.message.text for u in found] == ["cho người sau"]


def test_poller_that_was_killed_loses_nothing(fake: FakeTelegram, real: RealBot) -> None:
    asked = f"GET /bot{fake.token}/getUpdates?timeout=30 HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", fake.server.port)) as dying:
        dying.sendall(asked.encode())
        fake.wait_until(lambda: bool(fake.calls_of("getUpdates")))
    fake.person().say("còn nguyên")
    assert [u.message.text for u in real.updates()] == ["còn nguyên"]


def test_only_kinds_asked_for_come(fake: FakeTelegram, real: RealBot) -> None:
    an, group = fake.person("An"), fake.group(bot_status="administrator")
    group.set_member(an, "member")
    before = real.updates()
    assert all(u.chat_member is None for u in before)
    real.updates(allowed_updates=["chat_member"])
    an.say("không hỏi")
    group.set_member(an, "administrator")
    assert [u.chat_member.new_chat_member.status for u in real.updates()] == ["administrator"]  # still holds
    real.updates(allowed_updates=[])
    an.say("lại hỏi")
    assert [u.message.text for u in real.updates()] == ["lại hỏi"]


def test_other_tokens_open_nothing(fake: FakeTelegram) -> None:
    wrong = fake.token[:-1] + "x"
    asked = {
        f"/bot{wrong}/getMe": (401, "Unauthorized"),
        f"/file/bot{wrong}/photos/file_1.jpg": (401, "Unauthorized"),
        "/botnonsense/getMe": (404, "Not Found"),
        "/": (404, "Not Found"),
        f"/file/bot{fake.token}/photos/file_1.jpg": (404, "Not Found"),
    }
    for path, (status, words) in asked.items():
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(fake.api + path)
        with raised.value as answer:
            assert json.load(answer) == {"ok": False, "error_code": status, "description": words}
            assert answer.code == status

    async def meet() -> None:
        async with library_bot(fake, wrong):
            pass

    with pytest.raises(InvalidToken):
        asyncio.run(meet())
    assert [call.method for call in fake.calls] == ["download"]


def test_unknown_methods_are_faults_unless_allowed(fake: FakeTelegram, real: RealBot) -> None:
    an = fake.person()
    an.start()
    assert "not found" in real.refused(real.bot.send_dice(an.id))
    assert fake.faults == ["sendDice: Not Found: method not found"]
    with pytest.raises(AssertionError):
        fake.check()
    fake.allow("sendDice")
    real.refused(real.bot.send_dice(an.id))
    assert fake.faults == []
    fake.without("sendMessageDraft")
    assert "not found" in real.refused(real.bot.send_message_draft(an.id, 1, "nháp"))
    assert fake.faults == []


def test_broken_updates_can_be_pushed(fake: FakeTelegram) -> None:
    known = fake.push({"message": {"nonsense": True}})
    with urllib.request.urlopen(f"{fake.api}/bot{fake.token}/getUpdates?limit=1") as answer:
        raw = json.load(answer)["result"]
    assert raw == [{"update_id": known, "message": {"nonsense": True}}]


def test_webhook_gets_each_update_with_its_secret(
    fake: FakeTelegram, real: RealBot, listener: Listener
) -> None:
    an = fake.person()
    an.say("trước")
    real.do(real.bot.set_webhook(listener.url, secret_token=SECRET, allowed_updates=["message"]))
    an.say("sau")
    fake.wait_handled()
    assert listener.texts == ["trước", "sau"]
    assert {secret for secret, _ in listener.came} == {SECRET}
    info = real.do(real.bot.get_webhook_info())
    assert (info.url, info.pending_update_count, info.allowed_updates) == (listener.url, 0, ("message",))
    assert fake.confirmed_up_to == FIRST_ID + 1


def test_webhook_is_tried_again_in_order_while_others_go_on(
    fake: FakeTelegram, real: RealBot, listener: Listener
) -> None:
    an, binh = fake.person("An"), fake.person("Bình")
    real.do(real.bot.set_webhook(listener.url, secret_token=SECRET))
    listener.statuses = [500, 403, 302]
    an.say("an 1")
    fake.wait_until(lambda: fake.hook.failures >= 1)
    an.say("an 2")
    binh.say("bình 1")
    fake.wait_handled()
    assert [text for text in listener.texts if text.startswith("an")] == ["an 1"] * listener.texts.count(
        "an 1"
    ) + ["an 2"]
    assert len(listener.came) == 6
    info = real.do(real.bot.get_webhook_info())
    assert info.last_error_message.startswith("Wrong response from the webhook: ")


def test_webhook_of_a_slow_chat_holds_no_other(fake: FakeTelegram, real: RealBot, listener: Listener) -> None:
    slow, quick = fake.person("Chậm"), fake.person("Nhanh")
    listener.slow = {slow.id: 1.5}
    real.do(real.bot.set_webhook(listener.url, secret_token=SECRET))
    slow.say("chậm 1")
    slow.say("chậm 2")
    quick.say("nhanh")
    fake.wait_handled()
    assert listener.texts == ["chậm 1", "nhanh", "chậm 2"] or listener.texts[0] == "nhanh"


def test_webhook_waits_for_a_bot_that_is_not_there(
    fake: FakeTelegram, real: RealBot, listener: Listener
) -> None:
    an = fake.person()
    gone = Listener()
    gone.close()
    real.do(real.bot.set_webhook(gone.url, secret_token=SECRET))
    an.say("còn đó")
    fake.wait_until(lambda: fake.hook.failures >= 2)
    assert real.do(real.bot.get_webhook_info()).last_error_message == "Connection refused"
    real.do(real.bot.set_webhook(listener.url, secret_token=SECRET))
    fake.wait_handled()
    assert listener.texts == ["còn đó"]


def test_webhook_is_silent_during_an_outage(fake: FakeTelegram, real: RealBot, listener: Listener) -> None:
    real.do(real.bot.set_webhook(listener.url, secret_token=SECRET))
    fake.down()
    fake.person().say("đợi")
    time.sleep(0.3)
    assert listener.came == []
    fake.up()
    fake.wait_handled()
    assert listener.texts == ["đợi"]


def test_polling_and_webhook_exclude_each_other(
    fake: FakeTelegram, real: RealBot, listener: Listener
) -> None:
    async def set_while_polling() -> Any:
        poll = asyncio.create_task(real.bot.get_updates(timeout=20))
        await asyncio.to_thread(fake.wait_until, lambda: bool(fake.calls_of("getUpdates")))
        await asyncio.sleep(0.1)
        await real.bot.set_webhook(listener.url, secret_token=SECRET)
        return (await asyncio.gather(poll, return_exceptions=True))[0]

    ended = real.do(set_while_polling())
    assert isinstance(ended, Conflict)
    assert "terminated by setWebhook" in ended.message
    assert "can't use getupdates method while webhook is active" in real.refused(real.bot.get_updates())
    real.do(real.bot.delete_webhook())
    fake.person().say("lại hỏi")
    assert [u.message.text for u in real.updates()] == ["lại hỏi"]
    assert listener.came == []


def test_pending_updates_are_dropped_only_if_asked(fake: FakeTelegram, real: RealBot) -> None:
    fake.person().say("giữ lại")
    real.do(real.bot.delete_webhook())
    assert fake.pending == 1
    real.do(real.bot.delete_webhook(drop_pending_updates=True))
    assert fake.pending == 0


def test_webhook_must_be_safe(fake: FakeTelegram, real: RealBot) -> None:
    assert "an https url must be provided" in real.refused(real.bot.set_webhook("http://example.org/hook"))
    wrong = real.bot.set_webhook("https://example.org/hook", secret_token="dấu")  # noqa: S106 - what is refused
    assert "unallowed characters" in real.refused(wrong)
    real.do(real.bot.set_webhook("http://127.0.0.1:9/hook"))
    assert [fault.partition(":")[0] for fault in fake.faults] == ["setWebhook"] * 3
    fake.allow("setWebhook")


def test_thousands_of_updates_take_no_longer_each(fake: FakeTelegram) -> None:
    people = [fake.person(str(number)) for number in range(50)]
    paces = []
    for _ in range(4):
        start = time.monotonic()
        for number in range(5_000):
            people[number % 50].say("x")
        paces.append(time.monotonic() - start)
    offset, read = 0, 0
    while True:
        with urllib.request.urlopen(f"{fake.api}/bot{fake.token}/getUpdates?offset={offset}") as answer:
            found = json.load(answer)["result"]
        if not found:
            break
        offset, read = found[-1]["update_id"] + 1, read + len(found)
    assert read == 20_000
    assert fake.confirmed_up_to == FIRST_ID + 19_999
    assert min(paces) * 20 > paces[-1]
