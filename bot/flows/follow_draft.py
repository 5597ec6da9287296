"""Where following a tip stands, and what can be asked of the office and come back from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.flows.tip_draft import Failed

if TYPE_CHECKING:
    from bot.conversation import Message
    from prompts.catalog import Language
    from tips.model import PublicState, RawFile, Reply
    from tips.receipts import Receipt

Step = Literal["receipt", "looking", "open", "write", "review", "withdraw", "working"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Seen:
    """What the receipt opened."""

    reference: str
    state: PublicState
    replies: tuple[Reply, ...]
    is_withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FollowUp:
    """Where the conversation stands, and what is being written."""

    language: Language = "vi"
    step: Step = "receipt"
    receipt: Receipt | None = None
    seen: Seen | None = None
    in_reply_to: int = 0
    text: str = ""
    files: tuple[RawFile, ...] = ()
    tries: int = 0
    beside: str = ""  # what was typed beside the receipt, until it opens

    @property
    def bytes_held(self) -> int:
        """Bytes of all files."""
        return sum(len(file.content) for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """To be done: look what *receipt* finds."""

    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SendMore:
    """To be done: send this after the tip."""

    receipt: Receipt
    text: str
    files: tuple[RawFile, ...]
    in_reply_to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """To be done: take the tip back."""

    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What `Follow` found; None: nothing."""

    seen: Seen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreReceived:
    """What was added is stored; `refused`: reasons of files not taken."""

    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The tip was taken back."""


Effect = Follow | SendMore | Withdraw
Result = Found | MoreReceived | Withdrawn | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowMove:
    """The next state, what to say before its question, what to do."""

    state: FollowUp
    notes: tuple[Message, ...] = ()
    effect: Effect | None = None
    is_over: bool = False
