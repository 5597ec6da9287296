"""
One file to one `DocumentDraft`: what kind, what text, what it says about itself, which passages.

Reads the file and its sidecar; writes nothing, embeds nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Extracted
from ingest.chunk import document_passages
from ingest.clean import clean_page
from ingest.errors import EmptyFile, NoContent, UnreadableFile
from ingest.law import Law, read_law
from ingest.law_passages import law_passages
from ingest.law_text import Line
from ingest.loaders.markdown import MARKDOWN_SIGN, load_markdown, markdown_blocks
from ingest.loaders.text import load_text
from ingest.metadata import Stated, checked, read_sidecar, stated_in, with_fields
from ingest.names import readable
from ingest.originals import original_of
from ingest.places import mark_scanned
from ingest.reading import READ_HERE, read_apart, standing_still
from ingest.repairs import Repair
from ingest.sidecars import sidecar_of
from ingest.sniff import Kind, opened, sniff
from knowledge.model import Audience, DocumentDraft, DocumentKind, DocumentMeta

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ingest.sidecars import Pairs
    from knowledge.model import PassageDraft

CHUNKER_VERSION = 4  # raise it when the same file would give other passages or dates: all is read again
_LAW_SHARE = 0.5  # of a text that must stand in its Điều for it to be a law
_MARKDOWN_HEADINGS = 2
_TITLE_LENGTH = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What holds for every document of a collection unless the document says otherwise."""

    audience: Audience = Audience.PUBLIC
    source: str = ""
    organisation: str = ""
    area: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    """What the file gave, before front matter and sidecar are laid over it."""

    passages: list[PassageDraft]
    kind: DocumentKind = DocumentKind.DOCUMENT
    title: str = ""
    number: str = ""
    author: str = ""
    source: str = ""
    issued: date | None = None
    effective: date | None = None
    expires: date | None = None
    document_type: str = ""
    replaces: tuple[str, ...] = ()


def read_document(path: Path, *, key: str, defaults: Defaults | None = None) -> DocumentDraft:
    """
    The file at *path* as a draft, ready to publish under *key*.

    Raises:
        IngestError: The file cannot be read, holds no article, or its metadata is wrong.
    """
    given = defaults or Defaults()
    try:
        sidecar = sidecar_of(path)
    except OSError as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    digest = _hash(path, sidecar, given)
    beside = checked(read_sidecar(sidecar.read_bytes())) if sidecar else {}
    with standing_still(path):
        extracted = _extract(path, sniff(path))
        original = original_of(path)
    fields = {**checked(extracted.fields), **beside}
    article = _article(extracted, fields)
    if not any(passage.text.strip() for passage in article.passages):
        raise NoContent
    meta = DocumentMeta(
        key=key,
        title=article.title or _title_from(path),
        kind=article.kind,
        audience=given.audience,
        number=article.number,
        source=article.source or given.source,
        author=article.author,
        organisation=given.organisation or article.source,
        area=given.area,
        topic=given.topic,
        issued=article.issued,
        effective=article.effective,
        expires=article.expires,
        document_type=article.document_type,
        replaces=article.replaces,
    )
    return DocumentDraft(
        meta=with_fields(meta, fields),
        passages=tuple(article.passages),
        content_hash=digest,
        repairs=extracted.repairs,
        original=original,
    )


def file_hash(path: Path, defaults: Defaults | None = None, folder: Pairs | None = None) -> str:
    """
    SHA-256 over the file, its sidecar, the chunker's version and what its collection says of it.

    The last because an audience may be given there: the same file for members is another document.

    Args:
        path: The file.
        defaults: What holds for every document of its collection.
        folder: The sidecars of its folder, as `ingest.sidecars.sidecar_of` takes them.

    Raises:
        NotAFile, TooLarge, UnreadableFile: As `ingest.sniff.opened` says.
    """
    try:
        sidecar = sidecar_of(path, folder)
    except OSError as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    return _hash(path, sidecar, defaults or Defaults())


def _hash(path: Path, sidecar: Path | None, given: Defaults) -> str:
    digest = hashlib.sha256(f"chunker {CHUNKER_VERSION}\n{astuple(given)}\n".encode())
    try:
        for part in (path, sidecar):
            if part is not None:
                with opened(part) as file:
                    while block := file.read(1 << 20):
                        digest.update(block)
            digest.update(b"\x00--\x00")
    except OSError as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    return digest.hexdigest()


def _extract(path: Path, kind: Kind) -> Extracted:
    if kind not in READ_HERE:
        return read_apart(path, kind)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise EmptyFile
    if kind is Kind.MARKDOWN:
        return load_markdown(data)
    return _text_or_markdown(load_text(data))


def _text_or_markdown(extracted: Extracted) -> Extracted:
    """Text files written with Markdown headings are read as Markdown; the others line by line."""
    text = "\n".join(block.text for block in extracted.blocks)
    if len(MARKDOWN_SIGN.findall(text)) >= _MARKDOWN_HEADINGS:
        return markdown_blocks(text, extracted.fields).with_repairs(*extracted.repairs)
    law = read_law([Line(line) for line in extracted.lines])
    if law is not None and (law.number or _covers(law, extracted)):
        return extracted
    page = clean_page(text)
    if not page.lines:
        raise NoContent
    return Extracted(
        blocks=tuple(Block(text=line) for line in page.lines),
        title=page.title,
        author=page.author,
        issued=page.issued,
        fields={**({"organisation": page.office} if page.office else {}), **extracted.fields},
        repairs=extracted.repairs,
    ).with_repairs(*((Repair.FRAME.value,) if page.framed else ()))


def _article(extracted: Extracted, fields: dict[str, Any]) -> _Article:
    lines = [
        Line(line, block.page, block.heading_level is not None)
        for block in extracted.blocks
        for line in block.text.split("\n")
    ]
    stated = stated_in([line.text for line in lines])
    law = read_law(lines)
    if law is not None and (law.number or _covers(law, extracted)):
        return _law_article(law, stated, extracted, fields)
    title = str(fields.get("title") or extracted.title or stated.title or _first_heading(extracted))
    return _Article(
        passages=document_passages([block for block in extracted.blocks if block.text], title=title),
        title=title,
        number=stated.number if stated.title else "",
        author=extracted.author,
        issued=extracted.issued or (stated.issued if stated.title else None),
        document_type=stated.document_type,
    )


def _law_article(law: Law, stated: Stated, extracted: Extracted, fields: dict[str, Any]) -> _Article:
    number = str(fields.get("number") or law.number or stated.number)
    title = str(fields.get("title") or law.title or stated.title or extracted.title or number)
    return _Article(
        passages=mark_scanned(law_passages(law.text, number=number, title=title), extracted.blocks),
        kind=DocumentKind.LAW,
        title=title,
        number=number,
        source=law.issuer,
        issued=law.issued or stated.issued,
        effective=law.effective or stated.effective,
        expires=stated.expires,
        document_type=stated.document_type,
        replaces=stated.replaces,
    )


def _covers(law: Law, extracted: Extracted) -> bool:
    whole = sum(len(block.text) for block in extracted.blocks)
    inside = sum(len(article.text) + len(article.title) for article in law.text.articles)
    return inside >= _LAW_SHARE * whole


def _first_heading(extracted: Extracted) -> str:
    """The heading above all others, or a short line before the first heading of many."""
    levels = [block.heading_level for block in extracted.blocks if block.heading_level]
    if not levels:
        return ""
    if levels[0] == min(levels) and levels.count(levels[0]) == 1:
        return next(block.text for block in extracted.blocks if block.heading_level)
    first = next(block for block in extracted.blocks if block.text)
    short = len(first.text) <= _TITLE_LENGTH and "\n" not in first.text
    return first.text if short and not first.heading_level and first.text[-1] not in ".:;" else ""


def _title_from(path: Path) -> str:
    return re.sub(r"[_\s]+", " ", readable(path.stem)).strip()
