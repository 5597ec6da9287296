"""What an address asks for: scheme, host, port; and how it is asked for at one machine. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from ingest.web.errors import BadAddress

_PORTS: Final = {"https": 443, "http": 80}
_LENGTH: Final = 2_000  # characters
_KEPT: Final = "/%:@!$&'()*+,;=~-._?[]|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One request. `url` is what a person would type; `inside` and `plain` are what the operator allowed."""

    url: str
    scheme: str
    host: str  # ASCII, lower case
    port: int
    path: str  # with the query
    inside: bool
    plain: bool

    @property
    def is_safe(self) -> bool:
        """Whether it is asked for over TLS."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port as the `Host` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.authority}"

    def at(self, address: str) -> str:
        """The same, asked for at *address*."""
        host = f"[{address}]" if ":" in address else address
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def target_of(url: str, *, plain: bool = False, inside: bool = False) -> Target:
    """
    What *url* asks for; the part after # is left out.

    Raises:
        BadAddress: Not http(s), http where it is not *plain*, a password in it, another port than the usual
            where it is not *inside*, or none at all.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".").encode("idna").decode().lower()
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except (ValueError, UnicodeError):
        raise BadAddress(url=shown(url)) from None
    is_fit = parts.scheme == "https" or (parts.scheme == "http" and plain)
    usual = port == _PORTS.get(parts.scheme)
    has_secret = parts.username is not None or parts.password is not None
    has_control = any(ord(char) < 33 or ord(char) == 127 for char in url.strip())  # noqa: PLR2004 - ASCII
    if not (host and is_fit and (usual or inside)) or has_secret or has_control or len(url) > _LENGTH:
        raise BadAddress(url=shown(url))
    path = quote(parts.path or "/", safe=_KEPT)
    if parts.query:
        path += "?" + quote(parts.query, safe=_KEPT)
    authority = f"[{host}]" if ":" in host else host
    if not usual:
        authority += f":{port}"
    return Target(
        url=f"{parts.scheme}://{authority}{path}",
        scheme=parts.scheme,
        host=host,
        port=port,
        path=path,
        inside=inside,
        plain=plain,
    )


def shown(url: str) -> str:
    """*url* as it may be shown: without a name and a password, cut short."""
    try:
        parts = urlsplit(url.strip())
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))[:200]
    except ValueError:
        return "?"
