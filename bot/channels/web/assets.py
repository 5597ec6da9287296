"""A page's own files, read once, named by their content so that a phone fetches each one once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

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


class Assets:
    """The folder `static` of *package*, served under *prefix*, and its folder `templates`."""

    def __init__(self, package: str, prefix: str) -> None:
        self._package: Traversable = resources.files(package)
        self._prefix = prefix
        self._templates: dict[str, Markup] = {}

    @cached_property
    def files(self) -> dict[str, Asset]:
        """Every static file, by its plain name such as `app.css`."""
        found: dict[str, Asset] = {}
        for file in sorted((self._package / "static").iterdir(), key=lambda entry: entry.name):
            stem, _, ending = file.name.rpartition(".")
            content = file.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]
            path = f"{self._prefix}/{stem}.{digest}.{ending}"
            found[file.name] = Asset(path=path, content=content, media_type=_TYPES[ending])
        return found

    def at(self, path: str) -> Asset | None:
        """The file served at *path*, or None."""
        return next((asset for asset in self.files.values() if asset.path == path), None)

    def template(self, name: str) -> Markup:
        """The template *name*; its `format` escapes every plain string that is put in."""
        if name not in self._templates:
            source = (self._package / "templates" / name).read_text(encoding="utf-8")
            self._templates[name] = Markup(source)  # noqa: S704 - our own file
        return self._templates[name]


CHAT: Final = Assets("bot.channels.web", "/static")
