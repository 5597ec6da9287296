"""What may leave for a language model: no report, no danger, no abuse, nobody's name or number."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.fluent.leaving import Asks, Leaving
from knowledge.model import Audience, DocumentMeta, Passage

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
SPELLINGS = ("text", "no_marks", "abbrev", "typo")
NEVER = frozenset(("danger", "report", "abuse"))


def leaving(asks: Asks = Asks.STRICT, shows: Audience = Audience.PUBLIC) -> Leaving:
    return Leaving(asks=asks, shows=shows)


@cache
def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def sent(texts: list[str], asks: Asks) -> int:
    """How many of *texts* would leave. Only the number: the held-out ones are not read."""
    return sum(leaving(asks).words(text) is not None for text in texts)


def told(name: str, spelling: str) -> list[str]:
    """What of a router's file must not leave."""
    return [row[spelling] for row in rows(name) if row["intent"] in NEVER]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", ["router-tune", "router-report", "router-fresh"])
def test_no_report_no_danger_and_no_abuse_leaves_as_set_from_the_start(name: str, spelling: str):
    texts = told(name, spelling)
    assert len(texts) > 150
    assert sent(texts, Asks.STRICT) == 0


@pytest.mark.parametrize("name", ["golden", "fresh", "dev-danger", "dev-danger-own"])
@pytest.mark.parametrize("asks", Asks)
def test_no_cry_for_help_leaves_however_the_endpoint_is_trusted(name: str, asks: Asks):
    texts = [row["question"] for row in rows(name) if row["expect"] == "danger"]
    assert len(texts) >= 25
    assert sent(texts, asks) == 0


@pytest.mark.parametrize("asks", Asks)
@pytest.mark.parametrize(
    "text",
    [
        "Mon voisin vend de la drogue",
        "tetangga saya jual narkoba",
        "Hilfe, es brennt im Haus",
        "隔壁有人贩毒",
        "Comment signaler un vol de moto ?",
    ],
)
def test_what_our_readers_cannot_read_leaves_for_no_model(text: str, asks: Asks):
    assert leaving(asks).words(text) is None


def test_most_answerable_questions_may_leave():
    texts = [
        row["question"]
        for name in ("golden", "citizen-tune", "fresh")
        for row in rows(name)
        if row["expect"] == "answer"
    ]
    assert sent(texts, Asks.STRICT) >= 0.83 * len(texts)


QUESTIONS = (
    "{} thì xin hòa giải ở đâu?",
    "Thủ tục xóa án tích của {} thế nào?",
    "Cho hỏi {} có được nhờ tổ hòa giải không?",
    "How does {} ask for mediation?",
)
PEOPLE = st.one_of(
    st.from_regex(r"0[35789]\d{8}", fullmatch=True),
    st.from_regex(r"0[35789]\d \d{3} \d{2} \d{2}", fullmatch=True),
    st.from_regex(r"\+84[35789]\d{8}", fullmatch=True),
    st.from_regex(r"CCCD 0\d{11}", fullmatch=True),
    st.from_regex(r"STK \d{9,14}", fullmatch=True),
    st.from_regex(r"[a-z]{4,9}\d{2}@gmail\.com", fullmatch=True),
    st.from_regex(r"[3-9]\d[A-H]-\d{3}\.\d{2}", fullmatch=True),
    st.from_regex(r"facebook\.com/[a-z]{5,9}\d{3}", fullmatch=True),
    st.sampled_from(("ông Nguyễn Văn Khánh", "chị Trần Thị Thảo", "anh Lê Quốc Dũng", "bà Phạm Thị Hoa")),
)


@settings(deadline=None, max_examples=60)
@given(
    question=st.sampled_from(QUESTIONS), somebody=PEOPLE, asks=st.sampled_from((Asks.STRICT, Asks.REDACTED))
)
def test_what_leads_to_somebody_does_not_leave(question: str, somebody: str, asks: Asks):
    words = leaving(asks).words(question.format(somebody)) or ""
    assert somebody not in words
    parts = {part for part in somebody.split() if len(part) > 3 and part != "CCCD"}
    assert not parts & set(words.replace("?", " ").split())


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=700), st.sampled_from(Asks))
def test_nothing_makes_the_gate_fail(text: str, asks: Asks):
    words = leaving(asks).words(text)
    assert words is None or words


def test_a_story_stays_and_only_an_endpoint_of_our_own_hears_words_as_typed():
    question = "Ông Nguyễn Văn Khánh có được nhờ tổ hòa giải không?"
    assert leaving(Asks.TYPED).words(question) == question
    assert "Khánh" not in (leaving(Asks.REDACTED).words(question) or "")
    assert leaving(Asks.TYPED).words(f"{question} " * 12) is None


def test_earlier_questions_go_along_only_one_by_one_looked_at():
    previous = (
        "Muốn nhờ tổ hòa giải thì làm thế nào?",
        "nhà số 12 bán ma túy, tối nào cũng có người tới lấy hàng",
        "Hòa giải có mất tiền không?",
    )
    assert leaving().turns(previous) == (previous[2],)
    assert leaving(Asks.TYPED).turns(previous[:2]) == (previous[0],)


def test_passages_go_by_their_audience():
    passages = [
        Passage(
            id=at,
            meta=DocumentMeta(key=str(at), title="x", audience=audience),
            anchor="1",
            text="x",
            locator="",
            heading="",
        )
        for at, audience in enumerate(Audience)
    ]
    for at, shows in enumerate(Audience, 1):
        assert leaving(shows=shows).passages(passages) == tuple(passages[:at])
