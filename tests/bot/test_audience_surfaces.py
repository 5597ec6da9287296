"""What is for members never leaves through anything the public can reach."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from tests.bot.small_guides import MEMBER_CANARY, MEMBER_HEADING, MEMBER_QUESTION

if TYPE_CHECKING:
    from tests.bot.program import Program, Service

TITLE = "Việc nội bộ của tổ tự quản"
HIDDEN = (MEMBER_CANARY, MEMBER_HEADING, TITLE, "noi-bo", "so-truc")
PROBES = (
    MEMBER_QUESTION,
    MEMBER_HEADING,
    "so truc ngo cay sau do ai giu",
    "ai cầm sổ trực của tổ tự quản ngõ Cây Sấu",
    f"Tổ phó giữ lịch trực, gói trong {MEMBER_CANARY}, bàn giao vào tối chủ nhật.",
    TITLE,
    "who keeps the duty roster of Cay Sau lane?",
    "guide:noi-bo#so-truc",
)


def leaks(told: str, asked: str = "") -> set[str]:
    """What of the members' guide *told* holds, beyond the visitor's own words given back."""
    plain = json.loads(f'"{told}"') if told.startswith("\\u") else told
    return {word for word in HIDDEN if word in plain and word not in asked}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("question", PROBES)
def test_no_question_brings_it_out(service: Service, question, language):
    answer = service.ask(question, language)
    assert leaks(json.dumps(answer, ensure_ascii=False)) == set()


def test_no_claim_in_the_request_brings_it_out(service: Service):
    claims: tuple[dict[str, Any], ...] = (
        {"audience": "member"},
        {"audience": ["member"]},
        {"Audience": "officer"},
        {"role": "admin", "audiences": ["member", "officer"]},
        {"previous": [MEMBER_QUESTION], "audience": "member"},
    )
    for claim in claims:
        status, told = service.post("/api/ask", {"question": MEMBER_QUESTION, **claim})
        assert status in {200, 400}
        assert leaks(json.dumps(json.loads(told), ensure_ascii=False)) == set()
    status, told = service.post("/api/ask?audience=member", {"question": MEMBER_QUESTION})
    assert leaks(json.dumps(json.loads(told), ensure_ascii=False)) == set()


def test_no_follow_up_leans_it_out(service: Service):
    for follow_up in ("thế ai giữ?", "còn ở đâu?", "then where?"):
        answer = service.ask(follow_up, previous=(MEMBER_QUESTION, MEMBER_HEADING))
        assert leaks(json.dumps(answer, ensure_ascii=False)) == set()


def test_no_suggestion_and_no_starter_names_it(service: Service):
    for language in ("vi", "en"):
        _, page = service.get(f"/?lang={language}")
        assert leaks(page) == set()
    for question in ("hang xom danh nhau thi goi ai hoa giai", "việc của tổ tự quản", "tổ tự quản là gì"):
        answer = service.ask(question)
        assert leaks(" ".join(answer["suggestions"])) == set()


def test_the_plain_form_answers_the_public_too(service: Service):
    form = {"question": MEMBER_QUESTION, "audience": "member", "language": "vi"}
    request = urllib.request.Request(f"{service.url}/ask", urllib.parse.urlencode(form).encode())
    with urllib.request.urlopen(request, timeout=60) as response:
        page = response.read().decode()
    assert MEMBER_QUESTION in page  # what was asked stands there, as asked
    assert leaks(page, MEMBER_QUESTION) == set()


def test_a_thumb_does_not_tell_whether_a_passage_is_there(service: Service):
    """The answer for a members' passage and for none at all is the same."""
    hidden = service.post("/api/feedback", {"passages": ["guide:noi-bo#so-truc"], "verdict": "up"})
    nothing = service.post("/api/feedback", {"passages": ["guide:khong-co#khong"], "verdict": "up"})
    assert hidden == nothing == (204, "")


def test_no_error_and_no_other_address_holds_it(service: Service):
    for path in (
        "/api/ask",
        "/api/documents",
        "/guide:noi-bo",
        "/static/noi-bo.md",
        "/healthz",
        "/manifest.webmanifest",
    ):
        _, told = service.get(path)
        assert leaks(told) == set()
    for body in (b"{", b"[]", b'{"question": 1}', b'{"question": ""}'):
        _, told = service.post("/api/ask", body)
        assert leaks(told) == set()


def test_members_words_do_not_teach_the_public_spelling(served: tuple[Program, Service]):
    """The counts that restore diacritics are learnt from public texts alone: they could whisper a name."""
    import gzip

    program, _ = served
    counts = gzip.decompress((program.data / "index" / "restorer.json.gz").read_bytes()).decode()
    counts = json.dumps(json.loads(counts), ensure_ascii=False)
    assert "giải" in counts
    assert "chàm" not in counts
    assert "7741" not in counts
