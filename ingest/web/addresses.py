"""
Which machine a name leads to, asked once for each request; and which machines a document is fetched from.

A name of a public page may point at a machine of our own network, now or a moment after it was looked up. So
the address is looked up here, judged, and connected to as it is: nobody looks the name up a second time.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final

from ingest.web.errors import AddressRefused, NoSuchHost

if TYPE_CHECKING:
    from collections.abc import Callable

    Resolver = Callable[[str, int], list[str]]  # (host, port) -> addresses, best first

_NAT64: Final = ip_network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """
    The addresses of *host*, as the system says.

    Raises:
        NoSuchHost: It has none, or nobody could say.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoSuchHost(host=host) from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def pinned(host: str, port: int, *, inside: bool, resolver: Resolver = resolve) -> str:
    """
    The one address to connect to for *host*.

    Args:
        host: A name or an address in letters.
        port: Where it is asked for.
        inside: The operator named this host as one of the own network.
        resolver: Looks names up.

    Raises:
        NoSuchHost: It has no address.
        AddressRefused: One of them is none of the public internet. All have to be: a name that answers with
            both kinds is a trick.
    """
    addresses = resolver(host, port)
    if not addresses:
        raise NoSuchHost(host=host)
    if not all(may_be_asked(address, inside=inside) for address in addresses):
        raise AddressRefused(host=host)
    return addresses[0]


def may_be_asked(address: str, *, inside: bool) -> bool:
    """Whether a document may be fetched from *address*; never a link-local one: clouds keep keys there."""
    try:
        real = _unwrapped(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    is_nobodys = isinstance(real, IPv4Address) and real.is_reserved
    if real.is_multicast or real.is_link_local or real.is_unspecified or is_nobodys:
        return False
    if inside and (real.is_private or real.is_loopback):
        return True
    return real.is_global and not real.is_reserved


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one carries, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)
