"""The duty that follows folders and pages: a real folder, a real site, a real library; threads that end."""

from __future__ import annotations

import time
from queue import Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

from bot.sources_room import Pace, SourcesRoom, Trouble
from bot.workplace import LocalWorkplace
from ingest.document import Defaults
from ingest.source_list import LIST_FILE, SourceList, WebSource, read_list, write_list
from ingest.watched import FolderTold, WatchedFolder
from knowledge.answering import Answerer
from knowledge.gate import shipped_gate
from knowledge.model import Audience
from knowledge.search import Searcher
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import open_library
from tests.fakes.web_site import Page, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.web_site import Handler

LAMPS = "Tối thứ sáu tuần này nhà văn hóa thôn Đồng Me họp bàn việc lắp đèn đường ở ngõ Giếng Cũ."
NEWS = "Xã Đồng Me tuần tra vào tối thứ bảy hằng tuần, mỗi tổ năm người, từ 21 giờ đến 1 giờ sáng."
SOON_S = 60.0
FAST = Pace(quiet_s=0.2, look_s=0.05, pause_s=0.05)


@pytest.fixture
def workplace(tmp_path) -> Iterator[LocalWorkplace]:
    with open_library(tmp_path / "data", HashingEmbedder()) as library:
        yield LocalWorkplace(library, Answerer(library, Searcher(library), shipped_gate()))


@pytest.fixture
def folder(tmp_path) -> Path:
    made = (tmp_path / "xa").resolve()
    made.mkdir()
    (made / "hop.txt").write_text(LAMPS, encoding="utf-8")
    return made


@pytest.fixture
def told() -> Queue[Any]:
    return Queue()


@pytest.fixture
def room(workplace, tmp_path, told) -> Iterator[SourcesRoom]:
    opened = SourcesRoom(tmp_path / "data", workplace, told.put, pace=FAST)
    yield opened
    opened.close()


def word(one: Any) -> str:
    if isinstance(one, Trouble):
        return one.key
    if isinstance(one, FolderTold):
        return f"{one.outcome.action.value} {one.outcome.key}" if one.outcome else one.kind
    return f"{one.code} {one.source.url}"


def test_the_list_is_followed_as_it_changes_and_everything_ends(room, told, workplace, folder, tmp_path):
    data = tmp_path / "data"
    with serving() as site:
        site.pages["/tin.txt"] = Page(body=NEWS, kind="text/plain")
        room.start()
        wanted = SourceList(folders=(WatchedFolder(root=folder, collection="xa"),))
        write_list(data, wanted)
        assert word(told.get(timeout=SOON_S)) == "added xa/hop.txt"
        write_list(data, wanted.with_page(WebSource(url=site.url("/tin.txt"), inside=True, plain=True)))
        assert word(told.get(timeout=SOON_S)) == f"added {site.url('/tin.txt')}"
        (data / LIST_FILE).write_text("[[folder]]\npath = 7\n", encoding="utf-8")
        assert word(told.get(timeout=SOON_S)) == "sources.list_wrong"
        (folder / "hai.txt").write_text(LAMPS.replace("thứ sáu", "thứ hai"), encoding="utf-8")
        assert word(told.get(timeout=SOON_S)) == "added xa/hai.txt"
    begun = time.monotonic()
    room.close()
    assert time.monotonic() - begun < 10
    assert set(workplace.hashes("")) == {"xa/hop.txt", "xa/hai.txt"} | set(workplace.hashes("web:"))
    assert len(workplace.hashes("web:")) == 1
    assert workplace.documents("xa/hop.txt")[0].passages == 1


def test_a_collection_of_another_folder_is_left_alone(room, told, workplace, folder, tmp_path):
    workplace.claim_collection("xa", "/srv/khac", False)
    write_list(tmp_path / "data", SourceList(folders=(WatchedFolder(root=folder, collection="xa"),)))
    room.start()
    trouble = told.get(timeout=SOON_S)
    assert (trouble.key, trouble.fields["owner"]) == ("sources.folder_taken", "/srv/khac")
    assert workplace.hashes("") == {}


def test_a_page_that_comes_after_the_end_does_not_go_in(room, told, workplace, tmp_path):
    """The service ends while a slow site still writes; the library is closed right after."""
    begun, go_on = Event(), Event()

    def slowly(handler: Handler) -> None:
        begun.set()
        go_on.wait(SOON_S)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.send_header("Content-Length", str(len(NEWS.encode())))
        handler.end_headers()
        handler.wfile.write(NEWS.encode())

    with serving() as site:
        site.pages["/tin.txt"] = Page(play=slowly)
        page = WebSource(url=site.url("/tin.txt"), inside=True, plain=True)
        write_list(tmp_path / "data", SourceList(pages=(page,)))
        room.start()
        assert begun.wait(SOON_S)
        closing = Thread(target=room.close)
        closing.start()
        while room.is_open:
            time.sleep(0.01)
        go_on.set()
        closing.join(SOON_S)
    assert not closing.is_alive()
    assert (workplace.hashes(""), told.empty()) == ({}, True)


def test_without_a_list_nothing_is_done(room, told):
    room.start()
    room.close()
    assert told.empty()


def test_the_list_is_written_as_it_is_read(tmp_path):
    wanted = SourceList(
        folders=(
            WatchedFolder(
                root=tmp_path / 'văn "bản"',
                collection="văn bản",
                defaults=Defaults(audience=Audience.OFFICER, organisation="UBND", area="Xã Đồng Me"),
            ),
        ),
        pages=(
            WebSource(url="https://congan.gov.vn/tin", every_s=1_800),
            WebSource(
                url="http://10.0.0.5:8080/a?b=c",
                every_s=7 * 86_400,
                audience=Audience.MEMBER,
                organisation="Công an \x7f xã",
                inside=True,
                plain=True,
            ),
        ),
    )
    write_list(tmp_path, wanted)
    assert read_list(tmp_path) == wanted
    assert (tmp_path / LIST_FILE).stat().st_mode & 0o777 == 0o600
    left = wanted.without("văn bản").without("https://congan.gov.vn/tin")
    assert left == SourceList(pages=wanted.pages[1:])
