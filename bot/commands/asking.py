"""`binhan ask` and `binhan chat`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.channels.terminal import as_json, show
from bot.commands.common import open_desk
from bot.flows.ask import unasked
from bot.messages import PREVIOUS_LIMIT, Question
from knowledge.model import Audience

_LEAVE = {"/thoat", "/thoát", "/exit", "/quit"}

WhoAsks = Annotated[Audience, typer.Option("--audience", help="whose documents may be used")]


def ask(
    question: Annotated[str, typer.Argument(help="the question, with or without diacritics")],
    *,
    audience: WhoAsks = Audience.PUBLIC,
    json_output: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Ask one question; exit code 0 whether answered, refused or danger."""
    desk = open_desk()
    asked = Question(text=_readable(question), audience=audience, language=desk.language)
    answer = unasked(asked)
    if answer is None:
        with desk.workplace() as workplace:
            answer = workplace.ask(asked)
    if json_output:
        desk.print_json(as_json(answer))
    else:
        show(answer, desk.out, desk.language)


def chat(*, audience: WhoAsks = Audience.PUBLIC) -> None:
    """Talk in the terminal; the last questions are kept in memory for follow-ups, and nowhere else."""
    desk = open_desk()
    previous: tuple[str, ...] = ()
    with desk.workplace() as workplace:
        desk.out.print(desk.say("cli.chat_hello"), style="bold")
        while True:
            try:
                typed = desk.out.input(f"[bold]{desk.say('cli.chat_you')}:[/] ").strip()
            except (EOFError, KeyboardInterrupt):
                break
            if typed.lower() in _LEAVE:
                break
            if not typed:
                continue
            typed = _readable(typed)
            question = Question(text=typed, audience=audience, language=desk.language, previous=previous)
            said = unasked(question)
            show(said or workplace.ask(question), desk.out, desk.language)
            if said is None:
                previous = (*previous, typed)[-PREVIOUS_LIMIT:]
        desk.out.print(desk.say("cli.chat_bye"))


def _readable(typed: str) -> str:
    """*typed* without bytes that were no text: a terminal in another encoding sends them."""
    return typed.encode("utf-8", "ignore").decode("utf-8")
