"""
What the router hears: danger, reports, questions and the rest, in four spellings, and how long it takes.

    python -m benchmarks.router FILE…

FILE holds rows `{"text", "no_marks", "abbrev", "typo", "intent", "previous"?}`, one JSON object a line, as
tests/golden/router-tune.jsonl. Only totals are printed, never a row: a set that is read stops being held out.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from knowledge.beir import percentile
from knowledge.intent import Intent, read_intent
from knowledge.significance import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable

SPELLINGS: Final = ("text", "no_marks", "abbrev", "typo")


@dataclass(frozen=True, slots=True)
class Reading:
    """One message in one spelling: what it wants, what was heard, and its milliseconds of processor."""

    spelling: str
    wanted: Intent
    heard: Intent
    ms: float


def read(rows: Iterable[dict[str, Any]]) -> list[Reading]:
    """Every row in every spelling, read."""
    found = []
    for row in rows:
        previous = tuple(row.get("previous") or ())
        for spelling in SPELLINGS:
            begun = time.process_time()
            heard = read_intent(row[spelling], previous)
            found.append(Reading(spelling, Intent(row["intent"]), heard, (time.process_time() - begun) * 1e3))
    return found


def danger_recall(readings: Iterable[Reading]) -> tuple[int, int]:
    """Dangers that were heard, of how many."""
    heard = [item.heard is Intent.DANGER for item in readings if item.wanted is Intent.DANGER]
    return sum(heard), len(heard)


def false_alarms(readings: Iterable[Reading]) -> tuple[int, int]:
    """Messages without danger that were taken for one, of how many."""
    heard = [item.heard is Intent.DANGER for item in readings if item.wanted is not Intent.DANGER]
    return sum(heard), len(heard)


def right(readings: Iterable[Reading], intent: Intent) -> tuple[int, int]:
    """Messages that want *intent* and were read so, of how many."""
    heard = [item.heard is intent for item in readings if item.wanted is intent]
    return sum(heard), len(heard)


def told(counted: tuple[int, int]) -> str:
    """A share with its 95 % interval (Wilson)."""
    hits, total = counted
    if not total:
        return "none"
    low, high = wilson(hits, total)
    return f"{hits}/{total} = {hits / total:.3f} ({low:.3f}-{high:.3f})"


def main() -> None:
    """Print the figures of each file."""
    parser = argparse.ArgumentParser(description="What the router hears.")
    parser.add_argument("files", nargs="+", type=Path)
    read_intent("nóng máy")
    for file in parser.parse_args().files:
        readings = read(map(json.loads, file.read_text(encoding="utf-8").splitlines()))
        print(f"{file.name}: {len(readings)} readings")
        for spelling in SPELLINGS:
            of_it = [item for item in readings if item.spelling == spelling]
            print(f"  {spelling}: danger recall {told(danger_recall(of_it))}", end="; ")
            print(f"false alarms {told(false_alarms(of_it))}")
        print(f"  all: danger recall {told(danger_recall(readings))}", end="; ")
        print(f"false alarms {told(false_alarms(readings))}")
        for intent in Intent:
            print(f"  {intent}: {told(right(readings, intent))}")
        took = sorted(item.ms for item in readings)
        print(f"  ms of processor: p50 {percentile(took, 0.5):.3f}, p95 {percentile(took, 0.95):.3f}")


if __name__ == "__main__":
    main()
