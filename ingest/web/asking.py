"""Asks one site for one thing at a time, as its robots.txt wants; knows nothing of documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from ingest.web.errors import NotTaken, RedirectRefused, TooMuch
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
    from ingest.web.targets import Target


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
        if not self._knows_robots(target.origin):
            return self._fetch_robots(target, into)
        asked = self._manners(host.robots, source.url)
        if not asked.is_allowed:
            raise NotTaken("robots")
        self._rest(target.origin, asked.pause_s)
        way = _Way(self, target, may_go)
        try:
            fetched = self._get(target, into, headers, way.may_follow, self._limits)
        except RedirectRefused:
            if way.unknown is not None:
                return self._fetch_robots(way.unknown, into)
            if way.is_forbidden:
                raise NotTaken("robots") from None
            raise
        if fetched.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            self._rest(target.origin, self._asked_wait(fetched) or asked.pause_s)
        return fetched

    def forbids(self, there: Target) -> bool | None:
        """Whether the robots.txt of its site forbids *there*; None where it has to be asked for first."""
        if not self._knows_robots(there.origin):
            return None
        return not self._manners(self._state.host(there.origin).robots, there.url).is_allowed

    def _knows_robots(self, origin: str) -> bool:
        return self._now() - self._state.host(origin).robots_at <= KEPT_S

    def _asked_wait(self, fetched: Fetched) -> float | None:
        return retry_after(fetched.headers.get("retry-after", ""), self._now())

    def _manners(self, robots: str, url: str) -> Manners:
        asked = manners(robots, url, AGENT)
        wanted = asked.pause_s if asked.pause_s > PAUSE_S else 0.0
        return replace(asked, pause_s=max(self._pause_s, wanted))

    def _fetch_robots(self, target: Target, into: Path) -> NotYet:
        """Ask the site of *target* for its robots.txt; gives when it may be asked for more."""
        self._rest(target.origin, self._pause_s)
        file = target_of(f"{target.origin}/robots.txt", plain=target.plain, inside=target.inside)
        limits = replace(self._limits, size=ROBOTS_LIMIT)
        try:
            fetched = self._get(file, into, {}, lambda there: there.host == target.host, limits)
        except TooMuch:
            text: str | None = NOTHING  # nobody reads half of a rule
        else:
            has_body = fetched.status == HTTPStatus.OK
            body = into.read_text(encoding="utf-8", errors="replace") if has_body else ""
            text = robots_of(fetched.status, body)
        if text is None:
            raise NotTaken("robots_away")
        now = self._now()
        free = now + self._manners(text, target.url).pause_s
        host = self._state.host(target.origin)
        self._state.keep_host(replace(host, robots=text, robots_at=now, free=free))
        return NotYet(free)

    def _rest(self, origin: str, seconds: float) -> None:
        host = self._state.host(origin)
        self._state.keep_host(replace(host, free=max(host.free, self._now() + seconds)))

    def _get(
        self,
        target: Target,
        into: Path,
        headers: Mapping[str, str],
        may_go: Callable[[Target], bool],
        limits: Limits,
    ) -> Fetched:
        return self._fetcher.get(
            target.url,
            into,
            may_go=may_go,
            inside=target.inside,
            plain=target.plain,
            headers=headers,
            limits=limits,
        )

    def busy_wait(self, fetched: Fetched, fails: int, every_s: float) -> float:
        """Seconds that a busy site wants us to wait; as after a failure where it does not say."""
        asked = self._asked_wait(fetched)
        return again_after(fails, every_s) if asked is None else max(asked, self._pause_s)


class _Way:
    """Where the redirects of one request lead, and why they may not."""

    def __init__(self, asker: Asker, start: Target, may_go: Callable[[str], bool]) -> None:
        self._asker = asker
        self._start = start
        self._may_go = may_go
        self.unknown: Target | None = None  # its site was not asked yet whether it may be
        self.is_forbidden = False

    def may_follow(self, there: Target) -> bool:
        """Whether to go *there*; noted why not."""
        if there.host != self._start.host and not self._may_go(there.host):
            return False
        forbids = self._asker.forbids(there)
        if forbids is None:
            self.unknown = there
        self.is_forbidden = bool(forbids)
        return forbids is False
