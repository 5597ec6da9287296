"""What the command line does with a unit's keys: make them, and see that they are all right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tips.errors import SealedDamaged, WrongPassphrase
from tips.keys import UNIT_ID, PublicKeys, read_public_key
from tips.opening.keyfile import PRIVATE_MODE, look_at_files, make_key, unlock_unit

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tips.keys import PublicKey

Fault = Literal[
    "no_public", "bad_public", "no_private", "unpublished", "bad_private", "open_to_others", "locked"
]


@dataclass(frozen=True, slots=True)
class KeyFolders:
    """Where keys lie. On a public machine there is no private folder, and must be none."""

    private: Path
    public: Path

    @classmethod
    def below(cls, data: Path) -> KeyFolders:
        """The folders of the data folder *data*."""
        return cls(data / "desk" / "private-keys", data / "tips" / "public-keys")

    def private_file(self, unit: str, key_id: str) -> Path:
        """Where a private key lies, or would."""
        return self.private / unit / f"{key_id}.json"

    def public_file(self, unit: str, key_id: str) -> Path:
        """Where a public key lies, or would."""
        return self.public / unit / f"{key_id}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFault:
    """Something wrong with a unit's keys; `keys.fault_<fault>` says what to do about it."""

    unit: str
    fault: Fault
    key_id: str = ""  # "" where it is about no single key
    mode: str = ""  # of the file, such as 644


def has_keys(unit: str, folders: KeyFolders) -> bool:
    """Whether *unit* has any key file, public or private, sound or not."""
    if not UNIT_ID.fullmatch(unit):
        return False
    return any(any((folder / unit).glob("*.json")) for folder in (folders.private, folders.public))


def has_private_keys(unit: str, folders: KeyFolders) -> bool:
    """Whether this is a machine that opens what is sealed to *unit*."""
    return bool(look_at_files(unit, folders.private))


def make_unit_key(unit: str, passphrase: str, folders: KeyFolders, today: date) -> PublicKey:
    """Make *unit*'s next key pair; raises as `tips.opening.keyfile.make_key` does."""
    return make_key(
        unit, passphrase, private_folder=folders.private, public_folder=folders.public, today=today
    )


def units_with_keys(folders: KeyFolders) -> list[str]:
    """Every unit with a folder of keys, by name."""
    return sorted({*PublicKeys(folders.public).units(), *PublicKeys(folders.private).units()})


def check_unit(unit: str, folders: KeyFolders, passphrase: str | None = None) -> list[KeyFault]:
    """
    Everything wrong with *unit*'s keys.

    Args:
        unit: The unit's id.
        folders: Private keys are looked for only where there is a private folder.
        passphrase: Tried on every private key if given.
    """
    faults = list(_public_faults(unit, folders))
    if folders.private.is_dir():
        faults += _private_faults(unit, folders)
        if passphrase is not None:
            faults += _locked(unit, folders, passphrase)
    return faults


def _public_faults(unit: str, folders: KeyFolders) -> list[KeyFault]:
    files = sorted((folders.public / unit).glob("*.json"))
    read = {file.stem: read_public_key(file) for file in files}
    faults = [
        KeyFault(unit=unit, fault="bad_public", key_id=key_id)
        for key_id, key in read.items()
        if key is None or key.unit != unit
    ]
    if len(faults) == len(files):
        faults.append(KeyFault(unit=unit, fault="no_public"))
    return faults


def _private_faults(unit: str, folders: KeyFolders) -> list[KeyFault]:
    states = look_at_files(unit, folders.private)
    published = {file.stem for file in (folders.public / unit).glob("*.json")}
    faults = [
        KeyFault(unit=unit, fault="no_private", key_id=key_id)
        for key_id in sorted(published - {state.key_id for state in states})
    ]
    for state in states:
        if not state.is_readable:
            faults.append(KeyFault(unit=unit, fault="bad_private", key_id=state.key_id))
        if state.key_id not in published:
            faults.append(KeyFault(unit=unit, fault="unpublished", key_id=state.key_id))
        if state.mode != PRIVATE_MODE:
            faults.append(
                KeyFault(unit=unit, fault="open_to_others", key_id=state.key_id, mode=f"{state.mode:o}")
            )
    return faults


def _locked(unit: str, folders: KeyFolders, passphrase: str) -> list[KeyFault]:
    states = look_at_files(unit, folders.private)
    if not states or not all(state.is_readable for state in states):
        return []  # told already, and nothing could be unlocked
    try:
        unlock_unit(unit, passphrase, folders.private)
    except (WrongPassphrase, SealedDamaged) as error:
        return [KeyFault(unit=unit, fault="locked", key_id=error.fields["key_id"])]
    return []
