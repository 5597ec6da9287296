"""
Tokens out of every log line, tracebacks included, whoever writes it.

httpx logs addresses with the token at INFO; python-telegram-bot logs tokens and messages at DEBUG.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_HIDDEN: Final = "***"
# These quote what people write, or addresses with the token in them, at the levels left out here.
_LOUD: Final = ("httpx", "httpcore", "telegram", "hpack")


class Redactor(logging.Filter):
    """Writes *** where a secret would stand."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without secrets."""
        record.msg, record.args = self._hide(record.getMessage()), None
        if record.exc_info:
            told = logging.Formatter().formatException(record.exc_info)
            record.exc_info, record.exc_text = None, self._hide(told)
        return True

    def _hide(self, words: str) -> str:
        for secret in self._secrets:
            words = words.replace(secret, _HIDDEN)
        return words


def silence(secrets: Iterable[str]) -> None:
    """
    Cut off the libraries that tell too much, and hide *secrets* in whatever any handler writes.

    Nothing of those libraries reaches a handler, whichever level somebody sets for them later.
    """
    for name in _LOUD:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    redactor = Redactor(secrets)
    root = logging.getLogger()
    for handler in (*root.handlers, *((logging.lastResort,) if logging.lastResort else ())):
        handler.addFilter(redactor)
