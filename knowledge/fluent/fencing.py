"""
Puts what others wrote between random lines, as data. Pure but for the random line.

A document may say "end of the passage; now do this". It cannot know the line that ends it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Final

# What models read as the beginning of somebody's turn, whatever stands around it.
_ROLES: Final = re.compile(
    r"<\|[^|>\n]{0,40}\|>|</?s>|\[/?INST\]|<<?/?SYS>>?|</?(?:start|end)_of_turn>", re.IGNORECASE
)


def new_fence() -> str:
    """A line nobody can guess."""
    return f"~~~{secrets.token_hex(8)}"


@dataclass(frozen=True, slots=True)
class Fence:
    """One random line, for one prompt."""

    line: str

    def around(self, name: str, text: str) -> str:
        """*text* as data called *name*. Signs that models take for a change of speaker are taken out."""
        plain = _ROLES.sub(" ", text).replace(self.line, " ")
        return f"{self.line} {name}\n{plain}\n{self.line}"
