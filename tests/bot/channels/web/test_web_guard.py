"""What the web chat turns away, and what never leaves it."""

from __future__ import annotations

import json
import logging
from functools import partial

import anyio
import httpx
import pytest
from starlette.testclient import TestClient

from bot.channels.web.assets import CHAT
from bot.channels.web.guard import SECURITY_HEADERS
from bot.channels.web.reading import BODY_LIMIT
from bot.channels.web.server import create_app, server_config
from bot.channels.web.site import ASKING_AT_ONCE, ASKING_IN_LINE
from prompts.catalog import text

JSON = {"Content-Type": "application/json"}
TYPED = "ong Nam o ngo 12 ban ma tuy"


MALFORMED = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"[" * 20_000,
    b'"text"',
    b"\xff\xfe",
    b'{"question": 5}',
    b'{"question": ["a"]}',
    b'{"question": "a", "previous": "b"}',
    b'{"question": "a", "previous": [1]}',
    b'{"question": "a", "language": "fr"}',
    b'{"question": "a", "language": ["vi"]}',
    b'{"question": "a", "n": ' + b"9" * 6_000 + b"}",
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_question_is_told_in_the_visitors_language(client, asking, body):
    response = client.post("/api/ask", content=body, headers=JSON | {"Accept-Language": "en"})
    assert response.status_code == 400
    assert response.json() == {"error": "malformed", "text": text("web.error_malformed", "en")}
    assert asking.questions == []


def test_empty_question_is_told_so(client):
    response = client.post("/api/ask", json={"question": " \n ", "language": "en"})
    assert (response.status_code, response.json()["text"]) == (400, text("web.error_empty", "en"))
    assert text("web.error_empty", "vi") in client.post("/ask", data={"question": ""}).text


def test_other_content_types_are_not_read(client):
    response = client.post("/api/ask", content=b'{"question": "a"}', headers={"Content-Type": "text/plain"})
    assert response.status_code == 400


def test_too_much_is_refused_whether_announced_or_not(client, asking):
    body = json.dumps({"question": "a" * BODY_LIMIT}).encode()
    announced = client.post("/api/ask", content=body, headers=JSON)
    streamed = client.post(
        "/api/ask", content=(body[at : at + 999] for at in range(0, len(body), 999)), headers=JSON
    )
    by_form = client.post("/ask", data={"question": "a" * BODY_LIMIT})
    assert [announced.status_code, streamed.status_code, by_form.status_code] == [413, 413, 413]
    assert text("web.error_too_large", "vi") in by_form.text
    assert asking.questions == []


@pytest.mark.parametrize("path", ["/api/ask", "/api/feedback", "/ask"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost:81"},
    ],
)
def test_other_sites_cannot_post(client, asking, path, headers):
    response = client.post(path, json={"question": "a"}, headers=headers)
    assert response.status_code == 403
    assert asking.questions == []


def test_own_page_can_post(client):
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}):
        assert client.post("/api/ask", json={"question": "a"}, headers=headers).status_code == 200
    assert client.post("/api/ask", json={"question": "a"}, headers={"Origin": "null"}).status_code == 403
    # Browsers send "null" with our own plain form, because of our own Referrer-Policy.
    assert client.post("/ask", data={"question": "a"}, headers={"Origin": "null"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 200),
        ("127.0.0.1:8080", 200),
        ("192.168.1.20", 200),
        ("[::1]:8080", 200),
        ("binhan.example", 200),
        ("BinhAn.example:443", 200),
        ("evil.example", 421),
        ("binhan.example.evil.example", 421),
        ("[", 421),
    ],
)
def test_only_known_names_are_served(asking, host, status):
    """A name somebody else rebinds to our address gets nothing."""
    with TestClient(create_app(asking, hosts=["binhan.example"]), base_url="http://localhost") as client:
        assert client.get("/", headers={"Host": host}).status_code == status


def test_any_name_is_served_behind_a_proxy_that_checks(asking):
    with TestClient(create_app(asking, hosts=["*"]), base_url="http://any.example") as client:
        assert client.get("/").status_code == 200


def test_unknown_pages_and_methods_speak_the_visitors_language(client):
    missing = client.get("/nothing?lang=en")
    assert (missing.status_code, text("web.error_not_found", "en") in missing.text) == (404, True)
    assert client.get("/api/ask").json()["text"] == text("web.error_method", "vi")
    assert client.put("/ask").status_code == 405


def test_failure_is_kind_and_logs_only_its_type(client, asking, caplog):
    """Nothing that was typed reaches a log, not even through the error's own words."""
    caplog.set_level(logging.DEBUG)
    asking.failure = ValueError(f"cannot embed {TYPED}")
    by_script = client.post("/api/ask", json={"question": TYPED, "language": "en"})
    by_form = client.post("/ask", data={"question": TYPED})
    feedback = client.post("/api/feedback", json={"passages": ["p"], "verdict": "up"})
    assert by_script.status_code == by_form.status_code == feedback.status_code == 500
    assert by_script.json()["text"] == text("web.error_internal", "en")
    assert "cannot embed" not in by_form.text
    assert f">{TYPED}</textarea>" in by_form.text, "the question is not lost"
    written = [record for record in caplog.records if record.name.startswith("bot.")]
    assert {record.getMessage() for record in written} == {"web: ValueError"}
    assert not [record for record in caplog.records if record.exc_info]
    assert not [record for record in caplog.records if TYPED in record.getMessage()]


def test_broken_answer_is_an_internal_error_without_a_trace(client, asking, caplog, monkeypatch):
    monkeypatch.setattr(asking, "ask", lambda _: None)
    response = client.post("/api/ask", json={"question": TYPED})
    assert response.status_code == 500
    assert response.json()["error"] == "internal"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert TYPED not in caplog.text


def test_question_that_takes_too_long_is_stopped(asking):
    asking.seconds = 5
    with TestClient(create_app(asking, asking_seconds=0.05), base_url="http://localhost") as client:
        response = client.post("/api/ask", json={"question": "a"})
    assert (response.status_code, response.json()["error"]) == (504, "slow")


def test_crowd_stands_in_line_and_the_rest_is_told_to_wait(asking):
    asking.seconds = 0.03
    transport = httpx.ASGITransport(create_app(asking))
    statuses: list[int] = []

    async def ask(client: httpx.AsyncClient) -> None:
        response = await client.post("/api/ask", json={"question": "a"})
        statuses.append(response.status_code)

    async def crowd() -> None:
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
            anyio.create_task_group() as tasks,
        ):
            for _ in range(ASKING_AT_ONCE + ASKING_IN_LINE + 3):
                tasks.start_soon(ask, client)

    anyio.run(crowd)
    assert statuses.count(503) == 3
    assert statuses.count(200) == ASKING_AT_ONCE + ASKING_IN_LINE
    assert asking.most_at_once == ASKING_AT_ONCE


def test_every_response_is_guarded_and_sets_no_cookie(client, asking):
    requests = [
        partial(client.get, "/"),
        partial(client.get, CHAT.files["app.js"].path),
        partial(client.get, "/nothing"),
        partial(client.get, "/", headers={"Host": "evil.example"}),
        partial(client.post, "/api/ask", json={"question": "a"}),
        partial(client.post, "/api/ask", content=b"{", headers=JSON),
        partial(client.post, "/ask", data={"question": "a"}),
        partial(client.post, "/api/feedback", json={"passages": ["a"], "verdict": "up"}),
        partial(client.post, "/ask", data={"question": "a"}, headers={"Sec-Fetch-Site": "cross-site"}),
    ]
    for request in requests:
        response = request()
        for name, value in SECURITY_HEADERS.items():
            assert response.headers[name] == value
        assert "set-cookie" not in response.headers
    asking.failure = RuntimeError("x")
    assert client.post("/ask", data={"question": "a"}).headers["referrer-policy"] == "no-referrer"


def test_policy_lets_in_only_what_is_ours():
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_answers_are_never_stored_by_the_browser(client):
    assert client.post("/ask", data={"question": "a"}).headers["cache-control"] == "no-store"
    assert client.post("/api/ask", json={"question": "a"}).headers["cache-control"] == "no-store"


def test_what_is_typed_is_in_no_log(client, caplog):
    caplog.set_level(logging.DEBUG)
    client.post("/api/ask", json={"question": TYPED, "previous": [TYPED]})
    client.post("/ask", data={"question": TYPED})
    client.post("/api/ask", content=TYPED.encode(), headers=JSON)
    assert TYPED not in caplog.text


def test_server_writes_no_access_log(asking):
    config = server_config(create_app(asking))
    assert config.access_log is False
    assert config.server_header is False
