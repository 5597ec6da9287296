"""Every package that the product imports is one that pyproject.toml asks for by name."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING

from scripts.checks.project import LAYERED, Finding, product_modules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def canonical(name: str) -> str:
    """A distribution's name as the registry compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(pyproject: Mapping[str, dict[str, object]]) -> set[str]:
    """The distributions that the product asks for, extras included."""
    project = pyproject["project"]
    extras = project.get("optional-dependencies", {})
    groups = [project.get("dependencies", []), *(extras.values() if isinstance(extras, dict) else [])]
    wanted = [line for group in groups if isinstance(group, list) for line in group]
    return {canonical(re.split(r"[\s\[<>=!~;]", str(line), maxsplit=1)[0]) for line in wanted}


def imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and top-level name of each absolute import in *module*."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.partition(".")[0]


def undeclared(
    name: str, module: ast.Module, wanted: set[str], distributions: Mapping[str, list[str]]
) -> Iterator[Finding]:
    """Imports in *module* that come from no package we ask for."""
    for line, top in imported(module):
        if top in sys.stdlib_module_names or top in LAYERED:
            continue
        owners = {canonical(owner) for owner in distributions.get(top, [top])}
        if not owners & wanted:
            yield Finding(f"{name}:{line}", f"imports {top}, which pyproject.toml does not ask for")


def check(root: Path) -> list[Finding]:
    """Every module of the product."""
    wanted = declared(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")))
    distributions = packages_distributions()
    return [
        finding
        for file in product_modules(root)
        for finding in undeclared(
            str(file), ast.parse((root / file).read_text(encoding="utf-8")), wanted, distributions
        )
    ]
