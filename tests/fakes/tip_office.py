"""An installation that takes tips, in a folder: two units, their keys, a store and the intake."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.fakes.clocks import HandClock
from tips.attachments.limits import Reason
from tips.errors import FileRefused
from tips.intake import IntakeSettings, TipIntake
from tips.keys import PublicKeys
from tips.model import TipFile
from tips.opening.opener import PrivateKey, UnitKeys
from tips.store.store import TipStore
from tips.units import Unit, UnitBook

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from tips.attachments.clean import Cleaner
    from tips.model import OpenedParcel, RawFile

LOW, HIGH = "phuong", "thanh-pho"
BOOK = (
    Unit(id=HIGH, name="Thành phố", areas=()),
    Unit(id=LOW, name="Phường", areas=("*",), parent=HIGH),
)


class WashingCleaner:
    """Takes everything but what begins with `bad`; what it gives is told from what it got."""

    def clean(self, file: RawFile, number: int) -> TipFile:
        """See `tips.attachments.clean.Cleaner`."""
        if file.content.startswith(b"bad"):
            raise FileRefused(reason=Reason.BROKEN)
        content = b"clean " + file.content.replace(b"secret", b"")
        return TipFile(name=f"anh-{number}.jpg", media_type="image/jpeg", content=content)


@cache
def private_key(unit: str, day: int) -> PrivateKey:
    """A key pair of *unit* made on a day of November; the same in the whole run."""
    return PrivateKey(
        unit=unit,
        made=date(2026, 11, day),
        mlkem768=MLKEM768PrivateKey.generate().private_bytes_raw(),
        x25519=X25519PrivateKey.generate().private_bytes_raw(),
        browser_x25519=X25519PrivateKey.generate().private_bytes_raw(),
    )


class TipOffice:
    """Everything the public process holds is under `folder`; the private keys are only in memory."""

    def __init__(  # noqa: PLR0913 - each has a default
        self,
        folder: Path,
        *,
        units: tuple[Unit, ...] = BOOK,
        url: str = "",
        cleaner: Cleaner | None = None,
        now: Callable[[], datetime] | None = None,
        busy_timeout_ms: int = 5_000,
    ) -> None:
        self.folder = folder
        self.public_folder = folder / "public-keys"
        self.book = UnitBook(units)
        self.clock = HandClock()
        now = now or self.clock
        settings = IntakeSettings()
        for unit in self.book.units:
            self.publish(unit.id)
        self.keys = {unit.id: UnitKeys(unit.id, [private_key(unit.id, 1)]) for unit in self.book.units}
        self.store = (
            TipStore.open(url, settings=settings, now=now, busy_timeout_ms=busy_timeout_ms)
            if url
            else TipStore.open_file(
                folder / "tips.sqlite3", settings=settings, now=now, busy_timeout_ms=busy_timeout_ms
            )
        )
        self.public_keys = PublicKeys(self.public_folder)
        self.intake = TipIntake(
            store=self.store,
            book=self.book,
            public_keys=self.public_keys,
            cleaner=cleaner or WashingCleaner(),
            now=now,
            settings=settings,
        )

    def publish(self, unit: str, day: int = 1) -> None:
        """Put the public side of a key where intake looks for it."""
        public = private_key(unit, day).public()
        file = self.public_folder / unit / f"{public.key_id}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():  # others may be reading it
            file.write_text(json.dumps(public.to_json()), encoding="utf-8")

    def opened(self, tip_id: str, unit: str = LOW) -> list[OpenedParcel]:
        """The parcels of a tip, opened with the unit's private keys."""
        return [self.keys[unit].open_parcel(parcel) for parcel in self.store.parcels(tip_id, unit)]
