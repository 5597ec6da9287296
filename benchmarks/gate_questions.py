"""
What the gate is fitted on: every question asked once as typed and once folded, and all that it would weigh.

A question's source says what is known of it: `tune` rows name gold; a public benchmark's questions about
other laws are unanswerable here, those about a law that was ingested are answerable.
"""

from __future__ import annotations

import json
import sys
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from knowledge.beir import load
from knowledge.evaluation import Row, read_rows
from knowledge.model import Audience
from knowledge.text.folding import fold, folded_syllables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from knowledge.model import DocumentDraft
    from knowledge.search import Hit, Searcher

    Labelled = tuple[str, Row]

KEPT = 5  # candidates of each kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One candidate: what the gate weighs of it, and whether it is gold."""

    name: str
    heading: str
    figures: Mapping[str, float]
    is_gold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    One question as it was asked, with the best candidates among guides and documents.

    `source` is the file it comes from; `knows_guides` and `knows_documents` tell what its gold names.
    """

    source: str
    question: str
    expect: str
    style: str
    topic: str
    audience: str
    folded: bool
    english: bool
    knows_guides: bool
    knows_documents: bool
    guides: tuple[Candidate, ...]
    documents: tuple[Candidate, ...]

    @property
    def base(self) -> str:
        """The same for both spellings of a question: they go into one fold."""
        return plain(self.question)


def ask_all(rows: Sequence[Labelled], guides: Sequence[Searcher], documents: Searcher | None) -> list[Asked]:
    """
    Ask every row, in both spellings.

    Args:
        rows: The questions.
        guides: One searcher a part of the questions, over guides that do not hold that part's words.
        documents: Over the documents, or None where there are none.
    """
    found = []
    for source, row in rows:
        searcher = guides[part_of(row.question, len(guides))]
        for question in dict.fromkeys((row.question, fold(row.question))):
            seen = searcher.search(question, row.audience, limit=10)
            beside = documents.search(question, row.audience, limit=10).documents if documents else ()
            found.append(
                Asked(
                    source=source,
                    question=question,
                    expect=row.expect,
                    style=row.style,
                    topic=row.topic,
                    audience=row.audience.value,
                    folded=question != row.question,
                    english=seen.query.english,
                    knows_guides=any(name.startswith("guide:") for name in row.gold),
                    knows_documents=any("+" in name for name in row.gold),
                    guides=tuple(_candidate(hit, row) for hit in seen.guides[:KEPT]),
                    documents=tuple(_candidate(hit, row) for hit in beside[:KEPT]),
                )
            )
        print(f"\r{len(found)}", end="", file=sys.stderr, flush=True)
    return found


def part_of(question: str, parts: int) -> int:
    """Which part *question* belongs to, however it is spelled; the same in every run."""
    return zlib.crc32(plain(question).encode()) % parts


def plain(question: str) -> str:
    """*question* without marks, case and punctuation."""
    return " ".join(folded_syllables(question))


def without(draft: DocumentDraft, questions: frozenset[str]) -> DocumentDraft:
    """*draft* without those wordings that are among *questions*: what it was told it cannot be tested on."""
    return replace(
        draft,
        passages=tuple(
            replace(
                item,
                questions=tuple(q for q in item.questions if plain(q) not in questions) or item.questions[:1],
            )
            for item in draft.passages
        ),
    )


def _candidate(hit: Hit, row: Row) -> Candidate:
    return Candidate(
        name=hit.passage.name,
        heading=hit.passage.heading,
        figures=dict(hit.figures),
        is_gold=bool(hit.passage.gold_ids & row.gold),
    )


def rows_of(files: Sequence[Path]) -> list[Labelled]:
    """The rows of evaluation files that the gate can learn from: with gold, or to be refused."""
    return [
        (file.stem, row)
        for file in files
        for row in read_rows(file.read_text("utf-8").splitlines())
        if row.expect == "refuse" or (row.expect == "answer" and row.gold)
    ]


def as_public(rows: Iterable[Labelled], public: frozenset[str]) -> list[Labelled]:
    """
    The members' questions asked by the public: answerable where a section in *public* is gold too.

    Else to be refused: a neighbouring section would not be an answer.
    """
    found = []
    for source, row in rows:
        if row.audience is not Audience.PUBLIC:
            gold = row.gold & public
            asked = replace(row, expect="answer" if gold else "refuse", gold=gold, audience=Audience.PUBLIC)
            found.append((f"{source}-as-public", asked))
    return found


def benchmark_rows(folder: Path, names: Mapping[str, str], most: int) -> list[Labelled]:
    """
    Questions of a public benchmark: answerable where their gold article was ingested, else to be refused.

    Args:
        folder: A benchmark in BEIR layout.
        names: Our number of a law by what the benchmark calls it; only these were ingested.
        most: Unanswerable questions taken, evenly.
    """
    answerable, others = [], []
    for question in load(folder).questions:
        gold = frozenset(
            f"{names[law]}+{article}"
            for law, article in (_parted(name) for name in question.gold)
            if law in names
        )
        if gold:
            answerable.append(Row(question=question.text, expect="answer", gold=gold))
        else:
            others.append(Row(question=question.text, expect="refuse"))
    step = max(1, -(-len(others) // most))
    return [(f"bench:{folder.name}", row) for row in (*answerable, *others[::step])]


def _parted(name: str) -> tuple[str, str]:
    law, _, article = name.replace("@", "+").rpartition("+")
    return law, article


def write(asked: Sequence[Asked], file: Path) -> None:
    """Keep what was found, so that it is fitted again in seconds."""
    file.write_text("\n".join(json.dumps(_plain(item), ensure_ascii=False) for item in asked), "utf-8")


def read(file: Path) -> list[Asked]:
    """What `write` kept."""
    return [_asked(json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def _plain(item: Asked) -> dict[str, Any]:
    fields = {name: getattr(item, name) for name in Asked.__slots__}
    for kind in ("guides", "documents"):
        fields[kind] = [{name: getattr(hit, name) for name in Candidate.__slots__} for hit in fields[kind]]
    return fields


def _asked(raw: dict[str, Any]) -> Asked:
    hits = {kind: tuple(Candidate(**hit) for hit in raw[kind]) for kind in ("guides", "documents")}
    return Asked(**(raw | hits))
