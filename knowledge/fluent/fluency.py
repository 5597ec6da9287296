"""What the answering side holds of a language model: who writes, what may leave, how long anybody waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.fluent.model import Deadline

if TYPE_CHECKING:
    from knowledge.fluent.leaving import Leaving
    from knowledge.fluent.model import ChatModel
    from knowledge.fluent.writer import FluentWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Fluency:
    """One model, with its limits. `budget_s` is how long all its calls together may make one asker wait."""

    model: ChatModel
    leaving: Leaving
    writer: FluentWriter
    budget_s: float

    def deadline(self) -> Deadline:
        """By when the model must be done with a question that is asked now."""
        return Deadline.after(self.budget_s)

    def close(self) -> None:
        """Give the model's connections back."""
        self.model.close()
