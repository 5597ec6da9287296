"""
Every text a person reads, by key and language.

Files `vi/*.toml` and `en/*.toml` hold flat tables; a key is `file.name`, such as `ask.refusal`.
Both languages have the same keys and placeholders: `scripts/check` sees to it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@cache
def catalog(language: Language) -> dict[str, str]:
    """All texts of *language*, by key."""
    texts: dict[str, str] = {}
    folder = resources.files("prompts") / language
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        area = file.name.removesuffix(".toml")
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        texts.update({f"{area}.{name}": value for name, value in table.items()})
    return texts


def text(key: str, language: Language = "vi", /, **fields: object) -> str:
    """The text of *key* in *language*, its `{placeholders}` filled from *fields*."""
    return catalog(language)[key].format(**fields)
