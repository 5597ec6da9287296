"""
Times and memory of the product beside what they consist of.

    .venv/bin/python -m benchmarks.latency answer  FOLDER     an answer beside its own embedding
    .venv/bin/python -m benchmarks.latency start   FOLDER     `binhan ask` from nothing to the answer
    .venv/bin/python -m benchmarks.latency memory  FOLDER     `binhan serve` after 100 questions
    .venv/bin/python -m benchmarks.latency ingest             publishing beside embedding the same passages

FOLDER is a data folder that holds the guides (`binhan serve` fills it); no process may hold it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from benchmarks.parts import GUIDES, golden_rows, library_in, ms, p50_p95, print_table, temporary_folder
from bot.serve import claim_port
from ingest.guides import load_guides
from knowledge.answering import Answerer
from knowledge.beir import percentile
from knowledge.embedding.builtin import BuiltinEmbedder
from knowledge.gate import shipped_gate
from knowledge.model import Audience, indexed_text
from knowledge.query import read_query
from knowledge.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator

BINHAN = Path(sys.executable).with_name("binhan")
STARTS = 5
ASKED = 100
STARTUP_LIMIT_S = 120.0


def answer_beside_embedding(folder: Path) -> None:
    """Every golden question once: embedded by itself, then answered; the two take turns in going first."""
    embedder = BuiltinEmbedder()
    rows = golden_rows()
    alone: list[float] = []
    whole: list[float] = []
    search: list[float] = []
    with library_in(folder, embedder) as library:
        answerer = Answerer(library, Searcher(library), shipped_gate())
        answerer.answer(rows[0].question, Audience.PUBLIC)
        for at, row in enumerate(rows):
            text = read_query(row.question, library.restorer).dense

            def embed(text: str = text) -> None:
                alone.append(ms(lambda: embedder.embed_query(text)))

            def answer(question: str = row.question) -> None:
                begun = time.perf_counter()
                search.append(answerer.answer(question, Audience.PUBLIC).timings.search)
                whole.append((time.perf_counter() - begun) * 1e3)

            for work in (embed, answer) if at % 2 else (answer, embed):
                work()
    rows_out = [
        ["its embedding alone", p50_p95(alone)],
        ["the answer", p50_p95(whole)],
        ["of it search", p50_p95(search)],
    ]
    print_table([f"{len(rows)} golden questions, ms", "p50 / p95"], rows_out)
    ratio = percentile(whole, 0.5) / percentile(alone, 0.5)
    print(f"answer / embedding, p50: **{ratio:.2f}** (bar: 1.5)\n", flush=True)


def start_to_answer(folder: Path) -> None:
    """`binhan ask` in a fresh process, wall clock."""
    command = [str(BINHAN), "ask", "--json", "hang xom danh nhau thi goi ai hoa giai"]
    took = []
    for _ in range(STARTS):
        begun = time.perf_counter()
        subprocess.run(
            command, env=_environment(folder), check=True, capture_output=True, timeout=STARTUP_LIMIT_S
        )
        took.append(time.perf_counter() - begun)
    shown = [[f"{statistics.median(took):.2f}", f"{min(took):.2f}", f"{max(took):.2f}"]]
    print_table([f"start to first answer, {STARTS} runs: median, s (bar: 5)", "best", "worst"], shown)


def memory_of_serve(folder: Path) -> None:
    """Resident memory of `binhan serve`, before and after questions over HTTP."""
    with _served(folder) as (process, client):
        before = _resident_mb(process.pid)
        took = []
        rows = golden_rows()
        for row in rows[:: max(1, len(rows) // ASKED)][:ASKED]:
            begun = time.perf_counter()
            client.post("/api/ask", json={"question": row.question}).raise_for_status()
            took.append((time.perf_counter() - begun) * 1e3)
        after = _resident_mb(process.pid)
    shown = [[f"{before:.0f}", f"{after:.0f}", p50_p95(took)]]
    print_table(
        [
            "`binhan serve`, MB resident, ready",
            f"after {len(took)} questions (bar: 700)",
            "an answer over HTTP, ms, p50 / p95",
        ],
        shown,
    )


def ingest_beside_embedding(guides: Path) -> None:
    """
    The sections of the guides, without their variants: embedded alone, and published as documents.

    Document by document, the two taking turns, so that other work on the machine meets both alike.
    """
    embedder = BuiltinEmbedder()
    drafts = [
        replace(draft, passages=tuple(replace(item, questions=()) for item in draft.passages))
        for draft in load_guides(guides)
    ]
    alone = whole = 0.0
    with temporary_folder() as root, library_in(root, embedder) as library:
        for at, draft in enumerate(drafts):
            texts = [indexed_text(item) for item in draft.passages]
            embed_first = at % 2 == 0
            if embed_first:
                alone += ms(lambda texts=texts: embedder.embed_documents(texts))  # type: ignore[misc]
            whole += ms(lambda draft=draft: library.publish(draft))  # type: ignore[misc]
            if not embed_first:
                alone += ms(lambda texts=texts: embedder.embed_documents(texts))  # type: ignore[misc]
        whole += ms(library.finish)
    count = sum(len(draft.passages) for draft in drafts)
    shown = [["embedding alone", f"{count / alone * 1e3:.1f}"], ["publishing", f"{count / whole * 1e3:.1f}"]]
    print_table([f"{len(drafts)} documents, {count} passages", "passages a second"], shown)
    print(f"publishing / embedding: **{alone / whole:.2f}** (bar: 0.85)\n", flush=True)


@contextmanager
def _served(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    with claim_port("127.0.0.1", 0) as probe:
        port = probe.getsockname()[1]
    command = [str(BINHAN), "serve", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=_environment(folder), stdout=quiet, stderr=quiet) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                _wait_until_ready(client, process)
                yield process, client
        finally:
            process.terminate()


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTUP_LIMIT_S
    while time.monotonic() < until and process.poll() is None:
        try:
            client.get("/healthz").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("binhan serve did not come up; is the data folder free?")


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"BINHAN_DATA": str(folder)}


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    kinds = parser.add_subparsers(dest="what", required=True)
    measures = {"answer": answer_beside_embedding, "start": start_to_answer, "memory": memory_of_serve}
    for name in measures:
        kinds.add_parser(name).add_argument("folder", type=Path)
    kinds.add_parser("ingest").add_argument("--guides", type=Path, default=GUIDES)
    options = parser.parse_args()
    if options.what == "ingest":
        ingest_beside_embedding(options.guides)
    else:
        measures[options.what](options.folder)


if __name__ == "__main__":
    main()
