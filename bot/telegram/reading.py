"""An update as python-telegram-bot gives it, read into `Arrived`. Total: whatever comes, nothing raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram import Message, MessageEntity, Update

from bot.telegram.model import ANONYMOUS_ADMIN, Arrived, Attachment

if TYPE_CHECKING:
    from typing import Any

    from telegram import CallbackQuery, Chat, ChatMemberUpdated, User

    from bot.telegram.model import AttachmentKind, ChatKind, MemberStatus

# What we ask Telegram to send; anything else would only be thrown away.
WANTED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
_FILES: Final[tuple[AttachmentKind, ...]] = (
    "video",
    "video_note",
    "voice",
    "audio",
    "animation",
    "document",
    "sticker",
)
_KINDS: Final[dict[str, ChatKind]] = {
    "private": "private",
    "group": "group",
    "supergroup": "supergroup",
    "channel": "channel",
}
_STATUSES: Final[dict[str, MemberStatus]] = {
    "creator": "creator",
    "administrator": "administrator",
    "member": "member",
    "restricted": "restricted",
    "left": "left",
    "kicked": "kicked",
}
_SERVICE: Final = (
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
    "group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_to_chat_id",
    "migrate_from_chat_id", "pinned_message", "forum_topic_created", "forum_topic_closed",
    "forum_topic_edited", "forum_topic_reopened", "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "message_auto_delete_timer_changed", "video_chat_started", "video_chat_ended", "video_chat_scheduled",
    "video_chat_participants_invited", "write_access_allowed", "boost_added", "chat_background_set",
    "users_shared", "chat_shared", "connected_website", "proximity_alert_triggered",
)  # fmt: skip


def read_update(update: Update, me: int, username: str) -> Arrived:
    """
    *update* as we use it.

    Args:
        update: As it came.
        me: The bot's own account.
        username: The bot's, without @.
    """
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query)
    if update.message is not None:
        return _message(update.update_id, update.message, "message", me, username)
    if update.edited_message is not None:
        return _message(update.update_id, update.edited_message, "edited", me, username)
    changed = update.chat_member or update.my_chat_member
    if changed is not None:
        return _membership(update.update_id, changed)
    return Arrived(update_id=update.update_id, kind="other")


def is_sound(arrived: Arrived) -> bool:
    """Whether every number is one and all words are: the library takes whatever stands in the JSON."""
    numbers = (
        arrived.update_id,
        arrived.chat,
        arrived.sender,
        arrived.message,
        arrived.topic,
        arrived.replies_to,
        arrived.member,
        arrived.moved_to,
        *(file.size for file in arrived.attachments),
    )
    words = (
        arrived.text,
        arrived.album,
        arrived.press,
        arrived.pressed,
        *(file.file_id for file in arrived.attachments),
    )
    return (
        all(type(number) is int for number in numbers)
        and all(isinstance(word, str) for word in words)
        and all(isinstance(degree, int | float) for degree in arrived.pin or ())
    )


def status_of(name: str, *, is_member: bool = True) -> MemberStatus:
    """What somebody is in a chat; a restricted one who has left has left."""
    status = _STATUSES.get(name, "left")
    return "left" if status == "restricted" and not is_member else status


def kind_of(chat: Chat) -> ChatKind:
    """What a chat is."""
    return kind_named(chat.type)


def kind_named(name: str) -> ChatKind:
    """What a chat is that Telegram calls so."""
    return _KINDS.get(name, "channel")


def _message(number: int, message: Message, kind: str, me: int, username: str) -> Arrived:
    sender = _sender(message.from_user, message.sender_chat)
    text = message.text or message.caption or ""
    replied = _replied(message)
    service = any(getattr(message, name, None) for name in _SERVICE)
    left = message.left_chat_member
    return Arrived(
        update_id=number,
        kind="edited" if kind == "edited" else "membership" if left is not None else "message",
        chat=message.chat.id,
        chat_kind=kind_of(message.chat),
        is_forum=bool(message.chat.is_forum),
        sender=sender,
        is_bot=bool(message.from_user and message.from_user.is_bot),
        message=message.message_id,
        topic=(message.message_thread_id or 0) if message.is_topic_message else 0,
        sent=message.date,
        text=text,
        is_to_us=_is_to_us(message, text, replied, me, username),
        replies_to=replied.message_id if replied else 0,
        attachments=_attachments(message),
        pin=_pin(message),
        album=message.media_group_id or "",
        member=left.id if left else 0,
        member_status="left" if left else None,
        moved_to=message.migrate_to_chat_id or 0,
        is_service=service,
    )


def _press(number: int, query: CallbackQuery) -> Arrived:
    message = query.message
    sent = message if isinstance(message, Message) else None
    return Arrived(
        update_id=number,
        kind="press",
        chat=message.chat.id if message else 0,
        chat_kind=kind_of(message.chat) if message else "private",
        is_forum=bool(message and message.chat.is_forum),
        sender=_sender(query.from_user, None),
        is_bot=query.from_user.is_bot,
        message=message.message_id if message else 0,
        topic=(sent.message_thread_id or 0) if sent and sent.is_topic_message else 0,
        press=query.id,
        pressed=query.data or "",
    )


def _membership(number: int, changed: ChatMemberUpdated) -> Arrived:
    new = changed.new_chat_member
    return Arrived(
        update_id=number,
        kind="membership",
        chat=changed.chat.id,
        chat_kind=kind_of(changed.chat),
        is_forum=bool(changed.chat.is_forum),
        sender=_sender(changed.from_user, None),
        is_bot=changed.from_user.is_bot,
        sent=changed.date,
        member=new.user.id,
        member_status=status_of(new.status, is_member=bool(getattr(new, "is_member", True))),
    )


def _sender(user: User | None, spoken_for: Chat | None) -> int:
    """The account; 0 for channels and for administrators who hide behind the group."""
    if user is None or spoken_for is not None or user.id == ANONYMOUS_ADMIN:
        return 0
    return user.id


def _replied(message: Message) -> Message | None:
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return None
    # In a topic every message replies to the topic's first one, however it came to be.
    if message.is_topic_message and replied.message_id == message.message_thread_id:
        return None
    return replied


def _is_to_us(message: Message, text: str, replied: Message | None, me: int, username: str) -> bool:
    if replied is not None and replied.from_user is not None and replied.from_user.id == me:
        return True
    named = f"@{username.lower()}" if username else ""
    for entity, words in _entities(message):
        if entity.type == MessageEntity.MENTION and named and words.lower() == named:
            return True
        if entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == me:
            return True
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            _, at, other = words.partition("@")
            return not at or f"@{other.lower()}" == named
    # A server that sends no entities.
    first = text.split(maxsplit=1)[0].lower() if text.strip() else ""
    if first.startswith("/"):
        _, at, other = first.partition("@")
        return not at or f"@{other}" == named
    return bool(named) and named in text.lower().split()


def _entities(message: Message) -> list[tuple[MessageEntity, str]]:
    try:
        found = message.parse_entities() if message.text else message.parse_caption_entities()
    except (RuntimeError, UnicodeError, IndexError):  # offsets that fit no text
        return []
    return list(found.items())


def _attachments(message: Message) -> tuple[Attachment, ...]:
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return (Attachment(kind="photo", file_id=best.file_id, size=best.file_size or 0),)
    for name in _FILES:
        file: Any = getattr(message, name, None)
        if file is not None:
            return (Attachment(kind=name, file_id=file.file_id, size=file.file_size or 0),)
    return ()


def _pin(message: Message) -> tuple[float, float] | None:
    where = message.location or (message.venue.location if message.venue else None)
    return (where.latitude, where.longitude) if where else None
