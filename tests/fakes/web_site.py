"""A web site over real HTTP, scripted page by page; it plays what sites do to whoever fetches from them."""

from __future__ import annotations

import ssl
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STOP_S = 10.0
_DRIP_S = 0.02


@dataclass(kw_only=True)
class Page:
    """What one path answers. `etag` and `modified` are honoured; `play` writes the body in its own way."""

    body: bytes | str = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    modified: str = ""
    play: Callable[[Handler], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came."""

    path: str
    status: int
    headers: dict[str, str]


class Site:
    """Pages by path, and what was asked for."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.server = server
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        self.over = Event()
        self.scheme = "http"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of *path*."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for since the last call, in order."""
        paths = [asked.path for asked in self.asked]
        self.asked.clear()
        return paths


class Handler(BaseHTTPRequestHandler):
    """Answers from the site's pages."""

    site: Site
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """One answer; the connection is closed after it."""
        page = self.site.pages.get(self.path, Page(status=404, body="khong co"))
        body = page.body.encode() if isinstance(page.body, str) else page.body
        given = {name.lower(): value for name, value in self.headers.items()}
        same = page.etag and given.get("if-none-match") == page.etag
        same = same or (page.modified and given.get("if-modified-since") == page.modified)
        status = 304 if same else page.status
        self.site.asked.append(Asked(path=self.path, status=status, headers=given))
        self.close_connection = True
        try:
            if page.play is not None:
                page.play(self)
                return
            self.send_response(status)
            headers = {"Content-Type": page.kind, "ETag": page.etag, "Last-Modified": page.modified}
            for name, value in (headers | page.headers).items():
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(0 if same else len(body)))
            self.end_headers()
            if not same:
                self.wfile.write(body)
        except OSError:
            return  # whoever asked has hung up

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def serving(folder: Path | None = None, names: tuple[str, ...] = ("127.0.0.1",)) -> Iterator[Site]:
    """A site on a free port; with TLS for *names* if a *folder* for its certificate is given."""
    handler = type("SiteHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads, server.block_on_close = True, False
    site = Site(server)
    handler.site = site
    if folder is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder, names))
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        site.scheme = "https"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.over.set()
        server.shutdown()
        server.server_close()
        thread.join(STOP_S)


def certificate(folder: Path, names: tuple[str, ...]) -> Path:
    """A file with a key and a certificate for *names* that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Xa Dong Me")])
    now = datetime.now(UTC)
    alternatives = [
        x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "site.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def dripping_headers(handler: Handler) -> None:
    """A byte now and then, never the end of the head."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
    while not handler.site.over.wait(_DRIP_S):
        handler.wfile.write(b"a")


def dripping_body(handler: Handler) -> None:
    """A byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.site.over.wait(_DRIP_S):
        handler.wfile.write(b"a")


def endless(handler: Handler) -> None:
    """More and more, in chunks, and no length."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    block = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    while not handler.site.over.is_set():
        handler.wfile.write(block)


@cache
def packed_tightly() -> bytes:
    """A hundred megabytes of nothing, in a tenth of one."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()


def bomb(handler: Handler) -> None:
    """It says that it is packed, and how tightly it does not say."""
    packed = packed_tightly()
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(packed)))
    handler.end_headers()
    handler.wfile.write(packed)


def hanging_up(handler: Handler) -> None:
    """Half of what it promised."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"a" * 500)
