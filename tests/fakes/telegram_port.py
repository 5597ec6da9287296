"""Telegram as the port shows it, in memory: strict about what may be asked, and failing when told to."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from bot.telegram.errors import ChatMoved, TelegramRefused
from bot.telegram.model import PRESS_LIMIT, TEXT_LIMIT, ChatFacts
from bot.telegram.text import plain, shown_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.telegram.errors import TelegramFault
    from bot.telegram.model import Button, MemberStatus, Upload

_TAGS = re.compile(r"</?(?:b|i|a|u|s|code|pre|blockquote)(?: href=\"[^\"<>]*\")?>")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message of ours."""

    id: int
    html: str = ""
    topic: int = 0
    buttons: tuple[Button, ...] = ()
    is_protected: bool = False
    is_quiet: bool = False
    replies_to: int = 0
    asks: str = ""
    file: Upload | None = None
    edits: int = 0

    @property
    def words(self) -> str:
        return plain(self.html)

    def button(self, label: str) -> str:
        """What the button of that label carries."""
        found = [button.pressed for button in self.buttons if label in button.label]
        assert len(found) == 1, (label, [button.label for button in self.buttons])
        return found[0]


@dataclass(kw_only=True)
class Group:
    """A group with its members."""

    is_forum: bool = True
    may_manage_topics: bool = True
    members: dict[int, MemberStatus] = field(default_factory=dict)
    messages: dict[int, Shown] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    moved_to: int = 0
    is_gone: bool = False


class FakeTelegram:
    """One bot in some groups."""

    def __init__(self) -> None:
        self.groups: dict[int, Group] = {}
        self.answers: list[tuple[str, str, bool]] = []
        self.calls: list[str] = []
        self.faults: defaultdict[str, deque[TelegramFault]] = defaultdict(deque)
        self.always: dict[str, TelegramFault] = {}
        self.ever: list[Shown] = []  # all that was ever sent, as it was first
        self._ids = count(1_000)

    @property
    def username(self) -> str:
        return "ban_xu_ly_bot"

    def next_id(self) -> int:
        """A message's number: they count on through a whole group."""
        return next(self._ids)

    def _begin(self, method: str, chat: int = 0) -> Group:
        self.calls.append(method)
        for name in (method, "*"):
            if self.faults[name]:
                raise self.faults[name].popleft()
            if name in self.always:
                raise self.always[name]
        if not chat:
            return Group()
        group = self.groups.get(chat)
        if group is None or group.is_gone:
            raise TelegramRefused("chat_gone")
        if group.moved_to:
            raise ChatMoved(group.moved_to)
        return group

    def _put(self, chat: int, shown: Shown) -> int:
        group = self.groups[chat]
        if shown.topic and shown.topic not in group.topics:
            raise TelegramRefused("topic_gone")
        if shown.html:
            _check(shown.html, shown.buttons)
        group.messages[shown.id] = shown
        self.ever.append(shown)
        return shown.id

    async def send(  # noqa: PLR0913 - the port's
        self,
        chat: int,
        html: str,
        *,
        topic: int = 0,
        buttons: Sequence[Button] = (),
        is_protected: bool = False,
        replies_to: int = 0,
        is_quiet: bool = False,
        asks: str = "",
    ) -> int:
        self._begin("send", chat)
        assert html
        assert not (asks and buttons), "one keyboard only"
        return self._put(
            chat,
            Shown(
                id=self.next_id(),
                html=html,
                topic=topic,
                buttons=tuple(buttons),
                is_protected=is_protected,
                replies_to=replies_to,
                is_quiet=is_quiet,
                asks=asks,
            ),
        )

    async def edit(self, chat: int, message: int, html: str, buttons: Sequence[Button] = ()) -> None:
        group = self._begin("edit", chat)
        if message not in group.messages:
            raise TelegramRefused("message_gone")
        _check(html, buttons)
        old = group.messages[message]
        group.messages[message] = replace(old, html=html, buttons=tuple(buttons), edits=old.edits + 1)

    async def edit_buttons(self, chat: int, message: int, buttons: Sequence[Button] = ()) -> None:
        group = self._begin("edit_buttons", chat)
        if message not in group.messages:
            raise TelegramRefused("message_gone")
        group.messages[message] = replace(group.messages[message], buttons=tuple(buttons))

    async def delete(self, chat: int, messages: Sequence[int]) -> tuple[int, ...]:
        group = self._begin("delete", chat)
        assert 1 <= len(messages) <= 100
        for message in messages:
            group.messages.pop(message, None)
        return ()

    async def answer_press(self, press: str, words: str = "", *, is_alert: bool = False) -> None:
        self._begin("answer_press")
        assert len(words) <= 200, words
        self.answers.append((press, words, is_alert))

    async def show_typing(self, chat: int, topic: int = 0) -> None:
        raise NotImplementedError

    async def show_draft(self, chat: int, html: str) -> None:
        raise NotImplementedError

    async def download(self, file_id: str) -> bytes:
        raise NotImplementedError

    async def upload(
        self, chat: int, file: Upload, *, topic: int = 0, caption: str = "", is_protected: bool = False
    ) -> int:
        self._begin("upload", chat)
        shown = Shown(id=self.next_id(), html=caption, topic=topic, file=file, is_protected=is_protected)
        return self._put(chat, shown)

    async def member_status(self, chat: int, member: int) -> MemberStatus:
        return self._begin("member_status", chat).members.get(member, "left")

    async def chat_facts(self, chat: int) -> ChatFacts:
        group = self._begin("chat_facts", chat)
        return ChatFacts(
            kind="supergroup",
            is_forum=group.is_forum,
            status="administrator",
            may_manage_topics=group.may_manage_topics,
            may_delete=True,
        )

    async def make_topic(self, chat: int, name: str) -> int:
        group = self._begin("make_topic", chat)
        if not group.is_forum:
            raise TelegramRefused("topics_off")
        if not group.may_manage_topics:
            raise TelegramRefused("no_rights")
        topic = self.next_id()
        group.topics[topic] = name
        return topic

    async def close_topic(self, chat: int, topic: int, *, is_open: bool = False) -> None:
        group = self._begin("close_topic", chat)
        if topic not in group.topics:
            raise TelegramRefused("topic_gone")
        (group.closed.discard if is_open else group.closed.add)(topic)

    def delete_topic(self, chat: int, topic: int) -> None:
        """An administrator takes a topic away, with everything in it."""
        group = self.groups[chat]
        del group.topics[topic]
        group.messages = {key: shown for key, shown in group.messages.items() if shown.topic != topic}


def _check(html: str, buttons: Sequence[Button]) -> None:
    assert shown_units(html) <= TEXT_LIMIT
    rest = _TAGS.sub("", html)
    assert not {"<", ">"} & set(rest), html
    for button in buttons:
        assert button.label
        assert 1 <= len(button.pressed.encode()) <= PRESS_LIMIT
