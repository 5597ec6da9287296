"""What editors answered: every version, its state, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.channels.web.render import text_html
from bot.desk.web.gap_parts import ANSWERS, GAPS, button_link, hidden, hint, mark, say
from bot.desk.web.gap_writing import write_form
from bot.desk.web.words import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.gaps import Draft
    from bot.desk.web.frame import Frame
    from knowledge.gaps.model import Answered, Version


def answers_body(frame: Frame, answers: Sequence[Answered], *, is_editor: bool) -> Markup:
    """Everything that was written, with its state and what can be done about it."""
    words = frame.words
    cards = joined(_answer(frame, answered, is_editor=is_editor) for answered in answers)
    return Markup("<p>{}</p><h1>{}</h1>{}").format(
        button_link(GAPS, say(words, "to_list")),
        say(words, "answers"),
        cards or Markup('<p class="sheet">{}</p>').format(say(words, "answers_none")),
    )


def state_of(answered: Answered) -> str:
    """A code of how an answer stands: standing, waiting, withdrawn, leaving or trouble."""
    if answered.trouble:
        return "trouble"
    if answered.standing == answered.wanted:
        return "standing" if answered.wanted else "withdrawn"
    return "waiting" if answered.wanted else "leaving"


def _answer(frame: Frame, answered: Answered, *, is_editor: bool) -> Markup:
    words = frame.words
    shown = answered.version or answered.latest
    state = state_of(answered)
    trouble = Markup()
    if answered.trouble:
        known = "not_published" if answered.trouble == "not_published" else "other"
        trouble = hint(say(words, f"trouble_{known}"))
    versions = joined(
        _version(frame, answered, version, is_editor=is_editor) for version in reversed(answered.versions)
    )
    return Markup(
        '<section class="sheet" id="{}"><h2>{}</h2>'
        '<p class="marks"><span class="mark state">{}</span>{}</p>{}'
        '<div class="answer">{}</div><p class="hint">{}</p>{}'
        '<details class="act"><summary>{}</summary><ul>{}</ul></details></section>'
    ).format(
        answered.slug,
        shown.written.heading,
        say(words, f"state_{state}"),
        mark(say(words, f"audience_{shown.written.audience}")),
        trouble,
        text_html(shown.written.text),
        " · ".join((shown.written.signed, words.day(shown.written.as_of), *shown.written.sources)),
        _doings(frame, answered) if is_editor else Markup(),
        say(words, "all_versions"),
        versions,
    )


def _doings(frame: Frame, answered: Answered) -> Markup:
    words, parts = frame.words, []
    parts.append(button_link(f"{ANSWERS}/{answered.slug}", say(words, "edit")))
    if answered.wanted:
        before = answered.before
        told = say(words, "undo_hint_before", number=before) if before else say(words, "undo_hint_none")
        button = Markup('<button type="submit">{}</button><span class="hint">{}</span>').format(
            say(words, "undo"), told
        )
        on = hidden("on", str(answered.wanted))
        parts.append(frame.form(f"{ANSWERS}/{answered.slug}/hoan-tac", on + button, name="undo"))
    return Markup('<div class="row">{}</div>').format(joined(parts))


def _version(frame: Frame, answered: Answered, version: Version, *, is_editor: bool) -> Markup:
    words = frame.words
    who = say(
        words, "version_by", officer=words.officer(version.officer, version.unit), at=words.moment(version.at)
    )
    form = Markup()
    if version.number == answered.wanted:
        form = mark(say(words, "version_now"))
    elif is_editor:
        fields = hidden("on", str(answered.wanted)) + hidden("number", str(version.number))
        button = Markup('<button type="submit">{}</button>').format(say(words, "restore"))
        form = frame.form(f"{ANSWERS}/{answered.slug}/dung-lai", fields + button)
    return Markup(
        '<li><p><b>{}</b> <span class="soft">{}</span></p><div class="answer">{}</div>{}</li>'
    ).format(say(words, "version", number=version.number), who, text_html(version.written.text), form)


def edit_body(frame: Frame, answered: Answered, draft: Draft) -> Markup:
    """The form of an answer that was written before."""
    words = frame.words
    form = write_form(frame, f"{ANSWERS}/{answered.slug}", draft, say(words, "rewrite"), on=answered.wanted)
    return Markup("<p>{}</p><h1>{}</h1>{}").format(
        button_link(ANSWERS, say(words, "to_answers")), answered.latest.written.heading, form
    )
