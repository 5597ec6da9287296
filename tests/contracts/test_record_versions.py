"""The history in the record, on SQLite and on PostgreSQL: editions are kept, and only one ever answers."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import TYPE_CHECKING

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from knowledge.errors import DocumentNotFound, VersionNotFound
from knowledge.history import ActKind
from knowledge.law_register import number_key
from knowledge.model import Audience, DocumentKind, Original
from knowledge.record.publishing import KEPT_EDITIONS
from knowledge.record.tables import metadata
from tests.fakes.drafts import document

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.model import DocumentDraft
    from knowledge.record.store import Record

EVERYONE = tuple(Audience)
PUBLIC = (Audience.PUBLIC,)
TODAY = date(2026, 11, 28)
NUMBER, OLDER = "20/2026/NĐ-CP", "10/2019/NĐ-CP"
FILE = Original(sha256="a" * 64, name="kế hoạch.pdf", media_type="application/pdf", size=12)
JOIN_S = 60


def put(record: Record, draft: DocumentDraft, **more: object) -> list[int]:
    version, ids = record.stage(draft)
    record.publish(version, **more)
    return ids


def written(key: str, *texts: str, by: str = "", original: Original | None = None, **meta: object):
    draft = document(key, *texts, **meta)
    return type(draft)(
        meta=draft.meta,
        passages=draft.passages,
        content_hash=draft.content_hash,
        repairs=("hard_wraps", "frame") if original else (),
        original=original,
        by=by,
    )


def deeds(record: Record, key: str) -> list[tuple[str, int, str]]:
    """The acts of a document, oldest first."""
    return [(act.kind.value, act.edition, act.who) for act in reversed(record.versions.history(key).acts)]


def answering(record: Record, ids: list[int]) -> dict[str, object]:
    """Every statement that an answer may come from, and what it gives of the passages *ids*."""
    return {
        "documents": [item.meta.key for item in record.documents()],
        "hashes": sorted(record.hashes()),
        "passages": sorted(record.passages(ids, EVERYONE)),
        "visible": sorted(record.visible(ids, EVERYONE, TODAY)),
        "numbered": [meta.number for meta in record.numbered(EVERYONE)],
        "marked": sorted(item.id for item in record.marked(number_key(NUMBER), EVERYONE)),
        "replacing": [meta.key for meta in record.replacing(number_key(OLDER), EVERYONE)],
        "all_passages": [item.id for audience in EVERYONE for item in record.all_passages(audience)],
        "passage_ids": sorted(set().union(*(record.passage_ids(audience) for audience in EVERYONE))),
        "passage_counts": sum(sum(record.passage_counts(audience)) for audience in EVERYONE),
    }


def test_only_the_edition_that_answers_is_seen_by_anything_that_answers(record: Record) -> None:
    """Earlier editions are kept with their passages, marks and replacements, and none of it is ever found."""

    def edition(text: str) -> DocumentDraft:
        return written("a", f"{text} {NUMBER}", number=NUMBER, replaces=(OLDER,))

    first, second, third = (put(record, edition(text)) for text in ("một", "hai", "ba"))
    every = [*first, *second, *third]
    wanted = {
        "documents": ["a"], "hashes": ["a"], "passages": third, "visible": third, "numbered": [NUMBER],
        "marked": third, "replacing": ["a"], "all_passages": third, "passage_ids": third, "passage_counts": 1,
    }  # fmt: skip
    assert answering(record, every) == wanted
    record.versions.answer_from("a", 1, "Lan")
    at_first = {name: first if value == third else value for name, value in wanted.items()}
    assert answering(record, every) == at_first
    assert [item.text for item in record.document_passages("a")] == [f"một {NUMBER}"]
    record.versions.withdraw("a", "Lan")
    assert not any(answering(record, every).values())
    with pytest.raises(DocumentNotFound):
        record.document_passages("a")
    assert [item.text for item in record.versions.passages("a", 3)] == [f"ba {NUMBER}"]


def test_a_history_tells_editions_files_repairs_and_deeds(record: Record) -> None:
    put(record, written("a", "một", by="Lan", original=FILE, title="Cũ"), accepted=("injection",))
    put(record, written("a", "hai", "ba", by="Nam", audience=Audience.MEMBER, title="Mới"))
    history = record.versions.history("a")
    newer, older = history.versions
    assert (history.current, history.withdrawn) == (2, None)
    assert [item.edition for item in history.versions] == [2, 1]
    assert [item.is_current for item in history.versions] == [True, False]
    assert [item.passages for item in history.versions] == [2, 1]
    assert [item.meta.title for item in history.versions] == ["Mới", "Cũ"]
    assert newer.meta.audience is Audience.MEMBER
    assert (newer.published_by, newer.original, newer.repairs) == ("Nam", None, ())
    assert (older.published_by, older.original, older.repairs) == ("Lan", FILE, ("hard_wraps", "frame"))
    assert datetime.now(UTC) - older.published_at < timedelta(minutes=5)
    assert deeds(record, "a") == [("accepted", 1, "Lan"), ("published", 1, "Lan"), ("published", 2, "Nam")]
    assert history.acts[-1].codes == ("injection",)
    (stored,) = record.documents()
    assert (stored.edition, stored.published_by, stored.original) == (2, "Nam", None)


def test_a_withdrawn_document_is_kept_and_comes_back_as_it_was(opened: Callable[[], Record]) -> None:
    record = opened()
    ids = put(record, written("a", "một"))
    put(record, written("ab", "khác"))
    record.versions.withdraw("a", "Lan")
    record.versions.withdraw("a", "Nam")  # once is enough
    record.close()
    record = opened()
    record.drop_staged()  # what every start after a kill does
    (withdrawal,) = record.versions.withdrawals()
    assert (withdrawal.key, withdrawal.edition, withdrawal.by) == ("a", 1, "Lan")
    assert record.versions.history("a").withdrawn == withdrawal
    assert record.versions.history("a").current is None
    record.versions.answer_from("a", 1, "Nam")
    assert set(record.passages(ids, PUBLIC)) == set(ids)
    assert record.versions.withdrawals() == []
    assert deeds(record, "a") == [("published", 1, ""), ("withdrawn", 1, "Lan"), ("restored", 1, "Nam")]


def test_what_is_published_under_a_withdrawn_key_waits_in_its_history(record: Record) -> None:
    put(record, written("a", "một"))
    record.versions.withdraw("a", "Lan")
    newer = written("a", "hai")
    ids = put(record, newer)
    assert not any(answering(record, ids).values())
    (withdrawal,) = record.versions.withdrawals()
    assert (withdrawal.edition, withdrawal.newest_hash) == (1, newer.content_hash)
    record.versions.answer_from("a", 2, "Lan")
    assert set(record.passages(ids, PUBLIC)) == set(ids)
    assert deeds(record, "a")[-1] == ("rolled_back", 2, "Lan")


def test_laws_over_because_of_an_edition_follow_its_fate(record: Record) -> None:
    """The old decree answers again when the one in its place is withdrawn or rolled back, and only then."""
    old = put(record, written("old", "Cũ.", number=OLDER, kind=DocumentKind.LAW))
    put(record, written("new", "Mới, chưa thay gì.", number=NUMBER, kind=DocumentKind.LAW))
    put(record, written("new", "Mới.", number=NUMBER, kind=DocumentKind.LAW, replaces=(OLDER,)))
    assert record.visible(old, PUBLIC, TODAY) == set()
    record.versions.answer_from("new", 1, "")
    assert record.visible(old, PUBLIC, TODAY) == set(old)
    record.versions.answer_from("new", 2, "")
    assert record.visible(old, PUBLIC, TODAY) == set()
    record.versions.withdraw("new", "")
    assert record.visible(old, PUBLIC, TODAY) == set(old)


def test_a_rolled_away_file_is_no_news_to_a_sync(record: Record) -> None:
    first, second = written("a", "một"), written("a", "hai")
    put(record, first)
    put(record, second)
    record.versions.answer_from("a", 1, "Lan")
    assert record.hashes() == {"a": second.content_hash}
    (stored,) = record.documents()
    assert (stored.edition, stored.content_hash) == (1, first.content_hash)


def test_the_last_editions_are_kept_and_the_one_that_answers(record: Record) -> None:
    for number in range(KEPT_EDITIONS + 3):
        put(record, written("a", f"bản {number + 1}", original=FILE if number == 0 else None))
    assert [item.edition for item in record.versions.history("a").versions] == list(
        range(KEPT_EDITIONS + 3, 3, -1)
    )
    assert record.versions.originals() == set()
    with pytest.raises(VersionNotFound):
        record.versions.answer_from("a", 3, "Lan")
    record.versions.answer_from("a", 4, "Lan")
    put(record, written("b", "khác"))
    record.versions.withdraw("a", "Lan")
    for number in range(3):
        put(record, written("a", f"thêm {number}"))
    kept = [item.edition for item in record.versions.history("a").versions]
    assert kept == [*range(KEPT_EDITIONS + 6, 6, -1), 4], "what may be restored stays"
    assert [item.edition for item in record.versions.history("b").versions] == [1]


def test_an_edition_that_says_the_same_takes_the_place_of_the_other(record: Record) -> None:
    old = put(record, written("a", "một", by="Lan"))
    before = record.versions.history("a").versions[0]
    renewed = written("a", "một", by="Nam", source="Nơi khác")
    new = put(record, renewed, renews=True)
    (only,) = record.versions.history("a").versions
    assert (only.edition, only.published_by, only.published_at) == (1, "Lan", before.published_at)
    assert only.content_hash == renewed.content_hash
    assert deeds(record, "a") == [("published", 1, "Lan")]
    assert set(record.passages([*old, *new], PUBLIC)) == set(new)


def test_a_removed_document_leaves_only_who_did_what(record: Record) -> None:
    put(record, written("a", "một", by="Lan", original=FILE))
    record.versions.withdraw("a", "Lan")
    assert record.versions.originals() == {FILE.sha256}
    record.remove("a", "Nam")
    for gone in (record.versions.history, record.remove):
        with pytest.raises(DocumentNotFound):
            gone("a")
    with pytest.raises(VersionNotFound):
        record.versions.passages("a", 1)
    assert (record.versions.originals(), record.versions.withdrawals()) == (set(), [])
    told = [(act.key, act.kind, act.who) for act in record.versions.acts()]
    assert told[0] == ("a", ActKind.REMOVED, "Nam")
    assert len(told) == 3
    put(record, written("a", "lại từ đầu"))
    assert record.versions.history("a").current == 1


@pytest.mark.parametrize("edition", [0, 2, -1])
def test_no_such_edition_moves_nothing(record: Record, edition: int) -> None:
    put(record, written("a", "một"))
    record.stage(written("a", "chưa đăng"))
    with pytest.raises(VersionNotFound) as caught:
        record.versions.answer_from("a", edition, "Lan")
    assert caught.value.fields == {"key": "a", "edition": str(edition)}
    for move in (record.versions.withdraw, lambda key, who: record.versions.answer_from(key, 1, who)):
        with pytest.raises(DocumentNotFound):
            move("b", "Lan")
    assert record.versions.history("a").current == 1


def test_editions_published_at_once_are_all_whole_and_one_answers(record: Record) -> None:
    """Two uploads of one key race: no edition is lost, doubled or half there."""
    versions = [record.stage(written("a", f"{n} một", f"{n} hai", by=f"{n}"))[0] for n in range(6)]
    barrier, failures = threading.Barrier(len(versions)), []

    def publish(version: int) -> None:
        barrier.wait(JOIN_S)
        try:
            record.publish(version)
        except Exception as failure:  # noqa: BLE001 - shown by the test
            failures.append(failure)

    threads = [threading.Thread(target=publish, args=(version,), daemon=True) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(JOIN_S)
    assert failures == []
    history = record.versions.history("a")
    assert [item.edition for item in history.versions] == [6, 5, 4, 3, 2, 1]
    assert history.current == 6
    for item in history.versions:
        texts = [passage.text for passage in record.versions.passages("a", item.edition)]
        assert texts == [f"{item.published_by} một", f"{item.published_by} hai"]
    assert sorted(act.edition for act in history.acts) == [1, 2, 3, 4, 5, 6]


def test_an_older_database_gets_its_editions_numbered_and_loses_nothing(
    opened: Callable[[], Record], url: str
) -> None:
    """What was published before editions were counted: numbered in order, with every passage it had."""
    record = opened()
    put(record, written("a", "một"))
    put(record, written("a", "hai", "ba"))
    put(record, written("b", "khác"))
    record.stage(written("a", "chưa đăng"))
    record.close()
    engine = sqlalchemy.create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(resources.files("knowledge.record") / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT count(*) FROM passages")) == 5
        columns = {column["name"] for column in sqlalchemy.inspect(connection).get_columns("versions")}
        assert "edition" not in columns
    engine.dispose()
    record = opened()
    history = record.versions.history("a")
    assert [(item.edition, item.passages, item.is_current) for item in history.versions] == [
        (2, 2, True), (1, 1, False),
    ]  # fmt: skip
    assert history.acts == ()
    assert record.versions.history("b").current == 1
    put(record, written("a", "bốn"))
    assert record.versions.history("a").current == 3


def test_the_migrations_make_the_tables_as_they_are_written(record: Record, url: str) -> None:
    assert record.documents() == []
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
