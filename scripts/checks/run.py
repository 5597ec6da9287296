"""Runs every check, says how each went, and fails if one did."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.checks import guides, imports, sizes, texts, tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.checks.project import Finding

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

TOOLS: dict[str, tuple[str, ...]] = {
    "lint": ("ruff", "check", "--no-cache", "--quiet", "."),
    "format": ("ruff", "format", "--check", "--quiet", "."),
    "types": ("mypy", "--no-error-summary"),
    "layers": ("lint-imports", "--no-logo"),
}
OURS: dict[str, Callable[[Path], list[Finding]]] = {
    "imports": imports.check,
    "texts": texts.check,
    "sizes": sizes.check,
    "tree": tree.check,
    "guides": guides.check,
}


def run_tool(command: tuple[str, ...]) -> tuple[bool, str]:
    """Whether *command* was content, and what it said."""
    program, *arguments = command
    done = subprocess.run(
        [str(BIN / program), *arguments], cwd=ROOT, check=False, capture_output=True, text=True
    )
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def run_ours(check: Callable[[Path], list[Finding]]) -> tuple[bool, str]:
    """Whether *check* found nothing but warnings, and all that it found."""
    found = check(ROOT)
    return all(finding.is_warning for finding in found), "\n".join(map(str, found))


def main(wanted: list[str]) -> int:
    """Run the checks named in *wanted*, or all; returns the exit code."""
    names = wanted or [*TOOLS, *OURS]
    if unknown := set(names) - {*TOOLS, *OURS}:
        print(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join([*TOOLS, *OURS])}.")
        return 2
    failed = []
    for name in names:
        started = time.monotonic()
        is_good, words = run_tool(TOOLS[name]) if name in TOOLS else run_ours(OURS[name])
        print(f"{'ok  ' if is_good else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
        if words and (name in OURS or not is_good):
            print("\n".join(f"     {line}" for line in words.splitlines()), flush=True)
        failed += [] if is_good else [name]
    print(f"Failed: {', '.join(failed)}." if failed else f"All {len(names)} checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
