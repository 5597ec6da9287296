"""Reading runs ahead of publishing: in order, a bounded few, and never in the way of the end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from ingest.errors import EmptyFile
from ingest.reading_ahead import AHEAD, AHEAD_CHARACTERS, ReadingAhead
from tests.fakes.drafts import document

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.model import DocumentDraft

WAIT_S = 20.0


def _jobs(count: int, begun: list[int], text: str = "chữ") -> list[Callable[[], DocumentDraft]]:
    def job(number: int) -> Callable[[], DocumentDraft]:
        def read() -> DocumentDraft:
            begun.append(number)
            return document(f"k/{number}", text)

        return read

    return [job(number) for number in range(count)]


def _keys(ahead: ReadingAhead) -> list[str]:
    return [read.draft.meta.key for read in ahead if read.draft]


def test_documents_come_in_order_whichever_is_read_first() -> None:
    second_read = threading.Event()

    def slow() -> DocumentDraft:
        assert second_read.wait(WAIT_S)
        return document("k/0", "chữ")

    def quick() -> DocumentDraft:
        second_read.set()
        return document("k/1", "chữ")

    with ReadingAhead([slow, quick]) as ahead:
        assert _keys(ahead) == ["k/0", "k/1"]


def test_the_next_is_read_while_one_is_published() -> None:
    read = [threading.Event() for _ in range(3)]

    def job(number: int) -> Callable[[], DocumentDraft]:
        def work() -> DocumentDraft:
            read[number].set()
            return document(f"k/{number}", "chữ")

        return work

    with ReadingAhead([job(number) for number in range(3)]) as ahead:
        for at, _ in enumerate(ahead):
            assert all(event.wait(WAIT_S) for event in read[: at + 2])


def test_no_more_is_read_than_there_is_room_for() -> None:
    begun: list[int] = []
    with ReadingAhead(_jobs(60, begun), readers=2) as ahead:
        for at, _ in enumerate(ahead):
            assert len(begun) <= at + 1 + AHEAD + 1
    assert sorted(begun) == list(range(60))


def test_large_documents_wait_for_each_other() -> None:
    begun: list[int] = []
    most = 0
    with ReadingAhead(_jobs(12, begun, "x" * (AHEAD_CHARACTERS // 2)), readers=2) as ahead:
        for at, _ in enumerate(ahead):
            most = max(most, len(begun) - at - 1)
    assert len(begun) == 12
    assert most <= 4  # two fill the room, and each reader may have begun one before it was full


def test_what_cannot_be_read_is_told_in_its_place() -> None:
    def broken() -> DocumentDraft:
        raise EmptyFile

    begun: list[int] = []
    first, last = _jobs(2, begun)
    with ReadingAhead([first, broken, last]) as ahead:
        came = list(ahead)
    assert [type(read.error) for read in came] == [type(None), EmptyFile, type(None)]


def test_each_draft_is_made_ready_once_in_order_before_it_is_handed_out() -> None:
    ready: list[str] = []

    def prepare(draft: DocumentDraft) -> None:
        ready.append(draft.meta.key)
        if draft.meta.key == "k/1":
            raise ValueError  # publishing will meet it again

    with ReadingAhead(_jobs(9, []), prepare=prepare) as ahead:
        for read in ahead:
            assert read.draft is not None
            assert read.draft.meta.key in ready
    assert ready == [f"k/{number}" for number in range(9)]


def test_an_error_of_the_publisher_ends_the_reading() -> None:
    begun: list[int] = []
    before = threading.active_count()

    def publish_none() -> None:
        with ReadingAhead(_jobs(200, begun), prepare=lambda _: None) as ahead:
            for _ in ahead:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_none()
    assert len(begun) <= AHEAD + 3
    assert threading.active_count() == before


def test_nothing_to_read_is_no_trouble() -> None:
    with ReadingAhead([], prepare=lambda _: None) as ahead:
        assert list(ahead) == []
