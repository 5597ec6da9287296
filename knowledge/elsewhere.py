"""
Questions that belong elsewhere: examples of what people ask and no guide answers.

They are indexed among the guides' question variants under numbers below zero. A question that lies
nearer to one of them than to any variant is refused, and told where to ask instead.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Exemplars:
    """
    Groups of questions by name; group k is indexed as passage -(k + 1).

    `public_only` holds the numbers of groups that are no rivals where members ask: their guides may answer.
    """

    names: tuple[str, ...]
    questions: tuple[tuple[str, ...], ...]
    public_only: frozenset[int]
    fingerprint: str

    def number(self, at: int) -> int:
        """The passage number that group *at* is indexed under."""
        return -(at + 1)

    def name_of(self, number: int) -> str:
        """The group that is indexed as passage *number*."""
        return self.names[-number - 1]


@cache
def exemplars() -> Exemplars:
    """The exemplars that ship with the package."""
    raw = (resources.files("knowledge") / "out_of_scope.toml").read_bytes()
    groups = tomllib.loads(raw.decode("utf-8"))
    return Exemplars(
        names=tuple(groups),
        questions=tuple(tuple(group["questions"]) for group in groups.values()),
        public_only=frozenset(
            -(at + 1) for at, group in enumerate(groups.values()) if group.get("public_only", False)
        ),
        fingerprint=hashlib.sha256(raw).hexdigest(),
    )
