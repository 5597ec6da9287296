"""What must not be in the tree: registry addresses, workplace paths, big binaries, data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.checks.project import LAYERED, UNLAYERED, Finding, tree_files

if TYPE_CHECKING:
    from pathlib import Path

BINARY_BYTES = 1_000_000
SNIFFED_BYTES = 8_192

# Written in two halves, so that this file does not name them either.
_HALVES = (
    ("pypi.", "org"),
    ("files.python", "hosted"),
    ("python", "hosted.org"),
    ("registry.", "npmjs"),
    ("deb.", "debian.org"),
    ("security.", "debian.org"),
    ("download.", "pytorch.org"),
    ("/work/", "shared"),
    ("/work/", ".library"),
)
FORBIDDEN = tuple("".join(halves) for halves in _HALVES)


def is_binary(content: bytes) -> bool:
    """Whether *content* is no text."""
    return b"\0" in content[:SNIFFED_BYTES]


def inspect(name: Path, content: bytes) -> list[Finding]:
    """What is wrong with the file *name* holding *content*."""
    where = str(name)
    found = []
    if name.parts[0] == "data":
        found.append(Finding(where, "the data folder belongs to whoever runs the program, not to the tree"))
    if name.suffix == ".py" and len(name.parts) == 1:
        found.append(Finding(where, "code lies in a package with a layer, not at the top"))
    if name.suffix == ".py" and name.parts[0] not in {*LAYERED, *UNLAYERED} and len(name.parts) > 1:
        found.append(Finding(where, f"{name.parts[0]} is in no layer: see pyproject.toml"))
    if is_binary(content):
        if len(content) > BINARY_BYTES:
            found.append(Finding(where, f"a binary of {len(content):,} bytes (limit {BINARY_BYTES:,})"))
        return found
    text = content.decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), start=1):
        found += [Finding(f"{where}:{number}", f"names {word}") for word in FORBIDDEN if word in line]
    if name.suffix == ".lock" and "://" in text:
        found.append(Finding(where, "a lock names no address"))
    return found


def check(root: Path) -> list[Finding]:
    """Every file of the tree."""
    return [found for file in tree_files(root) for found in inspect(file, (root / file).read_bytes())]
