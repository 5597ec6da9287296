"""
The words of the gap loop: what nobody could answer, and what officers answered to it.

GapsError
├── GapsUnavailable   the database of gaps is out of reach
└── GapChanged        somebody else was faster; look again
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from knowledge.model import Audience  # noqa: TC001 - in the signatures that callers read
from knowledge.text.folding import folded_syllables

ANSWERED_PREFIX: Final = "guide:tra-loi-"  # keys of guides that officers wrote; the guides folder has none
SET_ASIDE: Final = "-"  # in the place of a guide: not for us to answer
_VIETNAM = timezone(timedelta(hours=7))
_KEY_LENGTH = 16  # hex digits: 64 bits of a digest


class GapsError(Exception):
    """Base of what may leave `knowledge.gaps`. `code` names a text `gaps.<code>`."""

    code = "gaps_error"


class GapsUnavailable(GapsError):
    """The database of gaps is out of reach."""

    code = "gaps_unavailable"


class GapChanged(GapsError):
    """What was to be changed is not as it was shown."""

    code = "gap_changed"


class Reason(StrEnum):
    """Why a question is a gap."""

    REFUSED = "refused"
    THUMBS_DOWN = "thumbs_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One question to be counted. `text` is redacted."""

    text: str
    audience: Audience
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """
    Alike questions of one week, one audience and one reason; `text` is the first wording of them, redacted.

    `key` is the same for the same words with and without marks. Nothing tells who asked, on which channel, on
    which day.
    """

    week: str  # ISO, such as 2026-W48
    audience: Audience
    reason: Reason
    key: str
    text: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """
    What an editor wrote: a guide with one section.

    `signed` is who stands behind it, as readers see it; `as_of` the day it was written.
    """

    heading: str
    text: str
    topic: str
    audience: Audience
    sources: tuple[str, ...]
    questions: tuple[str, ...]
    signed: str
    as_of: date
    golden: str  # the question that has to be answered from now on


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an answer. `unit` and `officer` are ids of who wrote it, `at` is when."""

    slug: str
    number: int
    written: Written
    unit: str
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """
    An answer as it should stand, and as the public side says it stands.

    `wanted` is the number of the version to be published, 0 for none; `standing` the one that is, None before
    the public side has looked; `trouble` a code where it could not.
    """

    slug: str
    wanted: int
    standing: int | None
    trouble: str
    versions: tuple[Version, ...]

    @property
    def key(self) -> str:
        """The guide's key in the library."""
        return f"{ANSWERED_PREFIX}{self.slug}"

    @property
    def version(self) -> Version | None:
        """The wanted version."""
        return next((version for version in self.versions if version.number == self.wanted), None)

    @property
    def latest(self) -> Version:
        """The newest version, wanted or not."""
        return self.versions[-1]

    @property
    def before(self) -> int:
        """What undoing leads to: the version before the wanted one, 0 for none."""
        return max((version.number for version in self.versions if version.number < self.wanted), default=0)


def week_of(moment: datetime) -> str:
    """The ISO week in Vietnam."""
    year, week, _ = moment.astimezone(_VIETNAM).isocalendar()
    return f"{year}-W{week:02}"


def first_day_of(week: str) -> date:
    """The Monday of an ISO week. ValueError for what is none."""
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def oldest_week(moment: datetime, days: int) -> str:
    """The oldest week that is kept when everything is kept for *days* days after its week is over."""
    return week_of(moment - timedelta(days=days + 7))


def key_of(text: str) -> str:
    """What alike questions share: the digest of their words without marks."""
    return hashlib.sha256(" ".join(folded_syllables(text)).encode()).hexdigest()[:_KEY_LENGTH]
