"""sendMessage, and what all sending has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.call import Call, method
from tests.fakes.telegram.keyboards import checked_markup
from tests.fakes.telegram.refusals import bad
from tests.fakes.telegram.showing import show
from tests.fakes.telegram.text import CAPTION_LIMIT, TEXT_LIMIT, read_formatted, units

if TYPE_CHECKING:
    from tests.fakes.telegram.chats import Chat
    from tests.fakes.telegram.records import Message

DRAFT_S = 30
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


@dataclass(slots=True)
class Place:
    """Where a message goes and how."""

    chat: Chat
    fields: dict[str, Any]

    def write(self, **fields: Any) -> Message:
        """Write it there, from the bot."""
        sender, sender_chat = self.chat.world.bot, None
        if self.chat.kind == "channel":
            sender, sender_chat = None, self.chat
        return self.chat.add(
            sender=sender, sender_chat=sender_chat, is_from_bot=True, **self.fields, **fields
        )


def place_of(call: Call) -> Place:
    """
    Where the call sends to.

    Raises:
        Refused: No such chat, topic or message, or no right to write there.
    """
    chat = call.chat()
    check_may_write(chat)
    topic = topic_of(call, chat)
    reply_to, reply_topic = _reply_of(call, chat)
    if reply_to and chat.is_forum and not topic:
        topic = reply_topic
    elif reply_to and chat.kind == "supergroup" and not chat.is_forum:
        topic = reply_topic or reply_to
    return Place(
        chat,
        {
            "topic": topic,
            "reply_to": reply_to or (topic if chat.is_forum else 0),
            "markup": checked_markup(call.json("reply_markup")),
            "is_protected": call.flag("protect_content"),
            "is_silent": call.flag("disable_notification"),
            "has_preview": not (call.json("link_preview_options") or {}).get("is_disabled", False),
        },
    )


def check_may_write(chat: Chat) -> None:
    """Refuse where the bot is but may not write."""
    if chat.kind == "private":
        return
    if chat.bot.status == "restricted" and not chat.bot.rights.get("can_send_messages", False):
        raise bad("not enough rights to send text messages to the chat")
    if chat.kind == "channel" and not chat.bot.is_admin:
        raise bad("need administrator rights in the channel chat")


def topic_of(call: Call, chat: Chat) -> int:
    """The topic asked for, 0 if none."""
    number = call.integer("message_thread_id")
    if not number:
        return 0
    topic = chat.topics.get(number) if chat.is_forum else None
    if topic is None or topic.is_deleted:
        raise bad("message thread not found")
    if topic.is_closed and not chat.bot.may("can_manage_topics"):
        raise bad("TOPIC_CLOSED")
    return number


def _reply_of(call: Call, chat: Chat) -> tuple[int, int]:
    asked = call.json("reply_parameters") or {}
    if "reply_to_message_id" in call.given:
        asked = {
            "message_id": call.integer("reply_to_message_id"),
            "allow_sending_without_reply": call.flag("allow_sending_without_reply"),
        }
    if not asked:
        return 0, 0
    if asked.get("chat_id") not in (None, chat.id):
        raise bad("the fake knows no replies into other chats", is_fault=True)
    original = chat.by_id.get(int(asked.get("message_id", 0)))
    if original is not None and not original.is_deleted:
        return original.id, original.topic
    if asked.get("allow_sending_without_reply"):
        return 0, 0
    raise bad("message to be replied not found")


def formatted(call: Call, name: str) -> tuple[str, list[dict[str, Any]]]:
    """The words of the parameter *name* with their entities."""
    given = call.json("entities" if name == "text" else "caption_entities")
    return read_formatted(call.text(name), call.text("parse_mode"), given)


def checked_text(call: Call) -> dict[str, Any]:
    """The text of a message, 1 to 4,096 units."""
    text, entities = formatted(call, "text")
    if not text:
        raise bad("message text is empty", is_fault=True)
    if units(text) > TEXT_LIMIT:
        raise bad("message is too long", is_fault=True)
    return {
        "text": text,
        "entities": entities,
        "source": call.text("text"),
        "parse_mode": call.text("parse_mode"),
    }


def checked_caption(call: Call) -> dict[str, Any]:
    """The caption of a file, at most 1,024 units."""
    caption, entities = formatted(call, "caption")
    if units(caption) > CAPTION_LIMIT:
        raise bad("message caption is too long", is_fault=True)
    return {
        "caption": caption,
        "entities": entities,
        "source": call.text("caption"),
        "parse_mode": call.text("parse_mode"),
    }


@method("sendMessage")
def send_message(call: Call) -> Any:
    """Text."""
    words = checked_text(call)
    return show(place_of(call).write(**words))


@method("sendMessageDraft")
def send_message_draft(call: Call) -> Any:
    """A preview that lasts half a minute, in private chats only."""
    chat = call.chat()
    if chat.kind != "private":
        raise bad("message drafts can be sent only to private chats", is_fault=True)
    if not call.integer("draft_id"):
        raise bad("DRAFT_ID_INVALID", is_fault=True)
    text, _ = formatted(call, "text")
    if units(text) > TEXT_LIMIT:
        raise bad("message is too long", is_fault=True)
    chat.drafts.append(text)
    call.world.notify()
    return True


@method("sendChatAction")
def send_chat_action(call: Call) -> Any:
    """Typing and the like, for five seconds."""
    chat = call.chat()
    check_may_write(chat)
    topic = topic_of(call, chat)
    if call.text("action") not in _ACTIONS:
        raise bad("wrong parameter action in request", is_fault=True)
    chat.actions.append((call.text("action"), topic))
    call.world.notify()
    return True
