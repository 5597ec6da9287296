"""PDF and Office documents with something planted wherever a program or its user may write."""

from __future__ import annotations

import io
import zipfile

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.tips.attachments import pictures
from tests.tips.attachments.judge import CANARY

SAID = "Nhà số 5 bán ma túy"  # the words that must stay

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OOXML = "application/vnd.openxmlformats-officedocument"

_CORE = f"""<cp:coreProperties
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{CANARY}-CORE</dc:creator>
<cp:lastModifiedBy>{CANARY}-LAST</cp:lastModifiedBy></cp:coreProperties>"""
_APP = f"""<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">
<Company>{CANARY}-COMPANY</Company><Template>{CANARY}.dotm</Template></Properties>"""
_CUSTOM = f"""<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">
<property name="{CANARY}-CUSTOM"/></Properties>"""

_PICTURE = f"""<w:drawing><wp:inline
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">
 <wp:extent cx="9525" cy="9525"/><wp:docPr id="7" name="{CANARY}-NAME" descr="C:\\Users\\{CANARY}\\a.jpg"/>
 <a:graphic {_A}><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
 <pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr>
 <pic:cNvPr id="7" name="{CANARY}-IMG.jpg" title="{CANARY}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>
 <a:blip r:embed="rImage{CANARY}"><a:extLst><a:ext uri="{CANARY}"/></a:extLst></a:blip></pic:blipFill>
 <pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"""
_WORD = f"""<?xml version="1.0"?><!-- {CANARY} --><w:document {_W} {_R} {_MC} {_W14}
 mc:Ignorable="w14"><w:body>
<w:p w:rsidR="00CANA17" w:rsidRDefault="{CANARY}" w14:paraId="{CANARY}"><w:r><w:t>{SAID}</w:t></w:r>
<w:ins w:id="1" w:author="{CANARY}-INS" w:date="2026-11-22T10:00:00Z"><w:r><w:t>thêm</w:t></w:r></w:ins>
<w:del w:id="2" w:author="{CANARY}-DEL" w:date="2026-11-22T10:00:00Z"><w:r><w:delText>x</w:delText></w:r>
</w:del>
<w:r><w:commentReference w:id="3"/></w:r><w:r>{_PICTURE}</w:r>
<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> INCLUDEPICTURE "C:\\{CANARY}\\a.png" </w:instrText></w:r>
<w:fldSimple w:instr="FILENAME \\p {CANARY}"><w:r><w:t>tệp</w:t></w:r></w:fldSimple>
<w:hyperlink r:id="rWeb"><w:r><w:t>trang</w:t></w:r></w:hyperlink>
<w:hyperlink r:id="rFolder"><w:r><w:t>thư mục</w:t></w:r></w:hyperlink>
<w:permStart w:id="9" w:ed="{CANARY}@example.org"/>
<w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" r:id="rOle"/></w:object>
<mc:AlternateContent><mc:Choice Requires="w14"><w:r><w:t>{CANARY}-CHOICE</w:t></w:r></mc:Choice>
<mc:Fallback><w:r><w:t>lui</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p></w:body></w:document>"""
_SETTINGS = f"""<w:settings {_W} {_R}><w:attachedTemplate r:id="rTemplate"/>
<w:rsids><w:rsid w:val="{CANARY}"/></w:rsids>
<w:docVars><w:docVar w:name="{CANARY}" w:val="x"/></w:docVars><w:zoom w:percent="100"/></w:settings>"""
_COMMENTS = f"""<w:comments {_W}><w:comment w:id="3" w:author="{CANARY}-COMMENT" w:initials="{CANARY}"
 w:date="2026-11-22T10:00:00Z"><w:p><w:r><w:t>xem lại</w:t></w:r></w:p></w:comment></w:comments>"""
_W15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
_PEOPLE = f'<w15:people {_W15}><w15:person author="{CANARY}"/></w15:people>'


def pdf(*, encrypt: str = "") -> bytes:
    """Info, XMP, script, attached file, note with author, form, thumbnail, photo with EXIF, an old object."""
    document = pikepdf.new()
    photo = document.make_stream(
        pictures.jpeg(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=48,
        Height=64,
        BitsPerComponent=8,
        ColorSpace=Array([Name.ICCBased, document.make_stream(f"{CANARY}-ICC".encode(), N=3)]),
        Filter=Name.DCTDecode,
        Metadata=document.make_stream(f"{CANARY}-IMAGEXMP".encode()),
    )
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=Array([0, 0, 9, 9]),
        Contents=String(SAID),
        T=String(f"{CANARY}-NOTE"),
        NM=String(f"{CANARY}-NM"),
        M=String("D:20261122100000"),
    )
    attached = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]))
    attached.Contents = String(f"{CANARY}-FILENOTE")
    script = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{CANARY}-JS')"))
    page = document.add_blank_page(page_size=(200, 200))
    page.obj.Contents = document.make_stream(
        b"BT /F1 12 Tf 20 100 Td (Ma tuy) Tj ET q 48 0 0 64 9 9 cm /P Do Q"
    )
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(XObject=Dictionary(P=photo), Font=Dictionary(F1=font))
    page.obj.Annots = Array([note, attached])
    page.obj.AA = Dictionary(O=script)
    page.obj.PieceInfo = Dictionary(App=Dictionary(Private=String(f"{CANARY}-PIECE")))
    page.obj.Thumb = document.make_stream(f"{CANARY}-THUMB".encode())
    document.Root.OpenAction = script
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String(f"{CANARY}-XFA"))
    document.attachments[f"{CANARY}.txt"] = f"{CANARY}-ATTACHED".encode()
    document.docinfo["/Author"] = String(f"{CANARY}-ẢNH")
    with document.open_metadata() as xmp:
        xmp["dc:creator"] = [f"{CANARY}-XMP"]
    out = io.BytesIO()
    lock = pikepdf.Encryption(user=encrypt, owner="chu") if encrypt else False
    document.save(out, encryption=lock)
    return out.getvalue() + f"999 0 obj <</Author ({CANARY}-OLD)>> endobj\n".encode()


def package(
    main_type: str, main: str, parts: dict[str, tuple[str, str | bytes]], relations: dict[str, str]
) -> bytes:
    """
    An Office archive.

    Args:
        main_type: Content type of the main part.
        main: Its name.
        parts: Name -> content type and content; the main part among them.
        relations: Name of a `.rels` -> its Relationship elements.
    """
    told = {
        **parts,
        "docProps/core.xml": ("application/vnd.openxmlformats-package.core-properties+xml", _CORE),
    }
    told["docProps/app.xml"] = (f"{_OOXML}.extended-properties+xml", _APP)
    told["docProps/custom.xml"] = (f"{_OOXML}.custom-properties+xml", _CUSTOM)
    told["docProps/thumbnail.jpeg"] = ("image/jpeg", pictures.jpeg())
    told["customXml/item1.xml"] = ("application/xml", f"<x>{CANARY}-CUSTOMXML</x>")
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, (kind, _) in told.items()
    )
    types = types.replace('ContentType=""', f'ContentType="{main_type}"')
    links = {"_rels/.rels": related("officeDocument", main) + related("customXml", "customXml/item1.xml")}
    links["_rels/.rels"] += related("thumbnail", "docProps/thumbnail.jpeg")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = f"{CANARY}-ZIP".encode()
        namespace = "http://schemas.openxmlformats.org/package/2006"
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{namespace}/content-types">{types}</Types>')
        for name, elements in (links | relations).items():
            root = f'<Relationships xmlns="{namespace}/relationships">{elements}</Relationships>'
            archive.writestr(name, root)
        for name, (_, content) in told.items():
            archive.writestr(name, content)
    return out.getvalue()


def related(kind: str, target: str, name: str = "", *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{name or "r" + kind}" Type="{_RELATION}/{kind}" Target="{target}"{mode}/>'


def docx(*, macros: bool = False) -> bytes:
    """Every part of Word that names somebody, and a photo straight from a phone."""
    word = f"{_OOXML}.wordprocessingml"
    main = "application/vnd.ms-word.document.macroEnabled.main+xml" if macros else f"{word}.document.main+xml"
    parts: dict[str, tuple[str, str | bytes]] = {
        "word/document.xml": (main, _WORD),
        "word/settings.xml": (f"{word}.settings+xml", _SETTINGS),
        "word/comments.xml": (f"{word}.comments+xml", _COMMENTS),
        "word/people.xml": (f"{word}.people+xml", _PEOPLE),
        f"word/media/{CANARY}.jpg": ("image/jpeg", pictures.jpeg()),
        "word/embeddings/ole.bin": (f"{_OOXML}.oleObject", f"{CANARY}-OLE".encode()),
        "word/vbaProject.bin": ("application/vnd.ms-office.vbaProject", f"{CANARY}-VBA".encode()),
    }
    links = related("settings", "settings.xml") + related("comments", "comments.xml")
    links += related("people", "people.xml") + related("image", f"media/{CANARY}.jpg", f"rImage{CANARY}")
    links += related("oleObject", "embeddings/ole.bin", "rOle") + related("vbaProject", "vbaProject.bin")
    links += related("hyperlink", "https://lua-dao.example/", "rWeb", outside=True)
    links += related("hyperlink", f"file:///C:/Users/{CANARY}/", "rFolder", outside=True)
    template = related("attachedTemplate", f"file:///C:/{CANARY}.dotm", "rTemplate", outside=True)
    return package(
        main,
        "word/document.xml",
        parts,
        {"word/_rels/document.xml.rels": links, "word/_rels/settings.xml.rels": template},
    )


def xlsx() -> bytes:
    """A folder of the author's, who shares it, printers, another workbook, comments."""
    sheet = f"{_OOXML}.spreadsheetml"
    newer = "http://schemas.microsoft.com/office/spreadsheetml/2010/11"
    book = f"""<workbook {_X} {_R} {_MC} xmlns:x15="{newer}/main" mc:Ignorable="x15">
     <fileSharing userName="{CANARY}-SHARE"/><mc:AlternateContent><mc:Choice Requires="x15">
     <x15ac:absPath xmlns:x15ac="{newer}/ac" url="C:\\{CANARY}\\"/>
     </mc:Choice></mc:AlternateContent><sheets><sheet name="So" sheetId="1" r:id="rSheet"/></sheets>
     <externalReferences><externalReference r:id="rOther"/></externalReferences></workbook>"""
    page = f"""<worksheet {_X} {_R}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{SAID}</t></is></c>
     <c r="B1"><f>[1]{CANARY}!A1</f><v>7</v></c></row></sheetData><pageSetup r:id="rPrinter"/></worksheet>"""
    comments = f"""<comments {_X}><authors><author>{CANARY}-AUTHOR</author></authors><commentList>
     <comment ref="A1" authorId="0"><text><t>xem</t></text></comment></commentList></comments>"""
    parts: dict[str, tuple[str, str | bytes]] = {
        "xl/workbook.xml": (f"{sheet}.sheet.main+xml", book),
        "xl/worksheets/sheet1.xml": (f"{sheet}.worksheet+xml", page),
        "xl/comments1.xml": (f"{sheet}.comments+xml", comments),
        "xl/printerSettings/p.bin": (f"{sheet}.printerSettings", f"{CANARY}-PRINTER".encode("utf-16-le")),
        "xl/externalLinks/e.xml": (f"{sheet}.externalLink+xml", f"<x>{CANARY}-EXTERNAL</x>"),
    }
    relations = {
        "xl/_rels/workbook.xml.rels": related("worksheet", "worksheets/sheet1.xml", "rSheet")
        + related("externalLink", "externalLinks/e.xml", "rOther"),
        "xl/worksheets/_rels/sheet1.xml.rels": related("comments", "../comments1.xml")
        + related("printerSettings", "../printerSettings/p.bin", "rPrinter"),
    }
    return package(f"{sheet}.sheet.main+xml", "xl/workbook.xml", parts, relations)


def pptx() -> bytes:
    """A slide with tags, an id of its copy, a comment and its author."""
    show = f"{_OOXML}.presentationml"
    main = f"""<p:presentation {_P} {_R}><p:sldIdLst><p:sldId id="256" r:id="rSlide"/></p:sldIdLst>
     <p:custDataLst><p:tags r:id="rTags"/></p:custDataLst>
     <p:modifyVerifier hashData="{CANARY}"/></p:presentation>"""
    slide = f"""<p:sld {_P} {_A} {_R}><p:cSld><p:spTree><p:sp><p:nvSpPr><p:cNvPr id="2" name="{CANARY}-SHAPE"
     descr="{CANARY}"/></p:nvSpPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>{SAID}</a:t></a:r></a:p></p:txBody></p:sp>
     </p:spTree><p:extLst><p:ext uri="{CANARY}"/></p:extLst></p:cSld></p:sld>"""
    parts: dict[str, tuple[str, str | bytes]] = {
        "ppt/presentation.xml": (f"{show}.presentation.main+xml", main),
        "ppt/slides/slide1.xml": (f"{show}.slide+xml", slide),
        "ppt/commentAuthors.xml": (f"{show}.commentAuthors+xml", f'<x n="{CANARY}"/>'),
        "ppt/comments/comment1.xml": (f"{show}.comments+xml", f"<x>{CANARY}</x>"),
        "ppt/tags/tag1.xml": (f"{show}.tags+xml", f"<x>{CANARY}</x>"),
    }
    relations = {
        "ppt/_rels/presentation.xml.rels": related("slide", "slides/slide1.xml", "rSlide")
        + related("commentAuthors", "commentAuthors.xml")
        + related("tags", "tags/tag1.xml", "rTags"),
        "ppt/slides/_rels/slide1.xml.rels": related("comments", "../comments/comment1.xml"),
    }
    return package(f"{show}.presentation.main+xml", "ppt/presentation.xml", parts, relations)


def with_entry(name: str, content: bytes, *, of: bytes | None = None) -> bytes:
    """An Office archive with one more entry."""
    out = io.BytesIO(docx() if of is None else of)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


DOCUMENTS = {
    "pdf": pdf,
    "docx": docx,
    "docm": lambda: docx(macros=True),
    "xlsx": xlsx,
    "pptx": pptx,
}
