"""
What the web desk remembers of one signed-in session, in memory only.

Filters are here and not in addresses: a browser's history would keep which kind of tip somebody looked for.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from bot.desk.views import CardQuery

if TYPE_CHECKING:
    from collections.abc import Callable

SITTINGS_LIMIT: Final = 500  # sessions remembered; the longest unused goes first
PRESSES_LIMIT: Final = 400  # forms pressed in one session that are told from a second press
DRAFT_LIMIT: Final = 20  # half-written texts kept over a refusal

_NOBODY: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """One line about what was just pressed, shown once. `words` are ours, never a tipster's."""

    mood: Literal["done", "no"]
    words: str


@dataclass(slots=True, kw_only=True)
class Sitting:
    """One session at the web desk."""

    query: CardQuery = field(default_factory=lambda: CardQuery(closed=False))
    flash: Flash | None = None
    opened: dict[str, float] = field(default_factory=dict)  # tip_id -> moment of the last activity, seconds
    drafts: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)
    pressed: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def press(self, once: str) -> bool:
        """Whether the form with the one-use number *once* is pressed for the first time."""
        if once in self.pressed:
            return False
        self.pressed[once] = None
        if len(self.pressed) > PRESSES_LIMIT:
            self.pressed.popitem(last=False)
        return True

    def keep_draft(self, tip_id: str, action: str, words: str) -> None:
        """Remember what was typed, so that a refusal does not lose it."""
        self.drafts[(tip_id, action)] = words
        if len(self.drafts) > DRAFT_LIMIT:
            self.drafts.popitem(last=False)

    def take_flash(self) -> Flash | None:
        """The line to show, once."""
        flash, self.flash = self.flash, None
        return flash


class Sittings:
    """All sittings, by the session they belong to; a restart forgets them and asks to open tips again."""

    def __init__(self, *, hide_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._hide_seconds = hide_seconds
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._run = secrets.token_hex(4)
        self._sittings: OrderedDict[str, Sitting] = OrderedDict()

    def of(self, session_token: str) -> Sitting:
        """The sitting of a session that the desk knows."""
        key = self._digest("sitting", session_token)
        sitting = self._sittings.pop(key, None) or Sitting()
        self._sittings[key] = sitting
        if len(self._sittings) > SITTINGS_LIMIT:
            self._sittings.popitem(last=False)
        return sitting

    def form_token(self, session_token: str) -> str:
        """
        What every form of that session carries. Of no session: of the sign-in form.

        It is of the session's 256 secret bits alone, so that a page outlives a restart of the server; from it
        or from what the desk keeps of a session the session cannot be told.
        """
        if not session_token:
            return self._digest("form", _NOBODY)
        secret = session_token.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(secret, digest_size=24, person=b"form").hexdigest()

    def new_once(self) -> str:
        """A number for one form, told from every other and from those of an earlier run."""
        return f"{self._run}{secrets.token_hex(12)}"

    def is_of_this_run(self, once: str) -> bool:
        """Whether we would know that a form was pressed before; a restart forgets it."""
        return once.startswith(self._run)

    def forget(self, session_token: str) -> None:
        """Drop what is remembered of a session that signed out."""
        self._sittings.pop(self._digest("sitting", session_token), None)

    def show(self, sitting: Sitting, tip_id: str) -> None:
        """Note that the officer opened the tip, or is still at it."""
        sitting.opened[tip_id] = self._clock()

    def is_shown(self, sitting: Sitting, tip_id: str) -> bool:
        """Whether the tip was opened and touched within the time after which it is hidden."""
        since = sitting.opened.get(tip_id)
        if since is None:
            return False
        if self._clock() - since > self._hide_seconds:
            del sitting.opened[tip_id]
            return False
        return True

    def hide(self, sitting: Sitting, tip_id: str) -> None:
        """Close the tip again."""
        sitting.opened.pop(tip_id, None)

    def _digest(self, purpose: str, session_token: str) -> str:
        return hashlib.blake2b(
            f"{purpose}:{session_token}".encode(), key=self._key, digest_size=24
        ).hexdigest()
