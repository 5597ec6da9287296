"""The contract of the record, on SQLite and on PostgreSQL: what one keeps, the other keeps too."""

from __future__ import annotations

import threading
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

from knowledge.errors import DocumentNotFound
from knowledge.model import Audience, DocumentKind, PassageDraft, Reference
from tests.fakes.drafts import document, guide, section

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.model import DocumentDraft
    from knowledge.record.store import Record

EVERYONE = tuple(Audience)
TODAY = date(2026, 11, 22)


def put(record: Record, draft: DocumentDraft) -> list[int]:
    version, ids = record.stage(draft)
    record.publish(version)
    return ids


def texts(record: Record, key: str) -> list[str]:
    return [passage.text for passage in record.document_passages(key)]


def everything_seen(record: Record, key: str, ids: list[int]) -> list[object]:
    """Every way to see a document, each empty while there is nothing to see."""
    return [
        record.hashes(key),
        record.documents(key),
        record.passages(ids, EVERYONE),
        [passage for audience in EVERYONE for passage in record.all_passages(audience) if passage.id in ids],
        [number for audience in EVERYONE for number in record.passage_ids(audience) if number in ids],
    ]


def at_once(*works: Callable[[], object]) -> None:
    """Run *works* in threads that start together; the first failure is raised here."""
    barrier, failures = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            work()
        except Exception as failure:  # noqa: BLE001 - handed to the test
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_nobody_sees_a_staged_version(record: Record) -> None:
    version, ids = record.stage(document("a", "một", "hai"))
    assert not any(everything_seen(record, "a", ids))
    assert [record.passage_counts(audience) for audience in EVERYONE] == [(0, 0)] * 3
    with pytest.raises(DocumentNotFound):
        record.document_passages("a")
    record.publish(version)
    assert all(everything_seen(record, "a", ids))
    assert texts(record, "a") == ["một", "hai"]


def test_a_staged_update_leaves_the_old_version_answering(record: Record) -> None:
    old_ids = put(record, document("a", "cũ"))
    version, new_ids = record.stage(document("a", "mới", audience=Audience.MEMBER))
    assert texts(record, "a") == ["cũ"]
    assert set(record.passages([*old_ids, *new_ids], EVERYONE)) == set(old_ids)
    record.publish(version)
    assert set(record.passages([*old_ids, *new_ids], EVERYONE)) == set(new_ids)
    assert record.passage_ids(Audience.PUBLIC) == set()
    assert record.passage_ids(Audience.MEMBER) == set(new_ids)
    assert [item.meta.audience for item in record.documents()] == [Audience.MEMBER]


def test_an_update_keeps_the_history(record: Record, url: str) -> None:
    """The versions before stay in the database, with their passages, seen by no question."""
    put(record, document("a", "cũ"))
    put(record, document("a", "mới", "thêm"))
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        kept = connection.execute(
            sqlalchemy.text(
                "SELECT text FROM passages JOIN versions ON versions.id = version_id ORDER BY passages.id"
            )
        ).scalars()
        assert list(kept) == ["cũ", "mới", "thêm"]
    engine.dispose()


def test_what_a_kill_left_staged_is_dropped(opened: Callable[[], Record], url: str) -> None:
    """The process ended between staging and publishing: the published stays, the rest leaves no row."""
    before = opened()
    put(before, document("a", "cũ"))
    before.stage(document("a", "mới"))
    before.stage(document("b", "chưa kịp"))
    before.close()
    after = opened()
    after.drop_staged()
    assert set(after.hashes()) == {"a"}
    assert texts(after, "a") == ["cũ"]
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        counts = [
            connection.scalar(sqlalchemy.text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - three constants
            for table in ("documents", "versions", "passages")
        ]
    engine.dispose()
    assert counts == [1, 1, 1]


def test_a_removed_document_leaves_nothing(record: Record, url: str) -> None:
    ids = put(record, document("a", "một")) + put(record, document("a", "hai"))
    put(record, document("b", "ở lại"))
    record.remove("a")
    assert not any(everything_seen(record, "a", ids))
    assert texts(record, "b") == ["ở lại"]
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT text FROM passages")).scalars().all() == ["ở lại"]
    engine.dispose()
    with pytest.raises(DocumentNotFound) as caught:
        record.remove("a")
    assert caught.value.fields == {"key": "a"}


def test_ids_are_never_reused(opened: Callable[[], Record]) -> None:
    """A stale vector must not come to point at another passage, not even after a restart."""
    record = opened()
    used = set(put(record, document("a", "một", "hai")))
    record.remove("a")
    for key in "bcd":
        _, staged = record.stage(document(key, "ba", "bốn"))
        assert used.isdisjoint(staged)
        used.update(staged)
        record.drop_staged()
        record.close()
        record = opened()


@pytest.mark.parametrize("prefix", ["a%", "a_", "a\\", "a", ""])
def test_a_prefix_is_taken_literally(record: Record, prefix: str) -> None:
    """`%`, `_` and the backslash stand for themselves in a key."""
    keys = ["a%/1.md", "a_/1.md", "ab/1.md", "a\\1.md", "b/a%.md"]
    for key in keys:
        put(record, document(key, "chữ"))
    wanted = {key for key in keys if key.startswith(prefix)}
    assert set(record.hashes(prefix)) == wanted
    assert {item.meta.key for item in record.documents(prefix)} == wanted


def test_a_prefix_tells_capitals_from_small_letters(record: Record) -> None:
    """Or a sync of the folder `a` would remove the documents of the folder `A`."""
    for key in ("a/1.md", "A/1.md"):
        put(record, document(key, "chữ"))
    assert set(record.hashes("a/")) == {"a/1.md"}
    assert [item.meta.key for item in record.documents("A/")] == ["A/1.md"]


def test_hashes_are_those_of_the_published_version(record: Record) -> None:
    draft, newer = document("a", "một"), document("a", "hai")
    put(record, draft)
    record.stage(newer)
    assert record.hashes() == {"a": draft.content_hash}
    put(record, newer)
    assert record.hashes() == {"a": newer.content_hash}


def test_passages_come_only_for_allowed_audiences(record: Record) -> None:
    ids = {audience: put(record, document(audience.value, "chữ", audience=audience)) for audience in EVERYONE}
    every = [number for numbers in ids.values() for number in numbers]
    for audience in EVERYONE:
        seen = record.passages(every, audience.visible)
        assert {passage.meta.audience for passage in seen.values()} == set(audience.visible)
        assert [passage.id for passage in record.all_passages(audience)] == ids[audience]
    assert record.passages(every, ()) == {}


def test_more_passages_than_one_statement_takes(record: Record) -> None:
    ids = put(record, document("a", *[f"đoạn {number}" for number in range(1_234)]))
    assert len(set(ids)) == 1_234
    found = record.passages([*ids, -1, 10**9], [Audience.PUBLIC])
    assert [found[number].text for number in ids] == [f"đoạn {number}" for number in range(1_234)]
    assert [passage.id for passage in record.all_passages(Audience.PUBLIC)] == sorted(ids)


def test_counts_tell_documents_from_guides(record: Record) -> None:
    put(record, document("a", "một", "hai"))
    put(record, document("law", "ba", kind=DocumentKind.LAW))
    put(record, guide("g", section("x", "Hỏi gì?", "Làm gì.", "hoi gi")))
    put(record, guide("h", section("x", "Hỏi ai?", "Hỏi ông.", "hoi ai"), audience=Audience.OFFICER))
    assert record.passage_counts(Audience.PUBLIC) == (3, 1)
    assert record.passage_counts(Audience.MEMBER) == (0, 0)
    assert record.passage_counts(Audience.OFFICER) == (0, 1)
    assert {item.meta.key: item.passages for item in record.documents()} == {
        "a": 2, "law": 1, "guide:g": 1, "guide:h": 1,
    }  # fmt: skip


def test_everything_known_about_a_document_comes_back(record: Record) -> None:
    meta = {
        "title": "Luật Hòa giải ở cơ sở",
        "kind": DocumentKind.LAW,
        "audience": Audience.OFFICER,
        "number": "35/2013/QH13",
        "source": "Quốc hội",
        "url": "https://example.org/l?a=1&b=%20",
        "author": "Ai đó",
        "organisation": "Hội Phụ nữ",
        "area": "Xã Hòa Bình",
        "topic": "hoa-giai",
        "issued": date(2013, 6, 20),
        "effective": date(2014, 1, 1),
        "expires": date(2030, 12, 31),
        "as_of": TODAY,
        "verified_by": "Chị Lan",
        "document_type": "Luật",
        "replaces": ("09/1998/PL-UBTVQH10",),
        "replaced_by": ("1/2030/QH17", "2/2030/QH17"),
    }
    passage = PassageDraft(
        anchor="16",
        text="Chữ",
        locator="khoản 1 Điều 16",
        heading="Điều 16. Căn cứ",
        articles=("35/2013/QH13+16",),
        questions=("hoi gi", "Hỏi gì?"),
        references=(Reference(title="Luật", article="35/2013/QH13+16", url="u"),),
        english="Letters.",
    )
    draft = document("luật/35 2013.txt", passage, **meta)
    (number,) = put(record, draft)
    (stored,) = record.documents()
    assert stored.meta == draft.meta
    assert stored.content_hash == draft.content_hash
    found = record.passages([number], EVERYONE)[number]
    assert found.meta == draft.meta
    for name in ("anchor", "text", "locator", "heading", "articles", "questions", "references", "english"):
        assert getattr(found, name) == getattr(passage, name)


@pytest.mark.parametrize(
    "text",
    [
        unicodedata.normalize("NFC", "Hòa giải ở cơ sở"),
        unicodedata.normalize("NFD", "Hòa giải ở cơ sở"),
        "🚨👩‍👩‍👧 gọi 113 🇻🇳",
        "dòng\r\nhai\ttab \u00a0 'nháy' \"kép\" \\n %s :name {x}",
        "Điều 1. " * 200_000,
        "",
    ],
    ids=["NFC", "NFD", "emoji", "signs", "long", "empty"],
)
def test_a_text_comes_back_as_it_went_in(record: Record, text: str) -> None:
    """Verbatim: a quotation is only one if no letter was changed on the way."""
    ids = put(record, document("a", PassageDraft(anchor="p", text=text, questions=(text[:500],))))
    found = record.passages(ids, EVERYONE)[ids[0]]
    assert found.text == text
    assert found.questions == (text[:500],)


def test_a_moment_of_publication_knows_its_zone(record: Record) -> None:
    put(record, document("a", "chữ"))
    (stored,) = record.documents()
    assert stored.published_at.tzinfo is not None
    assert abs(datetime.now(UTC) - stored.published_at) < timedelta(minutes=5)


def test_a_document_without_passages_is_a_document(record: Record) -> None:
    """`document_passages` promises DocumentNotFound only where no published document has that key."""
    put(record, document("a"))
    assert [item.passages for item in record.documents()] == [0]
    assert record.document_passages("a") == []


def test_state_is_remembered_replaced_and_forgotten(opened: Callable[[], Record]) -> None:
    record = opened()
    assert record.state("embedder") is None
    record.set_state("embedder", "một")
    record.set_state("embedder", "hai")
    record.set_state("writing", "a")
    assert opened().state("embedder") == "hai"
    record.set_state("embedder", None)
    record.set_state("embedder", None)
    assert record.state("embedder") is None
    assert record.state("writing") == "a"


def test_thumbs_are_counted_by_passage(record: Record) -> None:
    first, second = "guide:a#x", "guide:b#y"
    record.count_feedback([first, second, first], "up", TODAY)
    record.count_feedback([first], "down", TODAY)
    record.count_feedback([first], "up", TODAY + timedelta(days=1))
    assert record.feedback_totals() == {first: (2, 1), second: (1, 0)}


def test_no_thumb_is_lost_when_many_come_at_once(record: Record) -> None:
    names = [f"guide:a#{number}" for number in range(20)]
    record.count_feedback(names, "up", TODAY)
    at_once(*[lambda: record.count_feedback(names, "up", TODAY)] * 8)
    assert record.feedback_totals() == dict.fromkeys(names, (9, 0))


def test_two_first_thumbs_at_once_are_both_counted(record: Record, url: str) -> None:
    """Another process has counted the first one and not committed yet."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as other:
        first = "INSERT INTO feedback (passage, day, up, down) VALUES ('guide:a#x', '2026-11-22', 1, 0)"
        other.execute(sqlalchemy.text(first))
        committing = threading.Timer(0.3, other.commit)
        committing.start()
        try:
            record.count_feedback(["guide:a#x"], "up", TODAY)
        finally:
            committing.join()
    engine.dispose()
    assert record.feedback_totals() == {"guide:a#x": (2, 0)}


@pytest.mark.usefixtures("record")
def test_no_column_could_hold_a_question_somebody_asked(url: str) -> None:
    """Feedback holds what was thumbed and the day. A new column or table comes through this test."""
    engine = sqlalchemy.create_engine(url)
    inspector = sqlalchemy.inspect(engine)
    tables = set(inspector.get_table_names())
    columns = {column["name"]: column["type"] for column in inspector.get_columns("feedback")}
    engine.dispose()
    assert tables == {
        "alembic_version", "documents", "versions", "passages", "replacements", "passage_marks", "feedback",
        "index_state", "acts",
    }  # fmt: skip
    assert set(columns) == {"passage", "day", "up", "down"}
    assert isinstance(columns["day"], sqlalchemy.Date)
    assert not isinstance(columns["day"], sqlalchemy.DateTime)


def test_two_threads_publish_different_documents(record: Record) -> None:
    def publish(name: str) -> None:
        for number in range(15):
            put(record, document(f"{name}/{number}", f"{name} một", f"{name} hai"))

    at_once(lambda: publish("a"), lambda: publish("b"))
    assert len(record.hashes("a/")) == len(record.hashes("b/")) == 15
    assert record.passage_counts(Audience.PUBLIC) == (60, 0)


def test_two_threads_publish_the_same_document(record: Record) -> None:
    """One of them wins, whole; neither fails."""
    drafts = {name: document("a", *[f"{name} {number}" for number in range(5)]) for name in ("x", "y")}

    def publish(name: str) -> None:
        for _ in range(10):
            put(record, drafts[name])

    at_once(lambda: publish("x"), lambda: publish("y"))
    (winner,) = {text[0] for text in texts(record, "a")}
    assert texts(record, "a") == [f"{winner} {number}" for number in range(5)]
    assert record.hashes() == {"a": drafts[winner].content_hash}


def test_a_second_opening_keeps_what_is_there(opened: Callable[[], Record]) -> None:
    put(opened(), document("a", "chữ"))
    assert texts(opened(), "a") == ["chữ"]
