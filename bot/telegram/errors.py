"""
What Telegram may answer instead of doing what it was asked.

TelegramFault
├── TelegramAway       not reached, or it failed: the same call may go through later
├── TooFast            asked to wait `retry_after_s` seconds
├── BadToken           the token is not one of a bot
├── ChatMoved          the group became a supergroup with the id `new_id`
└── TelegramRefused    it will not do it; `reason` says why

Vendor errors quote tokens, addresses and texts: none of them leaves `bot.telegram`.
"""

from __future__ import annotations

from typing import Literal

Reason = Literal[
    "chat_gone",  # blocked by the user, kicked, no such chat
    "topic_gone",  # the thread does not exist any more
    "topics_off",  # the chat is no forum
    "message_gone",  # to edit, to delete or to reply to
    "no_rights",
    "too_long",
    "too_large",
    "too_old",  # a press answered too late, a message deleted after 48 hours
    "bad_markup",  # Telegram could not read our HTML
    "unchanged",  # it is so already
    "unknown_method",  # an older, self-hosted server
    "conflict",  # somebody else polls with the same token, or a webhook is set
    "other",
]


class TelegramFault(Exception):
    """Base of what may come back from `bot.telegram`."""


class TelegramAway(TelegramFault):
    """Not reached, or it failed."""


class TooFast(TelegramFault):
    """Asked to wait."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("too fast")
        self.retry_after_s = retry_after_s


class BadToken(TelegramFault):
    """The token is not one of a bot."""


class ChatMoved(TelegramFault):
    """The group is a supergroup now."""

    def __init__(self, new_id: int) -> None:
        super().__init__("moved")
        self.new_id = new_id


class TelegramRefused(TelegramFault):
    """It will not do it, however often it is asked."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
