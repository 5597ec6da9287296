"""
Sealing: what can be done with public keys alone. `tips.opening` undoes it, on the desk.

A parcel is sealed under a random content key, and that key under each unit's public key with HPKE
(RFC 9180). Lengths tell the size bucket and the number of units, nothing more.
"""

from __future__ import annotations

import base64
import hashlib
import os
import unicodedata
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from tips.errors import BadSetup, SealedDamaged, UnitWithoutKey
from tips.keys import KEY_ID, UNIT_ID
from tips.layout import (
    BODY_PART,
    BROWSER_SUITE,
    CARD_PART,
    CONTENT,
    HPKE,
    KEY_BYTES,
    NONCE_BYTES,
    SERVER_SUITE,
    TAG_BYTES,
    TIP_ID,
    WRAPPED_BYTES,
    body_bytes,
    card_bytes,
    language_in,
    parcel_aad,
    reply_bytes,
    reply_info,
    text_in,
    wrap_info,
)
from tips.model import SealedParcel, SealedReply, TipCard, TipContent, WrappedKey
from tips.padding import BUCKETS, CARD_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tips.keys import PublicKey
    from tips.model import ParcelType, Reply, TipFile

__all__ = ["BROWSER_SUITE", "SERVER_SUITE"]

SEALED_CARD_BYTES = NONCE_BYTES + CARD_BYTES + TAG_BYTES
_KEYS_LIMIT = 8  # units one parcel may be sealed to
_SEQ_LIMIT = 1_000_000
_DIGEST_DIGITS = 16


def seal_parcel(  # noqa: PLR0913 - what is sealed, for where, to whom
    type: ParcelType,  # noqa: A002 - as the field of OpenedParcel
    words: Mapping[str, object],
    files: Sequence[TipFile],
    *,
    tip_id: str,
    seq: int,
    to: Sequence[PublicKey],
    card: TipCard | None = None,
    suite: int = SERVER_SUITE,
) -> SealedParcel:
    """
    Seal one sending.

    Args:
        type: What it is.
        words: A JSON object; of a tip `words_of` its content.
        files: Cleaned files; their bytes follow the words.
        tip_id: 32 hex digits.
        seq: 1 for the tip itself; no other parcel of the tip may have the same.
        to: The units' current keys.
        card: Of the first parcel only.
        suite: Server's or browser's, for the content and the wraps alike.

    Returns:
        The parcel; its body's length is that of a bucket, nonce and tag.

    Raises:
        BadSetup: It is larger than the largest bucket.
        UnitWithoutKey: *to* is empty.
    """
    if not to:
        raise UnitWithoutKey(unit="")
    key = os.urandom(KEY_BYTES)

    def about(part: int) -> bytes:
        return parcel_aad(suite, tip_id, part, seq)

    return SealedParcel(
        tip_id=tip_id,
        seq=seq,
        suite=suite,
        card=_sealed(card_bytes(card), key, suite, about(CARD_PART)) if card else b"",
        body=_sealed(body_bytes(type, words, files), key, suite, about(BODY_PART)),
        keys=tuple(wrap_key(key, to=unit, tip_id=tip_id, seq=seq, suite=suite) for unit in to),
    )


def _sealed(content: bytes, key: bytes, suite: int, aad: bytes) -> bytes:
    """Nonce, ciphertext and tag of *content*."""
    nonce = os.urandom(NONCE_BYTES)
    whole = bytearray(nonce) + bytes(len(content) + TAG_BYTES)
    place = memoryview(whole)[NONCE_BYTES:]  # in place: a body may be 64 MiB
    CONTENT[suite](key).encrypt_into(nonce, content, aad, place)
    del content
    return bytes(whole)


def wrap_key(
    content_key: bytes, *, to: PublicKey, tip_id: str, seq: int, suite: int = SERVER_SUITE
) -> WrappedKey:
    """Seal a parcel's content key (32 bytes) to one unit's public key."""
    info = wrap_info(suite, tip_id, seq, to.unit)
    public = to.hybrid() if suite == SERVER_SUITE else to.browser()
    wrapped = HPKE[suite].encrypt(content_key, public, info=info)
    return WrappedKey(unit=to.unit, key_id=to.key_id, suite=suite, wrapped=wrapped)


def seal_reply(reply: Reply, *, tip_id: str, reply_public: bytes) -> SealedReply:
    """
    Seal a reply to the key that only the receipt opens.

    Args:
        reply: Its `seq` is bound to the sealing.
        tip_id: 32 hex digits.
        reply_public: X25519, 32 bytes.

    Raises:
        BadSetup: *reply_public* is no usable key, or the reply is larger than the largest bucket.
    """
    content = reply_bytes(reply)
    try:
        public = X25519PublicKey.from_public_bytes(reply_public)
        sealed = HPKE[BROWSER_SUITE].encrypt(content, public, info=reply_info(tip_id, reply.seq))
    except ValueError:
        raise BadSetup(part="reply_public") from None
    return SealedReply(tip_id=tip_id, seq=reply.seq, sealed=sealed)


def check_reply_public(reply_public: bytes) -> None:
    """
    See that replies can be sealed to a key that a page sent.

    Raises:
        BadSetup: Not 32 bytes, or a point that nothing can be sealed to.
    """
    try:
        HPKE[BROWSER_SUITE].encrypt(b"", X25519PublicKey.from_public_bytes(reply_public))
    except ValueError:
        raise BadSetup(part="reply_public") from None


def card_of(content: TipContent, files: int) -> TipCard:
    """The card of a tip with *files* files."""
    return TipCard(
        kind=content.kind,
        urgent=content.urgent,
        area=content.area,
        files=files,
        language=content.language,
        digest=digest_of(content.story),
    )


def digest_of(story: str) -> str:
    """
    16 hex digits of the story's letters and digits, lower case, without marks; "" if it has none.

    The same text sent twice is found by it however it was typed; nothing else can be.
    """
    letters = unicodedata.normalize("NFD", story.lower()).replace("đ", "d")
    folded = "".join(letter for letter in letters if unicodedata.category(letter)[0] in "LN")
    if not folded:
        return ""
    return hashlib.sha256(b"binhan-story-v1" + folded.encode()).hexdigest()[:_DIGEST_DIGITS]


def words_of(content: TipContent) -> dict[str, object]:
    """A tip's content as the JSON object that is sealed."""
    return {
        "story": content.story,
        "kind": content.kind,
        "urgent": content.urgent,
        "area": content.area,
        "place": content.place,
        "when": content.when,
        "details": dict(content.details),
        "concerns": list(content.concerns),
        "concerns_whom": content.concerns_whom,
        "language": content.language,
    }


def content_of(words: Mapping[str, object]) -> TipContent:
    """
    Undo `words_of`; what is missing is empty.

    Raises:
        SealedDamaged: A field is of another type: no page of ours wrote it.
    """
    details, concerns = words.get("details", {}), words.get("concerns", [])
    if not isinstance(details, dict) or not isinstance(concerns, list):
        raise SealedDamaged
    if not all(isinstance(item, str) for item in (*details.values(), *concerns)):
        raise SealedDamaged
    return TipContent(
        story=text_in(words, "story"),
        kind=text_in(words, "kind"),
        urgent=words.get("urgent") is True,
        area=text_in(words, "area"),
        place=text_in(words, "place"),
        when=text_in(words, "when"),
        details=details,
        concerns=tuple(concerns),
        concerns_whom=text_in(words, "concerns_whom"),
        language=language_in(words),
    )


def check_parcel(parcel: SealedParcel) -> None:
    """
    See that what a page sent can be a parcel of ours, before it is stored. Nothing is opened.

    Raises:
        BadSetup: An id, the suite, a size or the list of keys does not fit; `part` names it.
    """
    card_bytes_wanted = SEALED_CARD_BYTES if parcel.seq == 1 else 0
    faults = {
        "tip_id": not TIP_ID.fullmatch(parcel.tip_id),
        "seq": not 1 <= parcel.seq <= _SEQ_LIMIT,
        "suite": parcel.suite not in HPKE,
        "card": len(parcel.card) != card_bytes_wanted,
        "body": len(parcel.body) - NONCE_BYTES - TAG_BYTES not in BUCKETS,
        "keys": not 1 <= len(parcel.keys) <= _KEYS_LIMIT
        or len({key.unit for key in parcel.keys}) != len(parcel.keys)
        or any(
            not UNIT_ID.fullmatch(key.unit)
            or not KEY_ID.fullmatch(key.key_id)
            or len(key.wrapped) != WRAPPED_BYTES.get(key.suite)
            for key in parcel.keys
        ),
    }
    for part, is_wrong in faults.items():
        if is_wrong:
            raise BadSetup(part=part)


def parcel_to_json(parcel: SealedParcel) -> dict[str, object]:
    """A parcel as a JSON object, bytes in base64: the web API's and the export's form."""
    keys = [
        {"unit": key.unit, "key_id": key.key_id, "suite": key.suite, "wrapped": _base64(key.wrapped)}
        for key in parcel.keys
    ]
    return {
        "v": 1,
        "tip_id": parcel.tip_id,
        "seq": parcel.seq,
        "suite": parcel.suite,
        "card": _base64(parcel.card),
        "body": _base64(parcel.body),
        "keys": keys,
    }


def parcel_from_json(value: object) -> SealedParcel:
    """
    Undo `parcel_to_json`, and check the parcel.

    Raises:
        BadSetup: It is no such object, or `check_parcel` finds a fault.
    """
    try:
        fields = _fields(value, tip_id=str, seq=int, suite=int, card=str, body=str, keys=list)
        keys = [_fields(item, unit=str, key_id=str, suite=int, wrapped=str) for item in fields["keys"]]
        parcel = SealedParcel(
            tip_id=fields["tip_id"],
            seq=fields["seq"],
            suite=fields["suite"],
            card=_raw(fields["card"]),
            body=_raw(fields["body"]),
            keys=tuple(WrappedKey(**{**key, "wrapped": _raw(key["wrapped"])}) for key in keys),
        )
    except ValueError:
        raise BadSetup(part="parcel") from None
    check_parcel(parcel)
    return parcel


def _fields(value: object, **types: type) -> dict[str, Any]:
    """Exactly the named fields of a JSON object, each of its type."""
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - told as one error
    if any(type(value.get(name)) is not wanted for name, wanted in types.items()):
        raise ValueError("a field is missing or of another type")
    return {name: value[name] for name in types}


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
