"""The keeper of pages, built on a data folder: for the service, and for `binhan sources` beside it."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from time import time
from typing import TYPE_CHECKING, Final

from filelock import FileLock

from bot.trust_door import open_gate
from ingest.trust.sources import read_sources
from ingest.web.asking import Asker
from ingest.web.fetching import AGENT, Fetcher
from ingest.web.keeping import PageKeeper
from ingest.web.robots import PAUSE_S
from ingest.web.state import WebState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from threading import Event, Lock

    from bot.workplace import Workplace
    from ingest.trust.gate import TrustGate

_LOCK_FILE: Final = "watched.lock"


def agent_of(contact: str) -> str:
    """Who we say we are: the program, its version, and whom to write to where the operator says so."""
    about = f"+{contact}" if contact else "document reader of a commune's office"
    return f"{AGENT}/{version('binhan')} ({about})"


class Stopped(BaseException):
    """What is followed is followed no more, in the middle of a turn. No Exception: nothing went wrong."""


@contextmanager
def page_keeper(  # noqa: PLR0913 - all named
    data: Path,
    workplace: Workplace,
    *,
    who: str,
    contact: str = "",
    pause_s: float = PAUSE_S,
    turn: Lock | None = None,
    stop: Event | None = None,
) -> Iterator[PageKeeper]:
    """
    A keeper of pages on the *data* folder, for one thread.

    It changes the library while it holds *turn*, and raises Stopped instead once *stop* is set.
    """

    @contextmanager
    def door(paths: Mapping[str, Path]) -> Iterator[TrustGate]:
        if stop is not None and stop.is_set():
            raise Stopped
        with turn or nullcontext(), open_gate(data, workplace, who=who, paths=paths) as gate:
            yield gate

    state = WebState.open(data)
    try:
        yield PageKeeper(
            asker=Asker(Fetcher(agent=agent_of(contact)), state, now=time, pause_s=pause_s),
            state=state,
            door=door,
            finish=workplace.finish,
            knows=lambda host: read_sources(data).knows(host),
            now=time,
        )
    finally:
        state.close()


def fetching_alone(data: Path) -> FileLock:
    """Held by whoever fetches: two processes would not keep the pauses."""
    return FileLock(data / _LOCK_FILE, timeout=0)
