"""The page's own files, read once, named by their content so that a phone fetches each one once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from markupsafe import Markup

_PACKAGE: Final = resources.files("bot.channels.web")
_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_HASH_LENGTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file as it is sent; `path` changes whenever `content` does."""

    path: str
    content: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Every static file, by its plain name such as `app.css`."""
    found: dict[str, Asset] = {}
    for file in sorted((_PACKAGE / "static").iterdir(), key=lambda entry: entry.name):
        stem, _, ending = file.name.rpartition(".")
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]
        path = f"/static/{stem}.{digest}.{ending}"
        found[file.name] = Asset(path=path, content=content, media_type=_TYPES[ending])
    return found


def asset_at(path: str) -> Asset | None:
    """The file served at *path*, or None."""
    return next((asset for asset in assets().values() if asset.path == path), None)


@cache
def template(name: str) -> Markup:
    """The template *name*; its `format` escapes every plain string that is put in."""
    return Markup((_PACKAGE / "templates" / name).read_text(encoding="utf-8"))  # noqa: S704  our own file
