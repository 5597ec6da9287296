"""One call of the Bot API, and the table of the methods that the fake knows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.refusals import Refused, bad, forbidden

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.telegram.chats import Chat
    from tests.fakes.telegram.world import World

_WORDS = frozenset({"text", "caption", "url", "secret_token", "name", "description", "short_description"})


@dataclass(frozen=True, slots=True)
class Uploaded:
    """One file of a multipart body."""

    name: str
    content: bytes
    content_type: str


@dataclass(slots=True)
class Call:
    """What the bot asked for. Parameters as they came, all text."""

    method: str
    given: dict[str, str]
    uploads: dict[str, Uploaded]
    world: World

    def text(self, name: str) -> str:
        return self.given.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        raw = self.given.get(name, "")
        if not raw:
            return default
        try:
            return int(raw)
        except ValueError:
            raise bad(f"parameter {name} must be an integer", is_fault=True) from None

    def real(self, name: str) -> float:
        try:
            return float(self.given[name])
        except (KeyError, ValueError):
            raise bad(f"{name} is empty or no number", is_fault=True) from None

    def flag(self, name: str) -> bool:
        return self.given.get(name, "").lower() in ("true", "1", "yes")

    def json(self, name: str) -> Any:
        raw = self.given.get(name, "")
        if not raw:
            return None
        try:
            return json.loads(raw)
        except ValueError:
            raise bad(f"can't parse {name} JSON object", is_fault=True) from None

    def chat(self) -> Chat:
        """
        The chat asked for, if the bot may act there.

        Raises:
            Refused: There is none, it moved, or the bot is not wanted there.
        """
        raw = self.text("chat_id")
        if not raw:
            raise bad("chat_id is empty", is_fault=True)
        chat = find_chat(self.world, raw)
        check_reach(chat)
        return chat

    def user(self) -> int:
        number = self.integer("user_id")
        if number <= 0:
            raise bad("invalid user_id specified", is_fault=True)
        return number


def find_chat(world: World, raw: str) -> Chat:
    """A chat by id or by @name."""
    if raw.startswith("@"):
        named = (
            c for c in world.chats.values() if c.username.lower() == raw[1:].lower() and c.kind != "private"
        )
        chat = next(named, None)
    else:
        chat = world.chats.get(int(raw)) if raw.lstrip("-").isdigit() else None
    if chat is None:
        raise bad("chat not found")
    return chat


def check_reach(chat: Chat) -> None:
    """Refuse where the bot may not be."""
    if chat.migrated_to:
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refused(400, words, {"migrate_to_chat_id": chat.migrated_to})
    if chat.kind == "private":
        if chat.person is not None and chat.person.is_deactivated:
            raise forbidden("user is deactivated")
        if chat.is_blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.is_started:
            person = chat.person
            met = any(person.id in other.members for other in chat.world.chats.values() if other.is_group)
            raise forbidden("bot can't initiate conversation with a user") if met else bad("chat not found")
        return
    named = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}[chat.kind]
    if chat.bot.status == "kicked":
        raise forbidden(f"bot was kicked from the {named}")
    if not chat.bot.is_inside:
        raise forbidden(f"bot is not a member of the {named}")


@dataclass(frozen=True, slots=True)
class Record:
    """One call as tests look at it; `params` with numbers and JSON read."""

    method: str
    params: dict[str, Any]
    uploads: dict[str, str]  # field → file name
    at: float  # seconds since 1970
    outcome: list[int] = field(default_factory=list)  # the status answered, once it was

    @property
    def status(self) -> int:
        """0 while it is not answered."""
        return self.outcome[0] if self.outcome else 0


def read_params(given: dict[str, str]) -> dict[str, Any]:
    """*given* with numbers, flags and JSON as such; words stay words."""
    read: dict[str, Any] = {}
    for name, raw in given.items():
        try:
            read[name] = raw if name in _WORDS else json.loads(raw)
        except ValueError:
            read[name] = raw
    return read


METHODS: dict[str, Callable[[Call], Any]] = {}


def method(name: str) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """Enter a function in the table; it runs under the world's lock."""

    def entered(function: Callable[[Call], Any]) -> Callable[[Call], Any]:
        METHODS[name.lower()] = function
        return function

    return entered
