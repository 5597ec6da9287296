"""The record in time, on SQLite and on PostgreSQL: what is over does not answer, and is still there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config

from knowledge.law_register import law_register, number_key
from knowledge.model import Audience, DocumentKind, PassageDraft, Reference
from tests.fakes.drafts import document

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.model import DocumentDraft
    from knowledge.record.store import Record

EVERYONE = tuple(Audience)
PUBLIC = (Audience.PUBLIC,)
TODAY = date(2026, 11, 22)
OLD, NEW = "10/2019/NĐ-CP", "20/2026/NĐ-CP"


def put(record: Record, draft: DocumentDraft) -> list[int]:
    version, ids = record.stage(draft)
    record.publish(version)
    return ids


def law(number: str, *texts: str | PassageDraft, **meta: object) -> DocumentDraft:
    return document(f"laws/{number_key(number)}.txt", *texts, number=number, kind=DocumentKind.LAW, **meta)


def test_a_replaced_document_answers_until_the_new_one_is_in_force(record: Record) -> None:
    old = put(record, law(OLD, "Nộp đơn trong 10 ngày."))
    new = put(record, law(NEW, "Nộp đơn trong 5 ngày.", replaces=(OLD,), effective=date(2026, 7, 1)))
    assert record.visible([*old, *new], PUBLIC, date(2026, 6, 30)) == set(old)
    assert record.visible([*old, *new], PUBLIC, date(2026, 7, 1)) == set(new)
    assert set(record.passages(old, PUBLIC)) == set(old), "it stays in the record"


@pytest.mark.parametrize("written", ["10/2019/nd-cp", "Nghị định số 10/2019/NĐ-CP", "Nghị định 10/2019"])
def test_a_replaced_number_may_be_spelled_in_any_way(record: Record, written: str) -> None:
    old = put(record, law(OLD, "Cũ."))
    put(record, law(NEW, "Mới.", replaces=(written,)))
    assert record.visible(old, PUBLIC, TODAY) == set()


def test_without_its_successor_the_old_one_answers_again(record: Record) -> None:
    old = put(record, law(OLD, "Cũ."))
    put(record, law(NEW, "Mới.", replaces=(OLD,)))
    put(record, law(NEW, "Mới, không thay gì."))
    assert record.visible(old, PUBLIC, TODAY) == set(old), "the version that answers replaces nothing"
    put(record, law(NEW, "Mới.", replaces=(OLD,)))
    assert record.visible(old, PUBLIC, TODAY) == set()
    record.remove(f"laws/{number_key(NEW)}.txt")
    assert record.visible(old, PUBLIC, TODAY) == set(old)


def test_a_staged_successor_replaces_nothing(record: Record) -> None:
    old = put(record, law(OLD, "Cũ."))
    record.stage(law(NEW, "Mới.", replaces=(OLD,)))
    assert record.visible(old, PUBLIC, TODAY) == set(old)


def test_a_draft_replaces_nothing(record: Record) -> None:
    old = put(record, law(OLD, "Cũ."))
    put(record, law(NEW, "Mới.", replaces=(OLD,), title="Dự thảo Nghị định về đơn"))
    assert record.visible(old, PUBLIC, TODAY) == set(old)


def test_what_somebody_may_not_see_replaces_nothing_for_them(record: Record) -> None:
    """Or the silence of the old document would tell that a hidden one exists."""
    old = put(record, law(OLD, "Cũ."))
    put(record, law(NEW, "Mới.", replaces=(OLD,), audience=Audience.MEMBER))
    assert record.visible(old, PUBLIC, TODAY) == set(old)
    assert record.visible(old, Audience.MEMBER.visible, TODAY) == set()
    assert record.replacing(number_key(OLD), PUBLIC) == []
    assert [meta.number for meta in record.replacing(number_key(OLD), EVERYONE)] == [NEW]


def test_documents_without_a_number_are_replaced_by_nobody(record: Record) -> None:
    ids = put(record, document("tin/1.txt", "Tin."))
    put(record, law(NEW, "Mới.", replaces=("",)))
    assert record.visible(ids, PUBLIC, TODAY) == set(ids)


def test_a_document_that_names_its_successor_does_not_answer(record: Record) -> None:
    gone = put(record, law(OLD, "Cũ.", replaced_by=(NEW,)))
    assert record.visible(gone, PUBLIC, TODAY) == set()
    still = put(record, law("11/2019/NĐ-CP", "Cũ.", replaced_by=(NEW,), expires=TODAY))
    assert record.visible(still, PUBLIC, TODAY) == set(still)
    assert record.visible(still, PUBLIC, TODAY + timedelta(days=1)) == set()


def test_what_the_register_says_is_over_does_not_answer(record: Record) -> None:
    ended = law_register().find("73/2021/QH14")
    assert ended is not None
    assert ended.ended is not None
    ids = put(record, law("73/2021/QH14", "Luật cũ."))
    assert record.visible(ids, PUBLIC, ended.ended - timedelta(days=1)) == set(ids)
    assert record.visible(ids, PUBLIC, ended.ended) == set()


def test_what_the_register_says_is_to_come_does_not_answer_yet(record: Record) -> None:
    ids = put(record, law("120/2025/QH15", "Luật mới."))
    assert record.visible(ids, PUBLIC, date(2026, 6, 30)) == set()
    assert record.visible(ids, PUBLIC, date(2026, 7, 1)) == set(ids)


def test_numbered_documents_are_listed_for_those_who_may_see_them(record: Record) -> None:
    put(record, law(OLD, "Cũ.", expires=date(2020, 1, 1)))
    put(record, law(NEW, "Mới.", audience=Audience.OFFICER))
    put(record, document("tin/1.txt", "Tin."))
    assert [meta.number for meta in record.numbered(PUBLIC)] == [OLD]
    assert {meta.number for meta in record.numbered(EVERYONE)} == {OLD, NEW}


def test_passages_are_looked_up_by_what_they_are_cite_and_hold(record: Record) -> None:
    article = PassageDraft(anchor="16", text="Căn cứ hòa giải.", articles=("35/2013/QH13+16",))
    lines = PassageDraft(
        anchor="so",
        text="Gọi **0769.04.04.04**, hoặc 111.",
        references=(Reference(title="Theo Nghị định 282/2025"),),
    )
    first, second = put(record, document("a", article, lines))
    for mark, found in (
        ("35/2013/qh13+16", [first]),
        ("35/2013/qh13", [first]),
        ("0769040404", [second]),
        ("111", [second]),
        ("282/2025/nd-cp", [second]),
        ("35/2013/qh13+1", []),
        ("11", []),
    ):
        assert [passage.id for passage in record.marked(mark, PUBLIC)] == found, mark


def test_a_number_is_looked_up_only_in_what_one_may_see(record: Record) -> None:
    put(record, document("a", "Gọi 0912 345 678.", audience=Audience.MEMBER))
    assert record.marked("0912345678", PUBLIC) == []
    assert len(record.marked("0912345678", Audience.MEMBER.visible)) == 1


def test_a_new_version_is_looked_up_and_the_old_one_is_not(record: Record) -> None:
    put(record, document("a", "Gọi 0912 345 678."))
    put(record, document("a", "Gọi 0999 888 777."))
    assert record.marked("0912345678", PUBLIC) == []
    assert len(record.marked("0999888777", PUBLIC)) == 1


def test_time_and_kind_come_back_as_they_went_in(record: Record) -> None:
    draft = law(
        NEW,
        "Mới.",
        document_type="Nghị định",
        replaces=(OLD, "Luật 1/2000/QH10"),
        replaced_by=("30/2030/NĐ-CP",),
    )
    put(record, draft)
    (stored,) = record.documents()
    assert stored.meta == draft.meta


def test_an_older_record_gets_its_keys_and_marks_when_it_is_opened(
    url: str, opened: Callable[[], Record]
) -> None:
    """A record of the first version, filled, is opened by today's program."""
    record = opened()
    ids = put(
        record, law("73/2021/QH14", PassageDraft(anchor="1", text="Gọi 113.", articles=("73/2021/QH14+1",)))
    )
    config = Config()
    config.set_main_option("script_location", "knowledge:record/migrations")
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    assert "passage_marks" not in sqlalchemy.inspect(engine).get_table_names()
    engine.dispose()
    again = opened()
    assert again.visible(ids, PUBLIC, TODAY) == set()
    assert [passage.id for passage in again.marked("113", PUBLIC)] == ids
    assert [passage.id for passage in again.marked("73/2021/qh14+1", PUBLIC)] == ids
