"""Gaps are noted in batches, thumbs go to the question they are about or to none."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from knowledge.gaps.model import GapsUnavailable, Reason
from knowledge.gaps.notebook import GapNotebook
from knowledge.gaps.store import GapStore
from knowledge.model import Audience
from tests.fakes.clocks import HandClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASKED = "Nuôi chó thả rông bị phạt bao nhiêu?"
OTHER = "Đăng ký tạm trú cần giấy tờ gì?"
PASSAGE = ("guide:hoa-giai#xin-hoa-giai",)
PUBLIC = Audience.PUBLIC


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GapStore]:
    opened = GapStore.open_file(tmp_path / "gaps" / "gaps.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def notebook(store: GapStore, clock: HandClock) -> GapNotebook:
    return GapNotebook(store, now=clock, write_minutes=60, retention_days=90)


def test_a_refused_question_is_written_with_the_next_batch_and_not_before(
    notebook: GapNotebook, store: GapStore, clock: HandClock
) -> None:
    notebook.tick()
    notebook.refused(ASKED, PUBLIC)
    clock.move(minutes=59)
    notebook.tick()
    assert store.gaps() == []
    clock.move(minutes=2)
    notebook.tick()
    (gap,) = store.gaps()
    assert (gap.text, gap.week, gap.audience, gap.reason, gap.count) == (
        ASKED,
        "2026-W47",
        PUBLIC,
        Reason.REFUSED,
        1,
    )


def test_a_batch_does_not_tell_in_which_order_people_asked(tmp_path: Path, clock: HandClock) -> None:
    questions = [
        f"Xin giấy {name} ở đâu?" for name in ("tạm vắng", "độc thân", "xác minh", "nghỉ học", "thai sản")
    ]
    files = []
    for number in range(2):
        random.Random(number).shuffle(questions)  # noqa: S311 - an order, no secret
        store = GapStore.open_file(tmp_path / str(number) / "gaps.sqlite3")
        notebook = GapNotebook(store, now=clock, write_minutes=60, retention_days=90)
        for question in questions:
            notebook.refused(question, PUBLIC)
        notebook.write()
        store.close()
        files.append((tmp_path / str(number) / "gaps.sqlite3").read_bytes())
    places = [
        sorted(range(5), key=lambda at, file=file: file.index(sorted(questions)[at].encode()))
        for file in files
    ]
    assert places[0] == places[1]


def test_a_thumb_down_brings_back_its_question_once(notebook: GapNotebook, store: GapStore) -> None:
    notebook.answered(PASSAGE, ASKED, Audience.MEMBER)
    notebook.disliked(PASSAGE)
    notebook.disliked(PASSAGE)
    notebook.write()
    (gap,) = store.gaps()
    assert (gap.text, gap.reason, gap.audience, gap.count) == (ASKED, Reason.THUMBS_DOWN, Audience.MEMBER, 1)


def test_a_thumb_that_could_be_about_two_questions_is_about_none(
    notebook: GapNotebook, store: GapStore
) -> None:
    notebook.answered(PASSAGE, ASKED, PUBLIC)
    notebook.answered(PASSAGE, OTHER, PUBLIC)
    notebook.disliked(PASSAGE)
    notebook.write()
    assert store.gaps() == []


def test_a_late_thumb_and_one_of_a_tip_bring_nothing(
    notebook: GapNotebook, store: GapStore, clock: HandClock
) -> None:
    notebook.answered(PASSAGE, ASKED, PUBLIC)
    clock.move(minutes=31)
    notebook.disliked(PASSAGE)
    notebook.answered(PASSAGE, "nhà ông Tư số 7 hẻm 3 bán ma túy mỗi tối", PUBLIC)
    notebook.disliked(PASSAGE)
    notebook.write()
    assert store.gaps() == []


def test_a_gap_goes_ninety_days_after_its_week(
    notebook: GapNotebook, store: GapStore, clock: HandClock
) -> None:
    notebook.refused(ASKED, PUBLIC)
    notebook.tick()
    clock.move(days=89)
    notebook.tick()
    assert len(store.gaps()) == 1
    clock.move(days=15)
    notebook.tick()
    assert store.gaps() == []


class _Away(GapStore):
    def add(self, *_: object) -> None:
        raise GapsUnavailable


def test_what_cannot_be_written_waits(
    store: GapStore, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = GapNotebook(store, now=clock, write_minutes=60, retention_days=90)
    notebook.refused(ASKED, PUBLIC)
    monkeypatch.setattr(store, "__class__", _Away)
    notebook.write()
    monkeypatch.setattr(store, "__class__", GapStore)
    assert store.gaps() == []
    notebook.write()
    assert [gap.text for gap in store.gaps()] == [ASKED]
