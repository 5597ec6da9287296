"""
The desk's index: cards and dossiers, opened with the keys that are unlocked, sealed in the records.

An index entry is sealed with a key derived from the unit's private key; the dossier with a key derived from
the tip's own content key, so that every unit that can open the tip shares it, a unit it is transferred to
gets it with the tip, and shredding the tip's keys shuts it too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bot.desk.dossier import Dossier, IndexCard, card_bytes, card_from, dossier_bytes, dossier_from
from tips.errors import ActionRefused, SealedDamaged, WrongKey
from tips.opening.keyfile import unlock_unit
from tips.padding import pad, unpad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from bot.desk.records.store import DeskRecords
    from bot.desk.views import DeskSettings
    from tips.model import StoredTip
    from tips.opening.opener import UnitKeys
    from tips.store.store import TipStore

_NONCE_BYTES = 12
_INDEX_LABEL, _DOSSIER_LABEL = b"desk-index", b"desk-dossier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All the desk knows of one tip, as one unit sees it. `stored` is None once it was transferred away."""

    tip_id: str
    unit: str
    stored: StoredTip | None
    card: IndexCard
    dossier: Dossier
    revision: int = 0  # of the dossier; 0: none was written yet
    is_shut: bool = False  # the dossier was changed by another hand and does not open

    def is_shown(self, now: datetime) -> bool:
        """Whether the random delay of its card is over."""
        return self.card.show_after is None or self.card.show_after <= now


class Keyring:
    """The private keys of the units unlocked so far, in memory only."""

    def __init__(self, private_folder: Path) -> None:
        self._folder = private_folder
        self._keys: dict[str, UnitKeys] = {}

    def unlock(self, unit: str, passphrase: str) -> None:
        """Open a unit's keys; raises as `unlock_unit` does."""
        self._keys[unit] = unlock_unit(unit, passphrase, self._folder)

    def __contains__(self, unit: object) -> bool:
        return unit in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._keys))

    def of(self, unit: str) -> UnitKeys:
        """A unit's keys. ActionRefused(reason=locked) if nobody has unlocked them."""
        if unit not in self._keys:
            raise ActionRefused(reason="locked")
        return self._keys[unit]


class Index:
    """Reads and writes what the desk keeps of tips."""

    def __init__(  # noqa: PLR0913 - one port each
        self,
        *,
        store: TipStore,
        records: DeskRecords,
        keyring: Keyring,
        now: Callable[[], datetime],
        random: Callable[[], float],
        settings: DeskSettings,
    ) -> None:
        self._store = store
        self._records = records
        self._keyring = keyring
        self._now = now
        self._random = random
        self._settings = settings

    def collect(self, unit: str) -> list[str]:
        """
        Index what came in for *unit*, and forget delays that are over.

        An entry that does not open, changed by another hand or of keys that are lost, counts as none.

        Returns:
            The ids of the tips that are new in the index.
        """
        known, back = self._records.cards(unit), set()
        unknown: list[StoredTip] = []
        for stored in self._store.for_units([unit], self._now()):
            card = self._card(stored.tip_id, unit, known.get(stored.tip_id))
            if card is None or card.sent_to:
                unknown.append(stored)
                if card is not None:  # transferred away, it has come back
                    back.add(stored.tip_id)
            elif card.show_after is not None and card.show_after <= self._now():
                self._put(stored.tip_id, unit, replace(card, show_after=None))
        shut = self._shut(unknown, unit)
        added = [stored.tip_id for stored in unknown if stored.tip_id not in shut and self._add(stored)]
        return [tip_id for tip_id in added if tip_id not in back]

    def entries(self, unit: str) -> list[Entry]:
        """
        Every tip in the index of *unit* whose entry opens, those transferred away at the end.

        Raises:
            ActionRefused: `reason` locked: the unit's keys are not unlocked.
        """
        opened = {
            tip_id: self._card(tip_id, unit, sealed) for tip_id, sealed in self._records.cards(unit).items()
        }
        cards = {tip_id: card for tip_id, card in opened.items() if card is not None}
        seen = [stored for stored in self._store.for_units([unit], self._now()) if stored.tip_id in cards]
        dossiers = self._records.dossiers([stored.tip_id for stored in seen])
        entries = [
            self._entry(stored, cards[stored.tip_id], dossiers.get(stored.tip_id))
            for stored in seen
            if not cards[stored.tip_id].sent_to
        ]
        gone = [
            Entry(tip_id=tip_id, unit=unit, stored=None, card=card, dossier=Dossier())
            for tip_id, card in cards.items()
            if card.sent_to
        ]
        return entries + gone

    def unopened(self, unit: str) -> int:
        """
        How many tips *unit* holds that no key opens which is unlocked here. Raises as `entries`.

        One counts when its rounded hour is over: earlier it would tell the minute, which cards do not.
        """
        over = self._now() - timedelta(minutes=self._settings.rounding_min)
        known = self._records.cards(unit)
        unknown = [
            stored
            for stored in self._store.for_units([unit], self._now())
            if stored.is_holder and not stored.has_withdrawn and stored.received <= over
            if self._card(stored.tip_id, unit, known.get(stored.tip_id)) is None
        ]
        return len(self._shut(unknown, unit))

    def entry(self, tip_id: str, unit: str) -> Entry | None:
        """One tip in the index of *unit*; None if it is not there. Raises as `entries`."""
        self._keyring.of(unit)
        card = self._card(tip_id, unit, self._records.card(tip_id, unit))
        if card is None:
            return None
        if card.sent_to:
            return Entry(tip_id=tip_id, unit=unit, stored=None, card=card, dossier=Dossier())
        stored = self._store.tip(tip_id, unit, self._now())
        if stored is None:
            return None
        return self._entry(stored, card, self._records.dossiers([tip_id]).get(tip_id))

    def save(self, entry: Entry, dossier: Dossier) -> Entry:
        """
        Write the dossier that follows the entry's.

        Raises:
            ActionRefused: `reason` changed: somebody else wrote it meanwhile. Nothing was written.
            SealedDamaged: The dossier does not open, and is not written over.
        """
        if entry.is_shut:
            raise SealedDamaged
        key = bytes.fromhex(entry.card.dossier_key)
        place = _place(b"dossier", entry.tip_id, str(entry.revision + 1))
        sealed = _seal(key, dossier_bytes(dossier), place)
        if not self._records.save_dossier(entry.tip_id, entry.revision, sealed):
            raise ActionRefused(reason="changed")
        return replace(entry, dossier=dossier, revision=entry.revision + 1)

    def leave(self, entry: Entry, sent_to: str) -> None:
        """Keep of a tip that was transferred away only the line that says so."""
        stored = entry.stored
        if stored is not None:
            line = IndexCard(sent_to=sent_to, received=stored.received, until=stored.retention_until)
            self._put(entry.tip_id, entry.unit, line)

    def line_until(self, tip_id: str, unit: str) -> date | None:
        """The last day of the line of a tip transferred away; None if there is none. Raises SealedDamaged."""
        sealed = self._records.card(tip_id, unit)
        card = self._open_card(tip_id, unit, sealed) if sealed else None
        return card.until if card and card.sent_to else None

    def _shut(self, unknown: Sequence[StoredTip], unit: str) -> set[str]:
        """Which of *unknown* are sealed to no key that is here: their words are not even read."""
        here = set(self._keyring.of(unit).key_ids)
        if not unknown:
            return set()
        sealed_to = self._store.first_key_ids([stored.tip_id for stored in unknown], unit)
        return {stored.tip_id for stored in unknown if not sealed_to.get(stored.tip_id, set()) & here}

    def _add(self, stored: StoredTip) -> bool:
        keys = self._keyring.of(stored.unit)
        first = next(iter(self._store.parcels(stored.tip_id, stored.unit, limit=1)), None)
        if first is None:
            return False
        try:
            key = keys.parcel_secret(first, _DOSSIER_LABEL)
            card = keys.open_card(first) if first.card else None
        except WrongKey:  # of a generation that is not here: as if locked, until it is
            return False
        except SealedDamaged:
            key, card = keys.secret(_DOSSIER_LABEL + stored.tip_id.encode()), None
        is_known = bool(self._records.dossiers([stored.tip_id]))
        if is_known and first.seq != 1:  # withdrawn before this unit saw it: nothing of it is left to see
            return False
        waits = stored.is_holder and not is_known and card is not None and not card.urgent
        delay = timedelta(minutes=self._settings.delay_minutes * self._random())
        show_after = self._now() + delay if waits else None
        entry = IndexCard(card=card, dossier_key=key.hex(), show_after=show_after)
        self._put(stored.tip_id, stored.unit, entry)
        return True

    def _entry(self, stored: StoredTip, card: IndexCard, sealed: tuple[int, bytes] | None) -> Entry:
        revision, is_shut, dossier = 0, False, Dossier(parcels_known=stored.parcels)
        if sealed is not None:
            revision = sealed[0]
            place = _place(b"dossier", stored.tip_id, str(revision))
            try:
                dossier = dossier_from(_open(bytes.fromhex(card.dossier_key), sealed[1], place))
            except SealedDamaged:  # one that does not open hides no other
                is_shut = True
        return Entry(
            tip_id=stored.tip_id,
            unit=stored.unit,
            stored=stored,
            card=card,
            dossier=dossier,
            revision=revision,
            is_shut=is_shut,
        )

    def _card(self, tip_id: str, unit: str, sealed: bytes | None) -> IndexCard | None:
        """The card of an index entry; None where there is none that opens: it hides no other."""
        try:
            return None if sealed is None else self._open_card(tip_id, unit, sealed)
        except SealedDamaged:
            return None

    def _open_card(self, tip_id: str, unit: str, sealed: bytes) -> IndexCard:
        key = self._keyring.of(unit).secret(_INDEX_LABEL)
        return card_from(_open(key, sealed, _place(b"card", tip_id, unit)))

    def _put(self, tip_id: str, unit: str, card: IndexCard) -> None:
        key = self._keyring.of(unit).secret(_INDEX_LABEL)
        self._records.put_card(tip_id, unit, _seal(key, card_bytes(card), _place(b"card", tip_id, unit)))


def _place(part: bytes, tip_id: str, where: str) -> bytes:
    """What binds a sealed row to its tip and its unit or revision: none can be moved or put back."""
    return b"binhan-desk-v1 " + part + b" " + tip_id.encode() + b" " + where.encode()


def _seal(key: bytes, content: bytes, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, pad(content), place)


def _open(key: bytes, sealed: bytes, place: bytes) -> bytes:
    try:
        return unpad(ChaCha20Poly1305(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place))
    except (InvalidTag, ValueError):
        raise SealedDamaged from None
