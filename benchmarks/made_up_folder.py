"""
A folder of made-up documents, as a ward office has them: text, web pages, Word files, PDFs.

Sentences of real texts put together anew with seed 0, so that no two documents are copies of each other and
the gate holds none. The same count gives the same folder; it is written once and used again.
"""

from __future__ import annotations

import random
import shutil
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from ingest.guides import load_guides
from ingest.packing import PASSAGE_LIMIT, sentences
from ingest.trust.inspection import inspect
from ingest.trust.sources import Sources, read_sources
from knowledge.beir import load
from knowledge.model import DocumentDraft, DocumentMeta, PassageDraft
from tests.ingest.builders import docx, paragraph, pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

PARAGRAPHS = 20  # of a document, each one passage
PAGE = 36  # lines of a PDF page
_LINE = 90  # characters of a PDF line
_LENGTHS = (700, 1_150)  # characters of a paragraph; two of them fill more than one passage
MIXED = {"txt": 40, "html": 25, "docx": 25, "pdf": 10}  # in a hundred
TEXT = {"txt": 100}
_LEAST, _MOST = 40, 400  # characters of a sentence that is used


def pool_of(guides: Path, corpus: Path | None = None) -> list[str]:
    """Sentences of the guides, or of a BEIR folder, but those for which the gate would hold a document."""
    if corpus is None:
        texts = [item.text for draft in load_guides(guides) for item in draft.passages]
    else:
        texts = [item.text for item in load(corpus).articles]
    found = dict.fromkeys(sentence for text in texts for sentence in sentences(text.replace("\n", " ")))
    sources = read_sources(guides.parent / "no-such-folder")
    return [text for text in found if _LEAST <= len(text) <= _MOST and not _is_grave(text, sources)]


def _is_grave(text: str, sources: Sources) -> bool:
    draft = DocumentDraft(
        meta=DocumentMeta(key="made-up", title="Made up"),
        passages=(PassageDraft(anchor="1", text=text),),
        content_hash="-",
    )
    flags = inspect(draft, sources=sources, today=date(2026, 11, 28))
    return any(flag.is_grave for flag in flags)


def write_folder(  # noqa: PLR0913 - all named
    folder: Path,
    pool: Sequence[str],
    count: int,
    *,
    shares: Mapping[str, int] = MIXED,  # read only
    paragraphs: int = PARAGRAPHS,
    first: int = 0,
) -> None:
    """
    *count* documents in *folder*, a hundred to a folder below; nothing is done where they are already.

    Args:
        folder: Emptied before, unless it holds just these.
        pool: Sentences.
        count: How many.
        shares: Kinds of files, as weights.
        paragraphs: Of a document.
        first: The number of the first; other numbers are other documents.
    """
    done, wanted = folder / ".written", f"{count} {dict(shares)} {paragraphs} {first}"
    if done.is_file() and done.read_text("utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(first, first + count):
        draw = random.Random(number)  # noqa: S311 - reproducible, no secret
        kind = draw.choices(list(shares), list(shares.values()))[0]
        place = folder / f"{number // 100:03}"
        place.mkdir(parents=True, exist_ok=True)
        title = f"Kế hoạch số {number + 1} của phường"
        data = _WRITERS[kind](title, _paragraphs(draw, pool, paragraphs))
        (place / f"ke-hoach-{number:05}.{kind}").write_bytes(data)
    done.write_text(wanted, "utf-8")


def _paragraphs(draw: random.Random, pool: Sequence[str], count: int) -> list[str]:
    made = []
    for _ in range(count):
        length, text = draw.randint(*_LENGTHS), ""
        while len(text) < length:
            text = f"{text} {draw.choice(pool)}".strip()
        made.append(text[: PASSAGE_LIMIT - 1].rpartition(" ")[0].rstrip(".,;:") + ".")
    return made


def _txt(title: str, paragraphs: Sequence[str]) -> bytes:
    return "\n\n".join((title.upper(), *paragraphs)).encode()


def _html(title: str, paragraphs: Sequence[str]) -> bytes:
    body = "".join(f"<p>{escape(text)}</p>\n" for text in paragraphs)
    menu = "".join(f'<li><a href="/{at}">Mục {at}</a></li>' for at in range(12))
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body><nav><ul>{menu}</ul></nav><main><article><h1>{escape(title)}</h1>\n{body}</article></main>"
        "<footer>Bản quyền thuộc về phường</footer></body></html>"
    ).encode()


def _docx(title: str, paragraphs: Sequence[str]) -> bytes:
    return docx(paragraph(title, style="H1"), *map(paragraph, paragraphs))


def _pdf(title: str, paragraphs: Sequence[str]) -> bytes:
    lines = [f"#{title}"]
    for text in paragraphs:
        line = ""
        for word in text.split():
            if len(line) + len(word) >= _LINE:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append(line)
    return pdf([lines[start : start + PAGE] for start in range(0, len(lines), PAGE)])


_WRITERS: dict[str, Callable[[str, Sequence[str]], bytes]] = {
    "txt": _txt,
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
}
