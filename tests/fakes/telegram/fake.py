"""
A Bot API server of our own: real HTTP, as strict as Telegram, driven by the hands of its people.

    with FakeTelegram() as fake:
        an = fake.person("An")
        an.say("Đăng ký tạm trú?")
        answer = fake.wait_for("tạm trú", an.private)
        an.press(answer, "Nguồn")

`fake.api` is the address for the program (`…/bot<token>/…` and `…/file/bot<token>/…` below it). What no
well-behaved bot does is kept in `fake.faults`; `fake.check()` at the end of a test says so.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.groups import Group, rights_of
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.records import Account, Member, Message, Press
from tests.fakes.telegram.server import Server
from tests.fakes.telegram.troubles import Limits, Trouble, Troubles
from tests.fakes.telegram.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.fakes.telegram.call import Record
    from tests.fakes.telegram.updates import Hook

TOKEN = "7310000001:AAFakeTokenOfNobody_0123456789abcdef"  # noqa: S105 - opens only the fake


class FakeTelegram:
    """One fake Telegram for one bot, from `with` to its end; programs under test may die and come back."""

    def __init__(self, token: str = TOKEN, username: str = "binhan_bot") -> None:
        self.token = token
        self.world = World(token, username)
        self.troubles = Troubles()
        self.limits = Limits()
        self.server = Server(self.world, self.troubles, self.limits)
        self._is_down = False

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()

    @property
    def api(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def bot(self) -> Account:
        return self.world.bot

    # people and places

    def person(self, first_name: str = "An", *, language_code: str = "vi", **known: Any) -> Person:
        """Somebody who never wrote to the bot; *known*: last_name, username, phone, is_premium."""
        with self.world.lock:
            number = self.world.next_account_id()
            account = Account(id=number, first_name=first_name, language_code=language_code, **known)
            chat = Chat(self.world, account.id, "private", username=account.username)
            chat.person = account
            self.world.accounts[account.id] = account
            self.world.chats[chat.id] = chat
        return Person(account, chat, self.wait_for)

    def group(  # noqa: PLR0913 - a group has that many sides
        self,
        title: str = "Tổ dân phố",
        *,
        is_forum: bool = False,
        is_supergroup: bool = True,
        username: str = "",
        members: dict[Person, str] | Iterable[Person] = (),
        bot_status: str = "member",
        bot_rights: Iterable[str] | dict[str, bool] | None = None,
    ) -> Group:
        """A group that is there already: nobody is told. An administrator has all rights unless given."""
        kind = "supergroup" if is_supergroup or is_forum else "group"
        with self.world.lock:
            group = Group(self.world, self.world.next_group_id(kind), kind, title=title, username=username)
            group.is_forum = is_forum
            self.world.chats[group.id] = group
            given = members if isinstance(members, dict) else dict.fromkeys(members, "member")
            for person, status in given.items():
                group.members[person.id] = Member(person.account, status, rights_of(None, status))
            group.members[self.bot.id] = Member(self.bot, bot_status, rights_of(bot_rights, bot_status))
        return group

    def channel(self, title: str = "Kênh", *, username: str = "") -> Group:
        """A channel where the bot is an administrator; whoever is its `owner` writes there."""
        with self.world.lock:
            made = Group(
                self.world, self.world.next_group_id("channel"), "channel", title=title, username=username
            )
            self.world.chats[made.id] = made
            made.members[self.bot.id] = Member(self.bot, "administrator", rights_of(None, "administrator"))
        return made

    def push(self, update: dict[str, Any], lane: int = 0) -> int:
        """Queue any update, broken or not; `update_id` is added if it has none. Gives its id."""
        with self.world.lock:
            return self.world.updates.push_raw(update, lane)

    def advance(self, seconds: float) -> None:
        """Let time pass: messages, presses and updates grow older."""
        with self.world.lock:
            self.world.shift_s += seconds

    # looking

    @property
    def calls(self) -> list[Record]:
        """Every call with the right token, getUpdates too, in order."""
        return self.server.calls

    def calls_of(self, method: str) -> list[Record]:
        return [call for call in list(self.calls) if call.method.lower() == method.lower()]

    @property
    def confirmed_up_to(self) -> int:
        """The highest update_id such that it and all below were confirmed or delivered."""
        with self.world.lock:
            return self.world.updates.confirmed_up_to

    @property
    def pending(self) -> int:
        """How many updates wait."""
        with self.world.lock:
            return len(self.world.updates.pending)

    @property
    def unanswered_presses(self) -> list[Press]:
        """Presses that the bot was told of and did not answer."""
        with self.world.lock:
            return [p for p in self.world.presses.values() if p.update_id and not p.is_answered]

    def mark(self) -> int:
        """Now, for *since* of `wait_for`."""
        return len(self.world.log)

    def wait_for(
        self,
        what: str | Callable[[Message], bool] | None = None,
        chat: Chat | None = None,
        timeout_s: float = 10.0,
        *,
        since: int = 0,
    ) -> Message:
        """
        Wait for a message of the bot that is there, as it was sent or edited.

        Args:
            what: Words that its text or caption holds, or what must be true of it; None is any.
            chat: Only there.
            timeout_s: How long to wait.
            since: A `mark`: nothing before it counts.

        Raises:
            TimeoutError: With the last messages.
        """
        fits = what if callable(what) else (lambda message: not what or what in message.words)
        log, at = self.world.log, since
        end = time.monotonic() + timeout_s
        with self.world.changed:
            while True:
                while at < len(log):
                    happening, message = log[at]
                    at += 1
                    is_ours = message.is_from_bot and (chat is None or message.chat is chat)
                    if happening != "deleted" and is_ours and not message.is_deleted and fits(message):
                        return message
                left = end - time.monotonic()
                if left <= 0:
                    there = chat.messages if chat else [m for _, m in log]
                    raise TimeoutError(f"no message with {what!r} within {timeout_s} s; last: {there[-6:]}")
                self.world.changed.wait(left)

    def wait_until(self, fact: Callable[[], bool], timeout_s: float = 10.0) -> None:
        """
        Wait until *fact* holds; it is asked again after whatever happens here.

        Raises:
            TimeoutError: It never did.
        """
        end = time.monotonic() + timeout_s
        with self.world.changed:
            while not fact():
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"not within {timeout_s} s; faults: {self.faults}")
                self.world.changed.wait(min(left, 0.5))

    def wait_handled(self, timeout_s: float = 10.0) -> None:
        """Wait until every update was confirmed or delivered."""
        self.wait_until(lambda: not self.world.updates.pending, timeout_s)

    # judging

    @property
    def faults(self) -> list[str]:
        """What no well-behaved bot does, as "method: description"."""
        return self.world.faults

    def allow(self, *words: str) -> None:
        """Let faults that hold any of *words* pass, such as a method's name."""
        self.world.allowed.extend(words)
        self.world.faults[:] = [f for f in self.world.faults if not any(word in f for word in words)]

    def check(self) -> None:
        """Assert that there were no faults, and that every press was answered."""
        assert not self.faults, "\n".join(self.faults)
        unanswered = [f"{press.data!r} of {press.by.first_name}" for press in self.unanswered_presses]
        assert not unanswered, f"presses never answered: {unanswered}"

    # trouble

    def fail_next(  # noqa: PLR0913 - all but the first two are rarely given
        self,
        method: str,
        times: int = 1,
        code: int = 500,
        description: str = "",
        *,
        retry_after: int = 0,
        chat: Chat | None = None,
    ) -> None:
        """Answer the next calls of *method* ("*": any but getUpdates) with an error instead of doing them."""
        trouble = Trouble(
            method=method,
            times=times,
            code=429 if retry_after else code,
            description=description,
            retry_after_s=retry_after,
            chat=chat.id if chat else 0,
        )
        self.troubles.add(trouble)

    def delay_next(self, method: str, seconds: float, times: int = 1) -> None:
        """Wait before the next calls of *method* are done."""
        self.troubles.add(Trouble(method=method, times=times, delay_s=seconds))

    def lose_next_answer(self, method: str, times: int = 1) -> None:
        """Do the next calls of *method*, then drop the connection without an answer."""
        self.troubles.add(Trouble(method=method, times=times, is_lost=True))

    def without(self, *methods: str) -> None:
        """Be an older server that knows no such *methods*; asking for them is no fault."""
        self.server.unknown.update(method.lower() for method in methods)

    def down(self, *, is_bad_gateway: bool = False) -> None:
        """Be out of reach: connections are refused, or answered with 502."""
        if is_bad_gateway:
            self.server.is_bad_gateway = True
            self.server.in_loop(self.server.pause_delivery(True))
        elif not self._is_down:
            self._is_down = True
            self.server.in_loop(self.server.refuse_connections())

    def up(self) -> None:
        """Be back."""
        self.server.is_bad_gateway = False
        if self._is_down:
            self._is_down = False
            self.server.in_loop(self.server.accept_connections())
        else:
            self.server.in_loop(self.server.pause_delivery(False))

    @property
    def hook(self) -> Hook:
        """The webhook, with its patience."""
        return self.world.updates.hook
