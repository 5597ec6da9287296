"""
What the gate finds in pages with known traps, what it finds where there are none, and how long it takes.

    .venv/bin/python -m benchmarks.trust PAGES [--clean DIR …] [--laws DIR]

PAGES holds pages, each with a sidecar `<name>.json` that lists its `hazards`. Every `--clean` folder
(guides, laws, articles) should have no grave finding. LAWS holds law files, and `*.jsonl.gz` with what is
known of them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.document import read_document
from ingest.errors import IngestError
from ingest.guides import read_guide
from ingest.stated import propose
from ingest.trust.flags import Code
from ingest.trust.hidden import hidden_texts
from ingest.trust.inspection import inspect, without_traps
from ingest.trust.sources import read_sources
from ingest.trust.twins import ALIKE, TwinIndex, adds_nothing, jaccard, runs_of, signature_of, turns_alike

if TYPE_CHECKING:
    from ingest.trust.flags import Flag
    from knowledge.model import DocumentDraft

SOURCES = read_sources()
TODAY = datetime.now(UTC).date()
EXPECTED = {
    "prompt_injection": Code.INJECTION,
    "scam_page": Code.FAKE_POLICE,
    "phishing_link": Code.PHISHING_LINK,
    "draft_not_in_force": Code.DRAFT,
    "stale_district_level": Code.OLD_BODIES,
}
COPIES = 5_000  # made-up documents for the time of finding copies
WORDS = 250  # of one of them


def read(path: Path) -> DocumentDraft | None:
    """The document at *path*; None where it is refused."""
    try:
        return read_guide(path) if path.parent.name == "guides" else read_document(path, key=path.name)
    except IngestError:
        return None


def flags_of(path: Path, draft: DocumentDraft) -> tuple[Flag, ...]:
    """What the gate would say of it."""
    return inspect(draft, sources=SOURCES, today=TODAY, hidden=hidden_texts(path))


def traps(folder: Path) -> None:
    """Pages with known traps: which are found, what is kept and cut, and which others are held."""
    expected = found = wrong = kept = dropped = 0
    twins: list[tuple[str, str]] = []
    for sidecar in sorted(folder.glob("*.json")):
        told: dict[str, Any] = json.loads(sidecar.read_text(encoding="utf-8"))
        path = folder / told["file"]
        draft = read(path)
        if draft is None:
            print(f"{path.name}: refused")
            continue
        codes = {flag.code for flag in flags_of(path, draft)}
        wanted = {EXPECTED[hazard] for hazard in told["hazards"] if hazard in EXPECTED}
        expected += len(wanted)
        found += len(wanted & codes)
        grave = {flag.code for flag in flags_of(path, draft) if flag.is_grave} - wanted
        wrong += len(grave)
        left = "\n".join(passage.text for passage in without_traps(draft, SOURCES).passages)
        if wanted & {Code.INJECTION, Code.FAKE_POLICE}:
            kept += all(part in left for part in told.get("must_keep", ()))
            dropped += not any(part in left for part in told.get("must_drop", ()))
        if "near_duplicate" in told["hazards"]:
            twins.append((path.name, "\n".join(passage.text for passage in draft.passages)))
        print(f"{path.name}: {', '.join(sorted(codes)) or '-'}")
    print(f"\ntraps found {found} of {expected}; other grave findings {wrong}")
    print(f"trapped pages that keep what they must {kept}, drop what they must {dropped}")
    for (one, text), (other, second) in pairwise(twins):
        share = jaccard(runs_of(text), runs_of(second))
        adds = not (adds_nothing(second, text) or adds_nothing(text, second))
        merged = share >= ALIKE and turns_alike(second, text) and not adds
        print(f"{one} and {other}: Jaccard {share:.2f}, {'merged' if merged else 'apart'}")


def clean(folder: Path) -> None:
    """Documents without traps: how many are held, and what is said lightly."""
    counted: Counter[str] = Counter()
    read_ones = held = passages = 0
    spent = 0.0
    for path in sorted(folder.iterdir()):
        draft = read(path) if path.suffix in {".txt", ".md"} else None
        if draft is None:
            continue
        begun = time.process_time()
        flags = flags_of(path, draft)
        spent += time.process_time() - begun
        read_ones += 1
        passages += len(draft.passages)
        held += any(flag.is_grave for flag in flags)
        counted.update({flag.code.value for flag in flags})
        for flag in flags:
            if flag.is_grave:
                print(f"  {path.name}: {flag}")
    light = ", ".join(f"{code} {number}" for code, number in counted.most_common()) or "-"
    each = 1_000 * spent / max(1, passages)
    print(
        f"{folder.name}: {read_ones} documents, held {held}; documents with: {light}; {each:.1f} ms a passage"
    )


def metadata(folder: Path) -> None:
    """How often what is proposed of a law is what is known of it."""
    known: dict[str, dict[str, Any]] = {}
    for file in folder.glob("*.jsonl.gz"):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["law_date"]:
                    known.setdefault(row["law_no"], row)
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for path in sorted(folder.glob("*.txt")):
        draft = read(path)
        row = known.get(draft.meta.number) if draft else None
        if draft is None or row is None:
            continue
        said: dict[str, str] = {item.field: item.value for item in propose(draft)}
        truth = {"issued": row["law_date"], "effective": row["effective"], "organisation": row["issuer"]}
        for name, value in truth.items():
            if value:
                asked[name] += 1
                right[name] += said.get(name) == (_day(value) if "/" in value else value)
        asked["document_type"] += 1
        right["document_type"] += bool(said.get("document_type"))
    rates = ", ".join(f"{name} {right[name]} of {asked[name]}" for name in asked)
    print(f"proposed of laws as known: {rates} (document_type: that one was found)")


def _day(written: str) -> str:
    day, month, year = written.split("/")
    return f"{year}-{month}-{day}"


def copies() -> None:
    """The time to sign 5,000 documents and to find copies of 200 of them, a few words changed."""
    chance = random.Random(7)  # noqa: S311 - made-up texts
    words = [f"{a}{b}" for a in "bcdghklmnpqrstvx" for b in ("a", "e", "i", "o", "u", "an", "inh", "ong")]
    texts = [" ".join(chance.choice(words) for _ in range(WORDS)) for _ in range(COPIES)]
    begun = time.process_time()
    index = TwinIndex()
    for number, text in enumerate(texts):
        index.add(str(number), signature_of(runs_of(text)))
    signed = time.process_time() - begun
    found = 0
    for number in range(200):
        changed = texts[number].split()
        for _ in range(6):
            changed[chance.randrange(WORDS)] = "khac"
        found += str(number) in index.may_be_like(signature_of(runs_of(" ".join(changed))))
    print(
        f"{COPIES} documents of {WORDS} words signed in {signed:.1f} s; {found} of 200 changed copies found"
    )


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--clean", type=Path, nargs="*", default=[])
    parser.add_argument("--laws", type=Path)
    options = parser.parse_args()
    traps(options.pages)
    for folder in options.clean:
        clean(folder)
    if options.laws:
        metadata(options.laws)
    copies()


if __name__ == "__main__":
    main()
