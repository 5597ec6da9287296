"""
Why a page was not fetched, or not taken.

FetchError
├── NoSuchHost       the name has no address
├── AddressRefused   a machine of the own network that the operator did not name
├── BadAddress       no address that is fetched: another scheme, a password in it, another port
├── RedirectRefused  leads to a host that nobody listed, from https to http, or round and round
├── Unreachable      no connection, or it broke
├── UntrustedTls     the certificate does not hold
├── TookTooLong      not done in time
├── TooMuch          over a limit of size, or packed too tightly
├── BadAnswer        not HTTP, or packed in a way nobody asked for
└── NotTaken         came, and is not what it should be: `code` tells which

`code` names the text `sources.<code>` in `prompts/`; `fields` fill it. Never a word of a page.
"""

from __future__ import annotations


class FetchError(Exception):
    """Base of what fetching raises."""

    code = "unreachable"

    def __init__(self, **fields: str) -> None:
        super().__init__(self.code)
        self.fields = fields


class NoSuchHost(FetchError):
    """The name has no address, or nobody could say. Fields: `host`."""

    code = "no_such_host"


class AddressRefused(FetchError):
    """The host is in the own network, and the operator did not name it so. Fields: `host`."""

    code = "address_refused"


class BadAddress(FetchError):
    """No address that is fetched. Fields: `url`, without a password."""

    code = "bad_address"


class RedirectRefused(FetchError):
    """Leads where nobody listed. Fields: `host`."""

    code = "redirect_refused"


class Unreachable(FetchError):
    """No connection, or it broke. Fields: `host`."""


class UntrustedTls(FetchError):
    """The certificate does not hold, or is another host's. Fields: `host`."""

    code = "untrusted_tls"


class TookTooLong(FetchError):
    """Not done in time. Fields: `seconds`."""

    code = "took_too_long"


class TooMuch(FetchError):
    """Over a limit. Fields: `limit`, with its unit."""

    code = "too_much"


class BadAnswer(FetchError):
    """Not HTTP, or packed in a way nobody asked for. Fields: `host`."""

    code = "bad_answer"


class NotTaken(FetchError):
    """Came, and is not what it should be."""

    def __init__(self, code: str, **fields: str) -> None:
        self.code = code
        super().__init__(**fields)
