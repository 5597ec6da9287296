"""How a document stands today, how much its word weighs, and how both are told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.authority import Authority, authority_of
from knowledge.model import DocumentKind, DocumentMeta
from knowledge.standing import State, standing_of, told
from prompts.catalog import LANGUAGES

TODAY = date(2026, 11, 28)


def law(number: str, **more: Any) -> DocumentMeta:
    return DocumentMeta(
        key=number or "k", title=more.pop("title", "Luật A"), number=number, kind=DocumentKind.LAW, **more
    )


def test_what_the_register_ended_has_ended_and_names_what_took_its_place() -> None:
    standing = standing_of(law("73/2021/QH14", effective=date(2022, 1, 1)), TODAY)
    assert (standing.state, standing.day, standing.by) == (State.ENDED, date(2026, 7, 1), ("120/2025/QH15",))
    said = told(standing, "vi")
    for words in ("73/2021/QH14", "01/07/2026", "120/2025/QH15", "hết hiệu lực"):
        assert words in said
    assert standing_of(law("73/2021/QH14"), date(2026, 6, 30)).state is not State.ENDED


def test_a_document_that_another_replaces_has_ended_on_the_day_that_one_began() -> None:
    newer = law("20/2026/NĐ-CP", effective=date(2026, 7, 1), replaces=("10/2019/NĐ-CP",))
    standing = standing_of(law("10/2019/NĐ-CP"), TODAY, [newer])
    assert (standing.state, standing.day, standing.by) == (State.ENDED, date(2026, 7, 1), ("20/2026/NĐ-CP",))
    assert standing_of(law("10/2019/NĐ-CP"), date(2026, 6, 30), [newer]).state is State.UNKNOWN


def test_an_expired_document_ended_on_the_day_after() -> None:
    standing = standing_of(law("10/2019/NĐ-CP", expires=date(2026, 1, 31)), TODAY)
    assert (standing.state, standing.day) == (State.ENDED, date(2026, 2, 1))
    assert standing_of(law("10/2019/NĐ-CP", expires=TODAY), TODAY).state is State.UNKNOWN


def test_what_is_to_come_says_from_when() -> None:
    standing = standing_of(law("1/2027/NĐ-CP", effective=date(2027, 1, 1)), TODAY)
    assert standing.state is State.NOT_YET
    assert "01/01/2027" in told(standing, "vi")


def test_a_decree_whose_law_is_over_is_in_doubt_and_says_why() -> None:
    standing = standing_of(law("49/2020/NĐ-CP", effective=date(2020, 6, 15)), TODAY)
    assert (standing.state, standing.parent) == (State.DOUBTFUL, "41/2019/QH14")
    assert "127/2025/QH15" in told(standing, "vi")
    assert standing_of(law("49/2020/NĐ-CP"), date(2026, 6, 30)).parent == ""


def test_an_amended_law_names_what_amended_it() -> None:
    standing = standing_of(law("100/2015/QH13"), TODAY)
    assert standing.state is State.AMENDED
    assert "86/2025/QH15" in told(standing, "vi")


def test_of_a_text_that_nobody_looked_up_nothing_is_said() -> None:
    standing = standing_of(law("1/2001/NĐ-CP"), TODAY)
    assert standing.state is State.UNKNOWN
    assert told(standing, "vi") == ""


def test_every_state_is_told_in_both_languages() -> None:
    metas = [
        law("73/2021/QH14"), law("111/2010/NĐ-CP"), law("1/2027/NĐ-CP", effective=date(2027, 1, 1)),
        law("49/2020/NĐ-CP"), law("24/2018/QH14"), law("100/2015/QH13"), law("35/2013/QH13"),
        law("", title="Dự thảo Luật A"), law("", expires=date(2020, 1, 1)),
    ]  # fmt: skip
    for language in LANGUAGES:
        for meta in metas:
            assert told(standing_of(meta, TODAY), language), meta.number


@pytest.mark.parametrize(
    ("meta", "authority"),
    [
        (
            {"title": "Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam", "kind": DocumentKind.LAW},
            Authority.CONSTITUTION,
        ),
        (
            {"title": "Luật Hòa giải ở cơ sở", "number": "35/2013/QH13", "kind": DocumentKind.LAW},
            Authority.LAW,
        ),
        ({"title": "Hòa giải", "number": "15/2014/NĐ-CP", "kind": DocumentKind.LAW}, Authority.DECREE),
        ({"title": "Vay vốn", "number": "22/2023/QĐ-TTg", "kind": DocumentKind.LAW}, Authority.DECREE),
        (
            {"title": "Tiếp nhận tin", "number": "28/2020/TT-BCA", "kind": DocumentKind.LAW},
            Authority.CIRCULAR,
        ),
        ({"title": "Án treo", "number": "02/2018/NQ-HĐTP", "kind": DocumentKind.LAW}, Authority.CIRCULAR),
        ({"title": "Kế hoạch hòa giải năm 2026", "number": "12/KH-UBND"}, Authority.GUIDANCE),
        ({"title": "Hướng dẫn họp tổ", "organisation": "Hội Phụ nữ xã"}, Authority.GUIDANCE),
        ({"title": "Họp", "document_type": "Công văn"}, Authority.GUIDANCE),
        ({"title": "Quy định", "document_type": "Nghị quyết", "number": "5/2024/QH15"}, Authority.LAW),
        ({"title": "Xã Z ra mắt tổ hòa giải"}, Authority.NEWS),
        ({"title": "Luật Hòa giải có gì mới"}, Authority.NEWS),
        ({"title": "THÔNG BÁO KHẨN CỦA CÔNG AN"}, Authority.NEWS),
        (
            {"title": "Dự thảo Luật Hòa giải", "number": "1/2027/QH16", "kind": DocumentKind.LAW},
            Authority.DRAFT,
        ),
        ({"title": "Luật Hòa giải (dự thảo 2)", "kind": DocumentKind.LAW}, Authority.DRAFT),
        ({"title": "Luật Hòa giải", "document_type": "Dự thảo", "kind": DocumentKind.LAW}, Authority.DRAFT),
        ({"title": "Góp ý dự thảo Luật Hòa giải"}, Authority.NEWS),
    ],
)
def test_authority_follows_what_a_document_is(meta: dict[str, Any], authority: Authority) -> None:
    assert authority_of(DocumentMeta(key="k", **meta)) is authority


def test_authorities_are_ranked() -> None:
    assert list(Authority) == sorted(Authority)
    assert [item.name for item in Authority] == [
        "DRAFT", "NEWS", "GUIDANCE", "CIRCULAR", "DECREE", "LAW", "CONSTITUTION",
    ]  # fmt: skip
