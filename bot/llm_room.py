"""The language model the settings name, if they name one: its limits, what may leave for it, who writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge.fluent.breaker import Breaker
from knowledge.fluent.fluency import Fluency
from knowledge.fluent.guarding import Guarded
from knowledge.fluent.langchain_chat import EndpointChat
from knowledge.fluent.leaving import Asks, Leaving
from knowledge.fluent.model import Deadline, ModelFailed, Prompt
from knowledge.fluent.remembering import Remembered
from knowledge.fluent.spending import Spending
from knowledge.folder import DataFolder
from knowledge.model import Audience
from knowledge.tracing import NO_TRACER
from prompts.catalog import text as say

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.fluent.model import Form, Reason
    from knowledge.tracing import Tracer

_TRIAL_S: Final = 30.0  # a model may have to be loaded first
_TRIAL_SCHEMA: Final = {
    "type": "object",
    "properties": {"works": {"type": "boolean"}},
    "required": ["works"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a harmless question went: why not, or how it was answered. Nothing of the answer itself."""

    reason: Reason | None = None
    seconds: float = 0.0
    form: Form = "plain"
    is_json: bool = False


def try_model(settings: Settings) -> Tried:
    """
    Ask the endpoint one fixed question, outside the day's budget.

    Raises:
        ModelMissing: Its client is not installed.
    """
    chat = open_chat(settings)
    prompt = Prompt(
        system=say("fluent.probe_system", settings.language),
        user=say("fluent.probe_user", settings.language),
        schema=_TRIAL_SCHEMA,
        schema_name="trial",
        most_tokens=100,
    )
    try:
        reply = chat.complete(prompt, Deadline.after(_TRIAL_S))
    except ModelFailed as failed:
        return Tried(reason=failed.reason)
    finally:
        chat.close()
    begun, end = reply.text.find("{"), reply.text.rfind("}")
    try:
        is_json = isinstance(json.loads(reply.text[begun : end + 1]), dict) if 0 <= begun < end else False
    except ValueError:
        is_json = False
    return Tried(seconds=reply.total_ms / 1e3, form=reply.form, is_json=is_json)


def open_chat(settings: Settings) -> EndpointChat:
    """
    The endpoint the settings name, without any limit. Nothing is asked of it yet.

    Raises:
        ModelMissing: Its client is not installed.
    """
    return EndpointChat(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key.get_secret_value(),
        retries=settings.llm_retries,
    )


def leaving_of(settings: Settings) -> Leaving:
    """What may leave: what the settings say, and else as little as the endpoint's owner asks for."""
    is_own = settings.llm_trust == "local"
    asks = Asks(settings.llm_asks or Asks.STRICT)
    shows = Audience(settings.llm_shows) if settings.llm_shows else Audience.PUBLIC
    if is_own and not settings.llm_shows:
        shows = Audience.OFFICER
    return Leaving(asks=asks, shows=shows)


def open_fluency(settings: Settings, tracer: Tracer = NO_TRACER) -> Fluency | None:
    """
    The model and its limits; None where no model is set.

    Raises:
        ModelMissing: Its client is not installed.
    """
    if not settings.llm_model:
        return None
    # Its checks compile a second's worth of patterns: not for who has no model.
    from knowledge.fluent.writer import FluentWriter

    spending = Spending(
        DataFolder(settings.data).model_spending,
        calls=settings.llm_calls_per_day,
        tokens=settings.llm_tokens_per_day,
    )
    model = Guarded(open_chat(settings), at_once=settings.llm_at_once, breaker=Breaker(), spending=spending)
    leaving = leaving_of(settings)
    writer = FluentWriter(
        model,
        leaving,
        prompt=settings.llm_prompt,
        most_tokens=settings.llm_most_tokens,
        tracer=tracer,
        remembered=Remembered(),
    )
    return Fluency(model=model, leaving=leaving, writer=writer, budget_s=settings.llm_budget_s)


def open_tracer(settings: Settings) -> Tracer:
    """Where the steps of answers are told: nowhere, unless a collector is set."""
    if not settings.trace_url:
        return NO_TRACER
    from knowledge.tracing_otel import otlp_tracer

    return otlp_tracer(settings.trace_url)
