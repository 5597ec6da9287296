"""
Telling a tipster once that there is a reply, if they asked for it.

The chat's address is sealed under a key of that day, kept for seven days at most, and erased once it was
used. What it can be used for, and by whom, is told to the tipster before: see `tip.ask_notify_or_delete`.
"""

from __future__ import annotations

import secrets
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bot.notices.keys import is_kept
from bot.notices.model import Due, NoticesUnavailable, Row, Wanted
from tips.errors import TipStoreUnavailable
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from random import Random

    from bot.notices.keys import DayKeys
    from bot.notices.store import NoticeRows

SHORTEST_WAIT_S: Final = 3 * 60  # after a reply is first seen: who watches the line cannot tell which it was
LONGEST_WAIT_S: Final = 60 * 60
_OPENING = 1  # a tip's first reply is always the desk's "received", when it is opened: no news by itself
_NONCE_BYTES = 12


class Replies(Protocol):
    """What notices need of the tips' store."""

    def replies_count(self, tip_id: str) -> int | None:
        """How many replies a tip has; None where it is gone or was withdrawn."""
        ...


class Notices:
    """
    The notices asked for. Safe between threads; of several processes each tells of what it erased first.

    Methods raise NoticesUnavailable where files or the tips' store are out of reach; a notice is then not
    kept, or told of later.
    """

    def __init__(
        self,
        rows: NoticeRows,
        keys: DayKeys,
        tips: Replies,
        now: Callable[[], datetime],
        chance: Random | None = None,
    ) -> None:
        self._rows = rows
        self._keys = keys
        self._tips = tips
        self._now = now
        self._chance = chance or secrets.SystemRandom()
        self._ready: dict[str, datetime] = {}  # when to tell, of rows whose tip has a new reply
        self._lock = threading.Lock()

    def close(self) -> None:
        """Give back the file."""
        self._rows.close()

    def ask(self, tip_id: str, address: bytes) -> bool:
        """
        Keep *address* for one notice of what comes to *tip_id* after now.

        Returns:
            False, and nothing is kept, where there is no such tip.
        """
        replies = self._replies(tip_id)
        if replies is None:
            return False
        wait_s = self._chance.randint(SHORTEST_WAIT_S, LONGEST_WAIT_S)
        wanted = Wanted(tip_id=tip_id, address=address, replies=replies, wait_s=wait_s)
        row, day = secrets.token_hex(16), self._today()
        try:
            key = self._keys.make(day)
        except (OSError, ValueError):
            raise NoticesUnavailable from None
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + ChaCha20Poly1305(key).encrypt(nonce, wanted.packed(), _bound(row, day))
        self._rows.add(Row(row, day, sealed))
        return True

    def due(self) -> list[Due]:
        """
        Whoever is to be told now. Erase the row (`done`) before or after telling: it stays due until then.

        A tip that is gone takes its row along. The public side cannot read replies: a change of state counts
        as one, but for the first, which every tip gets.
        """
        now, found, ended = self._now(), [], []
        for row in self._rows.all():
            wanted = self._opened(row)
            if wanted is None:
                continue  # `sweep` erases it
            replies = self._replies(wanted.tip_id)
            if replies is None:
                ended.append(row.row)
            elif replies > max(wanted.replies, _OPENING) and self._is_time(row.row, wanted, now):
                found.append(Due(row.row, wanted.address))
        self._erase(ended)
        return found

    def done(self, due: Due) -> bool:
        """Erase a notice; whether it was still there, so that of several only one tells."""
        return self._erase([due.row]) == 1

    def sweep(self) -> int:
        """Destroy the keys that have had their days, and erase every row that nothing opens; how many."""
        today = self._today()
        try:
            self._keys.forget(today)
        except OSError:
            raise NoticesUnavailable from None
        old = [row.row for row in self._rows.all() if not is_kept(row.day, today) or not self._opened(row)]
        return self._erase(old)

    def _is_time(self, row: str, wanted: Wanted, now: datetime) -> bool:
        with self._lock:
            return self._ready.setdefault(row, now + timedelta(seconds=wanted.wait_s)) <= now

    def _opened(self, row: Row) -> Wanted | None:
        key = self._keys.find(row.day)
        if key is None:
            return None
        nonce, rest = row.sealed[:_NONCE_BYTES], row.sealed[_NONCE_BYTES:]
        try:
            return Wanted.unpacked(ChaCha20Poly1305(key).decrypt(nonce, rest, _bound(row.row, row.day)))
        except (InvalidTag, ValueError):
            return None

    def _erase(self, rows: list[str]) -> int:
        if not rows:
            return 0
        gone = self._rows.erase(rows)
        with self._lock:
            for row in rows:
                self._ready.pop(row, None)
        return gone

    def _replies(self, tip_id: str) -> int | None:
        try:
            return self._tips.replies_count(tip_id)
        except TipStoreUnavailable:
            raise NoticesUnavailable from None

    def _today(self) -> date:
        return self._now().astimezone(VIETNAM).date()


def _bound(row: str, day: date) -> bytes:
    """What a sealed notice belongs to: moved to another row or day it does not open."""
    return f"binhan-notice-v1:{row}:{day.isoformat()}".encode()
