"""
What Zalo sends us as far as we read it. Names, pictures and links to files are never read out of it.

Source: https://bot.zaloplatforms.com/docs (10 December 2025) and the webhook's shape there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT_LIMIT: Final = 2_000  # characters of one message
_READ_LIMIT: Final = 8_000  # characters of a message that are looked at; Zalo's own limit is below it
_ID_LIMIT: Final = 100
_TEXT: Final = "message.text.received"

Kind = Literal["text", "other"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Arrived:
    """
    One message of a private chat. Never printed and never kept: the chat is somebody's account.

    `key` tells the same message again. `other` is a picture, a sticker, a voice: nothing of it is fetched.
    """

    key: str
    chat: str
    kind: Kind
    text: str = ""


def read(raw: object) -> Arrived | None:
    """What *raw*, an update as JSON, says; None for groups, for bots and for what has no message in it."""
    update = _mapping(raw)
    if "message" not in update:
        update = _mapping(update.get("result"))
    message = _mapping(update.get("message"))
    chat, sender = _mapping(message.get("chat")), _mapping(message.get("from"))
    number, name = _line(chat.get("id")), _line(message.get("message_id"))
    if not number or not name or sender.get("is_bot") is True:
        return None
    if str(chat.get("chat_type", "PRIVATE")).upper() != "PRIVATE":
        return None
    words = message.get("text")
    event = update.get("event_name", _TEXT)  # a long poll leaves it out
    key = f"{number} {name}"
    if isinstance(words, str) and words.strip() and event == _TEXT:
        return Arrived(key=key, chat=number, kind="text", text=words[:_READ_LIMIT])
    return Arrived(key=key, chat=number, kind="other")


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _line(value: object) -> str:
    return value if isinstance(value, str) and 0 < len(value) <= _ID_LIMIT else ""
