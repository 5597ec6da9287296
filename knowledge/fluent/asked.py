"""What a writer is asked, beside the answer that stands already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from knowledge.answer import Answer
    from knowledge.model import Passage
    from prompts.catalog import Language


class NotesOn(Protocol):
    """What is said of the time of a quoted passage; see `Composer.notes_on`."""

    def __call__(self, passage: Passage, quoted: str, language: Language) -> list[str]:
        """Sentences of ours, none for a passage that is simply in force."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    A question that the evidence gate let through, and what answers it without a model.

    `evidence` are the passages that passed, the extractive answer's first; none where a model must not write
    about them. `language` is the asker's. `previous` are the questions a follow-up leans on.
    """

    question: str
    previous: tuple[str, ...]
    language: Language
    evidence: tuple[Passage, ...]
    extractive: Answer
