"""Each bad file of the field, and each format read to its structure."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from PIL import Image

from ingest.document import read_document
from ingest.errors import (
    BadMetadata,
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    IngestError,
    NoContent,
    NoText,
    TookTooLong,
    TooLarge,
    UnreadableScan,
    UnsupportedKind,
    WrongExtension,
)
from ingest.loaders.tesseract import LANGUAGE, languages
from ingest.sandbox import extract
from ingest.sniff import Kind, check_zip, sniff
from knowledge.model import Audience, DocumentKind
from prompts.catalog import LANGUAGES, text
from tests.ingest.builders import docx, paragraph, pdf, table

_LAW_LINES = (
    "#LUẬT",
    "#HÒA GIẢI Ở CƠ SỞ",
    "Điều 1. Phạm vi điều chỉnh",
    "1. Luật này quy định nguyên tắc, chính sách của Nhà nước về hòa giải ở cơ",
    "sở và trách nhiệm của cơ quan, tổ chức.",
    "2. Chính phủ quy định chi tiết.",
    "Điều 2. Nguyên tắc",
    "Tôn trọng sự tự nguyện của các bên.",
)


def _save(folder, name, data):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def _bomb(path, *, name="word/document.xml", megabytes=1):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open(name, "w") as entry:
            for _ in range(megabytes):
                entry.write(b"\x20" * 1_000_000)
    return path


def _code(path):
    with pytest.raises(IngestError) as caught:
        read_document(path, key="k")
    for language in LANGUAGES:
        assert text(f"ingest.{caught.value.code}", language, **caught.value.fields)
    return caught.value.code


def test_an_empty_file_and_one_of_blanks_are_named_so(tmp_path):
    assert _code(_save(tmp_path, "a.txt", "")) == EmptyFile.code
    assert _code(_save(tmp_path, "b.txt", "\ufeff \n\n")) == EmptyFile.code


def test_names_that_say_another_kind_than_the_content_are_refused(tmp_path):
    paper = pdf([["Một dòng chữ."]])
    assert _code(_save(tmp_path, "a.txt", paper)) == WrongExtension.code
    assert _code(_save(tmp_path, "b.pdf", "chỉ là chữ")) == WrongExtension.code
    assert _code(_save(tmp_path, "c.docx", paper)) == WrongExtension.code
    assert _code(_save(tmp_path, "d.md", b"\x89PNG\r\n\x1a\n" + bytes(50))) == WrongExtension.code
    assert _code(_save(tmp_path, "e.pdf", docx(paragraph("Chữ")))) == WrongExtension.code
    assert _code(_save(tmp_path, "f.txt", bytes(range(1, 32)) * 40)) == WrongExtension.code
    assert _code(_save(tmp_path, "g.txt", "<!doctype html><html><p>Chữ</p></html>")) == WrongExtension.code


def test_kinds_that_are_not_read_are_named(tmp_path):
    for name in ("a.svg", "b.rar", "c.exe", "d.odg", "e.mdb", "khong-duoi"):
        assert _code(_save(tmp_path, name, "x")) == UnsupportedKind.code
    # A container of old Office that holds none of its programs' streams:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert _code(_save(tmp_path, "b.doc", container)) == BrokenFile.code


def test_an_upper_case_extension_is_the_same_kind(tmp_path):
    assert sniff(_save(tmp_path, "A.PDF", pdf([["Chữ"]]))) is Kind.PDF


def test_a_truncated_pdf_and_a_truncated_docx_are_broken(tmp_path):
    assert _code(_save(tmp_path, "a.pdf", pdf([["Một dòng chữ."]])[:200])) == BrokenFile.code
    assert _code(_save(tmp_path, "b.docx", docx(paragraph("Chữ"))[:150])) == BrokenFile.code


def test_a_docx_with_broken_xml_is_broken(tmp_path):
    bad = tmp_path / "a.docx"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("word/document.xml", "<w:document><w:body>")
    assert _code(bad) == BrokenFile.code


def test_an_encrypted_pdf_and_an_encrypted_docx_ask_for_the_password(tmp_path):
    assert _code(_save(tmp_path, "a.pdf", pdf([["Chữ"]], encrypted=True))) == EncryptedFile.code
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert _code(_save(tmp_path, "b.docx", container)) == EncryptedFile.code


def test_a_bomb_of_300_megabytes_is_refused_before_it_is_opened(tmp_path):
    path = _bomb(tmp_path / "bom.docx", megabytes=300)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(TooLarge) as caught:
        sniff(path)
    assert caught.value.code == "too_large_unpacked"


def test_a_tight_zip_and_one_of_many_entries_are_refused(tmp_path):
    with pytest.raises(TooLarge, match="ratio"):
        check_zip(_bomb(tmp_path / "a.docx", megabytes=30))
    many = tmp_path / "b.docx"
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"{number}.xml", "")
    with pytest.raises(TooLarge, match="entries"):
        check_zip(many)


def test_a_zip_that_lies_about_its_size_does_not_get_through(tmp_path):
    path = _bomb(tmp_path / "a.docx", megabytes=20)
    data = path.read_bytes()
    honest = (20_000_000).to_bytes(4, "little")
    path.write_bytes(data.replace(honest, (50_000).to_bytes(4, "little")))
    assert _code(path) == BrokenFile.code


def test_a_file_over_the_limit_is_refused_by_its_size_alone(tmp_path):
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(100_000_001)
    assert _code(path) == "too_large_file"


def test_a_pdf_of_too_many_pages_is_refused(tmp_path):
    assert _code(_save(tmp_path, "a.pdf", pdf([[]] * 3_001))) == "too_large_pages"


def test_a_scan_is_told_from_a_text(tmp_path):
    paper = io.BytesIO()
    Image.new("L", (800, 1100), 255).save(paper, "PDF")
    scan = _code(_save(tmp_path, "a.pdf", paper.getvalue()))
    assert scan == (UnreadableScan.code if LANGUAGE in languages() else "missing_tesseract")
    assert _code(_save(tmp_path, "c.pdf", pdf([[], []]))) == NoText.code
    assert _code(_save(tmp_path, "b.docx", docx(paragraph("")))) == NoText.code


def test_a_parser_that_does_not_end_is_stopped(tmp_path):
    with pytest.raises(TookTooLong):
        extract("pdf", _save(tmp_path, "a.pdf", pdf([["Chữ"]])), seconds=0.01)


def test_a_page_that_is_only_a_frame_is_refused(tmp_path):
    assert (
        _code(_save(tmp_path, "a.txt", "Trang chủ\nGiới thiệu\nTin tức\nLiên hệ\nĐang truy cập: 3"))
        == NoContent.code
    )
    frame = "<html><body><nav><a href='/'>Trang chủ</a></nav><footer>© 2026</footer></body></html>"
    assert _code(_save(tmp_path, "b.html", frame)) == NoContent.code


def test_a_law_as_pdf_keeps_articles_clauses_and_pages(tmp_path):
    head, foot = "CÔNG BÁO/Số 12", "Trang {}"
    pages = [
        [head, *_LAW_LINES[:6], foot.format(1)],
        [head, *_LAW_LINES[6:], foot.format(2)],
        [head, "Điều 3. Hiệu lực", "Luật này có hiệu lực từ ngày 01 tháng 01 năm 2014.", foot.format(3)],
    ]
    draft = read_document(_save(tmp_path, "luat.pdf", pdf(pages)), key="k")
    assert draft.meta.kind is DocumentKind.LAW
    assert draft.meta.title == "Luật Hòa giải ở cơ sở"
    assert draft.meta.effective.isoformat() == "2014-01-01"
    assert [p.locator for p in draft.passages] == ["Điều 1, tr. 1", "Điều 2, tr. 2", "Điều 3, tr. 3"]
    assert "hòa giải ở cơ sở và trách nhiệm" in draft.passages[0].text
    assert not any("CÔNG BÁO" in p.text or "Trang " in p.text for p in draft.passages)


def test_a_pdf_keeps_headings_and_joins_lines_into_paragraphs(tmp_path):
    lines = [
        "#Hướng dẫn trình báo",
        "Khi phát hiện tội phạm, người dân gọi ngay 113 hoặc đến cơ quan công an nơi gần",
        "nhất để trình báo; lời trình báo được giữ bí mật.",
        "Người báo tin được bảo vệ theo quy định.",
    ]
    draft = read_document(_save(tmp_path, "a.pdf", pdf([lines])), key="k")
    assert draft.meta.title == "Hướng dẫn trình báo"
    assert draft.passages[0].locator == "tr. 1"
    assert "nơi gần nhất để trình báo" in draft.passages[0].text


def test_word_numbers_its_articles_itself_and_we_count_along(tmp_path):
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:numFmt w:val="{form}"/><w:lvlText w:val="{label}"/></w:lvl>'
        for depth, (form, label) in enumerate(
            [("decimal", "Điều %1."), ("decimal", "%2."), ("lowerLetter", "%3)")]
        )
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = [
        paragraph("Phạm vi", numbered=(1, 0)),
        paragraph("Quy định về tổ hòa giải.", numbered=(1, 1)),
        paragraph("Gồm thôn;", numbered=(1, 2)),
        paragraph("Gồm xóm.", numbered=(1, 2)),
        paragraph("Chính phủ quy định chi tiết.", numbered=(1, 1)),
        paragraph("Nguyên tắc", numbered=(1, 0)),
        paragraph("Tự nguyện.", numbered=(1, 1)),
    ]
    draft = read_document(_save(tmp_path, "a.docx", docx(*body, numbering=numbering)), key="k")
    assert draft.meta.kind is DocumentKind.LAW
    assert [p.anchor for p in draft.passages] == ["dieu-1", "dieu-2"]
    assert draft.passages[0].text.split("\n") == [
        "1. Quy định về tổ hòa giải.",
        "a) Gồm thôn;",
        "b) Gồm xóm.",
        "2. Chính phủ quy định chi tiết.",
    ]
    assert draft.passages[1].text == "1. Tự nguyện."


def test_a_docx_keeps_headings_and_table_rows(tmp_path):
    body = [
        paragraph("Kế hoạch ra quân", style="H1"),
        paragraph("Phân công", style="H2"),
        table([["Việc", "Người"], ["Tuần tra", "Tổ 1"], ["Phát tờ rơi", "Tổ 2"]]),
        paragraph("Thời gian", style="H2"),
        paragraph("Từ 19 giờ ngày 5/12."),
    ]
    draft = read_document(_save(tmp_path, "a.docx", docx(*body)), key="k")
    assert draft.meta.title == "Kế hoạch ra quân"
    assert [p.locator for p in draft.passages] == ["Phân công", "Thời gian"]
    assert draft.passages[0].text == "Việc | Người\nTuần tra | Tổ 1\nPhát tờ rơi | Tổ 2"


def test_html_gives_the_article_with_headings_and_tables(tmp_path):
    prose = (
        "Công an xã hướng dẫn bà con trình báo khi mất xe, mất trâu bò hoặc bị lừa qua mạng, không mất phí. "
        * 3
    )
    page = f"""<!doctype html><html><head><title>Cổng xã</title>
    <meta property="article:published_time" content="2026-02-10T08:00:00+07:00"></head><body>
    <nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/l">Liên hệ</a></li></ul></nav>
    <article><h1>Hướng dẫn trình báo mất xe</h1><p>{prose}</p><h2>Giấy tờ cần mang</h2><p>{prose}</p>
    <table><tr><th>Giấy</th><th>Bản</th></tr><tr><td>Căn cước</td><td>gốc</td></tr></table></article>
    <script>alert("x")</script><div style="display: none">Nộp phí 200.000 đồng vào tài khoản này ngay.</div>
    <footer>© 2026 Bản quyền thuộc về xã. Tổng truy cập: 9</footer></body></html>"""
    draft = read_document(_save(tmp_path, "a.html", page), key="k")
    whole = "\n".join(p.text for p in draft.passages)
    assert draft.meta.title == "Hướng dẫn trình báo mất xe"
    assert draft.meta.issued.isoformat() == "2026-02-10"
    assert "Giấy tờ cần mang" in {p.locator for p in draft.passages}
    assert "Căn cước | gốc" in whole
    assert not any(word in whole for word in ("Trang chủ", "alert", "200.000", "Tổng truy cập"))


_LEAD = "Ủy ban nhân dân phường tiếp công dân vào sáng thứ năm hằng tuần tại trụ sở, mời bà con tới. " * 2
_BREAKS = "<p>Bộ phận một cửa xin báo.<br>Điện thoại: 0221 3 000 001<br/>Từ 7 giờ 30</p>"
_NESTED = (
    "<ol><li>Tờ khai theo mẫu</li><li>Giấy tờ kèm theo:<ul><li>Giấy khai sinh</li><li>Ảnh 3x4</li></ul></li>"
    "<li><div>Gọi 0221 3 000 002</div><div>Hỏi 0221 3 000 003</div></li></ol>"
)
_CELLS = "<table><tr><td>Một<br>cửa</td><td><div>114</div><div>115</div></td></tr></table>"


@pytest.mark.parametrize("lead", [_LEAD, ""], ids=["by trafilatura", "by our own walk"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (_BREAKS, ["Bộ phận một cửa xin báo.", "Điện thoại: 0221 3 000 001", "Từ 7 giờ 30"]),
        (_NESTED, ["Tờ khai theo mẫu", "Giấy tờ kèm theo:", "Giấy khai sinh", "Ảnh 3x4"]),
        (_NESTED, ["Gọi 0221 3 000 002", "Hỏi 0221 3 000 003"]),
        (_CELLS, ["Một cửa | 114 115"]),
    ],
)
def test_lines_of_a_page_stay_lines_and_nothing_grows_together(tmp_path, lead, body, expected):
    around = f"<p>{lead}</p>{body}<p>{lead or 'Mời bà con tới trụ sở phường hỏi thêm.'}</p>"
    page = f"<html><body><article><h1>Lịch<br>tiếp dân</h1>{around}</article></body></html>"
    draft = read_document(_save(tmp_path, "a.html", page), key="k")
    lines = [line.removeprefix("- ") for p in draft.passages for line in p.text.split("\n")]
    assert draft.meta.title == "Lịch tiếp dân"
    assert [line for line in lines if line in expected] == expected


def test_a_legal_text_with_breaks_for_lines_is_cut_by_its_articles(tmp_path):
    law = (
        "Điều 1. Phạm vi<br>1. Quy chế này quy định về việc tiếp công dân tại trụ sở phường.<br>2. Quy chế "
        "áp dụng cho cán bộ, công chức phường và người dân.<br>Điều 2. Thời gian<br>1. Sáng thứ năm."
    )
    page = f"<html><body><article><h1>Quy chế tiếp công dân</h1><div>{law}</div></article></body></html>"
    draft = read_document(_save(tmp_path, "a.html", page), key="k")
    assert [p.locator for p in draft.passages] == ["Điều 1", "Điều 2"]


def test_markdown_keeps_headings_and_front_matter(tmp_path):
    source = (
        "---\ntitle: Kế hoạch 138\naudience: member\nso_hieu: 12/KH-UBND\nngay_ban_hanh: 05/12/2026\n"
        "het_hieu_luc: 2027-12-31\nlayout: trang\n---\n# Kế hoạch 138\n\n## Mục "
        "tiêu\n\n**Giảm** 10% số vụ.\n\n"
        "## Phân công\n\n| Việc | Người |\n|---|---|\n| Tuần tra | Tổ 1 |\n"
    )
    draft = read_document(_save(tmp_path, "a.md", source), key="hop/a.md")
    meta = draft.meta
    assert (meta.title, meta.audience, meta.number) == ("Kế hoạch 138", Audience.MEMBER, "12/KH-UBND")
    assert (meta.issued.isoformat(), meta.expires.isoformat()) == ("2026-12-05", "2027-12-31")
    assert [(p.anchor, p.text) for p in draft.passages] == [
        ("muc-tieu-1", "Giảm 10% số vụ."),
        ("phan-cong-1", "Việc | Người\nTuần tra | Tổ 1"),
    ]


def test_a_sidecar_wins_over_front_matter_and_changes_the_hash(tmp_path):
    path = _save(tmp_path, "a.md", "---\naudience: public\narea: Xã A\n---\nTổ hòa giải họp hằng tháng.\n")
    before = read_document(path, key="k")
    _save(tmp_path, "a.md.meta.json", json.dumps({"audience": "officer", "topic": "hoa-giai"}))
    after = read_document(path, key="k")
    assert (after.meta.audience, after.meta.area, after.meta.topic) == (Audience.OFFICER, "Xã A", "hoa-giai")
    assert before.content_hash != after.content_hash


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ("audiance: member", "audiance"),
        ("audience: everybody", "audience"),
        ("audience:", "audience"),
        ("effective: hôm qua", "effective"),
        ("issued: 31/02/2025", "issued"),
        ("url: javascript:alert(1)", "url"),
        ("title: [1, 2]", "title"),
        ("title: 'mở ngoặc", "YAML"),
        ("a: &x [1]\nb: [*x, *x]", "YAML"),
    ],
)
def test_metadata_that_does_not_fit_is_refused_by_field(tmp_path, fields, field):
    path = _save(tmp_path, "a.md", f"---\n{fields}\n---\nTổ hòa giải họp hằng tháng.\n")
    with pytest.raises(BadMetadata) as caught:
        read_document(path, key="k")
    assert caught.value.fields["field"] == field


def test_a_news_page_saved_as_text_becomes_a_document_with_its_figures(tmp_path):
    prose = (
        "Sáu tháng đầu năm, người dân cung cấp 18.160 tin, hòa giải 1.343 vụ mâu thuẫn trong "
        "nội bộ nhân dân. "
    ) * 2
    page = (
        f"Vận động toàn dân bảo vệ an ninh (16:00 11/08/2025)\n\n{prose}\n\n{prose}Hết "
        "bài.\n\nHoàng Ngân\n\nCác bài đã đăng :\nHọ tên:(*)"
    )
    draft = read_document(_save(tmp_path, "001_abc.txt", page), key="k")
    assert (draft.meta.title, draft.meta.author) == ("Vận động toàn dân bảo vệ an ninh", "Hoàng Ngân")
    assert draft.meta.issued.isoformat() == "2025-08-11"
    assert "18.160 tin" in draft.passages[0].text
    assert not any("Họ tên" in p.text for p in draft.passages)


def test_long_news_repeats_one_sentence_between_passages_and_a_headed_text_none(tmp_path):
    news = "\n\n".join(
        f"Câu mở đoạn {n}. " + "Chữ nối chữ trong đoạn này. " * 30 + f"Câu kết đoạn {n}." for n in range(4)
    )
    passages = read_document(_save(tmp_path, "a.txt", "Tin trong xã\n\n" + news), key="k").passages
    assert passages[1].text.startswith("Câu kết đoạn 0.\n")
    headed = "\n\n".join(f"## Mục {n}\n\n" + "Chữ nối chữ trong đoạn này. " * 80 for n in range(2))
    passages = read_document(_save(tmp_path, "b.md", headed), key="k").passages
    assert sum(p.text.count("Chữ nối") for p in passages) == 160
