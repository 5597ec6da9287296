"""Looks at a bot as Telegram has it: the token, where updates go, the officers' groups, our rights there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.telegram.errors import BadToken, ChatMoved, TelegramFault, TelegramRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.telegram.gateway import Gateway

State = Literal["ok", "warning", "wrong"]
ChatState = Literal["topics", "cards", "no_admin", "no_delete", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing looked at; `key` is a text of `prompts/telegram`."""

    key: str
    state: State
    fields: dict[str, str]


async def check_bot(
    gateway: Gateway, *, webhook: str, is_desk: bool, chats: Sequence[tuple[int, str]]
) -> list[Found]:
    """
    Everything about one bot.

    Args:
        gateway: Not started yet; it is stopped at the end.
        webhook: Where updates should go, "" for polling.
        is_desk: Whether it is the officers' own bot.
        chats: Officers' groups it should sit in, each with its unit.
    """
    try:
        await gateway.start()
        key = "check_desk_token" if is_desk else "check_token"
        found = [Found(key=key, state="ok", fields={"username": gateway.username})]
        found.append(await _updates(gateway, webhook))
        found += [await _chat(gateway, chat, unit) for chat, unit in chats]
    except BadToken:
        return [Found(key="check_bad_token", state="wrong", fields={})]
    except TelegramFault:
        return [Found(key="check_away", state="wrong", fields={})]
    else:
        return found
    finally:
        await gateway.stop()


async def _updates(gateway: Gateway, webhook: str) -> Found:
    url = await gateway.webhook_url()
    if url and not url.startswith(webhook or "\0"):
        return Found(key="check_webhook_other", state="warning", fields={"url": url})
    if webhook:
        return Found(key="check_webhook", state="ok", fields={"url": webhook})
    return Found(key="check_polling", state="ok", fields={})


async def _chat(gateway: Gateway, chat: int, unit: str) -> Found:
    state = await _state_of(gateway, chat)
    level: State = "ok" if state in {"topics", "cards"} else "wrong" if state == "gone" else "warning"
    return Found(key=f"check_chat_{state}", state=level, fields={"chat": str(chat), "unit": unit})


async def _state_of(gateway: Gateway, chat: int) -> ChatState:
    try:
        facts = await gateway.chat_facts(chat)
    except (TelegramRefused, ChatMoved):
        return "gone"
    if facts.status in {"left", "kicked"}:
        return "gone"
    if facts.status not in {"administrator", "creator"}:
        return "no_admin"
    if not facts.may_delete:
        return "no_delete"
    return "topics" if facts.is_forum and facts.may_manage_topics else "cards"
