"""
An update of Telegram as far as we read it, and what we ask Telegram to do.

`Arrived` knows who writes: it is turned into a message that does not (`bot.conversation.Incoming`,
`bot.messages.Question`) at the first chance, and goes no further than `bot.channels.telegram` and
`bot.desk.telegram`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

TEXT_LIMIT = 4_096  # UTF-16 units of one message
CAPTION_LIMIT = 1_024  # the same of a caption
PRESS_LIMIT = 64  # bytes of callback data
DOWNLOAD_LIMIT = 20_000_000  # bytes that getFile gives
UPLOAD_LIMIT = 50_000_000  # bytes that a bot may send
ANONYMOUS_ADMIN = 1_087_968_824  # the account that speaks for an administrator who hides their name

ChatKind = Literal["private", "group", "supergroup", "channel"]
ArrivalKind = Literal["message", "edited", "press", "membership", "other"]
MemberStatus = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
AttachmentKind = Literal["photo", "video", "video_note", "voice", "audio", "animation", "document", "sticker"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Attachment:
    """One file of a message; `size` in bytes, 0 if Telegram does not say."""

    kind: AttachmentKind
    file_id: str
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Arrived:
    """
    One update. Never printed and never kept: the account is in it.

    `sender` is 0 where nobody can be told from it: channels, anonymous administrators, updates without one.
    """

    update_id: int
    kind: ArrivalKind
    chat: int = 0
    chat_kind: ChatKind = "private"
    is_forum: bool = False
    sender: int = 0
    is_bot: bool = False
    message: int = 0  # id; of a press: of the message with the button
    topic: int = 0  # message_thread_id, in forums only
    sent: datetime | None = None  # when Telegram got it, UTC
    text: str = ""  # text or caption, a command and its mention included
    is_to_us: bool = False  # names us, replies to us, or is a command that names no other bot
    replies_to: int = 0  # id of the message replied to; never a topic's own first message
    attachments: tuple[Attachment, ...] = ()
    pin: tuple[float, float] | None = None  # latitude, longitude
    album: str = ""  # media_group_id
    press: str = ""  # id of the callback query, to be answered
    pressed: str = ""  # its data, as it came: anybody can send any
    member: int = 0  # whose membership changed
    member_status: MemberStatus | None = None  # what it is now
    moved_to: int = 0  # the group's new id
    is_service: bool = False  # somebody joined, a topic was made, a title changed: nobody said anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """
    One inline button, with either *pressed* (1 to 64 bytes, says nothing of anybody) or *url*.

    Buttons with the same *row* stand beside each other; 0 is a row of its own.
    """

    label: str
    pressed: str = ""
    url: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatFacts:
    """What a chat is, and what our bot may do there."""

    kind: ChatKind
    is_forum: bool
    status: MemberStatus
    may_manage_topics: bool = False
    may_delete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file to send. *name* is ours, never a tipster's."""

    content: bytes
    name: str
    media_type: str
