"""
What is read back from documents: kinds, repairs, words, frames dropped, Điều and khoản, letters of scans.

    .venv/bin/python -m benchmarks.documents --pages DIR --laws DIR --scans 20

`--pages` is a folder of files with `.json` sidecars (`must_keep`, `must_drop`). Files `d_*` are measured
against the text they were made from: the `clean_*` reference beside them, or what Python alone makes of
the file named `*mojibake*`. `--laws` is a folder of laws as text, where articles begin with `Điều n.`.
`--scans` draws that many pages of those laws, spoils them and reads them by OCR.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
import time
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.scans import Faults, character_error_rate, choose_font, draw, spoil, wrapped
from ingest.document import read_document
from ingest.errors import IngestError
from ingest.repair import repair
from ingest.sandbox import extract
from ingest.trust.hidden import hidden_texts
from ingest.trust.inspection import inspect, without_traps
from ingest.trust.sources import read_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.model import DocumentDraft

_WORD = re.compile(r"\w+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ARTICLE = re.compile(r"^Điều (\d+[a-zđ]?)\.", re.MULTILINE)
_CLAUSE = re.compile(r"^[*_ ]*(\d{1,3}[a-zđ]?\\?\.[*_]*\s+\S.{0,60})", re.MULTILINE)
_EMPHASIS = re.compile(r"[*_\\\s]+")
_BAR = 0.01  # character error rate
_LINES = 36  # of a drawn page


def words(text: str) -> Counter[str]:
    """The words of *text*, whatever their case, composition and place of tone (hoà and hòa are one)."""
    found: Counter[str] = Counter()
    for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
        parts = unicodedata.normalize("NFD", word)
        tones = "".join(char for char in parts if char in _TONES)
        found["".join(char for char in parts if char not in _TONES) + tones] += 1
    return found


def recall(truth: Counter[str], read: Counter[str]) -> float:
    """The share of *truth*'s words that *read* has, each as often as there."""
    return sum((truth & read).values()) / max(1, truth.total())


def shown(draft: DocumentDraft) -> str:
    """All that a reader of the passages sees: title, headings once, texts."""
    headings = dict.fromkeys(passage.heading.partition(" (")[0] for passage in draft.passages)
    return "\n".join([draft.meta.title, *headings, *(passage.text for passage in draft.passages)])


def measure_pages(folder: Path) -> None:
    """Print a line for each file of *folder*."""
    truths = [words(text) for text in _truths(folder)]
    counts: Counter[str] = Counter()
    print("| file | kind | passages | repairs | **held for**, noted | word recall | kept | dropped | s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for path in sorted(folder.iterdir()):
        sidecar = folder / f"{path.name}.json"
        if not sidecar.exists():
            continue
        told = json.loads(sidecar.read_text("utf-8"))
        begun = time.perf_counter()
        cells, text = _page(path)
        exact = f"{max(recall(truth, words(text)) for truth in truths):.4f}" if path.name[:2] == "d_" else ""
        keep, drop = told.get("must_keep", []), told.get("must_drop", [])
        kept, left = sum(part in text for part in keep), sum(part in text for part in drop)
        counts.update(kept=kept, keep=len(keep), left=left, drop=len(drop))
        found = (_of(kept, keep), _of(len(drop) - left, drop), f"{time.perf_counter() - begun:.2f}")
        print("| " + " | ".join((path.name, *cells, exact, *found)) + " |")
    print(f"\nmust_keep: {counts['kept']} of {counts['keep']} kept")
    print(f"must_drop: {counts['left']} of {counts['drop']} left")


def _page(path: Path) -> tuple[tuple[str, str, str, str], str]:
    """Kind, passages, repairs and flags as cells, and the text that would be published."""
    sources = read_sources()
    try:
        draft = read_document(path, key=path.name)
    except IngestError as error:
        return (f"refused: {error.code}", "", "", ""), ""
    found = inspect(draft, sources=sources, today=datetime.now(tz=UTC).date(), hidden=hidden_texts(path))
    grave = any(flag.is_grave for flag in found)
    flags = dict.fromkeys(f"**{flag.code}**" if flag.is_grave else flag.code.value for flag in found)
    # What a person lets in goes without its traps.
    text = shown(without_traps(draft, sources) if grave else draft)
    return (draft.meta.kind.value, str(len(draft.passages)), ", ".join(draft.repairs), ", ".join(flags)), text


def _truths(folder: Path) -> list[str]:
    clean = [path.read_text("utf-8") for path in folder.glob("clean_*.txt")]
    return clean + [
        path.read_text("utf-8").encode("latin-1").decode("utf-8") for path in folder.glob("*mojibake*.txt")
    ]


def _of(count: int, wanted: list[str]) -> str:
    return f"{count}/{len(wanted)}" if wanted else ""


def measure_laws(folder: Path) -> None:
    """Print how many Điều and khoản of the files' own come back, law by law where they differ."""
    all_articles = found_articles = all_clauses = found_clauses = laws = 0
    for path in sorted(folder.glob("*.txt")):
        source = path.read_text("utf-8")
        draft = read_document(path, key=path.name)
        articles = set(_ARTICLE.findall(source))
        found = {
            re.findall(r"Điều (\d+[a-zđ]?)", passage.locator)[0]
            for passage in draft.passages
            if "Điều" in passage.locator
        }
        wanted = _clauses([source])
        clauses, read = len(wanted), len(wanted & _clauses(passage.text for passage in draft.passages))
        laws += 1
        all_articles, found_articles = all_articles + len(articles), found_articles + len(articles & found)
        all_clauses, found_clauses = all_clauses + clauses, found_clauses + read
        if articles != found or clauses != read:  # what an Điều printed twice says is there once
            print(f"{path.name}: Điều {len(found)} of {len(articles)}, khoản {read} of {clauses}")
    print(f"{laws} laws: {found_articles} of {all_articles} Điều, {found_clauses} of {all_clauses} khoản.")


def _clauses(texts: Iterable[str]) -> set[str]:
    """How each khoản begins, without the marks of emphasis and the kinds of blanks."""
    return {_EMPHASIS.sub("", repair(begun))[:40] for text in texts for begun in _CLAUSE.findall(text)}


def measure_scans(folder: Path, count: int, faults: Faults) -> None:
    """Print the character error rate of *count* drawn pages."""
    rates, seconds = [], []
    texts = _page_texts(folder, count)
    with tempfile.TemporaryDirectory(prefix="binhan-bench-") as name:
        for number, lines in enumerate(texts):
            path = Path(name) / f"{number}.png"
            spoil(draw(lines, font=choose_font(number), dpi=faults.dpi), faults, seed=number).save(path)
            begun = time.perf_counter()
            try:
                read = "\n".join(extract("image", path).lines)
            except IngestError as error:
                print(f"page {number}: {error.code}")
                read = ""
            seconds.append(time.perf_counter() - begun)
            rates.append(character_error_rate("\n".join(lines), read))
            if rates[-1] > _BAR:
                print(f"page {number} ({choose_font(number)}): {rates[-1]:.2%}")
    print(
        f"{len(rates)} pages at {faults.dpi} dpi, tilt {faults.tilt}°, noise {faults.noise:g}, shadow "
        f"{faults.shadow:.0%}: CER median {statistics.median(rates):.2%}, mean {statistics.mean(rates):.2%}, "
        f"worst {max(rates):.2%}; {statistics.median(seconds):.1f} s a page."
    )


def _page_texts(folder: Path, count: int) -> Iterable[list[str]]:
    files = sorted(folder.glob("*.txt"))
    for number in range(count):
        lines = wrapped(files[number % len(files)].read_text("utf-8"))
        start = (number // len(files) * 7 + 3) * _LINES % max(1, len(lines) - _LINES)
        yield lines[start : start + _LINES]


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=Path, help="folder of pages with sidecars")
    parser.add_argument("--laws", type=Path, help="folder of laws as text")
    parser.add_argument("--scans", type=int, default=0, help="pages to draw from the laws and read by OCR")
    parser.add_argument("--dpi", type=int, default=150, help="of the drawn pages")
    options = parser.parse_args()
    if options.pages:
        measure_pages(options.pages)
    if options.laws:
        measure_laws(options.laws)
        if options.scans:
            measure_scans(options.laws, options.scans, Faults(dpi=options.dpi))


if __name__ == "__main__":
    main()
