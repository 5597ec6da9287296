"""
An OpenAI-compatible endpoint (vLLM, llama.cpp, Ollama, a cloud) through LangChain's chat model.

The only place that names the vendor. What the endpoint says is not trusted, its errors are never quoted, and
its connection is cut at the deadline.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from knowledge.fluent.dialect import Dialect
from knowledge.fluent.loop_thread import LoopThread
from knowledge.fluent.model import ModelFailed, ModelMissing, Reason, Reply

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

    from knowledge.fluent.model import Deadline, Prompt

INSTALL_COMMAND: Final = "make endpoint"
MOST_CHARACTERS: Final = 20_000  # of one answer; more is a model running away
CONNECT_S: Final = 3.0
_AGAIN_S: Final = 0.3  # between two tries
_WORTH_TRYING_S: Final = 1.0  # with less time left, a further try is not begun
_CHARACTERS_PER_TOKEN: Final = 2.5  # of Vietnamese, where a server does not count
_REASONS: Final = {401: Reason.REFUSED, 403: Reason.REFUSED, 404: Reason.UNKNOWN_MODEL, 429: Reason.BUSY}
_WORDING: Final = frozenset((400, 422))  # the request's form is not understood
_FIELD: Final = "response_format"  # `llama_cpp.server` says so with 500, naming the field
_SECONDS: Final = re.compile(r"\d{1,6}(?:\.\d{1,3})?")  # of `Retry-After`; a date there is not waited for
_AGAIN: Final = frozenset((Reason.BUSY, Reason.BROKEN, Reason.UNREACHABLE))


class EndpointChat:
    """
    Asks over HTTP, one stream of server-sent events a prompt. Making one asks nothing of the endpoint.

    The endpoint's operator sees every prompt: what may stand in one is decided in `knowledge.fluent.leaving`.
    """

    def __init__(self, *, base_url: str, model: str, api_key: str = "", retries: int = 1) -> None:
        """
        Point at an endpoint.

        Args:
            base_url: Up to and including `/v1`.
            model: The name the endpoint knows.
            api_key: Sent as a bearer token; empty for an endpoint that wants none.
            retries: Further tries after 429, 5xx and a lost connection, as far as the deadline lets.

        Raises:
            ModelMissing: The extra is not installed; the field `command` says how to.
        """
        try:
            # Seconds of importing, before anybody asks.
            import langsmith.run_helpers  # noqa: F401
            from langchain_openai import ChatOpenAI
        except ImportError:
            raise ModelMissing(name=model, command=INSTALL_COMMAND) from None
        # At DEBUG this client writes whole requests, that is, people's questions, into the log.
        logging.getLogger("openai").setLevel(logging.WARNING)
        self.name = model
        self._retries = retries
        self._dialect = Dialect()
        self._thread = LoopThread("model")
        # Retries and time are ours to count: the client would wait for a `Retry-After` past any deadline.
        self._model = ChatOpenAI(
            base_url=base_url,
            model=model,
            api_key=SecretStr(api_key or "none"),
            max_retries=0,
            timeout=_timeout(),
            use_responses_api=False,
            stream_chunk_timeout=0,
        )

    def complete(self, prompt: Prompt, deadline: Deadline) -> Reply:
        """The model's text for *prompt*; see `ChatModel`."""
        seconds = deadline.left_s
        if seconds <= 0:
            raise ModelFailed(Reason.LATE)
        try:
            return self._thread.run(self._patiently(prompt, deadline), seconds)
        except TimeoutError:
            raise ModelFailed(Reason.LATE) from None

    def close(self) -> None:
        """Cut every connection."""
        self._thread.close()

    async def _patiently(self, prompt: Prompt, deadline: Deadline) -> Reply:
        """Ask, again where that may help, and in simpler forms where the server asks for it."""
        tries = 0
        while True:
            try:
                return await self._ask(prompt)
            except ModelFailed as failed:
                pause = failed.retry_after_s if failed.retry_after_s is not None else _AGAIN_S
                tries += 1
                if (
                    failed.reason not in _AGAIN
                    or tries > self._retries
                    or deadline.left_s < pause + _WORTH_TRYING_S
                ):
                    raise
            await asyncio.sleep(pause)

    async def _ask(self, prompt: Prompt) -> Reply:
        import openai

        while True:
            dialect = self._dialect
            try:
                return await self._stream(prompt, dialect)
            except openai.APIStatusError as error:
                complaint = _complaint(error)
                is_wording = error.status_code in _WORDING or _FIELD in complaint
                simpler = dialect.simpler(complaint) if is_wording else None
                if simpler is None:
                    raise _translated(error) from None
                self._dialect = simpler
            except openai.APIConnectionError:
                raise ModelFailed(Reason.UNREACHABLE) from None
            except (openai.OpenAIError, AttributeError, IndexError, KeyError, TypeError, ValueError):
                raise ModelFailed(Reason.MALFORMED) from None  # what no answer of the protocol ends in
            except OSError:  # httpx2 lets some errors of a cut stream through as they are
                raise ModelFailed(Reason.UNREACHABLE) from None

    async def _stream(self, prompt: Prompt, dialect: Dialect) -> Reply:
        from langsmith.run_helpers import tracing_context

        begun = time.perf_counter()
        parts: list[str] = []
        first_ms, length, is_whole = 0.0, 0, False
        tokens: tuple[int, int] | None = None
        # Whatever its environment says, LangChain reports no text of ours to anybody else.
        with tracing_context(enabled=False):
            chunks = self._model.astream(
                [("system", prompt.system), ("human", prompt.user)],
                extra_body=dialect.body(prompt),
                stream_usage=dialect.counts,
            )
            async for chunk in chunks:
                words = _words(chunk)
                if words and not parts:
                    first_ms = (time.perf_counter() - begun) * 1e3
                parts.append(words)
                length += len(words)
                tokens = _counted(chunk) or tokens
                is_whole = is_whole or bool(chunk.response_metadata.get("finish_reason"))
                if length > MOST_CHARACTERS:
                    await chunks.aclose()  # type: ignore[attr-defined]  # a generator, typed as an iterator
                    raise ModelFailed(Reason.TOO_LONG)
        if not is_whole:  # the stream just ended, as it does when a proxy gives up
            raise ModelFailed(Reason.UNREACHABLE)
        text = "".join(parts)
        if tokens is None:
            tokens = _estimated(prompt.system + prompt.user), _estimated(text)
        return Reply(
            text=text,
            tokens_in=tokens[0],
            tokens_out=tokens[1],
            first_ms=first_ms,
            total_ms=(time.perf_counter() - begun) * 1e3,
            form=dialect.form if prompt.schema is not None else "plain",
        )


def _timeout() -> Any:
    import openai

    return openai.Timeout(None, connect=CONNECT_S)  # the rest is the deadline's


def _words(chunk: AIMessageChunk) -> str:
    return chunk.content if isinstance(chunk.content, str) else ""


def _counted(chunk: AIMessageChunk) -> tuple[int, int] | None:
    usage = chunk.usage_metadata
    return (usage["input_tokens"], usage["output_tokens"]) if usage else None


def _estimated(text: str) -> int:
    return round(len(text) / _CHARACTERS_PER_TOKEN)


def _complaint(error: Any) -> str:
    """What the server says it does not understand; read for names of fields, kept nowhere."""
    return f"{getattr(error, 'param', '') or ''} {getattr(error, 'message', '')}"


def _translated(error: Any) -> ModelFailed:
    reason = _REASONS.get(error.status_code, Reason.BROKEN)
    asked = error.response.headers.get("retry-after", "") if error.response is not None else ""
    return ModelFailed(reason, retry_after_s=float(asked) if _SECONDS.fullmatch(asked) else None)
