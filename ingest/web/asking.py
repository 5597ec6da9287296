"""Asks one site for one thing at a time, as its robots.txt wants; knows nothing of documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from ingest.web.errors import NotTaken, TooMuch
from ingest.web.fetching import AGENT, Fetched, Limits
from ingest.web.robots import KEPT_S, NOTHING, PAUSE_S, ROBOTS_LIMIT, Manners, manners, robots_of
from ingest.web.schedule import again_after, retry_after
from ingest.web.targets import target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ingest.source_list import WebSource
    from ingest.web.fetching import Fetcher
    from ingest.web.state import WebState


@dataclass(frozen=True, slots=True)
class NotYet:
    """The host wants to be left alone until then (seconds since 1970)."""

    until: float


class Asker:
    """Keeps the pauses between requests; they are noted, so that two processes keep them together."""

    def __init__(
        self,
        fetcher: Fetcher,
        state: WebState,
        *,
        now: Callable[[], float],
        pause_s: float = PAUSE_S,
        limits: Limits | None = None,
    ) -> None:
        """
        Ask through *fetcher*, noting in *state*.

        Args:
            fetcher: Does one request.
            state: What was asked for before.
            now: Seconds since 1970.
            pause_s: Seconds between two requests to a host that does not ask for more.
            limits: Of one document.
        """
        self._fetcher = fetcher
        self._state = state
        self._now = now
        self._pause_s = pause_s
        self._limits = limits or Limits()

    def ask(
        self,
        source: WebSource,
        into: Path,
        *,
        headers: Mapping[str, str],
        may_go: Callable[[str], bool],
    ) -> Fetched | NotYet:
        """
        The page of *source*, or when its host may be asked for it.

        Raises:
            NotTaken: robots.txt forbids it (`robots`), or cannot be had (`robots_away`).
            FetchError: As `Fetcher.get` says.
        """
        target = target_of(source.url, plain=source.plain, inside=source.inside)
        host = self._state.host(target.origin)
        if host.free > self._now():
            return NotYet(host.free)
        if self._now() - host.robots_at > KEPT_S:
            self._fetch_robots(source, target.origin, into, may_go)
            return NotYet(self._state.host(target.origin).free)
        asked = self._manners(host.robots, source.url)
        if not asked.is_allowed:
            raise NotTaken("robots")
        self._rest(target.origin, asked.pause_s)
        fetched = self._get(source, source.url, into, headers, may_go, self._limits)
        if fetched.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            self._rest(target.origin, self._asked_wait(fetched) or asked.pause_s)
        return fetched

    def _asked_wait(self, fetched: Fetched) -> float | None:
        return retry_after(fetched.headers.get("retry-after", ""), self._now())

    def _manners(self, robots: str, url: str) -> Manners:
        asked = manners(robots, url, AGENT)
        wanted = asked.pause_s if asked.pause_s > PAUSE_S else 0.0
        return replace(asked, pause_s=max(self._pause_s, wanted))

    def _fetch_robots(
        self, source: WebSource, origin: str, into: Path, may_go: Callable[[str], bool]
    ) -> None:
        self._rest(origin, self._pause_s)
        limits = replace(self._limits, size=ROBOTS_LIMIT)
        try:
            fetched = self._get(source, f"{origin}/robots.txt", into, {}, may_go, limits)
        except TooMuch:
            text: str | None = NOTHING  # nobody reads half of a rule
        else:
            has_body = fetched.status == HTTPStatus.OK
            body = into.read_text(encoding="utf-8", errors="replace") if has_body else ""
            text = robots_of(fetched.status, body)
        if text is None:
            raise NotTaken("robots_away")
        pause = self._manners(text, source.url).pause_s
        now = self._now()
        self._state.keep_host(replace(self._state.host(origin), robots=text, robots_at=now, free=now + pause))

    def _rest(self, origin: str, seconds: float) -> None:
        host = self._state.host(origin)
        self._state.keep_host(replace(host, free=max(host.free, self._now() + seconds)))

    def _get(  # noqa: PLR0913, PLR0917 - one call
        self,
        source: WebSource,
        url: str,
        into: Path,
        headers: Mapping[str, str],
        may_go: Callable[[str], bool],
        limits: Limits,
    ) -> Fetched:
        return self._fetcher.get(
            url,
            into,
            may_go=may_go,
            inside=source.inside,
            plain=source.plain,
            headers=headers,
            limits=limits,
        )

    def busy_wait(self, fetched: Fetched, fails: int, every_s: float) -> float:
        """Seconds that a busy site wants us to wait; as after a failure where it does not say."""
        asked = self._asked_wait(fetched)
        return again_after(fails, every_s) if asked is None else max(asked, self._pause_s)
