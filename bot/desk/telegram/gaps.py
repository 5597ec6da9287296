"""
Questions without an answer in an admin chat: the list, and answering one of them step by step.

`/traloi 1` asks for the answer, its sources, a topic, and shows it once more; only replies to our own
questions are read. A writing lives in memory for some minutes after each step, is its editor's own, and is
named by a random handle; a restart forgets it, and nothing was published then.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.desk.telegram.flows import QUESTIONS_KNOWN
from bot.gaps_guides import TEXT_LIMIT, has_enough
from bot.telegram.model import Button
from bot.telegram.text import escape, from_markdown, pieces
from ingest.guides import TOPICS
from knowledge.gaps.model import first_day_of
from knowledge.model import Audience
from prompts.catalog import text
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.gaps import Draft, GapDesk, GapList
    from bot.desk.telegram.ground import Ground
    from bot.desk.telegram.lane import Lane
    from bot.desk.telegram.wording import Wording
    from bot.desk.views import Seat
    from bot.telegram.model import Arrived

_PREFIX: Final = "g:"
_LISTED: Final = 10  # groups of questions in one message
_HANDLE_BYTES: Final = 9
_AT_ONCE: Final = 100  # writings of all editors together
_PUBLISH, _STOP, _TOPIC = "publish", "stop", "t"


@dataclass(slots=True, kw_only=True)
class _Writing:
    """One editor on the way to an answer."""

    handle: str
    chat: int
    topic: int
    member: int
    officer: str
    unit: str
    key: str
    draft: Draft
    moved: datetime  # when it went on last
    waits_for: int = 0  # the message that the editor's words have to reply to
    shown: list[int] = field(default_factory=list)

    def pressed(self, code: str) -> str:
        """What a button of it carries."""
        return f"{_PREFIX}{self.handle}:{code}"


def gap_list(listed: GapList, wording: Wording) -> str:
    """The list as markup, ten groups at most; the same words as at the web desk."""

    def say(key: str, **fields: object) -> str:
        return escape(text(f"gaps.{key}", wording.language, **fields))

    if not listed.clusters and not listed.waiting:
        return say("chat_none")
    lines = [f"<b>{say('chat_title', week=_week(listed.week, wording))}</b>"] if listed.week else []
    for place, cluster in enumerate(listed.clusters[:_LISTED], 1):
        count = cluster.count_in(listed.week) if listed.week else cluster.count
        asked = text(f"gaps.asked_{'one' if count == 1 else 'many'}", wording.language, count=count)
        is_internal = all(gap.audience is not Audience.PUBLIC for gap in cluster.gaps)
        key = "chat_line_members" if is_internal else "chat_line"
        lines.append(say(key, place=place, text=cluster.wordings[0], asked=asked))
    if len(listed.clusters) > _LISTED:
        lines.append(say("chat_more", count=len(listed.clusters) - _LISTED))
    if listed.waiting:
        lines.append(say("chat_waiting", count=listed.waiting))
    if listed.clusters:
        lines.append(f"\n<i>{say('chat_how')}</i>")
    return "\n".join(lines)


def _week(week: str, wording: Wording) -> str:
    first, words = first_day_of(week), wording.words
    last = first + timedelta(days=6)
    days = {"first": words.day(first), "last": words.day(last)}
    return text("gaps.week", wording.language, number=int(week[6:]), **days)


def _keys_of(listed: GapList) -> tuple[str, ...]:
    return tuple(cluster.id for cluster in listed.clusters[:_LISTED])


def is_gap_press(pressed: str) -> bool:
    """Whether a button belongs to a writing, alive or over."""
    return pressed.startswith(_PREFIX)


class GapTalk:
    """Shows the list and leads editors through an answer. Everything is sent through the group's lane."""

    def __init__(self, ground: Ground, gaps: GapDesk) -> None:
        self._telegram = ground.telegram
        self._records = ground.records
        self._wording = ground.wording
        self._now = ground.now
        self._lives = timedelta(minutes=ground.settings.flow_minutes)
        self._gaps = gaps
        self._listed: dict[int, tuple[str, ...]] = {}  # what stands in the last list of a group: keys
        self._writings: dict[str, _Writing] = {}

    # lists

    async def board(self) -> GapList:
        """
        What Monday's post shows to all.

        Raises:
            ActionRefused: The gaps are out of reach.
        """
        return await asyncio.to_thread(self._gaps.board)

    def remember(self, chat: int, listed: GapList) -> None:
        """That list stands in the group now: its numbers are what /traloi means."""
        self._listed[chat] = _keys_of(listed)

    # commands

    async def show_list(self, arrived: Arrived, seat: Seat, lane: Lane) -> None:
        """Answer /hoidap."""
        listed = await asyncio.to_thread(self._gaps.open_gaps, seat)
        self.remember(lane.chat, listed)
        self._send(arrived.topic, lane, gap_list(listed, self._wording()))

    async def begin(self, argument: str, arrived: Arrived, seat: Seat, lane: Lane) -> None:
        """
        Answer /traloi N.

        Raises:
            ActionRefused: They are no editor, or the question is not open any more.
        """
        keys = self._listed.get(lane.chat) or await self._keys(seat)
        number = int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 4 else 0  # noqa: PLR2004 - digits
        if not 1 <= number <= len(keys):
            self._send(arrived.topic, lane, self._say("chat_which"))
            return
        await asyncio.to_thread(self._gaps.check_editor, seat)
        cluster = await asyncio.to_thread(self._gaps.cluster, seat, keys[number - 1])
        self._tidy()
        writing = _Writing(
            handle=secrets.token_urlsafe(_HANDLE_BYTES),
            chat=lane.chat,
            topic=arrived.topic,
            member=arrived.sender,
            officer=seat.officer.id,
            unit=seat.unit,
            key=cluster.id,
            draft=self._gaps.begin(cluster),
            moved=self._now(),
        )
        self._writings[writing.handle] = writing
        words = self._say("chat_ask_text", text=cluster.wordings[0], limit=TEXT_LIMIT)
        self._ask(writing, lane, words, "chat_placeholder_text")

    # words

    def waits_for(self, arrived: Arrived) -> bool:
        """Whether *arrived* replies to a question of ours that is its sender's own."""
        return self._asked_by(arrived) is not None

    async def take_words(self, arrived: Arrived, seat: Seat, lane: Lane) -> None:
        """
        Take in the answer, its sources, or further wordings.

        Raises:
            ActionRefused: It is no guide as it is, or they are no editor any more.
        """
        writing = self._asked_by(arrived)
        if writing is None:  # over meanwhile
            return
        if arrived.attachments or not arrived.text.strip():
            self._send(writing.topic, lane, self._say("chat_words_only"))
            return
        await asyncio.to_thread(self._gaps.check_editor, seat)
        writing.moved = self._now()
        writing.shown.append(arrived.message)
        if not writing.draft.text:
            words = arrived.text.strip()
            if len(words) > TEXT_LIMIT:
                raise ActionRefused(reason="gap_long")
            writing.draft = replace(writing.draft, text=words)
            self._ask(writing, lane, self._say("chat_ask_source"), "chat_placeholder_source")
            return
        lines = tuple(
            dict.fromkeys(" ".join(line.split()) for line in arrived.text.splitlines() if line.strip())
        )
        if not writing.draft.sources:
            writing.draft = replace(writing.draft, sources=lines)
        else:
            writing.draft = replace(writing.draft, questions=(*writing.draft.questions, *lines))
        if not has_enough(writing.draft.heading, writing.draft.questions):
            self._ask(writing, lane, self._say("chat_ask_questions"), "chat_placeholder_questions")
            return
        writing.waits_for = 0
        self._show(writing, lane, f"<b>{self._say('chat_topic')}</b>", self._topics(writing))

    # presses

    async def press(self, arrived: Arrived, seat: Seat, lane: Lane) -> tuple[str, bool]:
        """
        Do what a button of a writing says; what to tell, and whether in a window.

        Raises:
            ActionRefused: It is no guide, or may not be published by them.
        """
        self._tidy()
        handle, _, code = arrived.pressed.removeprefix(_PREFIX).partition(":")
        writing = self._writings.get(handle)
        if writing is None or (writing.chat, writing.unit) != (lane.chat, seat.unit):
            return self._plain("chat_over"), True
        if writing.member != arrived.sender:
            return self._plain("chat_not_yours"), True
        if code == _STOP:
            self._end(writing, lane, "")
            return self._plain("chat_stopped"), False
        writing.moved = self._now()
        await asyncio.to_thread(self._gaps.check_editor, seat)
        if code.startswith(_TOPIC) and code.removeprefix(_TOPIC) in TOPICS:
            writing.draft = replace(writing.draft, topic=code.removeprefix(_TOPIC))
            await self._preview(writing, seat, lane)
        elif code == _PUBLISH and writing.draft.topic:
            await self._publish(writing, seat, lane)
        return "", False

    async def _publish(self, writing: _Writing, seat: Seat, lane: Lane) -> None:
        if self._writings.pop(writing.handle, None) is None:  # pressed twice: the first press did it
            return
        try:
            await asyncio.to_thread(self._gaps.write, seat, writing.key, writing.draft)
        except ActionRefused:
            self._writings[writing.handle] = writing  # what was typed shall not be lost
            raise
        done = self._say("chat_done", officer=seat.officer.name, heading=writing.draft.heading)
        self._end(writing, lane, done)

    # within

    async def _keys(self, seat: Seat) -> tuple[str, ...]:
        listed = await asyncio.to_thread(self._gaps.open_gaps, seat)
        return _keys_of(listed)

    async def _preview(self, writing: _Writing, seat: Seat, lane: Lane) -> None:
        preview = await asyncio.to_thread(self._gaps.preview, seat, writing.draft, writing.key)
        guide, wording = preview.guide, self._wording()
        topic, audience = f"topic_{writing.draft.topic}", f"audience_{writing.draft.audience}"
        day = self._say("preview_as_of", day=wording.words.day(preview.written.as_of))
        source = f"<i>{escape(guide.meta.title)} · {escape(guide.passages[0].heading)} · {day}</i>"
        foot = self._say("chat_preview_foot", topic=self._plain(topic), audience=self._plain(audience))
        warnings = "\n".join(f"⚠️ {self._say(warning)}" for warning in preview.warnings)
        parts = (
            f"<b>{self._say('chat_preview')}</b>",
            from_markdown(writing.draft.text),
            source,
            "\n".join(f"• {escape(line)}" for line in writing.draft.sources),
            warnings,
            f"<i>{foot}</i>",
        )
        buttons = (
            Button(label=self._plain("chat_publish"), pressed=writing.pressed(_PUBLISH), row=1),
            Button(label=self._plain("chat_stop"), pressed=writing.pressed(_STOP), row=1),
        )
        whole = pieces("\n\n".join(part for part in parts if part))
        for part in whole[:-1]:
            self._show(writing, lane, part, ())
        self._show(writing, lane, whole[-1], buttons)

    def _topics(self, writing: _Writing) -> tuple[Button, ...]:
        named = sorted((self._plain(f"topic_{topic}"), topic) for topic in TOPICS)
        buttons = [
            Button(label=label, pressed=writing.pressed(f"{_TOPIC}{topic}"), row=place // 2)
            for place, (label, topic) in enumerate(named)
        ]
        return (*buttons, Button(label=self._plain("chat_stop"), pressed=writing.pressed(_STOP), row=99))

    def _ask(self, writing: _Writing, lane: Lane, words: str, placeholder: str) -> None:
        async def send(chat: int) -> None:
            writing.waits_for = await self._telegram.send(
                chat, words, topic=writing.topic, asks=self._plain(placeholder)
            )
            writing.shown.append(writing.waits_for)
            until = self._now() + QUESTIONS_KNOWN
            await asyncio.to_thread(
                self._records.note_question, chat, writing.waits_for, writing.officer, until=until
            )

        writing.waits_for = 0
        lane.answer(send)

    def _show(self, writing: _Writing, lane: Lane, markup: str, buttons: tuple[Button, ...]) -> None:
        async def send(chat: int) -> None:
            message = await self._telegram.send(
                chat, markup, topic=writing.topic, buttons=buttons, is_quiet=True
            )
            writing.shown.append(message)

        lane.answer(send)

    def _end(self, writing: _Writing, lane: Lane, words: str) -> None:
        """Take away our questions and the typed words, and say how it ended, if *words* say so."""
        self._writings.pop(writing.handle, None)
        shown = [message for message in writing.shown if message]
        if shown:
            lane.answer(lambda chat: self._telegram.delete(chat, shown))
        if words:
            self._send(writing.topic, lane, words)

    def _send(self, topic: int, lane: Lane, markup: str) -> None:
        for part in pieces(markup):
            self._send_part(topic, lane, part)

    def _send_part(self, topic: int, lane: Lane, part: str) -> None:
        lane.answer(lambda chat: self._telegram.send(chat, part, topic=topic, is_quiet=True))

    def _asked_by(self, arrived: Arrived) -> _Writing | None:
        self._tidy()
        if not arrived.replies_to:
            return None
        asked = (arrived.chat, arrived.replies_to, arrived.sender)
        return next(
            (one for one in self._writings.values() if (one.chat, one.waits_for, one.member) == asked), None
        )

    def _tidy(self) -> None:
        oldest = self._now() - self._lives
        for handle, writing in list(self._writings.items()):
            if writing.moved < oldest:
                del self._writings[handle]
        while len(self._writings) >= _AT_ONCE:
            del self._writings[next(iter(self._writings))]

    def _plain(self, key: str, **fields: object) -> str:
        return text(f"gaps.{key}", self._wording().language, **fields)

    def _say(self, key: str, **fields: object) -> str:
        return escape(self._plain(key, **fields))
