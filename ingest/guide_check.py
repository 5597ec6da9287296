"""
Looks the guides of a folder over: what breaks the format, what has grown old, what cannot be trusted or read.

Errors fail `binhan guides check` and CI. Age is a warning: nothing changes by itself but the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import BadGuide
from ingest.guide_rules import (
    Finding,
    dead_links,
    folded_question,
    unlawful,
    unreadable,
    unregistered_numbers,
    wrong_english,
)
from ingest.guide_sections import read_sections
from ingest.guide_wordings import MORE_WORDINGS, more_wordings
from prompts.catalog import catalog
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from ingest.guide_sections import Guide, Section
    from prompts.catalog import Language

OLD_AFTER = 180  # days since `as_of`


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideReport:
    """What stands in a folder of guides, and what was found. `unverified` counts guides nobody confirmed."""

    guides: int
    sections: int
    unverified: int
    in_english: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings fail the check."""
        return sum(not finding.is_warning for finding in self.findings)


def check_guides(folder: Path, *, today: date) -> GuideReport:
    """
    Every finding in *folder*, by file and line; ages are measured on *today*.

    A file that breaks the format gives its first fault, and the others are looked at all the same.
    """
    guides, broken = read_sections(folder)
    sections = [section for guide in guides for section in guide.sections]
    known = {guide.slug for guide in guides} | {section.name for section in sections}
    findings = [_broken(error) for error in broken]
    for guide in guides:
        findings += _age(guide, today)
    for section in sections:
        findings += unreadable(section)
        findings += unlawful(section, today)
        findings += unregistered_numbers(section)
        findings += dead_links(section, known)
        findings += wrong_english(section)
    findings += _wordings(folder, sections, is_whole=not broken)
    return GuideReport(
        guides=len(guides),
        sections=len(sections),
        unverified=sum(guide.draft.meta.verified_by is None for guide in guides),
        in_english=sum(bool(section.passage.english) for section in sections),
        findings=tuple(sorted(findings, key=lambda found: (found.where.partition("#")[0], found.line))),
    )


def tell(finding: Finding, language: Language) -> str:
    """One line for whoever mends *finding*: where it is, and what to do."""
    texts = catalog(language)
    key = f"guides.{finding.kind}"
    # What breaks the format has its text where every command tells it. Not `say`: a field may be `key`.
    told = texts[key if key in texts else f"ingest.{finding.kind}"].format(**finding.fields)
    mark = say("guides.warning" if finding.is_warning else "guides.error", language)
    where = finding.where
    return say(
        "guides.line", language, mark=mark, file=finding.file, line=str(finding.line), where=where, told=told
    )


def _broken(error: BadGuide) -> Finding:
    return Finding(
        kind=error.code,
        where=error.fields["file"],
        line=int(error.fields["line"]),
        fields=dict(error.fields),
    )


def _age(guide: Guide, today: date) -> Iterator[Finding]:
    as_of = guide.draft.meta.as_of
    if as_of is None:  # the format wants it
        return
    days = (today - as_of).days
    if days < 0:
        yield Finding(kind="future", where=guide.slug, line=1, fields={"as_of": as_of.isoformat()})
    elif days > OLD_AFTER:
        fields = {"as_of": as_of.isoformat(), "days": str(days), "bar": str(OLD_AFTER)}
        yield Finding(kind="old", where=guide.slug, line=1, fields=fields, is_warning=True)


def _wordings(folder: Path, sections: Sequence[Section], *, is_whole: bool) -> Iterator[Finding]:
    """Wordings of no section, and questions that two sections claim: the search could only guess."""
    try:
        more = more_wordings(folder / MORE_WORDINGS)
    except BadGuide as error:
        yield _broken(error)
        return
    names = {section.name: section for section in sections}
    if is_whole:
        for stray in sorted(more.keys() - names.keys()):
            yield Finding(kind="stray_wording", where=MORE_WORDINGS, line=1, fields={"section": stray})
    claimed: dict[str, Section] = {}
    for section in sections:
        for question in (*section.passage.questions, *more.get(section.name, ())):
            first = claimed.setdefault(folded_question(question), section)
            if first is not section:
                fields = {"question": question, "other": first.name}
                yield Finding(
                    kind="same_question", where=section.name, line=section.first_line, fields=fields
                )
