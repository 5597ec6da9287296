"""
`binhan serve` under a steady load over Telegram: how long people wait, what gets lost, what it costs.

    .venv/bin/python -m benchmarks.telegram FOLDER --minutes 10 --rate 30

FOLDER is a data folder that holds the guides (`binhan serve` fills it); a copy is used. A few hundred people,
in a process of their own with a fake Bot API, ask the golden questions; a fifth of what they write or press
are steps of whole tips, one tip in ten with a photo. Waits go from sending to the chat's first reply.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.latency import served
from benchmarks.parts import print_table, temporary_folder
from benchmarks.telegram_crowd import PEOPLE
from bot.desk_room import open_desk_room
from bot.settings import Settings
from knowledge.beir import percentile
from tips.receipts import Receipt
from tips.times import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BAR_S = 1.0
_TICKS = os.sysconf("SC_CLK_TCK")
_AFTER_S = 300.0  # the last tips are ended, the last answers waited for
_SLICES = 5  # of the time, to see whether it gets slower

Wait = tuple[str, float | None, float, int]


@contextmanager
def crowd(rate: float, minutes: float, people: int) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """The people's process, ready, and where its Bot API is."""
    command = [sys.executable, "-m", "benchmarks.telegram_crowd"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, _told(process, json.dumps({"rate": rate, "minutes": minutes, "people": people}))
        finally:
            process.kill()


def _told(process: subprocess.Popen[str], said: str) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise SystemExit("the crowd has no pipes")
    process.stdin.write(f"{said}\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise SystemExit("the crowd went away")
    told: dict[str, Any] = json.loads(line)
    return told


def measure(folder: Path, rate: float, minutes: float, people: int) -> None:
    """One run, and what it gave."""
    with temporary_folder() as scratch, crowd(rate, minutes, people) as (others, place):
        data = scratch / "data"
        shutil.copytree(folder, data, ignore=shutil.ignore_patterns("tips", "desk", "*.sock"))
        os.environ |= {
            "BINHAN_TELEGRAM_API": place["api"],
            "BINHAN_TELEGRAM_TOKEN": place["token"],
            "BINHAN_NOTICE_KEYS": str(scratch / "notice-keys"),
        }
        with served(data) as (process, _):
            used, idle, begun = _processor_s(process.pid), _idle_s(), time.monotonic()
            before = _memory_mb(process.pid, "VmRSS")
            heard = _told(others, "go")
            took = time.monotonic() - begun
            cost = {
                "serve": (_processor_s(process.pid) - used) / took,
                "people": heard["processor_s"] / took,
                "idle": (_idle_s() - idle) / took,
            }
            memory = before, _memory_mb(process.pid, "VmRSS"), _memory_mb(process.pid, "VmHWM")
            process.terminate()
            process.wait()
        print_waits([(what, waited, at, again) for what, waited, at, again in heard["waits"]], rate)
        print_cost(cost, memory, heard)
        print_tips(data, heard)


def print_waits(waits: Sequence[Wait], rate: float) -> None:
    """How long people waited, by what they did and by when."""
    by_what: dict[str, list[Wait]] = defaultdict(list)
    for wait in waits:
        by_what[wait[0]].append(wait)
    head = ["what", "sent", "p50, s", "p95", "p99", "worst", "no reply", "said twice"]
    rows = [_row(what, found) for what, found in sorted(by_what.items(), key=lambda pair: -len(pair[1]))]
    print_table(head, [_row(f"**all, {rate:g} a second**", waits), *rows])
    begun, ended = min(wait[2] for wait in waits), max(wait[2] for wait in waits)
    length = max((ended - begun) / _SLICES, 0.001)
    slices: dict[int, list[Wait]] = defaultdict(list)
    for wait in waits:
        slices[min(int((wait[2] - begun) / length), _SLICES - 1)].append(wait)
    print_table(head, [_row(f"part {at + 1} of {_SLICES}", slices[at]) for at in sorted(slices)])
    told = [waited for _, waited, _, _ in waits if waited is not None]
    worst = percentile(told, 0.95) if told else float("inf")
    lost = len(waits) - len(told)
    verdict = "kept" if worst <= BAR_S and not lost else "NOT kept"
    print(f"p95 **{worst:.2f} s** (bar: {BAR_S:g}), lost **{lost}** (bar: 0): {verdict}\n", flush=True)


def _row(name: str, waits: Sequence[Wait]) -> list[str]:
    told = [waited for _, waited, _, _ in waits if waited is not None]
    shown = [f"{percentile(told, share):.2f}" for share in (0.5, 0.95, 0.99, 1.0)] if told else ["-"] * 4
    again = sum(again for _, _, _, again in waits)
    return [name, str(len(waits)), *shown, str(len(waits) - len(told)), str(again)]


def print_cost(cost: dict[str, float], memory: tuple[float, float, float], heard: dict[str, Any]) -> None:
    """Processors, memory and calls."""
    rows = [
        ["processors busy, serve", f"{cost['serve']:.2f}"],
        ["processors busy, people and fake Telegram", f"{cost['people']:.2f}"],
        ["processors idle, whole machine", f"{cost['idle']:.2f} of {os.cpu_count()}"],
        ["serve, MB resident: before, after, most", " / ".join(f"{value:.0f}" for value in memory)],
        ["turns that nobody was free for", str(heard["late_turns"])],
        ["updates left", str(heard["pending"])],
        ["what Telegram would not have liked", str(heard["faults"] or "nothing")],
    ]
    rows += [[f"calls of {name}", str(count)] for name, count in Counter(heard["calls"]).most_common(10)]
    print_table(["cost", ""], rows)


def print_tips(data: Path, heard: dict[str, Any]) -> None:
    """Whether the desk has every tip that was told to be received."""
    told = [(token, receipt) for token, receipt, is_received, _ in heard["tips"] if is_received]
    tips = {Receipt.parse(receipt).keys().tip_id: token for token, receipt in told}
    settings = Settings(data=data, _env_file=None)
    there: Counter[str] = Counter()
    with closing(open_desk_room(settings)) as room:
        later = utc_now() + timedelta(days=2)
        units = {unit.id for unit in room.book.units}
        there.update(tip.tip_id for tip in room.store.for_units(units, later) if tip.is_holder)
    rows = [
        ["begun", str(len(heard["tips"]))],
        ["with a photo", str(sum(has_photo for *_, has_photo in heard["tips"]))],
        ["told to be received", str(len(tips))],
        ["of them at the desk", str(sum(tip_id in there for tip_id in tips))],
        ["at the desk twice", str(sum(count > 1 for count in there.values()))],
        ["challenged", str(heard["challenges"])],
        ["asked to send later", str(heard["put_off"])],
        ["given up", str(heard["given_up"])],
    ]
    print_table(["tips", ""], rows)
    lost = [token for tip_id, token in tips.items() if tip_id not in there]
    print(f"tips lost: **{len(lost)}** (bar: 0)\n", flush=True)


def _processor_s(pid: int) -> float:
    """Processor seconds of a process and of its children that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS


def _idle_s() -> float:
    fields = Path("/proc/stat").read_text("utf-8").split(maxsplit=10)
    return (int(fields[4]) + int(fields[5])) / _TICKS


def _memory_mb(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=30.0, help="messages and presses a second")
    parser.add_argument("--people", type=int, default=PEOPLE)
    options = parser.parse_args()
    measure(options.folder, options.rate, options.minutes, options.people)


if __name__ == "__main__":
    main()
