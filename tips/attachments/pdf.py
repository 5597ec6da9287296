"""
PDF: written anew with what is seen on its pages, without who made it, when and with what, and without acts.

Only what hangs on the pages goes on; keys that talk, act or carry files are taken out wherever they stand.
Not removed: what the pages say, fonts as they were embedded, and text hidden under a picture or a black bar.
"""

from __future__ import annotations

import io
from typing import Any, cast

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from tips.attachments.jpeg import bare_jpeg, bare_jpeg2000
from tips.attachments.limits import Reason
from tips.errors import FileRefused

_PAGES_LIMIT = 5_000
_ROOT_KEPT = {"/Type", "/Version", "/Pages", "/PageLabels", "/OCProperties"}
_PAGE_KEPT = {
    *("/Type", "/Parent", "/Kids", "/Count", "/Resources", "/Contents", "/Annots", "/Group", "/UserUnit"),
    *("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate"),
}
_NOTES = {
    *(
        "/Text",
        "/FreeText",
        "/Line",
        "/Square",
        "/Circle",
        "/Polygon",
        "/PolyLine",
        "/Highlight",
        "/Underline",
    ),
    *("/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Link", "/Widget"),
}
_NOTE_KEPT = {
    *("/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/C", "/IC", "/Border", "/BS", "/BE", "/QuadPoints"),
    *("/InkList", "/Vertices", "/L", "/LE", "/Contents", "/DA", "/Q", "/CA", "/Name", "/A"),
}
# Wherever they stand. `/Metadata`: XMP, of a picture too. `/AF`, `/EF`: files inside; `/OPI`, `/Ref`: outside
_TALKING = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/OpenAction", "/JS", "/JavaScript"),
    *("/EmbeddedFiles", "/EmbeddedFile", "/AF", "/EF", "/OPI", "/Ref", "/Measure", "/PtData", "/SpiderInfo"),
    *("/Author", "/Creator", "/Producer", "/Company", "/CreationDate", "/ModDate", "/SourceModified"),
    *("/CreatorInfo", "/Usage", "/Alternates", "/StructParent", "/StructParents", "/ID", "/WebCaptureInfo"),
)
_DEVICE = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_DEPTH = 60


def clean_pdf(content: bytes) -> bytes:
    """
    The pages of *content* in a new PDF without metadata, scripts, attached files, forms or older versions.

    Raises:
        FileRefused: It asks for a password, or cannot be read.
    """
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if not 0 < len(pdf.pages) <= _PAGES_LIMIT:
                raise FileRefused(reason=Reason.BROKEN)
            _keep_pages_only(pdf)
            pages = io.BytesIO()
            pdf.save(pages, fix_metadata_version=False)  # only what hangs on the pages is written
        with pikepdf.open(pages, suppress_warnings=True) as pdf:
            del pdf.trailer["/ID"]
            for thing in pdf.objects:
                _scrub(thing, 0)
            out = io.BytesIO()
            pdf.save(
                out,
                deterministic_id=True,
                fix_metadata_version=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                recompress_flate=True,  # what stands behind the end of a compressed stream stays behind
                stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            )
    except pikepdf.PasswordError:
        raise FileRefused(reason=Reason.ENCRYPTED) from None
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, OSError):
        raise FileRefused(reason=Reason.BROKEN) from None
    return out.getvalue()


def _keep_pages_only(pdf: Pdf) -> None:
    for key in set(pdf.trailer.keys()) - {"/Root", "/Size"}:
        del pdf.trailer[key]
    for key in set(pdf.Root.keys()) - _ROOT_KEPT:
        del pdf.Root[key]
    for page in pdf.pages:
        for key in set(page.obj.keys()) - _PAGE_KEPT:
            del page.obj[key]
        if "/Annots" in page.obj:
            page.obj.Annots = Array([note for note in _array(page.obj.Annots) if _keep_note(note)])


def _array(thing: Object) -> list[Any]:
    return list(cast("Any", thing)) if isinstance(thing, Array) else []


def _keep_note(note: Any) -> bool:
    """Whether the annotation may stay; if so, without author, date, name and field."""
    if not isinstance(note, Dictionary) or str(note.get("/Subtype", "")) not in _NOTES:
        return False
    for key in set(note.keys()) - _NOTE_KEPT:
        del note[key]
    action = note.get("/A")
    if action is not None:
        address = str(action.get("/URI", "")) if isinstance(action, Dictionary) else ""
        if address.lower().startswith(_SCHEMES):
            note.A = Dictionary(S=Name.URI, URI=pikepdf.String(address))
        else:
            del note["/A"]
    return True


def _scrub(thing: Any, depth: int) -> None:
    """Takes talking keys out of *thing* and of what stands directly in it."""
    if depth > _DEPTH:
        raise FileRefused(reason=Reason.BROKEN)
    if isinstance(thing, Stream):
        _scrub_keys(thing.stream_dict, depth)
        _scrub_stream(thing)
    elif isinstance(thing, Dictionary):
        _scrub_keys(thing, depth)
    elif isinstance(thing, Array):
        for index, child in enumerate(list(cast("Any", thing))):
            device = _device_of(child)
            if device is not None:
                thing[index] = device
            elif not getattr(child, "is_indirect", False):
                _scrub(child, depth + 1)


def _scrub_keys(thing: Any, depth: int) -> None:
    for key in _TALKING:
        if key in thing:
            del thing[key]
    for key in list(thing.keys()):
        child = thing[key]
        device = _device_of(child)
        if device is not None:
            thing[key] = device
        elif not getattr(child, "is_indirect", False):
            _scrub(child, depth + 1)


def _device_of(thing: Any) -> Name | None:
    """Instead of a colour profile, which may name a screen and its owner: the plain colours it refines."""
    if not isinstance(thing, Array) or len(thing) != 2 or thing[0] != Name.ICCBased:  # noqa: PLR2004
        return None
    profile = cast("Any", thing[1])
    return _DEVICE.get(int(profile.get("/N", 0))) if isinstance(profile, Stream) else None


def _scrub_stream(stream: Stream) -> None:
    """Pictures in formats of their own bring their own metadata."""
    if "/F" in stream.stream_dict:  # its bytes would come from another file
        raise FileRefused(reason=Reason.BROKEN)
    filters = stream.stream_dict.get("/Filter")
    names = (
        [str(filters)] if isinstance(filters, Name) else [str(one) for one in _array(cast("Any", filters))]
    )
    if not names or names[-1] not in {"/DCTDecode", "/DCT", "/JPXDecode"}:
        return
    parameters = stream.stream_dict.get("/DecodeParms")
    last = _array(cast("Any", parameters))[-1:] if isinstance(parameters, Array) else [parameters]
    raw = (
        stream.read_raw_bytes()
        if len(names) == 1
        else stream.read_bytes(pikepdf.StreamDecodeLevel.generalized)
    )
    bare = bare_jpeg2000(raw) if names[-1] == "/JPXDecode" else bare_jpeg(raw)
    stream.write(bare, filter=Name(names[-1]), decode_parms=cast("Any", last[0] if last else None))
