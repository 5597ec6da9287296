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
import resource
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from benchmarks.parts import GUIDES, golden_rows, library_in, p50_p95, print_table, temporary_folder
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
    from collections.abc import Callable, Iterator

BINHAN = Path(sys.executable).with_name("binhan")
STARTS = 5
ASKED = 100
STARTUP_LIMIT_S = 600.0  # guides that changed since are embedded first


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds by the clock and of the processors; other work on the machine slows the first more."""

    wall: float
    processor: float


def spend(work: Callable[[], object]) -> Spent:
    """What *work* takes."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Spent((time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3)


def answer_beside_embedding(folder: Path) -> None:
    """Every golden question once: embedded by itself, then answered; the two take turns in going first."""
    embedder = BuiltinEmbedder()
    rows = golden_rows()
    alone: list[Spent] = []
    whole: list[Spent] = []
    with library_in(folder, embedder) as library:
        answerer = Answerer(library, Searcher(library), shipped_gate())
        answerer.warm_up()  # as `binhan serve` does
        for at, row in enumerate(rows):
            text = read_query(row.question, library.restorer).dense
            embed = partial(embedder.embed_query, text)
            answer = partial(answerer.answer, row.question, Audience.PUBLIC)
            for into, work in ((alone, embed), (whole, answer))[:: 1 if at % 2 else -1]:
                into.append(spend(work))
    shown = [
        [name, p50_p95([item.wall for item in spent]), p50_p95([item.processor for item in spent])]
        for name, spent in (("its embedding alone", alone), ("the answer", whole))
    ]
    head = f"{len(rows)} golden questions, ms"
    print_table([head, "p50 / p95", "processor time, p50 / p95"], shown)
    for name in ("wall", "processor"):
        ratio = _p50(whole, name) / _p50(alone, name)
        print(f"answer / embedding, p50, {name}: **{ratio:.2f}** (bar: 1.5)\n", flush=True)


def _p50(spent: list[Spent], name: str) -> float:
    return percentile([getattr(item, name) for item in spent], 0.5)


def start_to_answer(folder: Path) -> None:
    """`binhan ask` in a fresh process: wall clock, and the processor time it took."""
    command = [str(BINHAN), "ask", "--json", "hang xom danh nhau thi goi ai hoa giai"]
    took: list[float] = []
    worked: list[float] = []
    for _ in range(STARTS):
        begun, before = time.perf_counter(), _processor_of_children()
        subprocess.run(
            command, env=_environment(folder), check=True, capture_output=True, timeout=STARTUP_LIMIT_S
        )
        took.append(time.perf_counter() - begun)
        worked.append(_processor_of_children() - before)
    shown = [
        [
            f"{value:.2f}"
            for value in (statistics.median(took), min(took), max(took), statistics.median(worked))
        ]
    ]
    head = f"start to first answer, {STARTS} runs: median, s (bar: 5)"
    print_table([head, "best", "worst", "processor time, median"], shown)


def _processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory_of_serve(folder: Path) -> None:
    """Resident memory of `binhan serve`, before and after questions over HTTP."""
    with served(folder) as (process, client):
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
    alone: list[Spent] = []
    whole: list[Spent] = []
    with temporary_folder() as root, library_in(root, embedder) as library:
        for at, draft in enumerate(drafts):
            embed = partial(embedder.embed_documents, [indexed_text(item) for item in draft.passages])
            for into, work in ((alone, embed), (whole, partial(library.publish, draft)))[
                :: 1 if at % 2 else -1
            ]:
                into.append(spend(work))
        whole.append(spend(library.finish))
    count = sum(len(draft.passages) for draft in drafts)
    sums = {
        name: (sum(item.wall for item in spent), sum(item.processor for item in spent))
        for name, spent in (("embedding alone", alone), ("publishing", whole))
    }
    shown = [[name, *(f"{count / each * 1e3:.1f}" for each in spent)] for name, spent in sums.items()]
    head = f"{len(drafts)} documents, {count} passages"
    print_table([head, "passages a second", "a second of processor time"], shown)
    ratios = [a / b for a, b in zip(*sums.values(), strict=True)]
    print(f"publishing / embedding: **{ratios[0]:.2f}**, processor {ratios[1]:.2f} (bar: 0.85)\n", flush=True)


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """`binhan serve` on a data folder, ready, and a client for it; stopped at the end."""
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
