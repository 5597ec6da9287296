"""At what pace tips may be sent: a press-a-button question for bursts, never a refusal of everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.telegram.chats import Press
from bot.channels.telegram.speaking import Offer
from bot.pace import Challenge
from prompts.catalog import text

if TYPE_CHECKING:
    from bot.channels.telegram.chats import Room
    from bot.channels.telegram.speaking import Speaker
    from bot.pace import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnstile:
    """Stands before Send."""

    pace: Pace
    speaker: Speaker

    async def lets_through(self, room: Room, account: int, press: Press) -> bool:
        """Whether *press* may have its effect now; if not, the chat was told what to do."""
        verdict = self.pace.verdict(account, "tip")
        if verdict == "challenge":
            await self._challenge(room, press)
        elif verdict == "wait":
            again = Offer(label=text("tip.ready_send", room.language), press=press)
            await self.speaker.say(room, "telegram.send_later", (again,))
        elif verdict == "muted":
            await self.speaker.say(room, "telegram.muted")
        return verdict == "go"

    async def answered(self, room: Room, account: int, press: Press) -> Press | None:
        """What was waiting for the challenge, if *press* is its right answer; else it is asked anew."""
        waiting, room.waiting = room.waiting, None
        if waiting is None:
            return None
        if press.value and self.pace.passed(account):
            return waiting
        if press.value:  # right, but wrong ones before it still cost time
            await self.speaker.say(room, "telegram.challenge_wait")
        else:
            self.pace.failed(account)
        await self._challenge(room, waiting)
        return None

    async def _challenge(self, room: Room, press: Press) -> None:
        room.waiting = press
        asked = Challenge.new()
        offers = [
            Offer(
                label=option.emoji,
                press=Press(kind="captcha", value="1" if option.id == asked.right else ""),
                row=1,
            )
            for option in asked.options
        ]
        wanted = text(asked.key, room.language)
        await self.speaker.say(room, "telegram.challenge", offers, wanted=wanted)
