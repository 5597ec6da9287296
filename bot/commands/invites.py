"""`binhan invites new|list|revoke` and `binhan members list|revoke`."""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.table import Table

from bot.commands.common import USAGE, open_desk
from bot.commands.telegram import username_of
from bot.members.model import ORG, MembersUnavailable
from bot.members_room import open_members
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.common import Desk
    from bot.members.model import Invite, InviteView
    from bot.members.store import MembersBook

MOST_USES, MOST_DAYS = 1_000, 90
_ACCOUNT_DIGITS = 20

invites_app = typer.Typer(no_args_is_help=True, help="Invitations that make somebody a member.")
members_app = typer.Typer(no_args_is_help=True, help="Who is a member: counted, never named.")

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]


class Invited(StrEnum):
    """Audiences that somebody can be invited to."""

    MEMBER = "member"
    OFFICER = "officer"


@invites_app.command()
def new(  # noqa: PLR0913 - one option for each thing an invitation says
    *,
    audience: Annotated[Invited, typer.Option("--audience", help="what who joins may read")],
    org: Annotated[str, typer.Option("--org", help="organisation: a-z, 0-9 and dashes, such as phu-nu")],
    uses: Annotated[int, typer.Option("--uses", min=1, max=MOST_USES, help="how many may join")] = 30,
    days: Annotated[int, typer.Option("--days", min=0, max=MOST_DAYS, help="good after today")] = 7,
    bot: Annotated[str, typer.Option("--bot", help="the bot's username; else Telegram is asked")] = "",
    json_output: AsJson = False,
) -> None:
    """Make an invitation; its code is printed now and stands nowhere."""
    desk = open_desk()
    _check_org(desk, org)
    with _book(desk) as book:
        invite = book.new_invite(Audience(audience), org, uses=uses, days=days)
    link = deep_link(bot or username_of(desk.settings), invite.code)
    if json_output:
        desk.print_json({**_plain(invite), "code": invite.code, "link": link})
        return
    made = {"id": invite.id, "org": org, "uses": uses, "last_day": f"{invite.last_day:%d/%m/%Y}"}
    told = desk.say("members.made", audience=desk.say(f"members.audience_{audience}"), **made)
    desk.out.print(told, markup=False, highlight=False, soft_wrap=True)
    desk.out.print(link or invite.code, markup=False, highlight=False, soft_wrap=True)
    if not link:
        how = desk.say("members.how_to_join", code=invite.code)
        desk.out.print(how, markup=False, highlight=False, soft_wrap=True)


@invites_app.command("list")
def list_invites(*, json_output: AsJson = False) -> None:
    """List invitations: how many may still join, and until when."""
    desk = open_desk()
    with _book(desk) as book:
        found = book.invites()
    if json_output:
        desk.print_json([{**_plain(view), "joined": view.joined} for view in found])
        return
    if not found:
        desk.out.print(desk.say("members.no_invites"))
        return
    table = Table(*(desk.say(f"members.column_{name}") for name in _COLUMNS))
    for view in found:
        last_day, audience = f"{view.last_day:%d/%m/%Y}", desk.say(f"members.audience_{view.audience}")
        table.add_row(view.id, view.org, audience, str(view.uses_left), last_day, str(view.joined))
    desk.out.print(table)


@invites_app.command("revoke")
def revoke_invite(
    invite: Annotated[str, typer.Argument(metavar="ID", help="as listed")],
    *,
    with_members: Annotated[
        bool, typer.Option("--with-members", help="end the memberships that came of it too")
    ] = False,
    json_output: AsJson = False,
) -> None:
    """End an invitation at once."""
    desk = open_desk()
    with _book(desk) as book:
        ended = book.revoke_invite(invite.strip().lower(), with_members=with_members)
    if ended is None:
        _refuse(desk, "members.unknown_invite", id=invite)
    if json_output:
        desk.print_json({"id": invite, "memberships_ended": ended})
    else:
        desk.out.print(desk.say("members.invite_revoked", id=invite, count=ended), markup=False)


@members_app.command("list")
def list_members(*, json_output: AsJson = False) -> None:
    """Count the members of each organisation."""
    desk = open_desk()
    with _book(desk) as book:
        counts = book.counts()
    if json_output:
        rows = [{"org": one.org, "audience": str(one.audience), "members": one.members} for one in counts]
        desk.print_json(rows)
        return
    if not counts:
        desk.out.print(desk.say("members.none"))
        return
    table = Table(*(desk.say(f"members.column_{name}") for name in ("org", "audience", "members")))
    for one in counts:
        table.add_row(one.org, desk.say(f"members.audience_{one.audience}"), str(one.members))
    desk.out.print(table)


@members_app.command("revoke")
def revoke_members(
    *,
    org: Annotated[str, typer.Option("--org", help="end the whole organisation, invitations too")] = "",
    account: Annotated[
        str, typer.Option("--account", help="a Telegram account's number; - reads it from the input")
    ] = "",
    json_output: AsJson = False,
) -> None:
    """End memberships at once, of an organisation or of one account."""
    desk = open_desk()
    if bool(org) == bool(account):
        _refuse(desk, "members.one_of_two")
    number = _account(desk, account) if account else 0
    if org:
        _check_org(desk, org)
    with _book(desk) as book:
        ended = book.revoke_account(number) if account else book.revoke_org(org)
    if json_output:
        desk.print_json({"memberships_ended": ended})
        return
    desk.out.print(desk.say("members.revoked", count=ended))
    if account:
        desk.err.print(desk.say("members.may_join_again"))


_COLUMNS = ("id", "org", "audience", "uses_left", "last_day", "joined")


def deep_link(bot: str, code: str) -> str:
    """A link that opens the chat with *bot* and brings *code*; "" without a bot."""
    name = bot.strip().removeprefix("@")
    return f"https://t.me/{name}?start={code}" if name else ""


@contextmanager
def _book(desk: Desk) -> Iterator[MembersBook]:
    try:
        book = open_members(desk.settings)
        try:
            yield book
        finally:
            book.close()
    except MembersUnavailable:
        desk.fail("members.unavailable")


def _plain(invite: Invite | InviteView) -> dict[str, object]:
    return {
        "id": invite.id,
        "audience": str(invite.audience),
        "org": invite.org,
        "uses_left": invite.uses_left,
        "last_day": invite.last_day.isoformat(),
    }


def _account(desk: Desk, typed: str) -> int:
    """The account's number; given as - it stays out of the shell's history and the process list."""
    number = (typer.get_text_stream("stdin").readline() if typed == "-" else typed).strip()
    if not (number.isascii() and number.isdigit() and len(number) <= _ACCOUNT_DIGITS):
        _refuse(desk, "members.bad_account")
    return int(number)


def _check_org(desk: Desk, org: str) -> None:
    if not ORG.fullmatch(org):
        _refuse(desk, "members.bad_org")


def _refuse(desk: Desk, key: str, **fields: object) -> NoReturn:
    desk.err.print(desk.say(key, **fields), style="red", markup=False, highlight=False)
    raise typer.Exit(USAGE)
