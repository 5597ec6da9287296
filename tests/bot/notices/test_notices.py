"""Notices of a reply: told once, after a while, to nobody else, and nothing stays."""

from __future__ import annotations

import random
import shutil
import stat
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.notices.keys import DayKeys, memory_folder
from bot.notices.model import ADDRESS_LIMIT, NoticesUnavailable
from bot.notices.notices import LONGEST_WAIT_S, SHORTEST_WAIT_S, Notices
from bot.notices.store import NoticeRows
from tests.canary.spelling import needles
from tests.fakes.clocks import HandClock
from tests.fakes.sealed_tips import new_tip, noise, parcel, reply, tag_of
from tips.errors import TipStoreUnavailable
from tips.receipts import tag_hash_of, tip_id_of
from tips.store.store import TipStore

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = b"5128930417233"
A, B = (tip_id_of(tag_of(name)) for name in "ab")
WHOLE_DAY_S = 24 * 3600


class Station:
    """A real store of tips, a data folder with notices, and keys beside it."""

    def __init__(self, root: Path, keys: Path | None) -> None:
        self.clock = HandClock()
        self.data = root / "data"
        self.keys = keys
        self.tips = TipStore.open_file(self.data / "tips" / "tips.sqlite3", now=self.clock)
        for name in "ab":
            self.tips.submit(new_tip(name))
            self.tips.add_reply(reply(name, 90))  # as the desk does when it opens a tip
        self.notices = self.opened(self.data, keys)

    def opened(self, data: Path, keys: Path | None) -> Notices:
        """The notices of a data folder, as a process of its own opens them."""
        rows = NoticeRows.open_file(data / "notices" / "notices.sqlite3")
        return Notices(rows, DayKeys(keys), self.tips, self.clock, random.Random(7))  # noqa: S311

    def answer(self, name: str = "a", seq: int = 1) -> None:
        """An officer's reply."""
        self.tips.add_reply(reply(name, seq))

    def told(self, notices: Notices | None = None) -> list[bytes]:
        """Whoever is told now, as the channel does it."""
        notices = notices or self.notices
        return [due.address for due in notices.due() if notices.done(due)]

    def rows(self) -> int:
        again = NoticeRows.open_file(self.data / "notices" / "notices.sqlite3")
        try:
            return len(again.all())
        finally:
            again.close()

    @property
    def disk(self) -> bytes:
        return b"".join(file.read_bytes() for file in self.data.rglob("*") if file.is_file())


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory, as the default one."""
    folder = Path("/dev/shm") / f"binhan-test-{uuid.uuid4().hex}"  # noqa: S108
    folder.mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(params=["folder", "process"])
def station(request: pytest.FixtureRequest, tmp_path: Path, memory: Path) -> Iterator[Station]:
    opened = Station(tmp_path, memory if request.param == "folder" else None)
    yield opened
    opened.notices.close()
    opened.tips.close()


def found(raw: bytes, *canaries: str | bytes) -> list[str]:
    low = raw.lower()
    return [
        name
        for canary in canaries
        for (needle, has_case), name in needles(canary).items()
        if needle in (raw if has_case else low)
    ]


def test_a_notice_is_told_once_after_a_reply_and_then_erased(station: Station) -> None:
    assert station.notices.ask(A, ADDRESS)
    station.clock.move(hours=5)
    assert station.told() == [], "there is no reply"
    station.answer()
    station.answer("b")
    assert station.told() == [], "not at once: who sees both could tell which chat it was"
    station.clock.move(seconds=LONGEST_WAIT_S)
    assert station.told() == [ADDRESS]
    assert station.rows() == 0
    station.answer(seq=2)
    station.clock.move(seconds=2 * LONGEST_WAIT_S)
    assert station.told() == []


def test_that_the_tip_was_opened_is_no_news(station: Station) -> None:
    station.tips.submit(new_tip("c"))
    station.notices.ask(tip_id_of(tag_of("c")), ADDRESS)
    station.answer("c")
    station.notices.due()
    station.clock.move(hours=2)
    assert station.told() == []
    station.answer("c", 2)
    station.notices.due()
    station.clock.move(hours=2)
    assert station.told() == [ADDRESS]


def test_replies_that_were_there_before_do_not_count(station: Station) -> None:
    station.answer()
    station.notices.ask(A, ADDRESS)
    station.told()
    station.clock.move(hours=2)
    assert station.told() == []
    station.answer(seq=2)
    station.told()
    station.clock.move(hours=2)
    assert station.told() == [ADDRESS]


def test_the_wait_is_drawn_for_each_and_within_an_hour(station: Station) -> None:
    for number in range(40):
        station.notices.ask(A, b"%d" % number)
    station.answer()
    waited: dict[bytes, int] = {}
    for second in range(0, LONGEST_WAIT_S + 60, 60):
        waited.update(dict.fromkeys(station.told(), second))
        station.clock.move(seconds=60)
    assert len(waited) == 40
    assert min(waited.values()) >= SHORTEST_WAIT_S
    assert max(waited.values()) <= LONGEST_WAIT_S + 60
    assert len(set(waited.values())) > 15


def test_of_several_processes_one_tells(tmp_path: Path, memory: Path) -> None:
    station = Station(tmp_path, memory)
    others = [station.opened(station.data, memory) for _ in range(4)]
    station.notices.ask(A, ADDRESS)
    station.answer()
    for notices in others:
        notices.due()
    station.clock.move(hours=1)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(station.told, others))
    assert sorted(told) == [[], [], [], [ADDRESS]]
    for notices in (*others, station.notices):
        notices.close()
    station.tips.close()


def test_whoever_is_due_stays_due_until_it_is_done(station: Station) -> None:
    station.notices.ask(A, ADDRESS)
    station.answer()
    station.notices.due()
    station.clock.move(hours=1)
    (due,) = station.notices.due()
    assert [again.row for again in station.notices.due()] == [due.row]
    assert station.notices.done(due)
    assert not station.notices.done(due)
    assert repr(ADDRESS) not in repr(due)


def test_a_tip_that_was_shredded_or_withdrawn_takes_its_notice_along(station: Station) -> None:
    station.notices.ask(A, ADDRESS)
    station.notices.ask(B, ADDRESS)
    station.tips.shred(A)
    station.tips.withdraw(tag_hash_of(tag_of("b")), parcel("b", 2))
    assert station.notices.due() == []
    assert station.rows() == 0
    assert not station.notices.ask(A, ADDRESS)
    assert not station.notices.ask("0" * 32, ADDRESS)
    assert station.rows() == 0


def test_after_seven_days_row_and_key_are_gone(station: Station, memory: Path) -> None:
    station.clock.moment = station.clock.moment.replace(
        hour=17, minute=0, second=0, microsecond=0
    )  # midnight in Vietnam
    station.notices.ask(A, ADDRESS)
    station.clock.move(seconds=7 * WHOLE_DAY_S - 1)
    assert station.notices.sweep() == 0
    station.answer()
    station.notices.due()
    station.clock.move(seconds=1)
    assert station.notices.sweep() == 1
    assert station.rows() == 0
    assert list(memory.iterdir()) == []
    station.clock.move(hours=3)
    assert station.told() == []


def test_a_clock_that_was_ahead_keeps_nothing_longer(station: Station) -> None:
    right = station.clock.moment
    station.clock.move(days=900)
    station.notices.ask(A, ADDRESS)
    station.clock.moment = right
    assert station.notices.sweep() == 1


def test_a_restart_loses_no_notice_and_a_reboot_leaves_none(tmp_path: Path, memory: Path) -> None:
    station = Station(tmp_path, memory)
    station.notices.ask(A, ADDRESS)
    station.notices.close()
    again = station.opened(station.data, memory)
    station.answer()
    again.due()
    station.clock.move(hours=1)
    assert [due.address for due in again.due()] == [ADDRESS]
    for file in memory.iterdir():
        file.unlink()
    assert again.due() == []
    assert again.sweep() == 1
    assert station.rows() == 0
    again.close()
    station.tips.close()


def test_a_copy_of_the_data_folder_opens_no_address(station: Station, tmp_path: Path) -> None:
    """As whoever takes the disk or a backup, and knows the code, would try."""
    station.notices.ask(A, ADDRESS)
    station.answer()
    copy = tmp_path / "copy"
    shutil.copytree(station.data, copy)
    (tmp_path / "no-keys").mkdir()
    for keys in (tmp_path / "no-keys", None):
        thief = station.opened(copy, keys)
        thief.due()
        station.clock.move(hours=1)
        assert thief.due() == []
        thief.close()


def test_neither_chat_nor_tip_nor_key_stands_on_the_disk(station: Station, memory: Path) -> None:
    station.notices.ask(A, ADDRESS)
    raws = [station.disk]
    station.answer()
    station.notices.due()
    raws.append(station.disk)
    station.clock.move(hours=1)
    station.told()
    raws.append(station.disk)
    number = int(ADDRESS)
    spelled = (ADDRESS.decode(), number.to_bytes(8, "big"), number.to_bytes(8, "little"), f"{number:014x}")
    keys = [file.read_bytes() for file in memory.iterdir()]
    assert [found(raw, *spelled, *keys) for raw in raws] == [[], [], []]
    notices = (station.data / "notices" / "notices.sqlite3").read_bytes()
    assert found(notices, A, bytes.fromhex(A)) == []
    assert found(b"{" + ADDRESS.hex().encode() + b"}", *spelled), "the search itself finds"


def test_what_was_told_is_erased_from_the_disk_and_not_only_from_the_table(station: Station) -> None:
    station.notices.ask(A, ADDRESS)
    rows = NoticeRows.open_file(station.data / "notices" / "notices.sqlite3")
    (row,) = rows.all()
    assert row.sealed in station.disk
    station.answer()
    station.notices.due()
    station.clock.move(hours=1)
    station.told()
    assert row.sealed not in station.disk
    assert row.row.encode() not in station.disk
    rows.close()


def test_every_notice_looks_alike_and_opens_only_where_it_stands(station: Station) -> None:
    station.notices.ask(A, b"1")
    station.notices.ask(B, b"9" * ADDRESS_LIMIT)
    rows = NoticeRows.open_file(station.data / "notices" / "notices.sqlite3")
    first, second = rows.all()
    assert len(first.sealed) == len(second.sealed)
    rows.erase([first.row, second.row])
    rows.add(type(first)(first.row, first.day, second.sealed))
    rows.add(type(first)(second.row, second.day, noise("x", len(second.sealed))))
    rows.close()
    assert station.notices.due() == []
    assert station.notices.sweep() == 2
    with pytest.raises(ValueError, match="address"):
        station.notices.ask(A, b"9" * (ADDRESS_LIMIT + 1))


def test_files_are_for_our_own_user_only(station: Station, memory: Path) -> None:
    station.notices.ask(A, ADDRESS)
    folder = station.data / "notices"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [*folder.iterdir(), *memory.iterdir()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_what_is_out_of_reach_is_told_as_such(tmp_path: Path, memory: Path) -> None:
    station = Station(tmp_path, memory / "gone")
    with pytest.raises(NoticesUnavailable):
        station.notices.ask(A, ADDRESS)
    assert station.rows() == 0

    class Away:
        def replies_count(self, tip_id: str) -> int | None:
            raise TipStoreUnavailable(tip_id=tip_id)

    rows = NoticeRows.open_file(station.data / "notices" / "notices.sqlite3")
    away = Notices(rows, DayKeys(None), Away(), station.clock)
    with pytest.raises(NoticesUnavailable):
        away.ask(A, ADDRESS)
    away.close()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "n.sqlite3").write_bytes(b"not a database, and long enough to look at" * 100)
    with pytest.raises(NoticesUnavailable):
        NoticeRows.open_file(tmp_path / "broken" / "n.sqlite3")
    station.notices.close()
    station.tips.close()


def test_keys_lie_in_memory_in_a_folder_of_our_own_or_in_the_process(tmp_path: Path, memory: Path) -> None:
    folder = memory_folder(None, tmp_path / "data")
    assert folder is not None
    try:
        assert folder.parent == Path("/dev/shm")  # noqa: S108
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert memory_folder(None, tmp_path / "data") == folder
        (tmp_path / "other").mkdir()
        other = memory_folder(memory / "named", tmp_path / "other")
        assert other == memory / "named"
        folder.chmod(0o755)
        assert memory_folder(None, tmp_path / "data") is None, "others may look into it"
        folder.rmdir()
        folder.symlink_to(memory)
        assert memory_folder(None, tmp_path / "data") is None, "a link leads elsewhere"
        folder.unlink()
        folder.write_bytes(b"")
        assert memory_folder(None, tmp_path / "data") is None
    finally:
        folder.unlink()


def test_a_folder_on_a_disk_is_not_used_for_keys() -> None:
    on_disk = Path(__file__).parent / f"keys-{uuid.uuid4().hex}"
    try:
        assert memory_folder(on_disk, Path()) is None
    finally:
        on_disk.rmdir()
