"""`binhan eval --model`: models and prompts beside one another, over real HTTP to a scripted one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from prompts.catalog import text
from tests.fakes.openai.minds import honest
from tests.fakes.openai.server import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bot.program import Program

ROWS = (
    {
        "question": "nhờ tổ hòa giải tốn mấy tiền?",
        "expect": "answer",
        "gold": "guide:hoa-giai#hoa-giai-mat-tien",
    },
    {"question": "giá vàng hôm nay bao nhiêu?", "expect": "refuse"},
    {"question": "tôi bị chồng đánh, cứu tôi", "expect": "danger"},
)  # fmt: skip


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as running:
        yield running


@pytest.fixture
def fluent(program: Program, server: ScriptedModel) -> Program:
    return program.having(
        llm_base_url=server.url,
        llm_model="fake-model",
        llm_trust="local",
        llm_budget_s="15",
        llm_price_in="10",
        llm_price_out="20",
    )


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "cau-hoi.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    return file


def test_a_model_is_laid_beside_the_answers_without_one(fluent, server, questions):
    server.default = honest
    done = fluent.run("eval", str(questions), "--model", "-", "--model", "@answer.v1", "--json")
    assert done.returncode == 0, done.stderr
    without, with_model = (report["model"] for report in json.loads(done.stdout)["models"])
    assert without["counts"]["written"] == [0, 2]  # one answerable row, in two spellings
    assert (without["cost"], without["outcomes"]) == (0, {})
    assert with_model["counts"]["written"][0] >= 1
    for figures in (without, with_model):
        assert figures["counts"]["refusals_kept"] == [2, 2]
        assert figures["counts"]["danger_kept"] == [2, 2]
        assert figures["counts"]["answered"] == [2, 2]
    tokens = with_model["tokens"]
    assert with_model["cost"] == pytest.approx((tokens["read"] * 10 + tokens["written"] * 20) / 1e6)
    assert tokens["read"] == 100 * len(server.received)  # what the server counts for each
    assert with_model["ms"]["model"]["p50"] > 0
    assert "chồng" not in server.heard()


def test_one_model_is_reported_as_any_measurement_and_compared(fluent, server, questions, tmp_path):
    server.default = honest
    page, after = tmp_path / "trang.html", tmp_path / "sau.json"
    done = fluent.run("eval", str(questions), "--model", "fake-model", "--json", "--report", str(page))
    assert done.returncode == 0, done.stderr
    after.write_text(done.stdout, encoding="utf-8")
    html = page.read_text(encoding="utf-8")
    assert text("evalreport.model_title", "vi") in html
    assert "answer.v1" in html
    compared = fluent.run("eval", "compare", str(after), str(after))
    assert compared.returncode == 0, compared.stderr
    assert "fake-model @ answer.v1" in compared.stdout
    assert text("cli.model_claims_kept", "vi") in compared.stdout


@pytest.mark.parametrize(
    ("named", "key"), [("fake-model@answer.v99", "model_no_prompt"), ("fake-model", "model_not_set")]
)
def test_what_is_not_there_is_said_before_anything_is_asked(program, server, questions, named, key):
    ours = {} if key == "model_not_set" else {"llm_base_url": server.url, "llm_model": "fake-model"}
    done = program.having(**ours).run("eval", str(questions), "--model", named)
    assert done.returncode == 1
    known = text(f"cli.{key}", "vi", name="answer.v99", known="answer.v1")
    assert " ".join(known.split()) in " ".join(done.stderr.split())
    assert server.received == []
