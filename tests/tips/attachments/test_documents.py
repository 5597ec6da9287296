from __future__ import annotations

import io
import re
import zipfile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from tests.tips.attachments import documents, pictures
from tests.tips.attachments.documents import SAID
from tests.tips.attachments.judge import CANARY, words_left
from tips.attachments.jpeg import bare_jpeg, bare_jpeg2000
from tips.attachments.office import clean_office
from tips.attachments.pdf import clean_pdf
from tips.attachments.worker import answer


def _parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("docx", "word/document.xml"),
        ("docm", "word/document.xml"),
        ("xlsx", "xl/worksheets/sheet1.xml"),
        ("pptx", "ppt/slides/slide1.xml"),
    ],
)
def test_an_office_document_keeps_its_words(kind, part):
    assert SAID.encode() in _parts(clean_office(documents.DOCUMENTS[kind]())[1])[part]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_every_relation_of_a_cleaned_document_leads_to_a_part_with_a_type(kind):
    parts = _parts(clean_office(documents.DOCUMENTS[kind]())[1])
    typed = set(re.findall(r'PartName="/([^"]+)"', parts["[Content_Types].xml"].decode()))
    told = {name: part.decode() for name, part in parts.items() if name.endswith(".rels")}

    led_to = {target for one in told.values() for target in re.findall(r'Target="/([^"]+)"', one)}
    assert led_to == typed == set(parts) - set(told) - {"[Content_Types].xml"}
    for name, one in told.items():
        source = name.replace("_rels/", "").removesuffix(".rels")
        ids = set(re.findall(r' Id="([^"]+)"', one))
        assert not source or set(re.findall(r' r:\w+="([^"]+)"', parts[source].decode())) <= ids


def test_a_word_document_keeps_what_was_changed_and_said_but_not_by_whom():
    parts = _parts(clean_office(documents.docx())[1])

    assert "thêm".encode() in parts["word/document.xml"]
    assert "xem lại".encode() in parts["word/comments1.xml"]
    assert b'w:author=""' in parts["word/document.xml"]
    assert b"lui" in parts["word/document.xml"]
    assert {name for name in parts if "media" in name} == {"word/media/image1.jpg"}


def test_a_link_to_the_web_stays_and_one_to_a_folder_of_the_author_goes():
    links = _parts(clean_office(documents.docx())[1])["word/_rels/document.xml.rels"]

    assert b"https://lua-dao.example/" in links
    assert b"file:" not in links


def test_macros_stay_behind_and_the_document_says_it_has_none():
    parts = _parts(clean_office(documents.docx(macros=True))[1])

    assert not [name for name in parts if name.endswith(".bin")]
    assert b"macroEnabled" not in parts["[Content_Types].xml"]


@pytest.mark.parametrize(
    ("entry", "content", "reason"),
    [
        ("word/../../evil.xml", b"x", "broken"),
        ("/etc/passwd", b"x", "broken"),
        ("word/big.xml", b" " * 3_000_000, "unpacks_too_large"),
        ("word/document.xml", b"<x/>", "broken"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_made_to_harm_is_refused(entry, content, reason):
    assert answer(documents.with_entry(entry, content))[1] == reason


def test_an_archive_of_thousands_of_entries_is_refused():
    out = io.BytesIO(documents.docx())
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(2_000):
            archive.writestr(f"x/{number}", b"")

    assert answer(out.getvalue())[1] == "unpacks_too_large"


def test_a_link_inside_an_archive_is_refused():
    out = io.BytesIO(documents.docx())
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("word/link.xml")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")

    assert answer(out.getvalue())[1] == "broken"


@pytest.mark.parametrize(
    "evil",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document/>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        "<w:document>",
    ],
)
def test_xml_that_defines_or_breaks_is_refused(evil):
    parts = {
        "word/document.xml": (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            evil,
        )
    }
    made = documents.package("", "word/document.xml", parts, {})

    assert answer(made)[1] == "broken"


def test_a_pdf_keeps_its_page_its_picture_and_its_note():
    with pikepdf.open(io.BytesIO(clean_pdf(documents.pdf()))) as pdf:
        page = pdf.pages[0]
        assert b"(Ma tuy)" in page.obj.Contents.read_bytes()
        assert pikepdf.PdfImage(page.obj.Resources.XObject.P).as_pil_image().size == pictures.UPRIGHT
        assert [str(note.Contents) for note in page.obj.Annots] == [SAID]
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert set(pdf.trailer.keys()) & {"/Info", "/Prev", "/Encrypt"} == set()


def test_a_pdf_that_asks_for_a_password_is_refused():
    assert answer(documents.pdf(encrypt="mat khau"))[1] == "encrypted"


def test_a_pdf_locked_against_printing_only_is_cleaned():
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(documents.pdf())) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="", owner="chu"))

    cleaned = clean_pdf(locked.getvalue())

    assert words_left(cleaned) == []
    with pikepdf.open(io.BytesIO(cleaned)) as pdf:
        assert not pdf.is_encrypted
        assert pikepdf.PdfImage(pdf.pages[0].obj.Resources.XObject.P).as_pil_image().size == pictures.UPRIGHT


def test_links_of_a_pdf_to_the_web_stay_and_those_that_act_go():
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    actions = [
        Dictionary(S=Name.URI, URI=String("https://lua-dao.example/")),
        Dictionary(S=Name.Launch, F=String(f"C:\\{CANARY}.exe")),
        Dictionary(S=Name.URI, URI=String(f"file:///C:/{CANARY}")),
    ]
    box = Array([0, 0, 9, 9])
    page.obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=one) for one in actions]
    )
    out = io.BytesIO()
    pdf.save(out)

    with pikepdf.open(io.BytesIO(clean_pdf(out.getvalue()))) as cleaned:
        left = [note.get("/A") for note in cleaned.pages[0].obj.Annots]
    assert str(left[0].URI) == "https://lua-dao.example/"
    assert left[1:] == [None, None]


def test_a_picture_cut_bare_decodes_to_the_same_pixels():
    photo = Image.merge("RGB", [Image.effect_noise((90, 70), 90) for _ in range(3)])
    for options in ({}, {"progressive": True}, {"subsampling": 0, "restart_marker_rows": 1}):
        out = io.BytesIO()
        photo.save(out, "JPEG", exif=pictures.exif(), comment=CANARY.encode(), **options)
        bare = bare_jpeg(out.getvalue() + CANARY.encode())

        assert words_left(bare) == []
        assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(out).tobytes()


def test_jpeg_2000_keeps_its_pixels_and_loses_its_boxes_and_comments():
    out = io.BytesIO()
    pictures.drawing().save(out, "JPEG2000", comment=CANARY)
    talking = out.getvalue() + (8 + len(CANARY)).to_bytes(4, "big") + b"xml " + CANARY.encode()
    assert words_left(talking)

    bare = bare_jpeg2000(talking)

    assert words_left(bare) == []
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(out).tobytes()
