"""The gap loop at the desk: who looks, who writes, what becomes of it, how it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.gaps_guides import guide_of
from bot.gaps_publishing import AnswerPublisher
from knowledge.evaluation import read_rows
from knowledge.gaps.model import GapsUnavailable, Reason, key_of, week_of
from knowledge.model import Audience, DocumentKind
from tests.bot.desk.gap_station import ANSWER, DOG, DOGS, NOISE, GapStation, draft
from tests.bot.desk.station import B
from tests.fakes.library import FakeLibrary
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def there(tmp_path: Path, station_keys: Path) -> Iterator[GapStation]:
    opened = GapStation(tmp_path, station_keys)
    yield opened
    opened.close()


class Shelf(FakeLibrary):
    """The library in memory, which also has to learn words."""

    def finish(self) -> None:
        self.calls.append(("finish", ""))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def publisher(there: GapStation, shelf: Shelf, tmp_path: Path) -> AnswerPublisher:
    return AnswerPublisher(there.store, shelf, tmp_path / "golden-gaps.jsonl")


def test_everybody_at_the_desk_sees_alike_questions_together_and_no_key_is_needed(there: GapStation) -> None:
    there.ask(*DOGS, NOISE)
    for role in ("officer", "supervisor", "auditor"):
        listed = there.gaps.open_gaps(there.station.seat(role=role))
        assert [cluster.count for cluster in listed.clusters] == [3, 1]
        assert set(listed.clusters[0].wordings) == set(DOGS)
        assert listed.weeks == (week_of(there.station.clock()),)


def test_what_was_asked_once_waits_for_the_end_of_its_week(tmp_path: Path, station_keys: Path) -> None:
    """Shown at once, a single question would tell an officer who keeps looking on which day it came."""
    there = GapStation(tmp_path, station_keys, shown_from=3)
    there.ask(*DOGS, NOISE)
    listed = there.gaps.open_gaps(there.officer)
    (cluster,) = listed.clusters
    assert (set(cluster.wordings), listed.waiting) == (set(DOGS), 1)
    with pytest.raises(ActionRefused):
        there.gaps.cluster(there.officer, key_of(NOISE))
    there.station.clock.move(days=7)
    listed = there.gaps.open_gaps(there.officer)
    assert (len(listed.clusters), listed.waiting) == (2, 0)
    there.close()


def test_the_list_is_of_a_week_and_of_all(there: GapStation) -> None:
    last_week = there.station.clock() - timedelta(days=7)
    there.ask(DOG, at=last_week)
    there.ask(NOISE)
    this, last = week_of(there.station.clock()), week_of(last_week)
    gaps = there.gaps
    assert [cluster.wordings for cluster in gaps.open_gaps(there.officer).clusters] == [(NOISE,)]
    assert [cluster.wordings for cluster in gaps.open_gaps(there.officer, last).clusters] == [(DOG,)]
    assert len(gaps.open_gaps(there.officer, "").clusters) == 2
    assert gaps.open_gaps(there.officer, "2020-W01").week == this


def test_only_an_editor_writes_puts_aside_and_undoes(there: GapStation) -> None:
    there.ask(*DOGS)
    slug = there.gaps.write(there.editor, key_of(DOG), draft())
    there.ask(NOISE)
    calls = (
        lambda seat: there.gaps.preview(seat, draft()),
        lambda seat: there.gaps.write(seat, key_of(NOISE), draft()),
        lambda seat: there.gaps.rewrite(seat, slug, draft(), on=1),
        lambda seat: there.gaps.undo(seat, slug, on=1),
        lambda seat: there.gaps.restore(seat, slug, 1, on=1),
        lambda seat: there.gaps.put_aside(seat, key_of(NOISE)),
        lambda seat: there.gaps.take_up(seat, key_of(NOISE)),
    )
    for seat in (there.officer, there.station.seat(role="auditor"), there.station.seat(B, "supervisor")):
        for call in calls:
            with pytest.raises(ActionRefused) as refused:
                call(seat)
            assert refused.value.fields["reason"] == "not_editor"
    assert there.log()[-1][1:] == ("answer_gap", "", "not_editor")
    assert [answered.wanted for answered in there.gaps.answers(there.officer)] == [1]


def test_a_seat_that_calls_itself_an_editor_is_none(there: GapStation) -> None:
    claims = replace(there.officer, officer=replace(there.officer.officer, is_editor=True))
    with pytest.raises(ActionRefused):
        there.gaps.preview(claims, draft())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": ""}, "gap_text"),
        ({"text": "dài " * 226}, "gap_long"),
        ({"text": "Một.\n## Hai {#hai}\nba"}, "gap_markup"),
        ({"sources": ()}, "gap_sources"),
        ({"questions": ()}, "gap_questions"),
        ({"heading": ""}, "gap_heading"),
        ({"heading": "a" * 121}, "gap_heading"),
        ({"topic": "bia-dat"}, "gap_topic"),
        ({"sources": ("x" * 301,)}, "gap_lines"),
    ],
)
def test_what_is_no_guide_is_not_taken(there: GapStation, changes: dict[str, object], reason: str) -> None:
    there.ask(*DOGS)
    with pytest.raises(ActionRefused) as refused:
        there.gaps.write(there.editor, key_of(DOG), draft(**changes))
    assert refused.value.fields["reason"] == reason
    assert there.gaps.answers(there.editor) == []


def test_the_preview_warns_of_a_person_and_of_a_wider_audience(there: GapStation) -> None:
    there.ask(DOG, audience=Audience.MEMBER)
    told = draft(questions=(*DOGS, "ông Tư thả chó số 0912345678 phạt sao"))
    assert set(there.gaps.preview(there.editor, told, key_of(DOG)).warnings) == {"warn_person", "warn_wider"}
    assert there.gaps.preview(there.editor, draft(audience=Audience.MEMBER), key_of(DOG)).warnings == ()
    assert there.gaps.begin(there.gaps.cluster(there.editor, key_of(DOG))).audience is Audience.MEMBER


def test_an_answer_becomes_a_guide_with_variants_reviewer_day_and_a_golden_question(
    there: GapStation, publisher: AnswerPublisher, shelf: Shelf, tmp_path: Path
) -> None:
    there.ask(*DOGS)
    slug = there.gaps.write(there.editor, key_of(DOG), draft())
    assert publisher.tick() == 1
    guide = shelf.drafts[f"guide:tra-loi-{slug}"]
    (section,) = guide.passages
    assert guide.meta.kind is DocumentKind.GUIDE
    assert guide.meta.verified_by == "Chỉ huy, Phường A"
    assert guide.meta.as_of == there.station.clock().date()
    assert "Chỉ huy, Phường A" in guide.meta.title
    assert section.text == ANSWER
    assert [reference.title for reference in section.references] == ["Nghị định 90/2017/NĐ-CP, Điều 7"]
    assert set(DOGS) <= {*section.questions, section.heading}
    assert "cho tha rong can nguoi thi chu bi phat the nao" in section.questions
    golden = tmp_path / "golden-gaps.jsonl"
    (row,) = read_rows(golden.read_text(encoding="utf-8").splitlines())
    assert row.gold == {f"guide:tra-loi-{slug}#tra-loi"}
    assert row.question in DOGS
    assert publisher.tick() == 0
    assert there.gaps.answers(there.editor)[0].standing == 1
    assert there.gaps.open_gaps(there.editor).clusters == ()


def test_undoing_leads_back_version_by_version_and_then_takes_it_away(
    there: GapStation, publisher: AnswerPublisher, shelf: Shelf, tmp_path: Path
) -> None:
    there.ask(*DOGS)
    slug = there.gaps.write(there.editor, key_of(DOG), draft())
    publisher.tick()
    there.gaps.rewrite(there.editor, slug, draft(text="Phạt nặng.", audience=Audience.MEMBER), on=1)
    publisher.tick()
    key = f"guide:tra-loi-{slug}"
    assert (shelf.drafts[key].passages[0].text, shelf.drafts[key].meta.audience) == (
        "Phạt nặng.",
        Audience.MEMBER,
    )
    assert there.gaps.undo(there.editor, slug, on=2) == 1
    publisher.tick()
    assert (shelf.drafts[key].passages[0].text, shelf.drafts[key].meta.audience) == (ANSWER, Audience.PUBLIC)
    assert there.gaps.undo(there.editor, slug, on=1) == 0
    publisher.tick()
    assert shelf.drafts == {}
    assert (tmp_path / "golden-gaps.jsonl").read_text(encoding="utf-8") == ""
    assert len(there.gaps.open_gaps(there.editor).clusters) == 1
    there.gaps.restore(there.editor, slug, 2, on=0)
    publisher.tick()
    assert shelf.drafts[key].passages[0].text == "Phạt nặng."
    done = [(officer, action, detail) for officer, action, detail, _ in there.log() if slug in detail]
    who = there.editor.officer.id
    assert done == [
        (who, "answer_gap", f"{slug}:1"),
        (who, "answer_gap", f"{slug}:2"),
        (who, "undo_answer", f"{slug}:1"),
        (who, "undo_answer", f"{slug}:0"),
        (who, "restore_answer", f"{slug}:2"),
    ]
    assert there.station.records.check_audit() is None


def test_of_two_editors_the_slower_one_hears_of_it(there: GapStation) -> None:
    there.ask(*DOGS)
    slug = there.gaps.write(there.editor, key_of(DOG), draft())
    with pytest.raises(ActionRefused) as refused:
        there.gaps.write(there.editor, key_of(DOG), draft())
    assert refused.value.fields["reason"] == "unknown_gap"
    there.gaps.rewrite(there.editor, slug, draft(text="Hai."), on=1)
    for late in (
        lambda: there.gaps.rewrite(there.editor, slug, draft(text="Ba."), on=1),
        lambda: there.gaps.undo(there.editor, slug, on=1),
        lambda: there.gaps.restore(there.editor, slug, 1, on=1),
    ):
        with pytest.raises(ActionRefused) as refused:
            late()
        assert refused.value.fields["reason"] == "gap_changed"


def test_the_unit_alone_may_stand_behind_an_answer(there: GapStation) -> None:
    preview = there.gaps.preview(there.editor, draft(signs_name=False))
    assert preview.written.signed == "Phường A"
    assert "Chỉ huy" not in preview.guide.meta.title


def test_what_is_put_aside_leaves_the_list_and_comes_back(there: GapStation) -> None:
    there.ask(NOISE, reason=Reason.THUMBS_DOWN)
    there.gaps.put_aside(there.editor, key_of(NOISE))
    assert there.gaps.open_gaps(there.officer).clusters == ()
    assert [cluster.wordings for cluster in there.gaps.set_aside(there.officer)] == [(NOISE,)]
    there.gaps.take_up(there.editor, key_of(NOISE))
    assert len(there.gaps.open_gaps(there.officer).clusters) == 1


def test_a_database_out_of_reach_is_told_in_words(there: GapStation, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise GapsUnavailable

    monkeypatch.setattr(there.store, "gaps", away)
    with pytest.raises(ActionRefused) as refused:
        there.gaps.open_gaps(there.officer)
    assert refused.value.fields["reason"] == "gaps_unavailable"


def test_answers_that_another_database_knows_are_left_alone(
    there: GapStation, publisher: AnswerPublisher, shelf: Shelf
) -> None:
    preview = there.gaps.preview(there.editor, draft())
    shelf.publish(guide_of("cu-1a2b", preview.written))
    assert publisher.tick() == 0
    assert set(shelf.drafts) == {"guide:tra-loi-cu-1a2b"}
