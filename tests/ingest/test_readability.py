"""How hard a text is to read: long sentences and the law's words."""

from __future__ import annotations

from ingest.readability import measure, sentences

PLAIN = "Gọi ngay **113**. Nói ở đâu, ai bị đánh. Rồi ra chỗ an toàn."
LAW = (
    "Cơ quan có thẩm quyền tiến hành tố tụng trong phạm vi trách nhiệm của mình có trách nhiệm tiếp nhận, "
    "giải quyết tố giác, tin báo về tội phạm, kiến nghị khởi tố theo quy định của pháp luật và thực hiện "
    "thông báo kết quả giải quyết cho cá nhân, cơ quan, tổ chức đã tố giác, báo tin theo trình tự, thủ tục "
    "quy định tại điều này."
)


def test_the_law_reads_harder_than_a_neighbours_advice() -> None:
    """In each of the figures that the bar looks at."""
    plain, law = measure(PLAIN), measure(LAW)
    assert plain.mean_sentence < 10
    assert law.mean_sentence > 40
    assert plain.longest < law.longest
    assert (plain.long_share, law.long_share) == (0, 1)
    assert plain.hard_share == 0
    assert law.hard_share > 0.2


def test_markup_and_numbers_of_lists_are_no_words() -> None:
    """A list's item is a sentence of its own; its mark, stars and links are nothing to read."""
    text = "1. **Gọi** công an.\n- Đi [khám](https://vidu.vn/kham-benh)\n\n### Nhớ\nGiữ giấy"
    assert sentences(text) == ["Gọi công an", "Đi khám", "Nhớ", "Giữ giấy"]
    assert [measure(part).longest for part in sentences(text)] == [3, 2, 1, 2]


def test_dates_articles_and_amounts_are_one_syllable_each_and_end_no_sentence() -> None:
    figures = measure("Từ 1/7/2026 phạt 3.000.000 đồng theo Điều 5.2 và số 069.232.6555 nhé.")
    assert figures.sentences == 1
    assert figures.longest == 12


def test_a_hard_word_counts_once_however_it_is_typed() -> None:
    """Its syllables, whole words alone, capitals and loose marks alike."""
    whole = measure("Công an THỤ LÝ đơn này")
    assert whole.hard_share == 2 / 6
    assert measure("thu\u0323 ly\u0301").hard_share == 1
    assert measure("thụ lýx").hard_share == 0


def test_text_without_words_is_not_hard() -> None:
    for text in ("", "\n\n- \n", "!?…"):
        assert measure(text).sentences == 0
        assert measure(text).mean_sentence == 0
