"""
Errors that may leave `ingest`.

IngestError
├── UnexpectedError    a reader failed in a way that is not its own
├── UnreadableFile     the file system would not give it
├── NotAFile           a pipe, a socket, a device, or a link that is not followed
├── SameName           another file of the folder has this name, typed differently
├── EmptyFile          no bytes, or only white space
├── TooLarge           over a size, page or entry limit, or a bomb
├── UnsupportedKind    a kind of file that is not read
├── WrongExtension     the content is of another kind than the name says
├── BrokenFile         damaged, or not the encoding of any text
├── EntitiesInside     defines entities, by which a file reaches for others
├── EncryptedFile      needs a password
├── GarbledText        letters fell out of their words (a PDF with a broken font)
├── NoText             pages without letters, and nothing in them that could be read
├── UnreadableScan     OCR gave no words, or none that are Vietnamese
├── ToolMissing        a program it takes to read this kind is not installed
├── NoRoom             the disk is full
├── FileChanged        somebody wrote to the file while it was read
├── BadEntry           an entry of a zip folder that is not taken
├── NoContent          only menus and frames, no article
├── TookTooLong        the parser ran past its time
├── BadMetadata        front matter or sidecar: unknown field or bad value
├── StraySidecar       a sidecar of which no document is found
├── UnclearSidecar     a document that one of several sidecars, or one of several documents' own, may mean
├── BadGuide           a guide that breaks the format of guides/
└── HeldForPerson      read, and waits for a person: see `ingest.trust.flags`

`code` names the text `ingest.<code>` in `prompts/`; `fields` fill it. Never a word of a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


class IngestError(Exception):
    """Base of what `ingest` raises."""

    code = "ingest_error"

    def __init__(self, **fields: str) -> None:
        super().__init__(self.code)
        self.fields = fields


class UnexpectedError(IngestError):
    """A reader failed in a way that nobody foresaw. Fields: `reason`, the name of its error."""

    code = "unexpected_error"


class UnreadableFile(IngestError):
    """The file system would not give the file. Fields: `reason`, the name of the system's error."""

    code = "unreadable_file"


class NotAFile(IngestError):
    """No regular file. `fault` becomes the code: not_a_file (pipe, socket, device), or link_not_followed."""

    code = "not_a_file"

    def __init__(self, fault: str = "not_a_file") -> None:
        self.code = fault
        super().__init__()


class SameName(IngestError):
    """Two files of a folder have one name as people read it, such as one typed on a Mac and one elsewhere."""

    code = "same_name"


class EmptyFile(IngestError):
    """No bytes, or only white space."""

    code = "empty_file"


class TooLarge(IngestError):
    """Over a limit. `what`: file, unpacked, ratio, entries, pages, text or memory; `limit` with its unit."""

    code = "too_large"

    def __init__(self, *, what: str, limit: str) -> None:
        self.code = f"too_large_{what}"
        super().__init__(what=what, limit=limit)


class UnsupportedKind(IngestError):
    """A kind of file that is not read. Fields: `kind`, an extension or the kind seen in the content."""

    code = "unsupported_kind"


class WrongExtension(IngestError):
    """The content is of another kind than the name says. Fields: `extension`, `kind`."""

    code = "wrong_extension"


class BrokenFile(IngestError):
    """Damaged, truncated, or not the encoding of any text. Fields: `kind`."""

    code = "broken_file"


class EntitiesInside(IngestError):
    """An office file whose XML defines entities, the way to other files and to bombs. No program does."""

    code = "entities_inside"


class EncryptedFile(IngestError):
    """Opens only with a password. Fields: `kind`."""

    code = "encrypted_file"


class GarbledText(IngestError):
    """Letters fell out of their words, as from a PDF with a broken font."""

    code = "garbled_text"


class NoText(IngestError):
    """Pages without letters, and nothing in them that could be read. Fields: `pages`."""

    code = "no_text"


class UnreadableScan(IngestError):
    """OCR gave too few words, or too few that can be Vietnamese. Fields: `pages`."""

    code = "unreadable_scan"


class ToolMissing(IngestError):
    """A program it takes to read this kind is not installed. `tool`: libreoffice or tesseract."""

    code = "tool_missing"

    def __init__(self, *, tool: str, kind: str = "") -> None:
        self.code = f"missing_{tool}"
        super().__init__(tool=tool, kind=kind)


class NoRoom(IngestError):
    """The disk, or the folder for temporary files, is full."""

    code = "no_room"


class FileChanged(IngestError):
    """Somebody wrote to the file while it was read: what was read may be half of each."""

    code = "file_changed"


class BadEntry(IngestError):
    """
    An entry of a zip folder that is not taken. Fields: `name`, cut short and without control characters.

    `fault` becomes the code `entry_<fault>`: nested (a zip in a zip), link, outside (a path that leads out).
    """

    code = "entry_nested"

    def __init__(self, fault: str, *, name: str) -> None:
        self.code = f"entry_{fault}"
        super().__init__(name=shown(name))


class NoContent(IngestError):
    """Only menus and frames, no article."""

    code = "no_content"


class TookTooLong(IngestError):
    """The parser ran past its time. Fields: `seconds`."""

    code = "took_too_long"


class BadMetadata(IngestError):
    """Unknown field or bad value in front matter or sidecar. Fields: `field`, `value` (cut short)."""

    code = "bad_metadata"

    def __init__(self, *, field: str, value: object) -> None:
        super().__init__(field=field[:60], value=str(value)[:60])


class StraySidecar(IngestError):
    """A sidecar beside which no one document has its name."""

    code = "sidecar_stray"


class UnclearSidecar(IngestError):
    """A document that sidecars may mean, though none is surely its own. Fields: `names`, `example`."""

    code = "sidecar_unclear"

    def __init__(self, document: str, sidecars: Collection[str]) -> None:
        super().__init__(names=", ".join(map(shown, sidecars)), example=f"{shown(document)}.meta.yaml")


class BadGuide(IngestError):
    """
    A guide breaks the format. Fields: `file`, `line`, `where` (a field or an anchor), `detail`.

    `fault` becomes the code: `guide_<fault>`.
    """

    code = "guide_broken"

    def __init__(self, fault: str, *, file: str, line: int = 1, where: str = "", detail: str = "") -> None:
        self.code = f"guide_{fault}"
        super().__init__(file=file, line=str(line), where=where, detail=detail)

    def __str__(self) -> str:
        """Say where, for whoever writes guides: they are ours, not a user's words."""
        place = f"{self.fields['file']}:{self.fields['line']}"
        return f"{place}: {self.code} {self.fields['where']} {self.fields['detail']}".rstrip()


def shown(name: str, most: int = 120) -> str:
    """*name* as it can be printed, at most *most* characters of it."""
    return "".join(char if char.isprintable() else "?" for char in name)[:most]
