"""Small XLSX, PPTX and OpenDocument files, made by hand."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PR = "http://schemas.openxmlformats.org/package/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_CT = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "application/vnd.openxmlformats-package.relationships+xml"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PPTX = "application/vnd.openxmlformats-officedocument.presentationml"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
# Styles 0…3: as typed, a day, a number in groups of three, a share.
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_S}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="3"/><xf numFmtId="10"/></cellXfs></styleSheet>'
)

Cell = str | int | float | tuple[float, int]


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    merged: Mapping[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
    hidden_rows: Mapping[str, Sequence[int]] | None = None,
    extra: Mapping[str, bytes] | None = None,
) -> bytes:
    """A workbook; a cell is a text, a number, or a number with its style (see _STYLES)."""
    files: dict[str, str | bytes] = {"xl/styles.xml": _STYLES}
    entries, relations, types = [], [], []
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        gone = (hidden_rows or {}).get(name, ())
        files[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows, (merged or {}).get(name, ()), gone)
        state = ' state="hidden"' if name in hidden else ""
        entries.append(f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>')
        relations.append(_relation(f"rId{number}", f"{_R}/worksheet", f"worksheets/sheet{number}.xml"))
        types.append((f"/xl/worksheets/sheet{number}.xml", f"{_XLSX}.worksheet+xml"))
    relations.append(_relation("rId900", f"{_R}/styles", "styles.xml"))
    types += [("/xl/workbook.xml", f"{_XLSX}.sheet.main+xml"), ("/xl/styles.xml", f"{_XLSX}.styles+xml")]
    files["xl/workbook.xml"] = (
        f'{_HEAD}<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets>{"".join(entries)}</sheets></workbook>'
    )
    files["xl/_rels/workbook.xml.rels"] = _relations(relations)
    return _package(files, "xl/workbook.xml", types, extra)


def _sheet(rows: Sequence[Sequence[Cell]], merged: Sequence[str], hidden: Sequence[int]) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{chr(65 + column)}{number}", value) for column, value in enumerate(row))
        gone = ' hidden="1"' if number in hidden else ""
        lines.append(f'<row r="{number}"{gone}>{cells}</row>')
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    joined = f'<mergeCells count="{len(merged)}">{areas}</mergeCells>' if merged else ""
    return f'{_HEAD}<worksheet xmlns="{_S}"><sheetData>{"".join(lines)}</sheetData>{joined}</worksheet>'


def _cell(place: str, value: Cell) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""
    number, style = value if isinstance(value, tuple) else (value, 0)
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def pptx(
    slides: Sequence[tuple[str, Sequence[str]]], *, hidden: Sequence[int] = (), notes: str = ""
) -> bytes:
    """A presentation; a slide is its title and its lines, numbered from 1."""
    files: dict[str, str | bytes] = {}
    entries, relations, types = [], [], []
    for number, (title, lines) in enumerate(slides, start=1):
        show = ' show="0"' if number in hidden else ""
        shapes = _shape(1, "title", [title]) + _shape(2, "body", lines)
        files[f"ppt/slides/slide{number}.xml"] = (
            f'{_HEAD}<p:sld xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}"{show}><p:cSld><p:spTree>'
            '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
            f"{shapes}</p:spTree></p:cSld></p:sld>"
        )
        entries.append(f'<p:sldId id="{255 + number}" r:id="rId{number}"/>')
        relations.append(_relation(f"rId{number}", f"{_R}/slide", f"slides/slide{number}.xml"))
        types.append((f"/ppt/slides/slide{number}.xml", f"{_PPTX}.slide+xml"))
    types.append(("/ppt/presentation.xml", f"{_PPTX}.presentation.main+xml"))
    files["ppt/presentation.xml"] = (
        f'{_HEAD}<p:presentation xmlns:p="{_P}" xmlns:r="{_R}"><p:sldIdLst>{"".join(entries)}</p:sldIdLst>'
        '<p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>'
    )
    files["ppt/_rels/presentation.xml.rels"] = _relations(relations)
    if notes:
        files["ppt/notesSlides/notesSlide1.xml"] = (
            f'{_HEAD}<p:notes xmlns:p="{_P}" xmlns:a="{_A}">{_shape(1, "body", [notes])}</p:notes>'
        )
    return _package(files, "ppt/presentation.xml", types, None)


def _shape(number: int, kind: str, lines: Sequence[str]) -> str:
    words = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in lines)
    top = 500_000 if kind == "title" else 2_000_000
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number + 1}" name="{kind}"/><p:cNvSpPr/><p:nvPr><p:ph type="{kind}"/>'
        f'</p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="500000" y="{top}"/><a:ext cx="8000000" cy="1400000"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f"<p:txBody><a:bodyPr/><a:lstStyle/>{words}</p:txBody></p:sp>"
    )


def opendocument(
    kind: str, body: str, *, styles: str = "", extra: Mapping[str, bytes] | None = None
) -> bytes:
    """An ODT, ODS or ODP; *body* is what stands inside `office:text` and its like."""
    media, element = {
        "odt": ("text", "text"),
        "ods": ("spreadsheet", "spreadsheet"),
        "odp": ("presentation", "presentation"),
    }[kind]
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
            ("presentation", "presentation"),
            ("style", "style"),
        )
    )
    content = (
        f"{_HEAD}<office:document-content {spaces}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{element}>{body}</office:{element}></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{media}")
        archive.writestr("content.xml", content)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def zipped(entries: Mapping[str, bytes]) -> bytes:
    """A zip folder of *entries*."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def _relation(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'


def _relations(entries: Sequence[str]) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PR}">{"".join(entries)}</Relationships>'


def _package(
    files: Mapping[str, str | bytes],
    main: str,
    types: Sequence[tuple[str, str]],
    extra: Mapping[str, bytes] | None,
) -> bytes:
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in types)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{_CT}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="{_RELS}"/>'
            f"{overrides}</Types>",
        )
        archive.writestr("_rels/.rels", _relations([_relation("rId1", f"{_R}/officeDocument", main)]))
        for name, data in {**files, **(extra or {})}.items():
            archive.writestr(name, data)
    return out.getvalue()
