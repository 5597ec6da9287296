"""The hash chain: whatever is done to the log afterwards shows, and where."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from tips.audit import START, AuditEntry, digest_of, head_of, next_entry, verify_chain

WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
DOINGS = st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS), min_size=1, max_size=12)
BEGINNING = datetime(2026, 11, 22, 8, tzinfo=UTC)


def log_of(doings: list[tuple[str, str, str, str]]) -> list[AuditEntry]:
    log: list[AuditEntry] = []
    for minute, (officer, unit, action, detail) in enumerate(doings):
        log.append(
            next_entry(
                log[-1] if log else None,
                at=BEGINNING + timedelta(minutes=minute),
                officer=officer,
                unit=unit,
                action=action,
                detail=detail,
            )
        )
    return log


@given(DOINGS)
def test_a_log_nobody_touched_is_whole(doings: list[tuple[str, str, str, str]]) -> None:
    log = log_of(doings)
    assert verify_chain(log) is None
    assert verify_chain(log, head_of(log)) is None
    assert all(verify_chain(log, entry.digest) is None for entry in log)


@given(DOINGS, st.data())
def test_a_changed_field_is_found_where_it_is(
    doings: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    log = log_of(doings)
    at = data.draw(st.integers(0, len(log) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(AuditEntry) if field.name != "number"]))
    changed = data.draw(WORDS)
    assume(changed != getattr(log[at], name))
    log[at] = replace(log[at], **{name: changed})
    fault = verify_chain(log)
    assert fault is not None
    assert fault.number == at + 1
    assert fault.fault == ("previous" if name == "previous" else "changed")


@given(DOINGS, st.data())
def test_an_entry_changed_with_its_own_digest_breaks_the_next_link(
    doings: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    log = log_of(doings)
    head = head_of(log)
    at = data.draw(st.integers(0, len(log) - 1))
    forged = replace(log[at], officer=log[at].officer + "x")
    log[at] = replace(forged, digest=digest_of(forged))
    fault = verify_chain(log, head)
    assert fault is not None
    assert fault.fault == ("head" if at == len(log) - 1 else "previous")
    assert fault.number == at + 2


@given(DOINGS, st.data())
def test_a_removed_entry_is_found(doings: list[tuple[str, str, str, str]], data: st.DataObject) -> None:
    log = log_of(doings)
    head = head_of(log)
    at = data.draw(st.integers(0, len(log) - 1))
    del log[at]
    fault = verify_chain(log, head)
    assert fault is not None
    assert fault.number == at + 1
    assert fault.fault == ("head" if at == len(log) else "number")


@given(DOINGS, st.data())
def test_an_inserted_entry_is_found(doings: list[tuple[str, str, str, str]], data: st.DataObject) -> None:
    log = log_of(doings)
    at = data.draw(st.integers(0, len(log) - 1))
    log.insert(at, data.draw(st.sampled_from(log)))
    fault = verify_chain(log)
    assert fault is not None
    assert fault.fault == "number"


@given(DOINGS, st.data())
def test_reordered_entries_are_found(doings: list[tuple[str, str, str, str]], data: st.DataObject) -> None:
    log = log_of(doings)
    order = data.draw(st.permutations(range(len(log))))
    assume(order != sorted(order))
    fault = verify_chain([log[place] for place in order])
    assert fault is not None
    assert fault.number == next(at for at, place in enumerate(order) if at != place) + 1


def test_a_whole_log_forged_anew_does_not_hold_the_head_noted_before() -> None:
    """Who may write the database can make a chain that holds; the head on paper is what betrays it."""
    noted = head_of(log_of([("an", "phuong", "open", ""), ("an", "phuong", "close", "")]))
    forged = log_of([("an", "phuong", "close", "")])
    assert verify_chain(forged) is None
    fault = verify_chain(forged, noted)
    assert fault is not None
    assert fault.fault == "head"


def test_a_log_emptied_after_a_head_was_noted_is_no_whole_log() -> None:
    assert verify_chain([]) is None
    assert verify_chain([], START) is None
    assert verify_chain([], "0" * 64) is not None


def test_a_clock_set_back_does_not_break_the_log() -> None:
    first = next_entry(None, at=BEGINNING, officer="an", unit="phuong", action="open")
    second = next_entry(first, at=BEGINNING - timedelta(days=1), officer="an", unit="phuong", action="close")
    assert verify_chain([first, second]) is None


def test_fields_cannot_be_shifted_into_each_other() -> None:
    one = next_entry(None, at=BEGINNING, officer="an", unit="phuong", action="open")
    other = next_entry(None, at=BEGINNING, officer="anp", unit="huong", action="open")
    assert one.digest != other.digest
