"""Documents at the desk: read, looked through, published by editors, taken back; over a real library."""

from __future__ import annotations

import io
import stat
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.papers_listing import ListQuery
from bot.desk.papers_model import Paper, Stage
from bot.desk.papers_staging import StagingLimits
from bot.desk.papers_waiting import Decision
from ingest.errors import BadMetadata
from knowledge.model import Audience
from tests.bot.desk.paper_station import ORDER, PHONE, PLAN, PLAN_AGAIN, TWO_PAGES, PaperStation
from tests.bot.desk.station import A, B
from tests.ingest.builders import pdf
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.desk.papers_published import DocumentView
    from bot.desk.papers_waiting import Sheet


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """The desk says no, and why."""
    with pytest.raises(ActionRefused) as caught:
        yield
    assert caught.value.fields["reason"] == reason


@pytest.fixture
def there(tmp_path: Path, station_keys: Path, ripe_library: Path) -> Iterator[PaperStation]:
    opened = PaperStation(tmp_path, station_keys, ripe=ripe_library)
    yield opened
    opened.close()


def confirmed(sheet: Sheet, **changes: str) -> Decision:
    """What an editor confirms who leaves all as it was read, save for *changes*."""
    fields = {name: value for name, (value, _) in sheet.fields.items()} | changes
    on = sheet.current.edition if sheet.current else 0
    return Decision(fields=fields, audience=sheet.paper.audience, key=sheet.paper.key, on=on)


def publish(there: PaperStation, paper: Paper, audience: Audience | None = None, **changes: str) -> Paper:
    """Confirm and publish, and wait for it."""
    decision = confirmed(there.papers.sheet(there.editor, paper.id), **changes)
    there.papers.publish(there.editor, paper.id, replace(decision, audience=audience or decision.audience))
    there.settle()
    found = there.room.staging.paper(paper.id)
    assert found is not None
    return found


def seen(there: PaperStation, paper: Paper) -> DocumentView:
    return there.papers.document(there.officer, paper.key)


def zip_of(**files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_file_is_read_and_waits_for_an_editor(there: PaperStation) -> None:
    paper = there.bring("kế hoạch.txt", PLAN)
    assert (paper.stage, paper.audience) == (Stage.READY, Audience.OFFICER)
    sheet = there.papers.sheet(there.editor, paper.id)
    assert sheet.fields["number"] == ("12/KH-UBND", "read")
    assert sheet.fields["document_type"][0] == "Kế hoạch"
    assert sheet.current is None
    assert sheet.draft.passages
    assert there.papers.documents(there.editor, ListQuery()).rows == ()


def test_what_is_published_is_what_was_confirmed(there: PaperStation) -> None:
    paper = there.bring("kế hoạch.txt", PLAN)
    done = publish(there, paper, Audience.MEMBER, title="Tuần tra đêm", issued="5/3/2026", number="")
    assert (done.stage, done.edition) == (Stage.PUBLISHED, 1)
    view = seen(there, paper)
    meta = view.passages[0].meta
    assert (meta.title, meta.number, meta.audience) == ("Tuần tra đêm", "", Audience.MEMBER)
    assert meta.issued is not None
    assert meta.issued.isoformat() == "2026-03-05"
    assert view.history.versions[0].published_by == f"{A}/{there.editor.officer.id}"
    assert not there.room.staging.file(paper).exists()


def test_the_original_is_kept_under_its_own_name(there: PaperStation) -> None:
    paper = there.bring("trồng cây.pdf", TWO_PAGES)
    publish(there, paper)
    original, file = there.papers.original(there.officer, paper.key, 1)
    assert (original.name, original.media_type) == ("trồng cây.pdf", "application/pdf")
    assert file.read_bytes() == TWO_PAGES
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_text_without_a_title_is_called_like_its_file(there: PaperStation) -> None:
    paper = there.bring(
        "Chuyện_ở xóm.txt", "Xóm họp bàn việc giữ đường làng sạch đẹp, ai cũng góp công một buổi.\n"
    )
    assert paper.title == "Chuyện ở xóm"


def test_a_new_edition_shows_what_it_changes_and_can_be_rolled_back(there: PaperStation) -> None:
    publish(there, there.bring("kế hoạch.txt", PLAN), Audience.PUBLIC)
    again = there.bring("kế hoạch.txt", PLAN_AGAIN)
    assert again.audience is Audience.PUBLIC  # for whom the one that answers is
    sheet = there.papers.sheet(there.editor, again.id)
    assert sheet.diff is not None
    words = [run.text.strip() for change in sheet.diff.changes for run in change.runs if run.kind != "same"]
    assert words == ["12", "15"]
    assert publish(there, again).edition == 2
    view = seen(there, again)
    assert "15 thành viên" in " ".join(item.text for item in view.passages)
    there.papers.roll_back(there.editor, again.key, 1, on=2)
    view = seen(there, again)
    assert (view.history.current, view.edition) == (1, 1)
    assert there.papers.difference(there.officer, again.key, 1, 2).changes


def test_what_was_put_right_before_is_proposed_again_and_is_no_difference(there: PaperStation) -> None:
    publish(there, there.bring("kế hoạch.txt", PLAN), topic="An ninh", issued="5/3/2026")
    again = there.bring("kế hoạch.txt", PLAN_AGAIN)
    sheet = there.papers.sheet(there.editor, again.id)
    assert sheet.fields["topic"] == ("An ninh", "before")
    assert sheet.fields["issued"] == ("", "")  # another edition is of another day
    assert sheet.diff is not None
    assert [change.name for change in sheet.diff.fields] == ["issued"]


def test_a_withdrawn_document_answers_nobody_until_it_is_restored(there: PaperStation) -> None:
    paper = there.bring("kế hoạch.txt", PLAN)
    publish(there, paper)
    there.papers.withdraw(there.editor, paper.key, on=1)
    assert seen(there, paper).row.state == "withdrawn"
    assert there.workplace is not None
    assert there.workplace.documents(paper.key) == []
    there.papers.restore(there.editor, paper.key)
    assert seen(there, paper).row.state == "answering"


def test_a_grave_finding_takes_somebody_who_answers_for_it(there: PaperStation) -> None:
    paper = there.bring("kế hoạch.txt", PLAN + PHONE)
    assert not paper.grave  # officers may read it
    assert any(flag.is_grave for flag in paper.public_flags)  # and this is told beforehand
    decision = replace(confirmed(there.papers.sheet(there.editor, paper.id)), audience=Audience.PUBLIC)
    with refused("paper_grave"):
        there.papers.publish(there.editor, paper.id, decision)
    found = there.room.staging.paper(paper.id)
    assert found is not None
    assert {flag.code.value for flag in found.grave} == {"private_person"}
    there.papers.publish(there.editor, paper.id, replace(decision, answered_for=("private_person",)))
    there.settle()
    view = seen(there, paper)
    assert view.row.meta.audience is Audience.PUBLIC
    assert ("private_person",) in [act.codes for act in view.history.acts]


def test_an_order_to_machines_is_cut_and_told(there: PaperStation) -> None:
    page = f"<html><body><article><h1>Tuần tra</h1>{ORDER}<p>{PLAN}</p></article></body></html>"
    paper = there.bring("trang.html", page)
    assert {flag.code.value for flag in paper.grave} == {"injection"}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", pdf([["Chữ"]], encrypted=True), "encrypted_file"),
        ("b.txt", b"", "empty_file"),
        ("c.pdf", TWO_PAGES[:300], "broken_file"),
        ("d.pdf", PLAN.encode(), "wrong_extension"),
        ("e.exe", b"MZ" + bytes(600), "unsupported_kind"),
        ("g.docx", zip_of(**{"word/document.xml": bytes(300_000_000)}), "too_large_unpacked"),
        ("h.zip", zip_of(**{"a.txt": bytes(30_000_000)}), "too_large_ratio"),
        ("i.zip", zip_of(), "papers.empty_zip"),
    ],
)
def test_bad_input_is_refused_by_its_reason_and_nothing_is_published(
    there: PaperStation, name: str, content: bytes, code: str
) -> None:
    paper = there.bring(name, content)
    assert (paper.stage, paper.error) == (Stage.REFUSED, code)
    assert not there.room.staging.file(paper).exists()
    assert there.papers.documents(there.editor, ListQuery()).total == 0
    with refused("unknown_paper"):
        there.papers.sheet(there.editor, paper.id)


def test_entries_of_a_zip_become_papers_and_bad_ones_are_named(there: PaperStation) -> None:
    files = {
        "2025/kế hoạch.txt": PLAN,
        "2025/kế hoạch.txt.meta.yaml": "audience: member\n",
        "../../etc/cron.txt": "x",
        "trong.zip": zip_of(a="b"),
        "rỗng.txt": "",
    }
    there.bring("hồ sơ.zip", zip_of(**files))
    there.settle()
    papers = {paper.name: paper for paper in there.papers.papers(there.editor)}
    assert papers["hồ sơ.zip/2025/kế hoạch.txt"].stage is Stage.READY
    assert papers["hồ sơ.zip/2025/kế hoạch.txt"].audience is Audience.MEMBER
    assert papers["hồ sơ.zip/2025/kế hoạch.txt"].key == "tep/hồ sơ.zip/2025/kế hoạch.txt"
    refused = {paper.error for paper in papers.values() if paper.stage is Stage.REFUSED}
    assert refused == {"entry_outside", "entry_nested", "empty_file"}
    assert len(papers) == 4


def test_of_two_uploads_of_one_name_the_second_is_looked_at_again(there: PaperStation) -> None:
    first, second = there.bring("kế hoạch.txt", PLAN), there.bring("kế hoạch.txt", PLAN_AGAIN)
    old = confirmed(there.papers.sheet(there.editor, second.id))
    assert [one.id for one in there.papers.sheet(there.editor, first.id).rivals] == [second.id]
    publish(there, first)
    with refused("paper_overtaken"):
        there.papers.publish(there.editor, second.id, old)
    assert there.papers.sheet(there.editor, second.id).diff is not None
    assert "12 thành viên" in " ".join(item.text for item in seen(there, first).passages)
    assert publish(there, second).edition == 2


def test_both_said_to_be_published_at_once_publishes_one(there: PaperStation) -> None:
    papers = [there.bring("kế hoạch.txt", text) for text in (PLAN, PLAN_AGAIN)]
    decisions = [confirmed(there.papers.sheet(there.editor, paper.id)) for paper in papers]
    for paper, decision in zip(papers, decisions, strict=True):
        there.papers.publish(there.editor, paper.id, decision)
    there.settle()
    stages = {found.stage for paper in papers if (found := there.room.staging.paper(paper.id))}
    assert stages == {Stage.PUBLISHED, Stage.READY}
    assert len(seen(there, papers[0]).history.versions) == 1


def test_a_wrong_day_or_number_is_named_and_nothing_is_kept(there: PaperStation) -> None:
    paper = there.bring("kế hoạch.txt", PLAN)
    decision = confirmed(there.papers.sheet(there.editor, paper.id), issued="31/2/2026")
    with pytest.raises(BadMetadata):
        there.papers.describe(there.editor, paper.id, decision)
    found = there.room.staging.paper(paper.id)
    assert found is not None
    assert found.described is None


def test_it_may_become_an_edition_of_another_document(there: PaperStation) -> None:
    first = there.bring("cũ.txt", PLAN)
    publish(there, first)
    other = there.bring("mới.txt", PLAN_AGAIN)
    assert [row.key for row in there.papers.sheet(there.editor, other.id).alike] == [first.key]
    decision = replace(confirmed(there.papers.sheet(there.editor, other.id)), key=first.key)
    there.papers.describe(there.editor, other.id, decision)
    publish(there, other)
    assert len(seen(there, first).history.versions) == 2
    with pytest.raises(ActionRefused):
        there.papers.describe(
            there.editor, there.bring("x.txt", PLAN).id, replace(decision, key="guide:khan-cap")
        )


# who


ACTS: dict[str, Callable[[PaperStation, str, str], object]] = {
    "begin": lambda there, _paper, _key: there.papers.begin(there.officer, "a.txt"),
    "sheet": lambda there, paper, _key: there.papers.sheet(there.officer, paper),
    "file": lambda there, paper, _key: there.papers.staged_original(there.officer, paper),
    "describe": lambda there, paper, _key: there.papers.describe(there.officer, paper, NOTHING),
    "publish": lambda there, paper, _key: there.papers.publish(there.officer, paper, NOTHING),
    "discard": lambda there, paper, _key: there.papers.discard(there.officer, paper),
    "clear": lambda there, _paper, _key: there.papers.clear_over(there.officer),
    "withdraw": lambda there, _paper, key: there.papers.withdraw(there.officer, key, on=1),
    "restore": lambda there, _paper, key: there.papers.restore(there.officer, key),
    "roll_back": lambda there, _paper, key: there.papers.roll_back(there.officer, key, 1, on=1),
    "held": lambda there, _paper, key: there.papers.held(there.officer, key),
    "accept": lambda there, _paper, key: there.papers.accept(there.officer, key),
    "refuse": lambda there, _paper, key: there.papers.refuse(there.officer, key),
}
NOTHING = Decision(fields={"title": "x"}, audience=Audience.PUBLIC)


def test_whoever_is_no_editor_looks_and_does_nothing(there: PaperStation) -> None:
    published = there.bring("kế hoạch.txt", PLAN)
    publish(there, published)
    waiting = there.bring("khác.txt", PLAN_AGAIN)
    for name, act in ACTS.items():
        with refused("not_editor"):
            act(there, waiting.id, published.key)
        assert name
    assert seen(there, published).row.state == "answering"
    assert {paper.id for paper in there.papers.papers(there.officer)} == {published.id, waiting.id}
    assert ("not_editor" in {refused for *_, refused in there.log()}) is True


def test_another_units_uploads_are_not_shown(there: PaperStation) -> None:
    there.bring("kế hoạch.txt", PLAN)
    assert there.papers.papers(there.station.seat(B)) == []
    assert len(there.papers.papers(there.station.seat(A))) == 1


def test_an_order_of_somebody_who_is_no_editor_any_more_is_not_carried_out(there: PaperStation) -> None:
    paper = there.bring("kế hoạch.txt", PLAN)
    there.room.staging.change(
        paper.id, frozenset((Stage.READY,)), stage=Stage.PUBLISHING, by=f"{A}/{there.officer.officer.id}"
    )
    there.room.line.tick()
    there.settle()
    found = there.room.staging.paper(paper.id)
    assert found is not None
    assert (found.stage, found.error) == (Stage.READY, "desk.refused_not_editor")
    assert there.papers.documents(there.editor, ListQuery()).total == 0


def test_the_log_tells_who_published_and_holds_no_name_of_a_file(there: PaperStation) -> None:
    paper = there.bring("Bà Lành tố cáo.txt", PLAN)
    publish(there, paper)
    there.papers.withdraw(there.editor, paper.key, on=1)
    done = [(officer, action) for officer, action, _, refused in there.log() if not refused]
    for action in ("paper_in", "publish_paper", "withdraw_paper"):
        assert (there.editor.officer.id, action) in done
    assert "Lành" not in str(there.log())


# restarts


def test_what_was_said_to_be_published_is_published_after_a_restart(there: PaperStation) -> None:
    paper = there.bring("kế hoạch.txt", PLAN)
    decision = confirmed(there.papers.sheet(there.editor, paper.id))
    there.papers.describe(there.editor, paper.id, decision)
    there.room.staging.change(
        paper.id,
        frozenset((Stage.READY,)),
        stage=Stage.PUBLISHING,
        by=f"{A}/{there.editor.officer.id}",
    )
    there.reopen()
    there.settle()
    assert seen(there, paper).history.current == 1


def test_what_was_being_read_is_read_again_after_a_restart(there: PaperStation) -> None:
    paper = there.bring("kế hoạch.txt", PLAN)
    there.room.staging.change(paper.id, frozenset((Stage.READY,)), stage=Stage.READING)
    there.reopen()
    there.settle()
    found = there.room.staging.paper(paper.id)
    assert found is not None
    assert found.stage is Stage.READY
    assert there.papers.sheet(there.editor, paper.id).draft.passages


def test_a_zip_cut_off_half_way_gives_each_entry_once(there: PaperStation, tmp_path: Path) -> None:
    staging = there.room.staging
    whose = {"unit": A, "officer": there.editor.officer.id}
    with staging.begin(name="hồ sơ.zip", key="tep/hồ sơ.zip", **whose) as incoming:
        incoming.write(zip_of(**{"a.txt": PLAN, "b.txt": PLAN_AGAIN}))
        packed = incoming.finish()
    entry = tmp_path / "a.txt"
    entry.write_text(PLAN, encoding="utf-8")
    staging.adopt(entry, packed, name="hồ sơ.zip/a.txt", key="tep/hồ sơ.zip/a.txt")
    there.room.tick()  # as the next start does
    there.settle()
    names = sorted(paper.name for paper in there.papers.papers(there.editor))
    assert names == ["hồ sơ.zip/a.txt", "hồ sơ.zip/b.txt"]


def test_a_publication_cut_off_half_way_is_finished_once(there: PaperStation) -> None:
    """As a kill between the library's commit and our own note of it."""
    paper = there.bring("kế hoạch.txt", PLAN)
    publish(there, paper)
    found = there.bring("kế hoạch.txt", PLAN)
    decision = confirmed(there.papers.sheet(there.editor, found.id))
    there.papers.publish(there.editor, found.id, decision)
    there.settle()
    then = there.room.staging.paper(found.id)
    assert then is not None
    assert then.stage is Stage.PUBLISHED
    assert len(seen(there, paper).history.versions) == 1


def test_without_a_library_nothing_is_taken_in_and_it_is_said(tmp_path: Path, station_keys: Path) -> None:
    there = PaperStation(tmp_path, station_keys, has_library=False)
    try:
        assert not there.papers.has_library()
        with refused("papers_elsewhere"):
            there.papers.begin(there.editor, "a.txt")
        with refused("papers_elsewhere"):
            there.papers.documents(there.officer, ListQuery())
    finally:
        there.close()


def test_a_full_waiting_room_is_told_by_name(tmp_path: Path, station_keys: Path, ripe_library: Path) -> None:
    there = PaperStation(tmp_path, station_keys, limits=StagingLimits(papers=1), ripe=ripe_library)
    try:
        there.bring("a.txt", PLAN)
        with pytest.raises(Exception, match=r"papers\.too_many"):
            there.papers.begin(there.editor, "b.txt")
    finally:
        there.close()


# the list


def test_the_list_is_searched_and_filtered(there: PaperStation) -> None:
    publish(there, there.bring("kế hoạch.txt", PLAN), Audience.PUBLIC)
    tree = there.bring("trồng cây.pdf", TWO_PAGES)
    publish(there, tree)
    there.papers.withdraw(there.editor, tree.key, on=1)

    def found(**query: object) -> list[str]:
        listing = there.papers.documents(there.officer, ListQuery(**query))  # type: ignore[arg-type]
        return [row.key for row in listing.rows]

    assert len(found()) == 2
    assert found(words="tuan tra dong me") == ["tep/kế hoạch.txt"]
    assert found(words="12/KH") == ["tep/kế hoạch.txt"]
    assert found(audience=Audience.OFFICER) == [tree.key]
    assert found(state="withdrawn") == [tree.key]
    assert found(words="không có") == []
    assert len(found(limit=1)) == 1
