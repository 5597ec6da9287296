"""
Messages as every channel knows them: what comes in is stripped to this at the edge.

No type here can hold a user, a chat or a network address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

from knowledge.answer import Status
from knowledge.model import Audience
from prompts.catalog import Language  # noqa: TC001 - questions cross the operator's socket as JSON

if TYPE_CHECKING:
    from knowledge.answer import Answer

QUESTION_LIMIT = 2_000  # characters; longer is cut for searching, never refused
PREVIOUS_LIMIT = 4  # earlier questions of the same chat that a follow-up may lean on
REMEMBERED_LIMIT = 500  # characters of one of them, on a messenger
SUGGESTIONS = 3  # questions to ask next that a messenger shows
# Guides on telling the police, by the beginning of their names.
_REPORTING: Final = re.compile(
    r"guide:[a-z-]*(?:bao-tin|to-giac|tin-dung-den|co-bac|lua-dao|mua-ban-nguoi|cong-an-sai-pham)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as typed, with the asker's earlier questions of this chat, oldest first."""

    text: str
    audience: Audience = Audience.PUBLIC
    language: Language = "vi"
    previous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A thumb for an answer: only which passages, only the day. Never the question or its sender."""

    passages: tuple[str, ...]
    verdict: Literal["up", "down"]


class AskPort(Protocol):
    """What a channel needs in order to ask."""

    async def ask(self, question: Question) -> Answer:
        """Answer *question*, refuse it, or give the emergency numbers; see `knowledge.answer`."""
        ...

    async def note_feedback(self, feedback: Feedback) -> None:
        """Count *feedback* for its passages."""
        ...

    async def starters(self, language: Language) -> tuple[str, ...]:
        """Up to six questions a newcomer could begin with, each answerable for the public."""
        ...


def leads_to_tip(answer: Answer) -> bool:
    """Whether a way to report belongs below *answer*: to a report, numbers to call, guidance on telling."""
    if answer.status is Status.DANGER or answer.kind == "report":
        return True
    return any(_REPORTING.match(item.id) for item in answer.citations)
