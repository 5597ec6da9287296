"""
The kinds of things that can be told, and the few questions each needs: data in `kinds.toml`.

A kind is an act or a hazard in a resident's words. What somebody believes or says is none.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from prompts.catalog import text

if TYPE_CHECKING:
    from prompts.catalog import Language

Group = Literal["crime", "social", "hazard", "other"]
GROUPS: tuple[Group, ...] = ("crime", "social", "hazard", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind. `questions` are asked in order, each can be skipped; `is_urgent` is a hint, not a verdict."""

    id: str
    group: Group
    questions: tuple[str, ...]
    is_urgent: bool = False

    def name(self, language: Language = "vi") -> str:
        """What the button says."""
        return text(f"kinds.kind_{self.id}", language)

    def hint(self, language: Language = "vi") -> str:
        """One line beneath the button: examples, or what helps most."""
        return text(f"kinds.kind_{self.id}_hint", language)


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order it is offered; the last is `other`."""
    table = tomllib.loads((resources.files("tips") / "kinds.toml").read_text(encoding="utf-8"))
    return tuple(
        Kind(
            id=row["id"],
            group=row["group"],
            questions=tuple(row["questions"]),
            is_urgent=row.get("is_urgent", False),
        )
        for row in table["kinds"]
    )


@cache
def _by_id() -> dict[str, Kind]:
    return {kind.id: kind for kind in kinds()}


def kind_ids() -> frozenset[str]:
    """The ids of all kinds."""
    return frozenset(_by_id())


def kind_of(kind_id: str) -> Kind | None:
    """The kind of that id; None for an unknown or empty one."""
    return _by_id().get(kind_id)


def question_ids() -> tuple[str, ...]:
    """Every question that some kind asks, each once, in the order first asked."""
    return tuple(dict.fromkeys(question for kind in kinds() for question in kind.questions))


def question_text(question: str, language: Language = "vi") -> str:
    """The words of a question. KeyError for one that no kind asks."""
    return text(f"kinds.ask_{question}", language)


def question_label(question: str, language: Language = "vi") -> str:
    """The short name of a question, for a summary or the desk."""
    return text(f"kinds.label_{question}", language)


def group_name(group: Group, language: Language = "vi") -> str:
    """The heading of a group."""
    return text(f"kinds.group_{group}", language)


def what_this_is_for(language: Language = "vi") -> str:
    """What is said to somebody who finds no kind that fits, or tells only of a belief or an opinion."""
    return text("kinds.what_this_is_for", language)
