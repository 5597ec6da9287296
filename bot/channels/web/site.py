"""What every handler of the web chat shares: who answers, and how many may ask at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import anyio

from bot.channels.web.guard import log_error_type
from bot.channels.web.reading import Problem
from bot.channels.web.render import Renderer

if TYPE_CHECKING:
    from bot.messages import AskPort, Question
    from knowledge.answer import Answer
    from prompts.catalog import Language

ASKING_AT_ONCE: Final = 4  # questions being answered; more would only slow each other on two cores
ASKING_IN_LINE: Final = 64  # questions waiting; beyond that the visitor is told to wait
ASKING_SECONDS: Final = 20.0  # in line and answering together


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One web chat. `gate` bounds the questions under way, `seconds` each of them, waiting included."""

    asking: AskPort
    name: str
    gate: anyio.CapacityLimiter
    seconds: float
    takes_tips: bool = False

    async def ask(self, question: Question) -> Answer:
        """
        Ask when there is room.

        Raises:
            Problem: Too many are asking, it took too long, or asking failed; never with its reason.
        """
        if self.gate.statistics().tasks_waiting >= ASKING_IN_LINE:
            raise Problem("busy", question.language)
        try:
            with anyio.fail_after(self.seconds):
                async with self.gate:
                    return await self.asking.ask(question)
        except TimeoutError:
            raise Problem("slow", question.language) from None
        except Exception as error:  # noqa: BLE001  its words stay here, its type is logged
            log_error_type(error)
            raise Problem("internal", question.language) from None

    async def starters(self, language: Language) -> tuple[str, ...]:
        """Questions to begin with; none if they cannot be had, for the page matters more."""
        try:
            return await self.asking.starters(language)
        except Exception as error:  # noqa: BLE001  the page is served all the same
            log_error_type(error)
            return ()

    def renderer(self, language: Language) -> Renderer:
        """The renderer for *language*."""
        return Renderer(language=language, name=self.name, takes_tips=self.takes_tips)
