"""Questions without an answer in an admin chat: the list, an answer step by step, Monday's post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.gaps import GapDesk
from bot.desk.telegram.desk import TelegramDesk
from bot.desk.telegram.settings import ChatSettings
from knowledge.gaps.model import Note, Reason, week_of
from knowledge.gaps.store import GapStore
from knowledge.model import Audience
from prompts.catalog import text
from tests.bot.desk.gap_station import DOG, DOGS, NOISE, editors_of
from tests.bot.desk.station import A
from tests.bot.desk.telegram.room import CHAT_BOOK, Room, account

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.desk.desk import Desk
    from tests.fakes.telegram_port import Shown

ANSWER = "Phạt tiền. Gọi **113** nếu chó đang cắn người."
EDITOR = account(role="supervisor")


def say(key: str, **fields: object) -> str:
    return text(f"gaps.{key}", "vi", **fields)


class GapRoom(Room):
    """A room whose desk has the gap loop."""

    def __init__(self, folder: Path, keys: Path, *, settings: ChatSettings | None = None) -> None:
        self.store = GapStore.open_file(folder / "gaps" / "gaps.sqlite3")
        super().__init__(folder, keys, book=editors_of(CHAT_BOOK), settings=settings)

    def _desk(self, desk: Desk) -> TelegramDesk:
        station = self.station
        self.gaps = GapDesk(desk, self.store, station.book, now=station.clock, shown_from=1)
        return TelegramDesk(
            telegram=self.telegram,
            desk=desk,
            chats=station.records.chats(),
            book=station.book,
            now=station.clock,
            settings=self.settings,
            gaps=self.gaps,
        )

    def ask(self, *texts: str, audience: Audience = Audience.PUBLIC) -> None:
        notes = [Note(text=text, audience=audience, reason=Reason.REFUSED) for text in texts]
        self.store.add(notes, week_of(self.station.clock()))

    def close(self) -> None:
        self.store.close()
        super().close()

    def reply(self, words: str, *, by: int = EDITOR) -> Shown:
        """Answer the newest message of ours; gives the one that follows."""
        self.say(words, to=self.last(), by=by)
        return self.last()


@pytest.fixture
def chat(tmp_path: Path, station_keys: Path) -> Iterator[GapRoom]:
    opened = GapRoom(tmp_path, station_keys)
    opened.ask(*DOGS, NOISE)
    yield opened
    opened.close()


def test_the_list_is_one_message_with_alike_questions_together(chat: GapRoom) -> None:
    chat.say("/hoidap")
    lines = chat.last().words.splitlines()
    assert lines[0].startswith("Bà con hỏi mà chưa có trả lời")
    assert lines[1].startswith("1. ")
    assert say("asked_many", count=3) in lines[1]
    assert lines[2] == f"2. {NOISE} ({say('asked_one')})"


def test_an_editor_answers_in_the_chat(chat: GapRoom) -> None:
    chat.say("/hoidap", by=EDITOR)
    chat.say("/traloi 1", by=EDITOR)
    assert "Anh chị trả lời tin nhắn này" in chat.last().words
    assert say("chat_ask_source") == chat.reply(ANSWER).words
    topics = chat.reply("Nghị định 90/2017/NĐ-CP, Điều 7")
    chat.press(topics, say("topic_hoa-giai"), by=EDITOR)
    preview = chat.last()
    assert "Giải đáp của Chỉ huy, Phường A" in preview.words
    assert "<b>113</b>" in preview.html
    chat.press(preview, say("chat_publish"), by=EDITOR)
    (answered,) = chat.gaps.answers(chat.station.seat())
    assert answered.latest.written.text == ANSWER
    assert answered.latest.officer == f"{A}-chi-huy"
    assert "đã viết trả lời" in chat.last().words
    left = "\n".join(shown.words for shown in chat.group().messages.values())
    assert say("chat_ask_source") not in left
    assert DOG not in left or "đã viết" in left


def test_who_is_no_editor_is_told_so(chat: GapRoom) -> None:
    chat.say("/traloi 1")
    assert chat.last().words == text("desk.refused_not_editor", "vi")
    assert chat.gaps.answers(chat.station.seat()) == []


def test_another_officer_neither_writes_nor_presses_in_it(chat: GapRoom) -> None:
    chat.say("/traloi 1", by=EDITOR)
    question = chat.last()
    chat.say(ANSWER, to=question)
    assert chat.last() == question
    chat.reply(ANSWER)
    topics = chat.reply("Nghị định 90/2017/NĐ-CP")
    assert chat.press(topics, say("topic_hoa-giai")) == say("chat_not_yours")


def test_stopped_or_too_old_nothing_is_published(chat: GapRoom) -> None:
    chat.say("/traloi 1", by=EDITOR)
    chat.reply(ANSWER)
    topics = chat.reply("Nghị định 90/2017/NĐ-CP")
    assert chat.press(topics, say("chat_stop"), by=EDITOR) == say("chat_stopped")
    chat.say("/traloi 1", by=EDITOR)
    question = chat.last()
    chat.station.clock.move(minutes=16)
    chat.say(ANSWER, to=question, by=EDITOR)
    assert chat.gaps.answers(chat.station.seat()) == []


@pytest.mark.parametrize("end", ["restart", "minutes"])
def test_a_reply_to_a_question_that_is_over_is_told_so(chat: GapRoom, end: str) -> None:
    chat.say("/traloi 1", by=EDITOR)
    question = chat.last()
    if end == "restart":
        chat.restart()
    else:
        chat.station.clock.move(minutes=15.5)
    chat.say(ANSWER, to=question)
    assert chat.last() == question, "a colleague's words are talk"
    chat.say(ANSWER, to=question, by=EDITOR)
    assert chat.last().words == text("desktg.question_over", "vi")
    assert chat.gaps.answers(chat.station.seat()) == []


def test_each_step_of_an_answer_takes_its_own_minutes(chat: GapRoom) -> None:
    chat.say("/traloi 1", by=EDITOR)
    for words in (ANSWER, "Nghị định 90/2017/NĐ-CP"):
        chat.station.clock.move(minutes=13)
        chat.reply(words)
    chat.station.clock.move(minutes=13)
    chat.press(chat.last(), say("topic_hoa-giai"), by=EDITOR)
    chat.press(chat.last(), say("chat_publish"), by=EDITOR)
    assert len(chat.gaps.answers(chat.station.seat())) == 1


def test_a_question_asked_in_one_way_takes_another_wording(chat: GapRoom) -> None:
    chat.say("/traloi 2", by=EDITOR)
    chat.reply(ANSWER)
    assert chat.reply("Nghị định 90/2017/NĐ-CP").words == say("chat_ask_questions")
    topics = chat.reply("hàng xóm hát kẹo kéo ồn quá thì báo chỗ nào")
    chat.press(topics, say("topic_hoa-giai"), by=EDITOR)
    chat.press(chat.last(), say("chat_publish"), by=EDITOR)
    (answered,) = chat.gaps.answers(chat.station.seat())
    assert answered.latest.written.questions == (NOISE, "hàng xóm hát kẹo kéo ồn quá thì báo chỗ nào")


def test_a_number_that_is_none_is_explained(chat: GapRoom) -> None:
    for typed in ("/traloi", "/traloi 99", "/traloi x"):
        chat.say(typed, by=EDITOR)
        assert chat.last().words == say("chat_which")


def test_mondays_post_brings_last_weeks_list_once(tmp_path: Path, station_keys: Path) -> None:
    for is_on in (True, False):
        room = GapRoom(tmp_path / str(is_on), station_keys, settings=ChatSettings(weekly_gaps=is_on))
        room.ask(NOISE)
        room.settle()
        before = len([shown for shown in room.group().messages.values() if NOISE in shown.words])
        days = (7 - room.station.clock().weekday()) % 7 or 7
        room.station.clock.move(days=days)
        room.settle()
        posted = [shown for shown in room.group().messages.values() if NOISE in shown.words]
        assert len(posted) - before == int(is_on)
        room.settle()
        assert len([shown for shown in room.group().messages.values() if NOISE in shown.words]) == len(posted)
        room.close()


def test_a_number_means_the_list_that_was_posted_last(tmp_path: Path, station_keys: Path) -> None:
    room = GapRoom(tmp_path, station_keys, settings=ChatSettings())
    room.ask(NOISE, NOISE, DOG)
    room.say("/hoidap", by=EDITOR)
    assert f"1. {NOISE}" in room.last().words
    room.station.clock.move(days=(7 - room.station.clock().weekday()) % 7 or 7)
    room.ask(*DOGS)
    room.settle()
    assert "1. " in room.last().words
    assert NOISE not in room.last().words
    room.say("/traloi 1", by=EDITOR)
    assert NOISE not in room.last().words
    assert any(dog in room.last().words for dog in DOGS)
    room.close()


def test_without_the_loop_the_command_says_so(tmp_path: Path, station_keys: Path) -> None:
    room = Room(tmp_path, station_keys)
    room.say("/hoidap")
    assert room.last().words == say("chat_off")
    room.close()
