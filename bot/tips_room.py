"""
The public half of tips, built from the settings: the store, the units, their public keys, the way in.

Nothing here can open a tip; that is `bot.desk_room`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from prompts.catalog import text
from tips.attachments.clean import SandboxedCleaner
from tips.errors import BadUnits
from tips.intake import TipIntake
from tips.keys import PublicKeys
from tips.retention import Retention
from tips.store.store import TipStore
from tips.times import IntakeSettings, utc_now
from tips.units import UnitBook

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from prompts.catalog import Language


@dataclass(frozen=True, slots=True)
class TipFolder:
    """Where the public half of tips lies, under the data folder."""

    data: Path

    @property
    def store(self) -> Path:
        """The SQLite store of sealed tips."""
        return self.data / "tips" / "tips.sqlite3"

    @property
    def units(self) -> Path:
        """The file of units."""
        return self.data / "tips" / "units.toml"

    @property
    def public_keys(self) -> Path:
        """The units' public keys."""
        return self.data / "tips" / "public-keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class TipsRoom:
    """The public half of tips, open."""

    store: TipStore
    book: UnitBook
    public_keys: PublicKeys
    intake: TipIntake
    retention: Retention

    def close(self) -> None:
        """Give the store back."""
        self.store.close()


def intake_settings(settings: Settings) -> IntakeSettings:
    """How times are rounded and how long things take."""
    return IntakeSettings(
        rounding_min=settings.tip_rounding_min,
        retention_days=settings.tip_retention_days,
        unopened_hours=settings.tip_unopened_hours,
    )


def open_store(settings: Settings) -> TipStore:
    """
    The store of sealed tips, its tables up to date.

    Raises:
        TipStoreUnavailable: The database cannot be reached.
    """
    url, kept = settings.tips_database_url.get_secret_value(), intake_settings(settings)
    if url:
        return TipStore.open(url, settings=kept)
    return TipStore.open_file(TipFolder(settings.data).store, settings=kept)


def open_book(settings: Settings) -> UnitBook:
    """
    The units; the trial unit with the officers' group that the settings name.

    Raises:
        BadUnits: The file is missing or wrong.
    """
    book = UnitBook.load(settings.units or TipFolder(settings.data).units)
    return with_trial_chat(book, settings.telegram_admin_chat)


def open_store_of(settings: Settings, book: UnitBook) -> TipStore:
    """
    The store of sealed tips, for a process that serves the units of *book*.

    Raises:
        BadUnits: Tips lie with a unit that *book* does not have: nobody would see them any more.
        TipStoreUnavailable: The database cannot be reached.
    """
    store = open_store(settings)
    try:
        _check_book(store, book, settings.language)
    except BaseException:
        store.close()
        raise
    return store


def _check_book(store: TipStore, book: UnitBook, language: Language) -> None:
    elsewhere = store.lying_elsewhere([unit.id for unit in book.units])
    faults = (
        text("units.fault_tips_left", language, unit=unit, value=count) for unit, count in elsewhere.items()
    )
    if elsewhere:
        raise BadUnits(faults="\n".join(faults))


def with_trial_chat(book: UnitBook, chat: int) -> UnitBook:
    """*book* with *chat* as the officers' group of its lowest trial unit; 0 changes nothing."""
    trial = next((unit for unit in reversed(book.units) if unit.is_development and unit.areas), None)
    if not chat or trial is None:
        return book
    return UnitBook(
        replace(unit, admin_chats=(chat,)) if unit.id == trial.id else unit for unit in book.units
    )


def open_tips(settings: Settings) -> TipsRoom:
    """
    The public half of tips, ready to take them in.

    Raises:
        BadUnits, UnitWithoutKey, TipStoreUnavailable: It cannot start; nothing would be received.
    """
    book = open_book(settings)
    public_keys = PublicKeys(TipFolder(settings.data).public_keys)
    store = open_store_of(settings, book)
    intake = TipIntake(
        store=store,
        book=book,
        public_keys=public_keys,
        cleaner=SandboxedCleaner(),
        now=utc_now,
        settings=intake_settings(settings),
    )
    try:
        intake.check()
    except BaseException:
        store.close()
        raise
    return TipsRoom(
        store=store,
        book=book,
        public_keys=public_keys,
        intake=intake,
        retention=Retention(store, utc_now),
    )
