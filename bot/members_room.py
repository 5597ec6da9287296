"""The book of members, built from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.members.store import MembersBook

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class MembersFolder:
    """Where memberships lie, under the data folder."""

    data: Path

    @property
    def store(self) -> Path:
        """The SQLite book."""
        return self.data / "members" / "members.sqlite3"

    @property
    def account_key(self) -> Path:
        """The key of the accounts' hashes, here even where the book is in PostgreSQL."""
        return self.data / "members" / "account-key"


def open_members(settings: Settings) -> MembersBook:
    """
    The book of members, its tables up to date.

    Raises:
        MembersUnavailable: It cannot be reached.
    """
    url, folder = settings.members_database_url.get_secret_value(), MembersFolder(settings.data)
    if url:
        return MembersBook.open(url, folder.account_key)
    return MembersBook.open_file(folder.store, folder.account_key)
