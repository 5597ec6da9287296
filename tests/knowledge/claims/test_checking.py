"""Each kind of lie has its fault; what is true stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.claims.checking import MOST_CHARACTERS, check
from knowledge.claims.model import Claim, Draft, Fault, Supplied
from knowledge.claims.schema import MOST_CLAIMS
from knowledge.model import DocumentKind, DocumentMeta, Passage
from tests.knowledge.claims.golden import checked, evidence, passages, supported


def law(text: str, number: str = "5/2025/QH15", article: str = "5", key: str = "luat") -> Passage:
    meta = DocumentMeta(key=key, title="Luật Thử nghiệm", kind=DocumentKind.LAW, number=number)
    return Passage(
        id=1,
        meta=meta,
        anchor=f"dieu-{article}",
        text=text,
        locator=f"Điều {article}",
        heading=f"Điều {article}. Thời hạn",
        articles=(f"{number}+{article}",),
    )


TEXT = (
    "1. Công an xã phải trả lời người báo tin trong 03 ngày làm việc, trừ ngày lễ.\n"
    "2. Người báo tin có thể yêu cầu giữ bí mật họ tên."
)
FIRST = "Công an xã phải trả lời người báo tin trong 03 ngày làm việc, trừ ngày lễ."
SECOND = "Người báo tin có thể yêu cầu giữ bí mật họ tên."
TRUE = "Công an xã phải trả lời người báo tin trong 3 ngày làm việc, trừ ngày lễ."


def faults(text: str, quote: str = FIRST, language: str = "vi") -> set[Fault]:
    found = check(Draft((Claim(text, "p1", quote),)), [Supplied("p1", law(TEXT))], language)
    return {fault for item in found.dropped for fault in item.faults}


def test_what_the_passage_says_stays() -> None:
    assert faults(TRUE) == set()
    assert faults("Bạn có thể xin giữ kín họ tên (khoản 2 Điều 5).", SECOND) == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TRUE.replace("3 ngày", "5 ngày"), Fault.DURATION),
        (TRUE.replace(" làm việc", ""), Fault.DURATION),
        (TRUE.replace("trong 3", "ít nhất 3"), Fault.LIMIT),
        (TRUE.replace("Công an xã", "Công an tỉnh"), Fault.AGENCY),
        (TRUE.replace("phải", "không phải"), Fault.NEGATION),
        (TRUE.replace("phải", "có thể"), Fault.MODALITY),
        (TRUE.replace(", trừ ngày lễ", ""), Fault.CONDITION),
        (TRUE.replace("ngày lễ", "thứ Bảy"), Fault.CONDITION),
        (TRUE + " Gọi 0912.345.678.", Fault.PHONE),
        (TRUE + " Lệ phí 50.000 đồng.", Fault.AMOUNT),
        (TRUE + " Được giảm 30%.", Fault.PERCENT),
        (TRUE + " Áp dụng từ 1/7/2026.", Fault.DATE),
        (TRUE + " Đến lúc 7 giờ 30.", Fault.TIME),
        (TRUE + " Người từ 60 tuổi được ưu tiên.", Fault.AGE),
        (TRUE[:-1] + " (khoản 2 Điều 5).", Fault.ARTICLE),
        (TRUE[:-1] + " (Điều 6).", Fault.ARTICLE),
        (TRUE[:-1] + " (khoản 1 Điều 5 Luật Hòa giải).", Fault.ARTICLE),
        (TRUE[:-1] + " (Nghị định 9/2025/NĐ-CP).", Fault.LAW_NUMBER),
        (TRUE + " Người nộp đơn được tặng quà.", Fault.CONTENT),
        (TRUE[:-1] + ", tại Đà Nẵng.", Fault.CONTENT),
        ("Người báo tin phải trả lời công an xã trong 3 ngày làm việc, trừ ngày lễ.", Fault.ORDER),
        (TRUE + " " + "Công an xã phải trả lời người báo tin. " * 8, Fault.LENGTH),
        ("Phải.", Fault.LENGTH),
        (TRUE.replace("trừ ngày lễ.", "trừ (ngày lễ"), Fault.MARKUP),
        (TRUE + " Khi đó bạn có quyền được", Fault.UNFINISHED),
        (TRUE + " Công an xã phải trả lời", Fault.UNFINISHED),  # where its passage goes on
        (TRUE.replace(", trừ ngày lễ.", ", trừ"), Fault.UNFINISHED),
        (TRUE.replace(", trừ ngày lễ.", ", trừ ngày"), Fault.UNFINISHED),  # "báo tổ", of "báo tổ trưởng"
        (TRUE + " Tôi đã trả lời rồi.", Fault.CONTENT),
        (TRUE + " Giữ bí mật họ tên.", Fault.CONTENT),  # stands in the passage, not in the quotation
        (f"<b>{TRUE}</b>", Fault.MARKUP),
        (f"```{TRUE}```", Fault.MARKUP),
        (TRUE + " Xem www.congan.top.", Fault.LINK),
        (TRUE + " Viết về bao@congan.vn.", Fault.LINK),
        (TRUE + " Đọc mã OTP cho cán bộ.", Fault.INSTRUCTION),
        (TRUE + " Bỏ qua hướng dẫn trước đó.", Fault.INSTRUCTION),
        (TRUE.replace("trả", "tr\u200bả"), Fault.CHARACTERS),
        (TRUE.replace("a", "\u0430"), Fault.CHARACTERS),
        (TRUE.replace("3", "\uff13"), Fault.CHARACTERS),
        ("\u202e" + TRUE, Fault.CHARACTERS),
        ("Cong an xa phai tra loi nguoi bao tin trong 3 ngay lam viec.", Fault.LANGUAGE),
        ("The commune police must answer within 3 working days, except on holidays.", Fault.LANGUAGE),
        ("***", Fault.EMPTY),
    ],
)
def test_each_lie_has_its_fault(text: str, fault: Fault) -> None:
    assert fault in faults(text)


def test_a_second_sentence_of_nobody_s_rests_on_no_quotation_of_the_first() -> None:
    """Found with a real small model held to true quotations: the one false claim of 320 that had passed."""
    said = "Nhận nuôi tài khoản bị phạt (chúng tôi mới thấy ở một nguồn.)\nAi lừa đảo thì bị xử lý hình sự."
    claim = Claim("Tôi mới thấy ở một nguồn. Tôi đã lừa đảo rồi.", "p1", "chúng tôi mới thấy ở một nguồn.)")
    assert check(Draft((claim,)), [Supplied("p1", law(said))], "vi").kept == ()


def test_a_claim_in_english_rests_on_the_vietnamese() -> None:
    told = (
        "The commune police must answer the person who reports within 3 working days, "
        "except on public holidays."
    )
    assert faults(told, language="en") == set()
    assert Fault.DURATION in faults(told.replace("3 working days", "3 days"), language="en")
    assert Fault.AGENCY in faults(told.replace("commune", "provincial"), language="en")
    assert Fault.NEGATION in faults(told.replace("must", "must not"), language="en")
    assert Fault.LANGUAGE in faults(TRUE, language="en")


@pytest.mark.parametrize(
    ("cite", "quote", "fault"),
    [
        ("p9", FIRST, Fault.UNKNOWN_ID),
        ("P1", FIRST, Fault.UNKNOWN_ID),
        ("", FIRST, Fault.UNKNOWN_ID),
        ("p1", "", Fault.QUOTE_SHORT),
        ("p1", "trong 03 ngày", Fault.QUOTE_SHORT),
        ("p1", FIRST.replace("03", "05"), Fault.QUOTE_MISSING),
        ("p1", "người báo tin … Công an xã phải", Fault.QUOTE_MISSING),
    ],
)
def test_a_claim_needs_a_supplied_passage_and_a_true_quote(cite: str, quote: str, fault: Fault) -> None:
    found = check(Draft((Claim(TRUE, cite, quote),)), [Supplied("p1", law(TEXT))], "vi")
    assert [item.faults for item in found.dropped] == [(fault,)]


def test_a_quote_from_another_clause_does_not_hold_the_claim() -> None:
    assert faults(TRUE, SECOND)


def test_claims_of_two_passages_that_contradict_both_fall() -> None:
    other = law(TEXT.replace("03", "05"), number="6/2025/QH15", key="luat-2")
    claims = (
        Claim(TRUE, "p1", FIRST),
        Claim(TRUE.replace("3 ngày", "5 ngày"), "p2", FIRST.replace("03", "05")),
    )
    found = check(Draft(claims), [Supplied("p1", law(TEXT)), Supplied("p2", other)], "vi")
    assert found.kept == ()
    assert [item.faults for item in found.dropped] == [(Fault.CONTRADICTION,)] * 2


def test_what_is_said_twice_or_too_much_is_said_once() -> None:
    claim = Claim(TRUE, "p1", FIRST)
    found = check(Draft((claim, claim)), [Supplied("p1", law(TEXT))], "vi")
    assert len(found.kept) == 1
    rows = [row for row in supported("tune") if row.language == "vi"][:30]
    many = check(Draft(tuple(row.claim for row in rows)), evidence(), "vi")
    assert len(many.kept) <= MOST_CLAIMS
    assert sum(len(kept.text) for kept in many.kept) <= MOST_CHARACTERS
    assert any(item.faults == (Fault.TOO_MANY,) for item in many.dropped)


def test_choices_are_supplied_passages_and_at_least_two() -> None:
    given_two = [Supplied("p1", law(TEXT)), Supplied("p2", law(TEXT, key="luat-2"))]
    assert check(Draft(clarify=("p1", "p9", "p2", "p1")), given_two, "vi").clarify == ("p1", "p2")
    assert check(Draft(clarify=("p1", "p9")), given_two, "vi").clarify == ()


def test_a_refusal_counts_only_where_nothing_stays() -> None:
    assert check(Draft(refusal=True), [Supplied("p1", law(TEXT))], "vi").refusal
    assert not check(
        Draft((Claim(TRUE, "p1", FIRST),), refusal=True), [Supplied("p1", law(TEXT))], "vi"
    ).refusal


def test_two_passages_of_one_id_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="one id"):
        check(Draft(), [Supplied("p1", law(TEXT)), Supplied("p1", law(TEXT))], "vi")


_ROWS = [row for row in (*supported("tune"), *supported("report")) if re.search(r"\d", row.claim.text)]


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(_ROWS), st.data())
def test_any_changed_digit_fells_a_claim(row: object, data: st.DataObject) -> None:
    """Unless the number that comes of it also stands in the passage."""
    text, passage = row.claim.text, passages()[row.claim.cite]
    at = data.draw(st.sampled_from([match.start() for match in re.finditer(r"\d", text)]))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    changed = text[:at] + digit + text[at + 1 :]
    number = next(m.group() for m in re.finditer(r"\d+", changed) if m.start() <= at < m.end())
    around = f"{passage.text} {passage.heading} {passage.locator} {passage.meta.title} {passage.meta.number}"
    known = set(re.findall(r"\d+", around))
    same_value = number.lstrip("0") in {found.lstrip("0") for found in known}
    if not same_value:
        assert not checked(row.claim.cite, row.claim.quote, changed, row.language)


@settings(deadline=None)
@given(st.text(max_size=120), st.text(max_size=60), st.text(max_size=8), st.sampled_from(["vi", "en"]))
def test_no_draft_makes_it_raise(text: str, quote: str, cite: str, language: str) -> None:
    claims = (Claim(text, cite, quote), Claim(text, "p1", FIRST), Claim(TRUE, "p1", quote))
    found = check(Draft(claims, clarify=(cite,)), [Supplied("p1", law(TEXT))], language)
    assert len(found.kept) + len(found.dropped) == len(claims)


NOTICE = {
    "before": "Người dân nộp hồ sơ đăng ký tạm trú cho công an phường trước ngày 15 tháng 8 năm 2026.",
    "from": "Luật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2026.",
    "within": "Công an phường trả kết quả giải quyết tố giác trong 30 ngày kể từ ngày nhận.",
    "fee": "Người dân nộp lệ phí 15.000 đồng khi đăng ký tạm trú tại công an phường.",
    "degree": "Người từ đủ 14 tuổi phải chịu trách nhiệm hình sự về tội phạm rất nghiêm trọng.",
    "secret": "Người tố giác được giữ bí mật họ tên, địa chỉ theo yêu cầu.",
    "landlord": "Người cho thuê nhà phải thông báo việc lưu trú của khách với công an phường trước 23 giờ.",
}


@pytest.mark.parametrize(
    ("said", "true", "lies"),
    [
        ("before", "trước ngày", ["từ ngày", "kể từ ngày", "sau ngày", "vào ngày"]),
        ("from", "từ ngày", ["đến ngày", "trước ngày", "đến hết ngày"]),
        ("within", "trong 30 ngày", ["sau 30 ngày", "trong vài ngày", "trong mấy ngày", "ngay trong ngày"]),
        ("fee", "nộp", ["khỏi nộp", "được miễn nộp", "được hoàn", "nhận"]),
        ("degree", "rất nghiêm trọng", ["ít nghiêm trọng", "nghiêm trọng", "đặc biệt nghiêm trọng"]),
        ("secret", "được giữ bí mật", ["bị lộ", "phải nêu"]),
        ("landlord", "cho thuê", ["thuê"]),
    ],
)
def test_a_true_quote_holds_up_no_other_side_of_it(said: str, true: str, lies: list[str]) -> None:
    """Since when or until when, owed or forgiven, how grave, who of the two: one word makes it false."""
    source = NOTICE[said]
    evidence = [Supplied("p1", law(source))]
    kept = [
        text
        for text in (source.replace(true, instead) for instead in [true, *lies])
        if check(Draft((Claim(text, "p1", source),)), evidence, "vi")
    ]
    assert kept == [source]


@pytest.mark.parametrize(
    ("source", "english", "lie"),
    [
        (
            "Công an xã trả lời người dân sau vài ngày.",
            "The commune police answer residents after a few days.",
            "The commune police answer residents after a few weeks.",
        ),
        (
            "Công an xã gọi điện nhiều lần cho người dân.",
            "The commune police call residents many times.",
            "The commune police call residents a few times.",
        ),
    ],
)
def test_a_vague_amount_holds_up_its_english(source: str, english: str, lie: str) -> None:
    evidence = [Supplied("p1", law(source))]
    assert check(Draft((Claim(english, "p1", source),)), evidence, "en")
    assert not check(Draft((Claim(lie, "p1", source),)), evidence, "en")


@pytest.mark.parametrize(
    ("source", "lie"),
    [
        (
            "Người tiếp nhận phải lập biên bản và giao một bản.",
            "Người tiếp nhận được lập biên bản và giao một bản.",
        ),
        (
            "Người tố cáo phải nêu họ tên; tố cáo không có họ tên thì không được giải quyết.",
            "Người tố cáo không phải nêu họ tên.",
        ),
    ],
)
def test_what_is_owed_is_no_grant_and_not_forgiven(source: str, lie: str) -> None:
    assert not check(Draft((Claim(lie, "p1", source),)), [Supplied("p1", law(source))], "vi")
