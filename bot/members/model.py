"""
The words of membership, and what goes wrong with it.

MembersError
└── MembersUnavailable   the database or the key of the accounts is out of reach
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - in the signatures that callers read
from typing import Final

from knowledge.model import Audience  # noqa: TC001 - as above

ORG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
CODE: Final = re.compile(r"m-[A-Za-z0-9_-]{22}")  # fits a deep link: 64 of these letters
_CODE_BYTES = 16  # 128 random bits: no rate of guessing finds one


class MembersError(Exception):
    """Base of what may leave `bot.members`."""


class MembersUnavailable(MembersError):
    """The database or the key of the accounts is out of reach. Whoever asks is the public meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A new invitation; the code exists here and with whoever gets it, and stands nowhere."""

    id: str
    code: str = field(repr=False)
    audience: Audience
    org: str
    uses_left: int
    last_day: date  # a day in Vietnam; good until it ends


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteView:
    """An invitation as it is listed: without its code, which nobody has any more."""

    id: str
    audience: Audience
    org: str
    uses_left: int
    last_day: date
    joined: int  # who are still members through it


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """What somebody is in an organisation."""

    audience: Audience
    org: str
    joined: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OrgCount:
    """How many members of one audience an organisation has."""

    org: str
    audience: Audience
    members: int


def new_code() -> str:
    """A code nobody has."""
    return f"m-{secrets.token_urlsafe(_CODE_BYTES)}"


def is_code(text: str) -> bool:
    """Whether *text* is spelled like a code: what comes with a deep link may be anything."""
    return CODE.fullmatch(text) is not None
