"""What the fake remembers: accounts, members, topics, files, messages and presses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.telegram.chats import Chat

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
RESTRICTIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
)
_SIDES = {"photo": (1280, 960), "video": (1280, 720), "animation": (320, 240), "sticker": (512, 512)}


@dataclass(eq=False, slots=True, kw_only=True)
class Account:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    is_premium: bool = False
    is_deactivated: bool = False
    phone: str = "+84900000000"  # shown to nobody unless it is sent as a contact

    def api(self) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        told |= {
            name: value
            for name in ("last_name", "username", "language_code", "is_premium")
            if (value := getattr(self, name))
        }
        return told


@dataclass(eq=False, slots=True)
class Member:
    """Who somebody is in one group."""

    account: Account
    status: str = "member"
    rights: dict[str, bool] = field(default_factory=dict)
    is_anonymous: bool = False

    @property
    def is_admin(self) -> bool:
        return self.status in ("creator", "administrator")

    @property
    def is_inside(self) -> bool:
        return self.status in ("creator", "administrator", "member") or (
            self.status == "restricted" and self.rights.get("is_member", True)
        )

    def may(self, right: str) -> bool:
        """Whether it is theirs; every right is a creator's."""
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, False))

    def api(self) -> dict[str, Any]:
        told: dict[str, Any] = {"user": self.account.api(), "status": self.status}
        if self.status == "creator":
            told["is_anonymous"] = self.is_anonymous
        elif self.status == "administrator":
            told |= {"can_be_edited": False, "is_anonymous": self.is_anonymous}
            told |= {right: self.rights.get(right, False) for right in ADMIN_RIGHTS}
        elif self.status == "restricted":
            told |= {"is_member": self.rights.get("is_member", True), "until_date": 0}
            told |= {right: self.rights.get(right, False) for right in RESTRICTIONS}
        elif self.status == "kicked":
            told["until_date"] = 0
        return told


@dataclass(eq=False, slots=True)
class Topic:
    """One topic of a forum; its id is that of the message that made it."""

    id: int
    name: str
    by: Account
    icon_color: int = 7322096
    is_closed: bool = False
    is_deleted: bool = False


@dataclass(eq=False, slots=True, kw_only=True)
class StoredFile:
    """One file at Telegram; `size` may be more than what `content` holds, to play a large one."""

    kind: str
    content: bytes
    file_id: str
    unique_id: str
    path: str
    size: int
    name: str = ""
    content_type: str = ""
    is_from_bot: bool = False
    duration: int = 1

    def api(self) -> Any:
        """As a message shows it; of a photo, its sizes."""
        told: dict[str, Any] = {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": self.size,
        }
        if self.kind == "photo":
            small = {
                **told,
                "file_id": f"{self.file_id}s",
                "file_unique_id": f"{self.unique_id}s",
                "file_size": 1200,
            }
            return [small | {"width": 90, "height": 68}, told | {"width": 1280, "height": 960}]
        if self.kind in _SIDES:
            told["width"], told["height"] = _SIDES[self.kind]
        if self.kind in ("video", "animation", "voice", "audio", "video_note"):
            told["duration"] = self.duration
        if self.kind == "video_note":
            told["length"] = 240
        elif self.kind == "sticker":
            told |= {"type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
        elif self.content_type:
            told["mime_type"] = self.content_type
        if self.name and self.kind in ("video", "animation", "audio", "document"):
            told["file_name"] = self.name
        return told


@dataclass(eq=False, slots=True)
class Version:
    """What a message said before it was edited or deleted."""

    text: str
    markup: dict[str, Any] | None


@dataclass(eq=False, slots=True, kw_only=True)
class Message:
    """One message of a chat, whoever wrote it. `words` is its text or its caption."""

    chat: Chat
    id: int
    date: float
    sender: Account | None = None
    sender_chat: Chat | None = None
    is_from_bot: bool = False  # from the bot under test
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    caption: str = ""
    source: str = ""  # the text or caption as the bot sent it, HTML and all
    parse_mode: str = ""
    file: StoredFile | None = None
    is_resent: bool = False  # by file_id, not uploaded
    markup: dict[str, Any] | None = None
    topic: int = 0  # message_thread_id
    reply_to: int = 0
    album: str = ""
    is_protected: bool = False
    is_silent: bool = False
    has_preview: bool = True
    edit_date: float = 0.0
    is_deleted: bool = False
    deleted_by: str = ""  # "bot" or "person"
    history: list[Version] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)  # everything else, as the API names it
    is_service: bool = False
    update_id: int = 0  # of the update that told the bot, 0 if none

    @property
    def words(self) -> str:
        return self.text or self.caption

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Of the inline keyboard, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    @property
    def asks_for_reply(self) -> bool:
        return bool((self.markup or {}).get("force_reply"))

    def __repr__(self) -> str:
        who = "bot" if self.is_from_bot else self.sender.first_name if self.sender else "?"
        gone = " (deleted)" if self.is_deleted else ""
        what = self.file.kind if self.file else "service" if self.is_service else "text"
        return f"<{what} {self.id} in {self.chat.id} of {who}{gone}: {self.words[:200]!r} {self.labels}>"


@dataclass(eq=False, slots=True, kw_only=True)
class Press:
    """One press of a button, and how the bot answered it."""

    id: str
    by: Account
    message: Message | None
    data: str
    at: float
    is_answered: bool = False
    words: str = ""
    is_alert: bool = False
    update_id: int = 0


def unique_of(content: bytes, number: int) -> str:
    """A file_unique_id: the same for the same bytes, as Telegram's nearly is."""
    seed = content or str(number).encode()
    return "AgAD" + hashlib.sha256(seed).hexdigest()[:11]
