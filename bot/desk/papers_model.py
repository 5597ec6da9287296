"""The words of the editor's page: an uploaded paper on its way into the library, and why one is refused."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads the annotations of a paper
from enum import StrEnum
from typing import Final

from ingest.errors import IngestError
from ingest.trust.flags import Flag  # noqa: TC001 - pydantic reads the annotations of a paper
from knowledge.model import Audience

NAME_LENGTH: Final = 150  # characters
_SEPARATORS: Final = str.maketrans("\\", "/")


class Stage(StrEnum):
    """How far an uploaded paper is."""

    WAITING = "waiting"  # in line to be read
    READING = "reading"
    READY = "ready"  # read and looked through; an editor decides
    PUBLISHING = "publishing"  # said to be published, in line or under way
    PUBLISHED = "published"
    HELD = "held"  # something grave in it that nobody has answered for yet
    REFUSED = "refused"  # it could not be read


OVER: Final = frozenset((Stage.PUBLISHED, Stage.REFUSED))  # nothing of the file is kept
OPEN: Final = frozenset((Stage.READY, Stage.HELD))  # an editor may look, put right, publish, throw away


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """
    One uploaded file, or one entry of an uploaded zip folder.

    `error` is the code of a text in `prompts/`, `fields` fill it. `described` are the fields of a sidecar
    that the editor confirmed, by their English names; None until somebody did.
    """

    id: str
    name: str  # as the officer's machine calls it, made safe to show
    key: str  # of the document it is to become
    unit: str
    officer: str
    at: datetime
    size: int = 0  # bytes
    suffix: str = ""  # with its dot, lower case
    stage: Stage = Stage.WAITING
    audience: Audience = Audience.OFFICER
    described: dict[str, str] | None = None
    error: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    title: str = ""
    passages: int = 0
    repairs: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    public_flags: tuple[Flag, ...] = ()  # what is found besides where everybody may see it
    answered_for: tuple[str, ...] = ()  # codes of grave findings the editor answers for
    on: int = 0  # the edition that answered when the editor looked; 0: none
    by: str = ""  # unit/officer who said that it is to be published
    edition: int = 0  # what it became
    duplicate_of: str = ""

    @property
    def grave(self) -> tuple[Flag, ...]:
        """The findings that somebody has to answer for."""
        return tuple(flag for flag in self.flags if flag.is_grave)


class PaperRefused(IngestError):
    """
    A file the desk does not take in. `fault` becomes the code `papers.<fault>`.

    Faults: too_many (papers wait already), full (their bytes), no_file, interrupted.
    """

    def __init__(self, fault: str, **fields: str) -> None:
        self.code = f"papers.{fault}"
        super().__init__(**fields)


def safe_name(raw: str) -> str:
    """The last part of a file's name as a browser tells it, NFC, without control characters; "" if none."""
    last = raw.translate(_SEPARATORS).rpartition("/")[2]
    shown = "".join(
        char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C"
    )
    shown = " ".join(shown.split())
    if shown in {"", ".", ".."}:
        return ""
    if len(shown) <= NAME_LENGTH:
        return shown
    ending = suffix_of(shown)
    return shown[: NAME_LENGTH - len(ending)] + ending


def suffix_of(name: str) -> str:
    """The ending of *name* in small letters, with its dot; "" where it is none of a kind of file."""
    ending = name.rpartition(".")[2] if "." in name else ""
    return f".{ending.lower()}" if ending.isascii() and ending.isalnum() and len(ending) <= 8 else ""  # noqa: PLR2004 - letters of the longest one
