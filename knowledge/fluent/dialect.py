"""
How a request is worded so that a server takes it.

OpenAI-compatible servers differ: some refuse a JSON schema, some `max_tokens`, some a temperature. What one
refuses with 400 is asked again in the next simpler form, and the form that worked is remembered. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from knowledge.fluent.model import Form, Prompt

_SIMPLER: Final[dict[Form, Form]] = {"schema": "object", "object": "plain"}
_ONLY_OBJECT: Final = "'text' or 'json_object'"  # how `llama_cpp.server` names what it takes
_SCHEMA_WORDS: Final = ("response_format", "json_schema", "json_object")


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    What a server understands.

    `limit` is its name for the most tokens to write: `llama_cpp.server` ignores the newer name, which
    LangChain sends, and some cloud models refuse the older one.
    """

    form: Form = "schema"
    nests: bool = False  # takes the schema inside `json_object`, as `llama_cpp.server` does
    limit: str = "max_tokens"
    is_cool: bool = True  # takes temperature 0
    counts: bool = True  # tells the tokens of a stream

    def body(self, prompt: Prompt) -> dict[str, Any]:
        """What a request for *prompt* holds beside its messages."""
        fields: dict[str, Any] = {self.limit: prompt.most_tokens}
        if self.is_cool:
            fields["temperature"] = 0
        if prompt.schema is not None and self.form == "schema":
            wanted = {"name": prompt.schema_name, "strict": True, "schema": prompt.schema}
            fields["response_format"] = {"type": "json_schema", "json_schema": wanted}
        elif prompt.schema is not None and self.form == "object":
            nested = {"schema": prompt.schema} if self.nests else {}
            fields["response_format"] = {"type": "json_object", **nested}
        return fields

    def simpler(self, complaint: str) -> Dialect | None:
        """What to try after a server's *complaint*, which is read for names only; None for nothing left."""
        if "max_tokens" in complaint and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if "temperature" in complaint and self.is_cool:
            return replace(self, is_cool=False)
        if "stream_options" in complaint and self.counts:
            return replace(self, counts=False)
        return self._simpler_form(complaint)

    def _simpler_form(self, complaint: str) -> Dialect | None:
        if self.nests and "schema" in complaint:
            return replace(self, nests=False)
        if self.form not in _SIMPLER:
            return None
        form = _SIMPLER[self.form]
        if self.form == "schema" and _ONLY_OBJECT in complaint:
            return replace(self, form=form, nests=True)
        # A server that names what it cannot do is believed; one that does not gets everything simpler.
        if any(word in complaint for word in _SCHEMA_WORDS):
            return replace(self, form=form)
        return replace(self, form=form, counts=self.counts and form != "plain")
