"""
A group: answers for the public, and only to whoever speaks to the bot. Tips and membership are for private.

No state is kept of a group, and nothing of who asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answer_messages import answer_messages
from bot.channels.telegram.chats import Room
from bot.channels.telegram.commands import read_command
from bot.messages import Question
from bot.telegram.errors import TelegramRefused
from bot.telegram.model import Button
from bot.telegram.text import from_markdown, pieces
from knowledge.model import Audience
from prompts.catalog import text
from tips.receipts import likely_receipt

if TYPE_CHECKING:
    from bot.channels.telegram.speaking import Speaker
    from bot.messages import AskPort
    from bot.pace import Pace
    from bot.telegram.model import Arrived

_PRIVATE = {"report": "baotin", "follow": "theodoi", "member": "hoi", "privacy": "hoi", "language": "hoi"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The groups of one bot."""

    asking: AskPort
    speaker: Speaker
    pace: Pace

    async def handle(self, first: Arrived) -> None:
        """Answer a message that names us, replies to us, or is one of our commands."""
        if first.kind == "press":  # no button of ours stands in a group
            await self.speaker.telegram.answer_press(first.press, text("telegram.stale_press"))
            return
        if first.kind != "message" or first.is_service or not first.is_to_us or first.moved_to:
            return
        room = Room(first.chat)
        asked = read_command(first.text)
        if asked is not None and asked.is_english:
            room.language = "en"
        command = asked.command if asked else "ask"
        words = asked.words if asked else self._without_name(first.text)
        if likely_receipt(first.text):
            await self._say(room, first, "telegram.group_receipt", "theodoi")
        elif command in _PRIVATE:
            await self._lead_to_private(room, first, _PRIVATE[command])
        elif command == "emergency":
            await self._say(room, first, "telegram.emergency")
        elif command == "ask" and words:
            await self._answer(room, first, words)
        elif command in {"ask", "help", "start"}:
            await self._say(room, first, "telegram.group_help")

    async def _answer(self, room: Room, first: Arrived, words: str) -> None:
        if self.pace.verdict(first.sender or first.chat, "question") != "go":
            return
        question = Question(text=words, audience=Audience.PUBLIC, language=room.language)
        async with self.speaker.typing(room.chat, first.topic):
            answer = await self.asking.ask(question)
        shown = answer_messages(answer, room.language)
        ways = [self._way(room, "telegram.ask_in_private", "hoi")]
        if shown.leads_to_tip:
            ways.append(self._way(room, "telegram.report_in_private", "baotin"))
        await self._send(first, shown.messages, ways)

    async def _lead_to_private(self, room: Room, first: Arrived, payload: str) -> None:
        key = "telegram.group_no_tips" if payload in {"baotin", "theodoi"} else "telegram.group_private"
        await self._say(room, first, key, payload)

    async def _say(self, room: Room, first: Arrived, key: str, payload: str = "hoi") -> None:
        words = text(key, room.language, name=self.speaker.name)
        await self._send(
            first, pieces(from_markdown(words)), [self._way(room, "telegram.go_private", payload)]
        )

    async def _send(self, first: Arrived, messages: tuple[str, ...], ways: list[Button]) -> None:
        for number, message in enumerate(messages, start=1):
            is_last = number == len(messages)
            try:
                await self.speaker.telegram.send(
                    first.chat,
                    message,
                    topic=first.topic,
                    replies_to=first.message if number == 1 else 0,
                    buttons=[way for way in ways if way.url] if is_last else (),
                )
            except TelegramRefused:  # put out of the group, its topic closed: nobody there wants to hear us
                return

    def _way(self, room: Room, key: str, payload: str) -> Button:
        username = self.speaker.telegram.username
        address = f"https://t.me/{username}?start={payload}" if username else ""
        return Button(label=text(key, room.language), url=address)

    def _without_name(self, words: str) -> str:
        name = f"@{self.speaker.telegram.username}".lower()
        return " ".join(word for word in words.split() if word.lower().rstrip(",.:;!?") != name)
