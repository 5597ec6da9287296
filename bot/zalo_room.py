"""Zalo, built from the settings: a bot that answers residents' questions, beside the web chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.zalo.channel import ZaloChannel
from bot.pace import Pace
from bot.redaction import silence
from bot.zalo.client import ZaloClient
from bot.zalo.running import RunningZalo

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.messages import AskPort
    from bot.settings import Settings


def client_of(settings: Settings) -> ZaloClient:
    """A client of the bot that *settings* name; its token goes into no log."""
    token = settings.zalo_token.get_secret_value()
    silence((token,))
    return ZaloClient(settings.zalo_api, token)


def open_zalo(
    settings: Settings, asking: AskPort | None, tell: Callable[[str, dict[str, object]], None], *, tips: bool
) -> RunningZalo | None:
    """
    The bot, not started; None where no token is set, and on the desk's machine.

    Args:
        settings: Token, addresses, name.
        asking: Who answers residents; None on the desk's machine.
        tell: Told what the operator should read: the key of a text, and its fields.
        tips: Whether this installation takes tips, on its web page.
    """
    token = settings.zalo_token.get_secret_value()
    if asking is None or not token:
        return None
    client = client_of(settings)
    page = settings.public_url.rstrip("/") if tips else ""
    channel = ZaloChannel(
        client,
        asking,
        Pace(),
        name=settings.name,
        tip_page=f"{page}/bao-tin" if page else "",
        follow_page=f"{page}/theo-doi" if page else "",
    )
    return RunningZalo(
        client,
        channel,
        token=token,
        webhook=settings.zalo_webhook,
        on_start=lambda name: tell("zalo.serving", {"bot": name}),
        on_trouble=lambda trouble: tell(f"zalo.serving_{trouble}", {}),
    )
