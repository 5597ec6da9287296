"""A follow-up is rewritten from its own conversation and nothing else, and only searched for."""

from __future__ import annotations

import json

import pytest

from knowledge.fluent.leaving import Asks, Leaving
from knowledge.fluent.model import Deadline
from knowledge.fluent.rewriting import read, rewritten, stands_for
from knowledge.model import Audience
from tests.fakes.fluency import fluency, fluent_answerer
from tests.fakes.openai.minds import honest
from tests.fakes.openai.scripted import HANGS, NOT_JSON, Scripted, refuses

BEFORE = ("Nhà nuôi chim yến phải đăng ký ở đâu?",)
FOLLOW_UP = "thế còn âm thanh thì sao?"
ALONE = "Nhà nuôi chim yến âm thanh phải đăng ký ở đâu?"
TYPED = Leaving(asks=Asks.TYPED, shows=Audience.PUBLIC)


def question(text: str) -> Scripted:
    return Scripted(text=json.dumps({"question": text}, ensure_ascii=False))


@pytest.fixture
def rewrite(server, tmp_path):
    with fluency(server.url, tmp_path, leaving=TYPED) as made:

        def run(
            reply: Scripted, asked: str = FOLLOW_UP, before: tuple[str, ...] = BEFORE, within_s: float = 20.0
        ) -> str | None:
            server.then(reply)
            return rewritten(
                asked,
                before,
                model=made.model,
                leaving=made.leaving,
                deadline=Deadline.after(within_s),
                language="vi",
            )

        yield run


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        (ALONE, FOLLOW_UP),
        ("Nuôi chim yến 300 mét thì đăng ký ở đâu?", "còn 300 mét?"),
        ("nuoi chim yen am thanh the nao", "con am thanh?"),
        ("Nhà nuôi chim yến đăng ký mất tiền không?", "mất tiền không?"),
    ],
)
def test_what_holds_the_question_and_only_the_conversation_stands_for_it(wanted, asked):
    assert stands_for(wanted, asked, BEFORE)


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        ("Nhà nuôi chim yến phải đăng ký ở đâu?", FOLLOW_UP),  # forgot what is asked
        ("Nhà nuôi chim yến âm thanh ở tỉnh Khánh Hòa?", FOLLOW_UP),  # a place from nowhere
        ("Nuôi chim yến 500 mét đăng ký ở đâu?", "còn 300 mét?"),  # another number
        ("Nuôi chim yến đăng ký ở đâu?", "còn 300 mét?"),  # no number
        ("Nuôi chim yến 300 mét, 15 ngày đăng ký ở đâu?", "còn 300 mét?"),  # a number more
        ("Nhà nuôi chim yến âm thanh không phải đăng ký ở đâu?", FOLLOW_UP),  # turned round
        ("Gọi 0912345678 hỏi âm thanh nhà nuôi chim yến", FOLLOW_UP),
        ("", FOLLOW_UP),
    ],
)
def test_what_leaves_out_or_brings_in_anything_does_not_stand_for_it(wanted, asked):
    assert not stands_for(wanted, asked, BEFORE)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "không",
        "{}",
        '{"question": 5}',
        '{"question": ""}',
        '{"question": "a\\nb"}',
        '["x"]',
        "{" * 5_000,
        f'{{"question": "{"a" * 301}"}}',
    ],
)
def test_an_output_without_one_line_of_question_is_none(said):
    assert read(said) is None


def test_the_model_s_words_are_taken_where_they_stand(rewrite, server):
    assert rewrite(question(ALONE)) == ALONE
    assert server.received[-1].data() == {"t1": BEFORE[0], "question": FOLLOW_UP}


@pytest.mark.parametrize(
    "reply", [question("Ai là chủ tịch nước?"), NOT_JSON, refuses(500), refuses(429), HANGS], ids=str
)
def test_whatever_goes_wrong_the_code_s_own_joining_is_left(rewrite, server, reply):
    server.default = reply  # a further try is answered the same way
    assert rewrite(reply, within_s=0.5 if reply.hangs else 20.0) is None


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        (FOLLOW_UP, ()),
        ("còn thằng Tư bán ma túy cạnh nhà tôi?", BEFORE),
        (FOLLOW_UP, ("Ông Ba nhà bên vừa đánh vợ chảy máu",)),
    ],
)
def test_nothing_leaves_where_it_may_not(rewrite, server, asked, before):
    assert rewrite(question(ALONE), asked, before) is None
    assert server.received == []


def test_a_rewritten_follow_up_is_searched_for_and_never_shown(server, library, tmp_path):
    def mind(received) -> Scripted:
        return question(ALONE) if "t1" in received.data() else honest(received)

    server.default = mind
    with fluency(server.url, tmp_path, leaving=TYPED, budget_s=20.0) as made:
        answer = fluent_answerer(library, made).answer(FOLLOW_UP, Audience.PUBLIC, "vi", BEFORE)
    assert ALONE.lower() in [words.lower() for words in library.embedder.questions]
    assert [received.data()["question"] for received in server.received] == [FOLLOW_UP] * 2
    assert ALONE not in answer.text
