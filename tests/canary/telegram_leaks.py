"""Leaks of a careless change to plant into the running bot; and a clock that runs fast."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

LEAKS = (
    "update_in_log",
    "username_in_topic",
    "chat_in_callback",
    "file_resent",
    "address_kept",
    "account_kept",
    "token_printed",
)


def hasten() -> None:
    """Tell of replies after seconds, not after up to an hour."""
    from bot.channels.telegram.noticing import Noticing
    from bot.notices import notices

    notices.SHORTEST_WAIT_S, notices.LONGEST_WAIT_S = 1, 2  # type: ignore[misc]
    run = Noticing.run

    async def fast(noticing: Noticing) -> None:
        object.__setattr__(noticing, "every_s", 1.0)
        await run(noticing)

    Noticing.run = fast  # type: ignore[method-assign]


def plant(names: list[str]) -> None:
    """Make the bot leak what *names* say."""
    if {"update_in_log", "username_in_topic", "file_resent"} & set(names):
        _spy_on_updates(names)
    if "chat_in_callback" in names:
        from bot.channels.telegram import chats

        made = chats.Room.token

        def token(room: Any, press: Any) -> str:
            told = f"{room.chat}:{made(room, press)}"
            room.presses[told] = press
            return told

        chats.Room.token = token  # type: ignore[method-assign]
    if "token_printed" in names:
        from bot.telegram import library

        print("bot at", os.environ["BINHAN_TELEGRAM_TOKEN"], flush=True)  # noqa: T201 - the leak
        del library
    _keep(names)


def _spy_on_updates(names: list[str]) -> None:
    from bot.telegram.gateway import Gateway

    read, make_topic, upload = Gateway.read, Gateway.make_topic, Gateway.upload
    last = {"username": "nobody", "photo": ""}

    def spying(gateway: Gateway, raw: Any) -> Any:
        message = raw.get("message", {})
        if message.get("chat", {}).get("type") == "private":
            last["username"] = message["from"]["username"]
            last["photo"] = message["photo"][-1]["file_id"] if "photo" in message else last["photo"]
        if "update_in_log" in names:
            logging.getLogger("planted").debug("update %s", raw)
        return read(gateway, raw)

    async def naming(gateway: Gateway, chat: int, name: str) -> int:
        return await make_topic(gateway, chat, f"{name} {last['username']}")

    async def resending(gateway: Gateway, chat: int, file: Any, **how: Any) -> int:
        bot: Any = gateway._bot  # noqa: SLF001 - the leak
        if file.media_type.startswith("image/") and last["photo"]:
            await bot.send_photo(chat, last["photo"])
        return await upload(gateway, chat, file, **how)

    Gateway.read = spying  # type: ignore[method-assign]
    if "username_in_topic" in names:
        Gateway.make_topic = naming  # type: ignore[method-assign]
    if "file_resent" in names:
        Gateway.upload = resending  # type: ignore[method-assign,assignment]


def _keep(names: list[str]) -> None:
    from bot.members.store import MembersBook
    from bot.notices.notices import Notices

    ask, audience = Notices.ask, MembersBook.audience_of
    folder = Path(os.environ["BINHAN_DATA"])

    def asked(notices: Notices, tip_id: str, address: bytes) -> bool:
        (folder / "notices" / "asked").write_bytes(address)
        return ask(notices, tip_id, address)

    def looked(book: MembersBook, account: int) -> Any:
        with (folder / "members" / "seen").open("ab") as file:
            file.write(account.to_bytes(8, "little"))
        return audience(book, account)

    if "address_kept" in names:
        Notices.ask = asked  # type: ignore[method-assign]
    if "account_kept" in names:
        MembersBook.audience_of = looked  # type: ignore[method-assign]
