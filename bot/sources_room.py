"""
What the service keeps up to date by itself: the folders and pages of `watched.toml`.

The list is read again when it changes. One thread a folder, one for all pages; they bring documents in one
after the other, through the same gate as an editor's commands. All end within a moment of `close`.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic, time
from typing import TYPE_CHECKING, Final

from filelock import Timeout

from bot.sources_pages import Stopped, fetching_alone, page_keeper
from bot.trust_door import open_gate
from ingest.errors import IngestError
from ingest.folder_events import FolderEvents
from ingest.seen import Seen
from ingest.source_list import LIST_FILE, SourceList, read_list
from ingest.watching import QUIET_S, REST_S, FolderKeeper
from ingest.web.asking import NotYet
from ingest.web.robots import PAUSE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from bot.workplace import Workplace
    from ingest.trust.flags import Noted
    from ingest.trust.gate import TrustGate
    from ingest.watched import FolderTold, WatchedFolder
    from ingest.web.keeping import PageTold
    from knowledge.model import Audience, DocumentDraft

_LOG = logging.getLogger(__name__)
LOOK_S: Final = 5.0  # between two looks at the list and at what is due
STOP_S: Final = 10.0
SERVICE: Final = "binhan"  # who brings in what nobody brings in by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What there is to say beside documents: `key` of a text, and its fields."""

    key: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds: how long a file stands still, until the next look at the list, between requests to a site."""

    quiet_s: float = QUIET_S
    look_s: float = LOOK_S
    pause_s: float = PAUSE_S
    poll_s: float = 0.0  # between two looks at a folder; 0: only where the system tells nothing


class SourcesRoom:
    """Keeps what `watched.toml` of one data folder names."""

    def __init__(
        self,
        data: Path,
        workplace: Workplace,
        tell: Callable[[FolderTold | PageTold | Trouble], None],
        *,
        contact: str = "",
        pace: Pace | None = None,
    ) -> None:
        """
        Make ready; nothing is done before `start`.

        Args:
            data: The data folder.
            workplace: The library of this process.
            tell: Takes what the operator should read, from any thread.
            contact: Whom a site's owner may write to.
            pace: How often and how long.
        """
        self._data = data
        self._workplace = workplace
        self._tell_operator = tell
        self._contact = contact
        self._pace = pace or Pace()
        self._stop = Event()
        self._turn = Lock()  # one gate at a time: each has its own view of what is a copy of what
        self._list = SourceList()
        self._read_at: tuple[int, int] | None = None
        self._main: Thread | None = None
        self._folders: dict[WatchedFolder, tuple[Thread, Event]] = {}

    def start(self) -> None:
        """Begin."""
        self._main = Thread(target=self._run, name="sources", daemon=True)
        self._main.start()

    @property
    def is_open(self) -> bool:
        """Whether `close` has not been called."""
        return not self._stop.is_set()

    def close(self) -> None:
        """End; a document that is being read is let go after a while."""
        self._stop.set()
        followed = list(self._folders.values())
        for _, stop in followed:
            stop.set()
        end = monotonic() + STOP_S
        for thread in (self._main, *(thread for thread, _ in followed)):
            if thread is not None:
                thread.join(max(0.0, end - monotonic()))

    def _tell(self, told: FolderTold | PageTold | Trouble) -> None:
        if not self._stop.is_set():
            self._tell_operator(told)

    def _run(self) -> None:
        trouble = ""
        while not self._stop.is_set():
            try:
                self._read()
                self._follow()
                self._fetch_due()
                trouble = ""
            except Stopped:
                return
            except Exception as error:  # noqa: BLE001 - tried again at the next turn; its words stay here
                kind = getattr(error, "code", "") or type(error).__name__
                if kind != trouble and not self._stop.is_set():
                    _LOG.error("sources: %s", type(error).__name__)
                    self._tell(Trouble(key="sources.page_trouble", fields={"reason": kind}))
                trouble = kind
            self._stop.wait(self._pace.look_s)

    def _read(self) -> None:
        """The list, where it was written since; a list with a fault changes nothing."""
        try:
            stat = (self._data / LIST_FILE).stat()
            written = (stat.st_mtime_ns, stat.st_ino)
        except FileNotFoundError:
            written = (0, 0)
        if written == self._read_at:
            return
        self._read_at = written
        try:
            self._list = read_list(self._data)
        except IngestError as error:
            self._tell(Trouble(key="sources.list_wrong", fields={"field": error.fields.get("field", "")}))

    def _follow(self) -> None:
        """A thread for each folder of the list, and for no other."""
        for folder in self._folders.keys() - set(self._list.folders):
            self._folders.pop(folder)[1].set()
        for folder in self._list.folders:
            if folder not in self._folders and not self._stop.is_set():
                stop = Event()
                thread = Thread(target=self._watch, args=(folder, stop), name="folder", daemon=True)
                self._folders[folder] = (thread, stop)
                thread.start()

    def _watch(self, folder: WatchedFolder, stop: Event) -> None:
        while not stop.is_set():
            try:
                self._keep(folder, stop)
            except Stopped:
                return
            except Exception as error:  # noqa: BLE001 - the library may be back later; its words stay here
                _LOG.error("folder: %s", type(error).__name__)
                stop.wait(REST_S)
            else:
                return

    def _keep(self, folder: WatchedFolder, stop: Event) -> None:
        home = str(folder.root)
        owner = self._workplace.claim_collection(folder.collection, home, False)
        if owner != home:
            fields = {"name": folder.collection, "owner": owner, "folder": home}
            self._tell(Trouble(key="sources.folder_taken", fields=fields))
            return
        keeper = FolderKeeper(
            folder,
            door=lambda paths: self._door(paths, stop),
            finish=self._workplace.finish,
            tell=self._tell,
            seen=lambda: Seen.in_data(self._data, folder.root),
            prepare=self._workplace.prepare,
            quiet_s=self._pace.quiet_s,
        )
        FolderEvents(folder.root, stop, poll_s=self._pace.poll_s).drive(keeper.turn)

    @contextmanager
    def _door(self, paths: Mapping[str, Path], stop: Event) -> Iterator[_Stoppable]:
        with self._turn, open_gate(self._data, self._workplace, who=SERVICE, paths=paths) as gate:
            yield _Stoppable(gate, stop)

    def _fetch_due(self) -> None:
        if not self._list.pages:
            return
        try:
            with (
                fetching_alone(self._data),
                page_keeper(
                    self._data,
                    self._workplace,
                    who=SERVICE,
                    contact=self._contact,
                    pause_s=self._pace.pause_s,
                    turn=self._turn,
                    stop=self._stop,
                ) as keeper,
            ):
                for page in self._list.pages:
                    if self._stop.is_set():
                        return
                    if keeper.due_at(page) > time():
                        continue
                    told = keeper.visit(page)
                    if not isinstance(told, NotYet) and told.is_news:
                        self._tell(told)
        except Timeout:
            return  # somebody fetches by hand just now


class _Stoppable:
    """The gate, until the service ends."""

    def __init__(self, gate: TrustGate, stop: Event) -> None:
        self._gate = gate
        self._stop = stop
        self.hashes = gate.hashes
        self.forget_missing = gate.forget_missing

    def narrow(self, key: str, audience: Audience) -> bool:
        """Close *key* to whom it is not for any more; Stopped where the service ends."""
        if self._stop.is_set():
            raise Stopped
        return self._gate.narrow(key, audience)

    def publish(self, draft: DocumentDraft) -> Noted:
        """Publish *draft*; Stopped where the service ends."""
        if self._stop.is_set():
            raise Stopped
        return self._gate.publish(draft)

    def remove(self, key: str) -> None:
        """Take *key* out; Stopped where the service ends."""
        if self._stop.is_set():
            raise Stopped
        self._gate.remove(key)
