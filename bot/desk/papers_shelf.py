"""The library as the editor's page reaches it: in this process, or through the operator's socket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.papers import Papers
    from bot.workplace import Workplace


@dataclass(frozen=True, slots=True)
class PaperShelf:
    """The editor's backend, and the library behind it."""

    papers: Papers
    workplace: Workplace
