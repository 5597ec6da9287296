"""
What is written in an admin chat: commands, and replies to a question of ours, alive or over.

Everything else is officers' talk among themselves: not answered, not kept, not logged.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.desk.telegram.buttons import WHO_AM_I
from bot.desk.telegram.doors import NotAdmitted
from bot.telegram.model import Button
from bot.telegram.text import escape
from tips.errors import TipError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.telegram.commands import Commands
    from bot.desk.telegram.doors import Doors
    from bot.desk.telegram.flows import Flow, Flows
    from bot.desk.telegram.gaps import GapTalk
    from bot.desk.telegram.ground import Ground
    from bot.desk.telegram.lane import Lane
    from bot.desk.telegram.presses import Presses
    from bot.desk.telegram.walking import Walk
    from bot.telegram.model import Arrived

COMMANDS: Final[Mapping[str, str]] = {
    "hangdoi": "queue",
    "queue": "queue",
    "thongke": "statistics",
    "stats": "statistics",
    "tim": "find",
    "find": "find",
    "hoidap": "gaps",
    "gaps": "gaps",
    "traloi": "answer",
    "answer": "answer",
    "trogiup": "help",
    "help": "help",
    "start": "help",
}


class Messages:
    """Reads what officers write to us."""

    def __init__(  # noqa: PLR0913 - its neighbours
        self,
        ground: Ground,
        *,
        doors: Doors,
        flows: Flows,
        walk: Walk,
        presses: Presses,
        commands: Commands,
        gaps: GapTalk | None = None,
    ) -> None:
        self._telegram = ground.telegram
        self._records = ground.records
        self._doors = doors
        self._flows = flows
        self._walk = walk
        self._presses = presses
        self._commands = commands
        self._gaps = gaps
        self._wording = ground.wording

    async def handle(self, arrived: Arrived, unit: str, lane: Lane) -> None:
        """
        Answer a command, or take in the words that were asked for.

        Raises:
            TelegramAway, TooFast: Nobody could be let in; nothing was done.
        """
        command, argument = command_of(arrived.text) if arrived.is_to_us else ("", "")
        flow = None if command else self._flows.asked_by(arrived.chat, arrived.replies_to)
        writes = not command and self._gaps is not None and self._gaps.waits_for(arrived)
        if not command and not writes and (flow is None or flow.member != arrived.sender):
            if flow is None:
                await self._tell_over(arrived, unit, lane)
            return
        try:
            seat = await self._doors.seat(arrived, unit, is_fresh=flow is not None or writes)
            if self._gaps is not None and writes:
                await self._gaps.take_words(arrived, seat, lane)
            elif flow is None:
                await self._commands.answer(command, argument, arrived, seat, lane)
            else:
                await self._take_words(arrived, flow, lane)
        except NotAdmitted as refused:
            self._turn_away(arrived, refused.reason, lane)
        except TipError as error:
            self._say(arrived, lane, self._wording().fault(error))

    async def _tell_over(self, arrived: Arrived, unit: str, lane: Lane) -> None:
        """Whoever replies to what we asked them waits for us; anybody else's reply to it is talk."""
        if not arrived.replies_to:
            return
        asked = await asyncio.to_thread(self._records.asked_whom, arrived.chat, arrived.replies_to)
        if not asked:
            return
        try:
            seat = await self._doors.seat(arrived, unit, is_fresh=False)
        except NotAdmitted:
            return
        if seat.officer.id == asked:
            self._say(arrived, lane, self._wording().say("question_over"))

    async def _take_words(self, arrived: Arrived, flow: Flow, lane: Lane) -> None:
        if arrived.attachments or not arrived.text.strip():
            self._say(arrived, lane, self._wording().say("words_only"))
            return
        seat = await self._doors.seat(arrived, flow.unit, is_fresh=False)
        flow.words = arrived.text
        flow.written.append(arrived.message)  # goes with ours: what it quotes of a tip does not stay
        await self._walk.go_on(flow, seat, lane)
        if not flow.script.looks:
            await self._presses.changed(flow.chat, flow.tip_id, lane)

    def _turn_away(self, arrived: Arrived, reason: str, lane: Lane) -> None:
        """Their own number is theirs alone to see: it is in the answer to the button."""
        if reason == "absent":
            return
        wording = self._wording()
        me = Button(label=wording.say("button_me"), pressed=WHO_AM_I)
        buttons = (me,) if reason == "unlisted" else ()
        words = escape(wording.say(f"turned_away_{reason}"))
        lane.answer(
            lambda chat: self._telegram.send(
                chat, words, topic=arrived.topic, replies_to=arrived.message, buttons=buttons
            )
        )

    def _say(self, arrived: Arrived, lane: Lane, words: str) -> None:
        lane.answer(
            lambda chat: self._telegram.send(
                chat, escape(words), topic=arrived.topic, replies_to=arrived.message, is_quiet=True
            )
        )


def command_of(written: str) -> tuple[str, str]:
    """The command that *written* begins with, and the rest; "" if it is none of ours."""
    if not written.startswith("/"):
        return "", ""
    head, _, rest = written[1:].partition(" ")
    name = head.partition("\n")[0].partition("@")[0].lower()
    return COMMANDS.get(name, ""), rest.strip()
