"""getUpdates: a long poll that only one may hold."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.telegram.refusals import bad, conflict

if TYPE_CHECKING:
    from tests.fakes.telegram.call import Call
    from tests.fakes.telegram.updates import Update
    from tests.fakes.telegram.world import World

OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED = "terminated by setWebhook request"
ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_LIMIT = 100
_LONGEST_S = 50


@dataclass(slots=True, eq=False)
class _Poll:
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended: str = ""


class Polling:
    """Lives in the server's event loop."""

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self._world = world
        self._loop = loop
        self._held: _Poll | None = None
        world.updates.on_push.append(self._pushed)

    def _pushed(self, update: Update) -> None:
        del update
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._held is not None:
            self._held.woken.set()

    def stop(self) -> None:
        """Let the one who waits go."""
        self._world.updates.on_push.remove(self._pushed)
        self._wake()

    def end(self, why: str) -> None:
        """Answer the one who waits with a conflict."""
        if self._held is not None:
            self._held.ended = why
            self._held.woken.set()
            self._held = None

    def abandon(self) -> None:
        """Forget the one who waits: the connection is gone."""
        self._wake()
        self._held = None

    async def get_updates(self, call: Call) -> str:
        """
        The updates as one JSON list.

        Raises:
            Refused: Another poller came, or a webhook is set.
        """
        updates = self._world.updates
        limit = min(max(call.integer("limit", _LIMIT), 1), _LIMIT)
        wait_s = min(max(call.integer("timeout"), 0), _LONGEST_S)
        with self._world.lock:
            if updates.hook.url:
                raise conflict(ACTIVE)
            self.end(OTHER)
            read_allowed(call)
            updates.confirm_below(call.integer("offset"))
            self._world.notify()
            found = updates.first(limit)
            if found or not wait_s:
                return _joined(found)
            poll = self._held = _Poll()
        try:
            async with asyncio.timeout(wait_s):
                await poll.woken.wait()
        except TimeoutError:
            pass
        with self._world.lock:
            if self._held is poll:
                self._held = None
            if poll.ended:
                raise conflict(poll.ended)
            return _joined(updates.first(limit))


def _joined(found: list[Update]) -> str:
    return f"[{','.join(update.raw for update in found)}]"


def read_allowed(call: Call) -> None:
    """Keep the kinds of updates asked for, if the call names any; an empty list is the usual ones."""
    if "allowed_updates" not in call.given:
        return
    kinds = call.json("allowed_updates")
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise bad("can't parse allowed_updates JSON object", is_fault=True)
    call.world.updates.allowed = tuple(kinds)
