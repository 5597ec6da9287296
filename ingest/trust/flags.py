"""What is found in a document that a person should know of, and which of it keeps the document back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ingest.errors import IngestError
from knowledge.gaps.redaction import redact

if TYPE_CHECKING:
    from knowledge.model import Audience

SAMPLE_LENGTH: Final = 80  # characters


class Code(StrEnum):
    """The kinds of findings; `trust.<code>` in `prompts/` says each in words."""

    INJECTION = "injection"  # orders to a machine: in a comment, in hidden text, or in the open
    PHISHING_LINK = "phishing_link"  # a name made to look like an office's, a bank's or VNeID's
    FAKE_POLICE = "fake_police"  # asks for what no office asks for: OTP, money, an application from a link
    SPUN_STATUTE = "spun_statute"  # an article, a number or a quotation that the law does not have
    PRIVATE_PERSON = "private_person"  # leads to somebody: to be seen before the public does
    TEXT_LOST = "text_lost"  # a page of the web that has lost most of its text since it was last fetched
    LINK_IN_WARNING = "link_in_warning"  # a look-alike that the text warns of
    SOURCE_UNLISTED = "source_unlisted"
    LAW_UNKNOWN = "law_unknown"
    LAW_REPEALED = "law_repealed"
    DRAFT = "draft"
    OLD_BODIES = "old_bodies"  # names district police, district offices or a ministry that is no more
    PHONE_UNLISTED = "phone_unlisted"  # an office's line that is on no list
    REPLACES_UNDATED = "replaces_undated"  # takes the place of a text whose number does not say its year
    PRIVATE_NAME = "private_name"
    MIXED_LETTERS = "mixed_letters"  # words of letters of two scripts, as filters are fooled with
    NEAR_DUPLICATE = "near_duplicate"  # nearly another document, yet it says or holds otherwise


GRAVE: Final = frozenset(
    (
        *(Code.INJECTION, Code.PHISHING_LINK, Code.FAKE_POLICE, Code.SPUN_STATUTE),
        *(Code.PRIVATE_PERSON, Code.TEXT_LOST),
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Flag:
    """
    One finding.

    `where` is the passage's locator, its anchor, or `hidden` for what the page does not show;
    `sample` is at most 80 characters, with names and numbers taken out.
    """

    code: Code
    where: str
    sample: str

    @property
    def is_grave(self) -> bool:
        """Whether it keeps the document back until a person has looked."""
        return self.code in GRAVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """
    What there is to say about a document that was published; `duplicate_of` is the key that answers.

    `is_withdrawn`: a person took the document back, so that the new edition answers nothing.
    """

    flags: tuple[Flag, ...] = ()
    duplicate_of: str = ""
    is_withdrawn: bool = False


class HeldForPerson(IngestError):
    """
    The document waits for a person; whatever was published under its key goes on answering.

    For `narrowed_to` alone, where the document is for fewer people than what was published ("" where not).
    """

    code = "trust.held"  # its text stands with the rest of trust

    def __init__(self, flags: tuple[Flag, ...], *, narrowed_to: Audience | None = None) -> None:
        super().__init__()
        self.flags = flags
        self.narrowed_to = narrowed_to.value if narrowed_to else ""


def sample_of(text: str) -> str:
    """The beginning of *text* as a person may be shown it: redacted, one line, 80 characters."""
    shown = redact(text[: 4 * SAMPLE_LENGTH])
    return shown if len(shown) <= SAMPLE_LENGTH else f"{shown[: SAMPLE_LENGTH - 1].rstrip()}…"
