"""The authorisation matrix: every action × every role × every relation, generated, on the real desk."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, get_args

import pytest

from bot.desk.rights import BY_RELATION, BY_ROLE, OF_NO_TIP, Action, Relation
from tests.bot.desk.station import AREA_A, AREA_B, TOP, A, B, Station
from tests.fakes.clocks import NOON
from tips.errors import ActionRefused
from tips.model import RawFile
from tips.states import Outcome, State
from tips.units import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.desk.desk import Desk
    from bot.desk.views import Seat

ROLES = get_args(Role)
SITUATIONS = (*Relation, "concerned")
SUPERVISORS = [
    Action("assign"),
    Action("reopen"),
    Action("release"),
    Action("approve_original"),
    Action("export"),
]
PHOTO = RawFile(content=b"photo", keep_original=True)

# What each action is, as a call: (desk, seat, tip, another tip in the same situation).
CALLS: dict[Action, Callable[[Desk, Seat, str, str], object]] = {
    Action.SEE: lambda desk, seat, tip, _: desk.card(seat, tip),
    Action.OPEN: lambda desk, seat, tip, _: desk.open(seat, tip),
    Action.FILE: lambda desk, seat, tip, _: desk.file(seat, tip, 1, 0),
    Action.CLAIM: lambda desk, seat, tip, _: desk.claim(seat, tip),
    Action.ASSIGN: lambda desk, seat, tip, _: desk.assign(seat, tip, ""),
    Action.LABEL: lambda desk, seat, tip, _: desk.label(seat, tip, ["gấp"]),
    Action.NOTE: lambda desk, seat, tip, _: desk.note(seat, tip, "ghi chú"),
    Action.ASK: lambda desk, seat, tip, _: desk.ask(seat, tip, "Ở đâu?"),
    Action.REPLY: lambda desk, seat, tip, _: desk.reply(seat, tip, "Đã nhận"),
    Action.MOVE: lambda desk, seat, tip, _: desk.move(seat, tip, State.VERIFYING),
    Action.REOPEN: lambda desk, seat, tip, _: desk.move(seat, tip, State.VERIFYING),
    Action.MARK: lambda desk, seat, tip, _: desk.mark(seat, tip, "complex"),
    Action.CLOSE: lambda desk, seat, tip, _: desk.close(seat, tip, Outcome.ABUSE),
    Action.TRANSFER: lambda desk, seat, tip, _: desk.transfer(seat, tip, B, "đúng địa bàn"),
    Action.RECUSE: lambda desk, seat, tip, _: desk.recuse(seat, tip),
    Action.MERGE: lambda desk, seat, tip, other: desk.merge(seat, tip, other),
    Action.HOLD: lambda desk, seat, tip, _: desk.hold(seat, tip, "hồ sơ vụ án"),
    Action.RELEASE: lambda desk, seat, tip, _: desk.release(seat, tip),
    Action.MUTE: lambda desk, seat, tip, _: desk.mute(seat, tip),
    Action.REQUEST_ORIGINAL: lambda desk, seat, tip, _: desk.request_original(seat, tip),
    Action.APPROVE_ORIGINAL: lambda desk, seat, tip, _: desk.approve_original(seat, tip),
    Action.EXPORT: lambda desk, seat, tip, _: desk.export(seat, tip, TOP),
    Action.AUDIT_LOG: lambda desk, seat, _tip, _other: desk.audit_log(seat),
    Action.STATISTICS: lambda desk, seat, _tip, _other: desk.statistics(seat, NOON.date(), NOON.date()),
    Action.GAPS: lambda desk, seat, _tip, _other: desk.admit(seat, Action.GAPS),
    Action.ANSWER_GAP: lambda desk, seat, _tip, _other: desk.admit(seat, Action.ANSWER_GAP),
    Action.PAPERS: lambda desk, seat, _tip, _other: desk.admit(seat, Action.PAPERS),
    Action.PUBLISH_PAPER: lambda desk, seat, _tip, _other: desk.admit(seat, Action.PUBLISH_PAPER),
}


def may(action: Action, role: str, situation: str) -> bool:
    """The rules, said once more and otherwise than the desk says them."""
    of_no_tip = {
        Action.AUDIT_LOG: role != "officer",
        Action.STATISTICS: role != "auditor",
        Action.GAPS: True,  # no tip, no name: whoever works at the desk may read it
        Action.ANSWER_GAP: False,  # takes a line in the file of units, which none of these officers has
        Action.PAPERS: True,
        Action.PUBLISH_PAPER: False,  # likewise
    }
    if action in of_no_tip:
        return of_no_tip[action]
    if role == "auditor":  # sees no content, not even that there is any
        return False
    if role == "officer" and action in SUPERVISORS:
        return False
    if situation == "former":
        return action is Action.SEE
    return situation in ({"holder"} if action is Action.MUTE else {"holder", "above"})


def expected_reason(action: Action, role: str, situation: str) -> str:
    """A role that may never do it hears so, whatever the tip; else only the tip's own unit hears more."""
    if action in {Action.ANSWER_GAP, Action.PUBLISH_PAPER}:
        return "not_editor"
    is_reopening = action is Action.REOPEN and role == "officer"  # that it is closed is the unit's to know
    if not may(action, role, "holder") and (not is_reopening or situation in {"holder", "above"}):
        return "role"
    if action is Action.MUTE and situation == "above":
        return "not_holder"
    return {"former": "transferred", "recused": "recused"}.get(situation, "unknown_tip")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, station_keys: Path) -> Iterator[Station]:
    """One station for the whole matrix; every case has its own tips, shredded afterwards."""
    station = Station(tmp_path_factory.mktemp("matrix"), station_keys).unlock()
    yield station
    station.close()


def sent(office: Station, situation: str) -> str:
    """A tip as it is sent in that situation; the officer looked at is always of unit A, or of TOP above."""
    if situation == "other":
        return office.tip(area=AREA_B, files=(PHOTO,))
    concerns = (A,) if situation == "concerned" else ()
    return office.tip(area=AREA_A, concerns=concerns, files=(PHOTO,))


def unit_at_work(situation: str) -> str:
    """The unit that prepares the tip for an action."""
    return {"other": B, "above": TOP, "concerned": TOP}.get(situation, A)


def prepare(office: Station, situation: str, action: Action, actor: Seat, tips: list[str]) -> None:
    """Bring tips into the situation, and into a state in which *action* makes sense."""
    desk, unit = office.desk, unit_at_work(situation)
    supervisor, officer = office.seat(unit, "supervisor"), office.seat(unit)
    worker = officer if actor.officer.role == "supervisor" else supervisor
    if situation == "above":
        office.clock.move(hours=25)
        desk.cards(supervisor)
    for tip in tips:
        desk.open(worker, tip)
    tip = tips[0]
    if action is Action.REOPEN and situation != "former":  # a closed tip is not transferred
        desk.close(worker, tip, Outcome.ABUSE)
    if action is Action.RELEASE:
        desk.hold(worker, tip, "hồ sơ")
    if action is Action.APPROVE_ORIGINAL:
        desk.request_original(worker, tip)
    for tip in tips:
        if situation == "former":
            desk.transfer(worker, tip, B, "đúng địa bàn")
        if situation == "recused" and actor.officer.role != "auditor":
            desk.recuse(actor, tip)


@pytest.mark.parametrize(
    ("action", "role", "situation"),
    [pytest.param(*case, id="-".join(map(str, case))) for case in product(Action, ROLES, SITUATIONS)],
)
def test_an_officer_can_do_what_the_rules_say_and_nothing_else(
    office: Station, action: Action, role: str, situation: str
) -> None:
    """Beside the refusal: the buttons agree with it, the log holds it, and nothing has changed."""
    desk = office.desk
    actor = office.seat(TOP if situation in {"above", "above_early"} else A, role)
    tips = [sent(office, situation) for _ in range(2 if action is Action.MERGE else 1)]
    prepare(office, situation, action, actor, tips)
    expected = may(action, role, situation)
    if action not in OF_NO_TIP:
        assert (action in desk.allowed(actor, tips[0])) is expected
        assert (desk.why_not(actor, tips[0], action) == "") is expected
    before = office.records.dossiers(tips)
    reason = ""
    try:
        CALLS[action](desk, actor, tips[0], tips[-1])
    except ActionRefused as refused:
        reason = refused.fields["reason"]
    assert (reason == "") is expected, reason
    if not expected:
        assert office.records.dossiers(tips) == before
        last = desk.all_audit_entries()[-1]
        assert (last.officer, last.refused) == (actor.officer.id, reason)
        assert reason == expected_reason(action, role, situation)
    for tip in tips:
        office.store.shred(tip)
        office.records.drop_tip(tip)


def test_the_desks_own_table_names_every_role_relation_and_action() -> None:
    assert set(BY_ROLE) == set(ROLES)
    assert set(BY_RELATION) == set(Relation)
    assert set(CALLS) == set(Action)
    assert frozenset().union(*BY_ROLE.values()) == set(Action)


def test_an_officer_who_left_the_book_can_do_nothing(office: Station) -> None:
    """The seat of a session says who they were; the book says who they are."""
    seat = office.seat(B)
    gone = type(seat)(officer=type(seat.officer)(id="nghi-viec", name="", role="supervisor"), unit=A)
    for call in CALLS.values():
        with pytest.raises(ActionRefused) as refused:
            call(office.desk, gone, "0" * 32, "1" * 32)
        assert refused.value.fields["reason"] == "not_an_officer"


def test_a_seat_does_not_carry_its_role_with_it(office: Station) -> None:
    """An officer who calls themself a supervisor is what the book says."""
    seat = office.seat()
    claims = type(seat)(officer=type(seat.officer)(id=seat.officer.id, name="", role="supervisor"), unit=A)
    tip = office.tip()
    office.desk.open(claims, tip)
    with pytest.raises(ActionRefused) as refused:
        office.desk.assign(claims, tip, "")
    assert refused.value.fields["reason"] == "role"
