"""
An update that the library refuses, pared down to what we read and filled up to what the library asks for.

Servers that people run themselves leave out fields that Telegram always sends, and a message must not vanish
for a width that nobody looks at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_MESSAGE: Final = (
    "message_id", "message_thread_id", "date", "chat", "from", "sender_chat", "is_topic_message",
    "media_group_id", "text", "caption", "photo", "video", "video_note", "voice", "audio", "animation",
    "document", "sticker", "location", "reply_to_message", "left_chat_member", "migrate_to_chat_id",
    "forum_topic_created",
)  # fmt: skip
_FILE: Final = {
    "file_unique_id": "-",
    "width": 0,
    "height": 0,
    "length": 0,
    "duration": 0,
    "is_animated": False,
    "is_video": False,
    "type": "regular",
}
_FILES: Final = ("video", "video_note", "voice", "audio", "animation", "document", "sticker")


def pared(raw: Mapping[str, Any]) -> dict[str, Any]:
    """*raw* with nothing but what we read, every needed field in it."""
    told: dict[str, Any] = {"update_id": raw.get("update_id")}
    for kind in ("message", "edited_message"):
        if isinstance(message := raw.get(kind), dict):
            told[kind] = _message(message)
    if isinstance(press := raw.get("callback_query"), dict):
        told["callback_query"] = {
            "id": str(press.get("id", "")),
            "chat_instance": "",
            "data": press.get("data"),
            "from": _user(press.get("from")),
            "message": _message(press["message"]) if isinstance(press.get("message"), dict) else None,
        }
    return told


def _message(message: Mapping[str, Any], *, is_inner: bool = False) -> dict[str, Any]:
    kept = {name: message[name] for name in _MESSAGE if name in message}
    kept.setdefault("date", 0)
    for name in ("from", "left_chat_member"):
        if name in kept:
            kept[name] = _user(kept[name])
    for name in _FILES:
        if name in kept:
            kept[name] = _file(kept[name])
    if isinstance(kept.get("photo"), list):
        kept["photo"] = [_file(size) for size in kept["photo"]]
    replied = kept.pop("reply_to_message", None)
    if isinstance(replied, dict) and not is_inner:
        kept["reply_to_message"] = _message(replied, is_inner=True)
    return kept


def _user(user: object) -> object:
    return {"is_bot": False, "first_name": "", **user} if isinstance(user, dict) else user


def _file(file: object) -> object:
    return {**_FILE, **file} if isinstance(file, dict) else file
