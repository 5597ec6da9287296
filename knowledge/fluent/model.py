"""
What we need of a language model: one prompt in, one text out, by a deadline. Knows no vendor.

A model is never trusted and never waited for: `complete` returns or raises `ModelFailed` by its deadline.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Mapping

Form = Literal["schema", "object", "plain"]  # how firmly the server holds the model to JSON; "schema" most


class Reason(StrEnum):
    """Why no text came. Codes for counters, traces and `binhan doctor`; none of them quotes anybody."""

    LATE = "late"  # the deadline passed: slow, hanging, or dripping
    UNREACHABLE = "unreachable"
    BUSY = "busy"  # 429
    REFUSED = "refused"  # 401 and 403: the key is wrong
    UNKNOWN_MODEL = "unknown_model"  # 404
    BROKEN = "broken"  # 5xx, or a request that no form of ours makes right
    MALFORMED = "malformed"  # no answer of that protocol
    TOO_LONG = "too_long"  # wrote without end
    CROWDED = "crowded"  # as many are asking as may
    RESTING = "resting"  # failed lately, so it is left alone for a while
    SPENT = "spent"  # the day's budget is used up


class Outcome(StrEnum):
    """What else may become of asking a model to write."""

    WRITTEN = "written"  # its claims are the answer
    PLAIN = "plain"  # not asked: two sources disagree, or what was found is no law of today
    KEPT_HOME = "kept_home"  # not asked: the words or the passages may not leave
    NOT_CLAIMS = "not_claims"  # what it wrote is no list of claims
    UNSUPPORTED = "unsupported"  # no claim passed the checks
    DECLINED = "declined"  # it found no answer in the passages
    ASKED_BACK = "asked_back"  # it could not tell which of two passages is meant
    FAULTY = "faulty"  # our own code failed


class ModelFailed(Exception):
    """No text came. `retry_after_s` is what the server asked us to wait, if it did."""

    def __init__(self, reason: Reason, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.retry_after_s = retry_after_s


class ModelMissing(KnowledgeError):
    """A model is set but its client is not installed. Fields: `name`, `command`."""

    code = "model_missing"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time that all model calls of one question share."""

    at: float  # seconds of the monotonic clock

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The deadline *seconds* from now."""
        return cls(time.monotonic() + seconds)

    @property
    def left_s(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self.at - time.monotonic())


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """
    What is asked of a model.

    `schema` is the JSON Schema of the object wanted, None where free text is. `version` names the prompt
    file, such as `answer.v1`. The texts stay out of every `repr`, and so out of logs.
    """

    system: str
    user: str
    schema: Mapping[str, Any] | None = None
    schema_name: str = "answer"
    most_tokens: int = 700
    version: str = ""

    def __repr__(self) -> str:
        return f"Prompt({self.version!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model wrote, what it cost in tokens, and the milliseconds to its first and last word."""

    text: str
    tokens_in: int
    tokens_out: int
    first_ms: float
    total_ms: float
    form: Form = "plain"

    def __repr__(self) -> str:
        return f"Reply({self.tokens_in}+{self.tokens_out} tokens, {self.total_ms:.0f} ms)"


class ChatModel(Protocol):
    """A language model. Safe to share between threads."""

    name: str

    def complete(self, prompt: Prompt, deadline: Deadline) -> Reply:
        """
        The model's text for *prompt*.

        Raises:
            ModelFailed: None came by *deadline*; the connection is closed then, whatever the server does.
        """
        ...

    def close(self) -> None:
        """Give connections and threads back."""
        ...
