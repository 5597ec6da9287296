"""What is over is shredded, what is held is not, and a wrong clock shreds nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prompts.catalog import text
from tests.fakes.clocks import NOON, HandClock
from tests.fakes.sealed_tips import new_tip, parcel, tag_of
from tips.receipts import tag_hash_of, tip_id_of
from tips.retention import Retention
from tips.store.store import TipStore
from tips.times import VIETNAM, IntakeSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
LAST_DAY = timedelta(days=90)
NIGHT = datetime(2026, 11, 24, 3, 20, tzinfo=VIETNAM)
MORNING = datetime(2026, 11, 24, 8, 5, tzinfo=VIETNAM)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> Iterator[TipStore]:
    opened = TipStore.open_file(tmp_path / "tips" / "tips.sqlite3", now=clock, busy_timeout_ms=200)
    for name in ("a", "b", "held"):
        opened.submit(new_tip(name))
    opened.hold(tip_id_of(tag_of("held")), held=True, now=NOON)
    yield opened
    opened.close()


def left(store: TipStore) -> set[str]:
    return {name for name in ("a", "b", "held") if store.find(tag_hash_of(tag_of(name))) is not None}


def test_what_is_over_is_shredded_and_what_is_held_is_not(store: TipStore, clock: HandClock) -> None:
    clock.moment = NOON + LAST_DAY
    assert Retention(store, clock).purge() == []
    store.add_parcel(tag_hash_of(tag_of("b")), parcel("b", 2))  # an answer: from now on again
    clock.move(days=1)
    assert Retention(store, clock).purge() == [tip_id_of(tag_of("a"))]
    assert left(store) == {"b", "held"}
    assert Retention(store, clock).purge() == []
    clock.move(days=90)
    assert Retention(store, clock).purge() == [tip_id_of(tag_of("b"))]
    assert left(store) == {"held"}


class _Meanwhile(TipStore):
    """Something happens between the question which tips are over and their end."""

    def due(self, today: date) -> list[str]:
        found = super().due(today)
        self.add_parcel(tag_hash_of(tag_of("a")), parcel("a", 2))
        self.hold(tip_id_of(tag_of("b")), held=True, now=NOON)
        return found


def test_what_was_answered_or_held_a_moment_before_stays(store: TipStore, tmp_path: Path) -> None:
    """The sender was told that it is kept; the officer was too."""
    clock = HandClock(NOON + LAST_DAY + timedelta(days=1))
    beside = _Meanwhile.open_file(tmp_path / "tips" / "tips.sqlite3", now=clock)
    assert Retention(beside, clock).purge() == []
    assert left(store) == {"a", "b", "held"}
    beside.close()


def test_a_dry_run_only_says_what_would_go(store: TipStore, clock: HandClock) -> None:
    clock.moment = NOON + LAST_DAY + timedelta(days=1)
    due = Retention(store, clock).purge(dry_run=True)
    assert sorted(due) == due == sorted(tip_id_of(tag_of(name)) for name in ("a", "b"))
    assert left(store) == {"a", "b", "held"}


def test_a_clock_that_is_behind_shreds_nothing(store: TipStore, clock: HandClock) -> None:
    for moment in (datetime(1970, 1, 1, tzinfo=UTC), NOON - timedelta(days=300)):
        clock.moment = moment
        assert Retention(store, clock).purge() == []
    assert left(store) == {"a", "b", "held"}


def test_a_reader_in_the_way_does_not_stop_the_shredding(
    store: TipStore, clock: HandClock, tmp_path: Path
) -> None:
    """Somebody reads while the file would be written anew: that does not wait for it."""
    reader = sqlite3.connect(tmp_path / "tips" / "tips.sqlite3", isolation_level=None)
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tips").fetchone()
        clock.moment = NOON + LAST_DAY + timedelta(days=1)
        assert len(Retention(store, clock).purge()) == 2
    finally:
        reader.close()
    assert left(store) == {"held"}
    Retention(store, clock).purge()
    assert (tmp_path / "tips" / "tips.sqlite3-wal").stat().st_size == 0


def bodies_in_order(file: Path, names: list[str]) -> list[str]:
    """Which tip's body stands first in the file, which next."""
    content = file.read_bytes()
    return sorted(names, key=lambda name: content.index(new_tip(name).parcels[0].body[-64:]))


def test_once_a_night_the_file_forgets_in_which_order_tips_came(tmp_path: Path, clock: HandClock) -> None:
    """Bodies fill pages of their own, first come first; written anew they stand by random id."""
    file = tmp_path / "tips" / "tips.sqlite3"
    names = [f"tip{number}" for number in range(12)]
    store = TipStore.open_file(file, now=clock)
    retention = Retention(store, clock)
    clock.moment = NIGHT - timedelta(days=1)
    retention.purge()
    for name in names:
        store.submit(new_tip(name))
    by_id = sorted(names, key=lambda name: tip_id_of(tag_of(name)))
    assert by_id != names
    for at_night in (False, False, True):
        clock.moment = NIGHT if at_night else NIGHT - timedelta(hours=12)
        retention.purge()
        assert (bodies_in_order(file, names) == by_id) is at_night
    names.append("later")
    store.submit(new_tip("later"))
    by_id = sorted(names, key=lambda name: tip_id_of(tag_of(name)))
    clock.move(hours=1)
    retention.purge()
    assert bodies_in_order(file, names) != by_id  # not twice in one night
    clock.moment = NIGHT + timedelta(days=1)
    retention.purge()
    assert bodies_in_order(file, names) == by_id
    store.close()


def test_a_machine_that_is_off_at_night_forgets_the_order_by_day(tmp_path: Path) -> None:
    """Its process is another one every day, and may not live for two purges."""
    file = tmp_path / "tips" / "tips.sqlite3"
    clock, names = HandClock(MORNING), []
    for day in range(4):
        store = TipStore.open_file(file, now=clock)
        for number in range(6):
            names.append(f"tip{day}.{number}")
            store.submit(new_tip(names[-1]))
        store.empty_log()
        by_id = sorted(names, key=lambda name: tip_id_of(tag_of(name)))
        assert bodies_in_order(file, names) != by_id
        clock.move(hours=1)
        Retention(store, clock).purge()
        assert bodies_in_order(file, names) == by_id
        store.close()
        clock.move(hours=24)


def test_a_laptop_asleep_at_night_forgets_the_order_in_one_process(tmp_path: Path) -> None:
    file = tmp_path / "tips" / "tips.sqlite3"
    clock, names = HandClock(MORNING), [f"tip{number}" for number in range(12)]
    store = TipStore.open_file(file, now=clock)
    retention = Retention(store, clock)
    retention.purge()
    for name in names:
        store.submit(new_tip(name))
    clock.move(hours=25)
    retention.purge()
    assert bodies_in_order(file, names) == sorted(names, key=lambda name: tip_id_of(tag_of(name)))
    store.close()


@pytest.mark.parametrize("moment", [NIGHT, MORNING])
def test_a_service_that_starts_again_and_again_writes_the_file_anew_once(
    clock: HandClock, tmp_path: Path, moment: datetime
) -> None:
    """Whoever sends meanwhile would wait each time."""
    file = tmp_path / "tips" / "tips.sqlite3"
    clock.moment = moment
    names = [f"tip{number}" for number in range(12)]
    for name in names:
        store = TipStore.open_file(file, now=clock)
        store.submit(new_tip(name))
        Retention(store, clock).purge()
        store.close()
        clock.move(minutes=2)
    assert bodies_in_order(file, names) != sorted(names, key=lambda name: tip_id_of(tag_of(name)))


def test_a_clock_that_was_ahead_does_not_put_off_forgetting_the_order(tmp_path: Path) -> None:
    file = tmp_path / "tips" / "tips.sqlite3"
    clock, names = HandClock(MORNING + timedelta(days=900)), [f"tip{number}" for number in range(12)]
    store = TipStore.open_file(file, now=clock)
    Retention(store, clock).purge()
    clock.moment = MORNING
    for name in names:
        store.submit(new_tip(name))
    Retention(store, clock).purge()
    assert bodies_in_order(file, names) == sorted(names, key=lambda name: tip_id_of(tag_of(name)))
    store.close()


def test_the_file_is_not_written_anew_where_nothing_changed(
    store: TipStore, clock: HandClock, tmp_path: Path
) -> None:
    file = tmp_path / "tips" / "tips.sqlite3"
    clock.moment = NIGHT
    store.empty_log()
    before = file.read_bytes()
    retention = Retention(store, clock)
    retention.purge()
    first = file.read_bytes()
    assert first != before
    clock.move(days=1)
    retention.purge()
    assert file.read_bytes() == first


def test_writing_the_file_anew_takes_a_file_beside_it_and_no_memory(tmp_path: Path) -> None:
    """A store may be larger than the memory of its machine; what is copied stays in its own folder."""
    told = subprocess.run(
        [sys.executable, "-c", _TIDYING, str(tmp_path / "o'tips" / "tips.sqlite3")],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    result = json.loads(told.stdout)
    assert result["is_done"]
    assert result["folders"] == [str(tmp_path / "o'tips")]
    assert result["grown_mb"] < 30


_TIDYING = """
import json, os, sys, threading, time
from dataclasses import replace
from pathlib import Path
from tests.fakes.sealed_tips import new_tip
from tips.store.store import TipStore

def peak_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024

def look():
    while not is_over.is_set():
        for number in os.listdir("/proc/self/fd"):
            try:
                file = Path(os.readlink(f"/proc/self/fd/{number}"))
            except OSError:
                continue
            if file.name.startswith("etilqs"):
                folders.add(str(file.parent))
        time.sleep(0.001)

file = Path(sys.argv[1])
store = TipStore.open_file(file)
for number in range(12):
    tip = new_tip(f"tip{number}")
    store.submit(replace(tip, parcels=(replace(tip.parcels[0], body=os.urandom(8 << 20)),)))
store.close()
folders, is_over = set(), threading.Event()
store = TipStore.open_file(file)
watching = threading.Thread(target=look)
watching.start()
before = peak_mb()
is_done = store.tidy()
is_over.set()
watching.join()
print(json.dumps({"is_done": is_done, "folders": sorted(folders), "grown_mb": peak_mb() - before}))
"""


def purge(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The command as a program; `bot.cli` names its group `tips`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BINHAN_")}
    return subprocess.run(
        [sys.executable, "-c", "from bot.commands.tips import app; app()", "purge", *options],
        env=kept | {"PYTHONPATH": str(ROOT), "BINHAN_DATA": str(data), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_says_what_it_would_do_and_does_it(tmp_path: Path) -> None:
    long_ago = IntakeSettings().times(datetime(2026, 2, 1, tzinfo=UTC))
    store = TipStore.open_file(tmp_path / "tips" / "tips.sqlite3")
    store.submit(new_tip("a"), long_ago)
    store.submit(new_tip("b"))
    assert json.loads(purge(tmp_path, "--dry-run", "--json").stdout) == {"dry_run": True, "count": 1}
    assert purge(tmp_path, "--dry-run").stdout.strip() == text("tips.purge_would", "vi", count=1)
    assert left(store) == {"a", "b"}
    assert purge(tmp_path).stdout.strip() == text("tips.purged", "vi", count=1)
    assert left(store) == {"b"}
    store.close()


def test_the_command_forgets_the_order_too(tmp_path: Path) -> None:
    file = tmp_path / "tips" / "tips.sqlite3"
    store, names = TipStore.open_file(file), [f"tip{number}" for number in range(12)]
    for name in names:
        store.submit(new_tip(name))
    by_id = sorted(names, key=lambda name: tip_id_of(tag_of(name)))
    store.empty_log()
    purge(tmp_path, "--dry-run")
    assert bodies_in_order(file, names) != by_id
    purge(tmp_path)
    assert bodies_in_order(file, names) == by_id
    store.close()


def test_the_command_fails_in_words_where_there_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "tips").write_text("a file where the folder should be")
    ended = purge(tmp_path)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert " ".join(ended.stderr.split()) == text("cli.store_unavailable", "vi")
