"""How the admin chats behave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompts.catalog import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """Of all groups of one installation, each with its unit."""

    name: str = "Bình An"  # what the assistant is called
    language: Language = "vi"
    open_minutes: float = 15.0  # until what an officer opened is deleted
    flow_minutes: float = 15.0  # a question to an officer waits this long for an answer
    membership_s: float = 5.0  # how long we remember that somebody is in the group
    look_every_s: float = 4.0  # at the desk for what has changed
    per_minute: int = 20  # messages to one group: Telegram's own limit
    summary_above: int = 12  # new cards waiting before they are counted in one message
    remind_from_hour: int = 7  # in Vietnam
    remind_until_hour: int = 20
    listed: int = 20  # tips in an answer or a reminder
    weekly_gaps: bool = True  # the week's questions without an answer, with Monday's reminder
