"""
What the operator wants kept up to date: folders and pages, in `watched.toml` of the data folder.

A file that a person can read, put into a backup and edit; `binhan sources` writes it, too. What the sites
said last time is no wish of the operator's and lies elsewhere (`web.state`). A field that is not known is an
error: with a misspelt `audience` a members' folder would go to the public.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ingest.document import Defaults
from ingest.errors import BadMetadata
from ingest.names import collection_name
from ingest.watched import WatchedFolder
from ingest.web.errors import BadAddress
from ingest.web.schedule import span_of, written_span
from ingest.web.targets import target_of
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Mapping

LIST_FILE: Final = "watched.toml"
EVERY_S: Final = 86_400
# Of documents added one by one, and of guides: no folder is made of those.
RESERVED: Final = frozenset(("tep", "guide"))
_HEAD: Final = """\
# Những gì Bình An tự cập nhật: thư mục ([[folder]]) và trang ([[page]]). Sửa tay cũng được,
# hoặc dùng lệnh: binhan sources add|list|remove.
# What Bình An keeps up to date by itself. Edit it here, or with: binhan sources add|list|remove.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSource:
    """
    A page or a file on the web, fetched every `every_s` seconds.

    `inside`: its host is one of the own network; `plain`: http without TLS is allowed.
    """

    url: str
    every_s: int = EVERY_S
    audience: Audience = Audience.PUBLIC
    organisation: str = ""
    area: str = ""
    inside: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """All of them, in the order of the file."""

    folders: tuple[WatchedFolder, ...] = ()
    pages: tuple[WebSource, ...] = ()

    def with_page(self, page: WebSource) -> SourceList:
        """The list with *page*, instead of what it has for this address."""
        return replace(self, pages=(*(one for one in self.pages if one.url != page.url), page))

    def with_folder(self, folder: WatchedFolder) -> SourceList:
        """The list with *folder*, instead of what it has for this folder."""
        return replace(self, folders=(*(one for one in self.folders if one.root != folder.root), folder))

    def without(self, named: str) -> SourceList:
        """The list without the page or folder that is *named* by its address, path or collection."""
        return SourceList(
            folders=tuple(one for one in self.folders if named not in {str(one.root), one.collection}),
            pages=tuple(one for one in self.pages if one.url != named),
        )


def read_list(data: Path) -> SourceList:
    """
    What stands in the *data* folder; nothing where there is no list.

    Raises:
        BadMetadata: The file is no TOML, or holds what it should not; `field` says where.
    """
    try:
        text = (data / LIST_FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return SourceList()
    except (OSError, UnicodeDecodeError):
        raise BadMetadata(field=LIST_FILE, value="") from None
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise BadMetadata(field=LIST_FILE, value="") from None
    if unknown := found.keys() - {"folder", "page"}:
        raise BadMetadata(field=f"{LIST_FILE}: {min(unknown)}", value="")
    return SourceList(
        folders=tuple(_folder(row) for row in _rows(found, "folder")),
        pages=tuple(_page(row) for row in _rows(found, "page")),
    )


def write_list(data: Path, wanted: SourceList) -> None:
    """Write *wanted* into the *data* folder, whole or not at all; a person's own remarks in it are lost."""
    lines = [_HEAD]
    for folder in wanted.folders:
        given = folder.defaults
        fields = {"path": str(folder.root), "name": folder.collection, "audience": given.audience.value}
        lines += [
            "[[folder]]",
            *_lines(fields | {"organisation": given.organisation, "area": given.area}),
            "",
        ]
    for page in wanted.pages:
        fields = {"url": page.url, "every": written_span(page.every_s), "audience": page.audience.value}
        fields |= {"organisation": page.organisation, "area": page.area}
        flags = {"inside": page.inside, "plain": page.plain}
        lines += ["[[page]]", *_lines(fields), *(f"{name} = true" for name, on in flags.items() if on), ""]
    data.mkdir(parents=True, exist_ok=True)
    beside = data / f"{LIST_FILE}.new"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines))
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(data / LIST_FILE)


def _lines(fields: Mapping[str, str]) -> list[str]:
    # A JSON string is a TOML string, but for DEL, which JSON leaves as it is.
    return [
        f"{name} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
        for name, value in fields.items()
        if value
    ]


def _rows(found: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = found.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadMetadata(field=f"{LIST_FILE}: {name}", value="")
    return rows


def _folder(row: dict[str, Any]) -> WatchedFolder:
    _check(row, "folder", {"path", "name", "audience", "organisation", "area"}, set())
    path = Path(row.get("path", ""))
    written = row.get("name", path.name)
    name = collection_name(written)
    if not path.is_absolute():
        raise BadMetadata(field=f"{LIST_FILE}: folder.path", value=row.get("path", ""))
    if not name or name in RESERVED:
        raise BadMetadata(field=f"{LIST_FILE}: folder.name", value=written)
    defaults = Defaults(
        audience=_audience(row, "folder"),
        organisation=row.get("organisation", ""),
        area=row.get("area", ""),
    )
    return WatchedFolder(root=path, collection=name, defaults=defaults)


def _page(row: dict[str, Any]) -> WebSource:
    _check(row, "page", {"url", "every", "audience", "organisation", "area"}, {"inside", "plain"})
    every = span_of(row.get("every", written_span(EVERY_S)))
    if every is None:
        raise BadMetadata(field=f"{LIST_FILE}: page.every", value=row["every"])
    inside, plain = bool(row.get("inside")), bool(row.get("plain"))
    try:
        url = target_of(row.get("url", ""), plain=plain, inside=inside).url
    except BadAddress as bad:
        raise BadMetadata(field=f"{LIST_FILE}: page.url", value=bad.fields["url"]) from None
    return WebSource(
        url=url,
        every_s=every,
        audience=_audience(row, "page"),
        organisation=row.get("organisation", ""),
        area=row.get("area", ""),
        inside=inside,
        plain=plain,
    )


def _check(row: Mapping[str, Any], table: str, texts: set[str], flags: set[str]) -> None:
    for name, value in row.items():
        wanted = str if name in texts else bool if name in flags else None
        if wanted is None or not isinstance(value, wanted):
            raise BadMetadata(field=f"{LIST_FILE}: {table}.{name}", value="")


def _audience(row: Mapping[str, Any], table: str) -> Audience:
    try:
        return Audience(row.get("audience", "public"))
    except ValueError:
        raise BadMetadata(field=f"{LIST_FILE}: {table}.audience", value=row["audience"]) from None
