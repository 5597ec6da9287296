"""
The officers' half of tips, built from the settings: the desk and, for trying things out, a development unit.

Only a process that runs the desk builds this; it holds private keys once they are unlocked.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.desk import Desk
from bot.desk.keymaking import KeyFolders, make_unit_key
from bot.desk.records.store import DeskRecords
from bot.desk.views import DeskSettings
from bot.tips_room import TipFolder, open_book, open_store_of
from tips.errors import UnitWithoutKey, WrongPassphrase
from tips.keys import PublicKeys
from tips.times import utc_now
from tips.units import UnitBook, development_units

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from tips.store.store import TipStore

_PASSPHRASE_BYTES = 24


@dataclass(frozen=True, slots=True)
class DeskFolder:
    """Where the officers' half lies, under the data folder."""

    data: Path

    @property
    def records(self) -> Path:
        """The desk's own SQLite database."""
        return self.data / "desk" / "desk.sqlite3"

    @property
    def private_keys(self) -> Path:
        """The units' private keys, each under its passphrase."""
        return self.data / "desk" / "private-keys"

    @property
    def development_passphrase(self) -> Path:
        """The passphrase of the development units. Real units have none lying about."""
        return self.data / "desk" / "development-passphrase"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoom:
    """The officers' half, open. `locked` are the units whose passphrase is still to be typed."""

    desk: Desk
    store: TipStore
    records: DeskRecords
    book: UnitBook
    locked: tuple[str, ...]

    def close(self) -> None:
        """Give the databases back."""
        self.records.close()
        self.store.close()


def prepare_development(settings: Settings) -> bool:
    """
    Make a development unit, and one above it, where nobody has set up units yet.

    Returns:
        Whether the units in use are development ones.
    """
    folder = TipFolder(settings.data)
    if settings.units is None and not folder.units.exists():
        _write_private(folder.units, development_units())
    book = open_book(settings)
    for unit in (unit for unit in book.units if unit.is_development):
        folders = KeyFolders.below(settings.data)
        if not PublicKeys(folders.public).all(
            unit.id
        ):  # a start that was cut off may have left a private one
            make_unit_key(unit.id, _development_passphrase(settings), folders, utc_now().date())
    return any(unit.is_development for unit in book.units)


def _development_passphrase(settings: Settings) -> str:
    file = DeskFolder(settings.data).development_passphrase
    if not file.exists():
        _write_private(file, secrets.token_urlsafe(_PASSPHRASE_BYTES))
    return file.read_text(encoding="utf-8").strip()


def _write_private(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
    beside.replace(file)  # whole or not at all


def open_desk_room(settings: Settings, *, unlocks: bool = True) -> DeskRoom:
    """
    The desk; with *unlocks*, every unit is unlocked whose passphrase is known here.

    Raises:
        BadUnits, TipStoreUnavailable: It cannot start.
    """
    book = open_book(settings)
    store = open_store_of(settings, book)
    try:
        records = open_records(settings)
    except BaseException:
        store.close()
        raise
    desk = Desk(
        store=store,
        records=records,
        book=book,
        public_keys=PublicKeys(TipFolder(settings.data).public_keys),
        private_folder=DeskFolder(settings.data).private_keys,
        now=utc_now,
        settings=_desk_settings(settings, book),
    )
    locked = tuple(unit.id for unit in book.units if not (unlocks and _unlock(desk, unit.id, settings, book)))
    return DeskRoom(desk=desk, store=store, records=records, book=book, locked=locked)


def open_records(settings: Settings) -> DeskRecords:
    """
    The desk's own database.

    Raises:
        TipStoreUnavailable: It cannot be reached.
    """
    url = settings.desk_database_url.get_secret_value()
    return DeskRecords.open(url) if url else DeskRecords.open_file(DeskFolder(settings.data).records)


def _desk_settings(settings: Settings, book: UnitBook) -> DeskSettings:
    # Whoever tries things out sends a tip and looks for it at once: nobody is to be hidden there.
    is_trial = all(unit.is_development for unit in book.units)
    return DeskSettings(
        delay_minutes=0.0 if is_trial else settings.tip_card_delay_min,
        rounding_min=0 if is_trial else settings.tip_rounding_min,
        unopened_hours=settings.tip_unopened_hours,
    )


def _unlock(desk: Desk, unit: str, settings: Settings, book: UnitBook) -> bool:
    """Unlock *unit* with the passphrase of the settings, or with the development one."""
    passphrase = settings.desk_passphrase.get_secret_value()
    development = DeskFolder(settings.data).development_passphrase
    if book.unit(unit).is_development and development.exists():
        passphrase = development.read_text(encoding="utf-8").strip()
    if not passphrase:
        return False
    try:
        desk.unlock(unit, passphrase)
    except (WrongPassphrase, UnitWithoutKey):
        return False
    return True
