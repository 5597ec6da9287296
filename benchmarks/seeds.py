"""
Whether pages answer questions about their own figures, with the right passage, title and day.

    .venv/bin/python -m benchmarks.seeds PATH [--laws DIR] [--cache FILE] [--data DIR] [--misses]

PATH is a folder of articles saved from portals as text, named as `gold` in `tests/golden/seeds.jsonl` says
(`seeds/<file name>`); they are read, cleaned and published beside the guides, with `--laws` beside laws too.
A question is right if it is answered from a page of `gold`, the quotation holds every one of `figures`, the
title stands at the head of that page and the day is the one in `ISSUED`; or, where `expect` is `refuse`, if
it is refused. `--misses` lists the others: the questions are ours, made up, and may be shown.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks.parts import GUIDES, ROOT, library_in, print_table, temporary_folder
from ingest.document import read_document
from ingest.guides import load_guides
from knowledge.answer import Status
from knowledge.answering import Answerer
from knowledge.embedding.builtin import BuiltinEmbedder
from knowledge.embedding.cached import CachedEmbedder
from knowledge.gate import shipped_gate
from knowledge.model import Audience
from knowledge.search import Searcher
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.answer import Answer, Citation
    from knowledge.embedding.base import TextEmbedder
    from knowledge.library import Library

    Verdict = Literal["right", "refused", "wrong"]

QUESTIONS = ROOT / "tests" / "golden" / "seeds.jsonl"
COLLECTION = "seeds"
ISSUED = {"000": "2018-12-24", "001": "2020-08-11", "002": "2023-03-08", "003": "2021-06-10", "004": ""}
_HEAD = 20  # lines of a page among which its title stands
_TITLE = 40  # characters; no line of a menu is as long


class Bench:
    """A library of guides, pages and laws, and what its answers are worth."""

    def __init__(self, answerer: Answerer, pages: Path) -> None:
        self._answerer = answerer
        self._pages = pages

    def judge(self, row: dict[str, object], question: str) -> tuple[Verdict, str]:
        """What the answer to *question*, a spelling of *row*'s, is worth, and why it is not right."""
        answer = self._answerer.answer(question, Audience.PUBLIC)
        if row["expect"] == "refuse":
            return ("right", "") if answer.status is Status.REFUSED else ("wrong", _where(answer))
        if answer.status is Status.REFUSED:
            return "refused", f"{answer.confidence or 0:.2f}"
        fault = self._fault(answer, row)
        return ("wrong", f"{fault}: {_where(answer)}") if fault else ("right", "")

    def _fault(self, answer: Answer, row: dict[str, object]) -> str:
        gold, figures = row["gold"], row["figures"]
        assert isinstance(gold, list)  # noqa: S101 - our own file
        assert isinstance(figures, list)  # noqa: S101 - likewise
        if not answer.citations:
            return "no citation"
        cited = answer.citations[0]
        if not {cited.id, cited.id.partition("#")[0]} & set(gold):
            return "another source"
        if not all(holds(cited.quote, figure) for figure in figures):
            return "figure not quoted"
        if cited.id.startswith("guide:"):
            return ""
        return "" if self._dated_and_titled(cited) else "title or day"

    def _dated_and_titled(self, cited: Citation) -> bool:
        name = cited.id.partition("#")[0].removeprefix(f"{COLLECTION}/")
        head = (self._pages / name).read_text("utf-8").split("\n")[:_HEAD]
        titled = len(cited.title) >= _TITLE and any(cited.title in line for line in head)
        return titled and cited.date == ISSUED[name[:3]]


def holds(quote: str, figure: str) -> bool:
    """Whether *figure* stands in *quote*, and not only inside a longer number."""
    return re.search(rf"(?<![\d.,/]){re.escape(figure)}(?![\d]|[.,/]\d)", quote) is not None


def _where(answer: Answer) -> str:
    return answer.citations[0].id if answer.citations else answer.status.value


def spellings(question: str) -> Iterable[tuple[str, str]]:
    """*question* as typed, and as on a telephone in a hurry: small letters without diacritics."""
    yield "as typed", question
    yield "no diacritics", fold(question).rstrip(" ?")


def measure(bench: Bench, *, misses: bool) -> None:
    """Print right, refused and wrong by spelling and by what is expected."""
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines() if line]
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        for spelling, question in spellings(row["question"]):
            verdict, why = bench.judge(row, question)
            counts[spelling, row["expect"], verdict] += 1
            if misses and verdict != "right":
                print(f"{row['id']} {spelling}: {verdict} ({why}) {question}", flush=True)
    table = [
        [
            spelling,
            expect,
            *(str(counts[spelling, expect, verdict]) for verdict in ("right", "refused", "wrong")),
        ]
        for spelling, expect in dict.fromkeys((spelling, expect) for spelling, expect, _ in counts)
    ]
    print_table(["spelling", "expected", "right", "refused", "wrong"], table)


def fill(library: Library, pages: Path, laws: Path | None) -> None:
    """Publish the guides, the *pages* and the *laws*, as far as they are not in already."""
    files = [(f"{COLLECTION}/{path.name}", path) for path in sorted(pages.glob("*.txt"))]
    files += [(f"laws/{path.name}", path) for path in (sorted(laws.glob("*.txt")) if laws else ())]
    known = library.hashes("")
    drafts = [*load_guides(GUIDES), *(read_document(path, key=key) for key, path in files)]
    for draft in drafts:
        if known.get(draft.meta.key) != draft.content_hash:
            library.publish(draft)
    for key in known.keys() - {draft.meta.key for draft in drafts}:
        library.remove(key)
    library.finish()


def main() -> None:
    """Build the library and ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pages", type=Path, help="folder of articles saved as text")
    parser.add_argument("--laws", type=Path, help="folder of laws as text, published beside them")
    parser.add_argument("--cache", type=Path, help="file that keeps vectors between runs")
    parser.add_argument("--data", type=Path, help="folder that keeps the library between runs")
    parser.add_argument("--misses", action="store_true", help="list what is not right")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = options.data or stack.enter_context(temporary_folder()) / "data"
        embedder: TextEmbedder = BuiltinEmbedder()
        if options.cache:
            embedder = stack.enter_context(closing(CachedEmbedder(embedder, options.cache)))
        library = stack.enter_context(library_in(folder, embedder))
        fill(library, options.pages, options.laws)
        answerer = Answerer(library, Searcher(library), shipped_gate())
        measure(Bench(answerer, options.pages), misses=options.misses)


if __name__ == "__main__":
    main()
