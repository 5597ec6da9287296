"""
The quick benchmarks: what `make bench` runs.

    .venv/bin/python -m benchmarks [--data FOLDER] [--shared DIR] [--cache FILE]

Without `--data`, the guides are indexed into a temporary folder first (some minutes). With `--shared`,
every folder in DIR that is a benchmark in BEIR layout is measured too, a sample of it if it is large.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
from contextlib import ExitStack
from pathlib import Path

from benchmarks import latency, newcomer
from benchmarks.parts import GUIDES, library_in, temporary_folder
from ingest.guides import load_guides
from knowledge.embedding.builtin import BuiltinEmbedder

SAMPLE = 3_000  # articles of a large benchmark


def index_guides(folder: Path, guides: Path) -> None:
    """Fill a new data folder with the guides, as `binhan serve` does."""
    with library_in(folder, BuiltinEmbedder()) as library:
        for draft in load_guides(guides):
            library.publish(draft)
        library.finish()


def main() -> None:
    """Run them one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, help="data folder that holds the guides")
    parser.add_argument("--shared", type=Path, help="folder with benchmarks in BEIR layout")
    parser.add_argument("--cache", type=Path, help="file that keeps vectors between runs")
    options = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}\n", flush=True)
    with ExitStack() as stack:
        scratch = stack.enter_context(temporary_folder())
        folder = options.data or scratch / "data"
        if options.data is None:
            index_guides(folder, GUIDES)
        latency.answer_beside_embedding(folder)
        latency.start_to_answer(folder)
        latency.memory_of_serve(folder)
        latency.ingest_beside_embedding(GUIDES)
        cache = options.cache or scratch / "vectors.sqlite3"
        newcomer.compare_on_guides(GUIDES, cache)
        for file in sorted(options.shared.rglob("qrels.tsv")) if options.shared else ():
            command = [str(latency.BINHAN), "bench", "retrieval", str(file.parent), "--sample", str(SAMPLE)]
            subprocess.run([*command, "--cache", str(cache)], check=False)
            newcomer.compare_on_benchmark(file.parent, cache, SAMPLE)


if __name__ == "__main__":
    main()
