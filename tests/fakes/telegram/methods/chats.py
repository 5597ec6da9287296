"""What a chat is, who is in it, and its topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.call import Call, method
from tests.fakes.telegram.records import Topic
from tests.fakes.telegram.refusals import bad

if TYPE_CHECKING:
    from tests.fakes.telegram.chats import Chat

TOPIC_NAME = 128
_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


@method("getChat")
def get_chat(call: Call) -> Any:
    chat = call.chat()
    more = {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    return chat.api() | more | ({"permissions": {"can_send_messages": True}} if chat.is_group else {})


@method("getChatMember")
def get_chat_member(call: Call) -> Any:
    chat, number = call.chat(), call.user()
    account = call.world.accounts.get(number)
    if account is None:
        raise bad("PARTICIPANT_ID_INVALID")
    if chat.hides_members and number != call.world.bot.id and not chat.bot.is_admin:
        raise bad("member list is inaccessible")
    if chat.kind == "private":
        return {"user": account.api(), "status": "member"}
    return chat.member(account).api()


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> Any:
    chat = call.chat()
    if chat.kind == "private":
        raise bad("there are no administrators in the private chat", is_fault=True)
    admins = [member for member in chat.members.values() if member.is_admin]
    return [member.api() for member in admins if not member.account.is_bot or member is chat.bot]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> Any:
    chat = call.chat()
    return 2 if chat.kind == "private" else sum(member.is_inside for member in chat.members.values())


@method("leaveChat")
def leave_chat(call: Call) -> Any:
    chat = call.chat()
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats", is_fault=True)
    chat.leave()
    return True


def add_topic(chat: Chat, name: str, color: int = _COLORS[0], **sender: Any) -> tuple[Topic, Any]:
    """A new topic and the message that made it."""
    created = {"name": name, "icon_color": color}
    message = chat.add(is_service=True, fields={"forum_topic_created": created}, **sender)
    message.topic = message.id
    topic = Topic(message.id, name, sender["sender"], color)
    chat.topics[topic.id] = topic
    return topic, message


def note_topic(chat: Chat, topic: Topic, event: str, told: dict[str, Any], **sender: Any) -> Any:
    """The service message about a topic edited, closed or opened again."""
    return chat.add(is_service=True, topic=topic.id, reply_to=topic.id, fields={event: told}, **sender)


def _forum(call: Call) -> Chat:
    chat = call.chat()
    if not chat.is_forum:
        raise bad("the chat is not a forum")
    return chat


def _topic(call: Call, chat: Chat, right: str) -> Topic:
    topic = chat.topics.get(call.integer("message_thread_id"))
    if topic is None or topic.is_deleted:
        raise bad("TOPIC_ID_INVALID")
    is_own = topic.by is call.world.bot and right == "can_manage_topics"
    if not chat.bot.may(right) and not is_own:
        raise bad(f"not enough rights to {'delete' if 'delete' in call.method else 'manage'} a topic")
    return topic


def _by_bot(call: Call) -> dict[str, Any]:
    return {"sender": call.world.bot, "is_from_bot": True}


@method("createForumTopic")
def create_forum_topic(call: Call) -> Any:
    chat, name = _forum(call), call.text("name").strip()
    if not chat.bot.may("can_manage_topics"):
        raise bad("not enough rights to create a topic")
    if not 1 <= len(name) <= TOPIC_NAME:
        raise bad("TOPIC_TITLE_INVALID" if name else "topic name must be non-empty", is_fault=True)
    color = call.integer("icon_color", _COLORS[0])
    if color not in _COLORS:
        raise bad("TOPIC_ICON_COLOR_INVALID", is_fault=True)
    topic, _ = add_topic(chat, name, color, **_by_bot(call))
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}


@method("editForumTopic")
def edit_forum_topic(call: Call) -> Any:
    chat = _forum(call)
    topic = _topic(call, chat, "can_manage_topics")
    name = call.text("name").strip()
    if len(name) > TOPIC_NAME:
        raise bad("TOPIC_TITLE_INVALID", is_fault=True)
    if not name or name == topic.name:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.name = name
    note_topic(chat, topic, "forum_topic_edited", {"name": name}, **_by_bot(call))
    return True


@method("closeForumTopic")
def close_forum_topic(call: Call) -> Any:
    return _set_closed(call, True)


@method("reopenForumTopic")
def reopen_forum_topic(call: Call) -> Any:
    return _set_closed(call, False)


def _set_closed(call: Call, is_closed: bool) -> bool:
    chat = _forum(call)
    topic = _topic(call, chat, "can_manage_topics")
    if topic.is_closed == is_closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.is_closed = is_closed
    note_topic(
        chat, topic, "forum_topic_closed" if is_closed else "forum_topic_reopened", {}, **_by_bot(call)
    )
    return True


@method("deleteForumTopic")
def delete_forum_topic(call: Call) -> Any:
    chat = _forum(call)
    drop_topic(chat, _topic(call, chat, "can_delete_messages"), "bot")
    return True


def drop_topic(chat: Chat, topic: Topic, by: str) -> None:
    """Delete a topic with everything in it."""
    topic.is_deleted = True
    for message in chat.messages:
        if message.topic == topic.id and not message.is_deleted:
            chat.remove(message, by)
