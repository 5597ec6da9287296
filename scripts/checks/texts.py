"""
The texts in `prompts/`: both languages alike, every key used exists, every placeholder is filled.

Keys that the code builds (`text(f"danger.{kind}")`) count every key of that shape as used.
"""

from __future__ import annotations

import ast
import re
import string
import tomllib
from typing import TYPE_CHECKING

from scripts.checks.project import Finding, product_modules, tree_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LANGUAGES = ("vi", "en")
PAGE_SUFFIXES = frozenset((".html", ".js"))
_KEY = re.compile(r"[a-z_]+\.[a-z0-9_.-]+")


def read_catalog(folder: Path) -> dict[str, str]:
    """All texts of one language's *folder*, by key; a value that is no text becomes its type's name."""
    texts: dict[str, str] = {}
    for file in sorted(folder.glob("*.toml")):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        texts |= {f"{file.stem}.{name}": value for name, value in table.items()}
    return texts


def placeholders(value: str) -> frozenset[str]:
    """The names in braces in *value*. Raises ValueError where a brace is not closed."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(value) if name is not None)


def inspect_value(where: str, value: object) -> Iterator[Finding]:
    """What is wrong with one text by itself."""
    if not isinstance(value, str):
        yield Finding(where, "is no text")
        return
    if not value.strip():
        yield Finding(where, "is empty")
    elif value != value.strip():
        yield Finding(where, "begins or ends with a space")
    try:
        names = placeholders(value)
    except ValueError as error:
        yield Finding(where, f"has a brace too many: {error}")
        return
    if not all(name.isidentifier() for name in names):
        yield Finding(where, "has a placeholder without a name")


def compare(catalogs: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """Texts that one language lacks, or whose placeholders differ."""
    first, *others = catalogs
    for other in others:
        for key in sorted(catalogs[first].keys() ^ catalogs[other].keys()):
            has, lacks = (first, other) if key in catalogs[first] else (other, first)
            yield Finding(key, f"is in {has} and missing in {lacks}")
        for key in sorted(catalogs[first].keys() & catalogs[other].keys()):
            here, there = (placeholders(catalogs[language][key]) for language in (first, other))
            if here != there:
                words = f"has placeholders {sorted(here)} in {first}, {sorted(there)} in {other}"
                yield Finding(key, words)


def text_functions(module: ast.Module) -> set[str]:
    """The names under which *module* knows `prompts.catalog.text`."""
    return {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "prompts.catalog"
        for alias in node.names
        if alias.name == "text"
    }


def inspect_calls(name: str, module: ast.Module, catalog: Mapping[str, str]) -> Iterator[Finding]:
    """Calls of `text` with a key that does not exist, or without a field that its text wants."""
    functions = text_functions(module)
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions):
            continue
        if not (node.args and isinstance(node.args[0], ast.Constant)):
            continue
        key, where = str(node.args[0].value), f"{name}:{node.lineno}"
        if key not in catalog:
            yield Finding(where, f'text("{key}") does not exist')
            continue
        given = {keyword.arg for keyword in node.keywords}
        if None not in given and (unfilled := placeholders(catalog[key]) - given):
            yield Finding(where, f'text("{key}") wants {", ".join(sorted(unfilled))}')


def used_shapes(module: ast.Module) -> Iterator[str]:
    """Patterns of the keys that *module* names: constants as they are, formatted ones with gaps."""
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _KEY.fullmatch(node.value):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in node.values]
            if re.match(r"[a-z_]+\\\.", parts[0]):
                yield "".join(parts)


def unused(catalog: Mapping[str, str], shapes: set[str], pages: str) -> list[str]:
    """Keys that no code and no page names."""
    used = re.compile("|".join(sorted(shapes)) or "(?!)")
    named = set(_KEY.findall(pages))
    return [key for key in sorted(catalog) if not used.fullmatch(key) and key not in named]


def check(root: Path) -> list[Finding]:
    """The catalogs, and every use of them in the product."""
    catalogs = {language: read_catalog(root / "prompts" / language) for language in LANGUAGES}
    found = [
        finding
        for language, catalog in catalogs.items()
        for key, value in catalog.items()
        for finding in inspect_value(f"{language}/{key}", value)
    ]
    if found:
        return found
    found = list(compare(catalogs))
    shapes: set[str] = set()
    for file in product_modules(root):
        module = ast.parse((root / file).read_text(encoding="utf-8"))
        found += inspect_calls(str(file), module, catalogs[LANGUAGES[0]])
        shapes.update(used_shapes(module))
    pages = [file for file in tree_files(root) if file.suffix in PAGE_SUFFIXES]
    words = "\n".join((root / file).read_text(encoding="utf-8") for file in pages)
    idle = unused(catalogs[LANGUAGES[0]], shapes, words)
    return [*found, *(Finding(key, "is used nowhere", is_warning=True) for key in idle)]
