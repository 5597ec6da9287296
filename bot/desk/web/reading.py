"""
What an officer's browser sends, read within limits.

Nothing read here is put into an exception or a log: passphrases and words for tipsters come this way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unicodedata import category
from urllib.parse import parse_qsl

import anyio

from bot.desk.views import CardQuery
from tips.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

BODY_LIMIT: Final = 256 * 1024  # bytes; Vietnamese in a form takes up to nine for a letter
BODY_SECONDS: Final = 30.0
WORDS_LIMIT: Final = 20_000  # characters; the desk refuses less than that, and the page keeps the draft
LINE_LIMIT: Final = 4_500  # characters of a reason, labels, a reference
_FIELDS_LIMIT: Final = 32
_TYPED: Final = ("words", "reason", "labels", "heading", "text", "sources", "questions")
_CONTROLS: Final = frozenset({"Cc", "Cs"})


class BadForm(Exception):
    """A form that is none of ours: too large, too slow, no form, or of another session."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one form, without control characters."""

    fields: Mapping[str, str]

    def words(self, name: str, limit: int = WORDS_LIMIT) -> str:
        """The text of a field with its lines, stripped, at most *limit* characters; "" if absent."""
        kept = self.fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
        return "".join(sign for sign in kept if sign in "\n\t" or category(sign) not in _CONTROLS).strip()[
            :limit
        ]

    def line(self, name: str) -> str:
        """A field of one line."""
        return " ".join(self.words(name, LINE_LIMIT).split())

    def secret(self, name: str) -> str:
        """A field exactly as typed."""
        return self.fields.get(name, "")

    def has(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.fields.get(name))

    def typed(self) -> tuple[str, ...]:
        """Whatever sentences were typed into it; nothing secret, and nothing that was only chosen."""
        return tuple(words for name in _TYPED if (words := self.words(name)))

    def labels(self) -> tuple[str, ...]:
        """The labels typed with commas between, each once."""
        parts = (" ".join(part.split()) for part in self.line("labels").split(","))
        return tuple(dict.fromkeys(part for part in parts if part))


async def read_form(request: Request) -> Form:
    """
    The form in a POST.

    Raises:
        BadForm: Not our form, too large, or it never ends.
    """
    claimed = request.headers.get("content-length", "0")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not claimed.isdecimal() or int(claimed) > BODY_LIMIT or kind != "application/x-www-form-urlencoded":
        raise BadForm
    body = bytearray()
    try:
        with anyio.fail_after(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise BadForm
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_LIMIT)
    except (TimeoutError, ValueError):
        raise BadForm from None
    return Form(dict(pairs))


def read_query(form: Form, officer_id: str) -> CardQuery:
    """The filters of the list; what makes no sense narrows nothing."""
    state = form.line("state")
    known = state in set(State)
    return CardQuery(
        state=State(state) if known else None,
        closed=None if known or state == "all" else False,
        kind=form.line("kind"),
        area=form.line("area"),
        urgent=True if form.has("urgent") else None,
        claimed_by=officer_id if form.has("mine") else None,
        late=True if form.has("late") else None,
        label=form.line("label"),
        reference=form.line("reference"),
    )
