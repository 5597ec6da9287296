"""An answer made of the claims that stayed: short, cited, verbatim where it quotes."""

from __future__ import annotations

from knowledge.answer import Status
from knowledge.claims.checking import check
from knowledge.claims.model import Checked, Claim, Draft, Supplied
from knowledge.claims.rendering import render
from tests.knowledge.claims.golden import passages

LAW, GUIDE = "own:nd910-9", "guide:so-khan-cap#so-111"
FIRST = Claim(
    "Tin báo được giải quyết không quá 20 ngày.", "p1", "Thời hạn giải quyết tin báo không quá 20 ngày"
)
SECOND = Claim(
    "Bạn được báo kết quả trong 3 ngày làm việc, trừ khi không để lại tên, địa chỉ.",
    "p1",
    "Kết quả giải quyết được thông báo cho người báo tin trong 03 ngày làm việc, trừ "
    "trường hợp người đó không để "
    "lại tên, địa chỉ.",
)
THIRD = Claim("Số 111 do Bộ Y tế phụ trách.", "p2", "Do **Bộ Y tế** phụ trách.")


def given() -> list[Supplied]:
    return [Supplied("p1", passages()[LAW]), Supplied("p2", passages()[GUIDE])]


def test_nothing_kept_is_no_answer() -> None:
    assert render(Checked(), given(), "vi") is None


def test_one_source_is_told_without_naming_it() -> None:
    answer = render(check(Draft((FIRST, SECOND)), given(), "vi"), given(), "vi")
    assert answer is not None
    assert (answer.status, answer.kind) == (Status.ANSWERED, "model")
    assert answer.text == f"{FIRST.text} {SECOND.text}"
    (citation,) = answer.citations
    assert citation.id == f"{LAW}#p0"
    assert citation.quote in passages()[LAW].text
    assert citation.quote.startswith("Thời hạn giải quyết")
    assert citation.quote.endswith("địa chỉ.")
    assert citation.locator == "khoản 1–4 Điều 9"


def test_several_sources_are_named_in_the_order_of_the_draft() -> None:
    answer = render(check(Draft((THIRD, FIRST)), given(), "vi"), given(), "vi")
    assert answer is not None
    assert [citation.id for citation in answer.citations] == [GUIDE, f"{LAW}#p0"]
    assert answer.text.index("111") < answer.text.index("Điều 9") < answer.text.index("20 ngày")


def test_three_claims_are_a_list() -> None:
    fourth = Claim(
        "Viện kiểm sát cùng cấp có thể gia hạn một lần, tối đa 2 tháng, khi có đề nghị "
        "bằng văn bản ít nhất 5 ngày trước khi hết hạn.",
        "p1",
        "Viện kiểm sát nhân dân cùng cấp có thể gia hạn một lần, tối đa 02 tháng, khi "
        "có đề nghị bằng văn bản",
    )
    answer = render(check(Draft((FIRST, SECOND, fourth)), given(), "vi"), given(), "vi")
    assert answer is not None
    assert [line[:2] for line in answer.text.splitlines()] == ["- "] * 3


def test_an_english_answer_shows_the_vietnamese_it_rests_on() -> None:
    claim = Claim("A report must be resolved within 20 days.", "p1", FIRST.quote)
    answer = render(check(Draft((claim,)), given(), "en"), given(), "en")
    assert answer is not None
    assert answer.text == f"{claim.text}\n\nIn Vietnamese: “{FIRST.quote}”"
