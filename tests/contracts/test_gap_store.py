"""Gaps and answers on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from knowledge.gaps.model import Gap, GapChanged, GapsUnavailable, Note, Reason, Version, Written, key_of
from knowledge.gaps.store import GapStore
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WEEK = "2026-W48"
DOG, NOISE = "nuôi chó thả rông phạt bao nhiêu", "hát karaoke khuya gọi ai"
AT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
WRITTEN = Written(
    heading="Chó thả rông phạt bao nhiêu?",
    text="Phạt tiền theo nghị định.",
    topic="hoa-giai",
    audience=Audience.PUBLIC,
    sources=("Nghị định của Chính phủ, Điều 7",),
    questions=(DOG, "tha cho chay rong co bi phat khong"),
    signed="Chỉ huy, Phường A",
    as_of=date(2026, 11, 28),
    golden=DOG,
)
SLUG = "cho-tha-rong-1a2b"


def note(text: str = DOG, audience: Audience = Audience.PUBLIC, reason: Reason = Reason.REFUSED) -> Note:
    return Note(text=text, audience=audience, reason=reason)


def version(number: int = 1, slug: str = SLUG, **changes: object) -> Version:
    written = replace(WRITTEN, **changes)  # type: ignore[arg-type]
    return Version(slug=slug, number=number, written=written, unit="phuong-a", officer="chi-huy", at=AT)


@pytest.fixture
def opened(url: str) -> Iterator[Callable[[], GapStore]]:
    """Opens the database again, as another process does; all are closed in the end."""
    stores: list[GapStore] = []

    def again() -> GapStore:
        stores.append(GapStore.open(url))
        return stores[-1]

    yield again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], GapStore]) -> GapStore:
    return opened()


def test_alike_questions_are_counted_and_others_are_not_mixed_in(
    store: GapStore, opened: Callable[[], GapStore]
) -> None:
    store.add([note(), note("nuoi cho tha rong phat bao nhieu"), note(audience=Audience.MEMBER)], WEEK)
    store.add([note(), note(reason=Reason.THUMBS_DOWN), note(NOISE)], WEEK)
    store.add([note()], "2026-W49")
    counted = {(gap.week, gap.audience, gap.reason, gap.text): gap.count for gap in opened().gaps()}
    assert counted == {
        (WEEK, "public", "refused", DOG): 3,
        (WEEK, "member", "refused", DOG): 1,
        (WEEK, "public", "thumbs_down", DOG): 1,
        (WEEK, "public", "refused", NOISE): 1,
        ("2026-W49", "public", "refused", DOG): 1,
    }


def test_a_gap_has_no_place_for_a_day_a_chat_or_a_language() -> None:
    assert {field.name for field in fields(Gap)} == {"week", "audience", "reason", "key", "text", "count"}
    assert {field.name for field in fields(Note)} == {"text", "audience", "reason"}


def test_old_weeks_are_forgotten(store: GapStore) -> None:
    store.add([note()], "2025-W52")
    store.add([note(NOISE)], "2026-W01")
    assert store.forget("2026-W01") == 1
    assert [gap.text for gap in store.gaps()] == [NOISE]


def test_what_is_put_aside_is_taken_up_again(store: GapStore) -> None:
    store.add([note(), note(NOISE)], WEEK)
    assert store.put_aside([key_of(DOG)], aside=True) == 1
    assert [gap.text for gap in store.gaps()] == [NOISE]
    assert [gap.text for gap in store.set_aside()] == [DOG]
    store.put_aside([key_of(DOG)], aside=False)
    assert len(store.gaps()) == 2


def test_an_answer_takes_its_gaps_and_undoing_gives_them_back(
    store: GapStore, opened: Callable[[], GapStore]
) -> None:
    store.add([note(), note(NOISE)], WEEK)
    store.write(version(), {key_of(DOG)})
    assert [gap.text for gap in store.gaps()] == [NOISE]
    (answered,) = opened().answers()
    assert (answered.wanted, answered.standing, answered.before) == (1, None, 0)
    assert answered.version == version()
    store.note_standing(SLUG, 1)
    store.point(SLUG, 0, on=1)
    assert {gap.text for gap in store.gaps()} == {DOG, NOISE}
    assert store.answer(SLUG) is not None
    store.point(SLUG, 1, on=0)
    assert [gap.text for gap in store.gaps()] == [NOISE]


def test_a_later_version_leads_back_to_the_one_before(store: GapStore) -> None:
    store.write(version(), ())
    store.write(version(2, text="Phạt đến hai triệu."), (), on=1)
    (answered,) = store.answers()
    assert (answered.wanted, answered.before) == (2, 1)
    assert [one.written.text for one in answered.versions] == [
        "Phạt tiền theo nghị định.",
        "Phạt đến hai triệu.",
    ]
    store.point(SLUG, 1, on=2)
    store.write(version(3, text="Phạt ba triệu."), (), on=1)
    assert store.answers()[0].before == 2


def test_whoever_is_slower_changes_nothing(store: GapStore) -> None:
    store.add([note()], WEEK)
    store.write(version(), {key_of(DOG)})
    for slower in (
        lambda: store.write(version(slug="khac"), {key_of(DOG)}),  # its gaps were answered meanwhile
        lambda: store.write(version(2), (), on=0),
        lambda: store.write(version(3), (), on=1),  # a number nobody wrote before
        lambda: store.point(SLUG, 0, on=2),
        lambda: store.point(SLUG, 7, on=1),
        lambda: store.point("khac", 0, on=0),
    ):
        with pytest.raises(GapChanged):
            slower()
    assert [answered.wanted for answered in store.answers()] == [1]


def test_a_question_refused_again_in_a_later_week_is_a_gap_again(store: GapStore) -> None:
    store.add([note()], WEEK)
    store.write(version(), {key_of(DOG)})
    store.add([note()], "2026-W49")
    assert [gap.week for gap in store.gaps()] == ["2026-W49"]


def test_a_database_that_is_not_there_is_said_without_its_address() -> None:
    with pytest.raises(GapsUnavailable) as told:
        GapStore.open("postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    assert "secret" not in repr(told.value)


def test_the_file_is_ours_alone_and_keeps_nothing_that_was_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "gaps" / "gaps.sqlite3"
    store = GapStore.open_file(file)
    store.add([note("chimsaocanary hỏi gì ở đâu")], WEEK)
    assert b"chimsaocanary" in file.read_bytes()
    store.forget("2027-W01")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not any(b"chimsaocanary" in beside.read_bytes() for beside in file.parent.iterdir())
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM gaps").fetchone() == (0,)
    store.close()
