"""
The private folder where uploaded papers wait: bytes under names of ours, a folder a paper, for a day at most.

Each folder holds the file, what is known of it (`paper.json`) and, once it is read, its draft. What has no
`paper.json` was cut off while it came in and goes away at the next start.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import RLock
from typing import TYPE_CHECKING, Final, Self

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from bot.desk.papers_model import OVER, Paper, PaperRefused, Stage, suffix_of
from ingest.errors import NoRoom, TooLarge, UnreadableFile
from ingest.sidecars import canonical, sidecar_of
from ingest.sniff import FILE_LIMIT
from knowledge.model import DocumentDraft

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

_PAPER: Final = TypeAdapter(Paper)
_DRAFT: Final = TypeAdapter(DocumentDraft)
_PAPER_FILE: Final = "paper.json"
_DRAFT_FILE: Final = "draft.json"
_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class StagingTaken(Exception):
    """Another process works in the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagingLimits:
    """What waits at one desk, all officers together."""

    file_bytes: int = FILE_LIMIT
    total_bytes: int = 2_000_000_000
    papers: int = 2_000
    free_bytes: int = 200_000_000  # left on the disk for everything else
    hours: float = 24.0  # after which a paper nobody decided on is thrown away


class Staging:
    """The folder. Safe to share between threads; one process at a time."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime], limits: StagingLimits) -> None:
        """
        Take *folder* and go on with what waits there.

        Raises:
            StagingTaken: Another process has it.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self._held = FileLock(folder / ".lock", timeout=0, mode=0o600)
        try:
            self._held.acquire()
        except Timeout:
            raise StagingTaken from None
        self.limits = limits
        self._folder = folder
        self._now = now
        self._lock = RLock()
        self._papers: dict[str, Paper] = {}
        self._coming = 0  # bytes of files that are coming in
        self._load()

    def close(self) -> None:
        """Let another process in."""
        self._held.release()

    # what waits

    def papers(self) -> list[Paper]:
        """All of them, the newest first."""
        with self._lock:
            return sorted(self._papers.values(), key=lambda paper: (paper.at, paper.id), reverse=True)

    def paper(self, paper_id: str) -> Paper | None:
        """One of them."""
        with self._lock:
            return self._papers.get(paper_id)

    def file(self, paper: Paper) -> Path:
        """Where its bytes are."""
        return self._home(paper.id) / f"{paper.id}{paper.suffix}"

    def draft(self, paper: Paper) -> DocumentDraft:
        """
        What was read in it.

        Raises:
            UnreadableFile: It is gone.
        """
        try:
            return _DRAFT.validate_json((self._home(paper.id) / _DRAFT_FILE).read_bytes())
        except (OSError, ValidationError) as error:
            raise UnreadableFile(reason=type(error).__name__) from None

    # changes

    def change(self, paper_id: str, only: frozenset[Stage], **changes: object) -> Paper | None:
        """Change a paper that is in one of the stages *only*, and keep it so; None where it is not."""
        with self._lock:
            paper = self._papers.get(paper_id)
            if paper is None or paper.stage not in only:
                return None
            changed = replace(paper, **changes)  # type: ignore[arg-type]
            self._keep(changed)
            if changed.stage in OVER:
                self._forget_bytes(changed)
            return changed

    def keep_draft(self, paper: Paper, draft: DocumentDraft) -> None:
        """
        Keep what was read.

        Raises:
            NoRoom, UnreadableFile: It could not be written.
        """
        try:
            _write(self._home(paper.id) / _DRAFT_FILE, _DRAFT.dump_json(draft))
        except OSError as error:
            raise told(error) from None

    def drop(self, paper_id: str) -> None:
        """Throw a paper away."""
        with self._lock:
            self._papers.pop(paper_id, None)
            shutil.rmtree(self._home(paper_id), ignore_errors=True)

    def sweep(self) -> int:
        """Throw away what is older than a day and not under way; how many that were."""
        with self._lock:
            before = self._now() - timedelta(hours=self.limits.hours)
            busy = {Stage.READING, Stage.PUBLISHING}
            old = [one.id for one in self._papers.values() if one.at < before and one.stage not in busy]
            for paper_id in old:
                self.drop(paper_id)
        return len(old)

    # coming in

    def begin(self, *, name: str, key: str, unit: str, officer: str) -> Incoming:
        """
        A paper whose bytes come now.

        Raises:
            PaperRefused: too_many or full.
            NoRoom: The disk is.
        """
        with self._lock:
            if len(self._papers) >= self.limits.papers:
                raise PaperRefused("too_many", limit=str(self.limits.papers))
            self.check_room(0)
            paper = Paper(
                id=secrets.token_hex(12),
                name=name,
                key=key,
                unit=unit,
                officer=officer,
                at=self._now(),
                suffix=suffix_of(name),
            )
        return Incoming(self, paper)

    def check_room(self, more: int) -> None:
        """
        See whether *more* bytes may come.

        Raises:
            PaperRefused: full: too many bytes wait already.
            NoRoom: The disk would be.
        """
        with self._lock:
            waiting = sum(paper.size for paper in self._papers.values() if paper.stage not in OVER)
            if waiting + self._coming + more > self.limits.total_bytes:
                raise PaperRefused("full", limit=f"{self.limits.total_bytes // 1_000_000} MB")
        if shutil.disk_usage(self._folder).free - more < self.limits.free_bytes:
            raise NoRoom

    def refused(  # noqa: PLR0913 - all named
        self, *, name: str, key: str, unit: str, officer: str, error: str, fields: dict[str, str]
    ) -> Paper:
        """A row that says why a file was not taken; it has no bytes."""
        paper = Paper(
            id=secrets.token_hex(12),
            name=name,
            key=key,
            unit=unit,
            officer=officer,
            at=self._now(),
            stage=Stage.REFUSED,
            error=error,
            fields=fields,
        )
        with self._lock:
            if len(self._papers) < 2 * self.limits.papers:
                self._papers[paper.id] = paper  # in memory only: a full disk must not hide why
        return paper

    def adopt(self, file: Path, of: Paper, *, name: str, key: str) -> Paper:
        """
        Take *file*, an entry of the zip folder *of*, with its sidecar as a paper of its own.

        Raises:
            PaperRefused: too_many.
            NoRoom, UnreadableFile: It could not be moved.
        """
        with self._lock:
            if len(self._papers) >= self.limits.papers:
                raise PaperRefused("too_many", limit=str(self.limits.papers))
            paper = replace(
                of,
                id=secrets.token_hex(12),
                name=name,
                key=key,
                suffix=suffix_of(name),
                size=file.stat().st_size,
            )
            beside = sidecar_of(file)
            try:
                self._home(paper.id).mkdir(mode=0o700)
                target = self.file(paper)
                file.replace(target)
                if beside is not None:
                    beside.replace(target.with_name(canonical(target.name, beside.name)))
                self._keep(replace(paper, stage=Stage.WAITING))
            except OSError as error:
                shutil.rmtree(self._home(paper.id), ignore_errors=True)
                raise told(error) from None
            return self._papers[paper.id]

    def room_for_zip(self, paper: Paper) -> Path:
        """An empty folder to unpack *paper* into."""
        folder = self._home(paper.id) / "in"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        return folder

    # within

    def _home(self, paper_id: str) -> Path:
        return self._folder / paper_id

    def _load(self) -> None:
        for home in sorted(self._folder.iterdir()):
            if not home.is_dir():
                continue
            try:
                paper = _PAPER.validate_json((home / _PAPER_FILE).read_bytes())
            except (OSError, ValidationError):
                shutil.rmtree(home, ignore_errors=True)  # it was still coming in
                continue
            if paper.id == home.name:
                self._papers[paper.id] = paper

    def _keep(self, paper: Paper) -> None:
        try:
            _write(self._home(paper.id) / _PAPER_FILE, _PAPER.dump_json(paper))
        except OSError as error:
            if paper.stage not in OVER:
                raise told(error) from None
        self._papers[paper.id] = paper

    def _forget_bytes(self, paper: Paper) -> None:
        home = self._home(paper.id)
        with suppress(OSError):
            for entry in list(home.iterdir()):
                if entry.name == _PAPER_FILE:
                    continue
                if entry.is_dir():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.unlink(missing_ok=True)

    # of `Incoming`

    def _open(self, paper: Paper) -> int:
        try:
            self._home(paper.id).mkdir(mode=0o700)
            return os.open(self.file(paper), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise told(error) from None

    def _count(self, more: int) -> None:
        with self._lock:
            self._coming += more

    def _arrived(self, paper: Paper) -> None:
        with self._lock:
            self._keep(paper)


class Incoming:
    """One file on its way in. Use it in a `with`: what is not `finish`ed leaves nothing."""

    def __init__(self, staging: Staging, paper: Paper) -> None:
        self.paper = paper
        self._staging = staging
        self._descriptor = staging._open(paper)  # noqa: SLF001 - two halves of one thing
        self._size = 0
        self._is_whole = self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.give_up()

    def give_up(self) -> None:
        """Close it; of what is not whole nothing is left. A second time does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        os.close(self._descriptor)
        self._staging._count(-self._size)  # noqa: SLF001
        if not self._is_whole:
            self._staging.drop(self.paper.id)

    def write(self, part: bytes) -> None:
        """
        Take *part*.

        Raises:
            TooLarge: The file is.
            PaperRefused, NoRoom, UnreadableFile: There is no room.
        """
        limit = self._staging.limits.file_bytes
        if self._size + len(part) > limit:
            raise TooLarge(what="file", limit=f"{limit // 1_000_000} MB")
        self._staging.check_room(len(part))
        try:
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            raise told(error) from None
        self._size += len(part)
        self._staging._count(len(part))  # noqa: SLF001

    def finish(self) -> Paper:
        """All has come: the paper waits to be read. Raises as `write`."""
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise told(error) from None
        self.paper = replace(self.paper, size=self._size)
        self._staging._arrived(self.paper)  # noqa: SLF001
        self._is_whole = True
        self.give_up()
        return self.paper


def told(error: OSError) -> NoRoom | UnreadableFile:
    """What the file system said, in the words of `ingest`."""
    return NoRoom() if error.errno in _FULL else UnreadableFile(reason=type(error).__name__)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    beside = file.with_name(f"{file.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
