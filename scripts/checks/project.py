"""What the checks look at: the files of the tree as git sees them, and the words for a finding."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

LAYERED = ("bot", "ingest", "knowledge", "tips", "prompts", "databases")  # the packages of the product
UNLAYERED = ("benchmarks", "scripts", "tests")  # folders of code outside the layers


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. A warning is shown and does not fail the check."""

    where: str
    what: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{'warning: ' if self.is_warning else ''}{self.where}: {self.what}"


def tree_files(root: Path) -> list[Path]:
    """Every file that is in git or would be added, relative to *root*, sorted."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        check=True,
        capture_output=True,
    )
    names = {Path(name) for name in listing.stdout.decode().split("\0") if name}
    return sorted(name for name in names if (root / name).is_file())


def product_modules(root: Path) -> list[Path]:
    """The Python files of the product itself, relative to *root*."""
    return [file for file in tree_files(root) if file.suffix == ".py" and file.parts[0] in LAYERED]
