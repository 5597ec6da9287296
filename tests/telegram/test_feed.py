"""Updates are confirmed once they were handled: by the real library, over HTTP, against the fake."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.telegram.errors import BadToken, TelegramAway
from bot.telegram.feed import FRESH_S, Feed
from bot.telegram.gateway import Gateway
from bot.telegram.library import make_bot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from bot.telegram.model import Arrived
    from tests.fakes.telegram.fake import FakeTelegram

PATIENCE_S = 20.0


class Listener:
    """Keeps what it handled; waits where a test wants it to."""

    def __init__(self) -> None:
        self.heard: list[Sequence[Arrived]] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.failing: list[Exception] = []

    def wants(self, arrived: Arrived) -> bool:
        return arrived.chat != 0

    async def handle(self, together: Sequence[Arrived]) -> None:
        if self.failing:
            raise self.failing.pop(0)
        gate = self.gates.get(together[0].text)
        if gate is not None:
            await gate.wait()
        self.heard.append(together)

    @property
    def words(self) -> list[str]:
        return [together[0].text for together in self.heard]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - what is waited for lives in another thread
            await asyncio.sleep(0.01)


@asynccontextmanager
async def polling(fake: FakeTelegram, listener: Listener) -> AsyncIterator[Feed]:
    gateway = Gateway(make_bot(fake.token, fake.api))
    await gateway.start()
    feed = Feed(gateway, [listener], wait_s=1)
    task = asyncio.create_task(feed.poll())
    try:
        yield feed
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await gateway.stop()


def run(work):
    return asyncio.run(work)


def test_an_update_is_confirmed_only_after_it_was_handled(fake):
    async def play() -> None:
        listener, an = Listener(), fake.person("An")
        listener.gates["một"] = asyncio.Event()
        async with polling(fake, listener):
            an.say("một")
            binh = fake.person("Bình")
            binh.say("hai")
            await until(lambda: listener.words == ["hai"])
            await asyncio.sleep(0.5)
            assert fake.pending == 2, "the first is not handled, so neither may be confirmed"
            listener.gates["một"].set()
            await until(lambda: fake.pending == 0)
        assert sorted(listener.words) == ["hai", "một"], "each once"

    run(play())


def test_what_was_not_handled_comes_again_after_a_crash(fake):
    async def play() -> None:
        an, stuck = fake.person("An"), Listener()
        for word in ("một", "hai", "ba"):
            stuck.gates[word] = asyncio.Event()
            an.say(word)
        gateway = Gateway(make_bot(fake.token, fake.api))
        await gateway.start()
        found = await gateway.updates(0, 0, ())  # taken, and the process dies here
        assert len(found) == 3
        await gateway.stop()
        listener = Listener()
        async with polling(fake, listener):
            await until(lambda: len(listener.heard) == 3)
        assert listener.words == ["một", "hai", "ba"]

    run(play())


def test_one_chat_is_heard_in_order_and_another_does_not_wait_for_it(fake):
    async def play() -> None:
        an, binh, listener = fake.person("An"), fake.person("Bình"), Listener()
        listener.gates["a0"] = asyncio.Event()
        for number in range(5):
            an.say(f"a{number}")
        for number in range(5):
            binh.say(f"b{number}")
        async with polling(fake, listener):
            await until(lambda: len(listener.heard) == 5)
            assert listener.words == [f"b{number}" for number in range(5)]
            listener.gates["a0"].set()
            await until(lambda: len(listener.heard) == 10)
        assert [word for word in listener.words if word.startswith("a")] == [f"a{n}" for n in range(5)]

    run(play())


def test_while_somebody_is_being_answered_telegram_is_asked_now_and_then_only(fake):
    """Each asking costs as much as an answer; those who write meanwhile wait a tenth of a second for it."""

    async def play() -> None:
        listener = Listener()
        listener.gates["lâu"] = asyncio.Event()
        people = [fake.person(str(number)) for number in range(30)]
        async with polling(fake, listener):
            people[0].say("lâu")
            begun, asked = asyncio.get_running_loop().time(), len(fake.calls_of("getUpdates"))
            for person in people[1:]:
                person.say("nhanh")
                await asyncio.sleep(0.02)
            await until(lambda: len(listener.heard) == len(people) - 1)
            spent = asyncio.get_running_loop().time() - begun
            assert len(fake.calls_of("getUpdates")) - asked <= spent / FRESH_S + 2
            listener.gates["lâu"].set()
            await until(lambda: not fake.pending)

    run(play())


def test_an_album_is_one_message(fake):
    async def play() -> None:
        an, listener = fake.person("An"), Listener()
        an.album([b"\xff\xd8\xff1", b"\xff\xd8\xff2", b"\xff\xd8\xff3"], caption="ba tấm")
        an.say("sau")
        async with polling(fake, listener):
            await until(lambda: len(listener.heard) == 2)
        assert [len(together) for together in listener.heard] == [3, 1]

    run(play())


def test_stopping_finishes_and_confirms_what_is_in_hand(fake):
    async def play() -> None:
        an, listener = fake.person("An"), Listener()
        listener.gates["chậm"] = asyncio.Event()
        async with polling(fake, listener):
            an.say("chậm")
            await until(lambda: bool(fake.pending))
            await asyncio.sleep(0.3)
            asyncio.get_running_loop().call_later(0.3, listener.gates["chậm"].set)
        assert listener.words == ["chậm"]
        assert fake.pending == 0

    run(play())


def test_broken_updates_stop_nobody(fake):
    async def play() -> None:
        an, listener = fake.person("An"), Listener()
        fake.push({"message": {"chat": "không phải"}})
        fake.push({"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "lạ"}}})
        fake.push({"poll_answer": []})
        an.say("sau")
        async with polling(fake, listener):
            await until(lambda: "sau" in listener.words)
            await until(lambda: fake.pending == 0)

    run(play())


def test_an_outage_is_waited_out(fake):
    async def play() -> None:
        an, listener = fake.person("An"), Listener()
        async with polling(fake, listener):
            fake.down()
            an.say("trong lúc mất mạng")
            await asyncio.sleep(1.5)
            assert not listener.heard
            fake.up()
            await until(lambda: bool(listener.heard))

    run(play())


def test_a_receiver_that_could_not_reach_telegram_hears_the_update_again(fake, monkeypatch):
    monkeypatch.setattr("bot.telegram.lanes.AGAIN_S", (0.01, 0.01))

    async def play() -> None:
        an, listener = fake.person("An"), Listener()
        listener.failing = [TelegramAway(), TelegramAway()]
        an.say("lại")
        async with polling(fake, listener):
            await until(lambda: listener.words == ["lại"])

    run(play())


def test_a_fault_of_ours_does_not_stop_the_lane(fake, caplog):
    async def play() -> None:
        an, listener = fake.person("An"), Listener()
        listener.failing = [RuntimeError("lời kín canary-9")]
        an.say("một")
        an.say("hai")
        async with polling(fake, listener):
            await until(lambda: listener.words == ["hai"])
            await until(lambda: fake.pending == 0)

    run(play())
    assert "RuntimeError" in caplog.text
    assert "canary-9" not in caplog.text


def test_a_webhook_that_was_left_behind_is_taken_away(fake):
    async def play() -> None:
        an, listener = fake.person("An"), Listener()
        gateway = Gateway(make_bot(fake.token, fake.api))
        await gateway.start()
        await gateway.set_webhook("https://127.0.0.1:1/khong-ai", "bi-mat", ())
        await gateway.stop()
        an.say("chào")
        async with polling(fake, listener):
            await until(lambda: listener.words == ["chào"])

    run(play())


def test_a_wrong_token_is_told_as_such_without_being_shown(fake):
    async def play() -> None:
        wrong = "123456:wrong-token-canary"
        gateway = Gateway(make_bot(wrong, fake.api))
        with pytest.raises(BadToken) as raised:
            await gateway.start()
        assert "canary" not in repr(raised.value)
        await gateway.stop()

    run(play())


class TestWebhook:
    """What our own server does with what is sent to it."""

    def test_the_secret_is_asked_for_and_the_answer_comes_after_handling(self, fake):
        async def play() -> None:
            listener = Listener()
            listener.gates["một"] = asyncio.Event()
            gateway = Gateway(make_bot(fake.token, fake.api))
            await gateway.start()
            feed = Feed(gateway, [listener])
            task = asyncio.create_task(feed.serve_webhook("https://127.0.0.1:1/x"))
            await until(lambda: bool(fake.calls_of("setWebhook")))
            secret = fake.calls_of("setWebhook")[-1].params["secret_token"]
            update = {
                "update_id": 7,
                "message": {
                    "message_id": 1,
                    "date": 1_790_000_000,
                    "text": "một",
                    "chat": {"id": 5, "type": "private"},
                    "from": {"id": 5, "is_bot": False, "first_name": "An"},
                },
            }
            body = json.dumps(update).encode()
            assert await feed.receive("khác", body) == "refused"
            assert await feed.receive(secret, b"{") == "broken"
            assert await feed.receive(secret, b'{"update_id": "x"}') == "broken"
            waiting = asyncio.create_task(feed.receive(secret, body))
            again = asyncio.create_task(feed.receive(secret, body))
            await asyncio.sleep(0.2)
            assert not waiting.done()
            listener.gates["một"].set()
            assert [await waiting, await again] == ["handled", "handled"]
            assert listener.words == ["một"], "sent twice, handled once"
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert await feed.receive(secret, body) == "busy"
            await gateway.stop()

        run(play())
