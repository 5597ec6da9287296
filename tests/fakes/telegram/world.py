"""Everything the fake knows, behind one lock."""

from __future__ import annotations

import itertools
import mimetypes
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Literal

from tests.fakes.telegram.records import Account, StoredFile, unique_of
from tests.fakes.telegram.updates import Updates

if TYPE_CHECKING:
    from tests.fakes.telegram.chats import Chat
    from tests.fakes.telegram.records import Message, Press

Happening = Literal["sent", "edited", "deleted"]
_FOLDERS = {
    "photo": "photos",
    "video": "videos",
    "video_note": "video_notes",
    "voice": "voice",
    "audio": "music",
    "animation": "animations",
    "sticker": "stickers",
}
_ENDINGS = {
    "photo": "jpg",
    "video": "mp4",
    "video_note": "mp4",
    "voice": "oga",
    "audio": "mp3",
    "sticker": "webp",
}


class World:
    """Accounts, chats, files, updates and what happened, for one bot."""

    def __init__(self, token: str, username: str) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.token = token
        self.shift_s = 0.0
        number = int(token.partition(":")[0])
        self.bot = Account(id=number, first_name="Bình An", username=username, is_bot=True)
        self.has_privacy = True  # a bot that is no administrator sees only what is meant for it
        self.accounts: dict[int, Account] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.paths: dict[str, StoredFile] = {}
        self.updates = Updates(self.now)
        self.presses: OrderedDict[str, Press] = OrderedDict()
        self.press_limit_s = 60.0
        self.log: list[tuple[Happening, Message]] = []
        self.faults: list[str] = []
        self.allowed: list[str] = []
        self.profile: dict[str, Any] = {}  # names, descriptions, commands and menu buttons that the bot set
        self._shared_ids = itertools.count(1)
        self._numbers = itertools.count(1)
        self._account_ids = itertools.count(5_100_000_001, 1_013)
        self._group_ids = itertools.count(4_100_001, 17)

    def now(self) -> float:
        """Seconds since 1970, moved by `shift_s`."""
        return time.time() + self.shift_s

    def number(self) -> int:
        """A fresh one."""
        return next(self._numbers)

    def next_shared_id(self) -> int:
        return next(self._shared_ids)

    def next_account_id(self) -> int:
        return next(self._account_ids)

    def next_group_id(self, kind: str) -> int:
        """Negative, below -10¹² for supergroups and channels."""
        number = next(self._group_ids)
        return -number if kind == "group" else -1_000_000_000_000 - 1_000_000_000 - number

    def happened(self, what: Happening, message: Message) -> None:
        """Tell those who wait."""
        with self.changed:
            self.log.append((what, message))
            self.changed.notify_all()

    def notify(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def fault(self, words: str) -> None:
        """Keep what no well-behaved bot does."""
        with self.lock:
            if not any(allowed in words for allowed in self.allowed):
                self.faults.append(words)

    def store(  # noqa: PLR0913 - a file has that many sides
        self,
        kind: str,
        content: bytes,
        *,
        name: str = "",
        content_type: str = "",
        size: int | None = None,
        is_from_bot: bool = False,
    ) -> StoredFile:
        """Keep a file that somebody sent."""
        number = self.number()
        ending = _ENDINGS.get(kind) or (name.rpartition(".")[2] if "." in name else "bin")
        path = f"{_FOLDERS.get(kind, 'documents')}/file_{number}.{ending}"
        file = StoredFile(
            kind=kind,
            content=content,
            file_id=f"BQACAgUAAx{number:08d}{'b' if is_from_bot else 'p'}Q",
            unique_id=unique_of(content, number),
            path=path,
            size=len(content) if size is None else size,
            name=name,
            content_type=content_type or mimetypes.guess_type(path)[0] or "application/octet-stream",
            is_from_bot=is_from_bot,
        )
        self.files[file.file_id] = self.paths[path] = file
        if kind == "photo":
            self.files[f"{file.file_id}s"] = file
        return file
