"""
What nobody could answer, for the officers: the week's list, answers by editors, undoing.

One implementation for the web desk, the admin chats and the terminal. Everybody at the desk may look; whoever
writes has to be an editor, asked of the book of units at every step. What is done is in the desk's audit log.
"""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.desk.rights import Action
from bot.gaps_guides import BadAnswer, guide_of
from knowledge.gaps.clustering import Cluster, clusters_of
from knowledge.gaps.model import GapChanged, GapsUnavailable, Version, Written, week_of
from knowledge.gaps.redaction import redact
from knowledge.model import Audience
from knowledge.text.folding import fold
from tips.errors import ActionRefused
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.desk.desk import Desk
    from bot.desk.views import Seat
    from knowledge.gaps.model import Answered
    from knowledge.gaps.store import GapStore
    from knowledge.model import DocumentDraft
    from tips.units import UnitBook

_SLUG_LENGTH: Final = 40  # letters of the heading
_SUGGESTED: Final = 8  # wordings put into a new answer; the editor adds and drops


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer as an editor types it."""

    heading: str
    text: str
    topic: str
    audience: Audience
    sources: tuple[str, ...]
    questions: tuple[str, ...]
    signs_name: bool = True  # else the unit alone stands behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a draft becomes, and what to look at again before it is published: warn_person, warn_wider."""

    written: Written
    guide: DocumentDraft
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapList:
    """
    The open gaps of one week ("" for all), alike ones together.

    `weeks` are those that have any, the newest first; `waiting` counts askings not shown before their week is
    over.
    """

    week: str
    weeks: tuple[str, ...]
    clusters: tuple[Cluster, ...]
    waiting: int


class GapDesk:
    """
    The gap loop at one desk. Safe to share between threads.

    Args:
        desk: Says who may, and keeps the log.
        store: The gaps and answers.
        book: Names of units.
        now: The clock, with its zone.
        shown_from: Askings in the running week from which they are shown; fewer wait until its end.

    Every method raises ActionRefused; `reason` is one of `bot.desk.rights`.
    """

    def __init__(
        self, desk: Desk, store: GapStore, book: UnitBook, *, now: Callable[[], datetime], shown_from: int
    ) -> None:
        self._desk = desk
        self._store = store
        self._book = book
        self._now = now
        self._shown_from = shown_from

    # looking

    def is_editor(self, seat: Seat) -> bool:
        """Whether the officer writes answers, as the book says now."""
        officers = self._book.unit(seat.unit).officers if seat.unit in self._book else ()
        return any(officer.id == seat.officer.id and officer.is_editor for officer in officers)

    def check_editor(self, seat: Seat) -> None:
        """ActionRefused unless the officer is an editor; a refusal is in the log."""
        self._desk.admit(seat, Action.ANSWER_GAP)

    def open_gaps(self, seat: Seat, week: str | None = None) -> GapList:
        """The open gaps of *week*: "" for all of them, None for the newest week that has any."""
        self._desk.admit(seat, Action.GAPS)
        return self.board(week)

    def board(self, week: str | None = None) -> GapList:
        """As `open_gaps`, for a place where all officers look: nobody in particular asks."""
        clusters, waiting = self._clusters()
        weeks = tuple(sorted({gap.week for cluster in clusters for gap in cluster.gaps}, reverse=True))
        chosen = (weeks[0] if weeks else "") if week is None or week not in ("", *weeks) else week
        if chosen:
            clusters = [cluster for cluster in clusters if cluster.count_in(chosen)]
            clusters.sort(key=lambda cluster: (-cluster.count_in(chosen), cluster.wordings[0]))
        return GapList(week=chosen, weeks=weeks, clusters=tuple(clusters), waiting=waiting)

    def cluster(self, seat: Seat, key: str) -> Cluster:
        """The open cluster that a wording of *key* stands in. ActionRefused(reason=unknown_gap)."""
        self._desk.admit(seat, Action.GAPS)
        return self._cluster(key)

    def set_aside(self, seat: Seat) -> list[Cluster]:
        """What editors put aside."""
        self._desk.admit(seat, Action.GAPS)
        with _ours():
            return clusters_of(self._store.set_aside())

    def answers(self, seat: Seat) -> list[Answered]:
        """Every answer, the one written last first."""
        self._desk.admit(seat, Action.GAPS)
        with _ours():
            found = self._store.answers()
        return sorted(found, key=lambda answered: answered.latest.at, reverse=True)

    def answer(self, seat: Seat, slug: str) -> Answered:
        """One answer. ActionRefused(reason=unknown_gap)."""
        self._desk.admit(seat, Action.GAPS)
        return self._answer(slug)

    # writing

    def begin(self, cluster: Cluster) -> Draft:
        """A draft to start from: the wording asked most as its heading, for whoever asked."""
        wordings = cluster.wordings
        audiences = {gap.audience for gap in cluster.gaps}
        return Draft(
            heading=_as_heading(wordings[0]),
            text="",
            topic="",
            audience=next(audience for audience in Audience if audience in audiences),
            sources=(),
            questions=wordings[:_SUGGESTED],
        )

    def preview(self, seat: Seat, draft: Draft, key: str = "") -> Preview:
        """What *draft* becomes, for the cluster of *key*; refused with gap_<reason> where it is no guide."""
        self._desk.admit(seat, Action.ANSWER_GAP)
        return self._preview(seat, draft, self._cluster(key) if key else None, slug="xem-truoc")

    def write(self, seat: Seat, key: str, draft: Draft) -> str:
        """Answer the cluster of *key*; gives the slug. The public side publishes it within seconds."""
        self._desk.admit(seat, Action.ANSWER_GAP)
        cluster = self._cluster(key)
        slug = f"{_slug(draft.heading)}-{secrets.token_hex(2)}"
        written = self._preview(seat, draft, cluster, slug=slug).written
        version = self._version(seat, slug, 1, written)
        self._desk.log(seat, Action.ANSWER_GAP, f"{slug}:1")
        with self._told(seat, Action.ANSWER_GAP, slug):
            self._store.write(version, cluster.keys)
        return slug

    def rewrite(self, seat: Seat, slug: str, draft: Draft, *, on: int) -> int:
        """Write an answer anew upon the version wanted as it was shown; gives the new version's number."""
        self._desk.admit(seat, Action.ANSWER_GAP)
        answered = self._answer(slug)
        written = self._preview(seat, draft, None, slug=slug).written
        number = answered.latest.number + 1
        version = self._version(seat, slug, number, replace(written, golden=answered.latest.written.golden))
        self._desk.log(seat, Action.ANSWER_GAP, f"{slug}:{number}")
        with self._told(seat, Action.ANSWER_GAP, slug):
            self._store.write(version, (), on=on)
        return number

    def undo(self, seat: Seat, slug: str, *, on: int) -> int:
        """Go back to the version before *on*, or take the answer away; gives the number wanted now."""
        self._desk.admit(seat, Action.ANSWER_GAP)
        answered = self._answer(slug)
        if answered.wanted != on or not on:
            raise ActionRefused(reason="gap_changed")
        self._point(seat, "undo_answer", answered, answered.before)
        return answered.before

    def restore(self, seat: Seat, slug: str, number: int, *, on: int) -> None:
        """Use an earlier version again."""
        self._desk.admit(seat, Action.ANSWER_GAP)
        answered = self._answer(slug)
        if answered.wanted != on or number < 1:
            raise ActionRefused(reason="gap_changed")
        self._point(seat, "restore_answer", answered, number)

    def put_aside(self, seat: Seat, key: str) -> None:
        """Take a cluster off the list: it is not ours to answer."""
        self._desk.admit(seat, Action.ANSWER_GAP)
        cluster = self._cluster(key)
        self._desk.log(seat, "gap_aside", cluster.id)
        with self._told(seat, "gap_aside", cluster.id):
            self._store.put_aside(cluster.keys, aside=True)

    def take_up(self, seat: Seat, key: str) -> None:
        """Bring back what was put aside."""
        self._desk.admit(seat, Action.ANSWER_GAP)
        with _ours():
            aside = clusters_of(self._store.set_aside())
        cluster = next((cluster for cluster in aside if key in cluster.keys), None)
        if cluster is None:
            raise ActionRefused(reason="unknown_gap")
        self._desk.log(seat, "gap_taken_up", cluster.id)
        with self._told(seat, "gap_taken_up", cluster.id):
            self._store.put_aside(cluster.keys, aside=False)

    # within

    def _clusters(self) -> tuple[list[Cluster], int]:
        """What may be shown, the most asked first, and how many askings wait for the end of the week."""
        with _ours():
            everything = clusters_of(self._store.gaps())
        running, shown, waiting = week_of(self._now()), [], 0
        for cluster in everything:
            now = cluster.count_in(running)
            if now and now < self._shown_from:
                waiting += now
                cluster = Cluster(gaps=tuple(gap for gap in cluster.gaps if gap.week != running))  # noqa: PLW2901
            if cluster.gaps:
                shown.append(cluster)
        return sorted(shown, key=lambda cluster: (-cluster.count, cluster.wordings[0])), waiting

    def _cluster(self, key: str) -> Cluster:
        found = next((cluster for cluster in self._clusters()[0] if key in cluster.keys), None)
        if found is None:
            raise ActionRefused(reason="unknown_gap")
        return found

    def _answer(self, slug: str) -> Answered:
        with _ours():
            answered = self._store.answer(slug)
        if answered is None:
            raise ActionRefused(reason="unknown_gap")
        return answered

    def _preview(self, seat: Seat, draft: Draft, cluster: Cluster | None, *, slug: str) -> Preview:
        officer = next(one for one in self._book.unit(seat.unit).officers if one.id == seat.officer.id)
        unit = self._book.unit(seat.unit).name
        written = Written(
            heading=draft.heading,
            text=draft.text,
            topic=draft.topic,
            audience=draft.audience,
            sources=draft.sources,
            questions=draft.questions,
            signed=f"{officer.name}, {unit}" if draft.signs_name else unit,
            as_of=self._now().astimezone(VIETNAM).date(),
            golden=cluster.wordings[0] if cluster else draft.heading,
        )
        try:
            guide = guide_of(slug, written)
        except BadAnswer as bad:
            raise ActionRefused(reason=f"gap_{bad.reason}") from None
        told = (draft.heading, *draft.questions)
        warnings = ["warn_person"] if any(redact(line) != line and "[" not in line for line in told) else []
        is_internal = cluster is not None and all(gap.audience is not Audience.PUBLIC for gap in cluster.gaps)
        if is_internal and draft.audience is Audience.PUBLIC:
            warnings.append("warn_wider")
        return Preview(written=written, guide=guide, warnings=tuple(warnings))

    def _version(self, seat: Seat, slug: str, number: int, written: Written) -> Version:
        return Version(
            slug=slug,
            number=number,
            written=written,
            unit=seat.unit,
            officer=seat.officer.id,
            at=self._now(),
        )

    def _point(self, seat: Seat, action: str, answered: Answered, wanted: int) -> None:
        self._desk.log(seat, action, f"{answered.slug}:{wanted}")
        with self._told(seat, action, answered.slug):
            self._store.point(answered.slug, wanted, on=answered.wanted)

    @contextmanager
    def _told(self, seat: Seat, action: str, detail: str) -> Iterator[None]:
        """A failure after what was logged is a second entry."""
        try:
            with _ours():
                yield
        except ActionRefused as refused:
            self._desk.log(seat, action, detail, refused=refused.fields["reason"])
            raise


@contextmanager
def _ours() -> Iterator[None]:
    """What goes wrong with the database, in the desk's words."""
    try:
        yield
    except GapsUnavailable:
        raise ActionRefused(reason="gaps_unavailable") from None
    except GapChanged:
        raise ActionRefused(reason="gap_changed") from None


def _as_heading(wording: str) -> str:
    text = wording[:1].upper() + wording[1:]
    return text if text.endswith(("?", ".", "!")) else f"{text}?"


def _slug(heading: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", fold(heading)).strip("-")
    return words[:_SLUG_LENGTH].rstrip("-") or "cau-hoi"
