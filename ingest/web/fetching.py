"""
One GET, with every limit on it: the adapter of httpx, and the only place that asks the web for documents.

A hop is asked at one address that was judged before (`addresses`); TLS is for the name all the same. Nothing
of the environment goes along: no proxy, no cookie, no password.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

import httpx

from ingest.web.addresses import pinned, resolve
from ingest.web.errors import (
    BadAddress,
    BadAnswer,
    RedirectRefused,
    TookTooLong,
    TooMuch,
    Unreachable,
    UntrustedTls,
)
from ingest.web.targets import Target, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from ingest.web.addresses import Resolver

AGENT: Final = "BinhAn"  # the name that robots.txt is asked for
SIZE_LIMIT: Final = 50_000_000  # bytes, unpacked
RATIO_LIMIT: Final = 100  # unpacked to packed, beyond the first megabyte
SECONDS: Final = 120.0  # for all hops together
HOPS: Final = 5
_QUIET_S: Final = 20.0  # without a byte
_FREE: Final = 1_000_000  # bytes that may be packed as tightly as they like
_MOVED: Final = frozenset((301, 302, 303, 307, 308))
_PACKINGS: Final = {"": None, "identity": None, "gzip": 31, "x-gzip": 31, "deflate": 47}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one fetch may take."""

    size: int = SIZE_LIMIT
    seconds: float = SECONDS
    hops: int = HOPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """
    An answer from `url` in the end; the body went into the file that was given, if the status is 200.

    `headers` have lower-case names.
    """

    status: int
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Fetcher:
    """Fetches pages. Holds no connection between two calls."""

    def __init__(
        self, *, agent: str = AGENT, resolver: Resolver = resolve, tls: ssl.SSLContext | None = None
    ) -> None:
        """
        Make ready to fetch.

        Args:
            agent: Who we say we are.
            resolver: Looks names up.
            tls: Whom to trust; what `SSL_CERT_FILE` names, or the usual authorities, unless given.
        """
        self._agent = agent
        self._resolver = resolver
        self._tls = tls

    def get(  # noqa: PLR0913 - all named
        self,
        url: str,
        into: Path,
        *,
        may_go: Callable[[Target], bool],
        inside: bool = False,
        plain: bool = False,
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
    ) -> Fetched:
        """
        What stands at *url*, its body in the file *into*.

        Args:
            url: An http or https address.
            into: A file that is written, where the answer is 200.
            may_go: Whether a redirect may lead there; asked for each.
            inside: The host of *url* is named by the operator as one of the own network.
            plain: http is allowed, too.
            headers: Further headers, such as `If-None-Match`.
            limits: Bytes, seconds and hops.

        Raises:
            FetchError: As `errors` says.
        """
        given = limits or Limits()
        hop = _Hop(self, into, dict(headers or {}), given)

        async def walk() -> Fetched:
            async with asyncio.timeout(given.seconds):
                return await self._walk(target_of(url, plain=plain, inside=inside), hop, may_go)

        try:
            return asyncio.run(walk())
        except TimeoutError:
            raise TookTooLong(seconds=f"{given.seconds:g}") from None

    async def _walk(self, start: Target, hop: _Hop, may_go: Callable[[Target], bool]) -> Fetched:
        target = start
        for _ in range(hop.limits.hops + 1):
            fetched = await hop.ask(target)
            place = fetched.headers.get("location", "")
            if fetched.status not in _MOVED or not place:
                return fetched
            there = target_of(urljoin(target.url, place), plain=start.plain, inside=start.inside)
            if there.host != start.host:
                there = target_of(there.url, plain=start.plain, inside=False)
            if (target.is_safe and not there.is_safe) or not may_go(there):
                raise RedirectRefused(host=there.host)
            target = there
        raise RedirectRefused(host=target.host)

    def tls(self) -> ssl.SSLContext:
        """Whom we trust; read once, when first needed."""
        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        return self._tls

    @property
    def agent(self) -> str:
        """Who we say we are."""
        return self._agent

    def address(self, target: Target) -> str:
        """Where *target* is asked for; see `addresses.pinned`."""
        return pinned(target.host, target.port, inside=target.inside, resolver=self._resolver)


class _Hop:
    """One request after the other, with what they share."""

    def __init__(self, fetcher: Fetcher, into: Path, headers: dict[str, str], limits: Limits) -> None:
        self._fetcher = fetcher
        self._into = into
        self._headers = headers
        self.limits = limits

    async def ask(self, target: Target) -> Fetched:
        # Blocks this thread for as long as the system's resolver takes; its own limits end it.
        address = self._fetcher.address(target)
        headers = {
            "Host": target.authority,
            "User-Agent": self._fetcher.agent,
            "Accept-Encoding": "gzip",
            "Accept-Language": "vi, en;q=0.5",
            **self._headers,
        }
        try:
            async with httpx.AsyncClient(
                verify=self._fetcher.tls() if target.is_safe else False,
                trust_env=False,
                timeout=httpx.Timeout(_QUIET_S),
                follow_redirects=False,
            ) as client:
                request = client.build_request("GET", target.at(address), headers=headers)
                if target.is_safe:
                    request.extensions["sni_hostname"] = target.host
                answer = await client.send(request, stream=True)
                try:
                    if answer.status_code == HTTPStatus.OK:
                        await self._keep(answer, target)
                finally:
                    await answer.aclose()
        except httpx.TimeoutException:
            raise TookTooLong(seconds=f"{_QUIET_S:g}") from None
        except httpx.ConnectError as error:
            raise (UntrustedTls if _is_tls(error) else Unreachable)(host=target.host) from None
        except httpx.InvalidURL:
            raise BadAddress(url=target.origin) from None
        except httpx.ProtocolError:
            raise BadAnswer(host=target.host) from None
        except httpx.HTTPError:
            raise Unreachable(host=target.host) from None
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Fetched(status=answer.status_code, url=target.url, headers=named)

    async def _keep(self, answer: httpx.Response, target: Target) -> None:
        """Write the body down as it comes, unpacked by ourselves: a library would unpack a bomb first."""
        packing = answer.headers.get("content-encoding", "").strip().lower()
        if packing not in _PACKINGS:
            raise BadAnswer(host=target.host)
        size = answer.headers.get("content-length", "0")
        if size.isdigit() and int(size) > self.limits.size:
            raise self._too_much()
        bits = _PACKINGS[packing]
        unpacker = zlib.decompressobj(bits) if bits else None
        came = written = 0
        with self._into.open("wb") as file:
            async for block in answer.aiter_raw():
                came += len(block)
                for part in _unpacked(unpacker, block, target):
                    written += len(part)
                    if written > self.limits.size or written > max(_FREE, RATIO_LIMIT * came):
                        raise self._too_much()
                    file.write(part)
        if unpacker is not None and not unpacker.eof:
            raise BadAnswer(host=target.host)

    def _too_much(self) -> TooMuch:
        return TooMuch(limit=f"{self.limits.size // 1_000_000} MB")


def _unpacked(unpacker: zlib._Decompress | None, block: bytes, target: Target) -> Iterator[bytes]:
    """*block* in parts of at most a megabyte; whoever counts them may stop."""
    if unpacker is None:
        yield block
        return
    try:
        while block and not unpacker.eof:
            yield unpacker.decompress(block, _FREE)
            block = unpacker.unconsumed_tail
    except zlib.error:
        raise BadAnswer(host=target.host) from None


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
