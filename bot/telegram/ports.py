"""What the channel and the desk need of Telegram. `bot.telegram.gateway` fills it with the real library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.telegram.model import Arrived, Button, ChatFacts, MemberStatus, Upload


class Telegram(Protocol):
    """
    One bot. Every method raises the errors of `bot.telegram.errors` and nothing else.

    *html* is Telegram's HTML, at most `TEXT_LIMIT`; `bot.telegram.text` makes and splits it. What Telegram
    cannot read as HTML is sent again as plain text. *topic* is 0 outside of forums.
    """

    @property
    def username(self) -> str:
        """Of the bot, without @; "" before `start`."""
        ...

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
        """
        Send a message; gives its id.

        Args:
            chat: Where to.
            html: The words.
            topic: In a forum.
            buttons: Below it.
            is_protected: Not to be forwarded or saved.
            replies_to: A message, if it is still there.
            is_quiet: No sound.
            asks: A placeholder: the officer's next message is asked for as a reply to this one (ForceReply).
        """
        ...

    async def edit(self, chat: int, message: int, html: str, buttons: Sequence[Button] = ()) -> None:
        """Change a message of ours; the same words again are no error."""
        ...

    async def edit_buttons(self, chat: int, message: int, buttons: Sequence[Button] = ()) -> None:
        """Change or take away the buttons of a message of ours."""
        ...

    async def delete(self, chat: int, messages: Sequence[int]) -> tuple[int, ...]:
        """Delete messages; gives those that are still there. Those gone before count as deleted."""
        ...

    async def answer_press(self, press: str, words: str = "", *, is_alert: bool = False) -> None:
        """Answer a press, at most 200 characters. Too late is no error."""
        ...

    async def show_typing(self, chat: int, topic: int = 0) -> None:
        """Show that an answer is being written. Never raises."""
        ...

    async def show_draft(self, chat: int, html: str) -> None:
        """Stream a first preview in a private chat, where the server can. Never raises."""
        ...

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file somebody sent. TelegramRefused(too_large) beyond 20 MB."""
        ...

    async def upload(
        self, chat: int, file: Upload, *, topic: int = 0, caption: str = "", is_protected: bool = False
    ) -> int:
        """Send a file as what its media type says (photo, video, voice, audio, document); gives the id."""
        ...

    async def member_status(self, chat: int, member: int) -> MemberStatus:
        """What somebody is in a chat; "left" for whoever never was there."""
        ...

    async def chat_facts(self, chat: int) -> ChatFacts:
        """What a chat is, and our rights there."""
        ...

    async def make_topic(self, chat: int, name: str) -> int:
        """Make a forum topic; gives its id. TelegramRefused(topics_off | no_rights)."""
        ...

    async def close_topic(self, chat: int, topic: int, *, is_open: bool = False) -> None:
        """Close a topic, or open it again; one that is so already is no error."""
        ...


class Receiver(Protocol):
    """Who handles updates: the public channel, or the desk's."""

    def wants(self, arrived: Arrived) -> bool:
        """Whether this receiver handles it."""
        ...

    async def handle(self, together: Sequence[Arrived]) -> None:
        """
        Handle one update, or the messages of one album.

        When it returns they are handled, and Telegram is told so. TelegramAway and TooFast may leave: the
        same updates are then handled again, so it must be idempotent. Whatever else leaves is logged by its
        type, and the updates count as handled.
        """
        ...
