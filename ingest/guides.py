"""
Reads the guides: Markdown with front matter, one answer to a `##` section.

Strict, because a guide is part of the product: what breaks the format stops the start with file and line.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ingest.errors import BadGuide, BadMetadata
from ingest.front_matter import split_front_matter
from ingest.guide_wordings import MORE_WORDINGS, more_wordings, with_more
from knowledge.model import Audience, DocumentDraft, DocumentKind, DocumentMeta, PassageDraft, Reference

if TYPE_CHECKING:
    from pathlib import Path

BODY_LIMIT = 900  # characters; one screen of a phone
QUESTIONS = range(4, 9)
TOPICS = frozenset(
    (
        *("to-giac", "tin-an-danh", "khan-cap", "phan-biet-don", "hoa-giai", "tai-hoa-nhap", "ma-tuy"),
        *(
            "bao-luc-gia-dinh",
            "tre-em",
            "mua-ban-nguoi",
            "lua-dao",
            "co-bac-tin-dung-den",
            "chay-no",
            "van-dong",
        ),
    )
)
_VERSION = b"guide-1"
_REQUIRED = ("id", "title", "topic", "audience", "as_of")
_ALLOWED = frozenset((*_REQUIRED, "verified_by", "sources", "source", "organisation", "area", "url"))
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SECTION = re.compile(r"##\s+(?P<heading>.+?)\s*\{#(?P<anchor>[^}]*)\}\s*")
_ARTICLE = re.compile(r"`([^`\s]+\+\d+[a-zđ]?)`", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)|<?(https?://[^\s>)]+)>?")
_PARTS = {"Căn cứ": "sources", "Người ta hay hỏi": "questions", "In English": "english"}


@dataclass
class _Section:
    heading: str
    anchor: str
    line: int
    body: list[str] = field(default_factory=list)
    sources: list[str] | None = None
    questions: list[str] | None = None
    english: list[str] | None = None


def guide_files(folder: Path) -> list[Path]:
    """Every `*.md` of *folder* but README.md, by name."""
    return sorted(file for file in folder.glob("*.md") if file.name.lower() != "readme.md")


def load_guides(folder: Path) -> list[DocumentDraft]:
    """
    Every `*.md` of *folder* but README.md, by name, with the wordings of `more-wordings.toml`.

    Raises:
        BadGuide: The folder is not there; or the first file that breaks the format, with its line.
    """
    if not folder.is_dir():
        raise BadGuide("no_folder", file=str(folder))
    files = guide_files(folder)
    guides = [read_guide(file) for file in files]
    more = more_wordings(folder / MORE_WORDINGS)
    known = {
        f"{file.stem}#{part.anchor}"
        for file, guide in zip(files, guides, strict=True)
        for part in guide.passages
    }
    if strays := sorted(more.keys() - known):
        raise BadGuide("unknown_section", file=MORE_WORDINGS, where=strays[0])
    return [with_more(guide, file.stem, more) for file, guide in zip(files, guides, strict=True)]


def read_guide(file: Path) -> DocumentDraft:
    """
    One guide as a draft with key `guide:<id>`.

    Raises:
        BadGuide: The file breaks the format.
    """
    data = file.read_bytes()
    return parse_guide(data.decode("utf-8-sig"), slug=file.stem)


def parse_guide(text: str, *, slug: str) -> DocumentDraft:
    """The guide *text* whose file is called *slug*; see `read_guide`."""
    file = f"{slug}.md"
    source = text.replace("\r\n", "\n")
    try:
        fields, body = split_front_matter(source)
    except BadMetadata as error:
        raise BadGuide("bad_field", file=file, where=error.fields["field"]) from None
    first_line = source[: len(source) - len(body)].count("\n") + 1
    meta = _meta(fields, slug=slug, file=file)
    sections = _sections(body.split("\n"), file=file, first_line=first_line)
    if not sections:
        raise BadGuide("no_section", file=file)
    passages = tuple(_passage(section, file=file) for section in sections)
    _no_twice(sections, file=file)
    digest = hashlib.sha256(_VERSION + source.encode()).hexdigest()
    return DocumentDraft(meta=meta, passages=passages, content_hash=digest)


def _meta(fields: dict[str, object], *, slug: str, file: str) -> DocumentMeta:
    for name in _REQUIRED:
        if fields.get(name) in {None, ""}:
            raise BadGuide("missing_field", file=file, where=name)
    for name in fields.keys() - _ALLOWED:
        raise BadGuide("unknown_field", file=file, where=name)
    if fields["id"] != slug or not _SLUG.fullmatch(slug):
        raise BadGuide("wrong_id", file=file, where="id", detail=str(fields["id"]))
    if fields["topic"] not in TOPICS:
        raise BadGuide("bad_field", file=file, where="topic", detail=str(fields["topic"]))
    if fields["audience"] not in {audience.value for audience in Audience}:
        raise BadGuide("bad_field", file=file, where="audience", detail=str(fields["audience"]))
    as_of = fields["as_of"]
    if type(as_of) is not date:
        raise BadGuide("bad_field", file=file, where="as_of", detail=str(as_of))
    verified_by = fields.get("verified_by")
    return DocumentMeta(
        key=f"guide:{slug}",
        title=str(fields["title"]),
        kind=DocumentKind.GUIDE,
        audience=Audience(str(fields["audience"])),
        source=str(fields.get("source") or ""),
        url=str(fields.get("url") or ""),
        organisation=str(fields.get("organisation") or ""),
        area=str(fields.get("area") or ""),
        topic=str(fields["topic"]),
        as_of=as_of,
        verified_by=None if verified_by is None else str(verified_by),
    )


def _sections(lines: list[str], *, file: str, first_line: int) -> list[_Section]:
    sections: list[_Section] = []
    target: list[str] | None = None
    for number, line in enumerate(lines, start=first_line):
        if line.startswith("## "):
            sections.append(_open_section(line, file=file, number=number))
            target = sections[-1].body
        elif line.startswith("### ") and sections:
            target = _open_part(sections[-1], line, file=file, number=number)
        elif target is not None:
            target.append(line)
    return sections


def _open_section(line: str, *, file: str, number: int) -> _Section:
    match = _SECTION.fullmatch(line)
    if not match:
        raise BadGuide("no_anchor", file=file, line=number)
    if not _SLUG.fullmatch(match["anchor"]):
        raise BadGuide("bad_anchor", file=file, line=number, where=match["anchor"])
    return _Section(heading=match["heading"], anchor=match["anchor"], line=number)


def _open_part(section: _Section, line: str, *, file: str, number: int) -> list[str]:
    name = _PARTS.get(line.removeprefix("###").strip())
    if name is None:
        raise BadGuide("unknown_part", file=file, line=number, where=section.anchor)
    if getattr(section, name) is not None:
        raise BadGuide("part_twice", file=file, line=number, where=section.anchor)
    lines: list[str] = []
    setattr(section, name, lines)
    return lines


def _passage(section: _Section, *, file: str) -> PassageDraft:
    def fault(name: str, detail: str = "") -> BadGuide:
        return BadGuide(name, file=file, line=section.line, where=section.anchor, detail=detail)

    body = "\n".join(section.body).strip()
    if not body:
        raise fault("no_body")
    if len(body) > BODY_LIMIT:
        raise fault("long_body", f"{len(body)} > {BODY_LIMIT}")
    references = tuple(ref for item in _items(section.sources) for ref in _references(item))
    if not references:
        raise fault("no_sources")
    questions = tuple(_items(section.questions))
    if len(questions) not in QUESTIONS:
        raise fault("questions", str(len(questions)))
    articles = dict.fromkeys(ref.article for ref in references if ref.article)
    return PassageDraft(
        anchor=section.anchor,
        text=body,
        locator=section.heading,
        heading=section.heading,
        articles=tuple(articles),
        questions=questions,
        references=references,
        english=" ".join(" ".join(section.english or ()).split()),
    )


def _items(lines: list[str] | None) -> list[str]:
    items: list[str] = []
    for line in lines or ():
        if line.startswith(("- ", "* ")):
            items.append(line[2:].strip())
        elif line.strip() and items:
            items[-1] += " " + line.strip()
    return [item for item in items if item]


def _references(item: str) -> list[Reference]:
    articles = _ARTICLE.findall(item)
    link = _LINK.search(item)
    url = (link[2] or link[3]).rstrip(".,;") if link else ""
    title = _LINK.sub(lambda found: found[1] or "", _ARTICLE.sub("", item))
    title = " ".join(title.split()).strip(" ,;:–-").replace("( )", "").replace("()", "").strip()
    if not articles:
        return [Reference(title=title or url, url=url)]
    return [Reference(title=title or article, article=article, url=url) for article in articles]


def _no_twice(sections: list[_Section], *, file: str) -> None:
    seen: set[str] = set()
    for section in sections:
        if section.anchor in seen:
            raise BadGuide("anchor_twice", file=file, line=section.line, where=section.anchor)
        seen.add(section.anchor)
