"""
What goes to the tipster: sealed to the receipt, and kept in the dossier's outbox until it has left.

The dossier is written first, then the reply leaves, then the outbox is emptied: a kill in between sends it
once, not twice and not never.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.dossier import SentReply
from tips.errors import BadSetup, TipNotReceived, TipStoreUnavailable
from tips.model import Reply, SealedReply
from tips.sealing import seal_reply
from tips.states import State, public_state
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.dossier import Dossier
    from bot.desk.index import Entry, Index
    from tips.model import ReplyType
    from tips.states import Outcome
    from tips.store.store import TipStore

_TRIES = 4


class Sending:
    """Seals replies and sees them off."""

    def __init__(self, store: TipStore, index: Index, now: Callable[[], datetime]) -> None:
        self._store = store
        self._index = index
        self._now = now

    def add(  # noqa: PLR0913 - the fields of a reply
        self,
        entry: Entry,
        dossier: Dossier,
        type_: ReplyType,
        *,
        text: str = "",
        state: State | None = None,
        outcome: Outcome | None = None,
        officer: str = "",
    ) -> Dossier:
        """
        The dossier with one more reply in its outbox.

        Args:
            entry: Whose tip.
            dossier: What is about to be written.
            type_: question, message or state.
            text: The officer's own words for the tipster; empty for a mere change of state.
            state: Told to the tipster as a `PublicState`.
            outcome: Of a closed tip.
            officer: Remembered in the dossier; the tipster is not told.
        """
        if entry.stored is None:
            return dossier
        sent = SentReply(
            seq=max(self._store.next_reply_seq(entry.tip_id), _last_seq(dossier) + 1),
            type=type_,
            text=text,
            state=public_state(state) if state else "",
            outcome=outcome or "",
            day=self._now().astimezone(VIETNAM).date(),
            officer=officer,
            after_parcel=entry.stored.parcels,
        )
        sealed = self._sealed(entry, sent)
        return replace(dossier, sent=(*dossier.sent, sent), outbox=(*dossier.outbox, sealed))

    def leave(self, entry: Entry) -> Entry:
        """
        Hand the outbox over to the store and empty it.

        Raises:
            TipStoreUnavailable: It stays in the outbox; the next look at the tip tries again.
        """
        if not entry.dossier.outbox:
            return entry
        dossier = entry.dossier
        for seq, sealed in dossier.outbox:
            reply = SealedReply(tip_id=entry.tip_id, seq=seq, sealed=base64.b64decode(sealed))
            try:
                self._store.add_reply(reply)
            except BadSetup:
                dossier = self._renumbered(entry, dossier, seq)
            except TipStoreUnavailable:
                raise
            except TipNotReceived:  # the tip is gone: there is nobody to tell
                break
        return self._index.save(entry, replace(dossier, outbox=()))

    def _renumbered(self, entry: Entry, dossier: Dossier, seq: int) -> Dossier:
        """Another desk's reply took the number: seal this one again with the next."""
        old = next(sent for sent in dossier.sent if sent.seq == seq)
        for _ in range(_TRIES):
            new = replace(old, seq=max(self._store.next_reply_seq(entry.tip_id), _last_seq(dossier) + 1))
            number, sealed = self._sealed(entry, new)
            reply = SealedReply(tip_id=entry.tip_id, seq=number, sealed=base64.b64decode(sealed))
            try:
                self._store.add_reply(reply)
            except BadSetup:
                continue
            kept = tuple(new if sent is old else sent for sent in dossier.sent)
            return replace(dossier, sent=kept)
        raise TipStoreUnavailable

    def _sealed(self, entry: Entry, sent: SentReply) -> tuple[int, str]:
        reply = Reply(
            seq=sent.seq,
            type=sent.type,
            text=sent.text,
            state=sent.state,
            outcome=sent.outcome,
            day=sent.day,
        )
        public = entry.stored.reply_public if entry.stored else b""
        sealed = seal_reply(reply, tip_id=entry.tip_id, reply_public=public)
        return sent.seq, base64.b64encode(sealed.sealed).decode()


def _last_seq(dossier: Dossier) -> int:
    return max((sent.seq for sent in dossier.sent), default=0)
