"""A module says one thing, a function does one: limits on their length."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from scripts.checks.project import Finding, tree_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULE_LINES = 400
TEST_MODULE_LINES = 500  # a suite that one port shares is read case by case
MODULE_LINES_ASK = 250
FUNCTION_LINES = 50  # without its docstring
FUNCTION_LINES_ASK = 30
MIGRATIONS = "/migrations/versions/"  # a migration is a list of tables, however long


def function_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of *function* from `def` to its end, less its docstring's."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def measure(name: str, source: str) -> Iterator[Finding]:
    """What is too long in *source*, or asks to be looked at."""
    lines = len(source.splitlines())
    limit = TEST_MODULE_LINES if name.startswith("tests/") else MODULE_LINES
    if lines > MODULE_LINES_ASK:
        yield Finding(name, f"{lines} lines (limit {limit})", is_warning=lines <= limit)
    if MIGRATIONS in name:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = function_lines(node)
            if lines > FUNCTION_LINES_ASK:
                words = f"{node.name} has {lines} lines (limit {FUNCTION_LINES})"
                yield Finding(f"{name}:{node.lineno}", words, is_warning=lines <= FUNCTION_LINES)


def check(root: Path) -> list[Finding]:
    """Every module and function of the tree."""
    modules = [file for file in tree_files(root) if file.suffix == ".py"]
    sources = {str(file): (root / file).read_text(encoding="utf-8") for file in modules}
    return [found for name, source in sources.items() for found in measure(name, source)]
