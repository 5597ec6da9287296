"""
The XML of Office parts, read as an application would that knows the standard and nothing newer.

ECMA-376 part 3 lets such an application skip what it does not know and take the fallback of an alternative.
What newer versions add there holds ids of documents, paragraphs and people, and folders of a computer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from tips.attachments.limits import Reason
from tips.errors import FileRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_OFFICE = "urn:schemas-microsoft-com:office:office"
_KNOWN_NAMESPACE = re.compile(
    r"|http://schemas\.openxmlformats\.org/(wordprocessingml|spreadsheetml|presentationml)/2006/main"
    r"|http://schemas\.openxmlformats\.org/drawingml/2006/(main|chart|chartDrawing|diagram|picture|compatibility"
    r"|wordprocessingDrawing|spreadsheetDrawing|lockedCanvas)"
    r"|http://schemas\.openxmlformats\.org/officeDocument/2006/(relationships|math|sharedTypes)"
    r"|http://purl\.oclc\.org/ooxml/[A-Za-z/]+"
    r"|urn:schemas-microsoft-com:(vml|office:(office|word|excel|powerpoint))"
    r"|http://www\.w3\.org/XML/1998/namespace"
)
_RELATION_NAMESPACE = re.compile(
    r"http://(schemas\.openxmlformats|purl\.oclc)\.org/.*officeDocument/.*relationships"
)
_GONE = {
    # Word's settings and what ties a text to a computer, a template, an address list or an editor's rights
    *("rsids", "rsid", "docVars", "attachedTemplate", "mailMerge", "documentProtection", "writeProtection"),
    *(
        "saveThroughXslt",
        "attachedSchema",
        "schemaLibrary",
        "dataBinding",
        "alias",
        "tag",
        "permStart",
        "permEnd",
    ),
    *("nsid", "tmpl", "fldData", "smartTagType", "activeWritingStyle", "proofState", "docPartUnique"),
    *("smartTagPr", "customXmlPr", "printerSettings", "embedRegular", "embedBold", "embedItalic"),
    *("embedBoldItalic", "altChunk", "subDoc", "control", "movie", "glossaryDocument"),
    # Excel
    *("fileSharing", "fileVersion", "fileRecoveryPr", "customWorkbookViews", "customSheetViews", "scenarios"),
    *("workbookProtection", "sheetProtection", "protectedRanges", "externalReferences", "pivotCaches"),
    *(
        "webPublishing",
        "webPublishItems",
        "oleObjects",
        "controls",
        "queryTableParts",
        "smartTags",
        "oleSize",
    ),
    *("printSettings", "pivotSource"),
    # PowerPoint
    *(
        "custDataLst",
        "custShowLst",
        "photoAlbum",
        "modifyVerifier",
        "timing",
        "transition",
        "embeddedFontLst",
    ),
    "extLst",
}
_UNWRAPPED = {"customXml", "smartTag"}
_SILENT_ATTRIBUTES = {
    "date",
    "initials",
    "userName",
    "descr",
    "title",
    "alt",
    "codeName",
    "uid",
    "src",
    "href",
}
_FRAMES = {"docPr", "cNvPr"}  # `name` is the file name of a picture
_WITHOUT_ATTRIBUTE = {"hyperlink", "pageSetup"}  # stay when what they point at does not
_FIELDS = re.compile(
    r"\s*\\?\s*(PAGE|NUMPAGES|SECTIONPAGES|REF|PAGEREF|NOTEREF|TOC|TC|SEQ|STYLEREF|SYMBOL|=|EQ|FORM)"
)
_LINK_FIELD = re.compile(
    r'\s*HYPERLINK\s+("?(https?:|mailto:|tel:)[^"\\]*"?|\\l\s+"?[^"\\:/]*"?)\s*(\\[a-z]\s*("[^"\\:/]*")?\s*)*'
)
_OUTSIDE = re.compile(r"\[\d+\]")  # a formula that reads another workbook


def parsed(content: bytes) -> Any:
    """
    The root of *content*. No entity is expanded, nothing outside is read.

    Raises:
        FileRefused: Not XML, or with a document type, which Office never writes.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise FileRefused(reason=Reason.BROKEN) from None
    if root.getroottree().docinfo.doctype:
        raise FileRefused(reason=Reason.BROKEN)
    return root


def scrubbed(content: bytes, ids: Mapping[str, str]) -> bytes:
    """
    The part *content* without what talks about people, computers and copies.

    Args:
        content: XML of one part.
        ids: Old id of each relation that stays -> its new one. Elements that lean on another one go.

    Raises:
        FileRefused: Not XML.
    """
    root = parsed(content)
    if not _is_known(root.tag):
        raise FileRefused(reason=Reason.BROKEN)
    for element in list(root.iter()):
        _resolve(element)
    for element in list(root.iter()):
        _scrub(element, ids)
    etree.cleanup_namespaces(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _is_known(tag: str) -> bool:
    return _KNOWN_NAMESPACE.fullmatch(etree.QName(tag).namespace or "") is not None


def _resolve(element: Any) -> None:
    """An alternative becomes its fallback; an element of a namespace we do not know goes."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tag == f"{{{_MC}}}AlternateContent":
        fallback = element.find(f"{{{_MC}}}Fallback")
        at = parent.index(element)
        for child in reversed(list(fallback) if fallback is not None else []):
            parent.insert(at + 1, child)
        _drop(element)
    elif etree.QName(element).namespace != _MC and not _is_known(element.tag):
        _drop(element)


def _drop(element: Any) -> None:
    """Takes *element* out, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _scrub(element: Any, ids: Mapping[str, str]) -> None:
    name = etree.QName(element).localname
    if name in _GONE or not _is_known(element.tag):
        _drop(element)
        return
    for key in list(element.attrib):
        attribute = etree.QName(key)
        if _is_relation(attribute):
            if not _lead(element, key, name, ids):
                return
        elif _talks(attribute):
            del element.attrib[key]
        elif attribute.localname == "author":
            element.set(key, "")
        elif attribute.localname == "name" and name in _FRAMES:
            element.set(key, element.get("id", "1"))
    _scrub_text(element, name)


def _talks(attribute: Any) -> bool:
    name = attribute.localname
    is_foreign = attribute.namespace is not None and not _KNOWN_NAMESPACE.fullmatch(attribute.namespace)
    return is_foreign or name.startswith("rsid") or name in _SILENT_ATTRIBUTES


def _is_relation(attribute: Any) -> bool:
    if attribute.namespace == _OFFICE:
        return bool(attribute.localname == "relid")
    return bool(attribute.namespace and _RELATION_NAMESPACE.match(attribute.namespace))


def _lead(element: Any, key: str, name: str, ids: Mapping[str, str]) -> bool:
    """Points *element* at its relation's new id. False: that is gone, and the element with it."""
    old = element.get(key)
    if old in ids:
        element.set(key, ids[old])
    elif name in _WITHOUT_ATTRIBUTE or not old:
        del element.attrib[key]
    else:
        _drop(element)
        return False
    return True


def _scrub_text(element: Any, name: str) -> None:
    """What stands in an element's text, or around its children."""
    is_author = name == "author"  # of an Excel comment
    if is_author or (name == "instrText" and not _is_plain_field(element.text or "")):
        element.text = ""
    elif name == "fldSimple":
        for key in [key for key in element.attrib if etree.QName(key).localname == "instr"]:
            if not _is_plain_field(element.get(key)):
                element.set(key, "")
    elif name in {"f", "definedName"} and _OUTSIDE.search(element.text or ""):
        if "/chart" in element.tag:
            element.text = _OUTSIDE.sub("", element.text)
        else:
            _drop(element)
    elif name in _UNWRAPPED and element.getparent() is not None:
        parent, at = element.getparent(), element.getparent().index(element)
        for child in reversed(list(element)):
            parent.insert(at + 1, child)
        _drop(element)


def _is_plain_field(code: str) -> bool:
    """Whether a field's code names no person and no file, as AUTHOR, FILENAME and INCLUDEPICTURE do."""
    return not code.strip() or bool(_FIELDS.match(code) or _LINK_FIELD.fullmatch(code))
