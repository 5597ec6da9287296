"""
Who is a member, without anybody's account: invitations, joining, leaving, revoking.

SQLite in `data/members/members.sqlite3`, or PostgreSQL by URL. Read anew at every question, so that leaving
and revoking work at once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from bot.members.accounts import account_hash, account_key
from bot.members.model import Invite, InviteView, Membership, MembersUnavailable, OrgCount, is_code, new_code
from bot.members.tables import invites, members
from databases.database import Database, Kind
from knowledge.model import Audience
from tips.receipts import ALPHABET
from tips.times import VIETNAM, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, Row

_KIND = Kind(
    name="members", package="bot.members", lock=7_218_404, unavailable=MembersUnavailable, busy_s=5.0
)
_ID_CHARACTERS = 8
_LISTED_FOR = timedelta(days=30)  # after an invitation's last day


class MembersBook:
    """
    The book of members. Safe to share between threads and between processes.

    Every method raises MembersUnavailable when the database is out of reach.
    """

    def __init__(self, database: Database, key: bytes, now: Callable[[], datetime]) -> None:
        self._database = database
        self._key = key
        self._now = now
        self._join_if_new = database.insert(members).on_conflict_do_nothing().returning(members.c.org)

    @classmethod
    def open(cls, url: str, key_file: Path, now: Callable[[], datetime] = utc_now) -> MembersBook:
        """Open the database at *url*, its tables up to date; the key is made where there is none."""
        key = account_key(key_file)
        return cls(Database.open(url, _KIND), key, now)

    @classmethod
    def open_file(cls, file: Path, key_file: Path, now: Callable[[], datetime] = utc_now) -> MembersBook:
        """Open, or begin, the SQLite book at *file*, mode 0600 in a folder of mode 0700."""
        key = account_key(key_file)
        return cls(Database.open_file(file, _KIND), key, now)

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    # The operator's side.

    def new_invite(self, audience: Audience, org: str, *, uses: int, days: int) -> Invite:
        """
        A new invitation for *uses* accounts, good through *days* more days after today in Vietnam.

        Its code is in what this returns and nowhere else. Those long over are forgotten meanwhile.
        """
        today = self._today()
        invite = Invite(
            id="".join(secrets.choice(ALPHABET.lower()) for _ in range(_ID_CHARACTERS)),
            code=new_code(),
            audience=audience,
            org=org,
            uses_left=uses,
            last_day=today + timedelta(days=days),
        )
        row = {name: getattr(invite, name) for name in ("id", "audience", "org", "uses_left", "last_day")}
        with self._database.writing() as connection:
            connection.execute(delete(invites).where(invites.c.last_day < today - _LISTED_FOR))
            connection.execute(insert(invites), row | {"code_hash": _code_hash(invite.code)})
        return invite

    def invites(self) -> list[InviteView]:
        """Every invitation, those used up or over for at most a month too, by organisation."""
        joined = select(func.count()).where(members.c.invite == invites.c.id).scalar_subquery()
        query = select(invites, joined.label("joined")).order_by(invites.c.org, invites.c.last_day)
        with self._database.reading() as connection:
            return [
                InviteView(
                    id=row.id,
                    audience=Audience(row.audience),
                    org=row.org,
                    uses_left=row.uses_left,
                    last_day=row.last_day,
                    joined=row.joined,
                )
                for row in connection.execute(query.order_by(invites.c.id))
            ]

    def revoke_invite(self, invite: str, *, with_members: bool) -> int | None:
        """
        End an invitation, and every membership that came of it if *with_members*.

        Returns:
            How many memberships ended; None where nothing is known of *invite*.
        """
        by_it = members.c.invite == invite
        with self._database.writing() as connection:
            ended = connection.execute(delete(invites).where(invites.c.id == invite)).rowcount
            is_known = ended or connection.scalar(select(func.count()).where(by_it))
            gone = connection.execute(delete(members).where(by_it)).rowcount if with_members else 0
        self._forget()
        return gone if is_known else None

    def revoke_account(self, account: int) -> int:
        """End every membership of *account*; how many. A code it still has would let it in again."""
        return self._end(members.c.account_hash == self._hash(account))

    def revoke_org(self, org: str) -> int:
        """End every membership and every invitation of *org*; how many memberships."""
        with self._database.writing() as connection:
            connection.execute(delete(invites).where(invites.c.org == org))
        return self._end(members.c.org == org)

    def counts(self) -> list[OrgCount]:
        """How many members each organisation has, by audience."""
        query = (
            select(members.c.org, members.c.audience, func.count().label("members"))
            .group_by(members.c.org, members.c.audience)
            .order_by(members.c.org, members.c.audience)
        )
        with self._database.reading() as connection:
            return [
                OrgCount(org=row.org, audience=Audience(row.audience), members=row.members)
                for row in connection.execute(query)
            ]

    # Whoever writes to us in private.

    def join(self, account: int, code: str) -> Membership | None:
        """
        Make *account* what the invitation of *code* says; the same account again costs no use.

        Returns:
            None for a code that is wrong, over or used up, all alike.
        """
        if not is_code(code):
            return None
        today, mine = self._today(), self._hash(account)
        with self._database.writing() as connection:
            query = select(invites).where(invites.c.code_hash == _code_hash(code)).with_for_update()
            invite = connection.execute(query).one_or_none()
            if invite is None:
                return None
            if (there := _membership(connection, mine, invite)) is not None:
                return there
            if invite.last_day < today or invite.uses_left < 1:
                return None
            if self._joined(connection, mine, invite, today):
                less = {"uses_left": invites.c.uses_left - 1}
                connection.execute(update(invites).where(invites.c.id == invite.id).values(less))
            return _membership(connection, mine, invite)

    def audience_of(self, account: int) -> Audience:
        """The highest audience of *account* at this moment."""
        highest = self.membership(account)
        return highest.audience if highest else Audience.PUBLIC

    def membership(self, account: int) -> Membership | None:
        """What *account* is, the highest of it; None for the public."""
        return next(iter(self.memberships(account)), None)

    def memberships(self, account: int) -> tuple[Membership, ...]:
        """What *account* is, the highest first."""
        query = select(members).where(members.c.account_hash == self._hash(account)).order_by(members.c.org)
        with self._database.reading() as connection:
            held = [_membership_of(row) for row in connection.execute(query)]
        return tuple(sorted(held, key=lambda one: _rank(one.audience), reverse=True))

    def leave(self, account: int) -> int:
        """End every membership of *account*, on the disk too; how many."""
        return self._end(members.c.account_hash == self._hash(account))

    def _joined(self, connection: Connection, mine: bytes, invite: Row[Any], today: date) -> bool:
        row = {
            "account_hash": mine,
            "org": invite.org,
            "audience": invite.audience,
            "invite": invite.id,
            "joined": today,
        }
        return connection.scalar(self._join_if_new, row) is not None

    def _end(self, which: ColumnElement[bool]) -> int:
        with self._database.writing() as connection:
            gone = connection.execute(delete(members).where(which)).rowcount
        self._forget()
        return gone

    def _forget(self) -> None:
        self._database.empty_log()

    def _hash(self, account: int) -> bytes:
        return account_hash(self._key, account)

    def _today(self) -> date:
        return self._now().astimezone(VIETNAM).date()


def _membership(connection: Connection, mine: bytes, invite: Row[Any]) -> Membership | None:
    query = select(members).where(
        members.c.account_hash == mine,
        members.c.org == invite.org,
        members.c.audience == invite.audience,
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _membership_of(row)


def _membership_of(row: Row[Any]) -> Membership:
    return Membership(audience=Audience(row.audience), org=row.org, joined=row.joined)


def _rank(audience: Audience) -> int:
    return len(audience.visible)


def _code_hash(code: str) -> bytes:
    return hashlib.sha256(b"binhan-invite-v1:" + code.encode()).digest()
