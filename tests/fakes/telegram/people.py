"""A person's hands: what somebody does in one chat, and what the bot is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.chats import ANONYMOUS_ADMIN, CHANNEL_BOT
from tests.fakes.telegram.records import Account, Message, Press, Topic, Version
from tests.fakes.telegram.showing import show, tell_bot
from tests.fakes.telegram.text import TEXT_LIMIT, cleaned, found_entities, units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.fakes.telegram.chats import Chat
    from tests.fakes.telegram.world import World

_NAMES = {
    "photo": ("", "image/jpeg"),
    "video": ("VID_20261128.mp4", "video/mp4"),
    "video_note": ("", ""),
    "voice": ("", "audio/ogg"),
    "audio": ("tape.mp3", "audio/mpeg"),
    "document": ("report.pdf", "application/pdf"),
    "animation": ("laugh.mp4", "video/mp4"),
    "sticker": ("", ""),
}


class Speaker:
    """Somebody in one chat. Every method that writes gives the message written."""

    def __init__(
        self,
        account: Account,
        chat: Chat,
        wait: Callable[..., Message],
        *,
        is_anonymous: bool = False,
        channel: Chat | None = None,
    ) -> None:
        self.account = account
        self.chat = chat
        self._wait = wait
        self._is_anonymous = is_anonymous
        self._channel = channel

    @property
    def world(self) -> World:
        return self.chat.world

    # words

    def say(
        self,
        text: str,
        *,
        entities: list[dict[str, Any]] | None = None,
        topic: Topic | int = 0,
        reply_to: Message | None = None,
        **fields: Any,
    ) -> Message:
        """Write *text*; commands, mentions and links get their entities unless *entities* are given."""
        text, kept = cleaned(text, found_entities(text) if entities is None else entities)
        if units(text) > TEXT_LIMIT:
            raise ValueError("no client sends so long a message: say_long() splits it as they do")
        return self.write(topic=topic, reply_to=reply_to, text=text, entities=kept, fields=fields)

    def ask(self, text: str, *, timeout_s: float = 10.0, **how: Any) -> Message:
        """Write *text* and wait for the next message that the bot sends or edits in this chat."""
        since = len(self.world.log)
        self.say(text, **how)
        return self._wait(None, self.chat, timeout_s, since=since)

    def say_long(self, text: str, **how: Any) -> list[Message]:
        """Write a text of any length, cut into several messages as clients do."""
        with self.world.lock:
            return [self.say(part, **how) for part in _cut(text)]

    def start(self, payload: str = "") -> Message:
        """Press START, by a link with *payload* if there is one."""
        return self.say(f"/start {payload}".strip())

    def edit(self, message: Message, text: str) -> Message:
        """Change one's own message."""
        with self.world.lock:
            message.history.append(Version(message.words, message.markup))
            text, message.entities = cleaned(text, found_entities(text))
            if message.file is None:
                message.text = text
            else:
                message.caption = text
            message.edit_date = self.world.now()
            self.world.happened("edited", message)
            before = message.update_id
            tell_bot(message, "edited_message")
            message.update_id = message.update_id or before
        return message

    def delete(self, message: Message) -> None:
        """Take a message away; Telegram tells bots nothing of it."""
        with self.world.lock:
            self.chat.remove(message, "person")

    # files

    def send_file(self, kind: str, content: bytes = b"\x00", caption: str = "", **how: Any) -> Message:
        """
        Send a file of *kind*.

        Args:
            kind: As the API names it.
            content: Its bytes.
            caption: Below it.
            how: name, content_type, size (to play a large one), topic, reply_to, album; fields of the API.
        """
        name, content_type = _NAMES[kind]
        with self.world.lock:
            file = self.world.store(
                kind,
                content,
                name=how.pop("name", name),
                content_type=how.pop("content_type", content_type),
                size=how.pop("size", None),
            )
            placed = {key: how.pop(key) for key in ("topic", "reply_to", "album") if key in how}
            caption, entities = cleaned(caption, found_entities(caption))
            return self.write(file=file, caption=caption, entities=entities, fields=how, **placed)

    def photo(self, content: bytes = b"photo", caption: str = "", **how: Any) -> Message:
        return self.send_file("photo", content, caption, **how)

    def video(self, content: bytes = b"video", caption: str = "", **how: Any) -> Message:
        return self.send_file("video", content, caption, **how)

    def video_note(self, content: bytes = b"note", **how: Any) -> Message:
        return self.send_file("video_note", content, **how)

    def voice(self, content: bytes = b"voice", caption: str = "", **how: Any) -> Message:
        return self.send_file("voice", content, caption, **how)

    def audio(self, content: bytes = b"audio", caption: str = "", **how: Any) -> Message:
        return self.send_file("audio", content, caption, **how)

    def document(self, content: bytes = b"document", caption: str = "", **how: Any) -> Message:
        return self.send_file("document", content, caption, **how)

    def animation(self, content: bytes = b"animation", caption: str = "", **how: Any) -> Message:
        return self.send_file("animation", content, caption, **how)

    def sticker(self, content: bytes = b"sticker", **how: Any) -> Message:
        return self.send_file("sticker", content, **how)

    def album(
        self, items: Sequence[bytes | tuple[str, bytes]], caption: str = "", **how: Any
    ) -> list[Message]:
        """Photos, or (kind, bytes), at once: one update each, the caption on the first."""
        with self.world.lock:
            number = f"1{self.world.number():016d}"
            pairs = [item if isinstance(item, tuple) else ("photo", item) for item in items]
            return [
                self.send_file(kind, content, "" if at else caption, album=number, **how)
                for at, (kind, content) in enumerate(pairs)
            ]

    def location(self, latitude: float = 21.0285, longitude: float = 105.8542, **how: Any) -> Message:
        return self.write(fields={"location": {"latitude": latitude, "longitude": longitude}}, **how)

    def contact(self, phone: str = "", **how: Any) -> Message:
        """One's own number."""
        told = {
            "phone_number": phone or self.account.phone,
            "first_name": self.account.first_name,
            "user_id": self.account.id,
        }
        return self.write(fields={"contact": told}, **how)

    def poll(self, question: str = "?", options: Sequence[str] = ("a", "b"), **how: Any) -> Message:
        told = {
            "id": str(self.world.number()),
            "question": question,
            "options": [{"text": o, "voter_count": 0, "persistent_id": o} for o in options],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
        return self.write(fields={"poll": told}, **how)

    # presses

    def press(self, message: Message | None, button: str) -> Press:
        """
        Press a button whose label holds *button*, or whose data is it.

        Args:
            message: The one with the button, stale or not; None is the newest of this chat that has it.
            button: Part of the label, or the whole data.

        Raises:
            LookupError: There is no such button, or it is a link.
        """
        with self.world.lock:
            looked = [message] if message is not None else reversed(self.chat.messages)
            for candidate in looked:
                if candidate.is_deleted and message is None:
                    continue
                for found in candidate.buttons:
                    if button == found.get("callback_data") or button in found["text"]:
                        if "callback_data" not in found:
                            raise LookupError(f"{found['text']!r} is a link to {found.get('url')}")
                        return self.forge_press(found["callback_data"], candidate)
            seen = [labels for m in self.chat.messages[-5:] if (labels := m.labels)]
            raise LookupError(f"no button {button!r}; the last ones: {seen}")

    def forge_press(self, data: str, message: Message | None = None) -> Press:
        """Press with any *data*, as a changed client can."""
        world = self.world
        with world.lock:
            press = Press(
                id=f"{self.account.id}{world.number():012d}",
                by=self.account,
                message=message,
                data=data,
                at=world.now(),
            )
            told: dict[str, Any] = {
                "id": press.id,
                "from": self.account.api(),
                "chat_instance": str(self.chat.id),
                "data": data,
            }
            if message is not None and message.is_deleted:
                told["message"] = {"chat": self.chat.api(), "message_id": message.id, "date": 0}
            elif message is not None:
                told["message"] = show(message)
            world.presses[press.id] = press
            press.update_id = world.updates.push("callback_query", told, self.chat.id)
        return press

    # everything else

    def write(self, *, topic: Topic | int = 0, reply_to: Message | None = None, **fields: Any) -> Message:
        """Write any message: *fields* are those of `records.Message`, and `fields=` those of the API."""
        with self.world.lock:
            self._check_may_write()
            number = topic if isinstance(topic, int) else topic.id
            sender, sender_chat = self._signature()
            placed = self._placed(number, reply_to)
            message = self.chat.add(sender=sender, sender_chat=sender_chat, **placed, **fields)
            tell_bot(message)
        return message

    def _check_may_write(self) -> None:
        chat = self.chat
        if chat.kind == "private":
            if chat.is_blocked:
                raise RuntimeError("this person blocked the bot: unblock() first")
            chat.is_started = True
        elif chat.migrated_to:
            raise RuntimeError("this group was upgraded: write in the new one")
        elif not self._channel and not chat.member(self.account).is_inside:
            raise RuntimeError(f"{self.account.first_name} is not in {chat}")

    def _signature(self) -> tuple[Account | None, Chat | None]:
        if self.chat.kind == "channel":
            return None, self.chat
        if self._channel is not None:
            return CHANNEL_BOT, self._channel
        if self._is_anonymous or self.chat.member(self.account).is_anonymous:
            return ANONYMOUS_ADMIN, self.chat
        return self.account, None

    def _placed(self, topic: int, reply_to: Message | None) -> dict[str, int]:
        """Where in the chat: in a topic every message replies to what made the topic, if to nothing else."""
        chat = self.chat
        original = reply_to.id if reply_to is not None else 0
        if chat.is_forum:
            topic = topic or (reply_to.topic if reply_to is not None else 0)
            if topic and (topic not in chat.topics or chat.topics[topic].is_deleted):
                raise LookupError(f"no topic {topic} in {chat}")
            return {"topic": topic, "reply_to": original or topic}
        if topic:
            raise LookupError(f"{chat} is no forum")
        thread = (reply_to.topic or reply_to.id) if reply_to is not None and chat.kind == "supergroup" else 0
        return {"topic": thread, "reply_to": original}


def _cut(text: str) -> list[str]:
    parts, part, size = [], [], 0
    for letter in text:
        if size + units(letter) > TEXT_LIMIT:
            parts.append("".join(part))
            part, size = [], 0
        part.append(letter)
        size += units(letter)
    return [*parts, "".join(part)]


class Person(Speaker):
    """Somebody, speaking to the bot alone; `in_` speaks elsewhere."""

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def private(self) -> Chat:
        """The chat with the bot."""
        return self.chat

    def in_(self, chat: Chat, *, is_anonymous: bool = False, channel: Chat | None = None) -> Speaker:
        """The same person in a group: openly, as an anonymous administrator, or as a channel."""
        return Speaker(self.account, chat, self._wait, is_anonymous=is_anonymous, channel=channel)

    def deactivate(self) -> None:
        """Close the account at Telegram."""
        self.account.is_deactivated = True

    def block(self) -> None:
        """Stop the bot; it is told."""
        self._set_blocked(True)

    def unblock(self) -> None:
        self._set_blocked(False)

    def _set_blocked(self, is_blocked: bool) -> None:
        with self.world.lock:
            if self.chat.is_blocked == is_blocked:
                return
            self.chat.is_blocked = is_blocked
            states = [{"user": self.world.bot.api(), "status": status} for status in ("member", "kicked")]
            states[1]["until_date"] = 0
            old, new = states if is_blocked else reversed(states)
            told = {
                "chat": self.chat.api(),
                "from": self.account.api(),
                "date": int(self.world.now()),
                "old_chat_member": old,
                "new_chat_member": new,
            }
            self.world.updates.push("my_chat_member", told, self.chat.id)
