"""
Taking in: what every channel calls with a tip in hand.

Whatever raises here was *not received*, and nothing of it is stored. What returns is on the disk. No
method takes, keeps or tells who is sending.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tips.enclosures import clean_all
from tips.errors import BadSetup, FileRefused, SealedDamaged, TipNotReceived, UnitWithoutKey
from tips.model import STORY_LIMIT, FoundTip, NewTip, PublicState, Reply
from tips.receipts import ALPHABET, tag_hash_of, tip_id_of
from tips.routing import route
from tips.sealing import card_of, check_parcel, check_reply_public, seal_parcel, words_of
from tips.times import IntakeSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from tips.attachments.clean import Cleaner
    from tips.enclosures import Enclosures
    from tips.keys import PublicKey, PublicKeys
    from tips.model import ParcelType, RawFile, Recipients, SealedParcel, TipContent
    from tips.receipts import Receipt, ReceiptKeys
    from tips.store.store import TipStore
    from tips.units import UnitBook

__all__ = ["Conversation", "IntakeSettings", "Submitted", "TipIntake", "reference_of"]

ANSWER_LIMIT = 2_000  # characters of every answer but the story
_TAG_BYTES = 32
_TRIES = 4  # when somebody with the same receipt, or the desk, changes the tip at the same moment
_STATES: dict[str, PublicState] = {
    state: state for state in ("received", "verifying", "needs_information", "transferred", "closed")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What was received, and is on the disk."""

    tip_id: str
    reference: str
    is_new: bool  # False: it had been received before, nothing was stored again
    files: int = 0  # cleaned files that went in with it
    refused: tuple[str, ...] = ()  # reasons of files that were not taken while the rest went in
    is_cut: bool = False  # the story or an answer was over its limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What a receipt shows its owner."""

    reference: str
    state: PublicState
    replies: tuple[Reply, ...]
    next_seq: int
    is_withdrawn: bool = False


class TipIntake:
    """
    The way in. Holds public keys only: it cannot read what it took in a moment ago.

    Every method that sends raises TipNotReceived or a child of it, or FileRefused if there was nothing
    but files and none could be taken; then nothing of that sending is stored.
    """

    def __init__(  # noqa: PLR0913 - one port each
        self,
        *,
        store: TipStore,
        book: UnitBook,
        public_keys: PublicKeys,
        cleaner: Cleaner,
        now: Callable[[], datetime],
        settings: IntakeSettings,
    ) -> None:
        self._store = store
        self.book = book
        self._public_keys = public_keys
        self._cleaner = cleaner
        self._now = now
        self._settings = settings

    def check(self) -> None:
        """
        See that whatever comes can be sealed to whomever it may have to go to.

        Raises:
            UnitWithoutKey: A unit has no public key. Intake must not start.
        """
        for unit in self.book.units:
            self._public_keys.current(unit.id)

    def submit(self, receipt: Receipt, content: TipContent, files: Sequence[RawFile] = ()) -> Submitted:
        """
        Clean, route, seal and store a tip; the same receipt again changes nothing.

        Raises:
            NoReceivingUnit: Every unit that could be told is concerned.
            BadSetup: `part` empty: there is no story, no detail and no file.
        """
        keys = receipt.keys()
        if self._store.find(keys.tag_hash) is not None:
            return _submitted(keys.tip_id, is_new=False)
        cut = _cut(content)
        _check_told(bool(cut.story.strip() or any(cut.details.values())), files)
        to = route(self.book, cut.area, cut.kind, cut.concerns)
        enclosed = clean_all(files, self._cleaner)
        if not (cut.story.strip() or any(cut.details.values()) or enclosed.cleaned):
            raise FileRefused(reason=enclosed.refused[0])
        first = seal_parcel(
            "tip",
            words_of(cut),
            enclosed.cleaned,
            tip_id=keys.tip_id,
            seq=1,
            to=self._current(to.units),
            card=card_of(cut, len(enclosed.cleaned)),
        )
        tip = NewTip(
            tag_hash=keys.tag_hash,
            reply_public=keys.reply_public,
            recipients=to,
            parcels=(first, *self._originals(enclosed, keys.tip_id, 2, to.units)),
        )
        is_new = self._store.submit(tip, self._settings.times(self._now()))
        return _submitted(keys.tip_id, enclosed, is_new=is_new, is_cut=cut != content)

    def submit_sealed(
        self,
        tag: bytes,
        reply_public: bytes,
        recipients: Recipients,
        parcel: SealedParcel,
        files: Sequence[RawFile] = (),
    ) -> Submitted:
        """
        Store a tip that a page sealed, and its files that only we can clean, all or nothing.

        Raises:
            BadSetup: `part` says what of the page's sending does not fit; `keys`: its units changed their
                keys meanwhile, and it must be sealed again.
        """
        self._check_sealed(tag, parcel)
        check_reply_public(reply_public)
        if parcel.seq != 1:
            raise BadSetup(part="seq")
        self._check_recipients(recipients)
        tag_hash = tag_hash_of(tag)
        if self._store.find(tag_hash) is not None:
            return _submitted(parcel.tip_id, is_new=False)
        self._check_keys(parcel, recipients.units)
        enclosed = clean_all(files, self._cleaner)
        further = self._further(enclosed, parcel.tip_id, 2, recipients.units)
        tip = NewTip(
            tag_hash=tag_hash,
            reply_public=reply_public,
            recipients=recipients,
            parcels=(parcel, *further),
        )
        is_new = self._store.submit(tip, self._settings.times(self._now()))
        return _submitted(parcel.tip_id, enclosed, is_new=is_new)

    def follow(self, receipt: Receipt) -> Conversation | None:
        """What a receipt shows; None, after the same work, for one that is wrong, unknown or expired."""
        keys = receipt.keys()
        found = self._store.find(keys.tag_hash)
        if found is None:
            return None
        replies = _opened_replies(found, keys)
        told = [_STATES[reply.state] for reply in replies if reply.state in _STATES]
        return Conversation(
            reference=reference_of(keys.tip_id),
            state=told[-1] if told else "received",
            replies=replies,
            next_seq=found.next_seq,
            is_withdrawn=found.has_withdrawn,
        )

    def follow_sealed(self, tag: bytes) -> FoundTip | None:
        """What a tag finds, replies sealed: the page opens them itself."""
        return self._store.find(tag_hash_of(tag))

    def more(
        self,
        receipt: Receipt,
        text: str,
        files: Sequence[RawFile] = (),
        in_reply_to: int = 0,
        *,
        seq: int | None = None,
    ) -> Submitted:
        """
        Add to a tip: an answer (*in_reply_to* is the reply's seq), further words, further files.

        Each call adds, also the same words again, but to a tip whose next number is no longer *seq* where one
        is named: two calls with the same number add once, however close together they come.

        Raises:
            TipNotReceived: The receipt finds nothing, or the tip was withdrawn.
            BadSetup: `part` empty; or seq: the tip has grown meanwhile, and nothing was added.
        """
        keys = receipt.keys()
        cut = text[:STORY_LIMIT]
        if self._store.find(keys.tag_hash) is None:
            raise TipNotReceived
        _check_told(bool(cut.strip()), files)
        enclosed = clean_all(files, self._cleaner)
        if not (cut.strip() or enclosed.cleaned):
            raise FileRefused(reason=enclosed.refused[0])

        def sealed(found: FoundTip) -> Sequence[SealedParcel]:
            words = {"text": cut, "in_reply_to": in_reply_to}
            return self._further(enclosed, found.tip_id, found.next_seq, found.units, words)

        self._add(keys.tag_hash, sealed, seq)
        return _submitted(keys.tip_id, enclosed, is_new=True, is_cut=cut != text)

    def more_sealed(self, tag: bytes, parcel: SealedParcel, files: Sequence[RawFile] = ()) -> Submitted:
        """
        Add what a page sealed, and files that only we can clean, all or nothing.

        Raises:
            TipNotReceived: The tag finds nothing, or the tip was withdrawn.
            BadSetup: As for `submit_sealed`; `seq` or `units`: the tip changed meanwhile, and it must be
                sealed again.
        """
        found = self._found_sealed(tag, parcel)
        enclosed = clean_all(files, self._cleaner)
        further = self._further(enclosed, parcel.tip_id, parcel.seq + 1, found.units)
        is_new = self._store.add_parcel(tag_hash_of(tag), parcel, *further)
        return _submitted(parcel.tip_id, enclosed, is_new=is_new)

    def withdraw(self, receipt: Receipt) -> None:
        """
        Take a tip back; again changes nothing.

        Raises:
            TipNotReceived: The receipt finds nothing.
        """
        keys = receipt.keys()
        for _ in range(_TRIES):
            found = self._store.find(keys.tag_hash)
            if found is None:
                raise TipNotReceived
            parcel = self._seal("withdraw", {"text": ""}, found.tip_id, found.next_seq, found.units)
            try:
                self._store.withdraw(keys.tag_hash, parcel)
            except BadSetup:
                continue
            return
        raise TipNotReceived

    def withdraw_sealed(self, tag: bytes, parcel: SealedParcel) -> None:
        """Take a tip back with what a page sealed; raises as `more_sealed` does."""
        self._found_sealed(tag, parcel)
        self._store.withdraw(tag_hash_of(tag), parcel)

    def _add(
        self, tag_hash: bytes, sealed: Callable[[FoundTip], Sequence[SealedParcel]], seq: int | None
    ) -> None:
        for _ in range(_TRIES):
            found = self._store.find(tag_hash)
            if found is None or found.has_withdrawn:
                break
            if seq not in {None, found.next_seq}:
                raise BadSetup(part="seq")
            try:
                self._store.add_parcel(tag_hash, *sealed(found))
            except BadSetup:  # another sending took the number, or the desk gave the tip to other units
                continue
            return
        raise TipNotReceived

    def _current(self, units: Collection[str]) -> list[PublicKey]:
        try:
            return [self._public_keys.current(unit) for unit in units]
        except UnitWithoutKey:
            raise TipNotReceived from None

    def _seal(
        self, type_: ParcelType, words: dict[str, object], tip_id: str, seq: int, units: Collection[str]
    ) -> SealedParcel:
        return seal_parcel(type_, words, (), tip_id=tip_id, seq=seq, to=self._current(units))

    def _further(
        self,
        enclosed: Enclosures,
        tip_id: str,
        seq: int,
        units: Collection[str],
        words: dict[str, object] | None = None,
    ) -> list[SealedParcel]:
        """Cleaned files as one parcel (none if there is nothing to say and no file), then the originals."""
        if words is None and not enclosed.cleaned:
            return []
        told = words or {"text": "", "in_reply_to": 0}
        to = self._current(units)
        parcel = seal_parcel("more", told, enclosed.cleaned, tip_id=tip_id, seq=seq, to=to)
        return [parcel, *self._originals(enclosed, tip_id, seq + 1, units)]

    def _originals(
        self, enclosed: Enclosures, tip_id: str, seq: int, units: Collection[str]
    ) -> list[SealedParcel]:
        to = self._current(units)
        return [
            seal_parcel("original", {"of": name}, (original,), tip_id=tip_id, seq=number, to=to)
            for number, (name, original) in enumerate(enclosed.originals, start=seq)
        ]

    def _check_sealed(self, tag: bytes, parcel: SealedParcel) -> None:
        check_parcel(parcel)
        if len(tag) != _TAG_BYTES or parcel.tip_id != tip_id_of(tag):
            raise BadSetup(part="tip_id")

    def _check_recipients(self, recipients: Recipients) -> None:
        if any(unit not in self.book for unit in recipients.units) or not recipients.holder:
            raise BadSetup(part="recipients")
        if recipients.above and recipients.above not in self.book.above(recipients.holder):
            raise BadSetup(part="recipients")

    def _check_keys(self, parcel: SealedParcel, units: Sequence[str]) -> None:
        wanted = {(key.unit, key.key_id) for key in self._current(units)}
        if {(key.unit, key.key_id) for key in parcel.keys} != wanted:
            raise BadSetup(part="keys")

    def _found_sealed(self, tag: bytes, parcel: SealedParcel) -> FoundTip:
        self._check_sealed(tag, parcel)
        found = self._store.find(tag_hash_of(tag))
        if found is None:
            raise TipNotReceived
        if {key.unit for key in parcel.keys} != set(found.units):
            raise BadSetup(part="units")
        if parcel.seq >= found.next_seq:  # else it is here already, or its number is taken: the store knows
            self._check_keys(parcel, found.units)
        return found


def reference_of(tip_id: str) -> str:
    """What officers call a tip, such as `BA-7F3K-2M9Q`; says nothing about it and opens nothing."""
    digest = hashlib.sha256(b"binhan-reference-v1" + bytes.fromhex(tip_id)).digest()
    number = int.from_bytes(digest[:5], "big")  # eight symbols of five bits
    symbols = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"BA-{symbols[:4]}-{symbols[4:]}"


def _submitted(
    tip_id: str, enclosed: Enclosures | None = None, *, is_new: bool, is_cut: bool = False
) -> Submitted:
    return Submitted(
        tip_id=tip_id,
        reference=reference_of(tip_id),
        is_new=is_new,
        files=len(enclosed.cleaned) if enclosed else 0,
        refused=tuple(enclosed.refused) if enclosed else (),
        is_cut=is_cut,
    )


def _cut(content: TipContent) -> TipContent:
    return replace(
        content,
        story=content.story[:STORY_LIMIT],
        place=content.place[:ANSWER_LIMIT],
        when=content.when[:ANSWER_LIMIT],
        concerns_whom=content.concerns_whom[:ANSWER_LIMIT],
        details={question: answer[:ANSWER_LIMIT] for question, answer in content.details.items()},
    )


def _check_told(has_words: bool, files: Sequence[RawFile]) -> None:
    if not has_words and not files:
        raise BadSetup(part="empty")


def _opened_replies(found: FoundTip, keys: ReceiptKeys) -> tuple[Reply, ...]:
    replies = []
    for sealed in found.replies:
        try:
            replies.append(keys.open_reply(sealed))
        except SealedDamaged:  # one that cannot be read does not take the others with it
            continue
    return tuple(replies)
