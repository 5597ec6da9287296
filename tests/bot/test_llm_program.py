"""The program with a language model, as a person runs it: `serve`, `ask` and `doctor` over real HTTP."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from prompts.catalog import text
from tests.fakes.openai.minds import honest
from tests.fakes.openai.scripted import HANGS, NOT_JSON, Scripted, refuses
from tests.fakes.openai.server import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bot.program import Program, Service

KEY = "khoa-canary-4711"
WORKS = Scripted(text='{"works": true}')


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel(api_key=KEY, default=honest) as running:
        yield running


def with_model(program: Program, model: ScriptedModel, **more: str) -> Program:
    named = {"llm_model": "fake-model", "llm_base_url": model.url, "llm_api_key": KEY, "llm_budget_s": "8"}
    return program.having(**(named | more))


def ask(service: Service, question: str) -> dict[str, Any]:
    """What the web chat's script gets."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{service.port}/api/ask",
        data=json.dumps({"question": question, "language": "vi", "previous": []}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_the_web_chat_tells_a_models_checked_words_and_keeps_reports_at_home(
    program: Program, model: ScriptedModel
):
    question = "Tổ hòa giải có thu tiền không?"
    plain = program.json("ask", question)
    with with_model(program, model).serving() as service:
        told = ask(service, question)
        assert told["status"] == "answered"
        assert text("web.kind_model") in told["bubble"]
        assert "<blockquote" in told["bubble"]
        before = len(model.received)
        assert before == 1
        report = ask(service, "Tôi muốn tố giác nhà ông Khuynhdiep buôn ma túy ở xóm 3")
        assert report["status"] == "answered"
        model.default = HANGS
        begun = time.monotonic()
        late = ask(service, "Muốn nhờ tổ hòa giải thì nói với ai?")
        assert time.monotonic() - begun < 8 + 6  # the budget, and a busy machine's allowance
        assert late["status"] == "answered"
        assert text("web.kind_model") not in late["bubble"]
    assert "Khuynhdiep" not in model.heard()
    assert KEY not in service.said
    assert "hòa giải" not in service.said
    assert json.loads((program.data / "model-spending.json").read_text())["calls"] == 2
    assert plain["kind"] == "guide"


def test_doctor_tries_the_model_and_says_what_it_gets(program: Program, model: ScriptedModel):
    model.default = WORKS
    finding = look(with_model(program, model, language="en"))
    assert finding["state"] == "ok"
    for key in ("form_schema", "asks_strict", "shows_public", "in_clear"):
        assert text(f"doctor.model_{key}", "en") in finding["told"]
    assert KEY not in str(finding)
    (asked,) = model.received
    assert asked.user == text("fluent.probe_user", "en")
    assert not (program.data / "model-spending.json").exists()  # a look costs nobody's budget


@pytest.mark.parametrize(
    ("reply", "key"),
    [
        (refuses(401), "refused"),
        (refuses(404), "unknown_model"),
        (refuses(503), "broken"),
        (NOT_JSON, "no_json"),
    ],
)
def test_doctor_says_what_is_wrong_with_the_model_and_what_to_do(
    program: Program, model: ScriptedModel, reply: Scripted, key: str
):
    model.default = reply
    finding = look(with_model(program, model), code=1)
    assert finding["state"] == "missing"
    assert text(f"doctor.model_{key}", "vi", name="fake-model") in finding["told"]


def look(program: Program, code: int = 0) -> dict[str, str]:
    """What doctor says of the model."""
    return next(item for item in program.json("doctor", code=code) if item["part"] == "model")


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"llm_model": "x"}, {"BINHAN_LLM_BASE_URL"}),
        ({"llm_model": "x", "llm_base_url": "x"}, {"BINHAN_LLM_BASE_URL"}),
        ({"llm_asks": "typed"}, {"BINHAN_LLM_ASKS"}),
        ({"llm_budget_s": "60", "llm_trust": "maybe", "llm_prompt": "../x"},
         {"BINHAN_LLM_BUDGET_S", "BINHAN_LLM_TRUST", "BINHAN_LLM_PROMPT"}),
    ],
)  # fmt: skip
def test_wrong_settings_of_a_model_are_named(ripe: Program, settings: dict[str, str], names: set[str]):
    done = ripe.having(**settings, llm_api_key=KEY).run("ask", "x")
    assert done.returncode == 2
    assert {word.strip(":") for word in done.stderr.split() if word.startswith("BINHAN_LLM_")} >= names
    assert KEY not in done.stderr
