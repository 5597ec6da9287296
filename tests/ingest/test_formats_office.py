"""Sheets, slides and OpenDocument: their structure, and places that a person finds again."""

from __future__ import annotations

from ingest.document import read_document
from tests.ingest.builders import docx, paragraph
from tests.ingest.office_builders import opendocument, pptx, xlsx

_ROWS = [
    ["SỔ THEO DÕI TIN BÁO NĂM 2026"],
    ["TT", "Thôn", "Số tin", "Ngày nhận", "Tỷ lệ"],
    *([n, f"Thôn {n}", (1000 + n, 2), (46204 + n, 1), (n / 200, 3)] for n in range(1, 61)),
]


def _read(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return read_document(path, key="k")


def _whole(draft):
    return "\n".join(passage.text for passage in draft.passages)


def test_a_workbook_gives_rows_under_their_header_with_sheet_and_rows_as_place(tmp_path):
    draft = _read(tmp_path, "so.xlsx", xlsx({"Tháng 6": _ROWS, "Tháng 7": _ROWS[:5]}))
    header = "TT | Thôn | Số tin | Ngày nhận | Tỷ lệ"
    tables = [passage for passage in draft.passages if "|" in passage.text]
    assert len(tables) > 2
    assert all(header in passage.text for passage in tables)
    assert "1 | Thôn 1 | 1.001 | 02/07/2026 | 0,5%" in tables[0].text
    assert tables[0].locator.startswith(
        "Tháng 6 › SỔ THEO DÕI TIN BÁO NĂM 2026, trang tính ‘Tháng 6’, dòng 3–"
    )
    assert draft.passages[-1].locator.endswith("trang tính ‘Tháng 7’, dòng 2–5")


def test_the_rows_a_locator_names_are_the_rows_of_the_sheet(tmp_path):
    draft = _read(tmp_path, "so.xlsx", xlsx({"Tháng 6": _ROWS}))
    assert draft.meta.title == "SỔ THEO DÕI TIN BÁO NĂM 2026"
    for passage in draft.passages:
        first, last = map(int, passage.locator.rpartition("dòng ")[2].split("–"))
        numbers = [int(line.split(" | ")[0]) for line in passage.text.split("\n")[1:]]
        assert numbers == list(range(first - 2, last - 1))  # a title and a header stand above row 3


def test_a_header_of_two_rows_becomes_one_and_merged_cells_hold_for_all_they_cover(tmp_path):
    rows = [
        ["Thôn", "Vụ việc", "", "Ghi chú"],
        ["", "Tháng 6", "Tháng 7", ""],
        ["Thôn 1", 3, 4, "đã hòa giải"],
        ["Thôn 2", 5, 6, ""],
    ]
    merged = {"Bảng": ["A1:A2", "B1:C1", "D1:D2", "D3:D4"]}
    text = _whole(_read(tmp_path, "b.xlsx", xlsx({"Bảng": rows}, merged=merged)))
    assert text.split("\n") == [
        "Thôn | Vụ việc – Tháng 6 | Vụ việc – Tháng 7 | Ghi chú",
        "Thôn 1 | 3 | 4 | đã hòa giải",
        "Thôn 2 | 5 | 6 | đã hòa giải",
    ]


def test_hidden_sheets_and_rows_stay_hidden_and_it_is_said(tmp_path):
    rows = [["Tên", "Số"], ["Tổ 1", 1], ["Riêng tư", 2]]
    data = xlsx(
        {"Công khai": rows, "Nháp": [["Bí mật", "x"]]}, hidden=["Nháp"], hidden_rows={"Công khai": [3]}
    )
    draft = _read(tmp_path, "a.xlsx", data)
    assert not any(word in _whole(draft) for word in ("Bí mật", "Riêng tư"))
    assert draft.repairs == ("hidden_parts",)


def test_macros_are_never_run_and_it_is_said(tmp_path):
    book = xlsx({"A": [["Tên", "Số"], ["Tổ 1", 1]]}, extra={"xl/vbaProject.bin": b"x"})
    paper = docx(paragraph("Kế hoạch tuần tra đêm."), extra={"word/vbaProject.bin": b"x"})
    assert _read(tmp_path, "a.xlsm", book).repairs == ("macros_left_out",)
    assert _read(tmp_path, "b.docm", paper).repairs == ("macros_left_out",)


def test_old_letters_in_cells_are_decided_over_the_whole_workbook(tmp_path):
    rows = [["TT", "Hä vµ tªn", "§Þa chØ"], [1, "NguyÔn V¨n An", "Tæ 3, ph­êng T©n Hoµ"]]
    draft = _read(tmp_path, "a.xlsx", xlsx({"A": rows}))
    assert _whole(draft) == "TT | Họ và tên | Địa chỉ\n1 | Nguyễn Văn An | Tổ 3, phường Tân Hoà"
    assert draft.repairs == ("old_letters",)


def test_slides_keep_order_and_title_and_say_their_number(tmp_path):
    slides = [
        ("Phòng chống lừa đảo", ["Không đọc mã OTP cho ai.", "Gọi 113 khi cần."]),
        ("Nháp", ["Chưa xong."]),
        ("Nơi báo tin", ["Công an xã, trực 24/24 giờ."]),
    ]
    draft = _read(tmp_path, "a.pptx", pptx(slides, hidden=[2], notes="Ghi chú riêng của người nói"))
    assert [passage.locator for passage in draft.passages] == [
        "Phòng chống lừa đảo, trang chiếu 1",
        "Nơi báo tin, trang chiếu 3",
    ]
    assert draft.passages[0].text == "Không đọc mã OTP cho ai.\nGọi 113 khi cần."
    assert "Chưa xong" not in _whole(draft)
    assert "Ghi chú riêng" not in _whole(draft)
    assert "hidden_parts" in draft.repairs


def test_an_odt_keeps_headings_lists_tables_and_notes(tmp_path):
    body = (
        '<text:h text:outline-level="1">Quy ước thôn</text:h>'
        '<text:h text:outline-level="2">Nếp sống</text:h>'
        "<text:p>Giữ yên tĩnh<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Sau 22 giờ.</text:p></text:note-body></text:note> ban đêm.</text:p>"
        "<text:list><text:list-item><text:p>Không đốt rác.</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Việc</text:p></table:table-cell>"
        "<table:table-cell><text:p>Người</text:p></table:table-cell></table:table-row><table:table-row>"
        "<table:table-cell><text:p>Tuần tra</text:p></table:table-cell>"
        "<table:table-cell><text:p>Tổ 1</text:p></table:table-cell></table:table-row></table:table>"
        "<text:tracked-changes><text:p>Đã xóa.</text:p></text:tracked-changes>"
    )
    draft = _read(tmp_path, "a.odt", opendocument("odt", body))
    assert draft.meta.title == "Quy ước thôn"
    assert draft.passages[0].locator == "Nếp sống"
    assert draft.passages[0].text.split("\n") == [
        "Giữ yên tĩnh [1] ban đêm.",
        "- Không đốt rác.",
        "Việc | Người",
        "Tuần tra | Tổ 1",
        "[1] Sau 22 giờ.",
    ]


_NUMBER = (
    '<text:list-level-style-number text:level="{}" style:num-prefix="{}" style:num-format="{}"'
    ' style:num-suffix="{}"{}/>'
)


def _list(*items, **said):
    attributes = "".join(f' text:{name.replace("_", "-")}="{value}"' for name, value in said.items())
    inside = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
    return f"<text:list{attributes}>{inside}</text:list>"


def _p(words):
    return f"<text:p>{words}</text:p>"


def test_an_odt_numbers_its_articles_itself_and_we_count_along(tmp_path):
    levels = (("Điều ", "1", "."), ("", "1", "."), ("", "a", ")"))
    styles = "".join(_NUMBER.format(depth, *level, "") for depth, level in enumerate(levels, 1))
    body = (
        _p("QUY CHẾ"),
        _p("TIẾP CÔNG DÂN"),
        _list(
            _p("Phạm vi")
            + _list(_p("Tiếp dân.") + _list(_p("Ở phường;"), _p("Ở xã.")), _p("Cho mọi người.")),
            _p("Thời gian"),
            style_name="L",
        ),
        _p("Theo lịch của phường."),
        _list(_p("Thi hành") + _list(_p("Từ ngày ký.")), style_name="L", continue_numbering="true"),
    )
    style = f'<text:list-style style:name="L">{styles}</text:list-style>'
    made = opendocument("odt", "".join(body), styles=style)
    draft = _read(tmp_path, "a.odt", made)
    assert [passage.locator for passage in draft.passages] == ["Điều 1", "Điều 2", "Điều 3"]
    assert draft.passages[0].text.split("\n") == [
        "1. Tiếp dân.",
        "a) Ở phường;",
        "b) Ở xã.",
        "2. Cho mọi người.",
    ]
    assert draft.passages[2].text == "1. Từ ngày ký."


def test_an_odt_counts_from_where_it_is_told_and_shows_more_levels_than_one(tmp_path):
    styles = _NUMBER.format(1, "", "I", ".", ' text:start-value="3"')
    styles += _NUMBER.format(2, "", "1", "", ' text:display-levels="2"')
    inner = _list(_p("Họp tổ hòa giải."), _p("Ghi biên bản họp."))
    items = _list(_p("Việc của tổ") + inner, _p("Việc của phường"), _list(_p("Trả kết quả.")), style_name="L")
    style = f'<text:list-style style:name="L">{styles}</text:list-style>'
    level = '<text:outline-level-style text:level="2" style:num-format="1" style:num-suffix="."/>'
    body = f'<text:h text:outline-level="2">Phần việc</text:h>{items}{_list(_p("Không có kiểu."))}'
    made = opendocument("odt", body, styles=f"{style}<text:outline-style>{level}</text:outline-style>")
    draft = _read(tmp_path, "a.odt", made)
    assert draft.passages[0].text.split("\n") == [
        "III. Việc của tổ",
        "III.1 Họp tổ hòa giải.",
        "III.2 Ghi biên bản họp.",
        "IV. Việc của phường",
        "IV.1 Trả kết quả.",
        "- Không có kiểu.",
    ]
    assert draft.meta.title == "1. Phần việc"


def test_ods_and_odp_are_read_like_their_cousins(tmp_path):
    row = "<table:table-row>{}</table:table-row>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = "".join(
        row.format("".join(map(cell.format, cells))) for cells in (("Thôn", "Vụ"), ("Thôn 1", "3"))
    )
    hidden = (
        '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    book = (
        f'<table:table table:name="Tháng 6">{rows}</table:table><table:table table:name="Nháp"'
        f' table:style-name="h">{rows.replace("Thôn 1", "Bí mật")}</table:table>'
    )
    draft = _read(tmp_path, "a.ods", opendocument("ods", book, styles=hidden))
    assert draft.passages[0].text == "Thôn | Vụ\nThôn 1 | 3"
    assert draft.passages[0].locator == "trang tính ‘Tháng 6’, dòng 1–2"
    assert draft.repairs == ("hidden_parts",)
    frame = (
        '<draw:frame presentation:class="{}"><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>'
    )
    shapes = frame.format("title", "Báo tin") + frame.format("outline", "Gọi 113.")
    page = f'<draw:page draw:name="1">{shapes}</draw:page>'
    draft = _read(tmp_path, "a.odp", opendocument("odp", page + page.replace("Báo tin", "Hòa giải")))
    assert [passage.locator for passage in draft.passages] == [
        "Báo tin, trang chiếu 1",
        "Hòa giải, trang chiếu 2",
    ]


def test_merged_cells_of_word_hold_for_all_they_cover(tmp_path):
    def cell(words, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(words)}</w:tc>"

    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        cell("Đơn vị") + cell("Số vụ", '<w:gridSpan w:val="2"/>'),
        cell("Thôn 1", start) + cell("3") + cell("hòa giải"),
        cell("", on) + cell("4") + cell("tố giác"),
        cell("Thôn 2") + cell("5") + cell("hòa giải"),
    )
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert _whole(_read(tmp_path, "a.docx", docx(body))).split("\n") == [
        "Đơn vị | Số vụ | Số vụ",
        "Thôn 1 | 3 | hòa giải",
        "Thôn 1 | 4 | tố giác",
        "Thôn 2 | 5 | hòa giải",
    ]


def test_footnotes_of_word_keep_their_numbers(tmp_path):
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        '<w:p><w:r><w:t>Tổ hòa giải có ba người</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><w:t> trở lên.</w:t></w:r></w:p>"
    )
    notes = (
        f'<w:footnotes {space}><w:footnote w:type="separator" w:id="0"/>'
        f'<w:footnote w:id="2">{paragraph("Có ít nhất một nữ.")}</w:footnote></w:footnotes>'
    )
    draft = _read(tmp_path, "a.docx", docx(body, extra={"word/footnotes.xml": notes.encode()}))
    assert _whole(draft) == "Tổ hòa giải có ba người [1] trở lên.\n[1] Có ít nhất một nữ."
