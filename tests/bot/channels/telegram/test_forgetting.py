"""What a chat's room still holds of what was typed: by a clock that is set by hand."""

from __future__ import annotations

import gc
from functools import partial

import pytest

from bot.channels.telegram.chats import Press, Room, Rooms
from bot.drafts import Drafts
from prompts.catalog import text
from tests.bot.channels.telegram.sending import STORY, sent_tip
from tests.bot.channels.telegram.waiting import offering, until
from tests.bot.talking import Seconds
from tests.fakes.telegram.post import Post
from tips.receipts import find_receipt

QUESTION = "hòa giải thì tìm ai"
TOLD = "tôi bị lừa 2 triệu, người lừa tên Tý nhà số 5 hẻm 12, chuyển khoản hôm thứ hai, giờ làm sao đây"


@pytest.fixture
def clock(monkeypatch):
    """The seconds of drafts and rooms."""
    seconds = Seconds()
    monkeypatch.setattr("bot.flows.tip_talk.Drafts", partial(Drafts, seconds=seconds))
    monkeypatch.setattr("bot.channels.telegram.channel.Rooms", partial(Rooms, seconds=seconds))
    monkeypatch.setattr("bot.telegram_room.SWEEP_S", 0.05)
    return seconds


@pytest.fixture
def post(fake, clock):
    """The channel, on that clock."""
    gc.collect()
    with Post(fake) as running:
        yield running


def held(chat):
    """Every word that the room of *chat* holds."""
    rooms = [found for found in gc.get_objects() if isinstance(found, Room) and found.chat == chat]
    words = [word for room in rooms for word in (*room.edited.values(), *room.previous)]
    return words + [press.words for room in rooms for press in room.presses.values() if press.kind != "ask"]


@pytest.mark.usefixtures("post")
def test_of_a_tip_that_was_received_no_word_stays(fake):
    an = fake.person("An")
    sent_tip(fake, an)
    fake.wait_handled()
    receipt = next(filter(None, (find_receipt(message.text) for message in an.private.messages)))
    words = " ".join(held(an.private.id))
    assert STORY not in words
    assert receipt[-5:] not in words


@pytest.mark.usefixtures("post")
def test_of_a_tip_that_lies_idle_no_word_stays_though_nobody_writes(fake, clock):
    an = fake.person("An")
    an.say(f"/baotin {STORY}")
    fake.wait_for(offering(text("tip.summary_go_on")), an.private)
    fake.wait_handled()
    assert STORY in " ".join(held(an.private.id))
    clock.now += 21 * 60
    until(lambda: STORY not in " ".join(held(an.private.id)))


def test_questions_are_forgotten_after_half_an_hour(fake, post, clock):
    an = fake.person("An")
    for words in (QUESTION, TOLD):
        an.say(words)
    fake.wait_for("chưa đến công an", an.private)
    fake.wait_handled()
    clock.now += 29 * 60
    an.say("thế còn ở xã?")
    until(lambda: len(post.asking.questions) == 3)
    assert QUESTION in post.asking.questions[-1].previous
    fake.wait_handled()
    clock.now += 31 * 60
    until(lambda: not "".join(held(an.private.id)))
    an.say(QUESTION)
    until(lambda: len(post.asking.questions) == 4)
    assert post.asking.questions[-1].previous == ()


def test_a_tip_that_is_being_written_and_an_undelivered_word_keep_what_they_need():
    clock = Seconds()
    rooms = Rooms(seconds=clock)
    writing, waiting, idle = rooms.of(1), rooms.of(2), rooms.of(3)
    waiting.unsaid.append("received")
    for room in (writing, waiting, idle):
        room.typed(7, STORY)
        room.asked(QUESTION)
        room.token(Press(kind="begin", words=STORY))
    clock.now += 3 * 60 * 60
    rooms.sweep(lambda room: room is writing)
    assert [room.holds_words for room in (writing, waiting, idle)] == [True, True, False]
    clock.now -= 4 * 60 * 60
    rooms.sweep(lambda _: False)
    assert waiting.holds_words
    assert writing.holds_words, "a clock that goes back makes it young"


def test_a_button_that_asks_something_of_ours_still_works():
    rooms = Rooms(seconds=(clock := Seconds()))
    room = rooms.of(1)
    token = room.token(Press(kind="ask", words=QUESTION))
    room.asked(QUESTION)
    clock.now += 31 * 60
    rooms.sweep(lambda _: False)
    assert room.presses[token].words == QUESTION
    assert not room.previous
