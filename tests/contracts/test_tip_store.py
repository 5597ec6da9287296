"""The contract of the tip store, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

from tests.fakes.clocks import NOON, HandClock
from tests.fakes.sealed_tips import BOTH, new_tip, noise, parcel, reply, tag_of, with_parcels, wrapped
from tips.errors import BadSetup, TipNotReceived
from tips.model import Recipients
from tips.receipts import tag_hash_of, tip_id_of
from tips.store.store import TipStore
from tips.times import VIETNAM, IntakeSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tips.model import NewTip

HOUR = NOON.replace(minute=0, second=0, microsecond=0)
TODAY = NOON.date()
A = tip_id_of(tag_of("a"))
TAG_A = tag_hash_of(tag_of("a"))
UNITS = ("phuong", "thanh-pho")

# Whatever stands in clear beside a tip. A new one has to be argued for: what does it tell whoever seizes it?
COLUMNS = {
    "tips": "tip_id tag_hash reply_public received size_bucket retention_until held withdrawn",
    "tip_recipients": "tip_id unit role visible_from",
    "tip_parcels": "tip_id seq suite card body",
    "tip_keys": "tip_id seq unit key_id suite wrapped",
    "tip_replies": "tip_id seq sealed",
    # That an officer thought a tip abuse, for the rest of that day. The public side has to hear of it, and it
    # stands here because nothing else leads from the desk to there.
    "tip_mutes": "tip_id day",
    "tips_version": "version_num",
}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def opened(url: str, clock: HandClock) -> Iterator[Callable[[], TipStore]]:
    """Opens the database again, as another process does; all are closed in the end."""
    stores: list[TipStore] = []

    def again() -> TipStore:
        stores.append(TipStore.open(url, now=clock, busy_timeout_ms=20_000))
        return stores[-1]

    yield again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], TipStore]) -> TipStore:
    return opened()


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sqlalchemy.text(statement))]
    finally:
        engine.dispose()


def everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(rows(url, f"SELECT * FROM {table}"), key=repr) for table in COLUMNS}  # noqa: S608


def test_what_was_submitted_is_there_after_a_restart(store: TipStore, opened: Callable[[], TipStore]) -> None:
    tip = with_parcels(new_tip("a"), parcel("a", 2))
    assert store.submit(tip) is True
    again = opened()
    found = again.find(TAG_A)
    assert found is not None
    assert (found.tip_id, found.units, found.next_seq, found.replies) == (A, UNITS, 3, ())
    for unit in UNITS:
        stored = again.parcels(A, unit)
        assert [(item.seq, item.suite, item.card, item.body) for item in stored] == [
            (item.seq, item.suite, item.card, item.body) for item in tip.parcels
        ]
        assert [item.keys for item in stored] == [
            tuple(key for key in item.keys if key.unit == unit) for item in tip.parcels
        ]


def test_the_same_tip_again_changes_nothing(store: TipStore, url: str) -> None:
    """Also when its words were sealed again after a lost answer, which gives other bytes."""
    store.submit(new_tip("a"))
    before = everything(url)
    assert store.submit(new_tip("a")) is False
    assert store.submit(new_tip("a", mark="again")) is False
    assert store.submit(new_tip("a", Recipients(holder="khac"), "again")) is False
    assert everything(url) == before


def test_a_tip_id_of_another_tag_is_not_taken_over(store: TipStore, url: str) -> None:
    store.submit(new_tip("a"))
    before = everything(url)
    stolen = new_tip("b")
    forged = type(stolen)(
        tag_hash=stolen.tag_hash, reply_public=stolen.reply_public, recipients=BOTH, parcels=(parcel("a"),)
    )
    with pytest.raises(BadSetup):
        store.submit(forged)
    assert everything(url) == before


def test_a_tip_whose_second_parcel_fails_is_not_there_at_all(store: TipStore, url: str) -> None:
    twice = with_parcels(new_tip("a"), parcel("a", 2), parcel("a", 2, mark="other"))
    with pytest.raises(TipNotReceived):
        store.submit(twice)
    assert all(not found for table, found in everything(url).items() if table != "tips_version")


def test_eight_senders_of_one_tip_store_it_once(opened: Callable[[], TipStore]) -> None:
    stores = [opened() for _ in range(4)]
    told: list[bool] = []
    barrier = threading.Barrier(8)

    def send(store: TipStore, number: int) -> None:
        barrier.wait()
        told.append(store.submit(new_tip("a", mark=str(number))))

    threads = [threading.Thread(target=send, args=(stores[at % 4], at)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 7 + [True]
    assert len(stores[0].for_units(["phuong"], NOON)) == 1


def test_an_unknown_tag_finds_nothing(store: TipStore) -> None:
    store.submit(new_tip("a"))
    assert store.find(tag_hash_of(tag_of("b"))) is None
    assert store.find(tag_of("a")) is None  # the tag itself is not what is stored
    assert store.find(b"") is None


def test_further_parcels_follow_in_order(store: TipStore) -> None:
    store.submit(new_tip("a"))
    assert store.add_parcel(TAG_A, parcel("a", 2)) is True
    assert store.add_parcel(TAG_A, parcel("a", 2)) is False
    assert store.add_parcel(TAG_A, parcel("a", 3), parcel("a", 4)) is True
    assert store.add_parcel(TAG_A, parcel("a", 3), parcel("a", 4)) is False
    assert [item.seq for item in store.parcels(A, "phuong")] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("sent", "part"),
    [
        (parcel("a", 2, mark="another tab"), "seq"),
        (parcel("a", 1, mark="again"), "seq"),
        (parcel("a", 4), "seq"),
        (parcel("b", 3), "tip_id"),
        (parcel("a", 3, units=("phuong",)), "units"),
        (parcel("a", 3, units=("phuong", "thanh-pho", "khac")), "units"),
        (parcel("a", 3, units=()), "units"),
    ],
    ids=["taken", "first again", "gap", "of another tip", "a unit lacks", "a unit too many", "no unit"],
)
def test_a_parcel_that_does_not_fit_is_told_so_and_never_dropped_in_silence(
    store: TipStore, url: str, sent: object, part: str
) -> None:
    store.submit(new_tip("a"))
    store.add_parcel(TAG_A, parcel("a", 2))
    before = everything(url)
    with pytest.raises(BadSetup) as told:
        store.add_parcel(TAG_A, sent)  # type: ignore[arg-type]
    assert told.value.fields == {"part": part}
    assert everything(url) == before


def test_a_parcel_for_nobody_is_not_received(store: TipStore) -> None:
    with pytest.raises(TipNotReceived):
        store.add_parcel(TAG_A, parcel("a", 2))
    with pytest.raises(TipNotReceived):
        store.withdraw(TAG_A, parcel("a", 2))


def test_withdrawing_shreds_what_was_sent_and_says_so(store: TipStore, url: str) -> None:
    store.submit(with_parcels(new_tip("a"), parcel("a", 2)))
    assert store.withdraw(TAG_A, parcel("a", 3)) is True
    assert store.withdraw(TAG_A, parcel("a", 4)) is False
    assert [item.seq for item in store.parcels(A, "phuong")] == [3]
    assert rows(url, "SELECT DISTINCT seq FROM tip_keys") == [(3,)]
    seen, found = store.tip(A, "phuong", NOON), store.find(TAG_A)
    assert seen is not None
    assert found is not None
    assert seen.has_withdrawn
    assert found.has_withdrawn
    with pytest.raises(TipNotReceived):
        store.add_parcel(TAG_A, parcel("a", 4))


def test_a_held_tip_keeps_its_parcels_when_withdrawn(store: TipStore) -> None:
    store.submit(new_tip("a"))
    store.hold(A, held=True, now=NOON)
    assert store.withdraw(TAG_A, parcel("a", 2)) is True
    assert [item.seq for item in store.parcels(A, "phuong")] == [1, 2]
    seen = store.tip(A, "phuong", NOON)
    assert seen is not None
    assert seen.has_withdrawn


def test_the_unit_above_sees_a_tip_after_the_hours_set(store: TipStore) -> None:
    store.submit(new_tip("a"))
    mine, later = store.tip(A, "phuong", NOON), HOUR + timedelta(hours=25)
    assert mine is not None
    assert (mine.is_holder, mine.received, mine.visible_from) == (True, HOUR, HOUR)
    assert store.tip(A, "thanh-pho", later - timedelta(seconds=1)) is None
    above = store.tip(A, "thanh-pho", later)
    assert above is not None
    assert (above.is_holder, above.visible_from) == (False, later)
    assert [item.unit for item in store.for_units(UNITS, later)] == list(UNITS)


def test_a_tip_is_shown_above_at_once_when_asked_for(store: TipStore) -> None:
    store.submit(new_tip("a"))
    store.show_now(A, "thanh-pho")
    assert store.tip(A, "thanh-pho", NOON) is not None


def test_another_unit_sees_nothing(store: TipStore) -> None:
    store.submit(new_tip("a"))
    store.show_now(A, "khac")
    assert store.for_units(["khac"], NOON + timedelta(days=30)) == []
    assert store.tip(A, "khac", NOON + timedelta(days=30)) is None
    assert store.parcels(A, "khac") == []
    assert store.for_units([], NOON) == []


def test_what_a_unit_sees_is_counted(store: TipStore) -> None:
    store.submit(with_parcels(new_tip("a"), parcel("a", 2)))
    store.add_reply(reply("a"))
    seen = store.for_units(["phuong"], NOON)
    assert [(item.parcels, item.replies, item.size_bucket) for item in seen] == [(2, 1, 4_096)]
    assert seen[0].reply_public == noise("replya", 32)
    assert seen[0].retention_until == TODAY + timedelta(days=90)


def test_replies_are_numbered_and_kept_once(store: TipStore) -> None:
    store.submit(new_tip("a"))
    assert store.next_reply_seq(A) == 1
    store.add_reply(reply("a", 1))
    store.add_reply(reply("a", 1))
    assert store.next_reply_seq(A) == 2
    with pytest.raises(BadSetup):
        store.add_reply(reply("a", 1, mark="another officer"))
    store.add_reply(reply("a", 2))
    found = store.find(TAG_A)
    assert found is not None
    assert found.replies == (reply("a", 1), reply("a", 2))
    with pytest.raises(TipNotReceived):
        store.add_reply(reply("b"))


def test_a_transfer_gives_keys_and_takes_them_in_one_step(store: TipStore, url: str) -> None:
    store.submit(with_parcels(new_tip("a"), parcel("a", 2)))
    given = [(1, wrapped("khac", "1")), (2, wrapped("khac", "2"))]
    store.transfer(A, from_unit="phuong", to=Recipients(holder="khac", above="thanh-pho"), keys=given)
    assert store.tip(A, "phuong", NOON + timedelta(days=9)) is None
    assert store.parcels(A, "phuong") == []
    assert rows(url, "SELECT DISTINCT unit FROM tip_keys ORDER BY unit") == [("khac",), ("thanh-pho",)]
    mine = store.tip(A, "khac", NOON)
    assert mine is not None
    assert mine.is_holder
    assert [item.keys for item in store.parcels(A, "khac")] == [(key,) for _, key in given]
    assert store.tip(A, "thanh-pho", NOON) is None  # waits as long as before
    assert store.tip(A, "thanh-pho", HOUR + timedelta(hours=25)) is not None
    found = store.find(TAG_A)
    assert found is not None
    assert found.units == ("khac", "thanh-pho")


def test_a_transfer_that_would_lock_a_parcel_away_changes_nothing(store: TipStore, url: str) -> None:
    """The tipster sent more while the desk was wrapping keys."""
    store.submit(new_tip("a"))
    store.add_parcel(TAG_A, parcel("a", 2))
    before = everything(url)
    with pytest.raises(BadSetup, match="bad_setup") as told:
        store.transfer(A, from_unit="phuong", to=Recipients(holder="khac"), keys=[(1, wrapped("khac"))])
    assert told.value.fields == {"part": "keys"}
    for stranger in ("thanh-pho", "khac"):
        with pytest.raises(BadSetup) as told:
            store.transfer(A, from_unit=stranger, to=Recipients(holder="khac"), keys=[])
        assert told.value.fields == {"part": "holder"}
    assert everything(url) == before


def test_retention_counts_from_the_last_activity(store: TipStore, clock: HandClock) -> None:
    store.submit(new_tip("a"))
    last_day = TODAY + timedelta(days=90)
    assert store.due(last_day) == []
    assert store.due(last_day + timedelta(days=1)) == [A]
    clock.move(days=10)
    store.add_parcel(TAG_A, parcel("a", 2))
    assert store.due(last_day + timedelta(days=10)) == []
    clock.move(days=10)
    store.add_reply(reply("a"))
    assert store.due(last_day + timedelta(days=20)) == []
    store.touch(A, NOON + timedelta(days=30))
    assert store.due(last_day + timedelta(days=30)) == []
    assert store.due(last_day + timedelta(days=31)) == [A]


def test_a_held_tip_is_never_due_and_a_released_one_has_the_full_time(store: TipStore) -> None:
    store.submit(new_tip("a"))
    store.hold(A, held=True, now=NOON)
    held = store.tip(A, "phuong", NOON)
    assert held is not None
    assert held.retention_until is None
    assert store.due(date(2099, 1, 1)) == []
    store.hold(A, held=False, now=NOON + timedelta(days=400))
    assert store.due(TODAY + timedelta(days=490)) == []
    assert store.due(TODAY + timedelta(days=491)) == [A]


def test_shredding_leaves_nothing(store: TipStore, url: str) -> None:
    store.submit(new_tip("a"))
    store.submit(new_tip("b"))
    before = everything(url)
    store.submit(with_parcels(new_tip("c"), parcel("c", 2)))
    store.add_reply(reply("c"))
    c = tip_id_of(tag_of("c"))
    assert store.missing([A, c]) == set()
    store.shred(c)
    store.shred(c)
    assert store.missing([A, c]) == {c}
    store.tidy()
    assert everything(url) == before


@pytest.mark.parametrize("minutes", [1, 60, 90, 1440])
def test_times_are_rounded_down(url: str, minutes: int) -> None:
    settings = IntakeSettings(rounding_min=minutes)
    store = TipStore.open(url, settings=settings, now=HandClock(NOON))
    try:
        store.submit(new_tip("a"))
        seen = store.tip(A, "phuong", NOON)
    finally:
        store.close()
    assert seen is not None
    midnight = datetime(2026, 11, 22, tzinfo=VIETNAM)
    assert timedelta(0) <= NOON - seen.received < timedelta(minutes=minutes)
    assert (seen.received - midnight) % timedelta(minutes=minutes) == timedelta(0)


def test_times_of_another_zone_are_the_same_times(store: TipStore) -> None:
    hanoi = NOON.astimezone(tz=datetime.fromisoformat("2026-01-01T00:00+07:00").tzinfo)
    store.submit(new_tip("a"), IntakeSettings().times(hanoi))
    seen = store.tip(A, "phuong", hanoi)
    assert seen is not None
    assert seen.received == HOUR
    assert store.tip(A, "thanh-pho", hanoi + timedelta(hours=24, minutes=25)) is None
    assert store.tip(A, "thanh-pho", hanoi + timedelta(hours=24, minutes=26)) is not None


def test_a_clock_that_jumps_back_hides_and_hastens_nothing(store: TipStore, clock: HandClock) -> None:
    store.submit(new_tip("a"))
    back = clock.move(hours=-5)
    assert store.tip(A, "phuong", back) is not None
    store.show_now(A, "thanh-pho")
    assert store.tip(A, "thanh-pho", back) is not None
    store.touch(A, clock.move(days=-80))
    assert store.due(TODAY + timedelta(days=90)) == []


def test_a_tip_from_a_wrong_future_reaches_the_unit_above(store: TipStore, clock: HandClock) -> None:
    clock.move(days=9_000)
    store.submit(new_tip("a"))
    clock.move(days=-9_000)
    assert store.tip(A, "thanh-pho", clock()) is not None


def test_a_tip_taken_by_a_dead_clock_is_not_due_at_once(store: TipStore, clock: HandClock) -> None:
    """A machine without a clock battery starts in 1970; the time is set right minutes later."""
    clock.moment = datetime(1970, 1, 1, 0, 3, tzinfo=UTC)
    store.submit(new_tip("a"))
    assert store.due(date(2026, 3, 1)) == []


def test_exactly_these_columns_stand_in_clear(store: TipStore, url: str) -> None:
    assert store.find(b"") is None  # it is open: the tables are there
    engine = sqlalchemy.create_engine(url)
    try:
        inspector = sqlalchemy.inspect(engine)
        found = {
            table: {column["name"] for column in inspector.get_columns(table)}
            for table in inspector.get_table_names()
        }
    finally:
        engine.dispose()
    assert found == {table: set(columns.split()) for table, columns in COLUMNS.items()}


def test_nothing_counts_and_nothing_is_exact(store: TipStore, url: str) -> None:
    """No generated numbers, no default of the database's own, and every stored time on the hour."""
    for name in ("a", "b", "c"):
        store.submit(new_tip(name))
    engine = sqlalchemy.create_engine(url)
    try:
        inspector = sqlalchemy.inspect(engine)
        columns = [item for table in COLUMNS for item in inspector.get_columns(table)]
        assert not [item["name"] for item in columns if item.get("identity") or item.get("default")]
    finally:
        engine.dispose()
    for column, table in (("received", "tips"), ("visible_from", "tip_recipients")):
        moments = rows(url, f"SELECT DISTINCT {column} FROM {table}")  # noqa: S608
        assert all(str(moment).partition("+")[0].rstrip("0.").endswith(":") for (moment,) in moments)


def test_rows_come_in_the_order_of_random_ids(store: TipStore, url: str) -> None:
    """Asked in order, arrival cannot be read off; on SQLite no row has a hidden number either."""
    names = [f"tip{number}" for number in range(30)]
    for name in names:
        store.submit(new_tip(name))
    ids = [tip_id_of(tag_of(name)) for name in names]
    assert [item.tip_id for item in store.for_units(["phuong"], NOON)] == sorted(ids)
    if url.startswith("sqlite"):
        for table in COLUMNS:
            if table != "tips_version":
                with pytest.raises(sqlalchemy.exc.OperationalError, match="no such column: rowid"):
                    rows(url, f"SELECT rowid FROM {table}")  # noqa: S608
        found = [str(row[0]) for row in rows(url, "SELECT tip_id FROM tip_parcels")]
        assert found == sorted(ids)


def test_two_processes_may_open_an_empty_database_at_once(opened: Callable[[], TipStore]) -> None:
    barrier = threading.Barrier(4)
    failures: list[Exception] = []

    def begin(name: str) -> None:
        barrier.wait()
        try:
            opened().submit(new_tip(name))
        except Exception as failure:  # noqa: BLE001 - handed to the test
            failures.append(failure)

    threads = [threading.Thread(target=begin, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(opened().for_units(["phuong"], NOON)) == 4


def test_a_tip_added_to_and_moved_at_once_is_never_locked_away(opened: Callable[[], TipStore]) -> None:
    """Whichever comes first, every parcel opens for the units it is for, or its sender is told no."""
    desk, public = opened(), opened()
    for round_ in range(12):
        name = f"race{round_}"
        tip: NewTip = new_tip(name)
        tip_id, tag_hash = tip.parcels[0].tip_id, tip.tag_hash
        public.submit(tip)
        barrier, told = threading.Barrier(2), []

        def move(tip_id: str = tip_id, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            try:
                desk.transfer(
                    tip_id, from_unit="phuong", to=Recipients(holder="khac"), keys=[(1, wrapped("khac"))]
                )
            except BadSetup as refusal:
                told.append(refusal.fields["part"])  # noqa: B023 - joined before the next round

        def add(name: str = name, tag_hash: bytes = tag_hash, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            try:
                public.add_parcel(tag_hash, parcel(name, 2))
            except BadSetup as refusal:
                told.append(refusal.fields["part"])  # noqa: B023 - joined before the next round

        threads = [threading.Thread(target=move), threading.Thread(target=add)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert told in (["keys"], ["units"])
        found = public.find(tag_hash)
        assert found is not None
        for unit in found.units:
            assert all(item.keys for item in desk.parcels(tip_id, unit))
