"""Opening: what a unit's private keys can do. Only the desk has any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tips.errors import SealedDamaged, WrongKey
from tips.keys import PublicKey, key_id_of
from tips.layout import (
    BODY_PART,
    CARD_PART,
    CONTENT,
    HPKE,
    NONCE_BYTES,
    SERVER_SUITE,
    body_from,
    card_from,
    parcel_aad,
    wrap_info,
)
from tips.sealing import wrap_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tips.model import OpenedParcel, SealedParcel, TipCard, WrappedKey

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateKey:
    """One generation of a unit's private keys, raw. Never printed."""

    unit: str
    made: date
    mlkem768: bytes = field(repr=False)  # the 64-byte seed
    x25519: bytes = field(repr=False)  # 32 bytes
    browser_x25519: bytes = field(repr=False)  # 32 bytes

    def hybrid(self) -> MLKEM768X25519PrivateKey:
        """The key of the server's suite."""
        return MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(self.mlkem768),
            X25519PrivateKey.from_private_bytes(self.x25519),
        )

    def browser(self) -> X25519PrivateKey:
        """The key of the browser's suite."""
        return X25519PrivateKey.from_private_bytes(self.browser_x25519)

    def public(self) -> PublicKey:
        """The public side, with its key id."""
        mlkem768 = MLKEM768PrivateKey.from_seed_bytes(self.mlkem768).public_key().public_bytes_raw()
        x25519 = X25519PrivateKey.from_private_bytes(self.x25519).public_key().public_bytes_raw()
        browser = self.browser().public_key().public_bytes_raw()
        return PublicKey(
            unit=self.unit,
            key_id=key_id_of(mlkem768, x25519, browser),
            made=self.made,
            mlkem768=mlkem768,
            x25519=x25519,
            browser_x25519=browser,
        )


class UnitKeys:
    """All generations of a unit's private keys, unlocked, in memory only."""

    def __init__(self, unit: str, generations: Sequence[PrivateKey]) -> None:
        """
        Hold *generations*, at least one, all of *unit*.

        Args:
            unit: The unit's id.
            generations: Its keys in any order.
        """
        with_ids = sorted((key.made, key.public().key_id, key) for key in generations)
        self.unit = unit
        self._oldest = with_ids[0][2]
        self._keys = {key_id: key for _, key_id, key in with_ids}

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of the keys, oldest first."""
        return tuple(self._keys)

    def open_card(self, parcel: SealedParcel) -> TipCard:
        """
        Open the card of a first parcel.

        Raises:
            WrongKey: The parcel is not sealed to this unit, or to a key that is not here.
            SealedDamaged: It was changed, cut, or moved from elsewhere; or it has no card.
        """
        return card_from(self._opened(parcel, CARD_PART, parcel.card))

    def open_parcel(self, parcel: SealedParcel) -> OpenedParcel:
        """
        Open the body of a parcel.

        Raises:
            WrongKey: The parcel is not sealed to this unit, or to a key that is not here.
            SealedDamaged: It was changed, cut, or moved from elsewhere.
        """
        return body_from(self._opened(parcel, BODY_PART, parcel.body))

    def wrap_for(self, parcel: SealedParcel, to: PublicKey) -> WrappedKey:
        """
        Seal a parcel's content key to another unit: the parcel itself stays as it is.

        Raises:
            WrongKey: The parcel is not sealed to this unit, or to a key that is not here.
            SealedDamaged: Its wrapped key was changed, or the parcel does not open with it.
        """
        self.open_parcel(parcel)  # a key that opens nothing is not passed on
        return wrap_key(self._content_key(parcel), to=to, tip_id=parcel.tip_id, seq=parcel.seq)

    def secret(self, label: bytes) -> bytes:
        """
        32 bytes that only who unlocks this unit can have, the same after every rotation.

        Args:
            label: What they are for; another label gives other bytes.
        """
        oldest = self._oldest
        material = oldest.mlkem768 + oldest.x25519 + oldest.browser_x25519
        return HKDF(SHA256(), _SECRET_BYTES, None, b"binhan-desk-v1" + label).derive(material)

    def parcel_secret(self, parcel: SealedParcel, label: bytes) -> bytes:
        """
        32 bytes that every unit that can open *parcel* can have, and nobody else.

        Args:
            parcel: Its card or body is not opened.
            label: What they are for; another label gives other bytes.

        Raises:
            WrongKey: The parcel is not sealed to this unit, or to a key that is not here.
            SealedDamaged: Its wrapped key was changed.
        """
        content_key = self._content_key(parcel)
        return HKDF(SHA256(), _SECRET_BYTES, None, b"binhan-parcel-desk-v1" + label).derive(content_key)

    def _opened(self, parcel: SealedParcel, part: int, sealed: bytes) -> bytes:
        key = self._content_key(parcel)
        try:
            aad = parcel_aad(parcel.suite, parcel.tip_id, part, parcel.seq)
            return CONTENT[parcel.suite](key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
        except (InvalidTag, KeyError, ValueError, OverflowError):
            raise SealedDamaged from None

    def _content_key(self, parcel: SealedParcel) -> bytes:
        for wrap in parcel.keys:
            key = self._keys.get(wrap.key_id)
            if wrap.unit != self.unit or key is None:
                continue
            try:
                info = wrap_info(wrap.suite, parcel.tip_id, parcel.seq, self.unit)
                private = key.hybrid() if wrap.suite == SERVER_SUITE else key.browser()
                return HPKE[wrap.suite].decrypt(wrap.wrapped, private, info=info)
            except (InvalidTag, KeyError, ValueError, OverflowError):
                raise SealedDamaged from None
        raise WrongKey(unit=self.unit)
