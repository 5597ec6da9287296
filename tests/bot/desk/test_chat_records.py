"""What is kept of the groups, on each of the desk's databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from bot.desk.records.chats import ChatState, Post
from bot.desk.records.store import DeskRecords
from bot.desk.records.tables import metadata
from tests.fakes.clocks import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.records.chats import ChatRecords

CHAT, NEW = -1001234567890, -1009876543210
TIP, OTHER = "0" * 32, "1" * 32


@pytest.fixture
def chats(url: str) -> Iterator[ChatRecords]:
    records = DeskRecords.open(url)
    yield records.chats()
    records.close()


def test_an_errand_asked_for_twice_is_done_once(chats: ChatRecords) -> None:
    chats.ask_for(CHAT, "card", TIP, due=NOON)
    chats.ask_for(CHAT, "card", TIP, due=NOON)
    chats.ask_for(CHAT, "card", OTHER, due=NOON)
    errands = chats.errands(CHAT, NOON)
    assert [errand.tip_id for errand in errands] == [TIP, OTHER]
    chats.done(errands[0])
    assert chats.asked_for(CHAT, "card") == {OTHER}


def test_an_errand_asked_for_again_while_it_is_done_stays(chats: ChatRecords) -> None:
    chats.ask_for(CHAT, "card", TIP, due=NOON)
    (errand,) = chats.errands(CHAT, NOON)
    chats.ask_for(CHAT, "card", TIP, due=NOON)
    chats.done(errand)
    assert chats.asked_for(CHAT, "card") == {TIP}


def test_what_is_due_later_waits(chats: ChatRecords) -> None:
    chats.ask_for(CHAT, "delete", TIP, "7", due=NOON + timedelta(minutes=5))
    assert chats.errands(CHAT, NOON) == []
    (errand,) = chats.errands(CHAT, NOON + timedelta(minutes=5))
    assert (errand.argument, errand.tries, errand.due) == ("7", 0, NOON + timedelta(minutes=5))
    chats.later(errand, NOON)
    assert chats.errands(CHAT, NOON)[0].tries == 1


def test_hastening_deletes_sooner_and_opens_no_more(chats: ChatRecords) -> None:
    chats.ask_for(CHAT, "open", TIP, "can-bo", due=NOON)
    for tip in (TIP, OTHER):
        chats.ask_for(CHAT, "delete", tip, f"{len(tip)}", due=NOON + timedelta(hours=1))
    chats.hasten(CHAT, TIP, NOON)
    assert [(errand.kind, errand.tip_id) for errand in chats.errands(CHAT, NOON)] == [("delete", TIP)]


def test_a_dropped_card_leaves_deletions_without_its_tip(chats: ChatRecords) -> None:
    chats.put_post(Post(chat=CHAT, tip_id=TIP, message=5))
    chats.ask_for(CHAT, "card", TIP, due=NOON)
    chats.ask_for(CHAT, "delete", TIP, "7", due=NOON)
    chats.drop_post(CHAT, TIP)
    assert chats.post(CHAT, TIP) is None
    assert [(errand.kind, errand.tip_id) for errand in chats.errands(CHAT, NOON)] == [("delete", "")]


def test_a_card_is_found_by_its_message_in_its_own_group_only(chats: ChatRecords) -> None:
    post = Post(chat=CHAT, tip_id=TIP, topic=4, message=5, digest="d", has_news=True)
    chats.put_post(post)
    chats.put_post(replace(post, digest="e"))
    assert chats.post(CHAT, TIP) == replace(post, digest="e")
    assert chats.tip_of(CHAT, 5) == TIP
    assert chats.tip_of(NEW, 5) == chats.tip_of(CHAT, 4) == chats.tip_of(CHAT, 0) == ""


def test_a_group_that_moves_takes_its_cards_along_to_be_hung_again(chats: ChatRecords) -> None:
    chats.put_post(Post(chat=CHAT, tip_id=TIP, topic=4, message=5, digest="d", is_closed=True))
    chats.put_post(Post(chat=CHAT, tip_id=OTHER, message=6))
    chats.put_post(Post(chat=NEW, tip_id=OTHER, message=9))
    chats.ask_for(CHAT, "delete", TIP, "7", due=NOON)
    chats.note_state(CHAT, summary=8)
    chats.move(CHAT, NEW)
    chats.move(CHAT, NEW)
    assert chats.posts(CHAT) == {}
    assert chats.posts(NEW) == {
        TIP: Post(chat=NEW, tip_id=TIP),
        OTHER: Post(chat=NEW, tip_id=OTHER, message=9),
    }
    assert chats.errands(CHAT, NOON) == []
    assert chats.states() == [ChatState(chat=CHAT, moved_to=NEW)]


def test_many_hands_asking_for_one_thing_ask_once(chats: ChatRecords) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: chats.ask_for(CHAT, "card", TIP, due=NOON), range(16)))
    (errand,) = chats.errands(CHAT, NOON)
    assert errand.revision == 16


def test_the_migrations_make_the_tables_as_they_are_written(url: str) -> None:
    DeskRecords.open(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "desk_version"})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
