"""What asking gives back: an answer, a refusal or the emergency numbers, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Status(StrEnum):
    """The three ways a question ends. None of them is an error."""

    ANSWERED = "answered"
    REFUSED = "refused"
    DANGER = "danger"


# "talk" answers small talk and scolding, "report" who tells of a deed: neither came from a search.
AnswerKind = Literal["guide", "passage", "model", "talk", "report"]
DateKind = Literal["issued", "effective", "as_of", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """
    Where an answer stands.

    `id` is the passage's name (`guide:hoa-giai#xin-hoa-giai`), `quote` stands verbatim in the passage,
    `date` is the day the text was issued, took effect or was checked, as `date_kind` says (ISO 8601 or "").
    `references` are the sources a guide section names, one line each.
    """

    id: str
    title: str
    number: str
    locator: str
    date: str
    date_kind: DateKind
    url: str
    quote: str
    articles: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyNumber:
    """A number to call and, in the asker's language, what for."""

    number: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Milliseconds spent: embedding the question, searching, and all of it."""

    embed: float
    search: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """
    What became of asking a language model: counts and codes, no word of anybody.

    `outcome` is `written` where its claims are the answer, else a code of why they are not
    (`knowledge.fluent.model.Outcome` and `Reason`). `prompt` is the prompt's version, such as `answer.v1`.
    `faults` are why claims fell, one code for each reason of each claim.
    """

    prompt: str
    outcome: str
    ms: float = 0.0
    first_ms: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0
    claims: int = 0
    dropped: int = 0
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    The outcome of one question.

    `text` is small Markdown (paragraphs, `1.` and `-` lists, `**bold**`), in the asker's language where
    it is ours and verbatim where it is quoted. `numbers` is filled for danger, and comes first.
    `suggestions` are questions that the same audience could ask next, each answerable. `confidence` is the
    gate's, in what it let through or held back: for evaluation, no channel tells it. `notes` are the
    sentences of `text` that we say ourselves of a source's time: from the register of laws and the table
    of old names, whose numbers need not stand in the cited passage. `model` is set where a language model
    was to be asked, also where the answer came without it: for evaluation, no channel tells it.
    """

    status: Status
    text: str
    kind: AnswerKind | None = None
    citations: tuple[Citation, ...] = ()
    numbers: tuple[EmergencyNumber, ...] = ()
    suggestions: tuple[str, ...] = ()
    timings: Timings = Timings(embed=0.0, search=0.0, total=0.0)
    confidence: float | None = None
    notes: tuple[str, ...] = ()
    model: ModelUse | None = None

    @property
    def asks_back(self) -> bool:
        """Whether `text` itself ends in "do you mean one of these": `suggestions` need no heading then."""
        return bool(self.suggestions) and self.kind is None and not self.citations
