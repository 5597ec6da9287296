"""Questions on Telegram, in private and in groups: translates `bot.messages.AskPort`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from bot.answer_messages import answer_messages, label, source_messages
from bot.channels.telegram.chats import Press
from bot.channels.telegram.speaking import Offer
from bot.messages import REMEMBERED_LIMIT, SUGGESTIONS, Feedback, Question
from knowledge.answer import Status
from prompts.catalog import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.telegram.chats import Room
    from bot.channels.telegram.speaking import Speaker
    from bot.messages import AskPort
    from knowledge.answer import Answer
    from knowledge.model import Audience

STORY_STARTS: Final = 60  # characters from which a question may be a tip as it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Asks, and shows what came back."""

    port: AskPort
    speaker: Speaker
    takes_tips: bool

    async def ask(self, room: Room, words: str, audience: Audience, *, message: int = 0) -> None:
        """Answer *words* in a private chat; *message* is where they were typed, if they were."""
        question = Question(text=words, audience=audience, language=room.language, previous=room.previous)
        preview = self.speaker.plain("web.writing", room)
        async with self.speaker.typing(room.chat, preview=preview):
            answer = await self.port.ask(question)
        if message:
            room.typed(message, words)
        shown = answer_messages(answer, room.language)
        offers = (
            *self._about(room, answer, words),
            *self._next(room, answer, words, leads=shown.leads_to_tip, message=message),
        )
        if answer.status is not Status.DANGER and answer.kind not in {"talk", "report"}:
            room.asked(words[:REMEMBERED_LIMIT])
        await self.speaker.show(room, shown.messages, offers)

    async def show_sources(self, room: Room, press: Press, audience: Audience) -> None:
        """What the answer to an earlier question stands on; asked again, for whoever presses."""
        question = Question(
            text=press.words, audience=audience, language=room.language, previous=press.passages
        )
        answer = await self.port.ask(question)
        if answer.status is Status.ANSWERED:
            await self.speaker.show(room, source_messages(answer, room.language))

    async def note_thumb(self, press: Press) -> None:
        """Count a thumb."""
        verdict: Literal["up", "down"] = "up" if press.kind == "up" else "down"
        await self.port.note_feedback(Feedback(passages=press.passages, verdict=verdict))

    async def starters(self, room: Room) -> tuple[Offer, ...]:
        """Questions to begin with."""
        questions = await self.port.starters(room.language)
        return tuple(Offer(label=label(words), press=Press(kind="ask", words=words)) for words in questions)

    def _about(self, room: Room, answer: Answer, words: str) -> Sequence[Offer]:
        # A report was not searched for: its words go into no button but the one that sends them as a tip.
        if not answer.citations or answer.kind == "report":
            return ()
        passages = tuple(item.id for item in answer.citations)
        sources = text("web.sources", room.language, count=len(answer.citations))
        return (
            Offer(label=sources, press=Press(kind="sources", words=words, passages=room.previous), row=1),
            Offer(label="👍", press=Press(kind="up", passages=passages), row=1),
            Offer(label="👎", press=Press(kind="down", passages=passages), row=1),
        )

    def _next(self, room: Room, answer: Answer, words: str, *, leads: bool, message: int) -> Sequence[Offer]:
        offers = [
            Offer(label=label(question), press=Press(kind="ask", words=question))
            for question in answer.suggestions[:SUGGESTIONS]
        ]
        if self.takes_tips and (leads or len(words) >= STORY_STARTS):
            is_story = len(words) >= STORY_STARTS or answer.kind == "report"
            key = "telegram.report_these_words" if is_story else "telegram.menu_report"
            press = Press(kind="begin", value="tip")
            if is_story:
                press = replace(press, words=words, message=message)
            offers.append(Offer(label=text(key, room.language), press=press))
        return offers
