"""What `binhan ingest sync` does once: the documents of a collection become those of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.commands import trusting
from bot.commands.room import told_when_full
from ingest.names import collection_name
from ingest.seen import Seen
from ingest.source_list import RESERVED
from ingest.sync import Action, Outcome, apply, failures, plan, scan
from ingest.watched import lost, without

if TYPE_CHECKING:
    from pathlib import Path

    from bot.commands.common import Desk
    from bot.workplace import Workplace
    from ingest.document import Defaults
    from ingest.trust.flags import Code

FILES = "tep"  # the collection of documents added one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What the operator asks for.

    `name` of the collection: the folder's own unless given. `yes_remove`: take out whatever is gone, however
    much it is. `rehash`: read every file, also those that were not touched.
    """

    folder: Path
    name: str
    defaults: Defaults
    accepted: tuple[Code, ...] = ()
    by: str = ""
    dry_run: bool = False
    rehash: bool = False
    yes_remove: bool = False

    @property
    def collection(self) -> str:
        """The name of the folder's documents; "" where it can be none."""
        return collection_name(self.name or self.folder.resolve().name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of each document; `missing` of `known` ones were left in, being suspiciously many."""

    outcomes: list[Outcome]
    missing: int
    known: int


def sync_once(desk: Desk, request: Request) -> Done:
    """
    Bring the library in line with a folder.

    Raises:
        typer.Exit: It is no folder, or another has the collection; which was said.
        UnreadableFile: It cannot be listed; nothing was removed.
    """
    check_folder(desk, request)
    collection, defaults = request.collection, request.defaults
    seen = Seen.in_data(desk.settings.data, request.folder, rehash=request.rehash)
    with (
        told_when_full(desk),
        scan(request.folder, collection=collection, defaults=defaults, seen=seen) as found,
        desk.workplace() as workplace,
        trusting.gate_before(
            desk, workplace, paths=found.paths, accepted=request.accepted, who=request.by
        ) as gate,
    ):
        known = gate.hashes(f"{collection}/")
        # A folder that has moved shares its files with what is known; another of the same name does not,
        # and would take everything of the first one out.
        is_moved = not known or bool(found.hashes.keys() & known.keys())
        claim(desk, workplace, request, anew=bool(request.name) or is_moved)
        known = found.comparable(known | gate.resting(f"{collection}/", found.hashes))
        todo = plan(found.hashes, known)
        missing = () if request.yes_remove else lost(todo, found.hashes, known)
        todo = without(todo, missing)
        library = trusting.DryGate(gate) if request.dry_run else gate
        outcomes = failures(found, library)
        with desk.progress(desk.say("cli.ingest_reading")) as move:
            outcomes += apply(
                todo,
                paths=found.paths,
                library=library,
                report=_Counter(move, todo.work),
                defaults=defaults,
                prepare=None if request.dry_run else workplace.prepare,
            )
        if not request.dry_run:
            if not missing:
                gate.forget_missing(f"{collection}/", found.paths.keys())
            if todo.work or any(outcome.narrowed_to for outcome in outcomes):
                workplace.finish()
    outcomes += [Outcome(key=key, action=Action.UNCHANGED) for key in todo.unchanged]
    return Done(outcomes=outcomes, missing=len(missing), known=len(known))


def check_folder(desk: Desk, request: Request) -> None:
    """Stop where there is no such folder, and say which."""
    if not request.folder.is_dir():
        desk.fail("sources.no_folder", folder=request.folder)


def claim(desk: Desk, workplace: Workplace, request: Request, *, anew: bool) -> None:
    """Make the collection that of the folder, or say whose it is and stop."""
    home = str(request.folder.resolve())
    owner = workplace.claim_collection(request.collection, home, anew)
    if request.collection in RESERVED or owner != home:
        desk.fail("cli.collection_taken", name=request.collection, folder=owner)


class _Counter:
    def __init__(self, move: Any, total: int) -> None:
        self._move, self._total, self._done = move, total, 0
        move(0, total)

    def __call__(self, _outcome: Outcome) -> None:
        self._done += 1
        self._move(self._done, self._total)
