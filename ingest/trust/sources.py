"""
Whose pages and which telephone lines are known: our list, and the operator's in `<data>/sources.toml`.

A document from elsewhere goes in with a light flag: an unlisted source is no proof of anything.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ingest.errors import BadMetadata
from ingest.trust.flags import Code, Flag
from ingest.trust.rules import rules

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.model import DocumentMeta

OPERATORS_FILE = "sources.toml"
_GROUPS = ("official", "listed", "lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Domains of offices (`official`), of others we know (`listed`), and telephone lines, digits only."""

    official: frozenset[str]
    listed: frozenset[str]
    lines: frozenset[str]
    line_prefixes: tuple[str, ...]

    def is_official(self, host: str) -> bool:
        """Whether *host* is an office's."""
        return _covers(self.official, host)

    def knows(self, host: str) -> bool:
        """Whether *host* is on one of the lists."""
        return self.is_official(host) or _covers(self.listed, host)

    def is_public_line(self, digits: str) -> bool:
        """Whether *digits* is a line for everybody."""
        return digits in self.lines or digits.startswith(self.line_prefixes)


def read_sources(data: Path | None = None) -> Sources:
    """
    Our lists, with what the operator wrote into `sources.toml` of the *data* folder.

    Raises:
        BadMetadata: The operator's file is no TOML, or holds what it should not.
    """
    own: dict[str, Any] = {}
    if data is not None and (file := data / OPERATORS_FILE).is_file():
        try:
            own = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            raise BadMetadata(field=OPERATORS_FILE, value="") from None
    for name, value in own.items():
        if (
            name not in _GROUPS
            or not isinstance(value, list)
            or not all(isinstance(one, str) for one in value)
        ):
            raise BadMetadata(field=f"{OPERATORS_FILE}: {name}", value="")
    given = {name: [*rules("sources")[name], *own.get(name, ())] for name in _GROUPS}
    return Sources(
        official=frozenset(map(_domain, given["official"])),
        listed=frozenset(map(_domain, given["listed"])),
        lines=frozenset(re.sub(r"\D", "", line) for line in given["lines"]),
        line_prefixes=tuple(rules("sources")["line_prefixes"]),
    )


def host_of(url: str) -> str:
    """The host that *url* leads to, lower case; "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def source_flags(meta: DocumentMeta, sources: Sources) -> list[Flag]:
    """A light flag for a document whose address is on no list."""
    host = host_of(meta.url)
    return [Flag(Code.SOURCE_UNLISTED, "url", host[:80])] if host and not sources.knows(host) else []


def _covers(domains: frozenset[str], host: str) -> bool:
    labels = host.split(".")
    return any(".".join(labels[at:]) in domains for at in range(len(labels)))


def _domain(written: str) -> str:
    return written.strip().lower().removeprefix("*.").removeprefix("www.")
