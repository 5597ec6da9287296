"""An update whose numbers are none is broken, and nothing more: the library reads whatever stands there."""

from __future__ import annotations

from typing import Any

import pytest

from bot.telegram.gateway import Gateway
from bot.telegram.library import make_bot

ODD: tuple[Any, ...] = ([], ["a"], {}, "x", 1.5, True, None)


def _message(**fields: Any) -> dict[str, Any]:
    person = {"id": 7, "is_bot": False, "first_name": "An"}
    chat = {"id": 7, "type": "private"}
    return {"message_id": 5, "date": 1_795_000_000, "chat": chat, "from": person, "text": "x"} | fields


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_number_that_is_none_makes_an_update_broken(odd: Any) -> None:
    gateway = Gateway(make_bot("7310000001:AAFakeTokenOfNobody_0123456789abcdef", "http://127.0.0.1:1"))
    for message in (
        _message(chat={"id": odd, "type": "private"}),
        _message(message_id=odd),
        _message(**{"from": {"id": odd, "is_bot": False, "first_name": "An"}}),
    ):
        assert gateway.read({"update_id": 1, "message": message}) is None
    assert gateway.read({"update_id": 1, "message": _message()}) is not None
