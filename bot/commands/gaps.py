"""`binhan gaps list|write|answers|undo`: what nobody could answer, at the terminal, as an officer."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.commands.desk_seat import AsJson, OfficerId, UnitId, at_desk
from bot.desk.gaps import Draft, GapDesk
from bot.desk.web.gap_answers import state_of
from bot.gaps_room import GapsError, open_gaps
from knowledge.model import Audience
from tips.times import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.desk_seat import AtDesk
    from knowledge.gaps.clustering import Cluster
    from knowledge.gaps.model import Answered

app = typer.Typer(no_args_is_help=True, help="What residents asked in vain, and editors' answers.")


class Readers(StrEnum):
    """Who may read an answer."""

    PUBLIC = "public"
    MEMBER = "member"
    OFFICER = "officer"


@app.command("list")
def list_gaps(
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    week: Annotated[str, typer.Option("--week", help="such as 2026-W48; empty: all")] = "",
    json_output: AsJson = False,
) -> None:
    """List open questions, alike ones together, the most asked first."""
    with _desk(officer, unit, as_json=json_output) as (at, gaps):
        listed = gaps.open_gaps(at.seat, week)
        if json_output:
            at.command.print_json([_plain_cluster(cluster) for cluster in listed.clusters])
            return
        if not listed.clusters:
            at.command.out.print(at.command.say("gaps.none"))
            return
        names = ("id", "asked", "week", "audience", "text")
        table = Table(*(at.command.say(f"gaps.column_{name}") for name in names))
        for cluster in listed.clusters:
            weeks = sorted({gap.week for gap in cluster.gaps})
            who = ", ".join(
                at.command.say(f"gaps.asked_by_{audience}")
                for audience in dict.fromkeys(gap.audience for gap in cluster.gaps)
            )
            table.add_row(cluster.id, str(cluster.count), ", ".join(weeks), who, "\n".join(cluster.wordings))
        at.command.out.print(table)


@app.command()
def write(  # noqa: PLR0913 - one option for each thing an answer has
    cluster: Annotated[str, typer.Argument(help="its id, as listed")],
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    topic: Annotated[str, typer.Option("--topic", help="a topic of the guides, such as hoa-giai")],
    source: Annotated[list[str], typer.Option("--source", help="what it stands on; may be repeated")],
    heading: Annotated[str, typer.Option("--heading", help="the question in short; else as asked most")] = "",
    wording: Annotated[
        list[str] | None, typer.Option("--wording", help="a further way to ask; may be repeated")
    ] = None,
    audience: Annotated[Readers, typer.Option("--audience", help="who may read it")] = Readers.PUBLIC,
    unit_only: Annotated[bool, typer.Option("--unit-only", help="sign with the unit's name alone")] = False,
    json_output: AsJson = False,
) -> None:
    """Answer a group of questions; the answer is read from the standard input."""
    with _desk(officer, unit, as_json=json_output) as (at, gaps):
        begun = gaps.begin(gaps.cluster(at.seat, cluster))
        draft = Draft(
            heading=heading or begun.heading,
            text=sys.stdin.read().strip(),
            topic=topic,
            audience=Audience(audience),
            sources=tuple(source),
            questions=tuple(dict.fromkeys((*begun.questions, *(wording or ())))),
            signs_name=not unit_only,
        )
        slug = gaps.write(at.seat, cluster, draft)
        told = at.command.say("gaps.written", slug=slug, number=1)
        at.show({"slug": slug, "version": 1}, [told], as_json=json_output)


@app.command()
def answers(officer: OfficerId = "", unit: UnitId = "", *, json_output: AsJson = False) -> None:
    """List what was written, with its state."""
    with _desk(officer, unit, as_json=json_output) as (at, gaps):
        found = gaps.answers(at.seat)
        if json_output:
            at.command.print_json([_plain_answer(answered) for answered in found])
            return
        names = ("slug", "version", "state", "heading")
        table = Table(*(at.command.say(f"gaps.column_{name}") for name in names))
        for answered in found:
            state = at.command.say(f"gaps.state_{state_of(answered)}")
            table.add_row(answered.slug, str(answered.wanted), state, answered.latest.written.heading)
        at.command.out.print(table if found else at.command.say("gaps.answers_none"))


@app.command()
def undo(
    slug: Annotated[str, typer.Argument(help="as `gaps answers` lists it")],
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Go back to the version before, or take the answer away."""
    with _desk(officer, unit, as_json=json_output) as (at, gaps):
        number = gaps.undo(at.seat, slug, on=gaps.answer(at.seat, slug).wanted)
        told = at.command.say("gaps.undone" if number else "gaps.undone_gone", slug=slug, number=number)
        at.show({"slug": slug, "version": number}, [told], as_json=json_output)


@contextmanager
def _desk(officer: str, unit: str, *, as_json: bool) -> Iterator[tuple[AtDesk, GapDesk]]:
    """The gap loop at the desk; no key is needed."""
    with at_desk(officer, unit, as_json=as_json, with_key=False) as at:
        settings = at.command.settings
        try:
            room = open_gaps(settings)
        except GapsError as error:
            at.command.fail(f"gaps.{error.code}")
        is_trial = all(one.is_development for one in at.book.units)
        shown_from = 1 if is_trial else settings.gaps_shown_from
        try:
            yield at, GapDesk(at.desk, room.store, at.book, now=utc_now, shown_from=shown_from)
        finally:
            room.close()


def _plain_cluster(cluster: Cluster) -> dict[str, object]:
    return {
        "id": cluster.id,
        "asked": cluster.count,
        "weeks": sorted({gap.week for gap in cluster.gaps}),
        "audiences": list(dict.fromkeys(gap.audience.value for gap in cluster.gaps)),
        "reasons": list(dict.fromkeys(gap.reason.value for gap in cluster.gaps)),
        "wordings": list(cluster.wordings),
    }


def _plain_answer(answered: Answered) -> dict[str, object]:
    return {
        "slug": answered.slug,
        "guide": answered.key,
        "state": state_of(answered),
        "version": answered.wanted,
        "versions": [version.number for version in answered.versions],
        "heading": answered.latest.written.heading,
    }
