"""Reading a sending: into memory only, counted while it is read, file names dropped."""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from bot.channels.web.reading import Problem
from bot.channels.web.tip_held import SMALL_LIMIT, Flow, Held
from bot.channels.web.tip_multipart import (
    FIELD_LIMIT,
    PASSED_LIMIT,
    UPLOAD_LIMIT,
    BrokenOff,
    Upload,
    uploading,
)
from bot.channels.web.tip_pace import LOOKUPS_AT_ONCE, Pace
from tips.model import FILE_BYTES_LIMIT, FILES_LIMIT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

BOUNDARY = "grenze"


def part(name: str, content: bytes, filename: str = "") -> bytes:
    shown = f'; filename="{filename}"' if filename else ""
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{shown}\r\n\r\n'.encode()
        + content
        + b"\r\n"
    )


END = f"--{BOUNDARY}--\r\n".encode()


def request_of(chunks: Iterable[bytes], **headers: str) -> Request:
    """A request whose body comes in *chunks*."""
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
        if not waiting:
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": waiting.pop(0), "more_body": True}

    return request_from(receive, **headers)


def request_from(receive: Callable[[], Awaitable[dict[str, Any]]], **headers: str) -> Request:
    """A request whose body is what *receive* gives."""
    told = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/bao-tin",
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }
    return Request(scope, receive)


def read(chunks: Iterable[bytes], held: Held | None = None, **headers: str) -> Upload:
    async def reading() -> Upload:
        async with uploading(request_of(chunks, **headers), held or Held()) as upload:
            return upload

    return anyio.run(reading)


@given(
    cuts=st.lists(st.integers(0, 400), max_size=6),
    words=st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=60),
    content=st.binary(min_size=1, max_size=120),
)
def test_parts_are_whole_wherever_the_body_was_cut(cuts, words, content):
    body = part("story", words.encode()) + part("file", content, "x.jpg") + END
    edges = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    upload = read(body[start:end] for start, end in itertools.pairwise(edges))
    assert upload.first("story") == words.strip()
    assert upload.files == [content]


def test_file_names_and_types_are_dropped():
    body = part("file", b"x", "CANARY-nguyen-van-a.jpg") + part("file", b"", "empty") + END
    upload = read([body])
    assert upload.files == [b"x"]
    assert "CANARY" not in repr(upload)


def test_sending_too_large_keeps_its_words_and_nothing_else():
    """Its files are let run by, so that the browser is there to hear why; memory holds the words alone."""
    held, counts = Held(), []
    film = [b"x" * 1_000_000] * 62
    body = [part("story", b"words"), part("file", b"", "a.mp4")[:-2], *film, b"\r\n"]
    body += [part("concerns", b"unit"), END]

    async def receive() -> dict[str, Any]:
        counts.append(held.count)
        return {"type": "http.request", "body": body.pop(0), "more_body": bool(body)}

    async def reading() -> None:
        async with uploading(request_from(receive, content_length="62000300"), held):
            pytest.fail("it was taken")

    with pytest.raises(BrokenOff) as told:
        anyio.run(reading)
    assert told.value.code == "too_large"
    assert told.value.upload == Upload(fields=[("story", "words"), ("concerns", "unit")])
    assert (max(counts), body, held.count) == (len("wordsunit"), [], 0)


def test_endless_sending_is_cut_off():
    chunk = b"a" * 10_000_000
    waiting = [part("story", b"words"), part("file", b"", "a")[:-2], *[chunk] * 99]
    with pytest.raises(BrokenOff) as told:
        read(iter(waiting), content_length=str(10**12))
    assert told.value.code == "too_large"
    assert told.value.upload.first("story") == "words"
    assert len(chunk) * 99 > PASSED_LIMIT


def test_sending_cut_short_gives_the_words_that_came():
    with pytest.raises(BrokenOff) as told:
        read([part("story", b"words"), part("place", b"behind the mark")[:-9]])
    assert told.value.code == "malformed"
    assert told.value.upload.first("story") == "words"
    assert "words" not in f"{told.value} {told.value!r} {told.value.upload!r}"
    assert "behind the mark".startswith(told.value.upload.first("place"))


def test_large_body_without_a_claim_is_refused_while_it_is_read():
    held = Held()
    chunk = b"a" * 1_000_000
    chunks = [part("parcel", b"")[:-2], *[chunk] * (UPLOAD_LIMIT // len(chunk) + 2)]
    with pytest.raises(Problem) as told:
        read(chunks, held)
    assert told.value.code == "too_large"
    assert held.count == 0


def test_too_large_and_too_many_files_are_left_out_with_their_reason():
    large = part("file", b"x" * (FILE_BYTES_LIMIT + 1), "a")
    upload = read([part("story", b"words") + large + part("file", b"y", "b") + part("when", b"now") + END])
    assert upload.fields == [("story", "words"), ("when", "now")]
    assert (upload.files, upload.refused) == ([b"y"], ["too_large"])
    many = read([part("file", b"x", "a") * (FILES_LIMIT + 3) + part("story", b"words") + END])
    assert (len(many.files), many.refused, many.first("story")) == (FILES_LIMIT, ["too_many"], "words")


def test_album_of_twenty_passes():
    assert len(read([part("file", b"x" * 1000, "a") * FILES_LIMIT + END]).files) == FILES_LIMIT


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"nothing of the kind", {}),
        (part("story", b"cut"), {}),
        (part("story", b"a") + END, {"content_type": "text/plain"}),
        (part("story", b"a") + END, {"content_type": "multipart/form-data"}),
        (part("story", b"a") + END, {"content_type": "multipart/form-data; boundary=" + "b" * 400}),
        (part("story", b"a") + END, {"content_length": "-1"}),
        (part("a", b"b") * 500 + END, {}),
        (f"--{BOUNDARY}\r\n".encode() + b"X: y\r\n" * 50 + b"\r\n" + END, {}),
        (f"--{BOUNDARY}\r\n".encode() + b"X" * 9_000, {}),
    ],
    ids=range(10),
)
def test_whatever_is_no_form_is_malformed(body, headers):
    with pytest.raises(Problem) as told:
        read([body], **headers)
    assert told.value.code == "malformed"


def test_only_the_sealed_parcel_may_be_a_large_field():
    large = b"a" * (FIELD_LIMIT + 1)
    assert len(read([part("parcel", large) + END]).first("parcel")) == len(large)
    with pytest.raises(Problem) as told:
        read([part("story", large) + END])
    assert told.value.code == "too_large"


def test_nothing_is_written_to_a_disk(monkeypatch, tmp_path):
    """Three large files and a large parcel: no temporary file is made, no file opened for writing."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written: list[str] = []
    here = os.getpid()

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        is_writing = (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if watch.is_on and os.getpid() == here and (is_writing or event.startswith("tempfile.")):
            written.append(event)

    watch.is_on = False
    sys.addaudithook(watch)
    files = part("file", b"x" * 5_000_000, "a") * 3
    body = files + part("parcel", b"y" * 10_000_000) + END
    watch.is_on = True
    upload = read(body[at : at + 65_536] for at in range(0, len(body), 65_536))
    watch.is_on = False
    assert [len(file) for file in upload.files] == [5_000_000] * 3
    assert written == []
    assert list(tmp_path.iterdir()) == []


def test_many_at_once_are_told_to_wait_and_memory_is_given_back():
    held = Held(small_limit=1_000)
    held.change(0, 900)
    with pytest.raises(Problem) as told:
        read([part("story", b"x" * 200) + END], held)
    assert told.value.code == "busy"
    assert held.count == 900
    held.change(900, 0)
    assert read([part("story", b"x" * 200) + END], held).first("story")
    assert held.count == 0


def test_words_get_in_while_large_sendings_fill_the_memory():
    """Three idle lines with 50 MB each closed the channel for everybody once."""
    held = Held(large_limit=3 * SMALL_LIMIT)
    held.change(0, SMALL_LIMIT)  # as every large one, it was small at first
    held.change(SMALL_LIMIT, 3 * SMALL_LIMIT)
    words = part("story", b"x" * 20_000) + part("file", b"y" * 500_000, "a")
    assert read([words + END], held).files
    film = part("file", b"z" * 2 * SMALL_LIMIT, "a") + part("when", b"now") + END
    with pytest.raises(BrokenOff) as told:
        read([words, *(film[at : at + 60_000] for at in range(0, len(film), 60_000))], held)
    assert told.value.code == "busy"
    assert (told.value.upload.first("story"), told.value.upload.first("when")) == ("x" * 20_000, "now")
    assert held.count == 3 * SMALL_LIMIT


@pytest.mark.parametrize(
    ("steps", "is_slow"),
    [
        ([(1, 5_000_000), (30, 1), (30, 1)], False),  # a burst, then a stall: 5 MB in a minute is enough
        ([(1, 5_000_000), (40, 1), (40, 1), (40, 1), (40, 1)], True),
        ([(10, 60_000)] * 34, False),  # a photo of 2 MB over 6 kB/s
        ([(10, 36_000)] * 180, False),
        ([(10, 34_000)] * 180, True),
        ([(10, 100_000)] * 11 + [(10, 30_000)] * 20, True),  # large, and then a trickle
        ([(10, 100)] * 30, False),  # words, drop by drop
        ([(10, 100)] * 31, True),
    ],
)
def test_line_that_only_holds_memory_is_let_go(steps, is_slow):
    now = [0.0]
    flow = Flow(clock=lambda: now[0])

    def flowing() -> None:
        for seconds, count in steps:
            now[0] += seconds
            flow.add(count)

    if not is_slow:
        flowing()
        return
    with pytest.raises(Problem) as told:
        flowing()
    assert told.value.code == "slow"


def test_stalled_line_is_let_go():
    async def reading() -> None:
        async def receive() -> dict[str, Any]:
            await anyio.sleep(5)
            return {"type": "http.disconnect"}

        async with uploading(request_from(receive), Held(), idle_seconds=0.05):
            pass

    with pytest.raises(Problem) as told:
        anyio.run(reading)
    assert told.value.code == "slow"


def test_looking_up_is_slowed_for_all_and_hardly_ever_refused():
    async def looking(count: int, pace: Pace) -> float:
        start = anyio.current_time()
        async with anyio.create_task_group() as group:
            for _ in range(count):
                group.start_soon(pace.wait)
        return anyio.current_time() - start

    async def all_of_it() -> tuple[float, float]:
        pace = Pace(per_second=20.0)
        return await looking(LOOKUPS_AT_ONCE, pace), await looking(20, pace)

    at_once, later = anyio.run(all_of_it)
    assert at_once < later
    assert later > 0.1


def test_endless_line_of_lookups_is_told_to_come_later():
    async def looking() -> None:
        pace = Pace(per_second=0.1, at_once=1)
        await pace.wait()
        with anyio.move_on_after(0.01):
            await pace.wait()
        with anyio.move_on_after(0.01):
            await pace.wait()
        with anyio.move_on_after(0.01):
            await pace.wait()
        await pace.wait()

    with pytest.raises(Problem) as told:
        anyio.run(looking)
    assert told.value.code == "busy"
