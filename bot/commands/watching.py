"""`binhan ingest sync FOLDER --watch`, and how anything that is watched is told to the operator."""

from __future__ import annotations

from collections import defaultdict
from threading import Event
from typing import TYPE_CHECKING

from bot.commands import trusting
from bot.commands.common import error_text
from bot.commands.syncing import check_folder, claim
from bot.sources_room import Trouble
from ingest.folder_events import POLL_S, FolderEvents
from ingest.seen import Seen
from ingest.sync import Action
from ingest.watched import FolderTold, WatchedFolder
from ingest.watching import FolderKeeper
from prompts.catalog import catalog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.commands.common import Desk
    from bot.commands.syncing import Request
    from ingest.sync import Outcome
    from ingest.web.keeping import PageTold


def watch_folder(desk: Desk, request: Request, *, poll_s: float) -> None:
    """
    Keep a collection like its folder until Ctrl-C, telling what becomes of it line by line.

    Args:
        desk: Settings and consoles.
        request: As for one sync.
        poll_s: Seconds between two looks; 0: only where the system tells nothing of changes.

    Raises:
        typer.Exit: It is no folder, or another has the collection; which was said.
    """
    check_folder(desk, request)
    root, collection = request.folder.resolve(), request.collection
    with desk.workplace() as workplace:
        has_some = bool(workplace.hashes(f"{collection}/"))
        claim(desk, workplace, request, anew=bool(request.name) or not has_some)
        keeper = FolderKeeper(
            WatchedFolder(root=root, collection=collection, defaults=request.defaults),
            door=lambda paths: trusting.gate_before(
                desk, workplace, paths=paths, accepted=request.accepted, who=request.by
            ),
            finish=workplace.finish,
            tell=lambda told: say_told(desk, told),
            seen=lambda: Seen.in_data(desk.settings.data, root),
            prepare=workplace.prepare,
            may_remove=request.yes_remove,
        )
        _say(desk, desk.say("sources.watching", folder=root, name=collection))
        polls = desk.say("sources.watching_polls", seconds=f"{poll_s or POLL_S:g}")
        try:
            FolderEvents(root, Event(), poll_s=poll_s).drive(keeper.turn, lambda: _say(desk, polls))
        except KeyboardInterrupt:
            _say(desk, desk.say("sources.watching_stopped"))


def say_told(desk: Desk, told: FolderTold | PageTold | Trouble) -> None:
    """Print what there is to say, on stderr as the service does, each line by itself."""
    for line in told_lines(desk, told):
        _say(desk, line)


def told_lines(desk: Desk, told: FolderTold | PageTold | Trouble) -> list[str]:
    """*told* in the operator's language."""
    if isinstance(told, Trouble):
        return [desk.say(told.key, **told.fields)]
    if not isinstance(told, FolderTold):
        return page_lines(desk, told)
    if told.outcome is not None:
        return outcome_lines(desk, told.outcome)
    fields = {"folder": told.folder.root, "name": told.folder.collection, "reason": told.code}
    return [desk.say(f"sources.folder_{told.kind}", count=told.count, known=told.known, **fields)]


def outcome_lines(desk: Desk, outcome: Outcome) -> list[str]:
    """What became of one document."""
    held = outcome.action is Action.HELD
    action = desk.say("trust.action_held" if held else f"ingest.action_{outcome.action.value}")
    line = f"{outcome.key}: {action}"
    if outcome.error:
        line += f". {error_text(outcome.error, dict(outcome.fields), desk.language)}"
    if outcome.narrowed_to:
        line += f" {trusting.narrowed_line(desk, outcome)}"
    if outcome.duplicate_of:
        line += f", {desk.say('trust.duplicate_of', document=outcome.duplicate_of)}"
    return [line, *(f"- {flag}" for flag in trusting.flag_lines(desk, outcome.flags))]


def page_lines(desk: Desk, told: PageTold) -> list[str]:
    """What became of one page."""
    url = told.source.url
    lines = [desk.say("sources.page_line", url=url, outcome=page_outcome(desk, told.code, url, told.fields))]
    if told.outcome is not None:
        lines += [f"- {flag}" for flag in trusting.flag_lines(desk, told.outcome.flags)]
    return lines


def page_outcome(desk: Desk, code: str, url: str, fields: Mapping[str, str]) -> str:
    """The outcome *code* of the page at *url* in words."""
    text = catalog(desk.language).get(f"sources.page_{code}")
    if text is None:
        return error_text(code, dict(fields), desk.language)
    return text.format_map(defaultdict(lambda: "?", fields, name=url))


def _say(desk: Desk, line: str) -> None:
    desk.err.print(line, markup=False, highlight=False, soft_wrap=True)
