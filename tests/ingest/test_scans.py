"""Pictures and scanned PDFs, drawn for the test: read, marked, judged by their words."""

from __future__ import annotations

import io
import statistics

import numpy as np
import pytest
from PIL import Image

from benchmarks.scans import Faults, character_error_rate, choose_font, draw, spoil, wrapped
from ingest.document import read_document
from ingest.errors import GarbledText, IngestError, ToolMissing, UnreadableScan
from ingest.loaders import page_pictures, pdf, tesseract
from ingest.loaders.pdf import load_pdf
from ingest.sandbox import extract
from ingest.syllables import is_syllable, syllable_share
from knowledge.model import DocumentKind
from tests.ingest import needs
from tests.ingest.builders import docx, paragraph
from tests.ingest.builders import pdf as pdf_of

_LAW = """QUY ƯỚC CỦA THÔN BÌNH AN
Điều 1. Phạm vi áp dụng
1. Quy ước này áp dụng cho mọi hộ gia đình, cá nhân đang cư trú trong thôn.
2. Người ở nơi khác đến thôn làm việc cũng tôn trọng quy ước này.
Điều 2. Giữ gìn trật tự
1. Sau hai mươi hai giờ, không mở loa đài làm ồn đến hàng xóm; đám cưới kết thúc trước hai mươi ba giờ.
2. Hộ nuôi chó phải xích, rọ mõm khi dắt ra đường; để chó cắn người thì chịu chi phí chữa trị.
3. Phát hiện trộm cắp, đánh bạc, mua bán ma túy thì báo ngay cho công an xã hoặc gọi số 113.
Điều 3. Hòa giải
1. Mâu thuẫn giữa vợ chồng, cha mẹ và con cái, hàng xóm với nhau được đưa ra tổ hòa giải trước.
2. Tổ hòa giải họp trong ba ngày kể từ khi nhận được lời đề nghị của một bên."""
_MINUTES = """Biên bản họp tổ an ninh trật tự
Ngày 05 tháng 12 năm 2026, tại nhà văn hóa thôn, tổ họp dưới sự chủ trì của ông tổ trưởng.
Trong tháng, bà con đã báo 18 tin, trong đó có 3 tin về người lạ vào xóm ban đêm, 2 tin về đốt pháo.
Tổ đã tuần tra 12 buổi, nhắc nhở 4 hộ để xe lấn chiếm lòng đường.
Kiến nghị: xã lắp thêm hai bóng đèn ở đầu ngõ số 7; nhà trường dặn học sinh không đi xe dàn hàng ba."""


def _scan(text, *, seed=1, **faults):
    page = draw(wrapped(text), font=choose_font(seed))
    return spoil(page, Faults(**faults), seed=seed)


def _save(folder, name, pictures, **options):
    path = folder / name
    out = io.BytesIO()
    first, *others = pictures
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(
        out, {"jpg": "JPEG", "tif": "TIFF"}.get(path.suffix[1:], path.suffix[1:].upper()), **more, **options
    )
    path.write_bytes(out.getvalue())
    return path


def _code(path):
    with pytest.raises(IngestError) as caught:
        read_document(path, key="k")
    return caught.value.code


@needs.tesseract
def test_spoiled_scans_are_read_with_one_wrong_letter_in_a_hundred_at_most(tmp_path):
    rates = []
    for seed, text in enumerate((_LAW, _MINUTES, _LAW)):
        read = extract("image", _save(tmp_path, f"{seed}.png", [_scan(text, seed=seed)]))
        assert all(block.scanned for block in read.blocks)
        assert read.repairs == ("scan_read",)
        rates.append(character_error_rate(text, "\n".join(read.lines)))
    assert statistics.median(rates) <= 0.01


@needs.tesseract
def test_a_scanned_law_keeps_its_articles_and_says_scan_and_page(tmp_path):
    pages = [
        _scan(_LAW),
        _scan("Điều 4. Hiệu lực\nQuy ước này có hiệu lực từ ngày thông qua tại hội nghị của thôn."),
    ]
    draft = read_document(_save(tmp_path, "a.pdf", pages, resolution=150), key="k")
    assert draft.meta.kind is DocumentKind.LAW
    assert [p.locator for p in draft.passages if "Điều" in p.locator] == [
        "Điều 1, bản quét, tr. 1",
        "Điều 2, bản quét, tr. 1",
        "Điều 3, bản quét, tr. 1",
        "Điều 4, bản quét, tr. 2",
    ]


@needs.tesseract
@pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a.tif"])
def test_every_kind_of_picture_is_read_and_a_tiff_has_pages(tmp_path, name):
    texts = [_MINUTES, "Trang hai nói về việc thu gom rác thải vào chiều thứ bảy hằng tuần ở trong thôn."]
    pictures = [_scan(text) for text in (texts if name.endswith("tif") else texts[:1])]
    draft = read_document(_save(tmp_path, name, pictures), key="k")
    assert "18 tin" in draft.passages[0].text
    if name.endswith("tif"):
        assert draft.passages[-1].locator == "bản quét, tr. 2"
        assert "rác thải" in draft.passages[-1].text


def test_a_tilted_page_is_brought_level():
    page = tesseract.prepared(_scan(_LAW, tilt=1.2, noise=2, shadow=0.1))
    level = tesseract.prepared(_scan(_LAW, tilt=0, noise=2, shadow=0.1))
    rows = [
        np.asarray(image, dtype=np.float32).mean(axis=1)
        for image in (page, tesseract.straightened(page), level)
    ]
    tilted, straight, drawn = (float(np.square(np.diff(row)).sum()) for row in rows)
    assert straight > 0.7 * drawn > 1.5 * tilted
    assert tesseract.straightened(level) is level


@needs.tesseract
@pytest.mark.parametrize("turn", [90, 180])
def test_a_page_fed_in_the_wrong_way_round_is_turned(tmp_path, turn):
    page = _scan(_MINUTES).rotate(turn, expand=True)
    draft = read_document(_save(tmp_path, "a.png", [page]), key="k")
    assert "18 tin" in draft.passages[0].text


@needs.tesseract
def test_scans_pasted_into_word_are_read_page_by_page(tmp_path):
    pages = {}
    for number, words in enumerate((_MINUTES, _LAW), start=1):
        out = io.BytesIO()
        _scan(words).save(out, "PNG")
        pages[f"word/media/image{number}.png"] = out.getvalue()
    path = tmp_path / "a.docx"
    path.write_bytes(docx(paragraph(""), extra=pages))
    draft = read_document(path, key="k")
    assert draft.repairs == ("scan_read",)
    assert "18 tin" in "".join(passage.text for passage in draft.passages)
    assert draft.passages[-1].locator.endswith("bản quét, tr. 2")


@needs.tesseract
def test_a_picture_without_words_is_refused_for_what_it_is(tmp_path):
    noise = Image.fromarray(np.random.default_rng(3).integers(0, 255, (900, 700), dtype=np.uint8))
    assert _code(_save(tmp_path, "a.png", [noise])) == UnreadableScan.code
    assert _code(_save(tmp_path, "b.png", [Image.new("L", (900, 700), 255)])) == UnreadableScan.code


@needs.tesseract
def test_a_broken_picture_and_a_bomb_of_pixels_are_refused_by_name(tmp_path):
    path = _save(tmp_path, "a.png", [_scan(_LAW)])
    path.write_bytes(path.read_bytes()[:3_000])
    assert _code(path) == "broken_file"
    bomb = _save(tmp_path, "b.png", [Image.new("1", (40_000, 3_000))])
    assert bomb.stat().st_size < 100_000
    assert _code(bomb) == "too_large_pixels"


@needs.tesseract
def test_a_page_without_letters_among_others_is_read_from_its_picture(tmp_path):
    import pikepdf

    digital = pikepdf.open(
        io.BytesIO(pdf_of([["Trang đầu có chữ, nói về lịch trực của tổ an ninh trong tháng."]]))
    )
    scan = pikepdf.open(_save(tmp_path, "scan.pdf", [_scan(_MINUTES)], resolution=150))
    digital.pages.extend(scan.pages)
    digital.save(tmp_path / "a.pdf")
    draft = read_document(tmp_path / "a.pdf", key="k")
    assert [p.locator for p in draft.passages] == ["tr. 1", "bản quét, tr. 2"]
    assert "18 tin" in draft.passages[1].text
    assert draft.repairs == ("scan_read",)


def test_without_tesseract_the_reason_names_it_and_few_scans_among_pages_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(tesseract, "languages", frozenset)
    monkeypatch.setattr(page_pictures, "languages", frozenset)
    paper = _save(tmp_path, "a.pdf", [_scan(_LAW)])
    with pytest.raises(ToolMissing) as caught:
        load_pdf(paper)
    assert caught.value.code == "missing_tesseract"
    import pikepdf

    pages = [["Một trang có chữ, nói về lịch trực của tổ an ninh trong tháng."]] * 3
    mixed = pikepdf.open(io.BytesIO(pdf_of(pages)))
    mixed.pages.extend(pikepdf.open(paper).pages)
    mixed.save(tmp_path / "b.pdf")
    assert load_pdf(tmp_path / "b.pdf").repairs == ("pages_left_out",)


_CLUMPED = [
    "Vi ph m pháp lu t về hôn nhân và gia đình ạ ậ ạ ả ệ mà theo quy đ nh của pháp lu t",
    "ị ậ ị ị ạ ộ không được hòa gi i trừ trường hợp ả ả ạ ậ d ch dân sự ị ị ạ theo quy đ nh",
]


@needs.tesseract
def test_a_pdf_whose_font_lost_its_letters_is_read_from_its_pages(tmp_path):
    """The text layer is broken, the picture of the page is not: a scan with the broken layer over it."""
    import pikepdf

    scan = pikepdf.open(_save(tmp_path, "scan.pdf", [_scan(_MINUTES)], resolution=150))
    layer = pikepdf.open(io.BytesIO(pdf_of([_CLUMPED])))
    scan.pages[0].add_overlay(layer.pages[0])
    scan.save(tmp_path / "a.pdf")
    draft = read_document(tmp_path / "a.pdf", key="k")
    assert "18 tin" in draft.passages[0].text
    assert "broken_font" in draft.repairs
    assert draft.passages[0].locator == "bản quét, tr. 1"


def test_such_a_pdf_is_refused_where_no_picture_helps(tmp_path, monkeypatch):
    monkeypatch.setattr(page_pictures, "languages", frozenset)
    monkeypatch.setattr(pdf, "_SCAN_CHARACTERS", 1)
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of([_CLUMPED]))
    with pytest.raises(GarbledText):
        load_pdf(path)


def test_syllables_are_told_from_what_bad_scans_leave():
    for word in (
        "nghiêng",
        "quyết",
        "giếng",
        "Điều",
        "hoà",
        "hòa",
        "uỷ",
        "ủy",
        "gì",
        "được",
        "thuở",
        "khuỷu",
    ):
        assert is_syllable(word), word
    for word in ("phạrn", "zẻ", "dđt", "tộlpham", "nghie\u0301ngg", "bât", "cỏc"):
        assert not is_syllable(word), word
    assert syllable_share("UBND xã và CSGT họp") == 1
    assert syllable_share("") == 0
