"""What every command shares: the settings, the printer, and errors told in the user's language."""

from __future__ import annotations

import errno
import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.opening import open_workplace
from bot.settings import Settings
from knowledge.folder import DataFolder
from prompts.catalog import catalog
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.workplace import Workplace
    from prompts.catalog import Language
    from tips.errors import TipError

_FAULTS = {
    "number": {"int_parsing", "int_type", "float_parsing", "float_type", "int_from_float"},
    "range": {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"},
    "choice": {"literal_error", "enum"},
    "length": {"string_too_short", "string_too_long"},
    "list": {"tuple_type", "list_type", "json_invalid", "string_type"},
    "address": {"address"},
    "local_only": {"local_only"},
}
_CLOSED = frozenset((errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR))
FAILED = 1
USAGE = 2


@dataclass(frozen=True, slots=True)
class Desk:
    """Settings, language and consoles of one command. Answers go to stdout, all else to stderr."""

    settings: Settings
    out: Console
    err: Console

    @property
    def language(self) -> Language:
        """The language of the command line."""
        return self.settings.language

    def say(self, key: str, **fields: object) -> str:
        """A text of the catalogue in the command line's language."""
        return say(key, self.language, **fields)

    def fail(self, key: str, **fields: object) -> NoReturn:
        """Print an error and stop with exit code 1."""
        self.err.print(self.say(key, **fields), style="red", markup=False, highlight=False)
        raise typer.Exit(FAILED)

    def fail_for(self, error: TipError) -> NoReturn:
        """The same for an error of `tips`, in the operator's words."""
        told = error_text(error.code, error.fields, self.language)
        self.err.print(told, style="red", markup=False, highlight=False)
        raise typer.Exit(FAILED)

    def print_json(self, value: Any) -> None:
        """Print *value* as one line of JSON, Vietnamese letters as they are."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[int, int], None]]:
        """A progress bar on stderr; gives the function that moves it to (done, in all)."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=self.err, transient=True)
        task = bar.add_task(label, total=None)

        def move(done: int, total: int) -> None:
            bar.start()  # shown only once there is something to wait for
            bar.update(task, completed=done, total=total)

        try:
            yield move
        finally:
            if bar.live.is_started:
                bar.stop()

    @contextmanager
    def opening(self) -> Iterator[Callable[[int, int], None]]:
        """As `progress`, for the opening of the library; says so first where it takes minutes."""
        if not DataFolder(self.settings.data).vectors.exists():
            self.err.print(self.say("cli.serving_first"))
        with self.progress(self.say("cli.serving_indexing")) as move:
            yield move

    @contextmanager
    def workplace(self) -> Iterator[Workplace]:
        """The library here or in the running service, given back at the end."""
        with self.opening() as move:
            opened = open_workplace(self.settings, move)
        try:
            yield opened
        finally:
            opened.close()


def open_desk() -> Desk:
    """
    The desk of this command.

    Raises:
        typer.Exit: A setting is wrong; every fault was named.
    """
    err = Console(stderr=True)
    try:
        settings = Settings()
    except ValidationError as error:
        language = plain_language()
        err.print(say("cli.settings_wrong", language), style="red")
        for fault in error.errors(include_input=False, include_url=False):
            name = f"BINHAN_{str(fault['loc'][0]).upper()}"
            line = say("cli.settings_wrong_line", language, name=name, reason=_fault(fault["type"], language))
            err.print(line, markup=False, highlight=False)
        raise typer.Exit(USAGE) from None
    return Desk(settings, Console(), err)


def _fault(kind: str, language: Language) -> str:
    """Why pydantic refused a value, by its kind of fault; its own words are English and may quote it."""
    key = next((key for key, kinds in _FAULTS.items() if kind in kinds), "value")
    return say(f"cli.fault_{key}", language)


def plain_language() -> Language:
    """The language to speak where there are no settings to ask."""
    return "en" if os.environ.get("BINHAN_LANGUAGE") == "en" else "vi"


def error_text(code: str, fields: dict[str, str], language: Language) -> str:
    """
    The text of an error that left `knowledge`, `ingest` or `tips`, by its code.

    `cli` is asked before `tips`: what a tipster is told is no help to an operator.
    """
    texts = catalog(language)
    for key in (code, f"cli.{code}", f"ingest.{code}", f"tips.{code}"):
        if key in texts:
            return texts[key].format(**fields)  # not `say`: a field may be called `key`
    return say("cli.unexpected", language, kind=code)


def closed_text(error: OSError, language: Language) -> str | None:
    """The text of a file or folder that this account may not use, None for any other error."""
    if error.errno not in _CLOSED or not isinstance(error.filename, str):
        return None
    return say("cli.path_closed", language, file=error.filename, kind=type(error).__name__)
