"""
Telegram, built from the settings: the bots of this process, each with whom it speaks.

One bot serves residents and officers, unless the desk has a token of its own. A desk on a machine of its own
needs one: two programs cannot ask for the updates of the same bot.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from bot.channels.telegram.asking import Asking
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.commands import menu
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.membership import Membership
from bot.channels.telegram.noticing import Noticing
from bot.channels.telegram.private import Private
from bot.channels.telegram.speaking import Speaker
from bot.channels.telegram.talking import Talking
from bot.channels.telegram.turnstile import Turnstile
from bot.desk.telegram.desk import TelegramDesk
from bot.desk.telegram.settings import ChatSettings
from bot.flows.tip_talk import make_tip_flow
from bot.redaction import silence
from bot.telegram.errors import BadToken, TelegramFault
from bot.telegram.gateway import Gateway
from bot.telegram.library import make_bot
from bot.telegram.running import About, Menu, RunningBot
from prompts.catalog import Language, text
from tips.errors import TipError
from tips.times import utc_now

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from concurrent.futures import Executor

    from bot.desk.gaps import GapDesk
    from bot.desk_room import DeskRoom
    from bot.members.store import MembersBook
    from bot.messages import AskPort
    from bot.notices.notices import Notices
    from bot.pace import Pace
    from bot.settings import Settings
    from bot.telegram.ports import Receiver
    from bot.tips_room import TipsRoom

_LOG = logging.getLogger(__name__)
SWEEP_S: Final = 60.0
_MUTES_S: Final = 30.0
_LANGUAGE_CODES: Final[tuple[tuple[Language, str], ...]] = (("vi", ""), ("en", "en"))
_ABOUT: Final = tuple(
    About(long=text("telegram.about", language), short=text("telegram.about_short", language), language=code)
    for language, code in _LANGUAGE_CODES
)


class Tell(Protocol):
    """Told what the operator should read: the key of a text, and its fields."""

    def __call__(self, key: str, fields: dict[str, object], /) -> None:
        """Show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicParts:
    """What the public side of Telegram stands on."""

    asking: AskPort
    workers: Executor
    pace: Pace
    tips: TipsRoom | None = None
    members: MembersBook | None = None
    notices: Notices | None = None


def gateway_of(settings: Settings, token: str) -> Gateway:
    """A bot that is not started yet; BadToken where the token has no shape of one."""
    silence((token, settings.telegram_proxy.get_secret_value()))
    try:
        return Gateway(make_bot(token, settings.telegram_api, settings.telegram_proxy.get_secret_value()))
    except Exception:  # noqa: BLE001 - the library quotes the token
        raise BadToken("shape") from None


def open_telegram(
    settings: Settings,
    public: PublicParts | None,
    desk: DeskRoom | None,
    tell: Tell,
    gaps: GapDesk | None = None,
) -> tuple[RunningBot, ...]:
    """
    The bots of this process, not started; none where no token is set.

    Args:
        settings: Tokens, addresses, groups.
        public: What residents are answered from; None on the desk's machine.
        desk: The officers' half; None on the public machine.
        tell: Told what the operator should read: the key of a text, and its fields.
        gaps: What residents asked in vain, for the officers' groups.
    """
    token = settings.telegram_token.get_secret_value()
    own = settings.telegram_desk_token.get_secret_value()
    if public is None and desk is not None and token and not own:
        tell("telegram.serving_split", {})
    bots: list[RunningBot] = []
    if public is not None and token:
        with_desk = desk if not own else None
        bots += _bot(settings, token, public=public, desk=with_desk, tell=tell, gaps=gaps)
    if desk is not None and own:
        bots += _bot(settings, own, public=None, desk=desk, tell=tell, gaps=gaps)
    return tuple(bots)


def _bot(  # noqa: PLR0913 - one for each part
    settings: Settings,
    token: str,
    *,
    public: PublicParts | None,
    desk: DeskRoom | None,
    tell: Tell,
    gaps: GapDesk | None,
) -> list[RunningBot]:
    try:
        gateway = gateway_of(settings, token)
    except BadToken:
        tell("telegram.serving_bad_token", {})
        return []
    sides = [_officers_side(settings, gateway, desk, gaps)] if desk is not None else []
    if public is not None:
        sides.append(_residents_side(settings, gateway, public))

    def on_trouble(fault: TelegramFault) -> None:
        tell(f"telegram.serving_{'bad_token' if isinstance(fault, BadToken) else 'away'}", {})

    return [
        RunningBot(
            gateway,
            [side.receiver for side in sides],
            token=token,
            webhook=settings.telegram_webhook,
            menus=[menu for side in sides for menu in side.menus],
            about=_ABOUT if public is not None else (),
            beside=[duty for side in sides for duty in side.beside],
            on_start=lambda username: tell("telegram.serving", {"username": username}),
            on_trouble=on_trouble,
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """Whom a bot speaks with: officers, or everybody else."""

    receiver: Receiver
    beside: Sequence[Callable[[], Awaitable[None]]]
    menus: Sequence[Menu]


def _officers_side(settings: Settings, gateway: Gateway, desk: DeskRoom, gaps: GapDesk | None) -> _Side:
    officers = TelegramDesk(
        telegram=gateway,
        desk=desk.desk,
        chats=desk.records.chats(),
        book=desk.book,
        now=utc_now,
        settings=ChatSettings(
            name=settings.name,
            open_minutes=settings.telegram_open_min,
            weekly_gaps=settings.gaps_weekly_post,
        ),
        gaps=gaps,
    )
    menus = [
        Menu(commands=_officers_menu(language), language=code, chat=chat)
        for unit in desk.book.units
        for chat in unit.admin_chats
        for language, code in _LANGUAGE_CODES
    ]
    return _Side(receiver=officers, beside=(officers.run,), menus=menus)


def _residents_side(settings: Settings, gateway: Gateway, public: PublicParts) -> _Side:
    units = public.tips.book.units if public.tips is not None else ()
    admin_chats = [chat for unit in units for chat in unit.admin_chats]
    channel, duties = public_side(gateway, public, name=settings.name, admin_chats=admin_chats)
    menus = [
        Menu(commands=menu(language, in_group=in_groups), language=code, in_groups=in_groups)
        for language, code in _LANGUAGE_CODES
        for in_groups in (False, True)
    ]
    return _Side(receiver=channel, beside=duties, menus=menus)


def public_side(
    gateway: Gateway, parts: PublicParts, *, name: str, admin_chats: Sequence[int]
) -> tuple[TelegramChannel, list[Callable[[], Awaitable[None]]]]:
    """The public side on *gateway*, and what runs beside it."""
    speaker = Speaker(telegram=gateway, name=name)
    tips, talking = parts.tips, None
    duties: list[Callable[[], Awaitable[None]]] = []
    if tips is not None:
        talk = make_tip_flow(tips.intake, tips.book, parts.workers)
        talking = Talking(talk, speaker, parts.notices)
        duties = [partial(_sweep, talk.sweep), partial(_heed_mutes, parts.pace, tips)]
        if parts.notices is not None:
            duties.append(Noticing(telegram=gateway, notices=parts.notices).run)
    private = Private(
        asking=Asking(port=parts.asking, speaker=speaker, takes_tips=talking is not None),
        speaker=speaker,
        pace=parts.pace,
        now=lambda: datetime.now(UTC),
        talking=talking,
        turnstile=Turnstile(pace=parts.pace, speaker=speaker),
        membership=Membership(book=parts.members, speaker=speaker) if parts.members is not None else None,
    )
    groups = Groups(asking=parts.asking, speaker=speaker, pace=parts.pace)
    channel = TelegramChannel(private, groups, admin_chats=admin_chats)
    return channel, [*duties, partial(_sweep, channel.sweep)]


def _officers_menu(language: Language) -> dict[str, str]:
    names = {
        "vi": ("hangdoi", "tim", "thongke", "hoidap", "trogiup"),
        "en": ("queue", "find", "stats", "gaps", "help"),
    }
    keys = ("queue", "find", "stats", "gaps", "help")
    return {
        name: text(f"telegram.officers_{key}", language)
        for name, key in zip(names[language], keys, strict=True)
    }


async def _sweep(sweep: Callable[[], None]) -> None:
    """What lay idle goes, also where nobody writes any more."""
    while True:
        sweep()
        await asyncio.sleep(SWEEP_S)


async def _heed_mutes(pace: Pace, tips: TipsRoom) -> None:
    """What officers muted today; neither side learns more than that it was this tip's sender."""
    while True:
        await asyncio.sleep(_MUTES_S)
        try:
            muted = await asyncio.to_thread(tips.store.muted_since, pace.today())
        except TipError as error:
            _LOG.error("mutes: %s", type(error).__name__)
            continue
        pace.apply_mutes(muted)
