"""One GET of a real server: limits hold, addresses are judged and pinned, redirects go where they may."""

from __future__ import annotations

import gzip
import ssl
from typing import TYPE_CHECKING

import pytest

from ingest.web.addresses import may_be_asked, pinned
from ingest.web.errors import (
    AddressRefused,
    BadAddress,
    BadAnswer,
    NoSuchHost,
    RedirectRefused,
    TookTooLong,
    TooMuch,
    Unreachable,
    UntrustedTls,
)
from ingest.web.fetching import Fetcher, Limits
from ingest.web.targets import Target, shown, target_of
from tests.fakes.web_site import (
    Page,
    Site,
    bomb,
    dripping_body,
    dripping_headers,
    endless,
    hanging_up,
    serving,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = "127.0.0.1"


def own(there: Target) -> bool:
    return there.host in {"noi.bo", "xa.test"}


def listed(there: Target) -> bool:
    return there.host in {"xa.gov.vn", HERE}


class Names:
    """A resolver whose answers are scripted; it tells how often it was asked."""

    def __init__(self, **answers: list[str]) -> None:
        self.answers = {name.replace("_", "."): found for name, found in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        found = self.answers[host]
        return [found.pop(0)] if len(found) > 1 else list(found)


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    running.pages.clear()
    running.asked.clear()
    return running


@pytest.fixture
def into(tmp_path) -> Path:
    return tmp_path / "body"


def fetch(  # noqa: PLR0913 - as `Fetcher.get`
    url,
    into,
    fetcher=None,
    *,
    may_go=own,
    inside=True,
    plain=True,
    limits=None,
    **headers,
):
    return (fetcher or Fetcher(agent="BinhAn/0.1 (thu)")).get(
        url, into, may_go=may_go, inside=inside, plain=plain, headers=headers, limits=limits
    )


def test_a_page_comes_with_its_headers_and_we_say_who_we_are(site: Site, into):
    site.pages["/tin?so=1"] = Page(body="Xã Đồng Me họp", etag='"a1"', headers={"Set-Cookie": "id=1"})
    fetched = fetch(site.url("/tin?so=1#cuoi"), into)
    assert (fetched.status, fetched.headers["etag"], into.read_text()) == (200, '"a1"', "Xã Đồng Me họp")
    fetched = fetch(site.url("/tin?so=1"), into, **{"If-None-Match": '"a1"'})
    assert fetched.status == 304
    first, second = site.asked
    assert first.headers["user-agent"] == "BinhAn/0.1 (thu)"
    assert (first.headers["host"], first.headers["accept-encoding"]) == (f"{HERE}:{site.port}", "gzip")
    assert "cookie" not in second.headers


def test_the_environment_has_no_say_in_it(site: Site, into, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site.pages["/"] = Page(body="a")
    assert fetch(site.url("/"), into).status == 200


@pytest.mark.parametrize(
    ("address", "public", "inside"),
    [
        ("113.160.22.1", True, True),
        ("2405:4800::1", True, True),
        ("127.0.0.1", False, True),
        ("10.0.0.5", False, True),
        ("192.168.1.1", False, True),
        ("fd00::1", False, True),
        ("::1", False, True),
        ("::ffff:10.0.0.5", False, True),
        ("64:ff9b::7f00:1", False, True),
        ("2002:7f00:1::", False, True),
        ("169.254.169.254", False, False),
        ("fe80::1%eth0", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
        ("100.64.0.1", False, False),
        ("255.255.255.255", False, False),
        ("not an address", False, False),
    ],
)
def test_only_public_machines_are_asked_unless_the_operator_named_one(address, public, inside):
    assert (may_be_asked(address, inside=False), may_be_asked(address, inside=True)) == (public, inside)


def test_a_name_that_answers_with_both_kinds_is_refused_whole():
    with pytest.raises(AddressRefused):
        pinned("xa.gov.vn", 443, inside=False, resolver=lambda *_: ["113.160.22.1", "10.0.0.5"])
    with pytest.raises(NoSuchHost):
        pinned("xa.gov.vn", 443, inside=False, resolver=lambda *_: [])
    with pytest.raises(NoSuchHost):
        pinned("khong-co.invalid", 443, inside=False)


def test_a_public_name_of_our_own_machine_is_never_connected_to(site: Site, into):
    names = Names(xa_gov_vn=[HERE])
    for port in ("", f":{site.port}"):
        with pytest.raises((AddressRefused, BadAddress)):
            fetch(f"http://xa.gov.vn{port}/", into, Fetcher(resolver=names), inside=False)
    assert site.asked == []


def test_a_name_is_looked_up_once_and_asked_where_it_was_judged(site: Site, into):
    """A resolver that turns to the cloud's keys after the first look: nobody looks a second time."""
    site.pages["/a"] = Page(body="a")
    names = Names(noi_bo=[HERE, "169.254.169.254"])
    fetched = fetch(site.url("/a", "noi.bo"), into, Fetcher(resolver=names))
    assert (fetched.status, fetched.url) == (200, site.url("/a", "noi.bo"))
    assert (names.asked, site.asked[0].headers["host"]) == (["noi.bo"], f"noi.bo:{site.port}")


def test_every_hop_is_judged_anew(site: Site, into):
    site.pages["/a"] = Page(status=302, headers={"Location": "/b"})
    site.pages["/b"] = Page(body="khoa")
    names = Names(noi_bo=[HERE, "169.254.169.254"])
    with pytest.raises(AddressRefused):
        fetch(site.url("/a", "noi.bo"), into, Fetcher(resolver=names))
    assert (len(names.asked), site.paths()) == (2, ["/a"])


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("http://la.example/", RedirectRefused),
        ("http://xa.gov.vn/", AddressRefused),  # listed, and yet in our own network
        ("http://xa.gov.vn:8080/", BadAddress),
        ("http://ai@xa.gov.vn/", BadAddress),
        ("file:///etc/passwd", BadAddress),
        ("ftp://xa.gov.vn/", BadAddress),
        ("/a", RedirectRefused),  # round and round
    ],
)
def test_redirects_lead_only_where_they_may(site: Site, into, place, error):
    site.pages["/a"] = Page(status=301, headers={"Location": place})
    names = Names(xa_gov_vn=[HERE], la_example=[HERE], **{"127_0_0_1": [HERE]})
    with pytest.raises(error):
        fetch(
            site.url("/a"),
            into,
            Fetcher(resolver=names),
            may_go=lambda there: there.host in {"xa.gov.vn", HERE},
        )
    assert set(site.paths()) == {"/a"}
    assert not into.exists()


@pytest.mark.parametrize("play", [dripping_headers, dripping_body])
def test_a_site_that_drips_is_left_in_time(site: Site, into, play):
    site.pages["/"] = Page(play=play)
    with pytest.raises(TookTooLong):
        fetch(site.url("/"), into, limits=Limits(seconds=0.4))


def test_what_is_too_large_is_left_early(site: Site, into):
    limits = Limits(size=2_000_000)
    site.pages["/dai"] = Page(body=bytes(2_000_001))
    site.pages["/mai"] = Page(play=endless)
    site.pages["/bom"] = Page(play=bomb)
    for path in ("/dai", "/mai", "/bom"):
        with pytest.raises(TooMuch):
            fetch(site.url(path), into, limits=limits)
        assert not into.exists() or into.stat().st_size <= 2_000_000
    with pytest.raises(TooMuch):  # far below the size, and packed as no page is
        fetch(site.url("/bom"), into, limits=Limits(size=1_000_000_000))
    assert into.stat().st_size <= 20_000_000


def test_packed_pages_are_unpacked_and_half_ones_refused(site: Site, into):
    packed = gzip.compress("Xã Đồng Me".encode())
    site.pages["/"] = Page(body=packed, headers={"Content-Encoding": "gzip"})
    fetch(site.url("/"), into)
    assert into.read_text(encoding="utf-8") == "Xã Đồng Me"
    for body, packing in ((packed[:-9], "gzip"), (b"abc", "gzip"), (b"abc", "br")):
        site.pages["/"] = Page(body=body, headers={"Content-Encoding": packing})
        with pytest.raises(BadAnswer):
            fetch(site.url("/"), into)
    site.pages["/"] = Page(play=hanging_up)
    with pytest.raises((BadAnswer, Unreachable)):
        fetch(site.url("/"), into)


def test_nobody_listens(into):
    with pytest.raises(Unreachable):
        fetch("http://127.0.0.1:9/", into)


def test_a_certificate_has_to_hold_for_the_name_though_the_address_is_asked(tmp_path, into):
    names = Names(xa_test=[HERE], xa_khac=[HERE])
    with serving(tmp_path, ("xa.test",)) as site:
        site.pages["/"] = Page(body="a")
        trusting = Fetcher(resolver=names, tls=ssl.create_default_context(cafile=tmp_path / "site.pem"))
        assert fetch(site.url("/", "xa.test"), into, trusting).status == 200
        for host, fetcher in (("xa.khac", trusting), ("xa.test", Fetcher(resolver=names))):
            with pytest.raises(UntrustedTls):
                fetch(site.url("/", host), into, fetcher)
        site.pages["/"] = Page(status=302, headers={"Location": "http://xa.test/"})
        with pytest.raises(RedirectRefused):  # from https to http
            fetch(site.url("/", "xa.test"), into, trusting)


@pytest.mark.parametrize(
    "url",
    [
        "http://xa.gov.vn/",
        "https://lan:matkhau@xa.gov.vn/",
        "https://xa.gov.vn:22/",
        "https:///tin",
        "https://xa.gov.vn/a b",
        "https://[::1",
        "file:///etc/passwd",
        "https://xa.gov.vn/" + "a" * 2_000,
        "",
    ],
)
def test_odd_addresses_are_refused_without_their_secrets(url):
    with pytest.raises(BadAddress) as caught:
        target_of(url)
    assert "matkhau" not in str(caught.value.fields)


def test_an_address_is_written_in_one_way():
    assert target_of("HTTPS://Xã.gov.vn:443/Tin%20tức?q=ab#c").url == (
        "https://xn--x-yfa.gov.vn/Tin%20t%E1%BB%A9c?q=ab"
    )
    assert shown("https://lan:mk@xa.gov.vn/a#b") == "https://xa.gov.vn/a"
