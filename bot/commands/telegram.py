"""`binhan telegram check`: whether the bots, their groups and their rights are as the settings want them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.commands.common import FAILED, open_desk
from bot.telegram.checking import Found, check_bot
from bot.telegram.errors import BadToken, TelegramFault
from bot.telegram_room import gateway_of
from bot.tips_room import open_book
from tips.errors import TipError
from tips.units import DEVELOPMENT_UNIT

if TYPE_CHECKING:
    from bot.commands.common import Desk
    from bot.settings import Settings
    from bot.telegram.checking import State
    from bot.telegram.gateway import Gateway

app = typer.Typer(no_args_is_help=True, help="Telegram: look at the bots.")
_MARKS: dict[State, str] = {"ok": "[green]●[/]", "warning": "[yellow]●[/]", "wrong": "[red]✗[/]"}


@app.callback()
def main() -> None:
    """Telegram."""


@app.command()
def check(*, json_output: Annotated[bool, typer.Option("--json", help="one JSON list")] = False) -> None:
    """Look at tokens, where updates go, officers' groups and rights; exit code 1 if something is wrong."""
    desk = open_desk()
    found = look(desk.settings)
    if json_output:
        desk.print_json([{"key": item.key, "state": item.state, "told": told(desk, item)} for item in found])
    else:
        table = Table(show_header=False, box=None)
        for item in found:
            table.add_row(_MARKS[item.state], told(desk, item))
        desk.out.print(table)
    if any(item.state == "wrong" for item in found):
        raise typer.Exit(FAILED)


def told(desk: Desk, found: Found) -> str:
    """What *found* says to the operator."""
    if not found.key.startswith("check_chat_"):
        return desk.say(f"telegram.{found.key}", **found.fields)
    return desk.say("telegram.check_chat", **found.fields, state=desk.say(f"telegram.{found.key}"))


def look(settings: Settings) -> list[Found]:
    """Everything about the bots that *settings* name. Never raises: what cannot be seen is told as such."""
    token = settings.telegram_token.get_secret_value()
    own = settings.telegram_desk_token.get_secret_value()
    if not (token or own):
        return [Found(key="check_no_token", state="ok", fields={})]
    chats = _admin_chats(settings)
    found: list[Found] = []
    if token:
        found += _look_at(settings, token, is_desk=False, chats=[] if own else chats)
    if own:
        found += _look_at(settings, own, is_desk=True, chats=chats)
    if not chats:
        found.append(Found(key="check_no_chat", state="warning", fields={}))
    return found


def _look_at(settings: Settings, token: str, *, is_desk: bool, chats: list[tuple[int, str]]) -> list[Found]:
    try:
        gateway = gateway_of(settings, token)
    except BadToken:
        return [Found(key="check_bad_token", state="wrong", fields={})]
    return asyncio.run(check_bot(gateway, webhook=settings.telegram_webhook, is_desk=is_desk, chats=chats))


def _admin_chats(settings: Settings) -> list[tuple[int, str]]:
    try:
        book = open_book(settings)
    except TipError:  # before the first start there is no file of units; the trial unit will have this group
        trial = settings.telegram_admin_chat
        return [(trial, DEVELOPMENT_UNIT)] if trial and settings.units is None else []
    return [(chat, unit.id) for unit in book.units for chat in unit.admin_chats]


def username_of(settings: Settings) -> str:
    """The residents' bot's name, without @; "" where there is none, or it cannot be asked now."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return ""
    try:
        return asyncio.run(_username(gateway_of(settings, token)))
    except TelegramFault:
        return ""


async def _username(gateway: Gateway) -> str:
    try:
        await gateway.start()
        return gateway.username
    finally:
        await gateway.stop()
