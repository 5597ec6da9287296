"""
Word, Excel and PowerPoint (OOXML): a new archive with the parts a reader needs, under names of ours.

Parts are reached from the main one along relations we know; whatever is not reached stays behind: properties,
thumbnails, macros, embedded objects, custom XML, printers, people, older revisions. Not removed: the words.
"""

from __future__ import annotations

import io
import posixpath
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass, field

from lxml import etree

from tips.attachments.images import redraw
from tips.attachments.limits import ENTRIES_LIMIT, UNPACK_RATIO_LIMIT, UNPACKED_LIMIT, Reason
from tips.attachments.office_xml import parsed, scrubbed
from tips.errors import FileRefused

_OOXML = "application/vnd.openxmlformats-officedocument."
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
# Relation -> name of the part it leads to; {n} counts. Relations that are not here lead nowhere.
_PARTS = {
    **{
        name: f"{name}.xml"
        for name in ("styles", "settings", "fontTable", "numbering", "footnotes", "endnotes")
    },
    **{name: f"{name}.xml" for name in ("sharedStrings", "tableStyles")},
    **{name: f"{name}{{n}}.xml" for name in ("header", "footer", "comments")},
    **{name: f"{name}s/{name}{{n}}.xml" for name in ("slide", "slideLayout", "slideMaster", "notesSlide")},
    **{name: f"{name}s/{name}{{n}}.xml" for name in ("notesMaster", "chart", "table", "drawing")},
    **{name: f"diagrams/{name}{{n}}.xml" for name in ("diagramData", "diagramLayout", "diagramColors")},
    "diagramQuickStyle": "diagrams/diagramQuickStyle{n}.xml",
    "theme": "theme/theme{n}.xml",
    "worksheet": "worksheets/sheet{n}.xml",
    "vmlDrawing": "drawings/vmlDrawing{n}.vml",
    "image": "media/image{n}",
}
_MAIN = {
    "word": ("document.xml", "wordprocessingml.document"),
    "xl": ("workbook.xml", "spreadsheetml.sheet"),
    "ppt": ("presentation.xml", "presentationml.presentation"),
}
_FOLDERS = {"wordprocessingml": "word", "ms-word": "word", "spreadsheetml": "xl", "ms-excel": "xl"}
_FOLDERS |= {"presentationml": "ppt", "ms-powerpoint": "ppt"}
_KNOWN_TYPE = re.compile(re.escape(_OOXML) + r"[A-Za-z.+-]{1,80}")
_ADDRESSES = ("http://", "https://", "mailto:", "tel:")
_IMAGES = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png"), "GIF": ("gif", "image/gif")}
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_SMALL = 1_000_000  # bytes: a small entry of spaces may shrink as it likes
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class _Part:
    name: str  # where it goes
    media_type: str
    content: bytes = b""
    relations: list[tuple[str, str, str]] = field(default_factory=list)  # id, type, part's name or address


def clean_office(content: bytes) -> tuple[str, bytes]:
    """
    The document in *content* in a new archive: its media type and bytes. A document with macros loses them.

    Raises:
        FileRefused: Encrypted, damaged, a bomb, or an archive of another kind.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _measure(archive)
            return _Rewriting(archive).result()
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        EOFError,
        NotImplementedError,
        etree.LxmlError,
    ):
        raise FileRefused(reason=Reason.BROKEN) from None


def _measure(archive: zipfile.ZipFile) -> None:
    """Looks at the directory before anything is unpacked."""
    entries = archive.infolist()
    if len(entries) > ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise FileRefused(reason=Reason.UNPACKS_TOO_LARGE)
    for entry in entries:
        if entry.file_size > max(_SMALL, entry.compress_size * UNPACK_RATIO_LIMIT):
            raise FileRefused(reason=Reason.UNPACKS_TOO_LARGE)
        if entry.flag_bits & 1:
            raise FileRefused(reason=Reason.ENCRYPTED)
        steps = entry.filename.split("/")
        if ".." in steps or "\\" in entry.filename or entry.filename.startswith("/"):
            raise FileRefused(reason=Reason.BROKEN)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise FileRefused(reason=Reason.BROKEN)
    if len({entry.filename for entry in entries}) < len(entries):
        raise FileRefused(reason=Reason.BROKEN)  # readers would disagree on which one is meant


class _Rewriting:
    """Follows the relations of one archive and gathers what goes on."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        types = parsed(archive.read("[Content_Types].xml"))
        self._by_part = {one.get("PartName", "").lower(): one.get("ContentType", "") for one in types}
        self._by_ending = {one.get("Extension", "").lower(): one.get("ContentType", "") for one in types}
        self._parts: dict[str, _Part] = {}  # by where it came from
        self._counts: dict[str, int] = {}
        self._folder = ""

    def result(self) -> tuple[str, bytes]:
        mains = [
            target
            for _, kind, target, is_inside in self._relations("")
            if kind == "officeDocument" and is_inside
        ]
        main = mains[0] if mains else ""
        family = re.split(r"[./]", self._type_of(main).removeprefix(_OOXML).removeprefix("application/vnd."))[
            0
        ]
        if family not in _FOLDERS:
            raise FileRefused(reason=Reason.UNKNOWN_KIND)
        self._folder = _FOLDERS[family]
        name, media_type = _MAIN[self._folder]
        part = _Part(f"{self._folder}/{name}", f"{_OOXML}{media_type}.main+xml")
        self._parts[main.lower()] = part
        waiting = [(main, part)]
        while waiting:
            source, part = waiting.pop(0)
            waiting += self._take(source, part)
        return _OOXML + media_type, self._packed(part_of_main=self._parts[main.lower()])

    def _take(self, source: str, part: _Part) -> list[tuple[str, _Part]]:
        """Cleans the XML part that came from *source*; the XML parts that it, and nobody before, leads to."""
        found: list[tuple[str, _Part]] = []
        ids: dict[str, str] = {}
        for old_id, kind, target, is_inside in self._relations(source):
            if not is_inside:
                if kind == "hyperlink" and target.lower().startswith(_ADDRESSES):
                    ids[old_id] = f"rId{len(ids) + 1}"
                    part.relations.append((ids[old_id], kind, target))
                continue
            known = self._parts.get(target.lower())
            if known is None:
                known = self._new(kind, target)
                if known is None:
                    continue
                self._parts[target.lower()] = known
                if kind != "image":
                    found.append((target, known))
            ids[old_id] = f"rId{len(ids) + 1}"
            part.relations.append((ids[old_id], kind, known.name))
        part.content = scrubbed(self._read(source), ids)
        return found

    def _new(self, kind: str, target: str) -> _Part | None:
        """The part that *kind* leads to, named anew; None if it is not taken along."""
        if kind not in _PARTS or target.lower() not in self._names:
            return None
        if kind == "comments" and self._folder == "ppt":
            return None  # they would need their authors
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        name = f"{self._folder}/{_PARTS[kind].format(n=count)}"
        if kind == "image":
            try:
                form, content = redraw(self._read(target))
                ending, media_type = _IMAGES[form]
            except (FileRefused, KeyError):
                return None  # drawings in EMF or WMF, whose headers talk, are not taken along
            return _Part(f"{name}.{ending}", media_type, content)
        media_type = self._type_of(target)
        return _Part(name, media_type) if _KNOWN_TYPE.fullmatch(media_type) else None

    def _read(self, name: str) -> bytes:
        return self._archive.read(self._names[name.lower()])

    def _type_of(self, name: str) -> str:
        ending = posixpath.splitext(name)[1].removeprefix(".").lower()
        told: str = self._by_part.get(f"/{name.lower()}") or self._by_ending.get(ending, "")
        return told

    def _relations(self, source: str) -> list[tuple[str, str, str, bool]]:
        """Of the part *source*, "" being the package: id, end of its type, target, whether that is inside."""
        folder, name = posixpath.split(source)
        path = posixpath.join(folder, "_rels", f"{name}.rels").lower()
        if path not in self._names:
            return []
        relations = []
        for one in parsed(self._read(path)):
            target = one.get("Target", "")
            is_inside = one.get("TargetMode", "Internal") == "Internal"
            if is_inside:
                target = posixpath.normpath(
                    posixpath.join("/", folder, _ESCAPED.sub(_letter, target))
                ).lstrip("/")
            relations.append((one.get("Id", ""), one.get("Type", "").rpartition("/")[2], target, is_inside))
        return relations

    def _packed(self, part_of_main: _Part) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, "[Content_Types].xml", _types_xml(self._parts.values()))
            _write(archive, "_rels/.rels", _relations_xml([("rId1", "officeDocument", part_of_main.name)]))
            for part in self._parts.values():
                _write(archive, part.name, part.content)
                if part.relations:
                    folder, name = posixpath.split(part.name)
                    _write(archive, f"{folder}/_rels/{name}.rels", _relations_xml(part.relations))
        return out.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _letter(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def _types_xml(parts: object) -> bytes:
    root = etree.Element("Types", xmlns=_PACKAGE + "content-types")
    etree.SubElement(
        root,
        "Default",
        Extension="rels",
        ContentType="application/vnd.openxmlformats-package.relationships+xml",
    )
    for part in parts:  # type: ignore[attr-defined]
        etree.SubElement(root, "Override", PartName=f"/{part.name}", ContentType=part.media_type)
    return _bytes(root)


def _relations_xml(relations: list[tuple[str, str, str]]) -> bytes:
    root = etree.Element("Relationships", xmlns=_PACKAGE + "relationships")
    for new_id, kind, target in relations:
        one = etree.SubElement(root, "Relationship", Id=new_id, Type=_RELATION + kind)
        is_address = kind == "hyperlink"
        one.set("Target", target if is_address else f"/{target}")
        if is_address:
            one.set("TargetMode", "External")
    return _bytes(root)


def _bytes(root: object) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
