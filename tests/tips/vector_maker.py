"""
Writes vectors.json: `python -m tests.tips.vector_maker` in the project's folder.

Python and the page have to agree on every byte; both read this file in their tests.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tips.layout import (
    BODY_PART,
    BROWSER_SUITE,
    CARD_PART,
    HPKE,
    NONCE_BYTES,
    body_bytes,
    card_bytes,
    parcel_aad,
    reply_bytes,
    reply_info,
    wrap_info,
)
from tips.model import Reply, TipCard, TipContent, TipFile
from tips.opening.opener import PrivateKey
from tips.receipts import Receipt
from tips.sealing import card_of, digest_of, parcel_to_json, seal_parcel, seal_reply, words_of

FILE = Path(__file__).with_name("vectors.json")
RECEIPTS = ("0123456789ABCDEF", "ZZZZZZZZZZZZZZZZ", "7F3K2M9QWXYVTHJN")
STORIES = (
    "Có người bán ma tuý ở hẻm 12, đêm nào cũng tụ tập.",
    "co nguoi ban ma tuy o hem 12 dem nao cung tu tap",
    "ĐÁNH BẠC 🎲 ở quán Đức",
    "🎲🎲",
)
DAY = date(2026, 11, 22)


def fixed(label: str, length: int = 32) -> bytes:
    """Bytes that look random and are the same in every run."""
    return hashlib.shake_256(b"binhan-test-vector " + label.encode()).digest(length)


def key() -> PrivateKey:
    """The private key of the vectors' unit."""
    parts = {"mlkem768": fixed("mlkem", 64), "x25519": fixed("hybrid"), "browser_x25519": fixed("browser")}
    return PrivateKey(unit="thu-nghiem", made=DAY, **parts)


def content() -> TipContent:
    """A tip with something in every field."""
    return TipContent(
        story=STORIES[0],
        kind="drugs",
        urgent=True,
        area="26734",
        place="sau chợ, gần cầu",
        when="tối qua, khoảng 22 giờ",
        details={"vehicle": "xe máy đỏ", "people": "3"},
        concerns=("thu-nghiem-khac",),
        concerns_whom="ông A",
    )


def files() -> tuple[TipFile, ...]:
    """Two small files, one after the other."""
    return (
        TipFile(name="anh-1.jpg", media_type="image/jpeg", content=fixed("photo", 40)),
        TipFile(name="am-thanh-2.ogg", media_type="audio/ogg", content=fixed("voice", 25)),
    )


def receipt_steps(canonical: str) -> dict[str, str]:
    """A receipt and everything that comes of it, step by step and not by the code under test alone."""
    receipt = Receipt(canonical)
    master = hashlib.pbkdf2_hmac("sha256", canonical.encode(), b"binhan-receipt-v1", 100_000, 32)
    reply_private = HKDF(SHA256(), 32, b"", b"reply").derive(master)
    keys = receipt.keys()
    return {
        "canonical": canonical,
        "text": receipt.text,
        "last_group": receipt.last_group,
        "master": master.hex(),
        "tag": HKDF(SHA256(), 32, b"", b"lookup").derive(master).hex(),
        "tag_hash": keys.tag_hash.hex(),
        "tip_id": keys.tip_id,
        "reply_private": reply_private.hex(),
        "reply_public": X25519PrivateKey.from_private_bytes(reply_private)
        .public_key()
        .public_bytes_raw()
        .hex(),
    }


def steps(private: PrivateKey, tip_id: str, body: bytes, card: TipCard, reply: Reply) -> dict[str, str]:
    """Every step of sealing with a fixed key and nonce, so that a difference shows where it begins."""
    content_key, nonce = fixed("content key"), fixed("nonce", NONCE_BYTES)
    body_aad = parcel_aad(BROWSER_SUITE, tip_id, BODY_PART, 1)
    info = wrap_info(BROWSER_SUITE, tip_id, 1, private.unit)
    return {
        "content_key": content_key.hex(),
        "nonce": nonce.hex(),
        "card_aad": parcel_aad(BROWSER_SUITE, tip_id, CARD_PART, 1).hex(),
        "body_aad": body_aad.hex(),
        "body_sealed_sha256": hashlib.sha256(AESGCM(content_key).encrypt(nonce, body, body_aad)).hexdigest(),
        "card_padded": card_bytes(card).rstrip(b"\0").hex(),
        "wrap_info": info.hex(),
        "wrapped": HPKE[BROWSER_SUITE].encrypt(content_key, private.public().browser(), info=info).hex(),
        "reply_info": reply_info(tip_id, reply.seq).hex(),
        "reply_padded": reply_bytes(reply).rstrip(b"\0").hex(),
    }


def build() -> dict[str, Any]:
    """All vectors. What is sealed to a public key differs in every run: HPKE draws its own key."""
    private, told, sent = key(), content(), files()
    receipt = receipt_steps(RECEIPTS[2])
    keys = Receipt(RECEIPTS[2]).keys()
    card, tip_id = card_of(told, len(sent)), receipt["tip_id"]
    body = body_bytes("tip", words_of(told), sent)
    reply = Reply(seq=2, type="question", text="Xe biển số gì ạ?", state="needs_information", day=DAY)
    parcel = seal_parcel(
        "tip",
        words_of(told),
        sent,
        tip_id=tip_id,
        seq=1,
        to=[private.public()],
        card=card,
        suite=BROWSER_SUITE,
    )
    return {
        "about": "hex, but base64 in parcel and unit and where a name ends in _base64; docs/decisions/0010",
        "receipts": [receipt_steps(canonical) for canonical in RECEIPTS],
        "digests": [{"story": story, "digest": digest_of(story)} for story in STORIES],
        "unit": private.public().to_json(),
        "unit_browser_private": private.browser_x25519.hex(),
        "words": words_of(told),
        "files": [
            {"name": item.name, "type": item.media_type, "content": item.content.hex()} for item in sent
        ],
        "body": {
            "length": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "without_zeros": body.rstrip(b"\0").hex(),
        },
        "steps": steps(private, tip_id, body, card, reply),
        "parcel": parcel_to_json(parcel),
        "reply": {
            "tip_id": tip_id,
            "seq": reply.seq,
            "type": reply.type,
            "text": reply.text,
            "state": reply.state,
            "outcome": reply.outcome,
            "day": DAY.isoformat(),
            "sealed_base64": base64.b64encode(
                seal_reply(reply, tip_id=tip_id, reply_public=keys.reply_public).sealed
            ).decode(),
        },
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(build(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
