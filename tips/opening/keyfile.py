"""
A unit's private keys on disk, under a passphrase.

`UNIT/KEYID.json`, mode 0600: Argon2id (64 MiB, three rounds) turns the passphrase into a key, and
ChaCha20-Poly1305 seals the raw keys with it, bound to the unit and the key id.
"""

from __future__ import annotations

import base64
import json
import os
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tips.errors import SealedDamaged, UnitWithoutKey, WrongPassphrase
from tips.keys import UNIT_ID, PublicKeys
from tips.opening.opener import PrivateKey, UnitKeys

if TYPE_CHECKING:
    from pathlib import Path

    from tips.keys import PublicKey

PRIVATE_MODE = 0o600
_FOLDER_MODE = 0o700
_MEMORY_KIB, _ROUNDS, _LANES = 65_536, 3, 1
_MOST_MEMORY_KIB, _MOST_ROUNDS = 1_048_576, 16  # a file that wants more is not one of ours
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_RAW_KEYS = ("mlkem768", "x25519", "browser_x25519")


def make_key(
    unit: str, passphrase: str, *, private_folder: Path, public_folder: Path, today: date
) -> PublicKey:
    """
    Make a unit's keys, its first or its next; older ones stay, so that what is sealed to them opens.

    The private file is written, read back and opened before the public one appears: nothing is ever
    sealed to a key that cannot be opened.

    Args:
        unit: The unit's id.
        passphrase: The same as for the unit's earlier keys.
        private_folder: Such as `data/desk/private-keys`.
        public_folder: Such as `data/tips/public-keys`.
        today: Written into the key; never earlier than the unit's newest.

    Raises:
        UnitWithoutKey: *unit* is no possible id.
        WrongPassphrase: The unit has keys, under another passphrase.
        SealedDamaged: The unit has a key file that cannot be read.
        OSError: A file could not be written; nothing was made public.
    """
    if not UNIT_ID.fullmatch(unit):
        raise UnitWithoutKey(unit=unit)
    files = _key_files(unit, private_folder)
    known = [(file.made, file.key_id) for file in files]
    known += [(key.made, key.key_id) for key in PublicKeys(public_folder).all(unit)]
    if files:
        files[-1].unlocked(passphrase)
    made, newest_id = max([(today, ""), *known])
    key = _new_key(unit, made)
    while key.public().key_id <= newest_id:  # two of one day: the later has to sort later
        key = _new_key(unit, made)
    public = key.public()
    private_file = private_folder / unit / f"{public.key_id}.json"
    _write(private_file, _sealed_file(key, public.key_id, passphrase))
    _read(private_file, unit).unlocked(passphrase)
    _write(public_folder / unit / f"{public.key_id}.json", public.to_json(), is_private=False)
    return public


def unlock_unit(unit: str, passphrase: str, private_folder: Path) -> UnitKeys:
    """
    Open every generation of a unit's private keys; each takes about a fifth of a second and 64 MiB.

    Raises:
        UnitWithoutKey: There is no key file.
        WrongPassphrase: The passphrase does not open one of them.
        SealedDamaged: One of them is no key file, or is of another unit.
    """
    files = _key_files(unit, private_folder)
    if not files:
        raise UnitWithoutKey(unit=unit)
    return UnitKeys(unit, [file.unlocked(passphrase) for file in files])


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFileState:
    """A private key file as it lies there, locked. `mode` is its permission bits."""

    key_id: str
    mode: int
    is_readable: bool  # it is a key file of this unit; whether it opens, only the passphrase shows


def look_at_files(unit: str, private_folder: Path) -> list[KeyFileState]:
    """The private key files of *unit*, by name, without opening any."""
    if not UNIT_ID.fullmatch(unit):
        return []
    return [_look_at(path, unit) for path in sorted((private_folder / unit).glob("*.json"))]


def _look_at(path: Path, unit: str) -> KeyFileState:
    try:
        _read(path, unit)
    except (SealedDamaged, OSError):
        is_readable = False
    else:
        is_readable = True
    return KeyFileState(key_id=path.stem, mode=path.stat().st_mode & 0o777, is_readable=is_readable)


@dataclass(frozen=True, slots=True)
class _KeyFile:
    unit: str
    key_id: str
    made: date
    memory_kib: int
    rounds: int
    salt: bytes
    nonce: bytes
    sealed: bytes

    def unlocked(self, passphrase: str) -> PrivateKey:
        key = _stretched(passphrase, self.salt, self.memory_kib, self.rounds)
        try:
            opened = ChaCha20Poly1305(key).decrypt(self.nonce, self.sealed, _aad(self.unit, self.key_id))
        except InvalidTag:
            raise WrongPassphrase(unit=self.unit, key_id=self.key_id) from None
        try:
            fields = json.loads(opened)
            raw = {name: base64.b64decode(fields[name], validate=True) for name in _RAW_KEYS}
            private = PrivateKey(unit=self.unit, made=self.made, **raw)
            is_itself = private.public().key_id == self.key_id
        except (ValueError, KeyError, TypeError):
            raise SealedDamaged(unit=self.unit, key_id=self.key_id) from None
        if not is_itself:
            raise SealedDamaged(unit=self.unit, key_id=self.key_id)
        return private


def _key_files(unit: str, private_folder: Path) -> list[_KeyFile]:
    if not UNIT_ID.fullmatch(unit):
        return []
    files = [_read(path, unit) for path in (private_folder / unit).glob("*.json")]
    return sorted(files, key=lambda file: (file.made, file.key_id))


def _read(path: Path, unit: str) -> _KeyFile:
    try:
        fields: dict[str, Any] = json.loads(path.read_bytes())
        kdf = fields["kdf"]
        file = _KeyFile(
            unit=fields["unit"],
            key_id=fields["key_id"],
            made=date.fromisoformat(fields["made"]),
            memory_kib=kdf["memory_kib"],
            rounds=kdf["rounds"],
            salt=base64.b64decode(kdf["salt"], validate=True),
            nonce=base64.b64decode(fields["nonce"], validate=True),
            sealed=base64.b64decode(fields["sealed"], validate=True),
        )
        is_ours = (
            fields["v"] == 1
            and kdf["name"] == "argon2id"
            and (file.unit, file.key_id) == (unit, path.stem)
            and len(file.nonce) == _NONCE_BYTES
            and len(file.salt) >= _SALT_BYTES
            and _MEMORY_KIB <= file.memory_kib <= _MOST_MEMORY_KIB
            and _ROUNDS <= file.rounds <= _MOST_ROUNDS
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise SealedDamaged(unit=unit, key_id=path.stem)
    return file


def _sealed_file(key: PrivateKey, key_id: str, passphrase: str) -> dict[str, object]:
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    raw = json.dumps({name: _base64(getattr(key, name)) for name in _RAW_KEYS}).encode()
    stretched = _stretched(passphrase, salt, _MEMORY_KIB, _ROUNDS)
    sealed = ChaCha20Poly1305(stretched).encrypt(nonce, raw, _aad(key.unit, key_id))
    return {
        "v": 1,
        "unit": key.unit,
        "key_id": key_id,
        "made": key.made.isoformat(),
        "kdf": {"name": "argon2id", "memory_kib": _MEMORY_KIB, "rounds": _ROUNDS, "salt": _base64(salt)},
        "nonce": _base64(nonce),
        "sealed": _base64(sealed),
    }


def _new_key(unit: str, made: date) -> PrivateKey:
    return PrivateKey(
        unit=unit,
        made=made,
        mlkem768=MLKEM768PrivateKey.generate().private_bytes_raw(),
        x25519=X25519PrivateKey.generate().private_bytes_raw(),
        browser_x25519=X25519PrivateKey.generate().private_bytes_raw(),
    )


def _stretched(passphrase: str, salt: bytes, memory_kib: int, rounds: int) -> bytes:
    # One keyboard writes "ậ" as one character, another as two.
    typed = unicodedata.normalize("NFC", passphrase).encode()
    kdf = Argon2id(salt=salt, length=_KEY_BYTES, iterations=rounds, lanes=_LANES, memory_cost=memory_kib)
    return kdf.derive(typed)


def _aad(unit: str, key_id: str) -> bytes:
    return f"binhan-private-key-v1 {unit} {key_id}".encode()


def _write(path: Path, value: dict[str, object], *, is_private: bool = True) -> None:
    """Write a new file whole or not at all, on the disk before it has its name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE if is_private else 0o755)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE), "wb") as file:
        file.write(json.dumps(value, indent=1).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if not is_private:
        part.chmod(0o644)
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
