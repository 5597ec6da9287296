"""Updates that wait for the bot, in order, until it confirms them."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "poll",
    "poll_answer",
)
ONLY_IF_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KEPT_S = 24 * 3600
FIRST_ID = 731_000_001


@dataclass(slots=True, eq=False)
class Hook:
    """Where updates are delivered, and how patiently; no `url` means that the bot fetches them itself."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    first_wait_s: float = 0.05
    longest_wait_s: float = 0.5
    timeout_s: float = 60.0
    last_error: str = ""
    last_error_at: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """One update as JSON; those of one *lane* (a chat) reach a webhook one after another."""

    id: int
    lane: int
    raw: str
    at: float


class Updates:
    """The queue. To be used under the world's lock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self.allowed: tuple[str, ...] = ()
        self.last_id = FIRST_ID - 1
        self.hook = Hook()
        self.on_push: list[Callable[[Update], None]] = []

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for such updates."""
        return kind in self.allowed if self.allowed else kind not in ONLY_IF_ASKED

    def push(self, kind: str, payload: dict[str, Any], lane: int) -> int:
        """Queue one update; gives its id, or 0 if the bot did not ask for its kind."""
        return self.push_raw({kind: payload}, lane) if self.wants(kind) else 0

    def push_raw(self, update: dict[str, Any], lane: int = 0) -> int:
        """Queue anything at all; an id is added if there is none."""
        self.last_id += 1
        whole = update if "update_id" in update else {"update_id": self.last_id, **update}
        queued = Update(self.last_id, lane, json.dumps(whole), self._now())
        self.pending[queued.id] = queued
        for told in self.on_push:
            told(queued)
        return queued.id

    @property
    def confirmed_up_to(self) -> int:
        """The highest id such that it and all below were confirmed."""
        return next(iter(self.pending)) - 1 if self.pending else self.last_id

    def confirm_below(self, offset: int) -> None:
        """Forget what is older than *offset*; of a negative one, all but that many."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popitem(last=False)
        while self.pending and offset > 0 and next(iter(self.pending)) < offset:
            self.pending.popitem(last=False)

    def delivered(self, update: Update) -> None:
        """Forget one that a webhook took."""
        self.pending.pop(update.id, None)

    def first(self, limit: int) -> list[Update]:
        """The oldest ones still there."""
        horizon = self._now() - KEPT_S
        while self.pending and next(iter(self.pending.values())).at < horizon:
            self.pending.popitem(last=False)
        return list(islice(self.pending.values(), limit))

    def drop_all(self) -> None:
        """Forget everything that waits."""
        self.pending.clear()
