"""
Bringing in many documents: throughput beside embedding, memory, kills, and looking again.

    .venv/bin/python -m benchmarks.ingest_scale throughput [--rounds 6 --documents 8 --paragraphs 10]
    .venv/bin/python -m benchmarks.ingest_scale whole ROOT [--documents 5000 --part 540 --text-only]
    .venv/bin/python -m benchmarks.ingest_scale again ROOT [--documents 5000 --text-only]

`throughput` embeds for real. `whole` does not: 100,000 real embeddings take hours, so a **stand-in embedder**
of the same dimension gives each text a vector by its hash; everything else is the real thing, the guides are
there too. It kills the sync (SIGKILL) after `--part` seconds and may be called again until all is in: the
next call goes on. `again` syncs the unchanged folder in a fresh process. Documents are made up
(`benchmarks.made_up_folder`). `--base FILE`, a cache of vectors, lends the directions of made-up ones.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.made_up_folder import MIXED, PARAGRAPHS, TEXT, pool_of, write_folder
from benchmarks.parts import GUIDES, library_in, print_table, temporary_folder
from benchmarks.scale import NOISE
from bot.workplace import LocalWorkplace
from ingest.document import read_document
from ingest.guides import load_guides
from ingest.seen import Seen
from ingest.sync import Action, apply, plan, scan
from ingest.trust.book import TrustBook
from ingest.trust.gate import TrustGate
from ingest.trust.sources import read_sources
from knowledge.embedding.base import TextEmbedder
from knowledge.embedding.builtin import NAME, BuiltinEmbedder
from knowledge.model import Audience, indexed_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from ingest.sync import Outcome
    from knowledge.library import Library

COLLECTION = "made-up"
TODAY = date(2026, 11, 28)
_LOOKS_S = 0.5
_TELLS = 50  # documents between two words of progress


class StandInEmbedder(TextEmbedder):
    """
    No model: a vector by the hash of a text, near one of a few hundred directions, as e5's vectors crowd.

    Claims the built-in's name, so that what it filled may be searched with real questions.
    """

    name = NAME
    dimension = 384

    def __init__(self, base: Path | None = None) -> None:
        self.embedded = 0
        self._centres = _vectors_in(base) if base else np.random.default_rng(0).normal(size=(300, 384)) + 3.0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""
        self.embedded += len(texts)
        return [self._vector(text) for text in texts]

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        random = np.random.default_rng(seed)
        centre = self._centres[random.integers(len(self._centres))]
        step = random.normal(size=self.dimension) * NOISE * np.linalg.norm(centre) / self.dimension**0.5
        moved = centre + step
        unit: list[float] = (moved / np.linalg.norm(moved)).astype(np.float32).tolist()
        return unit


def _vectors_in(cache: Path) -> NDArray[np.float32]:
    with closing(sqlite3.connect(f"file:{cache}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT vector FROM vectors LIMIT 1000").fetchall()
    return np.array([np.frombuffer(row[0], dtype=np.float32) for row in rows])


@contextmanager
def _gate(library: Library, root: Path) -> Iterator[TrustGate]:
    book = TrustBook.open(root)
    try:
        shelf = LocalWorkplace(library, None)  # type: ignore[arg-type] - nobody asks here
        yield TrustGate(shelf, book=book, sources=read_sources(root), today=TODAY)
    finally:
        book.close()


def bring_in(library: Library, root: Path, folder: Path, report: Callable[[Outcome], None]) -> list[Outcome]:
    """What `binhan ingest sync` does with an open library, but for the words learnt at its end."""
    with (
        scan(folder, collection=COLLECTION, seen=Seen.in_data(root, folder)) as found,
        _gate(library, root) as gate,
    ):
        todo = plan(found.hashes, found.comparable(gate.hashes(f"{COLLECTION}/")))
        return apply(todo, paths=found.paths, library=gate, report=report, prepare=library.prepare)


def throughput(rounds: int, documents: int, paragraphs: int, pause: float) -> None:
    """The same passages embedded by themselves and brought in as files; the two take turns in going first."""
    embedder = BuiltinEmbedder()
    pool = pool_of(GUIDES)
    ratios: list[float] = []
    head = ("round", "passages", "embedding alone, passages a second", "brought in from files", "ratio")
    print_table([*head, "embedding's share of processor time"], [])
    with temporary_folder() as root:
        data = root / "data"
        with library_in(data, StandInEmbedder()):
            pass  # the exemplars, which are none of the documents
        with library_in(data, embedder) as library:
            for at in range(rounds):
                folder = root / str(at)
                write_folder(folder, pool, documents, paragraphs=paragraphs, first=at * documents)
                took = _one_round(library, embedder, folder, data, sync_first=bool(at % 2))
                ratios.append(took["alone"] / took["sync"])
                speeds = [f"{took['passages'] / took[name]:.2f}" for name in ("alone", "sync")]
                row = [str(at + 1), f"{took['passages']:.0f}", *speeds, f"{ratios[-1]:.2f}"]
                row.append(f"{took['processor']:.2f}")
                print(f"| {' | '.join(row)} |", flush=True)
                time.sleep(pause)
    middle, spread = statistics.mean(ratios), statistics.stdev(ratios) / len(ratios) ** 0.5
    print(
        f"\n{len(ratios)} rounds, ratio: mean **{middle:.2f}**, standard error {spread:.3f}, "
        f"lowest {min(ratios):.2f} (bar: 0.85)\n",
        flush=True,
    )


def _one_round(
    library: Library, embedder: BuiltinEmbedder, folder: Path, data: Path, *, sync_first: bool
) -> dict[str, float]:
    files = sorted(path for path in folder.rglob("*.*") if not path.name.startswith("."))
    drafts = [read_document(path, key=path.name) for path in files]
    texts = [indexed_text(item) for draft in drafts for item in draft.passages]
    took = {"passages": float(len(texts))}

    def alone() -> None:
        embedder.embed_documents(texts)

    def sync() -> None:
        outcomes = bring_in(library, data, folder, lambda _: None)
        came_in = sum(outcome.passages for outcome in outcomes if outcome.action is Action.ADDED)
        if came_in != len(texts):
            raise SystemExit(f"{came_in} of {len(texts)} passages came in")

    for name, work in (("alone", alone), ("sync", sync))[:: -1 if sync_first else 1]:
        begun, worked = time.perf_counter(), _processor()
        work()
        took[name] = time.perf_counter() - begun
        took[f"{name}_processor"] = _processor() - worked
    took["processor"] = took["alone_processor"] / took["sync_processor"]
    return took


def _processor() -> float:
    """Seconds of processor time of this process and those of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def whole(root: Path, options: argparse.Namespace) -> None:
    """One part of the sync in a process of its own: killed after `--part` seconds, or done."""
    folder = root / "folder"
    root.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    shares = TEXT if options.text_only else MIXED
    write_folder(folder, pool_of(GUIDES), options.documents, shares=shares)
    print(f"folder ready: {time.perf_counter() - begun:.0f} s", flush=True)
    told = _watched("child", root, options)
    print(json.dumps(told, indent=1), flush=True)
    with (root / "parts.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")


def again(root: Path, options: argparse.Namespace) -> None:
    """Sync the unchanged folder in a fresh process: as it is, and once more with every file read."""
    for how in ("look", "rehash"):
        print(how, json.dumps(_watched(how, root, options)), flush=True)


def _watched(how: str, root: Path, options: argparse.Namespace) -> dict[str, object]:
    """Run a child; its last words, its memory at the most, and whether it was killed."""
    command = [sys.executable, "-m", "benchmarks.ingest_scale", how, str(root)]
    command += ["--base", str(options.base)] if options.base else []
    begun = time.monotonic()
    most = most_with_readers = 0.0
    log = root / "child.log"
    with (
        log.open("w", encoding="utf-8") as out,
        subprocess.Popen(command, stdout=out, start_new_session=True) as process,
    ):
        while process.poll() is None and time.monotonic() - begun < options.part:
            own, readers = _megabytes(process.pid)
            most, most_with_readers = max(most, own), max(most_with_readers, own + readers)
            time.sleep(_LOOKS_S)
        killed = process.poll() is None
        if killed:
            os.killpg(process.pid, signal.SIGKILL)
    lines = log.read_text("utf-8").splitlines()
    last = json.loads(lines[-1]) if lines else {}
    return {
        "how": how,
        "killed": killed,
        "code": process.returncode,
        "seconds": round(time.monotonic() - begun, 1),
        "most_mb": round(most),
        "most_mb_with_readers": round(most_with_readers),
        **last,
    }


def _megabytes(pid: int) -> tuple[float, float]:
    """Resident memory of a process, and of all that descend from it; what is shared is counted by share."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text("utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    sizes = {number: _proportional(number) for number in found}
    return sizes.pop(pid), sum(sizes.values())


def _proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def child(root: Path, base: Path | None, *, rehash: bool, fills: bool) -> None:
    """Open the library, sync, and tell how it goes as JSON, one object a line."""
    begun = time.perf_counter()
    embedder = StandInEmbedder(base)
    data, folder = root / "data", root / "folder"
    told: dict[str, object] = {}

    def tell(**words: object) -> None:
        told.update(words, total_s=round(time.perf_counter() - begun, 1), embedded=embedder.embedded)
        print(json.dumps(told), flush=True)

    with library_in(data, embedder) as library:
        tell(opened_s=round(time.perf_counter() - begun, 1))
        if fills and not library.hashes("guide:"):
            for draft in load_guides(GUIDES):
                library.publish(draft)
            embedder.embedded = 0
        at = time.perf_counter()
        seen = Seen.in_data(data, folder, rehash=rehash)
        with scan(folder, collection=COLLECTION, seen=seen) as found, _gate(library, data) as gate:
            todo = plan(found.hashes, found.comparable(gate.hashes(f"{COLLECTION}/")))
            tell(scanned_s=round(time.perf_counter() - at, 1), todo=todo.work, unchanged=len(todo.unchanged))
            done = 0
            held = 0

            def report(outcome: Outcome) -> None:
                nonlocal done, held
                done += 1
                held += outcome.action not in {Action.ADDED, Action.UPDATED}
                if done % _TELLS == 0:
                    tell(came_in=done, not_in=held)

            at = time.perf_counter()
            apply(todo, paths=found.paths, library=gate, report=report, prepare=library.prepare)
            tell(came_in=done, not_in=held, sync_s=round(time.perf_counter() - at, 1))
        if fills and todo.work:
            at = time.perf_counter()
            library.finish()
            tell(learnt_s=round(time.perf_counter() - at, 1))
        dense = library.dense.count(Audience.PUBLIC, "documents")
        lexical = len(library.lexical[Audience.PUBLIC, "documents"])
        record = library.record.passage_counts(Audience.PUBLIC)[0]
        tell(passages=[record, dense, lexical], documents=len(library.hashes(f"{COLLECTION}/")), done=True)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    kinds = parser.add_subparsers(dest="what", required=True)
    quick = kinds.add_parser("throughput")
    quick.add_argument("--rounds", type=int, default=6)
    quick.add_argument("--documents", type=int, default=8)
    quick.add_argument("--paragraphs", type=int, default=PARAGRAPHS // 2)
    quick.add_argument("--pause", type=float, default=0.0, help="seconds between rounds, for other work")
    for name in ("whole", "again", "child", "look", "rehash"):
        other = kinds.add_parser(name)
        other.add_argument("root", type=Path)
        other.add_argument("--documents", type=int, default=5_000)
        other.add_argument("--part", type=float, default=540.0)
        other.add_argument("--base", type=Path)
        other.add_argument("--text-only", action="store_true")
    options = parser.parse_args()
    if options.what == "throughput":
        throughput(options.rounds, options.documents, options.paragraphs, options.pause)
    elif options.what == "whole":
        whole(options.root, options)
    elif options.what == "again":
        again(options.root, options)
    else:
        child(options.root, options.base, rehash=options.what == "rehash", fills=options.what == "child")


if __name__ == "__main__":
    main()
