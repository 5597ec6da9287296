"""Mutes and counts of replies in the tip store, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

from tests.fakes.clocks import NOON, HandClock
from tests.fakes.sealed_tips import new_tip, parcel, reply, tag_of
from tips.receipts import tag_hash_of, tip_id_of
from tips.retention import Retention
from tips.store.store import TipStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TODAY = NOON.date()
A = tip_id_of(tag_of("a"))
TAG_A = tag_hash_of(tag_of("a"))


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


def test_a_mute_lasts_for_its_day_and_goes_with_its_tip(store: TipStore, url: str) -> None:
    for name in "abc":
        store.submit(new_tip(name))
    store.mute(A, TODAY)
    store.mute(A, TODAY)
    store.mute(tip_id_of(tag_of("b")), TODAY)
    store.mute("0" * 32, TODAY)
    assert sorted(store.muted_since(TODAY)) == sorted([A, tip_id_of(tag_of("b"))])
    assert store.muted_since(TODAY + timedelta(days=1)) == []
    store.shred(A)
    assert store.muted_since(TODAY) == [tip_id_of(tag_of("b"))]
    store.mute(tip_id_of(tag_of("c")), TODAY + timedelta(days=1))
    assert len(rows(url, "SELECT * FROM tip_mutes")) == 1, "older ones are forgotten by the next"


def test_mutes_are_forgotten_by_the_daily_purge(store: TipStore, clock: HandClock) -> None:
    store.submit(new_tip("a"))
    store.mute(A, TODAY)
    Retention(store, clock).purge()
    assert store.muted_since(TODAY) == [A]
    clock.move(days=1)
    Retention(store, clock).purge()
    assert store.muted_since(TODAY) == []


def test_replies_are_counted_of_a_tip_that_is_there(store: TipStore) -> None:
    store.submit(new_tip("a"))
    assert store.replies_count(A) == 0
    store.add_reply(reply("a", 1))
    store.add_reply(reply("a", 2))
    assert store.replies_count(A) == 2
    store.withdraw(TAG_A, parcel("a", 2))
    assert store.replies_count(A) is None
    assert store.replies_count("0" * 32) is None
