"""The public side of a unit's keys: all that the public process ever holds."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

from tips.errors import UnitWithoutKey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNIT_ID = re.compile(r"[a-z0-9-]{1,40}")  # safe as a folder's name
KEY_ID = re.compile(r"[0-9a-f]{16}")
_MLKEM768_BYTES, _X25519_BYTES = 1184, 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """What a unit gives out: two hybrid halves for the server's suite, one key for the browser's."""

    unit: str
    key_id: str  # 16 hex digits, of the three raw keys
    made: date
    mlkem768: bytes  # 1,184 bytes
    x25519: bytes  # 32 bytes
    browser_x25519: bytes  # 32 bytes

    def hybrid(self) -> MLKEM768X25519PublicKey:
        """The key of the server's suite."""
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self.mlkem768),
            X25519PublicKey.from_public_bytes(self.x25519),
        )

    def browser(self) -> X25519PublicKey:
        """The key of the browser's suite."""
        return X25519PublicKey.from_public_bytes(self.browser_x25519)

    def to_json(self) -> dict[str, object]:
        """The JSON object of a key file, raw keys in base64."""
        return {
            "v": 1,
            "unit": self.unit,
            "key_id": self.key_id,
            "made": self.made.isoformat(),
            "mlkem768": _base64(self.mlkem768),
            "x25519": _base64(self.x25519),
            "browser_x25519": _base64(self.browser_x25519),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> PublicKey:
        """
        Read the JSON object of a key file.

        Raises:
            ValueError: It is none, or its key id is not that of its keys.
        """
        texts = {name: str(value.get(name, "")) for name in ("unit", "key_id", "made")}
        mlkem768, x25519, browser = (
            base64.b64decode(str(value.get(name, "")), validate=True)
            for name in ("mlkem768", "x25519", "browser_x25519")
        )
        key = cls(
            unit=texts["unit"],
            key_id=texts["key_id"],
            made=date.fromisoformat(texts["made"]),
            mlkem768=mlkem768,
            x25519=x25519,
            browser_x25519=browser,
        )
        lengths = (len(mlkem768), len(x25519), len(browser))
        is_whole = value.get("v") == 1 and lengths == (_MLKEM768_BYTES, _X25519_BYTES, _X25519_BYTES)
        if not is_whole or not UNIT_ID.fullmatch(key.unit):
            raise ValueError("not a public key of version 1")
        if key.key_id != key_id_of(mlkem768, x25519, browser):
            raise ValueError("the key id is of other keys")
        return key


def key_id_of(mlkem768: bytes, x25519: bytes, browser_x25519: bytes) -> str:
    """The name of three raw public keys: 16 hex digits."""
    return hashlib.sha256(mlkem768 + x25519 + browser_x25519).hexdigest()[:16]


class PublicKeys:
    """
    The public keys in a folder, `UNIT/KEYID.json`.

    Read anew at every call, so that a rotated key is used without a restart. A file that is damaged or
    lies in another unit's folder counts as absent; `binhan keys check` names it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self, unit: str) -> PublicKey:
        """
        The newest key of *unit*: what is sealed now is sealed to it.

        Raises:
            UnitWithoutKey: There is none.
        """
        keys = self.all(unit)
        if not keys:
            raise UnitWithoutKey(unit=unit)
        return keys[-1]

    def all(self, unit: str) -> list[PublicKey]:
        """Every key of *unit*, oldest first."""
        if not UNIT_ID.fullmatch(unit):
            return []
        read = (read_public_key(file) for file in (self._folder / unit).glob("*.json"))
        return sorted(
            (key for key in read if key and key.unit == unit), key=lambda key: (key.made, key.key_id)
        )

    def units(self) -> list[str]:
        """The units that have a folder here, by name."""
        if not self._folder.is_dir():
            return []
        return sorted(entry.name for entry in self._folder.iterdir() if UNIT_ID.fullmatch(entry.name))


def read_public_key(file: Path) -> PublicKey | None:
    """The key in *file*; None if there is none, or a damaged one, or one of another name."""
    try:
        key = PublicKey.from_json(json.loads(file.read_bytes()))
    except (OSError, ValueError, AttributeError, RecursionError):
        return None
    return key if key.key_id == file.stem else None


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
