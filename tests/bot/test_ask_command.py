"""`binhan ask`, as a program that another program reads, and as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prompts.catalog import text
from tests.bot.small_guides import MEMBER_CANARY, MEMBER_QUESTION

if TYPE_CHECKING:
    from tests.bot.program import Program

MEDIATION = "hang xom danh nhau thi goi ai hoa giai"
CITED = {"id", "title", "number", "locator", "date", "url", "quote"}


@pytest.mark.parametrize(
    ("question", "status"),
    [(MEDIATION, "answered"), ("giá vàng hôm nay?", "refused"), ("cứu tôi, nó cầm dao chém", "danger")],
)
def test_json_has_the_promised_shape_whatever_the_outcome(program: Program, question, status):
    answer = program.json("ask", question)
    assert answer["status"] == status
    assert set(answer) >= {"status", "text", "citations", "kind", "timings_ms"}
    assert set(answer["timings_ms"]) == {"embed", "search", "total"}
    assert all(isinstance(spent, float) and spent >= 0 for spent in answer["timings_ms"].values())
    assert answer["timings_ms"]["total"] >= answer["timings_ms"]["embed"] + answer["timings_ms"]["search"]
    assert answer["text"].strip()
    assert (answer["kind"] == "guide") == (status == "answered")
    assert bool(answer["citations"]) == (status == "answered")
    for citation in answer["citations"]:
        assert set(citation) >= CITED
        assert all(isinstance(citation[name], str) for name in CITED)
        assert citation["id"] == "guide:hoa-giai#xin-hoa-giai"
        assert citation["quote"] in answer["text"]


def test_a_receipt_is_not_searched_for(program: Program):
    answer = program.json("ask", "mã tin 7F3K-2M9Q-WXYV-THJN8 xử lý tới đâu rồi?")
    assert (answer["status"], answer["kind"]) == ("answered", "talk")
    assert answer["timings_ms"]["search"] == 0
    assert "Theo dõi tin" in answer["text"]


def test_person_reads_answer_source_and_what_to_ask_next(program: Program):
    done = program.run("ask", MEDIATION)
    assert done.returncode == 0
    assert "hòa giải viên của thôn" in done.stdout
    assert "**" not in done.stdout
    source = next(line for line in done.stdout.splitlines() if text("cli.sources", "vi") in line)
    assert "Hòa giải ở cơ sở, Muốn nhờ tổ hòa giải thì làm thế nào?" in source
    assert "Luật Hòa giải ở cơ sở, Điều 16" in done.stdout
    assert "Nhờ hòa giải có mất tiền không?" in done.stdout
    assert done.stderr == ""


def test_only_a_member_is_answered_from_what_is_for_members(program: Program):
    assert MEMBER_CANARY not in program.run("ask", MEMBER_QUESTION, "--json").stdout
    answer = program.json("ask", MEMBER_QUESTION, "--audience", "member")
    assert MEMBER_CANARY in answer["text"]
    assert answer["citations"][0]["id"] == "guide:noi-bo#so-truc"


def test_bytes_that_are_no_text_are_no_trouble(program: Program):
    done = program.run("ask", b"ho\xff\xfea gi\xe1i?", "--json")
    assert done.returncode == 0
    assert '"status"' in done.stdout
