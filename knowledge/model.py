"""
The words of the knowledge side: audiences, documents, passages.

Plain values without I/O. `ingest` makes drafts, the record stores them, search returns passages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003 - these types are read from JSON, which needs the names at run time
from enum import StrEnum


class Audience(StrEnum):
    """Who may see a document: public < member < officer."""

    PUBLIC = "public"
    MEMBER = "member"
    OFFICER = "officer"

    @property
    def visible(self) -> tuple[Audience, ...]:
        """The audiences whose documents somebody of this audience may see, own one last."""
        order = tuple(Audience)
        return order[: order.index(self) + 1]


class DocumentKind(StrEnum):
    """What a document is, which decides how it is cited and how it ranks."""

    GUIDE = "guide"  # written for this product, in guides/
    LAW = "law"  # a legal text cut by Điều and khoản
    DOCUMENT = "document"  # anything else: plans, news, minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMeta:
    """
    What is known about a document beside its text.

    `key` is stable across versions: `guide:hoa-giai`, or the file's path inside its synced folder.
    Dates are None where the document does not say; nothing is guessed.
    """

    key: str
    title: str
    kind: DocumentKind = DocumentKind.DOCUMENT
    audience: Audience = Audience.PUBLIC
    number: str = ""  # số hiệu, such as 35/2013/QH13
    source: str = ""  # who published it, in words
    url: str = ""
    author: str = ""
    organisation: str = ""
    area: str = ""
    topic: str = ""
    issued: date | None = None
    effective: date | None = None
    expires: date | None = None
    as_of: date | None = None  # the day its facts were checked
    verified_by: str | None = None  # the person who confirmed them, if anybody did
    document_type: str = ""  # as it calls itself: Nghị định, Kế hoạch, Dự thảo
    replaces: tuple[str, ...] = ()  # số hiệu of what it takes the place of, from `effective` on
    replaced_by: tuple[str, ...] = ()  # số hiệu of what took its place, once `expires` is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A source a guide section stands on: an article, or a page named in words."""

    title: str
    article: str = ""  # such as 35/2013/QH13+16; empty for a source that is not a legal article
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageDraft:
    """
    One unit of retrieval, before it is stored.

    `anchor` is unique within its document and stays the same when the text is edited.
    `text` is shown and quoted verbatim; `heading` is indexed beside it.
    """

    anchor: str
    text: str
    locator: str = ""  # what a person can follow: "khoản 1–3 Điều 5", "tr. 2", a heading
    heading: str = ""
    articles: tuple[str, ...] = ()  # the articles this passage is, or cites
    questions: tuple[str, ...] = ()  # people's own words for what it answers
    references: tuple[Reference, ...] = ()
    english: str = ""  # a guide's summary for who asks in English; most sections have none


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The file a document was read from, kept as it came: see `ingest.originals`."""

    sha256: str  # of its bytes, in hexadecimal
    name: str  # as it was brought in, without folders
    media_type: str  # by its content
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDraft:
    """
    A whole document ready to publish. `content_hash` is the SHA-256 of what it was made from.

    `repairs` are the codes of what had to be mended to read it, for whoever publishes it. `by` is who does,
    "" for the program itself; `accepted` are the codes of the findings that person answers for.
    """

    meta: DocumentMeta
    passages: tuple[PassageDraft, ...]
    content_hash: str
    repairs: tuple[str, ...] = ()
    original: Original | None = None
    by: str = ""
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stored passage with its document."""

    id: int
    meta: DocumentMeta
    anchor: str
    text: str
    locator: str
    heading: str
    articles: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    references: tuple[Reference, ...] = field(default=())
    english: str = ""

    @property
    def name(self) -> str:
        """The passage's stable public name, such as `guide:hoa-giai#xin-hoa-giai`."""
        return f"{self.meta.key}#{self.anchor}"

    @property
    def gold_ids(self) -> frozenset[str]:
        """Every id under which an evaluation may expect this passage."""
        return frozenset((self.name, self.meta.key, *self.articles))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A published document: what it is, its content's hash, how many passages it has, where it came from."""

    meta: DocumentMeta
    content_hash: str
    published_at: datetime
    passages: int
    edition: int = 0  # counts from 1 in each document
    published_by: str = ""
    repairs: tuple[str, ...] = ()
    original: Original | None = None


def indexed_text(item: Passage | PassageDraft) -> str:
    """What of a passage is embedded: its heading, then its text."""
    return f"{item.heading}\n{item.text}" if item.heading else item.text


def searched_text(item: Passage | PassageDraft) -> str:
    """What of a passage is searched for words: its heading, text and question variants."""
    return "\n".join((indexed_text(item), *item.questions))


def asked_of(item: Passage | PassageDraft) -> tuple[str, ...]:
    """How people ask for a guide's section: its variants, and its heading, which other answers suggest."""
    return (*item.questions, item.heading) if item.questions else ()
