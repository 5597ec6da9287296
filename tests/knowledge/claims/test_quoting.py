"""Finds a quote however it is typed, and only where it stands."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.claims.model import Fault
from knowledge.claims.quoting import Located, locate

TEXT = (
    "Hòa giải viên cần làm:\n\n"
    "1. Gặp riêng **từng bên**, nghe chuyện. Hẹn ngày gặp chung.\n"
    "2. Ghi sổ “theo dõi” – không quá 03 ngày:\na) ghi tên;\nb) ghi ngày."
)


@pytest.mark.parametrize(
    ("quote", "verbatim"),
    [
        ("Gặp riêng từng bên, nghe chuyện.", "Gặp riêng **từng bên**, nghe chuyện."),
        ("GẶP RIÊNG  từng bên nghe chuyện", "Gặp riêng **từng bên**, nghe chuyện."),
        ("Hoà giải viên cần làm", "Hòa giải viên cần làm"),
        (unicodedata.normalize("NFD", "Gặp riêng từng bên, nghe"), "Gặp riêng **từng bên**, nghe"),
        ('Ghi sổ "theo dõi" - không quá 03 ngày', "Ghi sổ “theo dõi” – không quá 03 ngày"),
        ("nghe chuyện. Hẹn ngày gặp chung. Ghi sổ", "nghe chuyện. Hẹn ngày gặp chung.\n2. Ghi sổ"),
        ("Gặp riêng … gặp chung", "Gặp riêng **từng bên**, nghe chuyện. Hẹn ngày gặp chung."),
        ("Gặp riêng [...] gặp chung", "Gặp riêng **từng bên**, nghe chuyện. Hẹn ngày gặp chung."),
    ],
)
def test_a_quote_is_found_and_given_back_verbatim(quote: str, verbatim: str) -> None:
    found = locate(TEXT, quote)
    assert isinstance(found, Located)
    assert found.verbatim == verbatim
    assert found.verbatim in TEXT


@pytest.mark.parametrize(
    ("quote", "fault"),
    [
        ("", Fault.QUOTE_SHORT),
        ("…", Fault.QUOTE_SHORT),
        ("Gặp riêng", Fault.QUOTE_SHORT),
        ("3 03 1 2 ngày", Fault.QUOTE_SHORT),
        ("Gặp chung từng bên, nghe chuyện", Fault.QUOTE_MISSING),
        ("gặp chung … Gặp riêng từng", Fault.QUOTE_MISSING),  # not in order
        ("Ghi sổ theo dõi không quá 05 ngày", Fault.QUOTE_MISSING),
        ("Gap rieng tung ben, nghe chuyen", Fault.QUOTE_MISSING),  # marks are letters
    ],
)
def test_what_does_not_stand_there_is_refused(quote: str, fault: Fault) -> None:
    assert locate(TEXT, quote) is fault


def test_a_quote_knows_its_sentence_its_khoan_and_what_leads_it() -> None:
    law = (
        "1. Được vay khi:\na) có tên trong danh sách;\nb) chấp hành tốt pháp luật.\n2. Mức "
        "vay là 4 triệu đồng."
    )
    found = locate(law, "chấp hành tốt pháp luật")
    assert isinstance(found, Located)
    assert found.places == (("1", "b"),)
    assert found.lead == "Được vay khi:"
    assert found.said == "b) chấp hành tốt pháp luật."


@given(st.data())
def test_any_four_words_in_a_row_are_found_where_they_stand(data: st.DataObject) -> None:
    words = TEXT.split()
    at = data.draw(st.integers(min_value=0, max_value=len(words) - 6))
    found = locate(TEXT, " ".join(words[at : at + 6]))
    assert isinstance(found, Located)
    assert found.verbatim in TEXT


@given(st.text(max_size=80), st.text(max_size=200))
def test_no_text_makes_it_raise(quote: str, text: str) -> None:
    assert isinstance(locate(text, quote), Located | Fault)
