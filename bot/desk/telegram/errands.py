"""Does what stands in a group's outbox."""

from __future__ import annotations

import asyncio
import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.desk.telegram.gaps import gap_list
from bot.desk.telegram.wording import card_link
from bot.telegram.errors import TelegramRefused
from bot.telegram.text import escape, pieces
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.desk.gaps import GapList
    from bot.desk.records.chats import Errand, Post
    from bot.desk.telegram.gaps import GapTalk
    from bot.desk.telegram.ground import Ground
    from bot.desk.telegram.posting import Cards
    from bot.desk.telegram.showing import Showing
    from bot.desk.views import CardView

_LOG = logging.getLogger(__name__)

_AT_ONCE: Final = 100  # messages deleted with one call
_TRIES: Final = 8
_COUNT_AGAIN: Final = timedelta(seconds=30)
_RANKS: Final[Mapping[str, int]] = {"delete": 0, "asked": 0, "open": 1, "card": 3, "reminder": 4}
_URGENT_CARD, _NEW_CARD = 2, 5


class GroupClerk:
    """The clerk of one unit's group."""

    def __init__(
        self, unit: str, ground: Ground, *, cards: Cards, showing: Showing, gaps: GapTalk | None = None
    ) -> None:
        self._unit = unit
        self._telegram = ground.telegram
        self._records = ground.records
        self._boards = ground.boards
        self._cards = cards
        self._showing = showing
        self._now = ground.now
        self._wording = ground.wording
        self._settings = ground.settings
        self._gaps = gaps
        self._hung: set[str] = set()  # tips that have a card, as far as we know without asking
        self._counted: datetime | None = None

    def rank(self, errand: Errand) -> int:
        """Deletions, then what somebody waits for, then urgent cards, changes, reminders, new cards."""
        if errand.kind != "card":
            return _RANKS[errand.kind]
        board = self._boards.known(self._unit)
        hung = board.cards.get(errand.tip_id) if board else None
        if hung is not None and hung.card.urgent:
            return _URGENT_CARD
        return _RANKS["card"] if errand.tip_id in self._hung else _NEW_CARD

    def cost(self, errand: Errand) -> int:
        """A new card takes a topic too; deleting and forgetting is not writing."""
        if errand.kind in {"delete", "asked"}:
            return 0
        return 2 if errand.kind == "card" and errand.tip_id not in self._hung else 1

    async def do(self, chat: int, errand: Errand) -> int:
        """Do it; see `Clerk`."""
        if errand.kind == "delete":
            return await self._delete(chat)
        if errand.kind == "asked":  # long ago: it is forgotten, as it is done
            return 0
        if errand.kind == "open":
            took = await self._showing.show(chat, self._unit, errand)
            self._boards.forget()  # opened, it is received
            await asyncio.to_thread(self._records.ask_for, chat, "card", errand.tip_id, due=self._now())
            return took
        if errand.kind == "reminder":
            return await self._remind(chat, errand.argument)
        counted = await self._count_waiting(chat)
        took = await self._cards.show(chat, self._unit, errand.tip_id)
        self._hung.add(errand.tip_id)
        return took + counted

    async def _delete(self, chat: int) -> int:
        """Delete all that is due, together."""
        due = await asyncio.to_thread(self._records.errands, chat, self._now())
        errands = [errand for errand in due if errand.kind == "delete"][:_AT_ONCE]
        left = await self._telegram.delete(chat, [int(errand.argument) for errand in errands])
        for errand in errands:
            if int(errand.argument) not in left:
                await asyncio.to_thread(self._records.done, errand)
            elif errand.tries >= _TRIES:
                _LOG.error("admin chat: a message could not be deleted")
                await asyncio.to_thread(self._records.done, errand)
            else:
                pause = timedelta(minutes=2.0**errand.tries)
                await asyncio.to_thread(self._records.later, errand, self._now() + pause)
        return 0

    async def _count_waiting(self, chat: int) -> int:
        """
        One message that counts the cards still to come, where they are many.

        It is edited as they are hung, and goes with the last one.
        """
        posts = await asyncio.to_thread(self._records.posts, chat)
        self._hung = {tip_id for tip_id, post in posts.items() if post.message}
        state = await asyncio.to_thread(self._records.state, chat)
        due = await asyncio.to_thread(self._records.errands, chat, self._now())
        waiting = sum(errand.kind == "card" and errand.tip_id not in self._hung for errand in due)
        is_fresh = self._counted is not None and self._now() - self._counted < _COUNT_AGAIN
        if waiting <= 1 and state.summary:
            await self._telegram.delete(chat, [state.summary])
            await asyncio.to_thread(self._records.note_state, chat, summary=0)
        elif state.summary and not is_fresh:
            self._counted = self._now()
            try:
                await self._telegram.edit(chat, state.summary, self._waiting(waiting))
            except TelegramRefused as refused:
                if refused.reason != "message_gone":
                    raise
                await asyncio.to_thread(self._records.note_state, chat, summary=0)
            return 1
        elif waiting > self._settings.summary_above and not state.summary:
            self._counted = self._now()
            message = await self._telegram.send(chat, self._waiting(waiting))
            await asyncio.to_thread(self._records.note_state, chat, summary=message)
            return 1
        return 0

    def _waiting(self, count: int) -> str:
        return escape(self._wording().say("waiting", count=count))

    async def _remind(self, chat: int, day: str) -> int:
        """Terms that are over or near, once a day, in one message; none where there are none."""
        posts = await asyncio.to_thread(self._records.posts, chat)
        try:
            board = await self._boards.of(self._unit)
        except ActionRefused:
            words: tuple[str, ...] = (escape(self._wording().say("still_locked")),)
        else:
            cards = [hung.card for hung in board.cards.values()]
            words = self._reminder(chat, cards, posts)
        gaps = await self._weekly_gaps(day)
        if gaps is not None:
            words += pieces(gap_list(gaps, self._wording()))
        for part in words:
            await self._telegram.send(chat, part)
        if gaps is not None and self._gaps is not None:
            self._gaps.remember(chat, gaps)
        await asyncio.to_thread(self._records.note_state, chat, reminded=day)
        return len(words)

    async def _weekly_gaps(self, day: str) -> GapList | None:
        """On Mondays: what was asked in vain in the weeks before, if anything was."""
        if self._gaps is None or not self._settings.weekly_gaps or date.fromisoformat(day).weekday():
            return None
        try:
            listed = await self._gaps.board()
        except ActionRefused as refused:
            _LOG.warning("admin chat: %s", refused.fields["reason"])
            return None
        return listed if listed.clusters else None

    def _reminder(self, chat: int, cards: list[CardView], posts: Mapping[str, Post]) -> tuple[str, ...]:
        wording = self._wording()
        late = [card for card in cards if card.is_late]
        soon = [card for card in cards if card.is_soon and not card.is_late]
        if not late and not soon:
            return ()
        lines = [f"<b>{escape(wording.say('reminder'))}</b>"]
        for title, listed in (("reminder_late", late), ("reminder_soon", soon)):
            if listed:
                lines.append(f"\n{escape(wording.say(title, count=len(listed)))}")
                lines += [
                    wording.row(card, link_of(chat, posts.get(card.tip_id)))
                    for card in listed[: self._settings.listed]
                ]
        return pieces("\n".join(lines))


def link_of(chat: int, post: Post | None) -> str:
    """Where a card stands, for a list; "" for one that is not hung."""
    return card_link(chat, post.topic, post.message) if post else ""
