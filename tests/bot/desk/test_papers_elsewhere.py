"""Documents at a desk whose library another process holds: all goes through the operator's socket."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import uvicorn

from bot.desk.papers_listing import ListQuery
from bot.desk.papers_model import Stage
from bot.desk.papers_waiting import Decision
from bot.operator.server import create_operator_app
from bot.workplace import LocalWorkplace
from knowledge.answering import Answerer
from knowledge.folder import DataFolder
from knowledge.gate import shipped_gate
from knowledge.search import Searcher
from tests.bot.desk.paper_station import PLAN, PaperStation, open_empty

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_S = 30.0


@contextmanager
def service(folder: Path) -> Iterator[LocalWorkplace]:
    """The process of the public side: it holds the library of *folder* and takes commands."""
    library = open_empty(folder)
    workplace = LocalWorkplace(library, Answerer(library, Searcher(library), shipped_gate()))
    socket = DataFolder(folder).socket
    config = uvicorn.Config(
        create_operator_app(workplace), uds=str(socket), log_level="warning", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_S
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    try:
        yield workplace
    finally:
        server.should_exit = True
        thread.join(START_S)
        socket.unlink(missing_ok=True)  # as `binhan serve` leaves it
        workplace.close()
        library.record.close()


@pytest.fixture
def there(
    tmp_path_factory: pytest.TempPathFactory, station_keys: Path, ripe_library: Path
) -> Iterator[PaperStation]:
    folder = tmp_path_factory.mktemp("d")  # a socket's path has at most 107 bytes
    opened = PaperStation(folder, station_keys, has_library=False, ripe=ripe_library)
    yield opened
    opened.close()


def test_it_is_read_published_and_taken_back_through_the_socket(there: PaperStation) -> None:
    assert not there.papers.has_library()
    with service(there.folder) as workplace:
        paper = there.bring("kế hoạch.txt", PLAN)
        assert paper.stage is Stage.READY
        sheet = there.papers.sheet(there.editor, paper.id)
        fields = {name: value for name, (value, _) in sheet.fields.items()}
        there.papers.publish(there.editor, paper.id, Decision(fields=fields, audience=paper.audience))
        there.settle()
        assert [item.meta.key for item in workplace.documents("tep/")] == [paper.key]
        there.papers.withdraw(there.editor, paper.key, on=1)
        assert workplace.documents("tep/") == []
        assert there.papers.documents(there.officer, ListQuery()).rows[0].state == "withdrawn"
    assert not there.papers.has_library()


def test_what_waits_when_the_service_ends_is_read_when_it_is_back(there: PaperStation) -> None:
    with service(there.folder):
        paper = there.send("kế hoạch.txt", PLAN)
        there.settle()
    there.room.staging.change(paper.id, frozenset((Stage.READY,)), stage=Stage.WAITING)
    there.room.tick()
    there.settle()
    found = there.room.staging.paper(paper.id)
    assert found is not None
    assert replace(found, error="", fields={}).stage is Stage.WAITING
    with service(there.folder):
        there.room.tick()
        there.settle()
        found = there.room.staging.paper(paper.id)
        assert found is not None
        assert found.stage is Stage.READY
