"""A station whose supervisor of ward A edits the guides, and the gaps that lie there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.gaps import Draft, GapDesk
from knowledge.gaps.model import Note, Reason, week_of
from knowledge.gaps.store import GapStore
from knowledge.model import Audience
from tests.bot.desk.station import BOOK, A, Station
from tips.units import Unit, UnitBook

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.desk.views import Seat

DOG = "Nuôi chó thả rông bị phạt bao nhiêu?"
DOGS = (
    DOG,
    "tha cho chay rong ngoai duong co bi phat khong",
    "chó thả rông cắn người thì chủ bị phạt thế nào",
)
NOISE = "Hát karaoke tới khuya thì gọi ai?"
ANSWER = "Phạt tiền. Gọi **113** nếu chó đang cắn người.\n\n1. Nhắc chủ chó.\n2. Báo trưởng thôn."


def _with_editor(unit: Unit) -> Unit:
    officers = tuple(
        replace(one, is_editor=unit.id == A and one.role == "supervisor") for one in unit.officers
    )
    return replace(unit, officers=officers)


def editors_of(book: UnitBook) -> UnitBook:
    """*book*, where the supervisor of ward A is an editor."""
    return UnitBook(_with_editor(unit) for unit in book.units)


EDITOR_BOOK = editors_of(BOOK)


class GapStation:
    """A station with the gap loop."""

    def __init__(
        self, folder: Path, keys: Path, *, shown_from: int = 1, book: UnitBook = EDITOR_BOOK
    ) -> None:
        self.station = Station(folder, keys, book=book)
        self.store = GapStore.open_file(folder / "gaps" / "gaps.sqlite3")
        self.gaps = GapDesk(
            self.station.desk,
            self.store,
            self.station.book,
            now=self.station.clock,
            shown_from=shown_from,
        )
        self.editor: Seat = self.station.seat(role="supervisor")
        self.officer: Seat = self.station.seat()

    def ask(
        self,
        *texts: str,
        audience: Audience = Audience.PUBLIC,
        reason: Reason = Reason.REFUSED,
        at: datetime | None = None,
    ) -> None:
        """Questions nobody could answer."""
        notes = [Note(text=text, audience=audience, reason=reason) for text in texts]
        self.store.add(notes, week_of(at or self.station.clock()))

    def close(self) -> None:
        self.store.close()
        self.station.close()

    def log(self) -> list[tuple[str, str, str, str]]:
        """What the audit log says: officer, action, detail, refused."""
        entries = self.station.desk.all_audit_entries()
        return [(entry.officer, entry.action, entry.detail, entry.refused) for entry in entries]


def draft(**changes: object) -> Draft:
    """A good answer about dogs."""
    plain = Draft(
        heading="Nuôi chó thả rông bị phạt bao nhiêu?",
        text=ANSWER,
        topic="hoa-giai",
        audience=Audience.PUBLIC,
        sources=("Nghị định 90/2017/NĐ-CP, Điều 7",),
        questions=DOGS,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
