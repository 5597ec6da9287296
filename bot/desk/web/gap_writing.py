"""The form of an answer, and the answer as it will be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.channels.web.render import text_html
from bot.desk.web.cards import select
from bot.desk.web.gap_parts import area_field, hidden, hint, line_field, say
from bot.desk.web.words import joined
from bot.gaps_guides import HEADING_LIMIT, TEXT_LIMIT
from ingest.guides import TOPICS
from knowledge.model import Audience

if TYPE_CHECKING:
    from bot.desk.gaps import Draft, Preview
    from bot.desk.web.frame import Frame
    from bot.desk.web.words import Words


def write_form(frame: Frame, path: str, draft: Draft, title: str, *, on: int = 0) -> Markup:
    """The form of an answer; it leads to the preview."""
    words = frame.words
    topics = [(topic, say(words, f"topic_{topic}")) for topic in sorted(TOPICS)]
    topics.sort(key=lambda topic: topic[1])
    audiences = [(audience.value, say(words, f"audience_{audience}")) for audience in Audience]
    inside = joined(
        (
            hidden("on", str(on)),
            line_field(
                say(words, "heading"),
                "heading",
                draft.heading,
                say(words, "heading_hint", limit=HEADING_LIMIT),
            ),
            area_field(say(words, "text"), "text", draft.text, say(words, "text_hint", limit=TEXT_LIMIT)),
            area_field(
                say(words, "sources"), "sources", "\n".join(draft.sources), say(words, "sources_hint")
            ),
            area_field(
                say(words, "questions"), "questions", "\n".join(draft.questions), say(words, "questions_hint")
            ),
            select("topic", say(words, "topic"), [("", "…"), *topics], draft.topic),
            select("audience", say(words, "audience"), audiences, draft.audience.value),
            select(
                "signed", say(words, "signed"), _signatures(frame), "name" if draft.signs_name else "unit"
            ),
            hint(say(words, "signed_hint")),
            Markup('<button type="submit" name="do" value="preview" class="main">{}</button>').format(
                say(words, "preview")
            ),
        )
    )
    return Markup('<section class="sheet" aria-labelledby="write"><h2 id="write">{}</h2>{}</section>').format(
        title, frame.form(path, inside, name="answer", once=False)
    )


def _signatures(frame: Frame) -> list[tuple[str, str]]:
    if frame.seat is None or frame.unit is None:
        return []
    names = {"officer": frame.seat.officer.name, "unit": frame.unit.name}
    return [(value, say(frame.words, f"signed_{value}", **names)) for value in ("name", "unit")]


def preview_body(frame: Frame, path: str, draft: Draft, preview: Preview, *, on: int) -> Markup:
    """The answer as it will be cited, and the button that publishes it."""
    words = frame.words
    warnings = joined(
        Markup('<p class="flash no" role="alert">{}</p>').format(say(words, warning))
        for warning in preview.warnings
    )
    fields = joined(
        hidden(name, value)
        for name, value in (
            ("on", str(on)),
            ("heading", draft.heading),
            ("text", draft.text),
            ("sources", "\n".join(draft.sources)),
            ("questions", "\n".join(draft.questions)),
            ("topic", draft.topic),
            ("audience", draft.audience.value),
            ("signed", "name" if draft.signs_name else "unit"),
        )
    )
    buttons = Markup(
        '<p class="row"><button type="submit" name="do" value="publish" class="main">{}</button>'
        '<button type="submit" name="do" value="again">{}</button></p>'
    ).format(say(words, "publish"), say(words, "again"))
    return Markup('<h1>{}</h1><p class="soft">{}</p>{}{}{}{}').format(
        say(words, "preview_title"),
        say(words, "preview_seen"),
        warnings,
        shown_answer(words, preview),
        frame.form(path, fields + buttons, name="publish"),
        hint(say(words, "publish_hint")),
    )


def shown_answer(words: Words, preview: Preview) -> Markup:
    """An answer as the chat shows it: text, then what it stands on."""
    guide, passage = preview.guide, preview.guide.passages[0]
    day = say(words, "preview_as_of", day=words.day(preview.written.as_of))
    references = joined(Markup("<li>{}</li>").format(reference.title) for reference in passage.references)
    topic = say(words, f"topic_{preview.written.topic}")
    audience = say(words, "audience_line", audience=say(words, f"audience_{preview.written.audience}"))
    count = say(words, "preview_questions", count=len(passage.questions))
    return Markup(
        '<section class="outside sheet"><div class="answer">{}</div><h3>{}</h3>'
        '<p><b>{}</b> · {} · {}</p><ul>{}</ul></section><p class="hint">{}</p>'
    ).format(
        text_html(passage.text),
        say(words, "preview_source"),
        guide.meta.title,
        passage.heading,
        day,
        references,
        f"{topic} · {audience} · {count}",
    )
