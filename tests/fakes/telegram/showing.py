"""Messages as the Bot API shows them, and which of them the bot may see at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.text import covered

if TYPE_CHECKING:
    from tests.fakes.telegram.records import Message


def show(message: Message, *, is_nested: bool = False) -> dict[str, Any]:
    """*message* as JSON; a message replied to is shown without the one that it replies to."""
    chat = message.chat
    told: dict[str, Any] = {"message_id": message.id, "date": int(message.date), "chat": chat.api()}
    if message.sender is not None:
        told["from"] = message.sender.api()
    if message.sender_chat is not None:
        told["sender_chat"] = message.sender_chat.api()
    if message.topic:
        told["message_thread_id"] = message.topic
        if chat.is_forum:
            told["is_topic_message"] = True
    if message.reply_to and not is_nested:
        original = chat.by_id.get(message.reply_to)
        if original is not None and not original.is_deleted:
            told["reply_to_message"] = show(original, is_nested=True)
    if message.edit_date:
        told["edit_date"] = int(message.edit_date)
    if message.album:
        told["media_group_id"] = message.album
    if message.is_protected:
        told["has_protected_content"] = True
    _show_content(message, told)
    return told | message.fields


def _show_content(message: Message, told: dict[str, Any]) -> None:
    if message.file is not None:
        told[message.file.kind] = message.file.api()
        if message.file.kind == "animation":
            told["document"] = message.file.api()
    if message.markup and "inline_keyboard" in message.markup:
        told["reply_markup"] = message.markup
    if message.text:
        told["text"] = message.text
        if message.entities:
            told["entities"] = message.entities
    if message.caption:
        told["caption"] = message.caption
        if message.entities:
            told["caption_entities"] = message.entities


def sees(message: Message) -> bool:
    """Whether the bot is told of *message*, by membership and privacy mode."""
    chat, world = message.chat, message.chat.world
    if chat.kind == "private":
        return not chat.is_blocked
    if chat.migrated_to and "migrate_to_chat_id" not in message.fields:
        return False
    bot = chat.bot
    if not bot.is_inside:
        return False
    if message.sender is not None and message.sender.is_bot and message.sender_chat is None:
        return False  # bots do not see each other
    if bot.is_admin or not world.has_privacy or message.is_service or chat.kind == "channel":
        return True
    return is_meant(message)


def is_meant(message: Message) -> bool:
    """Whether a bot in privacy mode gets it: a command, its name, or a reply to it."""
    name = f"@{message.chat.world.bot.username}".lower()
    for entity in message.entities:
        words = covered(message.words, entity).lower()
        if entity["type"] == "bot_command" and ("@" not in words or words.endswith(name)):
            return True
        if entity["type"] == "mention" and words == name:
            return True
    original = message.chat.by_id.get(message.reply_to)
    return original is not None and original.is_from_bot and not original.is_service


def tell_bot(message: Message, kind: str = "message") -> None:
    """Queue the update about *message*, if the bot may see it."""
    if message.chat.kind == "channel":
        kind = {"message": "channel_post", "edited_message": "edited_channel_post"}[kind]
    if sees(message):
        message.update_id = message.chat.world.updates.push(kind, show(message), message.chat.id)
