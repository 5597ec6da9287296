"""What a chat's room still holds of what was typed: by a clock that is set by hand."""

from __future__ import annotations

import gc
from functools import partial

import pytest

from bot.channels.telegram.chats import Press, Room, Rooms
from bot.channels.telegram.speaking import Unsaid
from bot.drafts import Drafts
from prompts.catalog import text
from tests.bot.channels.telegram.sending import STORY, sent_tip, to_ready
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


def rooms_of(chat):
    """The room of *chat*, wherever it is held."""
    return [found for found in gc.get_objects() if isinstance(found, Room) and found.chat == chat]


def words_in(room):
    """Every word that was typed and *room* holds."""
    pressed = [press.words for press in room.presses.values() if press.kind != "ask"]
    return [word for word in (*room.edited.values(), *room.previous, *pressed) if word]


def held(chat):
    """Every word that the room of *chat* holds."""
    return [word for room in rooms_of(chat) for word in words_in(room)]


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
def test_of_a_question_that_became_a_tip_no_word_stays(fake):
    an = fake.person("An")
    an.say(TOLD)
    answer = fake.wait_for("chưa đến công an", an.private)
    an.press(answer, text("telegram.report_these_words"))
    ready = to_ready(fake, an, fake.wait_for(offering(text("tip.summary_go_on")), an.private))
    an.press(ready, text("tip.ready_send"))
    fake.wait_for("Đã nhận tin", an.private)
    fake.wait_handled()
    assert not held(an.private.id)


@pytest.mark.usefixtures("post")
def test_who_was_never_told_what_became_of_a_tip_is_told_where_to_look(fake):
    an = fake.person("An")
    sent_tip(fake, an)
    fake.wait_handled()
    for room in rooms_of(an.private.id):
        room.unsaid.append(Unsaid(messages=("Số tin: BA-7F3K-2M9Q",)))
        room.forget_unsaid()
        assert room.unsaid == []
    an.say(QUESTION)
    fake.wait_for(text("tip.draft_gone_sending")[:60], an.private)
    assert not [message for message in an.private.messages if "BA-7F3K-2M9Q" in message.text]


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


def test_a_tip_that_is_being_written_keeps_its_words_and_an_undelivered_word_does_not():
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
    assert [bool(words_in(room)) for room in (writing, waiting, idle)] == [True, False, False]
    assert [room.owes_word for room in (writing, waiting, idle)] == [False, True, False]
    assert waiting.unsaid == []
    assert waiting.touched == idle.touched == float("-inf"), "when they wrote is told by nothing"
    clock.now -= 4 * 60 * 60
    rooms.sweep(lambda _: False)
    assert words_in(writing), "a clock that goes back makes it young"


def test_a_button_that_asks_something_of_ours_still_works():
    rooms = Rooms(seconds=(clock := Seconds()))
    room = rooms.of(1)
    token = room.token(Press(kind="ask", words=QUESTION))
    room.asked(QUESTION)
    clock.now += 31 * 60
    rooms.sweep(lambda _: False)
    assert room.presses[token].words == QUESTION
    assert not room.previous
