"""The section of a passage, on SQLite and on PostgreSQL: what stands near it under the same heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.model import Audience, PassageDraft
from tests.fakes.drafts import document

if TYPE_CHECKING:
    from knowledge.model import DocumentDraft
    from knowledge.record.store import Record

PUBLIC, EVERYONE = (Audience.PUBLIC,), tuple(Audience)


def law(key: str, *sections: tuple[str, str], **meta: object) -> DocumentDraft:
    drafts = [
        PassageDraft(anchor=f"p{at}", heading=heading, text=text)
        for at, (heading, text) in enumerate(sections)
    ]
    return document(key, *drafts, **meta)


def put(record: Record, draft: DocumentDraft) -> list[int]:
    version, ids = record.stage(draft)
    record.publish(version)
    return ids


def test_a_section_is_what_stands_under_one_heading_in_order(record: Record) -> None:
    ids = put(record, law("luat", ("Điều 1", "a"), ("Điều 1", "b"), ("Điều 2", "c"), ("Điều 1", "d")))
    found = record.sections(ids, PUBLIC)
    assert [found[number] for number in ids] == [("a", "b", "d"), ("a", "b", "d"), ("c",), ("a", "b", "d")]


def test_no_section_reaches_into_another_document_or_version(record: Record) -> None:
    one = put(record, law("mot", ("Điều 1", "a")))
    other = put(record, law("hai", ("Điều 1", "b")))
    newer = put(record, law("mot", ("Điều 1", "c")))
    found = record.sections([*one, *other, *newer], PUBLIC)
    assert (found[other[0]], found[newer[0]]) == (("b",), ("c",))


def test_what_has_no_heading_stands_alone(record: Record) -> None:
    ids = put(record, law("van-ban", ("", "a"), ("", "b")))
    assert list(record.sections(ids, PUBLIC).values()) == [("a",), ("b",)]


def test_a_long_section_is_read_around_the_passage(record: Record) -> None:
    ids = put(record, law("dai", *(("Phụ lục", f"{at}") for at in range(60))))
    assert record.sections(ids[30:31], PUBLIC)[ids[30]] == tuple(str(at) for at in range(24, 37))


def test_an_audience_reads_no_section_of_another(record: Record) -> None:
    ids = put(record, law("noi-bo", ("Điều 1", "a"), audience=Audience.OFFICER))
    assert record.sections(ids, PUBLIC) == {}
    assert record.sections(ids, EVERYONE) == {ids[0]: ("a",)}
