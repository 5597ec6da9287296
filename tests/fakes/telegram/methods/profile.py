"""Who the bot is: getMe, commands, names, descriptions, the menu button."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fakes.telegram.call import Call, find_chat, method
from tests.fakes.telegram.refusals import bad

COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_TEXTS = {  # what is set → its limit and its name in the answer
    "Name": (64, "name"),
    "Description": (512, "description"),
    "ShortDescription": (120, "short_description"),
}


@method("getMe")
def get_me(call: Call) -> Any:
    may = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
    values = (True, not call.world.has_privacy, False)
    return call.world.bot.api() | dict(zip(may, values, strict=True)) | {"has_topics_enabled": False}


@method("logOut")
@method("close")
def log_out(call: Call) -> Any:
    del call
    return True


def _language(call: Call) -> str:
    code = call.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad("invalid language code specified", is_fault=True)
    return code


def _scope(call: Call) -> str:
    scope = call.json("scope") or {"type": "default"}
    needed = _SCOPES.get(scope.get("type"))
    if needed is None or any(name not in scope for name in needed):
        raise bad("can't parse BotCommandScope: Unsupported type specified", is_fault=True)
    if "chat_id" in scope:
        find_chat(call.world, str(scope["chat_id"]))
    return json.dumps(scope, sort_keys=True)


def _commands_key(call: Call) -> tuple[str, str, str]:
    return "commands", _scope(call), _language(call)


@method("setMyCommands")
def set_my_commands(call: Call) -> Any:
    commands = call.json("commands") or []
    if len(commands) > COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH", is_fault=True)
    for command in commands:
        if not _COMMAND.fullmatch(command.get("command", "").removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID", is_fault=True)
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID", is_fault=True)
    call.world.profile[_commands_key(call)] = commands
    call.world.notify()
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> Any:
    return call.world.profile.get(_commands_key(call), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> Any:
    call.world.profile.pop(_commands_key(call), None)
    return True


def _add_texts(what: str, limit: int, name: str) -> None:
    def put(call: Call) -> Any:
        if len(call.text(name)) > limit:
            raise bad(f"{name} is too long", is_fault=True)
        call.world.profile[what, _language(call)] = call.text(name)
        call.world.notify()
        return True

    def get(call: Call) -> Any:
        found = call.world.profile.get((what, _language(call)), "")
        return {name: found or call.world.profile.get((what, ""), "")}

    method(f"setMy{what}")(put)
    method(f"getMy{what}")(get)


for _what, (_limit, _name) in _TEXTS.items():
    _add_texts(_what, _limit, _name)


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> Any:
    button = call.json("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad("MenuButton has unsupported type", is_fault=True)
    chat = call.integer("chat_id")
    if chat and call.chat().kind != "private":
        raise bad("chat must be a private chat", is_fault=True)
    call.world.profile["menu", chat] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Any:
    profile, chat = call.world.profile, call.integer("chat_id")
    return profile.get(("menu", chat)) or profile.get(("menu", 0)) or {"type": "default"}
