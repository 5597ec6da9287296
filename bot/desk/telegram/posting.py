"""
The cards of tips in a group: hung once, edited afterwards, hung again where somebody took them away.

A group with topics gets one for each tip, named by its reference alone; where there are none, or we may not
make any, the card stands in the group itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.desk.records.chats import Post
from bot.desk.rights import Relation
from bot.desk.telegram.buttons import card_buttons
from bot.telegram.errors import TelegramRefused
from tips.states import State

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.telegram.boards import Board
    from bot.desk.telegram.ground import Ground
    from bot.desk.views import BoardCard

_FACTS_FOR: Final = timedelta(minutes=10)
_GONE: Final = frozenset(("topic_gone", "message_gone"))
_NO_TOPICS: Final = frozenset(("topics_off", "no_rights", "unknown_method"))


class Cards:
    """Hangs the cards of tips."""

    def __init__(self, ground: Ground) -> None:
        self._telegram = ground.telegram
        self._desk = ground.desk
        self._records = ground.records
        self._boards = ground.boards
        self._now = ground.now
        self._wording = ground.wording
        self._topics: dict[int, tuple[datetime, bool]] = {}

    def face(self, hung: BoardCard, board: Board) -> str:
        """What the card says and which buttons it has, as one text: changes whenever it has to be edited."""
        words = self._wording().card(hung.card, board.references)
        return "\n".join([words, *sorted(hung.actions)])

    def is_over(self, hung: BoardCard) -> bool:
        """Whether nothing is to be done with a tip any more."""
        return hung.card.state is State.CLOSED or hung.card.relation is Relation.FORMER

    def forget_rights(self, chat: int) -> None:
        """What we may do in a group has changed."""
        self._topics.pop(chat, None)

    async def show(self, chat: int, unit: str, tip_id: str) -> int:
        """Make the card of a tip say what the desk says; gives how many messages that took."""
        board = await self._boards.of(unit)
        post = await asyncio.to_thread(self._records.post, chat, tip_id)
        hung = board.cards.get(tip_id)
        if hung is None:
            return await self._take_down(post) if post else 0
        face = self.face(hung, board)
        digest = await asyncio.to_thread(self._desk.fingerprint, unit, face)
        if post is None or not post.message:
            if self.is_over(hung):  # of a group that moved, or over before it was ever shown
                if post:
                    await asyncio.to_thread(self._records.drop_post, chat, tip_id)
                return 0
            return await self._hang(post or Post(chat=chat, tip_id=tip_id), hung, board, digest)
        return await self._edit(post, hung, board, digest)

    async def _hang(self, post: Post, hung: BoardCard, board: Board, digest: str) -> int:
        took = 1
        if not post.topic and await self.has_topics(post.chat):
            post = await self._make_topic(post, hung.card.reference)
            took += 1
        wording = self._wording()
        try:
            message = await self._telegram.send(
                post.chat,
                wording.card(hung.card, board.references),
                topic=post.topic,
                buttons=card_buttons(hung.actions, wording),
                is_quiet=not (hung.card.urgent or hung.card.went_up or hung.card.state is State.NEW),
            )
        except TelegramRefused as refused:
            if refused.reason == "topic_gone" and post.topic:  # deleted under us
                lost = replace(post, topic=0, message=0)
                await self._put(lost)
                return took + await self._hang(lost, hung, board, digest)
            raise
        await self._put(replace(post, message=message, digest=digest, has_news=hung.card.has_news))
        return took

    async def _make_topic(self, post: Post, reference: str) -> Post:
        try:
            topic = await self._telegram.make_topic(post.chat, reference)
        except TelegramRefused as refused:
            if refused.reason not in _NO_TOPICS:
                raise
            self._topics[post.chat] = (self._now(), False)
            return post
        made = replace(post, topic=topic, is_closed=False)
        await self._put(made)  # at once: a kill from here on makes no second one
        return made

    async def has_topics(self, chat: int) -> bool:
        """Whether the group has topics, and we may make them."""
        known, now = self._topics.get(chat), self._now()
        if known is None or not known[0] <= now < known[0] + _FACTS_FOR:
            facts = await self._telegram.chat_facts(chat)
            known = (now, facts.is_forum and (facts.may_manage_topics or facts.status == "creator"))
            self._topics[chat] = known
        return known[1]

    async def _edit(self, post: Post, hung: BoardCard, board: Board, digest: str) -> int:
        took, wording, is_over = 0, self._wording(), self.is_over(hung)
        if is_over or hung.card.state is State.TRANSFERRED:
            await asyncio.to_thread(self._records.hasten, post.chat, post.tip_id, self._now())
        if post.digest != digest:
            words, buttons = wording.card(hung.card, board.references), card_buttons(hung.actions, wording)
            try:
                await self._telegram.edit(post.chat, post.message, words, buttons)
            except TelegramRefused as refused:
                if refused.reason not in _GONE:
                    raise
                return await self._hang(replace(post, message=0), hung, board, digest)
            took += 1
        if hung.card.has_news and not post.has_news:
            took += await self._tell_news(post)
        if post.topic and is_over is not post.is_closed:
            await self._close_topic(post, is_open=not is_over)
        await self._put(replace(post, digest=digest, has_news=hung.card.has_news, is_closed=is_over))
        return took

    async def _tell_news(self, post: Post) -> int:
        """The edit of a card makes no sound; that a tipster answered should."""
        try:
            await self._telegram.send(
                post.chat, self._wording().say("news"), topic=post.topic, replies_to=post.message
            )
        except TelegramRefused as refused:
            if refused.reason not in _GONE:
                raise
        return 1

    async def _close_topic(self, post: Post, *, is_open: bool) -> None:
        try:
            await self._telegram.close_topic(post.chat, post.topic, is_open=is_open)
        except TelegramRefused as refused:  # a sign only: the card says it in words
            if refused.reason not in _GONE | _NO_TOPICS:
                raise

    async def _take_down(self, post: Post) -> int:
        """The tip is not the unit's any more, or its time is over."""
        await asyncio.to_thread(self._records.hasten, post.chat, post.tip_id, self._now())
        try:
            if post.message:
                await self._telegram.edit(post.chat, post.message, self._wording().say("card_gone"))
            if post.topic and not post.is_closed:
                await self._close_topic(post, is_open=False)
        except TelegramRefused as refused:
            if refused.reason not in _GONE | {"no_rights", "too_old"}:
                raise
        await asyncio.to_thread(self._records.drop_post, post.chat, post.tip_id)
        return 1

    async def _put(self, post: Post) -> None:
        await asyncio.to_thread(self._records.put_post, post)
