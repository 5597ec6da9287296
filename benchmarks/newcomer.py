"""
Ours beside the pipeline that a newcomer would write from LangChain's documentation, in one run.

    .venv/bin/python -m benchmarks.newcomer --cache FILE            the guides and the golden questions
    .venv/bin/python -m benchmarks.newcomer --cache FILE DIR…       benchmarks in BEIR layout

Theirs: RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200), langchain_chroma.Chroma as it
comes, similarity_search(k=10) with the question as typed. Both use the built-in embedder, and both are
judged by their first ten passages.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.parts import GUIDES, cut, golden_rows, library_in, ms, p50_p95, print_table, temporary_folder
from benchmarks.sections import sections_of
from ingest.guides import load_guides
from knowledge.answering import Answerer
from knowledge.beir import figures, load, mean_figures, sample
from knowledge.embedding.builtin import BuiltinEmbedder
from knowledge.embedding.cached import CachedEmbedder
from knowledge.gate import shipped_gate
from knowledge.model import Audience
from knowledge.query import read_query
from knowledge.search import Searcher
from knowledge.trial import SPELLINGS, RehearsedEmbedder, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from knowledge.embedding.base import TextEmbedder

    Rank = Callable[[str], Sequence[frozenset[str]]]

K = 10
BATCH = 256  # chunks handed to Chroma at once
TIMED = 100


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the names any of which is right."""

    text: str
    gold: Mapping[str, int]


class Newcomer:
    """The documented pipeline over (text, metadata) documents."""

    def __init__(self, documents: Sequence[Document], embedder: TextEmbedder, folder: Path) -> None:
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        chunks = splitter.split_documents(documents)
        self.chunks = len(chunks)
        self._store = Chroma(
            collection_name="example", embedding_function=embedder, persist_directory=str(folder)
        )
        for start in range(0, len(chunks), BATCH):
            self._store.add_documents(chunks[start : start + BATCH])

    def search(self, question: str) -> list[Document]:
        """The ten chunks nearest to *question*."""
        return self._store.similarity_search(question, k=K)


@contextmanager
def _desk(cache: Path) -> Iterator[tuple[ExitStack, RehearsedEmbedder, BuiltinEmbedder]]:
    plain = BuiltinEmbedder()
    with ExitStack() as stack:
        cached = CachedEmbedder(plain, cache)
        stack.callback(cached.close)
        yield stack, RehearsedEmbedder(cached), plain


def compare_on_benchmark(folder: Path, cache: Path, size: int | None) -> None:
    """Both on a benchmark in BEIR layout."""
    benchmark = load(folder)
    benchmark = sample(benchmark, size) if size else benchmark
    questions = [Question(item.text, item.gold) for item in benchmark.questions]
    with _desk(cache) as (stack, embedder, plain):
        root = stack.enter_context(temporary_folder())
        library = stack.enter_context(library_in(root / "ours", embedder))
        trial = Trial.prepare(benchmark, library, Searcher(library), cut)
        documents = [
            Document(f"{item.title}\n{item.text}", metadata={"id": item.id}) for item in benchmark.articles
        ]
        theirs = Newcomer(documents, embedder, root / "theirs")

        def ours_rank(text: str) -> list[frozenset[str]]:
            hits = trial.searcher.search(text, Audience.PUBLIC, limit=K).documents
            return [frozenset((trial.article_of[hit.passage.id],)) for hit in hits]

        def their_rank(text: str) -> list[frozenset[str]]:
            return [frozenset((str(item.metadata["id"]),)) for item in theirs.search(text)]

        title = f"{benchmark.name}: {len(benchmark.articles)} articles, {len(questions)} questions"
        dense = [read_query(item.text, library.restorer).dense for item in questions]
        _report(title, questions, {"newcomer": their_rank, "Bình An": ours_rank}, (plain, dense))


def compare_on_guides(guides: Path, cache: Path) -> None:
    """Both on the guides for the public, with the golden questions that they answer."""
    questions = [Question(row.question, dict.fromkeys(row.gold, 1)) for row in golden_rows() if row.gold]
    files = {draft.meta.key: draft for draft in load_guides(guides)}
    public = {key: draft for key, draft in files.items() if draft.meta.audience is Audience.PUBLIC}
    with _desk(cache) as (stack, embedder, plain):
        root = stack.enter_context(temporary_folder())
        library = stack.enter_context(library_in(root / "ours", embedder))
        for draft in public.values():
            library.publish(draft)
        library.finish()
        answerer = Answerer(library, Searcher(library), shipped_gate())
        texts = {key: (guides / f"{key.partition(':')[2]}.md").read_text("utf-8") for key in public}
        documents = [Document(text, metadata={"key": key}) for key, text in texts.items()]
        theirs = Newcomer(documents, embedder, root / "theirs")

        def ours_rank(text: str) -> list[frozenset[str]]:
            return [frozenset((passage.name,)) for passage in answerer.rank(text, Audience.PUBLIC)]

        def their_rank(text: str) -> list[frozenset[str]]:
            return [
                sections_of(texts[key], key, int(item.metadata["start_index"]), len(item.page_content))
                for item in theirs.search(text)
                if (key := str(item.metadata["key"]))
            ]

        title = f"guides: {len(public)} guides, {len(questions)} golden questions"
        dense = [read_query(item.text, library.restorer).dense for item in questions]
        _report(title, questions, {"newcomer": their_rank, "Bình An": ours_rank}, (plain, dense))


def score(ranked: Sequence[frozenset[str]], gold: Mapping[str, int]) -> dict[str, float]:
    """
    The figures of passages that each may stand for several names.

    A passage counts as a gold name if it has one; a name counts where it stands first.
    """
    names = [min(found & gold.keys() or found or {f"-{place}"}) for place, found in enumerate(ranked)]
    return figures(list(dict.fromkeys(names)), gold)


def _report(
    title: str,
    questions: Sequence[Question],
    ranks: Mapping[str, Rank],
    embedding: tuple[TextEmbedder, list[str]],
) -> None:
    plain, dense = embedding
    print(f"### {title}\n")
    shown = ("hit@1", "hit@5", "hit@10", "recall@10", "MRR@10", "nDCG@10")
    rows = []
    for name, rank in ranks.items():
        for spelling, spell in SPELLINGS.items():
            got = mean_figures([score(rank(spell(item.text)), item.gold) for item in questions])
            rows.append([name, spelling, *(f"{got[figure]:.3f}" for figure in shown)])
    print_table(["pipeline", "questions", *shown], rows)
    step = max(1, len(questions) // TIMED)
    spent: dict[str, list[float]] = {name: [] for name in ("embedding", *ranks)}
    for item, text in list(zip(questions, dense, strict=True))[::step]:
        spent["embedding"].append(ms(lambda text=text: plain.embed_query(text)))  # type: ignore[misc]
        for name, rank in ranks.items():
            spent[name].append(ms(lambda rank=rank, item=item: rank(item.text)))  # type: ignore[misc]
    rows = [[name, p50_p95(values)] for name, values in spent.items()]
    print_table(["a question, ms (pipelines: beyond the embedding)", "p50 / p95"], rows)


def main() -> None:
    """Compare on the folders given, or on the guides."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", help="benchmarks in BEIR layout; none: the guides")
    parser.add_argument("--cache", type=Path, required=True, help="file that keeps vectors between runs")
    parser.add_argument("--guides", type=Path, default=GUIDES)
    parser.add_argument("--sample", type=int, help="all gold articles and others up to this many")
    options = parser.parse_args()
    if not options.folders:
        compare_on_guides(options.guides, options.cache)
    for folder in options.folders:
        compare_on_benchmark(folder, options.cache, options.sample)


if __name__ == "__main__":
    main()
