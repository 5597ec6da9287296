"""Reads numbers, dates, places in laws and agencies, in every spelling, in two languages."""

from __future__ import annotations

import pytest

from knowledge.claims.facts import facts_in, fits, same_bound
from knowledge.claims.spelling import plain


def only(text: str, kind: str) -> list[tuple[object, ...]]:
    return [fact.value for fact in facts_in(plain(text)) if fact.kind == kind]


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("count", ["18.160 người", "18160 người", "18 160 người"]),
        (
            "money",
            [
                "2.000.000 đồng",
                "2 triệu đồng",
                "hai triệu đồng",
                "2 triệu",
                "2,000,000 VND",
                "2 million dong",
            ],
        ),
        (
            "money",
            [
                "từ 5 đến 10 triệu đồng",
                "5–10 triệu đồng",
                "5.000.000 - 10.000.000đ",
                "từ năm triệu đến mười triệu đồng",
            ],
        ),
        ("money", ["1,5 triệu đồng", "1.500.000 đồng", "một triệu rưỡi", "1500 nghìn đồng"]),
        ("months", ["02 tháng", "hai tháng", "2 months", "two months"]),
        ("months", ["01 năm", "một năm", "12 tháng", "1 year"]),
        ("months", ["18 tháng", "một năm rưỡi"]),
        ("working_days", ["05 ngày làm việc", "năm ngày làm việc", "5 working days", "five business days"]),
        ("days", ["25 ngày", "hai mươi lăm ngày", "25 days", "twenty-five days"]),
        ("hours", ["12 giờ", "mười hai giờ", "12 tiếng", "12 hours"]),
        ("hours", ["7 giờ 30", "7h30", "7:30", "7 giờ 30 phút", "7.30 am".replace(".", ":")]),
        ("hours", ["13 giờ 30", "1:30 pm", "1 giờ 30 chiều"]),
        ("percent", ["50%", "50 phần trăm", "một nửa", "half", "50 percent"]),
        ("percent", ["một phần ba", "one third"]),
        (
            "date",
            [
                "30/6/2025",
                "30-06-2025",
                "ngày 30 tháng 6 năm 2025",
                "30 June 2025",
                "June 30, 2025",
                "2025-06-30",
            ],
        ),
        ("date", ["tháng 6/2025", "6/2025", "tháng 6 năm 2025", "June 2025"]),
        ("phone", ["0769.04.04.04", "0769 040 404", "+84 769 040 404"]),
        ("times", ["gấp đôi", "02 lần", "hai lần", "twice"]),
        ("article", ["điểm b khoản 4 Điều 5", "Điều 5, khoản 4, điểm b", "Article 5, clause 4, point b"]),
        ("ordinal", ["thứ Ba", "thứ 3", "Tuesday"]),
        ("age", ["từ đủ 14 tuổi đến dưới 16 tuổi", "từ đủ 14 đến dưới 16 tuổi", "aged 14 to under 16"]),
    ],
)
def test_spellings_of_one_fact_are_one(kind: str, spellings: list[str]) -> None:
    values = [only(f"Có {text}.", kind) for text in spellings]
    assert values[0]
    assert all(value == values[0] for value in values), dict(zip(spellings, values, strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 ngày", "3 ngày làm việc"),
        ("3 ngày", "3 tháng"),
        ("2 triệu đồng", "2 tỷ đồng"),
        ("24 giờ", "24 ngày"),
        ("khoản 2 Điều 5", "khoản 5 Điều 2"),
        ("100 mét", "100 km"),
        ("từ 14 đến 16 tuổi", "từ 14 đến dưới 16 tuổi"),
        ("30/6/2025", "30/6/2026"),
        ("Nghị định 282/2025/NĐ-CP", "Nghị định 283/2025/NĐ-CP"),
        ("Công an xã", "Công an tỉnh"),
        ("UBND xã", "HĐND xã"),
    ],
)
def test_facts_that_differ_do_not_fit(one: str, other: str) -> None:
    mine, theirs = facts_in(plain(one)), facts_in(plain(other))
    assert mine
    assert not all(any(fits(fact, known) for known in theirs) for fact in mine)


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("tháng 6/2025", "30/6/2025"),
        ("công an", "công an xã"),
        ("UBND xã", "Chủ tịch Ủy ban nhân dân cấp xã"),
        ("Nghị định 282/2025", "Nghị định 282/2025/NĐ-CP"),
        ("VKSND cùng cấp", "Viện kiểm sát nhân dân cùng cấp"),
        ("the commune People's Committee", "Ủy ban nhân dân cấp xã"),
        ("Decree 910/2025/ND-CP", "Nghị định 910/2025/NĐ-CP"),
    ],
)
def test_a_claim_may_say_less(claimed: str, known: str) -> None:
    fact, other = facts_in(plain(claimed))[0], facts_in(plain(known))[0]
    assert fits(fact, other)


@pytest.mark.parametrize(("claimed", "known"), [("công an xã", "công an"), ("30/6/2025", "tháng 6/2025")])
def test_a_claim_may_not_say_more(claimed: str, known: str) -> None:
    assert not fits(facts_in(plain(claimed))[0], facts_in(plain(known))[0])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("tối đa 2 tháng", "không quá 2 tháng", True),
        ("trong 2 tháng", "không quá 2 tháng", True),
        ("at most 2 months", "nhiều nhất 2 tháng", True),
        ("từ 3 người trở lên", "ít nhất 3 người", True),
        ("2 tháng", "không quá 2 tháng", False),
        ("ít nhất 2 tháng", "không quá 2 tháng", False),
        ("trên 2 tháng", "từ 2 tháng", False),
    ],
)
def test_bounds(one: str, other: str, same: bool) -> None:
    assert same_bound(facts_in(plain(one))[0], facts_in(plain(other))[0]) is same


def test_words_that_only_look_like_numbers_are_none() -> None:
    assert facts_in(plain("Hai bên có mặt, riêng tư, ba mẹ và mọi người dân.")) == ()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("từ ngày 15/8/2026", "from"),
        ("kể từ 15/8/2026", "from"),
        ("đến hết ngày 15 tháng 8 năm 2026", "until"),
        ("chậm nhất là ngày 15/8/2026", "until"),
        ("no later than 15 August 2026", "until"),
        ("trước ngày 15-8-2026", "before"),
        ("sau ngày 15/8/2026", "after"),
        ("vào ngày 15/8/2026", ""),
    ],
)
def test_a_date_tells_which_side_of_it_is_meant(text: str, bound: str) -> None:
    assert [fact.bound for fact in facts_in(plain(f"Nộp {text}.")) if fact.kind == "date"] == [bound]


def test_a_span_with_no_number_is_none_that_has_one() -> None:
    values = [only(f"Có {text}.", "days") for text in ("30 ngày", "vài ngày", "nhiều ngày", "trong ngày")]
    assert len(set(map(tuple, values))) == len(values)
    assert not [fact for fact in facts_in(plain("Nghỉ trong ngày lễ.")) if fact.kind == "days"]


@pytest.mark.parametrize(
    ("kind", "vietnamese", "english"),
    [
        ("hours", "vài giờ", "a few hours"),
        ("days", "vài ngày", "a few days"),
        ("days", "vài tuần", "several weeks"),
        ("months", "mấy tháng", "a few months"),
        ("months", "nhiều năm", "many years"),
        ("times", "nhiều lần", "many times"),
    ],
)
def test_a_span_with_no_number_is_one_in_both_languages(kind: str, vietnamese: str, english: str) -> None:
    said = only(f"Có {vietnamese}.", kind)
    assert said
    assert said == only(f"It took {english}.", kind)


@pytest.mark.parametrize(("kind", "one", "other"), [("days", "ngày", "tuần"), ("months", "tháng", "năm")])
def test_a_few_of_one_unit_are_not_a_few_of_another(kind: str, one: str, other: str) -> None:
    assert only(f"Có vài {one}.", kind) != only(f"Có vài {other}.", kind)
