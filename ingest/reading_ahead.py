"""
Reads a bounded few documents ahead of their publication, in order, while the embedder works.

Threads with a sandboxed worker each read; one more makes ready what was read (embeds it into the cache), so
that publishing finds its vectors. Nothing here is stored: a kill costs what was read and not yet published.
"""

from __future__ import annotations

import threading
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from ingest.standby import used_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from ingest.standby import Standby
    from knowledge.model import DocumentDraft

READERS: Final = 2
AHEAD: Final = 6  # documents read, or being read, beyond the one that is published
AHEAD_CHARACTERS: Final = 4_000_000  # of those waiting; then only the next one goes on being read
_LOOK_UP_SECONDS: Final = 0.5  # a waiting thread looks whether it is still wanted
_LEAVING_SECONDS: Final = 10.0  # given to all threads at the end; they die with the process


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one document: its draft, or the error that reading it raised."""

    draft: DocumentDraft | None = None
    error: Exception | None = None

    @property
    def weight(self) -> int:
        """Characters that wait in memory."""
        return sum(len(passage.text) for passage in self.draft.passages) if self.draft else 0


class ReadingAhead:
    """Iterate inside a `with`: one `Read` for each of the jobs, in their order."""

    def __init__(
        self,
        jobs: Sequence[Callable[[], DocumentDraft]],
        *,
        prepare: Callable[[DocumentDraft], None] | None = None,
        standby: Callable[[], Standby] | None = None,
        readers: int = READERS,
    ) -> None:
        """
        Get ready for *jobs*; nothing runs before the `with`.

        Args:
            jobs: Each reads one document; what it raises is told with the document.
            prepare: Done for each draft before it is handed out, one at a time, in order. What it raises is
                dropped: publishing will meet it again.
            standby: Makes the worker that stays for the files of one thread.
            readers: Threads that read.
        """
        self._jobs = jobs
        self._prepare = prepare
        self._new_standby = standby
        self._standbys: list[Standby] = []
        self._changed = threading.Condition()
        self._results: dict[int, Read] = {}
        self._taken = self._prepared = self._handed_out = 0
        self._stopped = False
        works = [self._read_all] * min(readers, len(jobs)) + ([self._prepare_all] if prepare else [])
        self._threads = [threading.Thread(target=work, name="ahead", daemon=True) for work in works]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            standbys = list(self._standbys)
        for standby in standbys:
            standby.stop()
        until = time.monotonic() + _LEAVING_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def __iter__(self) -> Iterator[Read]:
        for at in range(len(self._jobs)):
            with self._changed:
                self._wait_until(lambda at=at: self._is_ready(at))  # type: ignore[misc]
                read = self._results.pop(at)
                self._handed_out = at + 1
                self._changed.notify_all()
            yield read

    def _is_ready(self, at: int) -> bool:
        return at in self._results and (self._prepare is None or at < self._prepared)

    def _wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait, holding the condition, until *is_so* or everything was stopped."""
        while not is_so() and not self._stopped:
            self._changed.wait(_LOOK_UP_SECONDS)

    def _read_all(self) -> None:
        while (at := self._take()) is not None:
            with self._with_standby():
                while at is not None:
                    read = self._read(at)
                    with self._changed:
                        self._results[at] = read
                        self._changed.notify_all()
                    at = self._take()

    def _with_standby(self) -> AbstractContextManager[None]:
        if self._new_standby is None:
            return nullcontext()
        standby = self._new_standby()
        with self._changed:
            self._standbys.append(standby)
        return used_here(standby)

    def _read(self, at: int) -> Read:
        try:
            return Read(draft=self._jobs[at]())
        except Exception as error:  # noqa: BLE001 - told with the document
            return Read(error=error)

    def _take(self) -> int | None:
        """The number of the next document to read, once there is room; None when there is none."""
        with self._changed:
            self._wait_until(self._has_room)
            if self._stopped or self._taken >= len(self._jobs):
                return None
            self._taken += 1
            return self._taken - 1

    def _has_room(self) -> bool:
        if self._taken >= len(self._jobs) or self._taken == self._handed_out:
            return True
        if self._taken - self._handed_out > AHEAD:
            return False
        return sum(read.weight for read in self._results.values()) < AHEAD_CHARACTERS

    def _prepare_all(self) -> None:
        assert self._prepare is not None  # noqa: S101 - the thread is begun with it only
        for at in range(len(self._jobs)):
            with self._changed:
                self._wait_until(lambda at=at: at in self._results)  # type: ignore[misc]
                if self._stopped:
                    return
                draft = self._results[at].draft
            if draft is not None:
                with suppress(Exception):  # publishing meets it again, and tells
                    self._prepare(draft)
            with self._changed:
                self._prepared = at + 1
                self._changed.notify_all()
