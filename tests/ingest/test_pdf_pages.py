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
OVER = "Quy định này do phường ban hành để bà con trong các khu phố cùng biết và cùng làm theo."
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
PLACES = (
    *("Tân Lập, số 12 Hùng Vương", "Phú Lương, số 3 Lê Lợi", "Hòa Bình, 45 Trần Phú"),
    *("Kim Đồng, số 7 Quang Trung", "Bến Thủy, số 9 Nguyễn Du", "Trường Thi, 21 Lê Mao"),
    "Hưng Dũng, số 5 Võ Thị Sáu",
)
WRAPPED = (
    "Khu phố 1: từ đầu đường Hùng Vương đến hết\tÔng Nguyễn Văn Hùng, tổ trưởng, trực từ 18 giờ",
    "ngõ 12, gồm chợ Tân Lập và trường tiểu học\tđến 22 giờ hằng ngày, điện thoại 0912 000 001",
    "",
    "Khu phố 2: từ ngõ 13 đường Hùng Vương đến cầu\tBà Trần Thị Mai, tổ phó, trực từ 19 giờ đến 23",
    "bê tông, gồm bến xe và trạm y tế của phường\tgiờ hằng ngày, điện thoại 0912 000 002",
    "",
    "Khu phố 3: từ cầu bê tông đến hết đường Lê Lợi,\tÔng Lê Văn Bình, tổ trưởng, trực từ 18 giờ",
    "gồm khu tập thể nhà máy và công viên\tđến 22 giờ tối, điện thoại 0912 000 003",
    "",
    "Khu phố 4: từ đường Lê Lợi đến khu đô thị mới,\tBà Phạm Thị Lan, tổ phó, trực từ 20 giờ đến 24",
    "gồm nhà văn hóa và sân vận động của phường\tgiờ hằng ngày, điện thoại 0912 000 004",
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
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf([["#QUY ĐỊNH CỦA PHƯỜNG VỀ ĐỜI SỐNG Ở KHU DÂN CƯ", OVER, *rows]]))
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
        [
            f"Công an phường {place}\t0221 3 000 00{n}, trực ban 0912 000 00{n}"
            for n, place in enumerate(PLACES, 1)
        ],
        [
            f"Vi phạm điều {n}: không khai báo tạm trú đúng\t"
            f"Phạt tiền từ {n} triệu đến {n + 1} triệu đồng một lần"
            for n in range(1, 9)
        ],
    ],
    ids=[
        *("names and numbers", "long names and numbers", "the head of a letter"),
        *("even names and numbers", "offences and fines"),
    ],
)
def test_what_belongs_together_in_a_line_is_read_across(tmp_path: Path, rows: list[str]) -> None:
    text = " ".join(_lines(tmp_path, [[SENTENCE, *rows]]))
    for row in rows:
        assert row.replace("\t", " ") in text


def test_rows_of_wrapped_cells_are_read_across(tmp_path: Path) -> None:
    text = " ".join(_lines(tmp_path, [[OVER, "", *WRAPPED]]))
    places = [text.index(words) for words in ("Khu phố 1", "0912 000 001", "Khu phố 2", "0912 000 002")]
    assert places == sorted(places)


def test_two_columns_with_gaps_at_other_heights_are_columns(tmp_path: Path) -> None:
    left = [*LEFT[:3], "", *LEFT[3:5], "", LEFT[5]]
    right = [*RIGHT[:2], "", *RIGHT[2:4], "", *RIGHT[4:]]
    rows = ["\t".join(pair) for pair in zip_longest(left, right, fillvalue="")]
    text = " ".join(_lines(tmp_path, [[OVER, *rows]]))
    assert "tại nhà văn hóa" in text
