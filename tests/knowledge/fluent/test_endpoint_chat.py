"""The adapter over real HTTP: what comes back from servers that work, differ, fail, hang and lie."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from knowledge.fluent.langchain_chat import EndpointChat
from knowledge.fluent.model import Deadline, ModelFailed, Prompt, Reason
from tests.fakes.openai.scripted import ENDLESS, HANGS, NO_PROTOCOL, Scripted, refuses
from tests.fakes.openai.server import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "khoa-canary-4711"
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
PROMPT = Prompt(
    system="Bạn là ai?", user="Câu hỏi bí mật", schema=SCHEMA, most_tokens=123, version="answer.v1"
)
HELLO = Scripted(text='{"xin": "chào anh chị"}')


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel(default=HELLO) as running:
        yield running


@pytest.fixture
def chat(server: ScriptedModel) -> Iterator[EndpointChat]:
    chat = EndpointChat(base_url=server.url, model="fake-model")
    yield chat
    chat.close()


def failure(chat: EndpointChat, seconds: float = 30.0, prompt: Prompt = PROMPT) -> ModelFailed:
    """How asking *chat* fails, which it has to do by its deadline."""
    begun = time.monotonic()
    with pytest.raises(ModelFailed) as caught:
        chat.complete(prompt, Deadline.after(seconds))
    assert time.monotonic() - begun < seconds + 0.5
    return caught.value


def test_a_stream_comes_back_as_one_text_with_its_cost(server: ScriptedModel, chat: EndpointChat):
    reply = chat.complete(PROMPT, Deadline.after(30))
    assert reply.text == HELLO.text
    assert (reply.tokens_in, reply.tokens_out) == (100, len(HELLO.text) // 3)
    assert reply.form == "schema"
    assert 0 < reply.first_ms <= reply.total_ms
    body = server.received[0].body
    assert body["stream"] is True
    assert (server.received[0].system, server.received[0].user) == (PROMPT.system, PROMPT.user)


def test_the_most_tokens_go_by_the_name_that_llama_cpp_reads(server: ScriptedModel, chat: EndpointChat):
    chat.complete(PROMPT, Deadline.after(30))
    assert server.received[0].body["max_tokens"] == 123
    assert "max_completion_tokens" not in server.received[0].body
    assert server.received[0].body["response_format"]["json_schema"]["schema"] == SCHEMA


def test_a_server_that_refuses_schemas_is_asked_in_simpler_forms_and_remembered(server: ScriptedModel):
    server.takes = ("json_object", "")
    chat = EndpointChat(base_url=server.url, model="fake-model")
    assert chat.complete(PROMPT, Deadline.after(30)).form == "object"
    server.takes = ("",)
    assert chat.complete(PROMPT, Deadline.after(30)).form == "plain"
    before = len(server.received)
    assert chat.complete(PROMPT, Deadline.after(30)).form == "plain"
    assert len(server.received) == before + 1
    assert "response_format" not in server.received[-1].body
    chat.close()


def test_a_server_that_wants_the_newer_name_for_tokens_gets_it(server: ScriptedModel, chat: EndpointChat):
    server.limits = ("max_completion_tokens",)
    reply = chat.complete(PROMPT, Deadline.after(30))
    assert reply.form == "schema"
    assert server.received[-1].body["max_completion_tokens"] == 123
    assert "max_tokens" not in server.received[-1].body


@pytest.mark.parametrize("field", ["temperature", "stream_options"])
def test_a_field_that_a_server_does_not_know_is_left_out(
    server: ScriptedModel, chat: EndpointChat, field: str
):
    server.then(refuses(400, message=f"Unknown parameter: '{field}'.", param=field))
    reply = chat.complete(PROMPT, Deadline.after(30))
    assert reply.text == HELLO.text
    assert reply.tokens_in > 0
    assert field in server.received[0].body
    assert field not in server.received[1].body


def test_tokens_are_estimated_where_nobody_counts_them(server: ScriptedModel, chat: EndpointChat):
    server.default = Scripted(text="một hai ba", counts=False)
    reply = chat.complete(PROMPT, Deadline.after(30))
    assert reply.tokens_out == 4
    assert reply.tokens_in > 0


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (refuses(401), Reason.REFUSED),
        (refuses(403), Reason.REFUSED),
        (refuses(404), Reason.UNKNOWN_MODEL),
        (refuses(429), Reason.BUSY),
        (refuses(500), Reason.BROKEN),
        (refuses(503), Reason.BROKEN),
        (refuses(400, message="Câu hỏi bí mật is too long"), Reason.BROKEN),
        (NO_PROTOCOL, Reason.MALFORMED),
        (Scripted(raw=b""), Reason.MALFORMED),
        (Scripted(raw=b'{"choices": null}'), Reason.MALFORMED),
        (ENDLESS, Reason.TOO_LONG),
    ],
)
def test_what_goes_wrong_has_a_reason_and_never_a_word(
    server: ScriptedModel,
    chat: EndpointChat,
    reply: Scripted,
    reason: Reason,
    caplog: pytest.LogCaptureFixture,
):
    server.default = reply
    failed = failure(chat)
    assert failed.reason is reason
    assert "bí mật" not in f"{failed} {failed!r} {caplog.text}"


def test_an_unknown_model_and_a_wrong_key_are_told_apart(server: ScriptedModel):
    server.api_key = KEY
    for model, key, reason in (
        ("other", KEY, Reason.UNKNOWN_MODEL),
        ("fake-model", "wrong", Reason.REFUSED),
    ):
        chat = EndpointChat(base_url=server.url, model=model, api_key=key)
        assert failure(chat).reason is reason
        chat.close()
    chat = EndpointChat(base_url=server.url, model="fake-model", api_key=KEY)
    assert chat.complete(PROMPT, Deadline.after(30)).text == HELLO.text
    chat.close()


def test_a_cut_stream_is_no_answer(server: ScriptedModel, chat: EndpointChat):
    server.default = Scripted(text="0123456789", pieces=10, cut_after=5)
    assert failure(chat).reason is Reason.UNREACHABLE
    assert len(server.received) == 2


def test_a_lost_connection_and_500_are_tried_once_more(server: ScriptedModel, chat: EndpointChat):
    server.then(refuses(500))
    assert chat.complete(PROMPT, Deadline.after(30)).text == HELLO.text
    assert len(server.received) == 2


def test_retry_after_is_waited_for_only_within_the_deadline(server: ScriptedModel, chat: EndpointChat):
    server.then(refuses(429, retry_after="0"))
    assert chat.complete(PROMPT, Deadline.after(30)).text == HELLO.text
    server.then(refuses(429, retry_after="60"))
    begun = time.monotonic()
    failed = failure(chat)
    assert failed.reason is Reason.BUSY
    assert failed.retry_after_s == 60
    assert time.monotonic() - begun < 1


def test_a_date_or_nonsense_in_retry_after_is_no_time_to_wait(server: ScriptedModel, chat: EndpointChat):
    for header in ("Fri, 31 Dec 2099 23:59:59 GMT", "-5", "1e9", "nan"):
        server.then(refuses(429, retry_after=header))
        assert chat.complete(PROMPT, Deadline.after(30)).text == HELLO.text


@pytest.mark.parametrize(
    "reply",
    [HANGS, Scripted(text="x" * 100, first_s=20), Scripted(text="x" * 1000, pieces=1000, piece_s=0.05)],
    ids=["hangs", "slow-first", "drips"],
)
def test_who_hangs_or_drips_is_cut_off_at_the_deadline(
    server: ScriptedModel, chat: EndpointChat, reply: Scripted
):
    server.default = reply
    assert failure(chat, 0.4).reason is Reason.LATE
    server.default = HELLO
    assert chat.complete(PROMPT, Deadline.after(30)).text == HELLO.text  # nothing is stuck


def test_many_hanging_questions_leave_no_thread_behind(server: ScriptedModel, chat: EndpointChat):
    chat.complete(PROMPT, Deadline.after(30))
    server.default = HANGS
    before = {thread.name for thread in threading.enumerate() if not thread.name.startswith("Thread-")}
    asking = [threading.Thread(target=failure, args=(chat, 0.3)) for _ in range(20)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(5)
        assert not thread.is_alive()
    after = {thread.name for thread in threading.enumerate() if not thread.name.startswith("Thread-")}
    assert after == before


def test_nobody_listening_is_told_at_once():
    chat = EndpointChat(base_url="http://127.0.0.1:9/v1", model="fake-model")
    assert failure(chat).reason is Reason.UNREACHABLE
    chat.close()


def test_a_deadline_that_is_over_asks_nobody(server: ScriptedModel, chat: EndpointChat):
    assert failure(chat, 0).reason is Reason.LATE
    assert not server.received


def test_closing_ends_what_is_being_asked(server: ScriptedModel, chat: EndpointChat):
    server.default = HANGS
    reasons: list[Reason] = []
    asking = threading.Thread(target=lambda: reasons.append(failure(chat, 20).reason))
    asking.start()
    server.wait_for_request()
    chat.close()
    asking.join(5)
    assert reasons == [Reason.LATE]
    assert failure(chat, 1).reason is Reason.LATE  # and afterwards nobody is asked


def test_the_key_stands_in_nothing_printed(server: ScriptedModel):
    chat = EndpointChat(base_url=server.url, model="fake-model", api_key=KEY)
    assert KEY not in f"{chat!r} {vars(chat)!r} {PROMPT!r}"
    assert PROMPT.user not in repr(PROMPT)
    chat.close()


def test_no_environment_makes_langchain_report_prompts_to_somebody_else(
    server: ScriptedModel, monkeypatch: pytest.MonkeyPatch
):
    with ScriptedModel() as spy:
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        for name in ("LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"):
            monkeypatch.setenv(name, spy.url)
        monkeypatch.setenv("LANGSMITH_API_KEY", "x")
        chat = EndpointChat(base_url=server.url, model="fake-model")
        assert chat.complete(PROMPT, Deadline.after(30)).text == HELLO.text
        chat.close()
        assert not spy.came.acquire(timeout=0.5)
        assert not spy.received
