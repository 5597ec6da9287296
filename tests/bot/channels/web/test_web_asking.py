"""Asking by script, by plain form, and thumbs."""

from __future__ import annotations

import pytest

from bot.messages import PREVIOUS_LIMIT, QUESTION_LIMIT, Feedback
from knowledge.model import Audience
from prompts.catalog import text
from tests.fakes.asking import MEDIATION
from tests.fakes.elements import Elements

JSON = {"Content-Type": "application/json"}


def test_answer_comes_with_its_sources_and_safe_html(client, asking):
    response = client.post(
        "/api/ask", json={"question": " hòa giải ", "language": "vi", "previous": ["a", "b"]}
    )
    answer = response.json()
    assert response.headers["cache-control"] == "no-store"
    assert (answer["status"], answer["kind"], answer["text"]) == ("answered", "guide", MEDIATION.text)
    assert answer["timings_ms"] == {"embed": 11.5, "search": 2.25, "total": 14.0}
    assert answer["suggestions"] == list(MEDIATION.suggestions)
    assert set(answer["citations"][0]) >= {"id", "title", "number", "locator", "date", "url", "quote"}
    assert answer["citations"][1]["url"] == "https://example.org/35-2013-qh13"
    assert '<a class="tel" href="tel:113"><strong>113</strong></a>' in answer["html"]
    assert "<ol>" in answer["html"]
    assert answer["html"] in answer["bubble"]
    assert "20/6/2013" in answer["bubble"]
    asked = asking.questions[0]
    assert (asked.text, asked.language, asked.previous) == ("hòa giải", "vi", ("a", "b"))


def test_refusal_and_danger_are_answers_too(client):
    refusal = client.post("/api/ask", json={"question": "giá vàng"}).json()
    assert refusal["status"] == "refused"
    assert text("web.refused", "vi", name="Bình An") in refusal["bubble"]
    assert "data-verdict" not in refusal["bubble"]
    danger = client.post("/api/ask", json={"question": "help me", "language": "en"}).json()
    assert danger["numbers"][0] == {"number": "113", "label": "Police"}
    bubble = danger["bubble"]
    assert 'role="alert"' in bubble
    assert bubble.index("tel:113") < bubble.index('class="text"')


def test_nobody_on_the_web_is_a_member(client, asking):
    client.post("/api/ask", json={"question": "x", "audience": "member", "language": "vi"})
    client.post("/ask", data={"question": "x", "audience": "officer"})
    assert {question.audience for question in asking.questions} == {Audience.PUBLIC}


def test_long_question_is_cut_and_only_the_last_turns_are_kept(client, asking):
    body = {"question": "ă" * 5_000, "previous": [str(turn) for turn in range(9)]}
    assert client.post("/api/ask", json=body).status_code == 200
    assert len(asking.questions[0].text) == QUESTION_LIMIT
    assert asking.questions[0].previous == tuple("5678")[-PREVIOUS_LIMIT:]


def test_quoted_vietnamese_is_marked_as_such_in_english(client):
    bubble = client.post("/api/ask", json={"question": "mediation", "language": "en"}).json()["bubble"]
    assert '<blockquote lang="vi">' in bubble
    assert '<div class="text" lang="vi">' in bubble
    assert "22 November 2026" in bubble


def test_strange_characters_arrive_as_text(client, asking):
    assert (
        client.post("/api/ask", content=rb'{"question": "a\ud800\u0000b"}', headers=JSON).status_code == 200
    )
    assert asking.questions[0].text == "a b"
    odd = "\u202e%s {0} ${x} '; DROP TABLE 😀"
    assert client.post("/api/ask", json={"question": odd}).status_code == 200
    assert asking.questions[1].text == odd
    assert odd in client.post("/ask", data={"question": odd}).text.replace("&#39;", "'")


def test_thumb_counts_for_passages_only(client, asking):
    response = client.post(
        "/api/feedback", json={"passages": ["guide:a#b"], "verdict": "down", "question": "x"}
    )
    assert (response.status_code, response.content) == (204, b"")
    assert asking.feedback == [Feedback(passages=("guide:a#b",), verdict="down")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"passages": [], "verdict": "up"},
        {"passages": "a", "verdict": "up"},
        {"passages": [1], "verdict": "up"},
        {"passages": [""], "verdict": "up"},
        {"passages": ["a" * 301], "verdict": "up"},
        {"passages": ["a"] * 17, "verdict": "up"},
        {"passages": ["a"], "verdict": "sideways"},
        {"passages": ["a"], "verdict": ["up"]},
    ],
)
def test_anything_but_a_thumb_is_refused(client, asking, body):
    assert client.post("/api/feedback", json=body).status_code == 400
    assert asking.feedback == []


def test_plain_form_answers_with_a_whole_page(client, asking):
    page = client.post(
        "/ask", data={"question": "hòa giải", "language": "vi", "previous": ["một", "hai"]}
    ).text
    assert '<html lang="vi">' in page
    assert "Xem nguồn (2)" in page
    assert asking.questions[0].previous == ("một", "hai")
    carried = [field["value"] for field in Elements(page).named("input") if field["name"] == "previous"]
    assert carried == ["một", "hai", "hòa giải"]


def test_pressed_suggestion_is_asked_in_the_plain_form(client, asking):
    client.post("/ask", data={"question": "nháp", "pick": "Bên kia không chịu thì sao?", "language": "en"})
    assert asking.questions[0].text == "Bên kia không chịu thì sao?"
    assert asking.questions[0].language == "en"


def test_plain_form_survives_nonsense(client):
    for body in (b"question=%ff%fe", b"&" * 500, b"question=a&" * 40, b"\xff"):
        response = client.post("/ask", content=body)
        assert response.status_code in {200, 400}


def test_asking_page_can_be_opened_again(client):
    assert client.get("/ask?lang=en").status_code == 200
