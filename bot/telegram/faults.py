"""The library's errors as ours, at the one place where they may be met."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from telegram import error

from bot.telegram.errors import (
    BadToken,
    ChatMoved,
    Reason,
    TelegramAway,
    TelegramFault,
    TelegramRefused,
    TooFast,
)
from bot.telegram.library import seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Telegram tells its refusals apart by their words alone; the first that fits holds.
_SAID: Final[tuple[tuple[str, Reason], ...]] = (
    ("message is not modified", "unchanged"),
    ("topic_not_modified", "unchanged"),
    ("can't parse entities", "bad_markup"),
    ("unsupported start tag", "bad_markup"),
    ("thread not found", "topic_gone"),
    ("topic_deleted", "topic_gone"),
    ("topic_closed", "topic_gone"),
    ("topic_id_invalid", "topic_gone"),
    ("not a forum", "topics_off"),
    ("topics are not enabled", "topics_off"),
    ("message to edit not found", "message_gone"),
    ("message to delete not found", "message_gone"),
    ("message can't be edited", "message_gone"),  # another bot's: it cannot be changed by us ever
    ("message_id_invalid", "message_gone"),
    ("message to be replied not found", "message_gone"),
    ("message can't be deleted", "too_old"),
    ("query is too old", "too_old"),
    ("query id is invalid", "too_old"),
    ("message is too long", "too_long"),
    ("caption is too long", "too_long"),
    ("file is too big", "too_large"),
    ("request entity too large", "too_large"),
    ("chat not found", "chat_gone"),
    ("bot was blocked", "chat_gone"),
    ("bot was kicked", "chat_gone"),
    ("bot is not a member", "chat_gone"),
    ("user is deactivated", "chat_gone"),
    ("can't initiate conversation", "chat_gone"),
    ("group chat was deleted", "chat_gone"),
    ("peer_id_invalid", "chat_gone"),
    ("not enough rights", "no_rights"),
    ("have no rights", "no_rights"),
    ("chat_admin_required", "no_rights"),
    ("need administrator rights", "no_rights"),
    ("chat_write_forbidden", "no_rights"),
)


@contextmanager
def translated() -> Iterator[None]:
    """Any error of the library as one of ours; its words, which may hold a token, stay behind."""
    try:
        yield
    except TelegramFault:
        raise
    except Exception as fault:  # noqa: BLE001 - the library lets others through when an answer makes no sense
        raise fault_of(fault) from None


def fault_of(fault: Exception) -> TelegramFault:
    """Ours for *fault*."""
    match fault:
        case error.RetryAfter():
            ours: TelegramFault = TooFast(seconds_of(fault.retry_after))
        case error.ChatMigrated():
            ours = ChatMoved(fault.new_chat_id)
        case error.InvalidToken() if "not found" in fault.message.lower():
            ours = TelegramRefused("unknown_method")  # `Gateway.start` knows better: there it is the token
        case error.InvalidToken():
            ours = BadToken("refused")
        case error.Conflict():
            ours = TelegramRefused("conflict")
        case error.EndPointNotFound():
            ours = TelegramRefused("unknown_method")
        case error.BadRequest() | error.Forbidden():
            ours = TelegramRefused(_reason_of(fault))
        case error.TelegramError() if "too large" in fault.message.lower():
            ours = TelegramRefused("too_large")
        case _:
            ours = TelegramAway()
    return ours


def _reason_of(fault: error.TelegramError) -> Reason:
    said = fault.message.lower()
    otherwise: Reason = "chat_gone" if isinstance(fault, error.Forbidden) else "other"
    return next((reason for words, reason in _SAID if words in said), otherwise)
