"""Answers in a model's words over real HTTP: what is shown, and what stands when the model does not."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from knowledge.answer import Status
from knowledge.fluent.asked import Asked
from knowledge.fluent.breaker import Breaker
from knowledge.fluent.leaving import Asks, Leaving
from knowledge.model import Audience, DocumentKind, PassageDraft
from prompts.catalog import text as say
from tests.fakes.drafts import document
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.fluency import LOCAL, fluency, fluent_answerer
from tests.fakes.gates import SHUT_GATE
from tests.fakes.libraries import open_library
from tests.fakes.openai.minds import CHANGES, honest, lying, swapped_sources, unknown_ids
from tests.fakes.openai.scripted import (
    ENDLESS,
    HALF_JSON,
    HANGS,
    NO_PROTOCOL,
    NOT_JSON,
    Scripted,
    claims,
    refuses,
)

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.answer import Answer
    from knowledge.library import Library
    from tests.fakes.openai.server import Script, ScriptedModel

PUBLIC = Audience.PUBLIC
BIRDS = "Nuôi chim thì phải cách trường học, bệnh viện bao nhiêu mét?"
MEDIATION = "Muốn nhờ tổ hòa giải thì làm thế nào?"
TRUE = (
    "Nhà yến phải cách trường học, bệnh viện tối thiểu 300 mét.",
    "p1",
    "Nhà yến cách trường học, bệnh viện tối thiểu 300 mét.",
)

DRAFT = document(
    "laws/ong.txt",
    PassageDraft(
        anchor="3", heading="Điều 3. Nuôi ong mật", locator="Điều 3",
        text="Đàn ong mật di chuyển giữa các tỉnh phải có giấy kiểm dịch.",
    ),
    title="Dự thảo Nghị định về ong mật", kind=DocumentKind.LAW, document_type="Dự thảo",
)  # fmt: skip


@pytest.fixture
def plain(library: Library):
    return fluent_answerer(library, None)


@pytest.fixture
def answerer(library: Library, server: ScriptedModel, tmp_path: Path):
    with fluency(server.url, tmp_path, budget_s=60) as made:
        yield fluent_answerer(library, made)


def same(answer: Answer, other: Answer) -> bool:
    """Whether both tell the same."""
    return (answer.text, answer.citations, answer.kind, answer.suggestions, answer.notes) == (
        other.text,
        other.citations,
        other.kind,
        other.suggestions,
        other.notes,
    )


def test_a_checked_claim_is_the_answer_with_its_quotation(answerer, server: ScriptedModel):
    server.default = claims(TRUE)
    answer = answerer.answer(BIRDS, PUBLIC)
    assert (answer.status, answer.kind) == (Status.ANSWERED, "model")
    assert answer.text.startswith(TRUE[0])
    assert [(item.id, item.quote) for item in answer.citations] == [("laws/yen.txt#25", TRUE[2])]
    assert answer.model is not None
    assert (answer.model.outcome, answer.model.prompt) == ("written", "answer.v1")
    assert (answer.model.claims, answer.model.dropped, answer.model.tokens_in) == (1, 0, 100)


def test_what_is_said_of_a_law_in_time_stays(answerer, plain, server: ScriptedModel):
    server.default = claims(TRUE)
    note = say("ask.law_may_have_changed", "vi")
    assert note in plain.answer(BIRDS, PUBLIC).notes
    answer = answerer.answer(BIRDS, PUBLIC)
    assert note in answer.text
    assert note in answer.notes


def test_a_claim_that_fails_falls_and_the_others_stay(answerer, server: ScriptedModel):
    false = ("Nhà yến phải cách trường học tối thiểu 500 mét.", "p1", TRUE[2])
    server.default = claims(false, TRUE)
    answer = answerer.answer(BIRDS, PUBLIC)
    assert answer.kind == "model"
    assert "500" not in answer.text
    assert answer.model is not None
    assert (answer.model.claims, answer.model.dropped) == (2, 1)
    assert answer.model.faults


BAD: dict[str, Script] = {
    "refuses": claims(refusal=True),
    "no claims": claims(),
    "not json": NOT_JSON,
    "half json": HALF_JSON,
    "no protocol": NO_PROTOCOL,
    "endless": ENDLESS,
    "401": refuses(401),
    "404": refuses(404),
    "429": refuses(429, retry_after="2"),
    "500": refuses(500),
    "unknown ids": unknown_ids,
    "cut": Scripted(text='{"claims": [', pieces=6, cut_after=2),
    "another language": claims(("Bird houses must be at least 300 metres away from schools.", "p1", TRUE[2])),
}


@pytest.mark.parametrize("name", BAD)
def test_whatever_the_model_does_wrong_the_quoted_answer_stands(
    answerer, plain, server: ScriptedModel, name: str
):
    server.default = BAD[name]
    answer = answerer.answer(BIRDS, PUBLIC)
    assert same(answer, plain.answer(BIRDS, PUBLIC))
    assert answer.model is not None
    assert answer.model.outcome != "written"
    assert server.received


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("in_quote", [False, True])
def test_no_changed_sentence_is_ever_shown(
    answerer, plain, server: ScriptedModel, change: str, *, in_quote: bool
):
    server.default = lying(CHANGES[change], in_quote=in_quote)
    for question in (BIRDS, MEDIATION):
        answer = answerer.answer(question, PUBLIC)
        assert same(answer, plain.answer(question, PUBLIC)), answer.text
        assert "written" not in answer.model.outcome


def test_a_true_sentence_under_another_source_is_not_shown(answerer, plain, server: ScriptedModel):
    server.default = swapped_sources
    answer = answerer.answer(BIRDS, PUBLIC)
    assert same(answer, plain.answer(BIRDS, PUBLIC))


def test_an_honest_model_is_believed(answerer, server: ScriptedModel):
    server.default = honest
    for question in (BIRDS, MEDIATION):
        answer = answerer.answer(question, PUBLIC)
        assert answer.kind == "model", answer.model
        assert answer.model.dropped == 0


@pytest.mark.parametrize(
    "reply",
    [HANGS, Scripted(text="x" * 50, first_s=20), Scripted(text="x" * 999, pieces=999, piece_s=0.05)],
    ids=["hangs", "slow-first", "drips"],
)
def test_nobody_waits_longer_than_the_budget(
    library: Library, plain, server: ScriptedModel, tmp_path: Path, reply: Scripted
):
    server.default = reply
    plain.answer(BIRDS, PUBLIC)
    begun = time.perf_counter()
    expected = plain.answer(BIRDS, PUBLIC)
    alone_s = time.perf_counter() - begun
    with fluency(server.url, tmp_path, budget_s=0.6) as made:
        answerer = fluent_answerer(library, made)
        begun = time.perf_counter()
        answer = answerer.answer(BIRDS, PUBLIC)
        taken_s = time.perf_counter() - begun
    assert same(answer, expected)
    assert answer.model.outcome == "late"
    # On a busy machine the search alone may take several times as long; half a second is its allowance.
    assert taken_s <= 1.2 * alone_s + 0.6 + 0.5


def test_an_endpoint_that_is_down_costs_nobody_the_budget(library: Library, plain, tmp_path: Path):
    with fluency("http://127.0.0.1:9/v1", tmp_path, budget_s=10) as made:
        begun = time.perf_counter()
        answer = fluent_answerer(library, made).answer(BIRDS, PUBLIC)
        assert time.perf_counter() - begun < 5
    assert same(answer, plain.answer(BIRDS, PUBLIC))


def test_a_model_that_keeps_failing_is_left_alone(library: Library, server: ScriptedModel, tmp_path: Path):
    server.default = refuses(400)
    with fluency(server.url, tmp_path, breaker=Breaker(failures=2)) as made:
        answerer = fluent_answerer(library, made)
        outcomes = [answerer.answer(BIRDS, PUBLIC).model.outcome for _ in range(4)]
    assert outcomes == ["broken", "broken", "resting", "resting"]


def test_more_questions_than_may_ask_at_once_are_answered_without_the_model(
    library: Library, plain, server: ScriptedModel, tmp_path: Path
):
    server.default = HANGS
    with fluency(server.url, tmp_path, budget_s=2, at_once=1) as made, ThreadPoolExecutor(1) as pool:
        answerer = fluent_answerer(library, made)
        first = pool.submit(answerer.answer, BIRDS, PUBLIC)
        server.wait_for_request()
        begun = time.perf_counter()
        second = answerer.answer(BIRDS, PUBLIC)
        assert time.perf_counter() - begun < 1.5
        assert second.model.outcome == "crowded"
        assert first.result(20).model.outcome == "late"
    assert same(second, plain.answer(BIRDS, PUBLIC))


def test_a_refusal_is_never_asked_about(library: Library, server: ScriptedModel, tmp_path: Path):
    server.default = honest
    with fluency(server.url, tmp_path) as made:
        answer = fluent_answerer(library, made, gate=SHUT_GATE).answer(BIRDS, PUBLIC)
    assert answer.status is Status.REFUSED
    assert answer.model is None
    assert not server.received


def test_what_is_no_law_of_today_is_quoted_and_not_told(server: ScriptedModel, tmp_path: Path):
    question = "Đàn ong mật di chuyển giữa các tỉnh phải có giấy gì?"
    server.default = honest
    with open_library(tmp_path, HashingEmbedder()) as library, fluency(server.url, tmp_path) as made:
        library.publish(DRAFT)
        library.finish()
        answer = fluent_answerer(library, made).answer(question, PUBLIC)
        assert [item.id for item in answer.citations] == ["laws/ong.txt#3"]
        assert same(answer, fluent_answerer(library, None).answer(question, PUBLIC))
    assert answer.model.outcome == "plain"
    assert not server.received


def test_members_passages_go_to_no_stranger(
    library: Library, answerer, server: ScriptedModel, tmp_path: Path
):
    question = "Đoàn viên thi thả diều sáo ngày nào?"
    server.default = honest
    answer = answerer.answer(question, Audience.MEMBER)
    assert answer.citations[0].id == "plans/dieu.txt#1"
    assert answer.model.outcome == "kept_home"
    assert "diều" not in server.heard()
    answerer.answer(BIRDS, Audience.MEMBER)  # what is public may, without what stands beside it
    assert "yến" in server.heard()
    assert "diều" not in server.heard()
    with fluency(server.url, tmp_path, leaving=LOCAL) as made:
        answer = fluent_answerer(library, made).answer(question, Audience.MEMBER)
    assert answer.kind == "model"


def test_an_english_question_is_answered_in_english_with_the_vietnamese_quoted(
    answerer, server: ScriptedModel
):
    server.default = claims(("It must be at least 300 metres from schools and hospitals.", "p1", TRUE[2]))
    answer = answerer.answer(
        "How far must it be from schools and hospitals by the law of trường học?", PUBLIC, "en"
    )
    assert server.received[0].system.startswith("You write")
    assert answer.kind == "model", answer.model
    assert TRUE[2] in answer.text


def test_a_follow_up_takes_its_earlier_question_along(answerer, server: ScriptedModel):
    server.default = honest
    answerer.answer("thế còn âm thanh thì sao?", PUBLIC, "vi", (BIRDS,))
    assert server.received[-1].data()["earlier1"] == BIRDS


def test_data_stands_between_lines_that_nobody_can_guess(answerer, server: ScriptedModel):
    server.default = honest
    answerer.answer(BIRDS, PUBLIC)
    answerer.answer(BIRDS, PUBLIC)
    first, second = server.received
    fences = [
        {line.split()[0] for line in item.user.splitlines() if line.startswith("~~~")}
        for item in (first, second)
    ]
    assert [len(fence) for fence in fences] == [1, 1]
    assert fences[0] != fences[1]
    assert "tools" not in first.body
    assert first.data()["question"] == BIRDS


TIP = "Tôi muốn tố giác nhà ông Khuynhdiep xóm 3 nuôi chim trái phép và bán ma túy"


class Unlocked(Leaving):
    """A gate that somebody broke."""

    def words(self, text: str) -> str:
        return text


@pytest.mark.parametrize("gate", [Leaving, Unlocked])
def test_a_report_stays_even_where_it_is_taken_for_a_question(
    library: Library, server: ScriptedModel, tmp_path: Path, gate: type[Leaving]
):
    server.default = honest
    extractive = fluent_answerer(library, None).answer(BIRDS, PUBLIC)
    passage = next(item for item in library.record.all_passages(PUBLIC) if item.anchor == "25")
    asked = Asked(question=TIP, previous=(), language="vi", evidence=(passage,), extractive=extractive)
    with fluency(server.url, tmp_path, leaving=gate(asks=Asks.TYPED, shows=PUBLIC)) as made:
        answer = made.writer.write(asked, made.deadline(), lambda *_: [])
    is_kept = "Khuynhdiep" not in server.heard()
    assert is_kept == (gate is Leaving)  # the broken one shows that this test can fail
    assert (answer.model.outcome == "kept_home") == is_kept
