"""A press in an admin chat: on a card, or on a step of a flow. Every press is answered."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from bot.desk.rights import Action
from bot.desk.telegram import buttons as card_codes
from bot.desk.telegram import flows as codes
from bot.desk.telegram.buttons import action_of, card_buttons
from bot.desk.telegram.doing import AT_ONCE
from bot.desk.telegram.doors import NotAdmitted
from bot.desk.telegram.gaps import is_gap_press
from bot.telegram.errors import TelegramFault
from tips.errors import ActionRefused, TipError

if TYPE_CHECKING:
    from bot.desk.telegram.doors import Doors
    from bot.desk.telegram.flows import Flow, Flows
    from bot.desk.telegram.gaps import GapTalk
    from bot.desk.telegram.ground import Ground
    from bot.desk.telegram.lane import Lane
    from bot.desk.telegram.showing import Showing
    from bot.desk.telegram.walking import Walk
    from bot.desk.views import Seat
    from bot.telegram.model import Arrived

_LOG = logging.getLogger(__name__)

# For these nothing remembered will do: membership is asked of Telegram at the press itself.
_NOTED_S: Final = (0.05, 0.15, 0.4, 1.0)  # between looks for a card that was hung just now
_FRESH: Final = frozenset(
    {Action.OPEN, Action.FILE, Action.ASK, Action.REPLY, Action.TRANSFER, Action.CLOSE, Action.RECUSE}
)


class Presses:
    """Answers presses."""

    def __init__(  # noqa: PLR0913 - its neighbours
        self,
        ground: Ground,
        *,
        doors: Doors,
        flows: Flows,
        walk: Walk,
        showing: Showing,
        gaps: GapTalk | None = None,
    ) -> None:
        self._gaps = gaps
        self._telegram = ground.telegram
        self._desk = ground.desk
        self._records = ground.records
        self._boards = ground.boards
        self._doors = doors
        self._flows = flows
        self._walk = walk
        self._showing = showing
        self._now = ground.now
        self._wording = ground.wording

    async def handle(self, arrived: Arrived, unit: str, lane: Lane) -> None:
        """
        Do what the button says, if whoever pressed may, and tell them how it went.

        Raises:
            TelegramAway, TooFast: Nobody could be let in; nothing was done.
        """
        wording, is_alert = self._wording(), True
        try:
            said, is_alert = await self._press(arrived, unit, lane)
        except NotAdmitted as refused:
            said = wording.say(f"not_admitted_{refused.reason}", account=arrived.sender)
        except TipError as error:
            said = wording.fault(error)
        except TelegramFault:  # it comes again, and is answered then
            raise
        except Exception:
            await self._answer(arrived.press, wording.say("failed"), is_alert=True)
            raise
        await self._answer(arrived.press, said, is_alert=is_alert)

    async def _answer(self, press: str, said: str, *, is_alert: bool) -> None:
        try:
            await self._telegram.answer_press(press, said, is_alert=is_alert)
        except TelegramFault as fault:  # what was done is done, and is not done again for a word
            _LOG.warning("admin chat: no answer to a press, %s", type(fault).__name__)

    async def _press(self, arrived: Arrived, unit: str, lane: Lane) -> tuple[str, bool]:
        """What to say to it, and whether in a window that has to be closed."""
        if arrived.pressed == card_codes.WHO_AM_I:
            seat = await self._doors.seat(arrived, unit, is_fresh=True)
            return self._wording().say("you_are", officer=seat.officer.name), True
        if self._gaps is not None and is_gap_press(arrived.pressed):
            seat = await self._doors.seat(arrived, unit, is_fresh=True)
            return await self._gaps.press(arrived, seat, lane)
        if action_of(arrived.pressed) or arrived.pressed in {card_codes.MORE, card_codes.LESS}:
            return await self._on_card(arrived, unit, lane)
        return await self._in_flow(arrived, unit, lane)

    # cards

    async def _on_card(self, arrived: Arrived, unit: str, lane: Lane) -> tuple[str, bool]:
        action = action_of(arrived.pressed)
        seat = await self._doors.seat(arrived, unit, is_fresh=action in _FRESH)
        tip_id = await self._tip_of(arrived)
        if not tip_id:
            return self._wording().say("stale"), True
        if action is None:
            return await self._fold(arrived, unit, tip_id, lane)
        if reason := await asyncio.to_thread(self._desk.why_not, seat, tip_id, action):
            raise ActionRefused(reason=reason)
        if action is Action.OPEN:
            return await self._open(arrived, seat, tip_id, lane)
        if act := AT_ONCE.get(action):
            await asyncio.to_thread(act, self._desk, seat, tip_id)
            await self.changed(arrived.chat, tip_id, lane)
            return self._wording().words.say(f"{action}_done"), False
        flow = self._flows.begin(
            action,
            chat=arrived.chat,
            member=arrived.sender,
            unit=unit,
            tip_id=tip_id,
            topic=arrived.topic,
            card=arrived.message,
        )
        await self._walk.go_on(flow, seat, lane)
        return "", False

    async def _tip_of(self, arrived: Arrived) -> str:
        """The tip whose card was pressed, "" if it is none: a card can be pressed before we noted it."""
        for wait_s in (*_NOTED_S, None):
            if tip_id := await asyncio.to_thread(self._records.tip_of, arrived.chat, arrived.message):
                return tip_id
            if wait_s is not None:
                await asyncio.sleep(wait_s)
        return ""

    async def _fold(self, arrived: Arrived, unit: str, tip_id: str, lane: Lane) -> tuple[str, bool]:
        """Show all buttons of a card, or the first few."""
        hung = (await self._boards.of(unit)).cards.get(tip_id)
        if hung is None:
            return self._wording().say("stale"), True
        buttons = card_buttons(hung.actions, self._wording(), is_unfolded=arrived.pressed == card_codes.MORE)
        lane.answer(lambda chat: self._telegram.edit_buttons(chat, arrived.message, buttons))
        return "", False

    async def _open(self, arrived: Arrived, seat: Seat, tip_id: str, lane: Lane) -> tuple[str, bool]:
        await asyncio.to_thread(
            self._records.ask_for, arrived.chat, "open", tip_id, seat.officer.id, due=self._now()
        )
        lane.look()
        return self._wording().say("opening", minutes=self._showing.minutes()), False

    async def changed(self, chat: int, tip_id: str, lane: Lane) -> None:
        """Show what was changed at once, and not at the next look."""
        self._boards.forget()
        await asyncio.to_thread(self._records.ask_for, chat, "card", tip_id, due=self._now())
        lane.look()

    # flows

    async def _in_flow(self, arrived: Arrived, unit: str, lane: Lane) -> tuple[str, bool]:
        flow, code = self._flows.named(arrived.pressed)
        if flow is None or (flow.chat, flow.unit) != (arrived.chat, unit):
            await self._doors.seat(arrived, unit, is_fresh=False)
            if not await asyncio.to_thread(self._records.tip_of, arrived.chat, arrived.message):
                # A flow's own message is over; a card keeps its buttons, whatever was forged below it.
                lane.answer(lambda chat: self._telegram.edit_buttons(chat, arrived.message))
            return self._wording().say("stale"), True
        if flow.member != arrived.sender or arrived.is_bot:
            return self._wording().say("not_yours"), True
        seat = await self._doors.seat(arrived, unit, is_fresh=True)
        if code == codes.STOP:
            if self._flows.end(flow):
                self._walk.sweep(flow, lane)
            return self._wording().say("stopped"), False
        if not self._steps(flow, code, arrived, lane, seat):
            return "", False
        await self._walk.go_on(flow, seat, lane)
        if self._flows.is_over(flow):
            await self.changed(flow.chat, flow.tip_id, lane)
            return self._wording().words.say(f"{flow.action}_done"), False
        return "", False

    def _steps(self, flow: Flow, code: str, arrived: Arrived, lane: Lane, seat: Seat) -> bool:
        """Take in what was pressed; whether the flow goes on from there."""
        if code == codes.SEND:
            return flow.is_looking
        if code == codes.AGAIN:
            self._walk.ask(flow, seat, lane)
            return False
        if code in {codes.SKIP, codes.WRITE} and flow.script.may_skip:
            flow.has_skipped = code == codes.SKIP
            if code == codes.WRITE:
                self._walk.ask(flow, seat, lane)
            return flow.has_skipped and not flow.is_looking
        if code.startswith(codes.PAGE) and code.removeprefix(codes.PAGE).isdecimal():
            self._walk.turn(flow, lane, arrived.message, int(code.removeprefix(codes.PAGE)[:4]))
            return False
        if code.isdecimal() and int(code[:4]) < len(flow.choices) and not flow.is_looking:
            flow.choice = flow.choices[int(code[:4])][0]
            return True
        return False
