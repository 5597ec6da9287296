"""
A parent that starts the Telegram channel and kills it in the middle of its work, then judges what is left.

`python -m tests.fakes.telegram_killing FOLDER KILLS` prints one JSON object. Forking is safe here: the parent
has one thread, and Telegram with its people lives in another process (`tests.fakes.telegram_crowd`).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.conversation import Incoming
from bot.flows import tip
from bot.flows.tip_draft import World
from bot.telegram.gateway import Gateway
from bot.telegram.library import make_bot
from bot.telegram.running import RunningBot
from bot.telegram_room import PublicParts, public_side
from tests.fakes.asking import MEDIATION, FakeAsking
from tests.fakes.telegram.fake import TOKEN
from tests.fakes.telegram.post import Room
from tests.fakes.tip_office import HIGH, LOW, TipOffice
from tips.receipts import Receipt

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 50
START_S = 30
CALM_S = 150
CALLS = 130  # the most that a channel does before it is killed
WORK_S = 2.0  # the longest that it lives, however slow the machine is
SEARCH_S = 0.03  # the longest that an answer takes
_NUMBER = re.compile(r"Câu (\d+):")
_TOKEN = re.compile(r"TOKEN([0-9a-f]{16})")


class Counting(FakeAsking):
    """Answers a numbered question by its number."""

    async def ask(self, question: Any) -> Any:
        await asyncio.sleep(random.uniform(0, SEARCH_S))  # noqa: S311 - no secret
        found = _NUMBER.search(question.text)
        words = f"Trả lời câu {found[1]}." if found else "Câu này không có số."
        return replace(MEDIATION, text=words)


class OpenPace:
    """Lets everybody through: what is tested are the kills."""

    def verdict(self, account: int, what: str) -> str:
        return "go"

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def serve(api: str, folder: Path, told: int) -> None:
    """Be the channel until killed; tell once it is there."""
    asyncio.run(_serve(api, folder, told))


async def _serve(api: str, folder: Path, told: int) -> None:
    parent = os.getppid()

    async def mind_the_parent() -> None:
        while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.5)
        os._exit(1)

    office = TipOffice(folder)
    gateway = Gateway(make_bot(TOKEN, api))
    with ThreadPoolExecutor(4) as workers:
        room: Any = Room(office.intake, office.book)
        pace: Any = OpenPace()
        parts = PublicParts(asking=Counting(), workers=workers, pace=pace, tips=room)
        channel, beside = public_side(gateway, parts, name="Bình An", admin_chats=())
        bot = RunningBot(
            gateway,
            [channel],
            token=TOKEN,
            beside=[*beside, mind_the_parent],
            on_start=lambda _: os.write(told, b"."),
        )
        await bot.run()


def warm_up(office: TipOffice) -> None:
    """Read the tables of words once, before anybody is forked, not in every life."""
    world = World(book=office.book, new_receipt=Receipt.new)
    tip.begin("vi", world, Incoming(text="Nhóm người lạ bán hàng cấm ở đầu hẻm 12 gần chợ, họ đến mỗi tối."))


class Killing:
    """The parent's side."""

    def __init__(self, folder: Path, kills: int, people: int = PEOPLE) -> None:
        self.folder, self.kills = folder, kills
        self.office = TipOffice(folder)  # its keys are made before anybody is forked
        warm_up(self.office)
        self.count = folder / "calls"
        self.count.write_bytes(bytes(8))
        command = [sys.executable, "-m", "tests.fakes.telegram_crowd", str(people), str(self.count)]
        self.crowd = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.api = json.loads(self.crowd.stdout.readline())["api"]

    def run(self) -> dict[str, Any]:
        begun = time.monotonic()
        try:
            for _ in range(self.kills):
                pid = self._started()
                self._let_it_work(random.randint(1, CALLS))  # noqa: S311 - when to kill, no secret
                time.sleep(random.uniform(0, 0.02))  # noqa: S311 - the same
                _kill(pid)
            took_s = time.monotonic() - begun
            last = self._started()
            try:
                told, _ = self.crowd.communicate("calm\n", timeout=CALM_S)
            finally:
                _kill(last)
        finally:
            self.crowd.kill()
        heard = json.loads(told)
        tips = self._judged(heard.pop("tips"))
        return {"kills": self.kills, "seconds": round(took_s), **heard, **tips}

    def _let_it_work(self, calls: int) -> None:
        """Until Telegram had so many calls more: on any machine people get somewhere in one life."""
        until, enough = time.monotonic() + WORK_S, self._calls() + calls
        while self._calls() < enough and time.monotonic() < until:
            time.sleep(0.002)

    def _calls(self) -> int:
        return int.from_bytes(self.count.read_bytes(), "big")

    def _started(self) -> int:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            try:
                self.crowd.stdin.close()
                serve(self.api, self.folder, writer)
            except BaseException:  # noqa: BLE001 - the parent hears of it through the pipe
                traceback.print_exc()
                sys.stderr.flush()
            finally:
                os._exit(1)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            assert pipe.read(1), "the channel did not start"
        return pid

    def _judged(self, tips: list[dict[str, Any]]) -> dict[str, Any]:
        """Every tip told to be received stands there, once, under its receipt; none stands there twice."""
        stored = self._stored()
        holding = Counter(token for tokens in stored.values() for token in set(tokens))
        sent = [told for told in tips if told["is_sent"]]
        known = [told for told in sent if told["is_received"] or told["is_found"]]
        gone = [told for told in sent if told["is_found"] is False and not told["is_received"]]
        ids = {told["token"]: Receipt.parse(told["receipt"]).keys().tip_id for told in sent}
        return {
            "begun": len(tips),
            "sent": len(sent),
            "received": sum(told["is_received"] for told in sent),
            "found_by_receipt": sum(bool(told["is_found"]) for told in sent),
            "not_found_by_receipt": len(gone),
            "unclear": len(sent) - len(known) - len(gone),
            "lost": [
                told["token"] for told in known if told["token"] not in stored.get(ids[told["token"]], ())
            ],
            "twice": [token for token, count in holding.items() if count > 1],
            "there_though_not_found": [told["token"] for told in gone if told["token"] in holding],
            "stored": len(stored),
            "strange": sum(len(set(tokens)) != 1 for tokens in stored.values()),
        }

    def _stored(self) -> dict[str, list[str]]:
        """The tokens of every tip's story, opened by its holder's keys."""
        later = self.office.clock.moment + timedelta(days=2)
        found: dict[str, list[str]] = {}
        for kept in self.office.store.for_units((LOW, HIGH), later):
            if kept.tip_id not in found:
                first, *_ = self.office.opened(kept.tip_id, LOW)
                found[kept.tip_id] = _TOKEN.findall(first.words["story"])
        return found


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    result = Killing(Path(sys.argv[1]), int(sys.argv[2])).run()
    sys.stdout.write(json.dumps(result) + "\n")
