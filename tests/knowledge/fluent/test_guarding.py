"""What stands before a model: the breaker, the day's budget, and what is remembered."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from knowledge.answer import Answer, Status
from knowledge.fluent.breaker import Breaker
from knowledge.fluent.guarding import Guarded
from knowledge.fluent.model import Deadline, ModelFailed, Prompt, Reason, Reply
from knowledge.fluent.remembering import Remembered
from knowledge.fluent.spending import Spending, Spent
from knowledge.model import Audience
from tests.fakes.fluency import fluency, fluent_answerer
from tests.fakes.openai.minds import honest

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.library import Library
    from tests.fakes.openai.server import ScriptedModel

PROMPT = Prompt(system="s", user="u")
DAY = date(2026, 11, 28)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Mood:
    """A model behind our own port that fails as told."""

    name = "mood"

    def __init__(self) -> None:
        self.reason: Reason | None = None
        self.retry_after_s: float | None = None
        self.bug = False
        self.calls = 0

    def complete(self, prompt: Prompt, deadline: Deadline) -> Reply:
        self.calls += 1
        if self.bug:
            raise RuntimeError
        if self.reason is not None:
            raise ModelFailed(self.reason, retry_after_s=self.retry_after_s)
        return Reply(text="{}", tokens_in=30, tokens_out=12, first_ms=1, total_ms=2)

    def close(self) -> None:
        """Nothing is open."""


class Stage:
    def __init__(self, folder: Path, *, calls: int = 0, tokens: int = 0) -> None:
        self.clock, self.mood, self.day = Clock(), Mood(), DAY
        self.file = folder / "spent.json"
        self.spending = Spending(self.file, calls=calls, tokens=tokens, today=lambda: self.day)
        breaker = Breaker(failures=3, rest_s=30, now=self.clock)
        self.model = Guarded(self.mood, at_once=1, breaker=breaker, spending=self.spending)

    def ask(self, seconds: float = 5.0) -> Reason | None:
        try:
            self.model.complete(PROMPT, Deadline.after(seconds))
        except ModelFailed as failed:
            return failed.reason
        return None


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_three_failures_in_a_row_rest_the_model_and_one_question_tries_it_again(stage: Stage):
    stage.mood.reason = Reason.LATE
    assert [stage.ask() for _ in range(5)] == [Reason.LATE] * 3 + [Reason.RESTING] * 2
    stage.clock.now += 31
    assert [stage.ask() for _ in range(2)] == [Reason.LATE, Reason.RESTING]  # one trial, then twice as long
    stage.clock.now += 31
    assert stage.ask() is Reason.RESTING
    stage.clock.now += 30
    stage.mood.reason = None
    assert [stage.ask() for _ in range(3)] == [None, None, None]
    assert stage.mood.calls == 7


def test_a_success_between_failures_starts_the_count_anew(stage: Stage):
    for _ in range(4):
        stage.mood.reason = Reason.BROKEN
        assert [stage.ask(), stage.ask()] == [Reason.BROKEN] * 2
        stage.mood.reason = None
        assert stage.ask() is None


def test_a_server_that_asks_for_a_minute_gets_it_at_once(stage: Stage):
    stage.mood.reason, stage.mood.retry_after_s = Reason.BUSY, 60.0
    assert [stage.ask(), stage.ask()] == [Reason.BUSY, Reason.RESTING]
    stage.mood.reason = None
    stage.clock.now += 59
    assert stage.ask() is Reason.RESTING
    stage.clock.now += 2
    assert stage.ask() is None


def test_an_error_of_our_own_does_not_keep_the_trial_for_ever(stage: Stage):
    stage.mood.reason = Reason.LATE
    for _ in range(3):
        stage.ask()
    stage.clock.now += 31
    stage.mood.reason, stage.mood.bug = None, True
    with pytest.raises(RuntimeError):
        stage.ask()
    stage.mood.bug = False
    stage.clock.now += 61
    assert stage.ask() is None


def test_too_little_time_asks_nobody_and_blames_nobody(stage: Stage):
    assert [stage.ask(0.05) for _ in range(5)] == [Reason.LATE] * 5
    assert stage.mood.calls == 0
    assert stage.ask() is None


def test_the_days_calls_are_counted_and_end(tmp_path: Path):
    stage = Stage(tmp_path, calls=2)
    assert [stage.ask() for _ in range(3)] == [None, None, Reason.SPENT]
    assert stage.spending.today() == Spent("2026-11-28", 2, 84)
    again = Stage(tmp_path, calls=2)  # a restart forgets nothing
    assert again.ask() is Reason.SPENT
    again.day = date(2026, 11, 29)
    assert again.ask() is None


def test_the_days_tokens_are_counted_and_end(tmp_path: Path):
    stage = Stage(tmp_path, tokens=50)
    assert [stage.ask() for _ in range(3)] == [None, None, Reason.SPENT]


def test_a_used_up_budget_is_no_failure_of_the_model(tmp_path: Path):
    stage = Stage(tmp_path, calls=1)
    assert [stage.ask() for _ in range(6)] == [None] + [Reason.SPENT] * 5
    stage.day = date(2026, 11, 29)
    assert stage.ask() is None


def test_the_file_holds_a_date_and_two_numbers(stage: Stage):
    stage.ask()
    assert json.loads(stage.file.read_text()) == {"day": "2026-11-28", "calls": 1, "tokens": 42}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"day": 1}', '{"day": "x", "calls": "y", "tokens": 0}'])
def test_a_broken_file_counts_from_nothing(tmp_path: Path, content: str):
    (tmp_path / "spent.json").write_text(content)
    assert Stage(tmp_path, calls=1).ask() is None


def test_what_cannot_be_counted_is_not_spent(tmp_path: Path):
    stage = Stage(tmp_path / "gone")
    assert stage.ask() is Reason.SPENT
    assert stage.mood.calls == 0


def test_the_same_question_is_not_paid_for_twice(library: Library, server: ScriptedModel, tmp_path: Path):
    question = "Muốn nhờ tổ hòa giải thì làm thế nào?"
    server.default = honest
    with fluency(server.url, tmp_path, remembered=Remembered()) as made:
        answerer = fluent_answerer(library, made)
        first = answerer.answer(question, Audience.PUBLIC)
        second = answerer.answer(question, Audience.PUBLIC)
        answerer.answer("Chỉ một bên yêu cầu thì có hòa giải được không?", Audience.PUBLIC)
    assert first.kind == "model"
    assert (first.text, first.citations) == (second.text, second.citations)
    assert second.model.tokens_in == 0
    assert len(server.received) == 2


def test_what_is_remembered_ends_and_is_found_by_no_word():
    clock = Clock()
    remembered = Remembered(lasts_s=10, now=clock)
    answer = Answer(status=Status.ANSWERED, text="x")
    name = remembered.name(("hỏi", "đoạn"))
    remembered.keep(name, answer)
    assert remembered.find(remembered.name(("hỏi", "đoạn"))) is answer
    assert remembered.find(remembered.name(("hỏiđ", "oạn"))) is None
    assert Remembered().name(("hỏi", "đoạn")) != name  # another process cannot guess it either
    clock.now += 11
    assert remembered.find(name) is None
