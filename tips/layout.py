"""
The bytes that are sealed, and the bytes that bind them to their place.

The page's script writes the same; `tests/tips/vectors.json` holds both to it.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from tips.errors import SealedDamaged
from tips.model import OpenedParcel, ParcelType, Reply, ReplyType, TipCard, TipFile
from tips.padding import CARD_BYTES, pad, pad_all, unpad

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SERVER_SUITE = 1  # MLKEM768-X25519, HKDF-SHA256, ChaCha20-Poly1305
BROWSER_SUITE = 2  # X25519, HKDF-SHA256, AES-256-GCM: what WebCrypto has
HPKE = {
    SERVER_SUITE: Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305),
    BROWSER_SUITE: Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}
CONTENT: dict[int, type[ChaCha20Poly1305 | AESGCM]] = {SERVER_SUITE: ChaCha20Poly1305, BROWSER_SUITE: AESGCM}
WRAPPED_BYTES = {SERVER_SUITE: 1_168, BROWSER_SUITE: 80}  # of one content key, encapsulation included
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
TIP_ID = re.compile(r"[0-9a-f]{32}")
CARD_PART, BODY_PART = 1, 2
FILE_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}\.[a-z0-9]{1,5}")

_LENGTH_BYTES = 4
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,90}")


def parcel_aad(suite: int, tip_id: str, part: int, seq: int) -> bytes:
    """What binds a card or body to its suite, tip, part and place: nothing can be moved or put in again."""
    place = bytes((suite,)) + bytes.fromhex(tip_id) + bytes((part,)) + seq.to_bytes(4, "big")
    return b"binhan-parcel-v1" + place


def wrap_info(suite: int, tip_id: str, seq: int, unit: str) -> bytes:
    """What binds a wrapped content key to its parcel and unit. *suite* is the wrap's own."""
    place = bytes((suite,)) + bytes.fromhex(tip_id) + seq.to_bytes(4, "big")
    return b"binhan-key-v1" + place + unit.encode()


def reply_info(tip_id: str, seq: int) -> bytes:
    """What binds a reply to its tip and place."""
    return b"binhan-reply-v1" + bytes.fromhex(tip_id) + seq.to_bytes(4, "big")


def body_bytes(kind: ParcelType, words: Mapping[str, object], files: Sequence[TipFile]) -> bytes:
    """
    A parcel's body, padded.

    Raises:
        BadSetup: It is larger than the largest bucket.
    """
    listed = [{"name": item.name, "type": item.media_type, "size": len(item.content)} for item in files]
    head = _json_bytes({"v": 1, "type": kind, "words": dict(words), "files": listed})
    length = len(head).to_bytes(_LENGTH_BYTES, "big")
    return pad_all((length, head, *(item.content for item in files)))


def body_from(padded: bytes) -> OpenedParcel:
    """
    Undo `body_bytes`.

    A sender may have written anything here: names and media types of files that are not spelled as ours
    are replaced, never shown.

    Raises:
        SealedDamaged: It is no body, or its files do not fill it exactly.
    """
    content = unpad(padded)
    start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    head = _json_object(content[_LENGTH_BYTES:start])
    kind, words, listed = head.get("type"), head.get("words"), head.get("files")
    is_known = head.get("v") == 1 and kind in get_args(ParcelType) and len(content) >= start
    if not is_known or not isinstance(words, dict) or not isinstance(listed, list):
        raise SealedDamaged
    files = []
    for number, item in enumerate(listed, 1):
        size = item.get("size") if isinstance(item, dict) else None
        if type(size) is not int or size < 0 or start + size > len(content):
            raise SealedDamaged
        files.append(_file(item, number, content[start : start + size]))
        start += size
    if start != len(content):
        raise SealedDamaged
    return OpenedParcel(type=cast("ParcelType", kind), words=words, files=tuple(files))


def _file(item: dict[str, Any], number: int, content: bytes) -> TipFile:
    name, media_type = str(item.get("name", "")), str(item.get("type", ""))
    return TipFile(
        name=name if FILE_NAME.fullmatch(name) else f"tep-{number}.bin",
        media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream",
        content=content,
    )


def card_bytes(card: TipCard) -> bytes:
    """
    A card, padded: 512 bytes whatever is on it.

    Raises:
        BadSetup: Its kind or area is longer than any of ours.
    """
    fields = {
        "kind": card.kind,
        "urgent": card.urgent,
        "area": card.area,
        "files": card.files,
        "language": card.language,
        "digest": card.digest,
    }
    return pad(_json_bytes(fields), CARD_BYTES)


def card_from(padded: bytes) -> TipCard:
    """
    Undo `card_bytes`.

    Raises:
        SealedDamaged: It is no card.
    """
    fields = _json_object(unpad(padded))
    files = fields.get("files", 0)
    if type(files) is not int or files < 0:
        raise SealedDamaged
    return TipCard(
        kind=text_in(fields, "kind"),
        urgent=fields.get("urgent") is True,
        area=text_in(fields, "area"),
        files=files,
        language=language_in(fields),
        digest=text_in(fields, "digest"),
    )


def reply_bytes(reply: Reply) -> bytes:
    """
    A reply, padded; its number goes with the sealing.

    Raises:
        BadSetup: It is larger than the largest bucket.
    """
    day = reply.day.isoformat() if reply.day else ""
    fields = {
        "type": reply.type,
        "text": reply.text,
        "state": reply.state,
        "outcome": reply.outcome,
        "day": day,
    }
    return pad(_json_bytes(fields))


def reply_from(padded: bytes, seq: int) -> Reply:
    """
    Undo `reply_bytes`.

    Raises:
        SealedDamaged: It is no reply.
    """
    fields = _json_object(unpad(padded))
    kind, day = fields.get("type"), text_in(fields, "day")
    if kind not in get_args(ReplyType):
        raise SealedDamaged
    try:
        known_day = date.fromisoformat(day) if day else None
    except ValueError:
        raise SealedDamaged from None
    return Reply(
        seq=seq,
        type=cast("ReplyType", kind),
        text=text_in(fields, "text"),
        state=text_in(fields, "state"),
        outcome=text_in(fields, "outcome"),
        day=known_day,
    )


def text_in(fields: Mapping[str, object], name: str) -> str:
    """
    The text *name* of an opened JSON object, "" if it is not there.

    Raises:
        SealedDamaged: It is no text.
    """
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise SealedDamaged
    return value


def language_in(fields: Mapping[str, object]) -> Literal["vi", "en"]:
    """The language in an opened JSON object; Vietnamese unless it says English."""
    return "en" if fields.get("language") == "en" else "vi"


def _json_bytes(value: Mapping[str, object]) -> bytes:
    # A message cut in the middle of an emoji leaves half a character, which UTF-8 has no bytes for.
    return json.dumps(_mended(value), ensure_ascii=False, separators=(",", ":")).encode()


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        value = _mended(json.loads(raw))
    except (ValueError, RecursionError):
        raise SealedDamaged from None
    if not isinstance(value, dict):
        raise SealedDamaged
    return value


def _mended(value: Any) -> Any:
    """*value* with U+FFFD for half characters, in every text of it."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_mended(name): _mended(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    return value
