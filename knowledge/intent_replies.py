"""
What is said to those who do not ask: to somebody who chats, who scolds, who reports.

Nothing here is embedded or searched: what helps somebody who reports is found by their words alone
(intent_guides.toml), and read from the record as the public may read it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from knowledge.answer import Answer, Status
from knowledge.errors import DocumentNotFound
from knowledge.model import Audience
from knowledge.text.folding import folded_syllables
from prompts.catalog import LANGUAGES
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Collection

    from knowledge.answer import AnswerKind
    from knowledge.composing import Composer
    from knowledge.model import Passage
    from knowledge.record.store import Record
    from prompts.catalog import Language


@dataclass(frozen=True, slots=True)
class Topic:
    """What may be reported, by kinds of words, and the guide sections for it, by name."""

    about: str
    when: tuple[frozenset[str], ...]
    quoted: str
    named: tuple[str, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """The topics, in the order in which they are tried; the last fits everything."""
    source = (resources.files("knowledge") / "intent_guides.toml").read_text(encoding="utf-8")
    return tuple(
        Topic(
            about=entry["about"],
            when=tuple(map(frozenset, entry["when"])),
            quoted=entry.get("quoted", ""),
            named=tuple(entry["named"]),
        )
        for entry in tomllib.loads(source)["topics"]
    )


def topic_of(kinds: Collection[str]) -> Topic:
    """The topic of a report that holds *kinds* of words."""
    told = frozenset(kinds)
    return next(topic for topic in topics() if any(needed <= told for needed in topic.when))


def talk(text: str, language: Language) -> Answer:
    """A short, kind answer to small talk, with what can be asked here."""
    return _said("talk", say(f"intent.{_reply_to(text)}", language))


def calm(language: Language) -> Answer:
    """One calm line for who scolds, and how to report or get help all the same."""
    return _said("talk", say("intent.abuse", language))


def unread() -> Answer:
    """
    To who writes in a script that nothing here reads: the numbers, in both our languages at once.

    It may be a cry for help or a tip, so nothing of it is embedded, searched, kept or sent.
    """
    return _said("talk", "\n\n".join(say("intent.unread", language) for language in LANGUAGES))


class Receiver:
    """Answers who reports: that nothing was sent yet, how it can be, and what helps meanwhile."""

    def __init__(self, record: Record, composer: Composer) -> None:
        self._record = record
        self._composer = composer

    def answer(self, kinds: Collection[str], language: Language) -> Answer:
        """
        The answer to a report that holds *kinds* of words (see `knowledge.intent.Heard`).

        Raises:
            KnowledgeUnavailable: The record is out of reach.
        """
        topic = topic_of(kinds)
        named = tuple(section.heading for section in map(self._section, topic.named) if section)
        section = self._section(topic.quoted) if topic.quoted else None
        if section is None:
            return replace(_said("report", say("intent.report", language)), suggestions=named)
        first = say("intent.report_first", language, heading=section.heading)
        lead = f"{say('intent.report_soon', language)}\n\n{first}"
        guide = self._composer.of_passage(section, section.text, language)
        text, notes = f"{lead}\n\n{guide.text}", (lead, *guide.notes)
        return replace(guide, kind="report", text=text, suggestions=named, notes=notes)

    def _section(self, name: str) -> Passage | None:
        """The section called *name*, where the public may read it."""
        try:
            sections = self._record.document_passages(name.partition("#")[0])
        except DocumentNotFound:
            return None
        public = (item for item in sections if item.meta.audience is Audience.PUBLIC)
        return next((item for item in public if item.name == name), None)


def _said(kind: AnswerKind, text: str) -> Answer:
    return Answer(status=Status.ANSWERED, kind=kind, text=text, notes=(text,))


def _reply_to(text: str) -> str:
    said = f" {' '.join(folded_syllables(text))} "
    for name, words in _replies():
        if any(f" {word} " in said for word in words):
            return name
    return "other"


@cache
def _replies() -> tuple[tuple[str, tuple[str, ...]], ...]:
    source = (resources.files("knowledge") / "intent_talk.toml").read_text(encoding="utf-8")
    return tuple((entry["name"], tuple(entry["words"])) for entry in tomllib.loads(source)["replies"])
