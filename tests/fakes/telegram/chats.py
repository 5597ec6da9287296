"""A chat: who is in it and what was written there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.records import Account, Member, Message, Topic

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World

ANONYMOUS_ADMIN = Account(id=1_087_968_824, first_name="Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = Account(id=136_817_688, first_name="Channel", username="Channel_Bot", is_bot=True)


class Chat:
    """
    A private chat, a group, a supergroup or a channel. To be changed under the world's lock.

    `messages` are all, in order, with those deleted. Ids of private chats and basic groups come from one
    count for the whole account, those of supergroups and channels each from their own, as at Telegram.
    """

    def __init__(self, world: World, id_: int, kind: str, *, title: str = "", username: str = "") -> None:
        self.world = world
        self.id = id_
        self.kind = kind
        self.title = title
        self.username = username
        self.is_forum = False
        self.person: Account | None = None
        self.is_started = kind != "private"  # the person wrote to the bot first
        self.is_blocked = False
        self.migrated_to = 0
        self.hides_members = False
        self.members: dict[int, Member] = {}
        self.topics: dict[int, Topic] = {}
        self.messages: list[Message] = []
        self.by_id: dict[int, Message] = {}
        self.drafts: list[str] = []
        self.actions: list[tuple[str, int]] = []  # chat action, topic
        self._last_id = 20  # it has been there for a while; 1 would be the general topic

    def __repr__(self) -> str:
        return f"<{self.kind} {self.id} {self.title!r}>"

    @property
    def is_group(self) -> bool:
        return self.kind in ("group", "supergroup")

    @property
    def bot(self) -> Member:
        """The bot under test, in here."""
        return self.members[self.world.bot.id]

    @property
    def from_bot(self) -> list[Message]:
        """What the bot wrote and did not delete, in order."""
        return [message for message in self.messages if message.is_from_bot and not message.is_deleted]

    @property
    def visible(self) -> list[Message]:
        """What is still there, in order."""
        return [message for message in self.messages if not message.is_deleted]

    @property
    def last(self) -> Message | None:
        """The newest message of the bot that is still there."""
        return next((m for m in reversed(self.messages) if m.is_from_bot and not m.is_deleted), None)

    def topic_named(self, name: str) -> Topic:
        """The newest topic whose name holds *name*, not one deleted."""
        for topic in reversed(self.topics.values()):
            if name in topic.name and not topic.is_deleted:
                return topic
        raise LookupError(f"no topic {name!r} among {[topic.name for topic in self.topics.values()]}")

    def in_topic(self, topic: Topic | int) -> list[Message]:
        """What stands in one topic, in order; 0 is the general one."""
        number = topic if isinstance(topic, int) else topic.id
        return [message for message in self.messages if message.topic == number and not message.is_deleted]

    def api(self) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.person is not None:
            told |= {n: v for n in ("first_name", "last_name", "username") if (v := getattr(self.person, n))}
        else:
            told["title"] = self.title
            if self.username:
                told["username"] = self.username
        if self.is_forum:
            told["is_forum"] = True
        return told

    def member(self, account: Account) -> Member:
        """Who *account* is in here; somebody who left if they never came."""
        return self.members.get(account.id) or Member(account, "left")

    def next_id(self) -> int:
        if self.kind in ("private", "group"):
            return self.world.next_shared_id()
        self._last_id += 1
        return self._last_id

    def add(self, **fields: Any) -> Message:
        """Write one message."""
        message = Message(chat=self, id=self.next_id(), date=self.world.now(), **fields)
        self.messages.append(message)
        self.by_id[message.id] = message
        self.world.happened("sent", message)
        return message

    def leave(self) -> None:
        """The bot goes by itself."""
        raise NotImplementedError

    def remove(self, message: Message, by: str) -> None:
        """Delete one message; what it said is kept for the test to see."""
        message.is_deleted = True
        message.deleted_by = by
        self.world.happened("deleted", message)
