"""The library's HPKE against the published vectors, for the suites that tips are sealed with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

from tips.layout import BROWSER_SUITE, CONTENT, HPKE, SERVER_SUITE

X25519, MLKEM768_X25519, HKDF_SHA256, AES_256_GCM, CHACHA20_POLY1305 = 0x0020, 0x647A, 1, 2, 3
SUITES = {
    (X25519, AES_256_GCM): HPKE[BROWSER_SUITE],
    (MLKEM768_X25519, CHACHA20_POLY1305): HPKE[SERVER_SUITE],
    (X25519, CHACHA20_POLY1305): Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305),  # RFC 9180 A.2
}
CIPHERS = {AES_256_GCM: AESGCM, CHACHA20_POLY1305: ChaCha20Poly1305}
VECTORS = json.loads(Path(__file__).with_name("rfc9180.json").read_text(encoding="utf-8"))


def test_there_is_a_published_vector_for_every_suite() -> None:
    assert {(vector["kem_id"], vector["aead_id"]) for vector in VECTORS} == set(SUITES)
    assert {vector["kdf_id"] for vector in VECTORS} == {HKDF_SHA256}
    assert {
        BROWSER_SUITE: CIPHERS[AES_256_GCM],
        SERVER_SUITE: CIPHERS[CHACHA20_POLY1305],
    } == CONTENT


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['kem_id']:#06x}-{vector['aead_id']}")
def test_the_library_opens_what_is_sealed_as_the_vector_says(vector: dict[str, Any]) -> None:
    raw = {
        name: bytes.fromhex(value)
        for name, value in vector.items()
        if isinstance(value, str) and name != "source"
    }
    cipher = CIPHERS[vector["aead_id"]](raw["key"])
    assert cipher.decrypt(raw["base_nonce"], raw["ct"], raw["aad"]) == raw["pt"]  # the vector fits itself

    # The vectors' first message has other associated data than ours (none), and the library takes none
    # for a single message: the same message under the vector's own key and nonce stands in for it.
    sealed = raw["enc"] + cipher.encrypt(raw["base_nonce"], raw["pt"], b"")
    suite = SUITES[vector["kem_id"], vector["aead_id"]]
    private = private_key(vector["kem_id"], raw["skRm"])
    assert suite.decrypt(sealed, private, info=raw["info"]) == raw["pt"]
    with pytest.raises(InvalidTag):
        suite.decrypt(sealed, private, info=raw["info"] + b"!")


def private_key(kem: int, raw: bytes) -> X25519PrivateKey | MLKEM768X25519PrivateKey:
    """The vector's private key; of the hybrid it is a seed that SHAKE-256 makes both halves of."""
    if kem == X25519:
        return X25519PrivateKey.from_private_bytes(raw)
    halves = hashlib.shake_256(raw).digest(96)
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(halves[:64]), X25519PrivateKey.from_private_bytes(halves[64:])
    )
