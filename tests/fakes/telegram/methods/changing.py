"""Messages edited and deleted, presses answered, and what our program must never use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.call import Call, method
from tests.fakes.telegram.keyboards import checked_markup
from tests.fakes.telegram.methods.sending import checked_caption, checked_text, place_of
from tests.fakes.telegram.records import Version
from tests.fakes.telegram.refusals import bad
from tests.fakes.telegram.showing import show

if TYPE_CHECKING:
    from tests.fakes.telegram.chats import Chat
    from tests.fakes.telegram.records import Message

DELETABLE_S = 48 * 3600
ANSWER_CHARACTERS = 200
DELETED_AT_ONCE = 100
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a"
    " current content and reply markup of the message"
)


def _own(call: Call) -> Message:
    chat = call.chat()
    number = call.integer("message_id")
    if not number:
        raise bad("message identifier is not specified", is_fault=True)
    message = chat.by_id.get(number)
    if message is None or message.is_deleted:
        raise bad("message to edit not found")
    if not message.is_from_bot or message.is_service:
        raise bad("message can't be edited", is_fault=True)
    if message.markup and "inline_keyboard" not in message.markup:
        raise bad("message can't be edited", is_fault=True)  # one with another kind of keyboard
    return message


def _change(call: Call, message: Message, words: dict[str, Any]) -> dict[str, Any]:
    markup = checked_markup(call.json("reply_markup"))
    seen = ("text", "caption", "entities")
    if markup == message.markup and all(words[n] == getattr(message, n) for n in seen if n in words):
        raise bad(_SAME)
    message.history.append(Version(message.words, message.markup))
    for name, value in words.items():
        setattr(message, name, value)
    message.markup = markup
    message.edit_date = call.world.now()
    call.world.happened("edited", message)
    return show(message)


@method("editMessageText")
def edit_message_text(call: Call) -> Any:
    message = _own(call)
    if not message.text:
        raise bad("there is no text in the message to edit", is_fault=True)
    return _change(call, message, checked_text(call))


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Any:
    message = _own(call)
    if message.file is None:
        raise bad("there is no caption in the message to edit", is_fault=True)
    return _change(call, message, checked_caption(call))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Any:
    return _change(call, _own(call), {})


def _check_deletable(chat: Chat, message: Message) -> None:
    refused = bad("message can't be deleted")
    if message.fields.keys() & {"forum_topic_created", "group_chat_created", "migrate_to_chat_id"}:
        raise refused
    if chat.world.now() - message.date > DELETABLE_S:
        raise refused
    if chat.kind != "private" and not message.is_from_bot and not chat.bot.may("can_delete_messages"):
        raise refused


@method("deleteMessage")
def delete_message(call: Call) -> Any:
    chat = call.chat()
    message = chat.by_id.get(call.integer("message_id"))
    if message is None or message.is_deleted:
        raise bad("message to delete not found")
    _check_deletable(chat, message)
    chat.remove(message, "bot")
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> Any:
    """Those not there are passed over."""
    chat = call.chat()
    numbers = call.json("message_ids") or []
    if not 1 <= len(numbers) <= DELETED_AT_ONCE:
        raise bad("there are no or too many messages to delete", is_fault=True)
    found = [chat.by_id[number] for number in numbers if number in chat.by_id]
    there = [message for message in found if not message.is_deleted]
    for message in there:
        _check_deletable(chat, message)
    for message in there:
        chat.remove(message, "bot")
    return True


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> Any:
    """Each press once, and soon."""
    words = call.text("text")
    if len(words) > ANSWER_CHARACTERS:
        raise bad("MESSAGE_TOO_LONG", is_fault=True)
    press = call.world.presses.get(call.text("callback_query_id"))
    is_late = press is None or call.world.now() - press.at > call.world.press_limit_s
    if press is None or press.is_answered or is_late:
        if press is not None:
            press.is_answered = True  # too late, but it was not forgotten
        raise bad("query is too old and response timeout expired or query ID is invalid")
    press.is_answered = True
    press.words = words
    press.is_alert = call.flag("show_alert")
    call.world.notify()
    return True


def _copied(call: Call, number: int) -> Message:
    call.world.fault(f"{call.method}: our program must never hand a message on")
    source = call.world.chats.get(call.integer("from_chat_id"))
    original = source.by_id.get(number) if source else None
    if original is None or original.is_deleted or original.is_protected:
        raise bad("message to forward not found" if "forward" in call.method else "message to copy not found")
    kept = {"text": original.text, "caption": original.caption, "entities": original.entities}
    return place_of(call).write(**kept, file=original.file, is_resent=original.file is not None)


@method("forwardMessage")
def forward_message(call: Call) -> Any:
    return show(_copied(call, call.integer("message_id")))


@method("copyMessage")
def copy_message(call: Call) -> Any:
    return {"message_id": _copied(call, call.integer("message_id")).id}


@method("forwardMessages")
@method("copyMessages")
def copy_messages(call: Call) -> Any:
    return [{"message_id": _copied(call, number).id} for number in call.json("message_ids") or []]
