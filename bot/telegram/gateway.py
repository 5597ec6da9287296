"""
One bot, through python-telegram-bot: fills `bot.telegram.ports.Telegram`.

Its own `Application`, update queue, persistence and conversation handlers are not used: an update counts as
confirmed there before it was handled. See docs/decisions/0017-telegram.md.
"""

from __future__ import annotations

import io
import random
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from telegram import (
    BotCommand,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode

from bot.telegram.errors import BadToken, TelegramFault, TelegramRefused
from bot.telegram.faults import translated
from bot.telegram.lenient import pared
from bot.telegram.model import DOWNLOAD_LIMIT, UPLOAD_LIMIT, ChatFacts
from bot.telegram.reading import is_sound, kind_named, read_update, status_of
from bot.telegram.text import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    from telegram import BotCommandScope, Message

    from bot.telegram.library import RawBot
    from bot.telegram.model import Arrived, Button, MemberStatus, Upload

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)  # a preview fetches the page: somebody else's log
_PRESS_WORDS: Final = 200
_ASKS: Final = 64  # characters of a placeholder
_UPLOAD_S: Final = 120.0
_DELETED_AT_ONCE: Final = 100


class Gateway:
    """One bot of Telegram. To be used from one event loop, between `start` and `stop`."""

    def __init__(self, bot: RawBot) -> None:
        self._bot = bot
        self._me = 0
        self._username = ""
        self._has_drafts = True  # until the server says that it knows none

    @property
    def username(self) -> str:
        """Of the bot, without @; "" before `start`."""
        return self._username

    async def start(self) -> None:
        """
        See who we are.

        Raises:
            BadToken, TelegramAway: Not now.
        """
        try:
            with translated():
                await self._bot.initialize()
                me = await self._bot.get_me()
        except TelegramRefused:  # a token of no shape at all is answered as an unknown address
            raise BadToken("refused") from None
        self._me, self._username = me.id, me.username or ""

    async def stop(self) -> None:
        """Give the connections back."""
        with suppress(Exception):
            await self._bot.shutdown()

    # what comes in

    def read(self, raw: Mapping[str, Any]) -> Arrived | None:
        """One update as Telegram wrote it; None for one that cannot be read at all."""
        for reading in (dict, pared):
            try:
                arrived = read_update(Update.de_json(reading(raw), self._bot), self._me, self._username)
                return arrived if is_sound(arrived) else None
            except Exception:  # noqa: BLE001, S112 - a broken update must never stop those behind it
                continue
        return None

    async def updates(self, offset: int, wait_s: int, wanted: Sequence[str]) -> list[Mapping[str, Any]]:
        """Raw updates from *offset* on, waiting up to *wait_s* seconds for one."""
        with translated():
            return await self._bot.raw_updates(offset, wait_s, wanted)

    async def set_webhook(self, url: str, secret: str, wanted: Sequence[str]) -> None:
        """Have updates sent to *url*; nothing that waits is dropped."""
        with translated():
            await self._bot.set_webhook(url, secret_token=secret, allowed_updates=list(wanted))

    async def drop_webhook(self) -> None:
        """Ask for updates ourselves from now on; nothing that waits is dropped."""
        with translated():
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def webhook_url(self) -> str:
        """Where updates are sent to now, "" if nowhere."""
        with translated():
            return str((await self._bot.raw_call("getWebhookInfo")).get("url", ""))

    # what goes out

    async def send(  # noqa: PLR0913 - each is one of Telegram's own
        self,
        chat: int,
        html: str,
        *,
        topic: int = 0,
        buttons: Sequence[Button] = (),
        is_protected: bool = False,
        replies_to: int = 0,
        is_quiet: bool = False,
        asks: str = "",
    ) -> int:
        """Send a message; gives its id."""
        reply = ReplyParameters(replies_to, allow_sending_without_reply=True) if replies_to else None
        markup = _markup(buttons) or (
            ForceReply(selective=bool(replies_to), input_field_placeholder=asks[:_ASKS]) if asks else None
        )

        async def sent(words: str, mode: str | None) -> Message:
            return await self._bot.send_message(
                chat,
                words,
                parse_mode=mode,
                message_thread_id=topic or None,
                reply_markup=markup,
                protect_content=is_protected or None,
                reply_parameters=reply,
                disable_notification=is_quiet or None,
                link_preview_options=_NO_PREVIEW,
            )

        message: Message = await _marked(sent, html)
        return message.message_id

    async def edit(self, chat: int, message: int, html: str, buttons: Sequence[Button] = ()) -> None:
        """Change a message of ours; the same words again are no error."""

        async def edited(words: str, mode: str | None) -> object:
            return await self._bot.edit_message_text(
                words,
                chat,
                message,
                parse_mode=mode,
                reply_markup=_markup(buttons),
                link_preview_options=_NO_PREVIEW,
            )

        await _marked(edited, html)

    async def edit_buttons(self, chat: int, message: int, buttons: Sequence[Button] = ()) -> None:
        """Change or take away the buttons of a message of ours."""
        with _settled():
            await self._bot.edit_message_reply_markup(chat, message, reply_markup=_markup(buttons))

    async def delete(self, chat: int, messages: Sequence[int]) -> tuple[int, ...]:
        """Delete messages; gives those that are still there."""
        left: list[int] = []
        for start in range(0, len(messages), _DELETED_AT_ONCE):
            some = list(messages[start : start + _DELETED_AT_ONCE])
            for message in some:  # one by one: deleteMessages tells nothing of those it had to leave
                try:
                    with translated():
                        await self._bot.delete_message(chat, message)
                except TelegramRefused as refused:
                    if refused.reason != "message_gone":
                        left.append(message)
        return tuple(left)

    async def answer_press(self, press: str, words: str = "", *, is_alert: bool = False) -> None:
        """Answer a press, at most 200 characters. Too late is no error."""
        try:
            with translated():
                await self._bot.answer_callback_query(
                    press, words[:_PRESS_WORDS] or None, show_alert=is_alert or None
                )
        except TelegramRefused:
            return

    async def show_typing(self, chat: int, topic: int = 0) -> None:
        """Show that an answer is being written. Never raises."""
        with suppress(TelegramFault), translated():
            await self._bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=topic or None)

    async def show_draft(self, chat: int, html: str) -> None:
        """Stream a first preview in a private chat, where the server can. Never raises."""
        if not self._has_drafts:
            return
        number = random.randrange(1, 2**31)  # noqa: S311 - names a preview, guards nothing
        try:
            with translated():
                await self._bot.send_message_draft(chat, number, html, parse_mode=ParseMode.HTML)
        except TelegramRefused:
            self._has_drafts = False
        except TelegramFault:
            return

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file somebody sent. TelegramRefused(too_large) beyond 20 MB."""
        with translated():
            file = await self._bot.get_file(file_id)
            if (file.file_size or 0) > DOWNLOAD_LIMIT:
                raise TelegramRefused("too_large")
            return bytes(await file.download_as_bytearray(read_timeout=_UPLOAD_S))

    async def upload(
        self, chat: int, file: Upload, *, topic: int = 0, caption: str = "", is_protected: bool = False
    ) -> int:
        """Send a file as what its media type says; gives the id."""
        if len(file.content) > UPLOAD_LIMIT:
            raise TelegramRefused("too_large")
        send, name = self._sender(file.media_type)
        with translated():
            message: Message = await send(
                chat,
                **{name: io.BytesIO(file.content)},
                filename=file.name,
                caption=caption or None,
                message_thread_id=topic or None,
                protect_content=is_protected or None,
                write_timeout=_UPLOAD_S,
            )
        return message.message_id

    def _sender(self, media_type: str) -> tuple[Callable[..., Awaitable[Message]], str]:
        whole, _, kind = media_type.partition("/")
        if media_type in {"image/jpeg", "image/png"}:
            return self._bot.send_photo, "photo"
        if media_type == "video/mp4":
            return self._bot.send_video, "video"
        if media_type == "audio/ogg":
            return self._bot.send_voice, "voice"
        if whole == "audio" and kind in {"mpeg", "mp4"}:
            return self._bot.send_audio, "audio"
        return self._bot.send_document, "document"

    # chats

    async def member_status(self, chat: int, member: int) -> MemberStatus:
        """What somebody is in a chat; "left" for whoever never was there."""
        try:
            return (await self._member(chat, member)).status
        except TelegramRefused as refused:
            if refused.reason in {"other", "chat_gone", "message_gone"}:
                return "left"
            raise

    async def chat_facts(self, chat: int) -> ChatFacts:
        """What a chat is, and our rights there; where our own membership cannot be seen, it is tried."""
        with translated():
            found = await self._bot.raw_call("getChat", chat_id=chat)
        kind, is_forum = kind_named(str(found.get("type", ""))), bool(found.get("is_forum"))
        try:
            ours = await self._member(chat, self._me)
        except TelegramRefused:
            return ChatFacts(kind=kind, is_forum=is_forum, status="member", may_manage_topics=is_forum)
        is_creator = ours.status == "creator"
        return ChatFacts(
            kind=kind,
            is_forum=is_forum,
            status=ours.status,
            may_manage_topics=is_creator or ours.may_manage_topics,
            may_delete=is_creator or ours.may_delete,
        )

    async def _member(self, chat: int, member: int) -> _Member:
        with translated():
            found = await self._bot.raw_call("getChatMember", chat_id=chat, user_id=member)
        return _Member(
            status=status_of(str(found.get("status", "")), is_member=found.get("is_member") is not False),
            may_manage_topics=bool(found.get("can_manage_topics")),
            may_delete=bool(found.get("can_delete_messages")),
        )

    async def make_topic(self, chat: int, name: str) -> int:
        """Make a forum topic; gives its id. TelegramRefused(topics_off | no_rights)."""
        with translated():
            found = await self._bot.raw_call("createForumTopic", chat_id=chat, name=name)
            return int(found["message_thread_id"])

    async def close_topic(self, chat: int, topic: int, *, is_open: bool = False) -> None:
        """Close a topic, or open it again; one that is so already is no error."""
        with _settled():
            if is_open:
                await self._bot.reopen_forum_topic(chat, topic)
            else:
                await self._bot.close_forum_topic(chat, topic)

    async def set_commands(
        self, commands: Mapping[str, str], scope: BotCommandScope, language: str = ""
    ) -> None:
        """What the menu offers there; the same again is not sent again."""
        wanted = tuple(BotCommand(name, told) for name, told in commands.items())
        code = language or None
        with suppress(TelegramRefused), translated():  # a server that cannot tell may still take it
            if tuple(await self._bot.get_my_commands(scope, code)) == wanted:
                return
        with translated():
            await self._bot.set_my_commands(wanted, scope, code)

    async def describe(self, long: str, short: str, language: str = "") -> None:
        """What stands in an empty chat, and on the bot's page; the same again is not sent again."""
        code = language or None
        known = ("", "")
        with suppress(TelegramRefused), translated():
            told = await self._bot.get_my_description(code)
            known = told.description, (await self._bot.get_my_short_description(code)).short_description
        if known != (long, short):
            with translated():
                await self._bot.set_my_description(long, code)
                await self._bot.set_my_short_description(short, code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """Somebody in a chat, as far as we ask."""

    status: MemberStatus
    may_manage_topics: bool
    may_delete: bool


@contextmanager
def _settled() -> Iterator[None]:
    """As `translated`; what is so already is no error."""
    try:
        with translated():
            yield
    except TelegramRefused as refused:
        if refused.reason != "unchanged":
            raise


def _markup(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    rows: list[list[InlineKeyboardButton]] = []
    row_of: dict[int, list[InlineKeyboardButton]] = {}
    for button in buttons:
        made = InlineKeyboardButton(
            button.label, callback_data=button.pressed or None, url=button.url or None
        )
        if button.row and button.row in row_of:
            row_of[button.row].append(made)
            continue
        row = [made]
        rows.append(row)
        if button.row:
            row_of[button.row] = row
    return InlineKeyboardMarkup(rows) if rows else None


async def _marked(send: Callable[[str, str | None], Awaitable[Any]], html: str) -> Any:
    """What *send* gives for *html*; what Telegram cannot read as HTML goes as plain words."""
    try:
        with translated():
            return await send(html, ParseMode.HTML)
    except TelegramRefused as refused:
        if refused.reason == "unchanged":
            return None
        if refused.reason != "bad_markup":
            raise
    with translated():
        return await send(plain(html), None)
