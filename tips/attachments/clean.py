"""What turns a sender's file into one that tells nothing about its sender, under a name of ours."""

from __future__ import annotations

from typing import Protocol

from tips.attachments.limits import SECONDS_LIMIT, Reason
from tips.attachments.sandbox import Sandbox
from tips.errors import FileRefused
from tips.model import FILE_BYTES_LIMIT, RawFile, TipFile

# What may come out of the sandbox: type -> (word in the name, ending). Nothing else is believed.
_NAMES = {
    "image/jpeg": ("anh", "jpg"),
    "image/png": ("anh", "png"),
    "image/webp": ("anh", "webp"),
    "video/mp4": ("video", "mp4"),
    "video/3gpp": ("video", "3gp"),
    "video/webm": ("video", "webm"),
    "video/x-matroska": ("video", "mkv"),
    "audio/ogg": ("am-thanh", "ogg"),
    "audio/mp4": ("am-thanh", "m4a"),
    "audio/wav": ("am-thanh", "wav"),
    "audio/flac": ("am-thanh", "flac"),
    "audio/webm": ("am-thanh", "weba"),
    "application/pdf": ("tep", "pdf"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("tep", "docx"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("tep", "xlsx"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("tep", "pptx"),
    "text/plain": ("tep", "txt"),
}


class Cleaner(Protocol):
    """Makes a file safe to seal."""

    def clean(self, file: RawFile, number: int) -> TipFile:
        """
        What may be kept of *file*, under a name made of its kind and *number*.

        Args:
            file: As it came. Its content decides what it is; nothing else is known of it.
            number: Its place in the sending, from 1.

        Returns:
            A file of an allowed type without metadata: `anh-1.jpg`, `video-2.mp4`, `am-thanh-3.ogg`.

        Raises:
            FileRefused: It is not taken; `fields["reason"]` is a `tips.attachments.limits.Reason`.
        """


class SandboxedCleaner:
    """
    Cleans every file in a process of its own; no byte of it is parsed in this one or written to a disk.

    Args:
        seconds: For one file, on the clock.
        at_once: How many files are cleaned at the same time; others wait. Bounds memory.
        bubblewrap: Whether to put bubblewrap around the process. None: where it is present and works.
    """

    def __init__(
        self, *, seconds: float = SECONDS_LIMIT, at_once: int = 2, bubblewrap: bool | None = None
    ) -> None:
        self._sandbox = Sandbox(seconds=seconds, at_once=at_once, bubblewrap=bubblewrap)

    @property
    def is_walled(self) -> bool:
        """Whether bubblewrap stands around the process: no files of ours, no network."""
        return self._sandbox.is_walled

    def clean(self, file: RawFile, number: int) -> TipFile:
        """See `Cleaner`."""
        if not file.content:
            raise FileRefused(reason=Reason.EMPTY)
        if len(file.content) > FILE_BYTES_LIMIT:
            raise FileRefused(reason=Reason.TOO_LARGE)
        return self.accept(*self._sandbox.clean(file.content), number=number)

    @staticmethod
    def accept(media_type: str, content: bytes, *, number: int) -> TipFile:
        """
        The file that a worker's answer becomes. The worker may have been taken over: nothing is believed.

        Raises:
            FileRefused: It names a type we do not hand on, or gives no bytes.
        """
        if media_type not in _NAMES or not content:
            raise FileRefused(reason=Reason.BROKEN)
        word, ending = _NAMES[media_type]
        return TipFile(name=f"{word}-{number}.{ending}", media_type=media_type, content=content)
