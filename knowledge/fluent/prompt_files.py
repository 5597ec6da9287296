"""
The prompts: files in `prompts/model/<language>/`, one for each task and version, such as `answer.v1.md`.

A file is what the model is told to be, a line of three dashes, and what it is given. `$names` are filled. A
version is never edited once measured: a better wording is a new file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from prompts.catalog import Language

_DIVIDER: Final = "\n---\n"


@dataclass(frozen=True, slots=True)
class PromptFile:
    """One prompt, unfilled."""

    name: str
    system: Template
    user: Template

    def fill(self, **fields: str) -> tuple[str, str]:
        """
        What the model is told to be, and what it is given.

        Raises:
            KeyError: A name in the file is not among *fields*.
        """
        return self.system.substitute(fields), self.user.substitute(fields)


@cache
def model_prompt(name: str, language: Language) -> PromptFile:
    """
    The prompt *name*, such as `answer.v1`, that makes a model write *language*.

    Raises:
        FileNotFoundError: There is none.
    """
    file = resources.files("prompts") / "model" / language / f"{name}.md"
    system, _, user = file.read_text(encoding="utf-8").partition(_DIVIDER)
    return PromptFile(name, Template(system.strip()), Template(user.strip()))


def prompt_names(task: str = "") -> tuple[str, ...]:
    """The prompts that both languages have, of *task* or all, sorted."""
    folder = resources.files("prompts") / "model"
    names = [
        {item.name.removesuffix(".md") for item in (folder / language).iterdir() if item.name.endswith(".md")}
        for language in ("vi", "en")
    ]
    return tuple(sorted(name for name in set.intersection(*names) if name.startswith(task)))
