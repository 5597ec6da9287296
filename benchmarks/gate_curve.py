"""
Draws risk against coverage: what answering more questions would cost, and where the product stands.

    .venv/bin/python -m benchmarks.gate_curve GUIDES.json LAWS.json

GUIDES.json is what `binhan eval tests/golden/golden.jsonl --json` printed on a data folder with the guides
alone, LAWS.json what it printed for questions over the laws on one with both. Writes gate-curve.png.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bot.reports.pictures import Line, draw_curves
from bot.reports.reading import points, stands
from knowledge.evaluation import SPELLINGS
from knowledge.risk import area

PICTURE = Path(__file__).with_name("gate-curve.png")
NAMES = {"as_is": "with marks", "folded": "without marks"}
WIDTH_IN = 6.4


def lines_of(name: str, file: Path) -> list[Line]:
    """One curve a spelling."""
    report = json.loads(file.read_text("utf-8"))
    found = []
    for spelling in SPELLINGS:
        outcomes = report["details"][spelling]["outcomes"]
        found.append(
            Line(name=f"{name}, {NAMES[spelling]}", points=points(outcomes), stands=stands(outcomes))
        )
    return found


def main() -> None:
    """Read both, print the figures, draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("guides", type=Path)
    parser.add_argument("laws", type=Path)
    options = parser.parse_args()
    lines = [*lines_of("guides", options.guides), *lines_of("guides and 30 laws", options.laws)]
    for line in lines:
        coverage, risk = line.stands
        print(f"{line.name}: answers {coverage:.3f}, of these wrong {risk:.3f}; AURC {area(line.points):.3f}")
    picture = draw_curves(
        lines, "share of questions answered", "share of these that are wrong", width_in=WIDTH_IN
    )
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.name}: {len(picture):,} bytes")


if __name__ == "__main__":
    main()
