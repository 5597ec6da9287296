"""Groups and channels, with the hands of whoever runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.methods.chats import add_topic, drop_topic, note_topic
from tests.fakes.telegram.records import ADMIN_RIGHTS, Account, Member, Message, Topic
from tests.fakes.telegram.showing import tell_bot
from tests.fakes.telegram.text import found_entities

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.fakes.telegram.people import Speaker
    from tests.fakes.telegram.world import World


def rights_of(given: Iterable[str] | dict[str, bool] | None, status: str) -> dict[str, bool]:
    """Rights by name; None is all for an administrator, with `can_` added where it is missing."""
    if isinstance(given, dict):
        return given
    if given is None:
        return dict.fromkeys(ADMIN_RIGHTS, True) if status == "administrator" else {}
    return {name if name.startswith("can_") else f"can_{name}": True for name in given}


class Group(Chat):
    """A group, a supergroup, a forum or a channel."""

    def __init__(self, world: World, id_: int, kind: str, *, title: str, username: str = "") -> None:
        super().__init__(world, id_, kind, title=title, username=username)
        self.members[world.bot.id] = Member(world.bot, "left")
        self.owner = Account(id=world.next_account_id(), first_name="Chủ nhóm")
        self.members[self.owner.id] = Member(self.owner, "creator")
        world.accounts[self.owner.id] = self.owner

    # members

    def set_member(
        self,
        person: Speaker | Account,
        status: str,
        rights: Iterable[str] | dict[str, bool] | None = None,
        *,
        is_anonymous: bool = False,
        by: Speaker | None = None,
    ) -> None:
        """Make somebody what *status* says; the bot is told as far as Telegram would tell it."""
        account = person if isinstance(person, Account) else person.account
        with self.world.lock:
            old = self.member(account)
            new = Member(account, status, rights_of(rights, status), is_anonymous)
            self.members[account.id] = new
            is_bot = account is self.world.bot
            went = status == "left" or (status == "member" and not old.is_inside and not is_bot)
            actor = by.account if by is not None else account if went else self.owner
            sees_service = old.is_inside if is_bot else False
            self._tell_change("my_chat_member" if is_bot else "chat_member", old, new, actor)
            if old.is_inside != new.is_inside and self.kind != "channel" and not sees_service:
                self._tell_coming(new, actor)
            self.world.notify()

    def _tell_change(self, kind: str, old: Member, new: Member, actor: Account) -> None:
        if kind == "chat_member" and not self.bot.is_admin:
            return
        told = {
            "chat": self.api(),
            "from": actor.api(),
            "date": int(self.world.now()),
            "old_chat_member": old.api(),
            "new_chat_member": new.api(),
        }
        self.world.updates.push(kind, told, self.id)

    def _tell_coming(self, new: Member, actor: Account) -> None:
        shown = new.account.api()
        event = {"new_chat_members": [shown]} if new.is_inside else {"left_chat_member": shown}
        tell_bot(self.add(sender=actor, is_service=True, fields=event))

    def set_bot(self, status: str, rights: Iterable[str] | dict[str, bool] | None = None) -> None:
        """Make the bot what *status* says."""
        self.set_member(self.world.bot, status, rights, by=None)

    def leave(self) -> None:
        self.set_bot("left")

    def add_bot(self) -> None:
        """Somebody adds the bot as a plain member."""
        self.set_bot("member")

    def kick_bot(self) -> None:
        self.set_bot("kicked")

    def demote_bot(self, rights: Iterable[str] | dict[str, bool] = ()) -> None:
        """Leave the bot these rights only; with none it is a plain member."""
        named = rights_of(rights, "administrator")
        self.set_bot("administrator" if any(named.values()) else "member", named)

    # topics and other service messages

    def make_topic(self, name: str, by: Speaker | None = None) -> Topic:
        """Somebody makes a topic."""
        with self.world.lock:
            if not self.is_forum:
                raise LookupError(f"{self} is no forum")
            topic, message = add_topic(self, name, sender=by.account if by else self.owner)
            tell_bot(message)
        return topic

    def close_topic(self, topic: Topic | int, *, is_open: bool = False, by: Speaker | None = None) -> None:
        """Somebody closes a topic, or opens it again."""
        event = "forum_topic_reopened" if is_open else "forum_topic_closed"
        with self.world.lock:
            found = self._topic(topic)
            found.is_closed = not is_open
            tell_bot(note_topic(self, found, event, {}, sender=by.account if by else self.owner))

    def rename_topic(self, topic: Topic | int, name: str, by: Speaker | None = None) -> None:
        with self.world.lock:
            found = self._topic(topic)
            found.name = name
            sender = by.account if by else self.owner
            tell_bot(note_topic(self, found, "forum_topic_edited", {"name": name}, sender=sender))

    def delete_topic(self, topic: Topic | int) -> None:
        """Somebody deletes a topic with all in it; the bot is told nothing."""
        with self.world.lock:
            drop_topic(self, self._topic(topic), "person")

    def _topic(self, topic: Topic | int) -> Topic:
        return topic if isinstance(topic, Topic) else self.topics[topic]

    def rename(self, title: str) -> None:
        """Change the title; the bot gets the service message."""
        with self.world.lock:
            self.title = title
            self.service(new_chat_title=title)

    def set_forum(self, is_forum: bool) -> None:
        """Turn topics on or off."""
        with self.world.lock:
            self.is_forum = is_forum

    def post(self, text: str, **fields: Any) -> Message:
        """Write as the channel itself."""
        with self.world.lock:
            message = self.add(sender_chat=self, text=text, entities=found_entities(text), fields=fields)
            tell_bot(message)
        return message

    def service(self, **fields: Any) -> None:
        """Any service message, from the owner."""
        with self.world.lock:
            tell_bot(self.add(sender=self.owner, is_service=True, fields=fields))

    def migrate(self) -> Group:
        """Upgrade to a supergroup with a new id; the bot gets both service messages. Gives the new one."""
        with self.world.lock:
            new = Group(self.world, self.world.next_group_id("supergroup"), "supergroup", title=self.title)
            del self.world.accounts[new.owner.id]
            new.owner, new.members, new.topics = self.owner, dict(self.members), {}
            self.world.chats[new.id] = new
            self.migrated_to = new.id
            self.service(migrate_to_chat_id=new.id)
            new.service(migrate_from_chat_id=self.id)
        return new
