"""HTML: the article by trafilatura, or by our own walk where it finds none; headings and tables kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import lxml.etree
import lxml.html

from ingest.blocks import Block, Extracted
from ingest.dates import find_date, to_date
from ingest.encodings import decode
from ingest.errors import BrokenFile, EmptyFile, NoContent
from ingest.frames import Frame, frame_of
from ingest.mending import mend
from ingest.repair import repair
from ingest.repairs import Repair, in_order
from ingest.wrapping import unwrap

if TYPE_CHECKING:
    from datetime import date

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DROPPED = "|".join(
    f"//{name}"
    for name in (
        *("script", "style", "noscript", "template", "svg", "iframe", "form", "button", "select", "nav"),
        *("footer", "aside"),
    )
)
_NO_BLANKS = "translate(@style,' ','')"
_HIDDEN = (
    f"//*[@hidden or @aria-hidden='true' or contains({_NO_BLANKS},'display:none')"
    f" or contains({_NO_BLANKS},'visibility:hidden') or contains({_NO_BLANKS},'font-size:0')]"
)
_INLINE = frozenset(
    ("a", "abbr", "b", "br", "em", "font", "i", "img", "mark", "small", "span", "strong", "sub", "sup", "u")
)
_QUESTION = 15  # characters
_LINKS_ALLOWED = 0.6  # of a block's characters: more is a menu
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCK_TAGS = frozenset(("p", "li", "dd", "dt", "blockquote", "pre", "figcaption", "caption", *_HEADINGS))
_DATE_NAMES = frozenset(
    (
        *("article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate"),
        *("dc.date", "dc.date.issued", "date", "dcterms.created"),
    )
)
_ITEMS = frozenset(("li", "item"))
_BLOCKS_WITHIN = frozenset(
    (*_BLOCK_TAGS, "div", "tr", "ul", "ol", "dl", "item", "list", "row", "quote", "head")
)
_LAID_OUT = frozenset((*_BLOCKS_WITHIN, "table", "section", "article"))  # a page may stand in a cell
_CUTS = frozenset(("br", "lb", *_BLOCKS_WITHIN))
_MARK = "- "
_SENTENCE_LENGTH = 30
_ENOUGH = 200  # characters of article under which our own walk may find more


def load_html(data: bytes) -> Extracted:
    """
    The article of *data* as blocks, with title, author and date where the page states them.

    Raises:
        EmptyFile: No bytes.
        BrokenFile: Not readable as text or HTML.
        NoContent: Only a frame.
    """
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise EmptyFile
    noted: set[Repair] = set()
    source = repair(_decode(data, noted), noted)
    tree = _tree(source)
    blocks = _by_trafilatura(source)
    own = _by_walk(_tree(source))
    if (_length(blocks) < _ENOUGH and _length(own) > _length(blocks)) or _lost_questions(blocks, own):
        blocks = own
    if not any(block.is_table or _is_sentence(block.text) for block in blocks):
        raise NoContent
    title = _title(tree)
    kept = mend([block for block in blocks if block.text != title] or blocks, noted)
    return Extracted(
        blocks=tuple(kept),
        title=title,
        author=_meta(tree, {"author"}),
        issued=_issued(tree),
        repairs=in_order(noted),
    )


def _is_sentence(text: str) -> bool:
    return len(text) >= _SENTENCE_LENGTH and text[-1] in ".:;!?…"


def _lost_questions(blocks: list[Block], own: list[Block]) -> bool:
    asked = {block.text for block in own if block.heading_level and block.text.endswith("?")}
    return len(asked) > 1 and not asked & {block.text for block in blocks}


def _decode(data: bytes, noted: set[Repair]) -> str:
    declared = _CHARSET.search(data[:4_096])
    if declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, noted)


def _tree(source: str) -> Any:
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(source.encode("utf-8"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        raise BrokenFile(kind="html") from None
    for element in tree.xpath(_HIDDEN):
        if element.getparent() is not None:
            element.drop_tree()
    for element in tree.xpath("//button|//summary|//*[@role='button']"):
        if len(words := _words(element)) > _QUESTION and words.endswith("?"):
            element.tag = "h3"  # the questions of an accordion are headings, not buttons
            element.attrib.clear()
    return tree


def _by_trafilatura(source: str) -> list[Block]:
    import trafilatura

    tree = _tree(source)
    for inner in tree.xpath("//li//div | //td//div | //th//div"):  # which it drops, gluing words together
        if _LAID_OUT.isdisjoint(child.tag for child in inner.iterdescendants()):
            inner.tag = "p"
    document = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=True, include_images=False, with_metadata=False
    )
    body = getattr(document, "body", None)
    return [] if body is None else _from_body(body)


def _from_body(body: Any) -> list[Block]:
    blocks: list[Block] = []
    for element in body:
        if element.tag == "head":
            level = str(element.get("rend", "h2")).removeprefix("h")
            blocks.append(Block(text=_words(element), heading_level=int(level) if level.isdigit() else 2))
        elif element.tag == "table":
            rows = [[_words(cell) for cell in row.iter("cell")] for row in element.iter("row")]
            blocks.append(_table(rows))
        elif element.tag == "list":
            blocks.append(Block(text="\n".join(_lines(element))))
        else:
            blocks.append(Block(text=_paragraph(element)))
    return [block for block in blocks if block.text and not _is_frame(block)]


def _by_walk(tree: Any) -> list[Block]:
    """Every heading, paragraph, list item and table outside forms and menus."""
    for element in tree.xpath(_DROPPED):
        if element.getparent() is not None:
            element.drop_tree()
    blocks: list[Block] = []
    for element in tree.iter():
        inside = {parent.tag for parent in element.iterancestors()}
        if "table" in inside or inside & _BLOCK_TAGS:
            continue
        if element.tag == "table":
            rows = [[_words(cell) for cell in row if cell.tag in {"td", "th"}] for row in element.iter("tr")]
            blocks.append(_table(rows))
        elif element.tag in _BLOCK_TAGS or _is_leaf(element):
            level = _HEADINGS.get(element.tag)
            text = _words(element) if level else _paragraph(element)
            blocks.append(Block(text=text, heading_level=level))
    return [block for block in blocks if block.text and not _is_frame(block)]


def _is_leaf(element: Any) -> bool:
    """A `div` that holds words and nothing but words, and not mostly links."""
    if (
        element.tag not in {"div", "section", "article"}
        or not {child.tag for child in element.iterdescendants()} <= _INLINE
    ):
        return False
    linked = sum(len(_words(link)) for link in element.iter("a"))
    return bool(linked <= _LINKS_ALLOWED * len(_words(element)))


def _is_frame(block: Block) -> bool:
    kind = frame_of(block.text)
    return kind is not None and (kind is not Frame.MENU or block.heading_level is None)


def _table(rows: list[list[str]]) -> Block:
    lines = [" | ".join(row) for row in rows if any(row)]
    return Block(text="\n".join(lines), is_table=True)


def _words(element: Any) -> str:
    return " ".join(_lines(element, marks=False))


def _paragraph(element: Any) -> str:
    return "\n".join(unwrap(_lines(element)))


def _lines(element: Any, *, marks: bool = True) -> list[str]:
    """The words of *element*, cut at line breaks and around blocks within; items of its lists are marked."""
    lines = [""]

    def cut(begun: str = "") -> None:
        if lines[-1].strip() not in {"", _MARK.strip()}:
            lines.append("")
        lines[-1] = begun or lines[-1]

    for event, inner in lxml.etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        starts, is_within = event == "start", inner is not element
        if is_within and inner.tag in (_CUTS if starts else _BLOCKS_WITHIN):
            cut(_MARK if starts and marks and inner.tag in _ITEMS else "")
        text = inner.text if starts else inner.tail if is_within else None
        lines[-1] += f"{text} " if text and text.endswith("\n") else text or ""
    return [line for line in (" ".join(line.split()) for line in lines) if line and line != _MARK.strip()]


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _meta(tree: Any, names: set[str] | frozenset[str]) -> str:
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if name.lower() in names and (content := (element.get("content") or "").strip()):
            return str(content)
    return ""


def _title(tree: Any) -> str:
    heads = [_words(element) for element in tree.iter("h1")]
    stated = _meta(tree, {"og:title"}) or next((_words(element) for element in tree.iter("title")), "")
    if len(heads) == 1 and heads[0]:
        return heads[0]
    return " ".join(stated.split())


def _issued(tree: Any) -> date | None:
    stated = _meta(tree, _DATE_NAMES)
    if stated and (day := to_date(stated) or find_date(stated)):
        return day
    times = (element.get("datetime") for element in tree.iter("time"))
    return next((day for value in times if value and (day := to_date(value))), None)
