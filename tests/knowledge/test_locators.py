"""A person must be able to find what was quoted."""

from __future__ import annotations

import pytest

from knowledge.locators import locator_of_quote
from knowledge.model import DocumentKind, DocumentMeta, Passage

TEXT = "Câu dẫn:\n1. Khoản một.\na) Điểm a;\n2. Khoản hai. Câu thứ hai.\n3. Khoản ba."


def law(locator: str = "Điều 11", text: str = TEXT) -> Passage:
    meta = DocumentMeta(key="luat", title="Luật", kind=DocumentKind.LAW, number="35/2013/QH13")
    return Passage(id=1, meta=meta, anchor="dieu-11", text=text, locator=locator, heading="")


@pytest.mark.parametrize(
    ("quoted", "locator"),
    [
        ("1. Khoản một.\na) Điểm a;", "khoản 1 Điều 11"),
        ("a) Điểm a;", "điểm a khoản 1 Điều 11"),
        ("Câu thứ hai.", "khoản 2 Điều 11"),
        ("1. Khoản một.\na) Điểm a;\n2. Khoản hai.", "khoản 1–2 Điều 11"),
        (TEXT, "khoản 1–3 Điều 11"),
        ("Câu dẫn:", "Điều 11"),
    ],
)
def test_quotation_is_located_by_its_clauses(quoted: str, locator: str) -> None:
    assert locator_of_quote(law(), quoted) == locator


def test_passage_of_some_clauses_is_narrowed_to_the_quoted_one() -> None:
    assert locator_of_quote(law("khoản 1–3 Điều 5, tr. 2"), "3. Khoản ba.") == "khoản 3 Điều 5, tr. 2"


def test_text_without_clauses_keeps_its_locator() -> None:
    assert locator_of_quote(law(text="Không đánh số."), "Không đánh số.") == "Điều 11"
    assert locator_of_quote(law("tr. 2"), "1. Khoản một.") == "tr. 2"
