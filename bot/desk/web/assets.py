"""The desk's own style sheet, script and templates, read once; names carry a digest of the content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from markupsafe import Markup

_PACKAGE: Final = resources.files("bot.desk.web")
_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_HASH_LENGTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file as it is sent; `name` changes whenever `content` does."""

    name: str
    content: bytes
    media_type: str

    @property
    def path(self) -> str:
        """Where a page finds it."""
        return f"/desk/static/{self.name}"


@cache
def assets() -> dict[str, Asset]:
    """Every static file, by its plain name such as `desk.css`."""
    found: dict[str, Asset] = {}
    for file in sorted((_PACKAGE / "static").iterdir(), key=lambda entry: entry.name):
        stem, _, ending = file.name.rpartition(".")
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]
        found[file.name] = Asset(name=f"{stem}.{digest}.{ending}", content=content, media_type=_TYPES[ending])
    return found


def asset_named(name: str) -> Asset | None:
    """The file served under *name*, or None."""
    return next((asset for asset in assets().values() if asset.name == name), None)


@cache
def template(name: str) -> Markup:
    """The template *name*; its `format` escapes every plain string that is put in."""
    return Markup((_PACKAGE / "templates" / name).read_text(encoding="utf-8"))  # noqa: S704  our own file
