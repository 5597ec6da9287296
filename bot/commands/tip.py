"""`binhan tip`: leave a tip in a conversation, send one from a script, follow one by its receipt."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot.channels.terminal_tip import TerminalTip, file_of
from bot.commands.common import FAILED, open_desk
from bot.conversation import rendered
from bot.flows.tip_draft import cleaned, has_words
from bot.flows.tip_places import likely_places, sure_place
from bot.flows.tip_talk import make_tip_flow, reason_of
from bot.tips_room import open_tips
from prompts.catalog import text as say
from tips.errors import BadReceipt, BadSetup, FileRefused, NoReceivingUnit, TipError
from tips.kinds import kind_ids
from tips.model import STORY_LIMIT, RawFile, TipContent
from tips.naming import names_sender
from tips.places import place_name
from tips.receipts import Receipt, find_receipt
from tips.routing import route
from tips.units import EVERY

if TYPE_CHECKING:
    from rich.console import Console

    from bot.commands.common import Desk
    from bot.flows.tip_talk import Kind
    from tips.intake import Conversation, Submitted
    from tips.units import UnitBook

REFUSED = 2
_FROM_STDIN = "-"
_REFUSALS = (BadSetup, FileRefused, NoReceivingUnit)

tip_app = typer.Typer(
    invoke_without_command=True, help="leave an anonymous tip, or follow one by its receipt"
)
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]


@tip_app.callback()
def tip(context: typer.Context) -> None:
    """Leave a tip in the terminal, question by question."""
    if context.invoked_subcommand is None:
        _talk("tip")


@tip_app.command()
def follow() -> None:
    """Follow a tip by its receipt, in the terminal: replies, answers, withdrawing."""
    _talk("follow_up")


@tip_app.command()
def send(  # noqa: PLR0913 - one option for each thing that can be told
    *,
    text: Annotated[str, typer.Option(help="the story; - reads it from stdin")] = _FROM_STDIN,
    unit: Annotated[str, typer.Option(help="id of the unit that has to receive it")] = "",
    kind: Annotated[str, typer.Option(help="id of a kind of tips/kinds.toml")] = "",
    file: Annotated[list[Path] | None, typer.Option(help="a photo, video, recording or paper")] = None,
    place: Annotated[str, typer.Option(help="commune or ward, code, pin, or words")] = "",
    when: Annotated[str, typer.Option(help="when it happened, in words")] = "",
    concerns: Annotated[list[str] | None, typer.Option(help="id of a unit that must not see it")] = None,
    whom: Annotated[str, typer.Option(help="the official it concerns, in words")] = "",
    urgent: Annotated[bool, typer.Option("--urgent", help="somebody may be in danger")] = False,
    keep_original: Annotated[
        bool, typer.Option("--keep-original", help="keep files as they came too")
    ] = False,
    receipt: Annotated[
        str, typer.Option(help="the receipt of a sending that failed; - reads it from stdin")
    ] = "",
    json_output: AsJson = False,
) -> None:
    """Send a tip. Exit code 0: received. 2: refused, for the reason given. 1: a fault, not received."""
    desk = open_desk()
    report = Report(desk, is_json=json_output)
    files = _files(tuple(file or ()), report, keep_original=keep_original)
    request = Request(
        text=_stdin() if text == _FROM_STDIN else text,
        unit=unit,
        kind=kind,
        place=place,
        when=when,
        concerns=tuple(concerns or ()),
        whom=whom,
        is_urgent=urgent,
    )
    if (used := _receipt(receipt)) is None:
        report.refuse("bad_receipt", desk.say("tips.bad_receipt"))
    if not has_words(request.text) and not files:
        report.refuse("empty", desk.say("tip.story_needed"))
    try:
        with closing(open_tips(desk.settings)) as room:
            _say_if_trial(desk, room.book, desk.err)
            content = content_of(request, room.book, report)
            done = room.intake.submit(used, content, files)
    except TipError as error:
        report.failed(error, used)
    report.received(used, done, content, room.book)


@tip_app.command()
def status(
    receipt: Annotated[str, typer.Argument(help="the receipt; - reads it from stdin")],
    *,
    json_output: AsJson = False,
) -> None:
    """Show what a receipt opens. Exit code 2 for a wrong, an unknown and an expired one alike."""
    desk = open_desk()
    report = Report(desk, is_json=json_output)
    typed = _stdin() if receipt == _FROM_STDIN else receipt
    try:
        known = Receipt.parse(typed)
    except BadReceipt:
        known = Receipt.new()  # looked for like any other: no answer comes sooner than another
    try:
        with closing(open_tips(desk.settings)) as room:
            found = room.intake.follow(known)
    except TipError as error:
        report.failed(error)
    if found is None:
        report.refuse("nothing", desk.say("follow.nothing"))
    report.found(found)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """What the options of `tip send` say."""

    text: str
    unit: str
    kind: str
    place: str
    when: str
    concerns: tuple[str, ...]
    whom: str
    is_urgent: bool


@dataclass(slots=True)
class Report:
    """Tells how a command went, as JSON or in words, and ends it where it did not go well."""

    desk: Desk
    is_json: bool = False
    refused_files: list[str] = field(default_factory=list)

    def refuse(self, reason: str, words: str) -> NoReturn:
        """End with exit code 2."""
        self._tell({"status": "refused", "reason": reason, "text": words}, words, is_error=True)
        raise typer.Exit(REFUSED)

    def failed(self, error: TipError, receipt: Receipt | None = None) -> NoReturn:
        """End for *error*: refused, or a fault after which the same receipt may be used again."""
        words = rendered(reason_of(error), self.desk.language)
        reason = error.fields.get("reason", error.code)
        if isinstance(error, _REFUSALS):
            self.refuse(reason, words)
        again = {"receipt": receipt.text} if receipt else {}
        shown = (
            words if receipt is None else f"{words}\n{self.desk.say('tip.send_again', receipt=receipt.text)}"
        )
        self._tell({"status": "not_received", "reason": reason, "text": words, **again}, shown, is_error=True)
        raise typer.Exit(FAILED)

    def received(self, receipt: Receipt, done: Submitted, content: TipContent, book: UnitBook) -> None:
        """Print receipt and reference; of one received before, that nothing of this sending was added."""
        unit = route(book, content.area, content.kind, content.concerns).holder
        refused = [*self.refused_files, *done.refused]
        warnings = list(names_sender(content.story))
        value = {
            "status": "received",
            "receipt": receipt.text,
            "reference": done.reference,
            "unit": unit if done.is_new else "",  # where the first went, this sending does not tell
            "is_new": done.is_new,
            "files": done.files,
            "refused": refused,
            "is_cut": done.is_cut,
            "names_sender": warnings,
        }
        lines = [
            self.desk.say("tip.received", reference=done.reference),
            self.desk.say("tip.send_receipt", receipt=receipt.text),
            *(self.desk.say(f"tips.refused_{reason}") for reason in refused),
        ]
        if not done.is_new:
            lines.insert(1, self.desk.say("tip.received_first_version"))
        if done.is_cut:
            lines.append(self.desk.say("tip.story_cut", limit=STORY_LIMIT))
        if warnings:
            lines.append(self.desk.say("tip.send_names_sender"))
        self._tell(value, "\n".join(lines))

    def found(self, found: Conversation) -> None:
        """Print where a tip stands, and every reply."""
        language = self.desk.language
        replies = [
            {
                "seq": reply.seq,
                "type": reply.type,
                "text": reply.text,
                "state": reply.state,
                "outcome": reply.outcome,
                "day": reply.day.isoformat() if reply.day else "",
            }
            for reply in found.replies
        ]
        state = say(f"follow.state_{found.state}", language)
        value = {
            "status": "found",
            "reference": found.reference,
            "state": found.state,
            "state_text": state,
            "is_withdrawn": found.is_withdrawn,
            "replies": replies,
        }
        heading = "follow.is_withdrawn" if found.is_withdrawn else "follow.state"
        lines = [self.desk.say(heading, reference=found.reference, state=state)]
        for reply in replies:
            key = "follow.reply_question" if reply["type"] == "question" else "follow.reply_message"
            if reply["text"]:
                lines.append(self.desk.say(key, day=reply["day"], number=reply["seq"], text=reply["text"]))
        self._tell(value, "\n".join(lines))

    def _tell(self, value: dict[str, Any], words: str, *, is_error: bool = False) -> None:
        if self.is_json:
            self.desk.print_json(value)
        else:
            console = self.desk.err if is_error else self.desk.out
            console.print(words, markup=False, highlight=False)


def content_of(request: Request, book: UnitBook, report: Report) -> TipContent:
    """The tip that *request* means; refused where it names what there is not."""
    say_it = report.desk.say
    if request.kind and request.kind not in kind_ids():
        report.refuse(
            "unknown_kind_of_tip", say_it("tip.send_unknown_kind", kinds=", ".join(sorted(kind_ids())))
        )
    if unknown := [unit for unit in (request.unit, *request.concerns) if unit and unit not in book]:
        known = ", ".join(unit.id for unit in book.units)
        report.refuse("unknown_unit", say_it("tip.send_unknown_unit", unit=unknown[0], units=known))
    words = (request.text, request.place, request.when, request.whom)
    if any(find_receipt(part) for part in words):
        report.refuse("receipt_inside", say_it("tip.ask_receipt_inside"))
    content = TipContent(
        story=cleaned(request.text, 2 * STORY_LIMIT),  # the intake cuts it, and says so
        kind=request.kind,
        urgent=request.is_urgent,
        area=_area(request, book),
        place=cleaned(request.place, STORY_LIMIT),
        when=cleaned(request.when, STORY_LIMIT),
        concerns=request.concerns,
        concerns_whom=cleaned(request.whom, STORY_LIMIT),
        language=report.desk.language,
    )
    holder = route(book, content.area, content.kind, content.concerns).holder
    if request.unit and holder != request.unit:
        report.refuse("other_unit", say_it("tip.send_other_unit", unit=request.unit, holder=holder))
    return content


def _area(request: Request, book: UnitBook) -> str:
    """The commune or ward of the place; without one, that of a unit that serves no other."""
    if request.place:
        sure = sure_place(likely_places(request.place, book))
        is_code = place_name(request.place) != request.place
        return request.place if is_code else (sure.code if sure else "")
    served = book.unit(request.unit).areas if request.unit else ()
    return served[0] if len(served) == 1 and served[0] != EVERY else ""


def _files(paths: tuple[Path, ...], report: Report, *, keep_original: bool) -> tuple[RawFile, ...]:
    files: list[RawFile] = []
    for path in paths:
        read = file_of(path)
        if read is None:
            report.refuse("file_not_found", report.desk.say("cli.file_not_found", file=path.name))
        report.refused_files += ["too_large"] * read.too_large
        files += read.files
    if paths and not files:
        report.refuse("too_large", report.desk.say("tips.refused_too_large"))
    return tuple(RawFile(content=file.content, keep_original=keep_original) for file in files)


def _receipt(typed: str) -> Receipt | None:
    if not typed:
        return Receipt.new()
    try:
        return Receipt.parse(_stdin() if typed == _FROM_STDIN else typed)
    except BadReceipt:
        return None


def _stdin() -> str:
    return sys.stdin.buffer.read().decode("utf-8", "ignore").strip()


def _talk(kind: Kind) -> None:
    desk = open_desk()
    try:
        opened = open_tips(desk.settings)
    except TipError as error:
        Report(desk).failed(error)
    with closing(opened) as room, ThreadPoolExecutor(1) as workers:
        if kind == "tip":
            _say_if_trial(desk, room.book, desk.out)
        talk = make_tip_flow(room.intake, room.book, workers)
        TerminalTip(talk, desk.out, desk.language).run(kind)


def _say_if_trial(desk: Desk, book: UnitBook, console: Console) -> None:
    """What the web page says first, too: nobody at a police unit reads this."""
    if any(unit.is_development for unit in book.units):
        console.print(desk.say("tipweb.trial"), style="yellow", markup=False, highlight=False)
