"""The plain form of a tip: what was typed, and the tip it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tips.kinds import kind_ids, kind_of, question_ids
from tips.model import STORY_LIMIT, TipContent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.web.tip_multipart import Upload
    from prompts.catalog import Language

ANSWER_LIMIT = 500  # characters of a short answer
NO_AREA = "-"  # chosen when none of the offered communes is meant
_DETAIL = "detail_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The form as it was filled in; empty on a fresh page."""

    story: str = field(default="", repr=False)
    kind: str = ""
    urgent: str = ""  # "yes", "no" or ""
    area: str = ""  # a commune's code, `NO_AREA`, or "" where none was offered yet
    place: str = field(default="", repr=False)
    when: str = field(default="", repr=False)
    details: Mapping[str, str] = field(default_factory=dict, repr=False)
    concerns: tuple[str, ...] = ()
    concerns_whom: str = field(default="", repr=False)
    keep: bool = False
    confirmed: str = ""  # "yes" once a warning was shown and the form sent all the same

    @property
    def is_told(self) -> bool:
        """Whether there is anything to read in it."""
        return bool(self.story.strip() or any(self.details.values()))

    @property
    def is_cut(self) -> bool:
        """Whether the story is longer than a tip holds."""
        return len(self.story) > STORY_LIMIT

    def content(self, language: Language) -> TipContent:
        """The tip; the story cut at its limit."""
        kind = kind_of(self.kind)
        return TipContent(
            story=self.story[:STORY_LIMIT],
            kind=self.kind,
            urgent=self.urgent == "yes" or (self.urgent == "" and kind is not None and kind.is_urgent),
            area="" if self.area == NO_AREA else self.area,
            place=self.place,
            when=self.when,
            details=self.details,
            concerns=self.concerns,
            concerns_whom=self.concerns_whom,
            language=language,
        )


def read_entry(upload: Upload) -> Entry:
    """The form in *upload*; answers that are too long are cut, unknown kinds and questions dropped."""

    def short(name: str) -> str:
        return upload.first(name)[:ANSWER_LIMIT]

    answers = {question: short(_DETAIL + question) for question in question_ids()}
    kind = upload.first("kind")
    return Entry(
        story=upload.first("story"),
        kind=kind if kind in kind_ids() else "",
        urgent=short("urgent"),
        area=short("area"),
        place=short("place"),
        when=short("when"),
        details={question: answer for question, answer in answers.items() if answer},
        concerns=tuple(dict.fromkeys(upload.every("concerns"))),
        concerns_whom=short("concerns_whom"),
        keep=upload.first("keep") == "yes",
        confirmed=short("confirmed"),
    )
