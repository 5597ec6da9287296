"""Leads an officer through a flow: choices, the question for their words, the last look, the result."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.desk.rights import Action
from bot.desk.telegram import flows as codes
from bot.desk.telegram.doing import AFTER_FLOW
from bot.desk.telegram.flows import QUESTIONS_KNOWN, choices_of
from bot.telegram.errors import TelegramRefused
from bot.telegram.model import Button
from bot.telegram.text import escape, pieces
from tips.errors import ActionRefused, TipError

if TYPE_CHECKING:
    from bot.desk.telegram.flows import Flow, Flows
    from bot.desk.telegram.ground import Ground
    from bot.desk.telegram.lane import Lane
    from bot.desk.views import Seat

_ON_A_PAGE: Final = 10


class Walk:
    """Shows the steps of flows. Everything is sent through the group's lane."""

    def __init__(self, ground: Ground, *, flows: Flows) -> None:
        self._telegram = ground.telegram
        self._desk = ground.desk
        self._records = ground.records
        self._flows = flows
        self._now = ground.now
        self._wording = ground.wording
        self._kept = timedelta(minutes=max(ground.settings.open_minutes, ground.settings.flow_minutes))

    async def go_on(self, flow: Flow, seat: Seat, lane: Lane) -> None:
        """
        Show the next step, or do it where there is none left.

        Raises:
            TipError: It was not done.
        """
        script, flow.moved = flow.script, self._now()
        if script.chooses and not flow.choices:
            flow.choices = choices_of(flow.action, flow.unit, self._wording())
            self._show(flow, lane, self._title(flow), self._choices(flow))
        elif script.may_skip and flow.words is None and not flow.waits_for and not flow.has_skipped:
            self._show(flow, lane, self._wording().say("close_words"), self._skip_or_write(flow))
        elif script.writes and flow.words is None and not flow.has_skipped:
            self.ask(flow, seat, lane)
        elif script.looks and not flow.is_looking:
            await self._look(flow, seat, lane)
        else:
            await self._finish(flow, seat, lane)

    def ask(self, flow: Flow, seat: Seat, lane: Lane) -> None:
        """Ask for the officer's words: their next reply to this message, and nothing else they write."""
        wording = self._wording()
        name = f'<a href="tg://user?id={flow.member}">{escape(seat.officer.name)}</a>'
        seen = wording.words.say("seen_by_tipster" if flow.script.is_seen else "unseen_by_tipster")
        words = f"{name}: {escape(wording.say(f'prompt_{flow.action}'))}\n<b>{escape(seen)}</b>"
        placeholder = wording.say(f"placeholder_{flow.action}")

        async def send(chat: int) -> None:
            flow.waits_for = await self._telegram.send(
                chat, words, topic=flow.topic, replies_to=flow.card, asks=placeholder
            )
            await self._note(flow, flow.waits_for)
            until = self._now() + QUESTIONS_KNOWN
            await asyncio.to_thread(
                self._records.note_question, chat, flow.waits_for, seat.officer.id, until=until
            )

        flow.words, flow.waits_for, flow.is_looking = None, 0, False
        flow.turn, flow.moved = flow.turn + 1, self._now()
        shown, flow.shown = flow.shown, []  # their own words stay, to be copied from
        self._delete(shown, lane)
        lane.answer(send)

    def turn(self, flow: Flow, lane: Lane, message: int, page: int) -> None:
        """Show another page of the choices."""
        flow.moved = self._now()
        flow.page = min(page, max(0, len(flow.choices) - 1) // _ON_A_PAGE)
        buttons = self._choices(flow)
        lane.answer(lambda chat: self._telegram.edit_buttons(chat, message, buttons))

    def sweep(self, flow: Flow, lane: Lane, words: str = "") -> None:
        """Take away what the flow has shown, and say how it ended, if *words* say so."""
        shown, flow.shown, flow.written = [*flow.shown, *flow.written], [], []
        self._delete(shown, lane)
        if words:
            lane.answer(
                lambda chat: self._telegram.send(chat, escape(words), topic=flow.topic, is_quiet=True)
            )

    def _delete(self, messages: list[int], lane: Lane) -> None:
        async def delete(chat: int) -> None:
            try:
                await self._telegram.delete(chat, messages)
            except TelegramRefused:  # what stays is noted, and goes with the minutes
                return

        if messages:
            lane.answer(delete)

    async def _finish(self, flow: Flow, seat: Seat, lane: Lane) -> None:
        if not self._flows.end(flow):  # pressed twice: the first press did it
            return
        act, wording = AFTER_FLOW[flow.action], self._wording()
        try:
            await asyncio.to_thread(act, self._desk, seat, flow.tip_id, flow.choice, flow.words or "")
        except ActionRefused:
            self._flows.take_up(flow)
            raise
        except TipError:
            # Whether it left cannot be told: sent again it might come twice. The officer has to look.
            self.sweep(flow, lane, wording.say("perhaps_done"))
            raise
        done = wording.say("done_by", officer=seat.officer.name, done=wording.words.did(flow.action))
        self.sweep(flow, lane, done)

    async def _look(self, flow: Flow, seat: Seat, lane: Lane) -> None:
        """Show what is about to be done, word by word."""
        wording = self._wording()
        say = wording.words.say
        told = await self._told(flow, seat)
        seen = say("will_be_seen" if flow.script.is_seen else "will_not_be_seen")
        quoted = "\n".join(line for part in told if part for line in escape(part).splitlines())
        parts = pieces(
            f"<b>{escape(say(f'{flow.action}_ask_sure'))}</b>\n{escape(seen)}:\n\n{quoted}"
            f"\n\n<i>{escape(say('no_way_back'))}</i>"
        )
        buttons = [Button(label=say(f"{flow.action}_sure"), pressed=flow.pressed(codes.SEND), row=1)]
        if flow.script.writes:
            again = wording.say("button_again")
            buttons.append(Button(label=again, pressed=flow.pressed(codes.AGAIN), row=1))
        buttons.append(self._stop(flow))
        flow.is_looking, flow.waits_for = True, 0
        for part in parts[:-1]:
            self._show(flow, lane, part, ())
        self._show(flow, lane, parts[-1], tuple(buttons))

    async def _told(self, flow: Flow, seat: Seat) -> list[str]:
        words, written = self._wording().words, flow.words or ""
        if flow.action is Action.CLOSE:
            return [words.public_end(flow.choice), written]
        if flow.action is Action.TRANSFER:
            return [words.say("told_transferred", unit=words.unit(flow.choice)), written]
        if flow.action in {Action.RECUSE, Action.MUTE}:
            return [words.say("told_recused" if flow.action is Action.RECUSE else "mute_hint")]
        if flow.action is Action.MERGE:
            into = await asyncio.to_thread(self._desk.find, seat, written)
            other = await asyncio.to_thread(self._desk.card, seat, into)
            return [words.say("told_merged", tip=other.reference)]
        return [written]

    def _show(self, flow: Flow, lane: Lane, markup: str, buttons: tuple[Button, ...]) -> None:
        async def send(chat: int) -> None:
            message = await self._telegram.send(
                chat,
                markup,
                topic=flow.topic,
                buttons=buttons,
                is_protected=True,
                is_quiet=True,
                replies_to=0 if flow.topic else flow.card,
            )
            await self._note(flow, message)

        lane.answer(send)

    async def _note(self, flow: Flow, message: int) -> None:
        """Whatever becomes of the flow, its messages do not stay."""
        flow.shown.append(message)
        due = self._now() + self._kept
        await asyncio.to_thread(
            self._records.ask_for, flow.chat, "delete", flow.tip_id, str(message), due=due
        )

    def _title(self, flow: Flow) -> str:
        return f"<b>{escape(self._wording().say(f'choose_{flow.action}'))}</b>"

    def _choices(self, flow: Flow) -> tuple[Button, ...]:
        wording = self._wording()
        start = flow.page * _ON_A_PAGE
        shown = list(enumerate(flow.choices))[start : start + _ON_A_PAGE]
        buttons = [Button(label=label, pressed=flow.pressed(str(place))) for place, (_, label) in shown]
        pages = []
        if flow.page:
            pages.append(("button_before", flow.page - 1))
        if start + _ON_A_PAGE < len(flow.choices):
            pages.append(("button_after", flow.page + 1))
        buttons += [
            Button(label=wording.say(key), pressed=flow.pressed(f"{codes.PAGE}{page}"), row=98)
            for key, page in pages
        ]
        return (*buttons, self._stop(flow))

    def _skip_or_write(self, flow: Flow) -> tuple[Button, ...]:
        say = self._wording().say
        return (
            Button(label=say("button_write"), pressed=flow.pressed(codes.WRITE), row=1),
            Button(label=say("button_skip"), pressed=flow.pressed(codes.SKIP), row=1),
            self._stop(flow),
        )

    def _stop(self, flow: Flow) -> Button:
        return Button(label=self._wording().say("button_stop"), pressed=flow.pressed(codes.STOP), row=99)
