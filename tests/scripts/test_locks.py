"""What the lock files promise: everything pinned with hashes, no address, nothing of a graphics card."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-endpoint.lock",
    "requirements-torch.lock",
)
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)")


def packages(lock: str) -> dict[str, list[str]]:
    """The lines of each pinned package in *lock*: its own, and those of its hashes."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if pinned := PINNED.match(line):
            lines = found.setdefault(pinned[0].partition(" ")[0], [])
        if not line.lstrip().startswith("#"):
            lines.append(line)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes_and_no_address(lock):
    pinned = packages(lock)
    assert len(pinned) > 50
    for name, lines in pinned.items():
        assert any("--hash=sha256:" in line for line in lines), name
    content = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in content
    assert not re.search(r"^(?:-|--)(?:i|index|extra-index|find-links)", content, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_torch_and_graphics_cards_are_left_to_the_machine(lock):
    names = {name.partition("==")[0] for name in packages(lock)}
    assert not {name for name in names if name == "torch" or name.startswith(("nvidia", "cuda", "triton"))}


def test_locks_agree_where_they_overlap():
    """One environment can hold any two of them."""
    base = set(packages(LOCKS[0]))
    for lock in LOCKS[1:]:
        assert base <= set(packages(lock)), lock


def test_default_install_is_light():
    """What docs/decisions/0002 leaves out stays out."""
    names = {name.partition("==")[0] for name in packages(LOCKS[0])}
    heavy = {"kubernetes", "onnxruntime", "tokenizers", "bcrypt", "uvloop", "zstandard", "torch"}
    assert not names & heavy
