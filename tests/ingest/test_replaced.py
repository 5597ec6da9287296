"""What a legal text says of time and rank in its own lines: only whole texts, only set phrases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ingest.document import read_document
from ingest.errors import BadMetadata
from ingest.metadata import checked, stated_in
from ingest.replaced import calls_itself_a_draft, holds_until, replaced_numbers, undated_numbers
from ingest.trust.flags import Code
from ingest.trust.inspection import inspect
from knowledge.authority import is_draft
from knowledge.model import Audience, DocumentKind
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import open_library
from tests.ingest.trust.trust_drafts import SOURCES

if TYPE_CHECKING:
    from pathlib import Path


WHOLE = {
    "Nghị định này thay thế Nghị định số 160/1999/NĐ-CP ngày 18/10/1999.": ("160/1999/NĐ-CP",),
    "1. Thông tư này có hiệu lực từ ngày 01/7/2026 và thay thế Thông tư số 98/2021/TT-BCA.": (
        "98/2021/TT-BCA",
    ),
    "2. Luật Tố cáo số 03/2011/QH13 hết hiệu lực kể từ ngày Luật này có hiệu lực.": ("03/2011/QH13",),
    "2. Nghị định số\u00a0[76/2012/NĐ-CP](https://example.org/a.aspx) của Chính phủ hết hiệu lực thi hành "
    "kể từ ngày Nghị định này có hiệu lực.": ("76/2012/NĐ-CP",),
    "2. Pháp lệnh số 34/2007/PL-UBTVQH11 về dân chủ và Nghị quyết số 55/1998/NQ-UBTVQH10 về quy chế hết "
    "hiệu lực kể từ ngày Luật này có hiệu lực thi hành.": ("34/2007/PL-UBTVQH11", "55/1998/NQ-UBTVQH10"),
}
PARTS = (
    "Thông tư này thay thế những quy định trước đây của Bộ Công an trái với Thông tư này.",
    "Nghị định này thay thế Điều 5 của Nghị định số 27/2018/NĐ-CP.",
    "2. Điều 7 Luật Tố cáo số 03/2011/QH13 hết hiệu lực kể từ ngày Luật này có hiệu lực.",
    "Quy định tại Chương V của Luật Khiếu nại số 02/2011/QH13 hết hiệu lực từ ngày Luật này có hiệu lực.",
    "Nghị định 282/2025/NĐ-CP thay thế Nghị định số 144/2021/NĐ-CP từ 15/12/2025.",
    "Căn cứ Luật Hòa giải ở cơ sở số 35/2013/QH13;",
)


@pytest.mark.parametrize(("line", "numbers"), [*WHOLE.items(), *((line, ()) for line in PARTS)])
def test_whole_texts_are_read_and_parts_are_not(line: str, numbers: tuple[str, ...]) -> None:
    assert replaced_numbers(["Điều 9. Hiệu lực thi hành", line]) == numbers


def test_a_number_without_a_year_may_be_another_text_and_is_left_to_a_person() -> None:
    line = "Quyết định này thay thế Quyết định số 15/QĐ-UBND ngày 10 tháng 01 năm 2024 của phường."
    assert (replaced_numbers([line]), undated_numbers([line])) == ((), ("15/QĐ-UBND",))
    dated = line.replace("15/QĐ", "15/2024/QĐ")
    assert (replaced_numbers([dated]), undated_numbers([dated])) == (("15/2024/QĐ-UBND",), ())


def test_this_years_decision_is_not_silenced_with_last_years_of_its_number(tmp_path: Path) -> None:
    """Decision 40 takes the place of 15/QĐ-UBND of 2024; the library has 15/QĐ-UBND of 2026."""
    head = "ỦY BAN NHÂN DÂN\nPHƯỜNG TÂN LẬP\nSố: {}\nTân Lập, ngày {} năm 2026\nQUYẾT ĐỊNH\n{}\n"
    articles = (
        "Điều 1. Ban hành kèm theo Quyết định này quy chế của phường, áp dụng cho cán bộ.\nĐiều 2. {}\n"
        "Điều 3. Trưởng các khu phố mỗi tháng họp một lần vào ngày 15, có ghi biên bản.\n"
    )
    force = "Quyết định này có hiệu lực kể từ ngày ký"
    replacing = f"{force} và thay thế Quyết định số 15/QĐ-UBND ngày 10 tháng 01 năm 2024 của phường."
    texts = {
        "a": head.format("15/QĐ-UBND", "12 tháng 3", "Về tổ hòa giải") + articles.format(f"{force}."),
        "b": head.format("40/QĐ-UBND", "02 tháng 6", "Về việc tiếp công dân") + articles.format(replacing),
    }
    with open_library(tmp_path / "data", HashingEmbedder()) as library:
        for name, text in texts.items():
            (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
            draft = read_document(tmp_path / f"{name}.txt", key=name)
            assert draft.meta.kind is DocumentKind.LAW
            library.publish(draft)
        library.finish()
        passages = {item.id: item.meta.key for item in library.record.all_passages(Audience.PUBLIC)}
        seen = library.record.visible(list(passages), [Audience.PUBLIC], date(2026, 11, 28))
        assert {passages[found] for found in seen} == {"a", "b"}
    flags = inspect(draft, sources=SOURCES, today=date(2026, 11, 28))
    assert [flag.sample for flag in flags if flag.code is Code.REPLACES_UNDATED] == ["15/QĐ-UBND"]


def test_a_list_of_ended_texts_is_read_to_its_end() -> None:
    lines = [
        "2. Các văn bản sau đây hết hiệu lực thi hành kể từ ngày Nghị định này có hiệu lực thi hành:",
        "a) Nghị định số 80/2001/NĐ-CP ngày 05 tháng 11 năm 2001;",
        "b) Điểm a khoản 2 Điều 3 Nghị định số 11/2002/NĐ-CP;",
        "c) Nghị định số 58/2003/NĐ-CP;",
        "3. Nghị định số 99/2004/NĐ-CP tiếp tục được áp dụng.",
    ]
    assert replaced_numbers(lines) == ("80/2001/NĐ-CP", "58/2003/NĐ-CP")


def test_a_last_day_is_read_only_of_the_text_itself() -> None:
    ours = "Nghị quyết này có hiệu lực từ ngày 01/01/2024 đến hết ngày 31 tháng 12 năm 2026."
    theirs = "Nộp hồ sơ đến hết ngày 31 tháng 12 năm 2026."
    assert holds_until([ours]) == date(2026, 12, 31)
    assert holds_until([theirs]) is None


@pytest.mark.parametrize(
    ("line", "draft"),
    [
        ("DỰ THẢO", True),
        ("Dự thảo lần 2", True),
        ("DỰ THẢO LUẬT VỀ HÒA GIẢI (trình xin ý kiến, chưa có hiệu lực)", True),
        ("LUẬT HÒA GIẢI (Dự thảo)", True),
        ("DỰ THẢO ONLINE", False),
        ("Người dân góp ý dự thảo Luật Hòa giải", False),
        ("Luật Hòa giải ở cơ sở", False),
    ],
)
def test_a_draft_is_known_by_its_head(line: str, draft: bool) -> None:
    assert calls_itself_a_draft(["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", line, "Điều 1. Phạm vi"]) is draft


LAW_LINES = """NGHỊ ĐỊNH
Về hội quán thôn

Điều 1. Phạm vi điều chỉnh
Nghị định này quy định về hội quán của thôn, tổ dân phố.
Điều 2. Hội quán
1. Hội quán mở cửa từ 7 giờ đến 21 giờ hằng ngày.
2. Trưởng thôn giữ chìa khóa hội quán.
Điều 3. Hiệu lực thi hành
1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2026.
2. Nghị định số 11/2015/NĐ-CP ngày 02 tháng 3 năm 2015 hết hiệu lực kể từ ngày Nghị định này có hiệu lực.
"""


def test_a_law_tells_what_it_replaces_in_its_closing_article(tmp_path: Path) -> None:
    file = tmp_path / "hoi-quan.txt"
    file.write_text("Số: 77/2026/NĐ-CP\n" + LAW_LINES, encoding="utf-8")
    meta = read_document(file, key="k").meta
    assert meta.kind is DocumentKind.LAW
    assert (meta.replaces, meta.effective) == (("11/2015/NĐ-CP",), date(2026, 7, 1))
    assert not is_draft(meta)


def test_a_draft_of_a_law_is_stored_as_one(tmp_path: Path) -> None:
    file = tmp_path / "hoi-quan.txt"
    file.write_text("DỰ THẢO LẦN 3\n" + LAW_LINES, encoding="utf-8")
    assert is_draft(read_document(file, key="k").meta)


def test_a_sidecar_may_say_what_a_document_replaces_and_what_it_is() -> None:
    fields = checked(
        {"replaces": ["Nghị định 27/2018/NĐ-CP", "05/2019/TT-BCA"], "document_type": "Nghị định"}
    )
    assert fields == {"replaces": ("Nghị định 27/2018/NĐ-CP", "05/2019/TT-BCA"), "document_type": "Nghị định"}
    assert checked({"replaced_by": "185/2026/NĐ-CP"}) == {"replaced_by": ("185/2026/NĐ-CP",)}
    vietnamese = checked({"thay_the": "27/2018/NĐ-CP, 05/2019/TT-BCA", "loai_van_ban": "Thông tư"})
    assert vietnamese == {"replaces": ("27/2018/NĐ-CP", "05/2019/TT-BCA"), "document_type": "Thông tư"}


def test_a_replaced_number_that_is_none_is_an_error_and_a_site_generators_word_is_not() -> None:
    with pytest.raises(BadMetadata) as caught:
        checked({"replaces": ["Nghị định cũ"]})
    assert caught.value.fields["field"] == "replaces"
    assert checked({"thay_the": "Không"}) == {"replaces": ()}


_HEAD = "Tân Lập, ngày 10 tháng 7 năm 2026"


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("từ ngày ký", date(2026, 7, 10), None),
        ("kể từ ngày ký ban hành và thay thế Quyết định số 1/QĐ-UBND", date(2026, 7, 10), None),
        ("từ ngày ký đến hết ngày 31/12/2027", date(2026, 7, 10), date(2027, 12, 31)),
        ("thi hành kể từ ngày được thông qua đến hết ngày 31/12/2027", date(2026, 7, 10), date(2027, 12, 31)),
        ("từ ngày 01/8/2026 đến hết ngày 31/12/2027", date(2026, 8, 1), date(2027, 12, 31)),
        ("thi hành kể từ ngày 15 tháng 8 năm 2026", date(2026, 8, 15), None),
        ("kể từ khi công bố đến hết ngày 31/12/2027", None, date(2027, 12, 31)),
        ("thi hành sau 45 ngày, kể từ ngày ký ban hành", None, None),
    ],
)
def test_the_first_day_is_never_taken_from_the_last(
    words: str, first: date | None, last: date | None
) -> None:
    stated = stated_in([_HEAD, f"Nghị quyết này có hiệu lực {words}."])
    assert (stated.effective, stated.expires) == (first, last)


def test_from_the_day_it_is_signed_says_nothing_where_that_day_is_not_known() -> None:
    assert stated_in(["Nghị quyết này có hiệu lực từ ngày ký đến hết ngày 31/12/2027."]).effective is None


@pytest.mark.parametrize(
    "words",
    [
        "từ 00 giờ ngày 01 tháng 7 năm 2025",
        "thi hành từ 00 giờ 00 phút ngày 01 tháng 7 năm 2025",
        "kể từ 0h ngày 1/7/2025",
        "kể từ 7 giờ 30 ngày 01/07/2025",
        "từ ngày mồng 1 tháng 7 năm 2025",
        "từ mùng 1 tháng 7 năm 2025",
        "thi hành kể từ ngày 01.7.2025",
        "từ ngày Quốc hội thông qua. Nghị quyết này có hiệu lực từ ngày 1/7/2025",
    ],
)
def test_the_first_day_may_have_an_hour_and_words_before_it(words: str) -> None:
    assert stated_in([_HEAD, f"Nghị quyết này có hiệu lực {words}."]).effective == date(2025, 7, 1)
