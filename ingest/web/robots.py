"""What a site's robots.txt asks of us: the adapter of Protego, which reads it as RFC 9309 says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from protego import Protego

PAUSE_S: Final = 5.0  # between two requests to one host, where it does not ask for more
LONGEST_PAUSE_S: Final = 3_600.0  # a site that asks for more gets an hour
KEPT_S: Final = 86_400.0  # a robots.txt is used for a day
ROBOTS_LIMIT: Final = 500_000  # bytes
NOTHING: Final = "User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True)
class Manners:
    """What one host asks for: whether an address may be fetched, and the seconds between two requests."""

    is_allowed: bool
    pause_s: float


def manners(robots: str, url: str, agent: str) -> Manners:
    """What the text *robots* asks of *agent* for *url*."""
    try:
        rules = Protego.parse(robots)
        delay = rules.crawl_delay(agent)
        return Manners(rules.can_fetch(url, agent), min(max(PAUSE_S, delay or 0.0), LONGEST_PAUSE_S))
    except Exception:  # noqa: BLE001 - a text that no parser was written for asks for nothing we could do
        return Manners(is_allowed=False, pause_s=PAUSE_S)


def robots_of(status: int, body: str) -> str | None:
    """
    The robots.txt that holds after an answer of *status*; None where it is to be asked again later.

    RFC 9309: there is none (4xx): everything may be fetched. The site is broken (5xx, 429): nothing.
    """
    if status == HTTPStatus.OK:
        return body
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    return ""
