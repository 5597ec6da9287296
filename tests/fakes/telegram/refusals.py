"""What the fake answers instead of doing what it was asked, in Telegram's own words."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """
    One refusal of the Bot API.

    With *is_fault* no well-behaved bot ever earns it, and it is kept in `FakeTelegram.faults`.
    """

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None, *, is_fault: bool = False
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}
        self.is_fault = is_fault

    def body(self) -> dict[str, Any]:
        """The JSON that says so."""
        told: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            told["parameters"] = self.parameters
        return told


def bad(words: str, *, is_fault: bool = False) -> Refused:
    """400: what was asked makes no sense."""
    return Refused(400, f"Bad Request: {words}", is_fault=is_fault)


def forbidden(words: str) -> Refused:
    """403: somebody does not want it."""
    return Refused(403, f"Forbidden: {words}")


def conflict(words: str) -> Refused:
    """409: somebody else takes the updates."""
    return Refused(409, f"Conflict: {words}")


def too_many(retry_after_s: int) -> Refused:
    """429: wait."""
    words = f"Too Many Requests: retry after {retry_after_s}"
    return Refused(429, words, {"retry_after": retry_after_s})
