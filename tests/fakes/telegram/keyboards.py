"""Keyboards below a message, as strictly as Telegram reads them."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.telegram.refusals import bad

CALLBACK_BYTES = 64
BUTTONS = 100
ROW = 8
_KINDS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


def checked_markup(given: Any) -> dict[str, Any] | None:
    """
    A reply_markup as it is kept; None if there is none.

    Raises:
        Refused: A button that Telegram does not take.
    """
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad("object expected as reply markup", is_fault=True)
    if "inline_keyboard" in given:
        return _inline(given["inline_keyboard"])
    if given.get("force_reply"):
        if len(given.get("input_field_placeholder", "")) > 64:
            raise bad("PLACEHOLDER_TOO_LONG", is_fault=True)
        return given
    if "keyboard" in given:
        return _reply(given)
    if given.get("remove_keyboard"):
        return given
    raise bad("can't parse reply markup JSON object", is_fault=True)


def _rows(given: Any) -> list[list[Any]]:
    if not isinstance(given, list) or not all(isinstance(row, list) for row in given):
        raise bad("can't parse inline keyboard: rows must be arrays", is_fault=True)
    return [row for row in given if row]


def _inline(given: Any) -> dict[str, Any] | None:
    rows = _rows(given)
    if sum(len(row) for row in rows) > BUTTONS or any(len(row) > ROW for row in rows):
        raise bad("reply markup is too long", is_fault=True)
    for row in rows:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: text must be non-empty", is_fault=True)
    kinds = [kind for kind in _KINDS if kind in button]
    if len(kinds) != 1:
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            is_fault=True,
        )
    if kinds == ["callback_data"]:
        size = len(str(button["callback_data"]).encode())
        if not 1 <= size <= CALLBACK_BYTES:
            raise bad("BUTTON_DATA_INVALID", is_fault=True)
    if kinds == ["url"] and not re.match(
        r"(?:https?|tg)://\S+$|[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?$", button["url"]
    ):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL", is_fault=True)


def _reply(given: dict[str, Any]) -> dict[str, Any]:
    for row in _rows(given["keyboard"]):
        for button in row:
            if not (button if isinstance(button, str) else button.get("text", "")).strip():
                raise bad("can't parse keyboard button: text must be non-empty", is_fault=True)
    return given
