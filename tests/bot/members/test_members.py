"""The contract of the book of members, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.members.model import CODE, Invite, InviteView, Membership, OrgCount
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.members.store import MembersBook
    from tests.fakes.clocks import HandClock

HOA, LAN = 5_128_930_417, 7_004_512_233
TODAY = date(2026, 11, 22)
MEMBER = Membership(audience=Audience.MEMBER, org="phu-nu", joined=TODAY)


def invited(
    book: MembersBook,
    audience: Audience = Audience.MEMBER,
    org: str = "phu-nu",
    uses: int = 30,
    days: int = 7,
) -> Invite:
    return book.new_invite(audience, org, uses=uses, days=days)


def listed(book: MembersBook, invite: Invite) -> InviteView:
    return next(view for view in book.invites() if view.id == invite.id)


def test_who_joins_is_a_member_from_the_next_question_on(
    book: MembersBook, opened: Callable[[], MembersBook]
) -> None:
    other_process = opened()
    assert other_process.audience_of(HOA) is Audience.PUBLIC
    assert book.join(HOA, invited(book).code) == MEMBER
    assert other_process.audience_of(HOA) is Audience.MEMBER
    assert other_process.memberships(HOA) == (MEMBER,)
    assert other_process.audience_of(LAN) is Audience.PUBLIC


def test_a_code_fits_a_deep_link_and_no_two_are_alike(book: MembersBook) -> None:
    codes = {invited(book).code for _ in range(20)}
    assert len(codes) == 20
    assert all(CODE.fullmatch(code) and len(code) <= 48 for code in codes)


def test_the_same_account_again_costs_no_use(book: MembersBook) -> None:
    invite = invited(book, uses=2)
    assert [book.join(HOA, invite.code) for _ in range(5)] == [MEMBER] * 5
    assert listed(book, invite).uses_left == 1
    assert book.join(LAN, invite.code) == MEMBER
    assert book.join(HOA, invite.code) == MEMBER, "a member is not told that the code is used up"


def test_another_invitation_to_the_same_costs_no_use_either(book: MembersBook) -> None:
    first, second = invited(book), invited(book, uses=1)
    book.join(HOA, first.code)
    assert book.join(HOA, second.code) == MEMBER
    assert listed(book, second).uses_left == 1
    assert book.counts() == [OrgCount(org="phu-nu", audience=Audience.MEMBER, members=1)]


def test_of_twenty_at_once_as_many_join_as_the_invitation_has_uses(
    book: MembersBook, opened: Callable[[], MembersBook]
) -> None:
    invite, books = invited(book, uses=7), [book, opened()]
    with ThreadPoolExecutor(20) as pool:
        joined = list(pool.map(lambda n: books[n % 2].join(HOA + n, invite.code), range(20)))
    assert joined.count(MEMBER) == 7
    assert listed(book, invite).uses_left == 0
    assert listed(book, invite).joined == 7


def test_one_account_twenty_times_at_once_takes_one_use(
    book: MembersBook, opened: Callable[[], MembersBook]
) -> None:
    invite, books = invited(book, uses=7), [book, opened()]
    with ThreadPoolExecutor(20) as pool:
        joined = list(pool.map(lambda n: books[n % 2].join(HOA, invite.code), range(20)))
    assert joined == [MEMBER] * 20
    assert listed(book, invite).uses_left == 6


def test_an_invitation_is_good_until_its_last_day_in_vietnam_ends(
    book: MembersBook, clock: HandClock
) -> None:
    invite = invited(book, days=1)
    assert invite.last_day == date(2026, 11, 23)
    clock.moment = clock.moment.replace(day=23, hour=16, minute=59)  # 23:59 in Vietnam
    assert book.join(HOA, invite.code) is not None
    clock.move(minutes=1)
    assert book.join(LAN, invite.code) is None
    assert book.join(HOA, invite.code) is not None, "who is a member stays one"


@pytest.mark.parametrize(
    "code", ["", "m-", "m-" + "A" * 22, "tip", "m-" + "x" * 21 + "'", "m" * 4_000, "\x00"]
)
def test_wrong_used_up_and_over_are_the_same_nothing(book: MembersBook, clock: HandClock, code: str) -> None:
    used, over = invited(book, uses=1), invited(book, days=0)
    book.join(LAN, used.code)
    clock.move(days=2)
    assert [book.join(HOA, tried) for tried in (code, used.code, over.code)] == [None] * 3
    assert book.audience_of(HOA) is Audience.PUBLIC


def test_the_highest_audience_counts_and_leaving_ends_all(book: MembersBook) -> None:
    book.join(HOA, invited(book).code)
    book.join(HOA, invited(book, Audience.OFFICER, "cong-an").code)
    assert book.audience_of(HOA) is Audience.OFFICER
    assert [held.org for held in book.memberships(HOA)] == ["cong-an", "phu-nu"]
    assert book.leave(HOA) == 2
    assert book.leave(HOA) == 0
    assert book.audience_of(HOA) is Audience.PUBLIC
    assert book.memberships(HOA) == ()


def test_a_revoked_invitation_admits_nobody_and_may_take_its_members_along(book: MembersBook) -> None:
    invite, other = invited(book), invited(book)
    book.join(HOA, invite.code)
    book.join(LAN, other.code)
    assert book.revoke_invite(invite.id, with_members=False) == 0
    assert book.join(LAN + 1, invite.code) is None
    assert book.audience_of(HOA) is Audience.MEMBER
    assert book.revoke_invite(invite.id, with_members=True) == 1, "also after it was revoked"
    assert book.audience_of(HOA) is Audience.PUBLIC
    assert book.audience_of(LAN) is Audience.MEMBER
    assert book.revoke_invite(invite.id, with_members=True) is None
    assert [view.id for view in book.invites()] == [other.id]


def test_an_account_and_an_organisation_are_revoked_at_once(book: MembersBook) -> None:
    phu_nu, doan = invited(book), invited(book, org="doan")
    for account in (HOA, LAN):
        book.join(account, phu_nu.code)
        book.join(account, doan.code)
    assert book.revoke_account(HOA) == 2
    assert book.audience_of(HOA) is Audience.PUBLIC
    assert book.revoke_org("phu-nu") == 1
    assert [held.org for held in book.memberships(LAN)] == ["doan"]
    assert book.join(HOA, phu_nu.code) is None, "its invitations went too"
    assert book.counts() == [OrgCount(org="doan", audience=Audience.MEMBER, members=1)]


def test_invitations_long_over_are_forgotten(book: MembersBook, clock: HandClock) -> None:
    old = invited(book, days=0)
    clock.move(days=30)
    young = invited(book)
    assert {view.id for view in book.invites()} == {old.id, young.id}
    clock.move(days=1)
    invited(book)
    assert old.id not in {view.id for view in book.invites()}
