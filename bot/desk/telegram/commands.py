"""The commands of an admin chat: the queue, finding, statistics, help."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.desk.chart import draw_statistics
from bot.desk.rights import Relation
from bot.desk.telegram.errands import link_of
from bot.desk.telegram.periods import NoPeriod, period_of
from bot.desk.telegram.searching import queries_for
from bot.desk.telegram.tables import chart_words, statistics_table
from bot.desk.views import CardQuery
from bot.telegram.model import Upload
from bot.telegram.text import escape, pieces
from prompts.catalog import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.telegram.gaps import GapTalk
    from bot.desk.telegram.ground import Ground
    from bot.desk.telegram.lane import Lane
    from bot.desk.views import CardView, Seat
    from bot.telegram.model import Arrived

_OPEN = CardQuery(closed=False)


class Commands:
    """Answers commands."""

    def __init__(self, ground: Ground, gaps: GapTalk | None = None) -> None:
        self._telegram = ground.telegram
        self._desk = ground.desk
        self._records = ground.records
        self._wording = ground.wording
        self._settings = ground.settings
        self._gaps = gaps

    async def answer(self, command: str, argument: str, arrived: Arrived, seat: Seat, lane: Lane) -> None:
        """
        Answer one of `messages.COMMANDS`.

        Raises:
            ActionRefused: The officer may not, or the unit is locked.
        """
        if command == "queue":
            await self._queue(arrived, seat, lane)
        elif command == "find":
            await self._find(argument, arrived, seat, lane)
        elif command in {"gaps", "answer"}:
            await self._about_gaps(command, argument, arrived, seat, lane)
        elif command == "statistics":
            await self._statistics(argument, arrived, seat, lane)
        else:
            self._send(self._wording().say("help"), arrived, lane)

    async def _about_gaps(
        self, command: str, argument: str, arrived: Arrived, seat: Seat, lane: Lane
    ) -> None:
        if self._gaps is None:
            self._send(escape(text("gaps.chat_off", self._wording().language)), arrived, lane)
        elif command == "gaps":
            await self._gaps.show_list(arrived, seat, lane)
        else:
            await self._gaps.begin(argument, arrived, seat, lane)

    async def _queue(self, arrived: Arrived, seat: Seat, lane: Lane) -> None:
        cards = await asyncio.to_thread(self._desk.cards, seat, _OPEN)
        title = "queue" if cards else "queue_empty"
        await self._list(self._wording().say(title, count=len(cards)), cards, arrived, lane)

    async def _find(self, argument: str, arrived: Arrived, seat: Seat, lane: Lane) -> None:
        wording = self._wording()
        if not argument:
            self._send(escape(wording.say("find_how")), arrived, lane)
            return
        found: dict[str, CardView] = {}
        for query in queries_for(argument, wording):
            cards = await asyncio.to_thread(self._desk.cards, seat, query)
            found.update({card.tip_id: card for card in cards})
        title = "found" if found else "found_nothing"
        await self._list(wording.say(title, count=len(found)), list(found.values()), arrived, lane)

    async def _list(self, title: str, cards: Sequence[CardView], arrived: Arrived, lane: Lane) -> None:
        wording = self._wording()
        posts = await asyncio.to_thread(self._records.posts, arrived.chat)
        shown = [card for card in cards if card.relation is not Relation.FORMER][: self._settings.listed]
        shown += [card for card in cards if card.relation is Relation.FORMER][
            : self._settings.listed - len(shown)
        ]
        lines = [f"<b>{escape(title)}</b>"]
        lines += [wording.row(card, link_of(arrived.chat, posts.get(card.tip_id))) for card in shown]
        if len(cards) > len(shown):
            lines.append(escape(wording.say("more_listed", count=len(cards) - len(shown))))
        self._send("\n".join(lines), arrived, lane)

    async def _statistics(self, argument: str, arrived: Arrived, seat: Seat, lane: Lane) -> None:
        wording = self._wording()
        try:
            first, last = period_of(argument, wording.today)
        except NoPeriod:
            self._send(escape(wording.say("period_how")), arrived, lane)
            return
        counted = await asyncio.to_thread(self._desk.statistics, seat, first, last)
        picture = await asyncio.to_thread(draw_statistics, counted, chart_words(counted, wording))
        file = Upload(content=picture, name="thong-ke.png", media_type="image/png")
        lane.answer(lambda chat: self._telegram.upload(chat, file, topic=arrived.topic))
        self._send(statistics_table(counted, wording), arrived, lane)

    def _send(self, markup: str, arrived: Arrived, lane: Lane) -> None:
        for part in pieces(markup):
            self._send_part(part, arrived, lane)

    def _send_part(self, part: str, arrived: Arrived, lane: Lane) -> None:
        lane.answer(lambda chat: self._telegram.send(chat, part, topic=arrived.topic, is_quiet=True))
