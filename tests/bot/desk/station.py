"""A police station with a desk: real stores, real keys, three units, nine officers, a clock set by hand."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING

from bot.desk.desk import Desk
from bot.desk.records.store import DeskRecords
from bot.desk.views import DeskSettings, Seat
from tests.fakes.clocks import HandClock
from tests.fakes.tip_office import WashingCleaner
from tips.intake import IntakeSettings, TipIntake
from tips.keys import PublicKeys
from tips.model import RawFile, TipContent
from tips.opening.keyfile import make_key
from tips.receipts import Receipt
from tips.store.store import TipStore
from tips.units import Officer, Unit, UnitBook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tips.intake import Conversation, Submitted

A, B, TOP = "phuong-a", "phuong-b", "tinh"
AREA_A, AREA_B = "26734", "26737"
PASSPHRASE = "mật khẩu của cán bộ"  # noqa: S105 - of keys made for a run
STORY = "Nhà số 7 hẻm chợ bán ma túy mỗi tối"


def _staff(unit: str) -> tuple[Officer, ...]:
    return (
        Officer(id=f"{unit}-can-bo", name="Cán bộ", role="officer"),
        Officer(id=f"{unit}-chi-huy", name="Chỉ huy", role="supervisor"),
        Officer(id=f"{unit}-kiem-tra", name="Kiểm tra", role="auditor"),
    )


BOOK = UnitBook(
    (
        Unit(id=TOP, name="Tỉnh", areas=(), officers=_staff(TOP)),
        Unit(id=A, name="Phường A", areas=(AREA_A,), parent=TOP, officers=_staff(A)),
        Unit(id=B, name="Phường B", areas=(AREA_B,), parent=TOP, officers=_staff(B)),
    )
)


def make_keys(folder: Path) -> None:
    """Keys for every unit, under one passphrase: slow, so once in a run."""
    for unit in BOOK.units:
        make_key(
            unit.id,
            PASSPHRASE,
            private_folder=folder / "private-keys",
            public_folder=folder / "public-keys",
            today=date(2026, 11, 1),
        )


class Station:
    """All under `folder`: `tips/` is the public process's, `desk/` the officers'."""

    def __init__(self, folder: Path, keys: Path, *, book: UnitBook = BOOK, delay: float = 0.0) -> None:
        self.folder, self.keys, self.book = folder, keys, book
        self.clock = HandClock()
        self.delay = delay  # of a card, from 0 to 1 of ten minutes
        self.public_keys = PublicKeys(keys / "public-keys")
        settings = IntakeSettings()
        self.store = TipStore.open_file(
            folder / "tips" / "tips.sqlite3", settings=settings, now=self.clock, busy_timeout_ms=200
        )
        self.records = DeskRecords.open_file(folder / "desk" / "desk.sqlite3")
        self.intake = TipIntake(
            store=self.store,
            book=book,
            public_keys=self.public_keys,
            cleaner=WashingCleaner(),
            now=self.clock,
            settings=settings,
        )
        self.desk = self.another_desk()

    def another_desk(self) -> Desk:
        """A desk of another process, or after a restart: every unit is locked."""
        return Desk(
            store=self.store,
            records=self.records,
            book=self.book,
            public_keys=self.public_keys,
            private_folder=self.keys / "private-keys",
            now=self.clock,
            settings=DeskSettings(),
            random=lambda: self.delay,
        )

    def unlock(self, *units: str) -> Station:
        """Unlock these units, or all."""
        for unit in units or [unit.id for unit in self.book.units]:
            self.desk.unlock(unit, PASSPHRASE)
        return self

    def close(self) -> None:
        self.store.close()
        self.records.close()

    def seat(self, unit: str = A, role: str = "officer") -> Seat:
        """An officer of *unit* in that role."""
        found = next(officer for officer in self.book.unit(unit).officers if officer.role == role)
        return Seat(officer=found, unit=unit)

    def send(
        self, story: str = STORY, *, area: str = AREA_A, files: Sequence[RawFile] = (), **fields: object
    ) -> Receipt:
        """A tip from somebody; the receipt is all that is left with them."""
        receipt = Receipt.new()
        self._submit(receipt, story, area, files, fields)
        return receipt

    def tip(
        self, story: str = STORY, *, area: str = AREA_A, files: Sequence[RawFile] = (), **fields: object
    ) -> str:
        """As `send`, for tests that need the tip's id only."""
        return self._submit(Receipt.new(), story, area, files, fields).tip_id

    def _submit(
        self, receipt: Receipt, story: str, area: str, files: Sequence[RawFile], fields: dict[str, object]
    ) -> Submitted:
        content = TipContent(story=story, area=area, **({"kind": "drugs"} | fields))
        return self.intake.submit(receipt, content, files)

    def records_units(self) -> set[tuple[str, str]]:
        """(tip, unit) of every row the desk keeps."""
        with closing(sqlite3.connect(self.folder / "desk" / "desk.sqlite3")) as connection:
            return set(connection.execute("SELECT tip_id, unit FROM desk_cards"))

    def damage(self, tip_id: str) -> str:
        """Change one byte of everything sealed of a tip."""
        with closing(sqlite3.connect(self.folder / "tips" / "tips.sqlite3")) as connection:
            rows = connection.execute("SELECT card, body FROM tip_parcels WHERE tip_id = ?", (tip_id,))
            card, body = next(rows)
            values = (card[:-1] + bytes([card[-1] ^ 1]), body[:-1] + bytes([body[-1] ^ 1]), tip_id)
            connection.execute("UPDATE tip_parcels SET card = ?, body = ? WHERE tip_id = ?", values)
            connection.commit()
        return tip_id

    def hide_public_key(self, unit: str) -> Callable[[], object]:
        """Take a unit's public keys away; what is returned puts them back."""
        folder = self.keys / "public-keys" / unit
        away = folder.rename(folder.with_name(f"{unit}-away"))
        return lambda: away.rename(folder)

    @contextmanager
    def locked_store(self) -> Iterator[None]:
        """Somebody else writes to the tips meanwhile, and does not stop."""
        with closing(sqlite3.connect(self.folder / "tips" / "tips.sqlite3")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.rollback()

    def told(self, receipt: Receipt) -> Conversation:
        """What the receipt shows."""
        conversation = self.intake.follow(receipt)
        assert conversation is not None
        return conversation
