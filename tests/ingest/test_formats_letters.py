"""CSV, letters, saved pages, and the formats before 2007, made by rule from texts written here."""

from __future__ import annotations

import quopri
from email.message import EmailMessage

import pytest

from ingest import libreoffice, walls
from ingest.document import read_document
from ingest.errors import IngestError
from tests.ingest import needs
from tests.ingest.builders import docx, paragraph, table
from tests.ingest.office_builders import pptx, xlsx

_BODY = (
    "Kính gửi các tổ hòa giải. Tuần này tổ họp lúc 19 giờ ngày 05 tháng 12 tại nhà văn hóa thôn.\n"
    "Đề nghị các tổ mang theo sổ ghi vụ việc và danh sách hòa giải viên để đối chiếu."
)


def _read(folder, name, data):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return read_document(path, key="k")


def _whole(draft):
    return "\n".join(passage.text for passage in draft.passages)


def _code(folder, name, data):
    with pytest.raises(IngestError) as caught:
        _read(folder, name, data)
    return caught.value.code


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_csv_of_any_separator_is_a_table_with_rows(tmp_path, separator):
    rows = [["Thôn", "Số vụ", "Ghi chú"], ["Thôn 1", "3", "đã xong"], ["Thôn 2", "5", "còn 1 vụ"]]
    draft = _read(tmp_path, "a.csv", "\r\n".join(separator.join(row) for row in rows))
    assert _whole(draft) == "Thôn | Số vụ | Ghi chú\nThôn 1 | 3 | đã xong\nThôn 2 | 5 | còn 1 vụ"
    assert draft.passages[0].locator == "dòng 1–3"


def test_a_long_csv_repeats_its_header_and_names_the_rows(tmp_path):
    rows = ["Họ tên;Thôn;Việc"] + [
        f'"Hòa giải viên số {n}";Thôn {n % 7};"ghi sổ, họp tổ"' for n in range(2, 90)
    ]
    draft = _read(tmp_path, "a.csv", "\n".join(rows))
    assert len(draft.passages) > 2
    for passage in draft.passages:
        head, *lines = passage.text.split("\n")
        first, last = map(int, passage.locator.removeprefix("dòng ").split("–"))
        assert head == "Họ tên | Thôn | Việc"
        assert [int(line.split(" | ")[0].rpartition(" ")[2]) for line in lines] == [
            n for n in range(first, last + 1) if n > 1
        ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_a_cell_do_not_grow_together(tmp_path, end):
    rows = (
        "Bộ phận,Lịch,Gọi",
        f'Một cửa,"Thứ hai{end}Thứ năm","0221 3 000 001{end}0221 3 000 002"',
        "Đội,Thứ ba,113",
    )
    draft = _read(tmp_path, "a.csv", end.join(rows))
    text = (
        "Bộ phận | Lịch | Gọi\nMột cửa | Thứ hai Thứ năm | 0221 3 000 001 0221 3 000 002\nĐội | Thứ ba | 113"
    )
    assert draft.passages[0].text == text


def test_a_csv_of_old_excel_is_read_in_its_encoding(tmp_path):
    draft = _read(tmp_path, "a.csv", "sep=;\nHọ tên;Thôn\nĐỗ Ngân;Thôn 2\n".encode("utf-16"))
    assert _whole(draft) == "Họ tên | Thôn\nĐỗ Ngân | Thôn 2"


def _letter(**options):
    letter = EmailMessage()
    letter["Subject"] = "Lịch họp tổ hòa giải"
    letter["From"] = "Nguyễn Văn Bình <binh@xa.example>"
    letter["To"] = "nguoi.nhan@xa.example"
    letter["Date"] = "Mon, 30 Nov 2026 08:00:00 +0700"
    letter.set_content(_BODY, **options)
    return letter


def test_a_letter_gives_subject_day_body_and_no_address(tmp_path):
    letter = _letter()
    letter.add_alternative(f"<html><body><p>{_BODY}</p></body></html>", subtype="html")
    letter.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="kem.pdf")
    draft = _read(tmp_path, "a.eml", letter.as_bytes())
    assert draft.meta.title == "Lịch họp tổ hòa giải"
    assert draft.meta.issued.isoformat() == "2026-11-30"
    assert "19 giờ ngày 05 tháng 12" in _whole(draft)
    assert "@" not in _whole(draft) + draft.meta.author
    assert draft.repairs == ("attachments_left_out",)


def test_a_letter_in_quoted_printable_and_a_sealed_one(tmp_path):
    assert "danh sách hòa giải viên" in _whole(
        _read(tmp_path, "a.eml", _letter(cte="quoted-printable").as_bytes())
    )
    head = "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    sealed = f"{head}Content-Type: application/pkcs7-mime\r\n\r\nMIIB"
    assert _code(tmp_path, "b.eml", sealed) == "encrypted_file"


def test_a_saved_page_gives_its_article(tmp_path):
    prose = "Công an xã hướng dẫn bà con trình báo khi mất xe hoặc bị lừa qua mạng, không mất phí. " * 4
    page = f"<html><body><nav>Trang chủ</nav><h1>Trình báo mất xe</h1><p>{prose}</p></body></html>"
    coded = quopri.encodestring(page.encode()).decode("ascii")
    saved = (
        "From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; "
        'boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: '
        f"quoted-printable\r\n\r\n{coded}\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    )
    draft = _read(tmp_path, "a.mhtml", saved)
    assert draft.meta.title == "Trình báo mất xe"
    assert "bị lừa qua mạng" in _whole(draft)
    assert "Trang chủ" not in _whole(draft)


def _rtf(text):
    coded = "".join(char if ord(char) < 128 else f"\\u{ord(char)}?" for char in text)
    return "{\\rtf1\\ansi\\uc1 " + coded.replace("\n", "\\par ") + "}"


@needs.libreoffice
def test_rtf_is_read_also_under_the_name_that_word_gave_it(tmp_path):
    draft = _read(tmp_path, "a.rtf", _rtf(_BODY))
    assert _whole(draft) == _BODY
    assert draft.repairs == ()
    assert _read(tmp_path, "b.doc", _rtf(_BODY)).repairs == ("other_kind",)


def _made(folder, name, data, ending):
    """*data* saved by LibreOffice in the format before 2007."""
    source, target = folder / name, folder / f"old.{ending}"
    source.write_bytes(data)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    walls.run(
        [
            *(
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{'/out' if walls.walls_stand() else out}/p",
            ),
            *("--convert-to", ending, "--outdir", str(out), str(source)),
        ],
        room=walls.Room(reads={str(source): f"/in/{name}"}, writes=str(out)),
        limits=walls.Limits(seconds=120, memory=4_000_000_000, file_bytes=100_000_000, open_files=1_024),
        environment={"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"},  # noqa: S108
    )
    return (out / name).with_suffix(f".{ending}").rename(target)


@needs.libreoffice
def test_old_word_keeps_headings_tables_and_numbers(tmp_path):
    body = [
        paragraph("Kế hoạch tuần tra", style="H1"),
        paragraph("Phân công", style="H2"),
        table([["Việc", "Người"], ["Tuần tra", "Tổ 1"]]),
        paragraph("Thời gian", style="H2"),
        paragraph("Từ 19 giờ ngày 5/12."),
    ]
    draft = read_document(_made(tmp_path, "a.docx", docx(*body), "doc"), key="k")
    assert "Việc | Người\nTuần tra | Tổ 1" in _whole(draft)
    assert "Từ 19 giờ ngày 5/12." in _whole(draft)


@needs.libreoffice
def test_old_excel_and_old_powerpoint_keep_their_places(tmp_path):
    book = xlsx(
        {"Tháng 6": [["Thôn", "Số vụ"], ["Thôn 1", (1343, 2)]], "Tháng 7": [["Thôn", "Số vụ"], ["A", 2]]}
    )
    draft = read_document(_made(tmp_path, "a.xlsx", book, "xls"), key="k")
    assert draft.passages[0].locator == "trang tính ‘Tháng 6’, dòng 1–2"
    assert draft.passages[0].text == "Thôn | Số vụ\nThôn 1 | 1.343"
    slides = pptx([("Báo tin", ["Gọi 113 ngay khi thấy cháy nổ."]), ("Hòa giải", ["Tổ họp mỗi tháng."])])
    draft = read_document(_made(tmp_path, "b.pptx", slides, "ppt"), key="k")
    assert [passage.locator for passage in draft.passages] == [
        "Báo tin, trang chiếu 1",
        "Hòa giải, trang chiếu 2",
    ]


def test_without_libreoffice_the_reason_names_it_and_other_kinds_go_in(tmp_path, monkeypatch):
    monkeypatch.setattr(libreoffice, "can_convert", lambda _: False)
    assert _code(tmp_path, "a.rtf", _rtf(_BODY)) == "missing_libreoffice"
    first, _ = _BODY.split("\n")
    assert _whole(_read(tmp_path, "b.docx", docx(paragraph(first)))) == first


@needs.libreoffice
def test_a_conversion_that_does_not_end_is_stopped_with_all_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(libreoffice, "SECONDS", 0.2)
    assert _code(tmp_path, "a.rtf", _rtf(_BODY)) == "took_too_long"
