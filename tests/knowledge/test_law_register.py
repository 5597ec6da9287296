"""The register of laws: every spelling of a number finds one entry, and nothing is made up."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.law_register import law_register, may_mean, number_key, read_register


@pytest.mark.parametrize(
    "written",
    [
        "35/2013/QH13",
        "35/2013/qh13",
        "Luật 35/2013/QH13",
        "Luật số 35/2013/QH13",
        "luat so: 35/2013",
        "35/2013/QH13+16",
        "luật 35",
        "Luật 35 / 2013 / QH13",
    ],
)
def test_every_spelling_of_a_number_finds_the_same_law(written: str) -> None:
    entry = law_register().find(written)
    assert entry is not None
    assert entry.number == "35/2013/QH13"


@pytest.mark.parametrize(
    "written", ["282/2025/ND-CP", "nđ 282/2025", "nd 282", "Nghị định số 282/2025/NĐ-CP"]
)
def test_a_decree_is_found_with_and_without_marks(written: str) -> None:
    entry = law_register().find(written)
    assert entry is not None
    assert entry.number == "282/2025/NĐ-CP"


@pytest.mark.parametrize(
    "written",
    ["", "luật", "111", "số 113", "999/2013/QH13", "thông tư 35/2013", "35/2013/NĐ-CP", "35/2014/QH13"],
)
def test_a_number_that_is_not_listed_is_not_found(written: str) -> None:
    assert law_register().find(written) is None


def test_a_number_that_could_be_two_is_neither() -> None:
    assert law_register().find("08/2026") is None
    assert {entry.number for entry in law_register().find_all("08/2026")} == {
        "08/2026/QĐ-TTg",
        "08/2026/TT-BKHCN",
    }
    decision = law_register().find("Quyết định 08/2026")
    assert decision is not None
    assert decision.number == "08/2026/QĐ-TTg"


def test_a_law_is_over_from_the_day_it_ended() -> None:
    drugs = law_register().find("73/2021/QH14")
    assert drugs is not None
    assert drugs.replaced_by == ("120/2025/QH15",)
    assert not drugs.is_over(date(2026, 6, 30))
    assert drugs.is_over(date(2026, 7, 1))
    assert "73/2021/QH14" in law_register().over(date(2026, 11, 28))
    assert "73/2021/QH14" not in law_register().over(date(2026, 6, 30))


def test_a_law_that_ended_on_an_unknown_day_is_over() -> None:
    decree = law_register().find("111/2010/NĐ-CP")
    assert decree is not None
    assert decree.ended is None
    assert decree.is_over(date(2026, 11, 28))


def test_only_what_ended_has_an_end_and_days_are_in_order() -> None:
    for entry in law_register().entries:
        assert (entry.status == "ended") >= (entry.ended is not None), entry.number
        assert (entry.status == "ended") >= bool(entry.replaced_by), entry.number
        assert (entry.status == "amended") <= bool(entry.amended_by), entry.number
        days = [day for day in (entry.issued, entry.effective, entry.ended) if day]
        assert days == sorted(days), entry.number


def test_a_register_that_names_a_text_it_does_not_hold_is_refused() -> None:
    text = '[[law]]\nnumber = "1/2020/NĐ-CP"\ntitle = "a"\nkind = "decree"\nstatus = "ended"\n'
    assert read_register(text).find("1/2020/NĐ-CP") is not None
    with pytest.raises(ValueError, match="2/2026"):
        read_register(f'{text}replaced_by = ["2/2026/NĐ-CP"]\n')
    with pytest.raises(ValueError, match="1/2020"):
        read_register(text + text)


@pytest.mark.parametrize(
    ("typed", "number", "may"),
    [
        ("luật 77", "77/2026/QH16", True),
        ("nghị định 77", "77/2026/QH16", False),
        ("nghị định 15/2014", "15/2014/NĐ-CP", True),
        ("nghị định 15/2015", "15/2014/NĐ-CP", False),
        ("01/2017/TTLT", "01/2017/TTLT-BCA-BQP", True),
        ("05/KH-HPN", "05/KH-HPN", True),
        ("05/KH-HPN", "05/KH-UBND", False),
        ("luật hòa giải", "35/2013/QH13", False),
    ],
)
def test_what_is_typed_may_mean_a_number_or_not(typed: str, number: str, *, may: bool) -> None:
    assert may_mean(typed, number) is may


def test_one_key_for_every_spelling() -> None:
    assert number_key("Nghị định số 05/2021/NĐ-CP") == number_key("5/2021/ND-CP") == "5/2021/nd-cp"
    assert number_key("không có số nào") == ""
