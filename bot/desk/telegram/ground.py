"""What every part of the admin chats stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.telegram.wording import Wording
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.desk import Desk
    from bot.desk.gaps import GapDesk
    from bot.desk.records.chats import ChatRecords
    from bot.desk.telegram.boards import Boards
    from bot.desk.telegram.settings import ChatSettings
    from bot.telegram.ports import Telegram
    from tips.units import UnitBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The ports, and how the groups behave."""

    telegram: Telegram
    desk: Desk
    records: ChatRecords
    boards: Boards
    book: UnitBook
    now: Callable[[], datetime]
    settings: ChatSettings
    gaps: GapDesk | None = None

    def wording(self) -> Wording:
        """The groups' language, today."""
        return Wording(
            language=self.settings.language,
            name=self.settings.name,
            book=self.book,
            today=self.now().astimezone(VIETNAM).date(),
        )
