from __future__ import annotations

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.law import law_title, read_law
from ingest.law_passages import by_article, law_passages
from ingest.law_text import Line, parse_law
from tests.ingest.made_up_laws import made_up


def _lines(text: str) -> list[Line]:
    return [Line(line) for line in text.split("\n")]


def _law(text: str):
    law = read_law(_lines(text))
    assert law is not None
    return law


def _passages(text: str, number: str = "35/2013/QH13"):
    return law_passages(_law(text).text, number=number, title="Luật Mẫu")


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(min_value=0, max_value=2**32))
def test_no_word_of_a_law_is_lost_and_none_comes_twice(seed):
    built = made_up(seed)
    passages = _passages(built.text)
    lines = built.text.split("\n")[1:]
    body = "".join(line for line in lines if not line.startswith(("Điều ", "[hiệu lực")))
    assert "".join("".join(item.text.split()) for item in passages) == "".join(body.split())


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(min_value=0, max_value=2**32))
def test_passages_stay_in_their_article_and_keep_its_order(seed):
    built = made_up(seed)
    passages = _passages(built.text)
    assert list(by_article(passages)) == [f"35/2013/QH13+{name}" for name in built.clauses]
    numbers = [int(re.search(r"Điều (\d+)", passage.locator)[1]) for passage in passages]
    assert numbers == sorted(numbers)


_CODIFIED = """35/2013/QH13 Hòa giải ở cơ sở | Quốc hội | ban hành 20/06/2013 | 2 điều | nguồn: Bộ pháp điển

Điều 1. Phạm vi điều chỉnh
[hiệu lực 01/01/2014]
1. *Hòa giải* là việc giúp các bên.
2. Chính phủ quy định chi tiết.
**Điều 2. Căn cứ**
1. Câu này thuộc về Điều 2.

Điều 2. Căn cứ
[hiệu lực 01/01/2014; có nội dung được sửa đổi bởi Điều 1 Luật số 97/2025/QH15]
1. Câu này thuộc về Điều 2.
"""


def test_the_header_of_a_codified_law_gives_title_number_and_dates():
    law = _law(_CODIFIED)
    assert (law.title, law.number, law.issuer) == ("Luật Hòa giải ở cơ sở", "35/2013/QH13", "Quốc hội")
    assert (law.issued, law.effective, law.stated_count) == (date(2013, 6, 20), date(2014, 1, 1), 2)


def test_an_article_written_again_inside_another_is_cited_once_and_rightly():
    passages = _passages(_CODIFIED)
    assert [(p.locator, p.articles) for p in passages] == [
        ("Điều 1", ("35/2013/QH13+1",)),
        ("Điều 2", ("35/2013/QH13+2",)),
    ]
    assert passages[0].text == "1. Hòa giải là việc giúp các bên.\n2. Chính phủ quy định chi tiết."
    assert passages[0].heading == "Điều 1. Phạm vi điều chỉnh (Luật Mẫu, 35/2013/QH13)"


def test_clauses_are_packed_and_named_as_a_range():
    long = "x " * 290
    passages = _passages(f"Điều 1. A\n1. {long}\n2. {long}\n3. {long}\nĐiều 2. B\nMột câu.")
    assert [p.locator for p in passages] == ["khoản 1–2 Điều 1", "khoản 3 Điều 1", "Điều 2"]
    assert [p.anchor for p in passages] == ["dieu-1-khoan-1-2", "dieu-1-khoan-3", "dieu-2"]


def test_a_very_long_clause_is_cut_at_its_points():
    point = "y " * 400
    passages = _passages(f"Điều 1. A\n1. Gồm:\na) {point}\nb) {point}\nđ) {point}\nĐiều 2. B\nHết.")
    assert [p.locator for p in passages][1:3] == ["điểm b khoản 1 Điều 1", "điểm đ khoản 1 Điều 1"]
    assert [p.anchor for p in passages][1:3] == ["dieu-1-khoan-1-diem-b", "dieu-1-khoan-1-diem-dd"]


def test_numbers_that_begin_a_line_inside_a_sentence_open_no_clause():
    law = _law("Điều 1. A\n1. Trong thời hạn\n15. ngày làm việc;\n2. Hai.\nĐiều 2. B\nHết.")
    assert [c.number for c in law.text.articles[0].clauses] == ["1", "2"]


def test_a_clause_whose_forerunner_was_repealed_is_still_found():
    law = _law("Điều 1. A\n1. Một.\n2. Hai.\n4. Bốn.\nĐiều 2. B\nHết.")
    assert [c.number for c in law.text.articles[0].clauses] == ["1", "2", "4"]


def test_a_reference_at_the_start_of_a_line_opens_no_article():
    law = _law("Điều 1. A\nTheo quy định tại\nĐiều 45. Luật này áp dụng.\nĐiều 2. B\nHết.\nĐiều 3. C\nHết.")
    assert [a.number for a in law.text.articles] == ["1", "2", "3"]


def test_a_quoted_article_that_jumps_ahead_is_skipped():
    law = _law("Điều 1. A\nMột.\nĐiều 99. Trích.\nHai.\nĐiều 2. B\nHết.")
    assert [a.number for a in law.text.articles] == ["1", "2"]


def test_clauses_inside_quotation_marks_belong_to_the_amendment():
    law = _law(
        "Điều 1. Sửa đổi\n1. Sửa Điều 5 như sau:\n“1. Cũ.\n2. Cũ nữa.”\n2. Bỏ Điều 6.\nĐiều 2. B\nHết."
    )
    clauses = law.text.articles[0].clauses
    assert [c.number for c in clauses] == ["1", "2"]
    assert clauses[1].text == "2. Bỏ Điều 6."


def test_articles_and_clauses_with_letters_are_their_own():
    law = _law("Điều 12. A\n1. Một.\n1a. Một a.\n2. Hai.\nĐiều 12a. B\nX y.\nĐiều 13: C\nHết.")
    assert [a.number for a in law.text.articles] == ["12", "12a", "13"]
    assert [c.number for c in law.text.articles[0].clauses] == ["1", "1a", "2"]
    assert [p.anchor for p in law_passages(law.text, number="", title="T")] == [
        "dieu-12",
        "dieu-12a",
        "dieu-13",
    ]


def test_a_table_of_contents_is_not_the_law():
    contents = "\n".join(f"Điều {n}. Tên {n}" for n in range(1, 4))
    body = "\n".join(f"Điều {n}. Tên {n}\n1. Nội dung đầy đủ của điều này là như sau." for n in range(1, 4))
    law = _law(f"MỤC LỤC\n{contents}\nChương I\nQUY ĐỊNH CHUNG\n{body}")
    assert len(law.text.articles) == 3
    assert all("Nội dung" in article.text for article in law.text.articles)


def test_a_regulation_attached_to_a_decision_keeps_its_own_articles():
    text = (
        "Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc của tổ.\nĐiều 2. Quyết "
        "định có hiệu lực từ ngày ký.\n"
        "QUY CHẾ\nĐiều 1. Phạm vi\nQuy chế này quy định việc làm của tổ.\nĐiều 2. Nguyên "
        "tắc\nTự nguyện và khách quan, công bằng."
    )
    passages = _passages(text, number="12/2024/QĐ-UBND")
    assert [p.anchor for p in passages] == ["dieu-1", "dieu-2", "phan-2-dieu-1", "phan-2-dieu-2"]
    assert passages[2].articles == ()
    assert "kèm theo" in passages[2].locator


def test_chapter_lines_open_the_next_article_and_are_no_part_of_the_last():
    law = _law("Chương I\nCHUNG\nĐiều 1. A\nMột.\nChương II\nRIÊNG\nMục 1. NHỎ\nĐiều 2. B\nHai.")
    assert law.text.articles[0].divisions == ("Chương I", "CHUNG")
    assert law.text.articles[1].divisions == ("Chương II", "RIÊNG", "Mục 1. NHỎ")
    assert law.text.articles[0].text == "Một."


def test_signatures_fall_off_and_an_appendix_stays():
    passages = _passages(
        "Điều 1. A\nMột câu.\nĐiều 2. B\nHai câu.\nNơi nhận:\n- Như trên;\nTM. ỦY BAN\nPHỤ "
        "LỤC I\nDanh sách tổ."
    )
    assert passages[1].text == "Hai câu."
    assert passages[2].anchor == "phu-luc-1"
    assert "Danh sách tổ." in passages[2].text


def test_pages_stand_in_the_locator():
    lines = [Line("Điều 1. A", 1), Line("Một.", 1), Line("Điều 2. B", 2), Line("Hai.", 2)]
    law = read_law(lines)
    assert [p.locator for p in law_passages(law.text, number="", title="")] == [
        "Điều 1, tr. 1",
        "Điều 2, tr. 2",
    ]


def test_one_quoted_article_makes_no_law():
    assert parse_law(_lines("Bài báo nhắc lại luật.\nĐiều 5. Tổ hòa giải\nHết.")) is None


def test_titles_get_the_word_for_their_kind():
    assert law_title("101/2015/QH13", "Tố tụng hình sự") == "Bộ luật Tố tụng hình sự"
    assert law_title("10/2022/QH15", "Luật thực hiện dân chủ ở cơ sở") == "Luật thực hiện dân chủ ở cơ sở"
    assert law_title("49/2020/NĐ-CP", "Quy định chi tiết") == "Nghị định quy định chi tiết"


def test_a_law_without_a_name_is_called_as_the_register_calls_its_number():
    assert law_title("75/2015/QH13", "") == "Luật Mặt trận Tổ quốc Việt Nam"
    assert law_title("9975/2015/QH13", "") == "Luật 9975/2015/QH13"
