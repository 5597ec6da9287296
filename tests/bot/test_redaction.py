"""What libraries may write into the log: nothing, at whatever level."""

from __future__ import annotations

import io
import logging

import pytest

from bot.redaction import silence


@pytest.mark.parametrize(
    "name", ["httpx", "telegram.Bot", "telegram.request.HTTPXRequest", "httpcore.http11"]
)
def test_a_library_turned_up_to_debug_still_writes_nothing(name: str) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)  # an operator's; pytest's own listens to every logger
    logging.getLogger().addHandler(handler)
    try:
        silence(["1:abc"])
        for loud in (name.partition(".")[0], name):
            logging.getLogger(loud).setLevel(logging.DEBUG)
        logging.getLogger(name).error("canary-kín")
        logging.getLogger("bot").error("https://telegram/bot1:abc")
    finally:
        logging.getLogger().removeHandler(handler)
        silence(["1:abc"])
    assert written.getvalue() == "https://telegram/bot***\n"
