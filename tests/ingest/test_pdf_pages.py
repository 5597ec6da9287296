"""Pages of a PDF: which numbers at their edges are page numbers, and columns read one after the other."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

import pytest

from ingest.document import read_document
from tests.ingest.builders import pdf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SENTENCE = "Tổ hòa giải thôn họp vào ngày mười lăm hằng tháng."
LEFT = (
    "Điều 1. Người dân được nhận hỗ trợ một lần khi",
    "hoàn thành chương trình học nghề theo danh sách",
    "của phường.",
    "Điều 2. Hộ gia đình không được đốt rác trong",
    "khu dân cư, người vi phạm bị nhắc nhở trước tổ.",
    "Điều 3. Tổ hòa giải họp mỗi tháng một lần tại",
)
RIGHT = (
    "nhà văn hóa, do tổ trưởng chủ trì và ghi biên",
    "bản đầy đủ.",
    "Điều 4. Công an phường tiếp nhận tin báo vào",
    "mọi giờ trong ngày, kể cả ngày lễ và ngày nghỉ.",
    "Điều 5. Bộ phận một cửa trả kết quả trong 05",
    "ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ.",
    "Điều 6. Quy định này áp dụng cho mọi người dân.",
)


def _lines(folder: Path, pages: Sequence[Sequence[str]]) -> list[str]:
    file = folder / "a.pdf"
    file.write_bytes(pdf(pages))
    return [line for passage in read_document(file, key="k").passages for line in passage.text.split("\n")]


def _numbers(folder: Path, pages: Sequence[Sequence[str]]) -> set[str]:
    return {line for line in _lines(folder, pages) if line.strip("- ").isdigit()}


def test_a_number_that_ends_a_leaflet_is_the_one_to_call(tmp_path: Path) -> None:
    leaflet = [
        SENTENCE,
        "Thấy trộm cắp, cướp giật hãy gọi ngay số:",
        "113",
        "Có cháy nổ hãy gọi ngay số:",
        "114",
    ]
    assert _numbers(tmp_path, [leaflet]) == {"113", "114"}
    assert _lines(tmp_path, [[SENTENCE, "Trang 1/1"]]) == [SENTENCE]


@pytest.mark.parametrize("first", [1, 17])
def test_numbers_that_rise_with_the_pages_are_theirs(tmp_path: Path, first: int) -> None:
    words = ("một", "hai", "ba", "bốn")
    pages = [[f"{SENTENCE} Lần {word}.", f"- {first + n} -"] for n, word in enumerate(words)]
    pages[-1].insert(1, "114")
    assert _numbers(tmp_path, pages) == {"114"}


def test_a_second_page_is_numbered_and_a_number_to_call_on_each_stays(tmp_path: Path) -> None:
    pages = [[f"{SENTENCE} Gọi:", "113"], ["2", f"{SENTENCE} Cháy thì gọi:", "114"]]
    assert _numbers(tmp_path, pages) == {"113", "114"}


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    rows = ["\t".join(pair) for pair in zip_longest(LEFT, RIGHT, fillvalue="")]
    over = "Quy định này do phường ban hành để bà con trong các khu phố cùng biết và cùng làm theo."
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf([["#QUY ĐỊNH CỦA PHƯỜNG VỀ ĐỜI SỐNG Ở KHU DÂN CƯ", over, *rows]]))
    draft = read_document(file, key="k")
    assert [passage.locator for passage in draft.passages][-6:] == [f"Điều {n}, tr. 1" for n in range(1, 7)]
    assert "tại nhà văn hóa, do tổ trưởng" in draft.passages[-4].text
    assert "Công an" not in draft.passages[-4].text


@pytest.mark.parametrize(
    "rows",
    [
        [f"Công an {place}\t0221 3 000 001" for place in ("phường", "xã Phú Lương", "thôn Hạ") * 3],
        [f"Tổ trưởng khu phố số {n}, phường Tân Lập, ông Hùng\t0221 3 000 00{n}" for n in range(1, 9)],
        [
            "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "PHƯỜNG TÂN LẬP\tĐộc lập - Tự do - Hạnh phúc",
            *[f"{SENTENCE} Việc thứ {n} do tổ trưởng khu phố lo liệu cùng bà con." for n in range(7)],
        ],
    ],
    ids=["names and numbers", "long names and numbers", "the head of a letter"],
)
def test_what_belongs_together_in_a_line_is_read_across(tmp_path: Path, rows: list[str]) -> None:
    text = " ".join(_lines(tmp_path, [[SENTENCE, *rows]]))
    for row in rows:
        assert row.replace("\t", " ") in text
