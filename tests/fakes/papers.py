"""An editor's hands over a real library, and work for a process that finds the disk full."""

from __future__ import annotations

import resource
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from bot.papers import Papers
from bot.workplace import LocalWorkplace
from knowledge.answering import Answerer
from knowledge.gate import shipped_gate
from knowledge.search import Searcher
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import faults, open_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

TODAY = date(2026, 11, 28)


@contextmanager
def open_papers(data: Path) -> Iterator[tuple[Papers, LocalWorkplace]]:
    """The hands, and the library they work on."""
    with open_library(data, HashingEmbedder()) as library:
        workplace = LocalWorkplace(library, Answerer(library, Searcher(library), shipped_gate()))
        yield Papers(workplace, data, today=lambda: TODAY), workplace


def publish_on_a_full_disk(told: Connection, data: Path, file: Path, limit: int) -> None:
    """Publish *file* where no file may grow over *limit* bytes; tell the outcome and what stands."""
    with open_papers(data) as (papers, workplace):
        draft = papers.read(file, key="tep/big")
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        outcome = papers.publish(draft, file, who="Lan")
        told.send(
            (outcome.action.value, outcome.error, workplace.documents("tep/"), faults(workplace.library))
        )
