"""`binhan ingest held|accept|propose`, and the gate that `add` and `sync` publish through."""

from __future__ import annotations

import getpass
import sys
from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from bot.commands.common import Desk, open_desk
from bot.trust_door import open_gate
from ingest.document import read_document
from ingest.stated import as_sidecar
from ingest.stated import propose as stated
from ingest.trust.book import TrustBook
from ingest.trust.flags import Code, HeldForPerson

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from bot.workplace import Workplace
    from ingest.sync import Outcome
    from ingest.trust.flags import Flag
    from ingest.trust.gate import TrustGate
    from knowledge.model import Audience, DocumentDraft

HELD = 3  # exit code: all was read, and something waits for a person

Accepted = Annotated[
    list[Code] | None, typer.Option("--accept", help="a finding you answer for; may be repeated")
]
By = Annotated[str, typer.Option("--by", help="who answers for it; the account's name unless given")]


@contextmanager
def gate_before(
    desk: Desk,
    workplace: Workplace,
    *,
    paths: Mapping[str, Path] | None = None,
    accepted: Collection[Code] = (),
    who: str = "",
) -> Iterator[TrustGate]:
    """The gate before *workplace*, its book closed at the end."""
    name = who or getpass.getuser()
    with open_gate(desk.settings.data, workplace, who=name, paths=paths, accepted=accepted) as gate:
        yield gate


def propose(
    file: Annotated[Path, typer.Argument(help="a document to be brought in")],
) -> None:
    """Print what FILE says of itself as a sidecar, to be read, put right and saved beside it."""
    desk = open_desk()
    draft = read_document(file, key=file.name)
    words = {
        name: desk.say(f"trust.from_{name}")
        for name in ("read", "number", "head", "title", "text", "register", "missing", "amends", "confirm")
    }
    desk.err.print(desk.say("trust.propose_as", name=f"{file.name}.meta.yaml"), markup=False)
    sys.stdout.write(as_sidecar(stated(draft), draft.meta, words))


class DryGate:
    """A gate that lets nothing through and tells what it would hold back."""

    def __init__(self, gate: TrustGate) -> None:
        self._gate = gate

    def hashes(self, prefix: str) -> dict[str, str]:
        """As the gate's."""
        return self._gate.hashes(prefix)

    def publish(self, draft: DocumentDraft) -> None:
        """
        Look at *draft* and let it go.

        Raises:
            HeldForPerson: It would wait for a person.
        """
        if flags := self._gate.would_hold(draft):
            audience = draft.meta.audience
            raise HeldForPerson(
                flags, narrowed_to=audience if self.narrow(draft.meta.key, audience) else None
            )

    def narrow(self, key: str, audience: Audience) -> bool:
        """Whether the gate would."""
        return self._gate.would_narrow(key, audience)

    def remove(self, key: str) -> None:
        """Leave *key* where it is."""


def held(*, json_output: Annotated[bool, typer.Option("--json", help="one JSON list")] = False) -> None:
    """List the documents that wait for a person, and why."""
    desk = open_desk()
    book = TrustBook.open(desk.settings.data)
    try:
        waiting = book.held()
    finally:
        book.close()
    if json_output:
        desk.print_json(
            [
                {"key": item.draft.meta.key, "title": item.draft.meta.title, "since": item.since}
                | {"flags": flag_rows(desk, item.flags)}
                for item in waiting
            ]
        )
        return
    if not waiting:
        desk.out.print(desk.say("trust.none_held"))
    for item in waiting:
        desk.out.print(f"{escape(item.draft.meta.key)}: {escape(item.draft.meta.title)}")
        for line in flag_lines(desk, item.flags):
            desk.out.print(f"  {escape(line)}")


def accept(
    keys: Annotated[
        list[str], typer.Argument(help="documents that wait, by key, as `ingest held` shows them")
    ],
    *,
    by: By = "",
    whole: Annotated[
        bool, typer.Option("--whole", help="also the sentences that order machines about or ask for an OTP")
    ] = False,
) -> None:
    """Publish documents that waited: you have read them and answer for them."""
    desk = open_desk()
    done = 0
    with desk.workplace() as workplace, gate_before(desk, workplace, who=by) as gate:
        for key in keys:
            noted = gate.accept(key, whole=whole)
            done += noted is not None
            told = "trust.accepted" if noted else "trust.not_accepted"
            desk.out.print(desk.say(told, document=escape(key)))
        if done:
            workplace.finish()
    if done < len(keys):
        raise typer.Exit(HELD)


def copies_in(desk: Desk) -> dict[str, str]:
    """The keys of copies, each with the key of the document that answers for it."""
    book = TrustBook.open(desk.settings.data)
    try:
        return book.answers_for()
    finally:
        book.close()


def flag_lines(desk: Desk, flags: Iterable[Flag]) -> list[str]:
    """One line for each flag, as the editor reads it."""
    lines = []
    for flag in flags:
        place = desk.say("trust.where_hidden") if flag.where == "hidden" else flag.where
        told = desk.say(f"trust.{flag.code.value}")
        where = f" ({place})" if place else ""
        lines.append(f"{told}{where}: {flag.sample}" if flag.sample else f"{told}{where}")
    return lines


def narrowed_line(desk: Desk, outcome: Outcome) -> str:
    """That the version before is for fewer people now, as the editor reads it."""
    audience = desk.say(f"gaps.audience_{outcome.narrowed_to}")
    return desk.say("trust.narrowed", audience=audience)


def flag_rows(desk: Desk, flags: Iterable[Flag]) -> list[dict[str, Any]]:
    """The flags for `--json`."""
    return [
        {"code": flag.code.value, "grave": flag.is_grave, "where": flag.where, "sample": flag.sample}
        | {"told": desk.say(f"trust.{flag.code.value}")}
        for flag in flags
    ]
