"""What one edition changes in another, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.desk.web.gap_parts import mark
from bot.desk.web.paper_parts import say
from bot.desk.web.words import joined
from knowledge.model import Audience
from prompts.catalog import catalog

if TYPE_CHECKING:
    from bot.desk.web.words import Words
    from knowledge.version_diff import FieldChange, PassageChange, Run, VersionDiff

_SHOWN: Final = 60  # changed passages on a page; more are counted
_KEPT: Final = 120  # letters of unchanged text shown on either side of a change
_TAGS: Final = {"added": Markup("<ins>{}</ins>"), "removed": Markup("<del>{}</del>"), "same": Markup("{}")}


def diff_part(words: Words, diff: VersionDiff, title: str) -> Markup:
    """The changes as a section of a page."""
    fields = joined(_field(words, change) for change in diff.fields)
    passages = joined(_passage(words, change) for change in diff.changes[:_SHOWN])
    more = len(diff.changes) - _SHOWN
    nothing = not diff.fields and not diff.changes
    return Markup(
        '<section class="sheet diff" aria-labelledby="diff"><h2 id="diff">{}</h2>'
        '<p class="soft">{}</p>{}{}{}</section>'
    ).format(
        title,
        say(words, "diff_same") if nothing else _counts(words, diff),
        Markup('<dl class="pairs">{}</dl>').format(fields) if fields else "",
        passages,
        Markup('<p class="hint">{}</p>').format(say(words, "diff_more", count=more)) if more > 0 else "",
    )


def _counts(words: Words, diff: VersionDiff) -> str:
    kinds = [change.kind for change in diff.changes]
    counts = {kind: kinds.count(kind) for kind in ("changed", "added", "removed")}
    return say(words, "diff_counts", **counts, unchanged=diff.unchanged)


def _field(words: Words, change: FieldChange) -> Markup:
    key = f"papers.field_{change.name}"
    name = catalog(words.language).get(key, change.name)
    before, after = (_value(words, change.name, value) for value in (change.before, change.after))
    return Markup("<dt>{}</dt><dd><del>{}</del> <ins>{}</ins></dd>").format(name, before, after)


def _value(words: Words, name: str, value: str) -> str:
    if name == "audience" and value in set(Audience):
        return say(words, f"audience_{value}")
    return value or "–"


def _passage(words: Words, change: PassageChange) -> Markup:
    runs = joined(_run(run) for run in change.runs)
    if not change.runs:
        tag = _TAGS["removed" if change.kind == "removed" else "added"]
        runs = tag.format(change.before if change.kind == "removed" else change.after)
    return Markup(
        '<article class="change"><p class="marks">{}{}</p><div class="story">{}</div></article>'
    ).format(
        mark(say(words, f"diff_{change.kind}")),
        Markup('<b class="small">{}</b>').format(change.locator or change.heading or change.anchor),
        runs,
    )


def _run(run: Run) -> Markup:
    if run.kind == "same" and len(run.text) > 2 * _KEPT + 20:
        return Markup("{} … {}").format(run.text[:_KEPT], run.text[-_KEPT:])
    return _TAGS[run.kind].format(run.text)
