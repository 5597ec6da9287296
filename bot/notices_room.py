"""The notices of replies, built from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.notices.keys import DayKeys, memory_folder
from bot.notices.notices import Notices
from bot.notices.store import NoticeRows
from tips.times import utc_now

if TYPE_CHECKING:
    from bot.settings import Settings
    from tips.store.store import TipStore


def open_notices(settings: Settings, tips: TipStore) -> Notices:
    """
    The notices; only the process that tells of them opens these.

    Raises:
        NoticesUnavailable: The file cannot be opened.
    """
    rows = NoticeRows.open_file(settings.data / "notices" / "notices.sqlite3")
    keys = DayKeys(memory_folder(settings.notice_keys, settings.data))
    return Notices(rows, keys, tips, utc_now)
