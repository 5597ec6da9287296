"""One uploaded paper: what was found, what it says of itself, how it will be cited, what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.desk.papers_draft import DAYS, FIELDS
from bot.desk.papers_model import Stage
from bot.desk.papers_waiting import COLLECTION
from bot.desk.web.cards import select
from bot.desk.web.gap_parts import button_link, hidden, hint, mark
from bot.desk.web.paper_diff import diff_part
from bot.desk.web.paper_parts import (
    PAPERS,
    PASSAGES_SHOWN,
    WAITING,
    cited,
    flag_words,
    pages_row,
    repaired,
    say,
    told,
)
from bot.desk.web.words import joined
from ingest.opening import fragment, opens_itself
from ingest.sync import document_key
from knowledge.model import Audience
from prompts.catalog import text

if TYPE_CHECKING:
    from bot.desk.papers_waiting import Sheet
    from bot.desk.web.frame import Frame
    from bot.desk.web.words import Words
    from ingest.trust.book import Waiting
    from ingest.trust.flags import Flag
    from knowledge.model import PassageDraft

_LONG: Final = frozenset(("title", "replaces", "replaced_by"))


def sheet_body(frame: Frame, sheet: Sheet, *, page: int) -> Markup:
    """The page on which an editor decides."""
    words, paper = frame.words, sheet.paper
    return joined(
        (
            Markup("<p>{}</p><h1>{}</h1>").format(
                button_link(PAPERS, say(words, "to_papers")), cited(sheet.draft.meta)
            ),
            _marks(words, sheet),
            _said(words, sheet),
            _decision(frame, sheet),
            diff_part(words, sheet.diff, say(words, "diff_now", edition=sheet.current.edition))
            if sheet.diff is not None and sheet.current is not None
            else Markup(),
            _preview(words, sheet, page),
            Markup('<section class="sheet">{}</section>').format(
                frame.form(
                    f"{WAITING}/{paper.id}/bo",
                    Markup('<button type="submit" class="grave">{}</button>').format(say(words, "discard"))
                    + hint(say(words, "discard_hint")),
                    name="discard",
                )
            ),
        )
    )


def held_body(frame: Frame, item: Waiting) -> Markup:
    """A document that came in by the command line and is held: what was found, and what it says."""
    words, meta = frame.words, item.draft.meta
    buttons = Markup(
        '<p class="row"><button type="submit" name="do" value="accept" class="main">{}</button>'
        '<button type="submit" name="do" value="refuse" class="grave">{}</button></p>'
    ).format(say(words, "accept"), say(words, "refuse"))
    passages = joined(
        passage_card(cited(meta), passage.locator or passage.heading, passage.text, Markup())
        for passage in item.draft.passages[:PASSAGES_SHOWN]
    )
    return Markup(
        '<p>{}</p><h1>{}</h1><p class="soft">{}</p>'
        '<section class="sheet"><ul class="facts">{}</ul>{}</section><h2>{}</h2>{}'
    ).format(
        button_link(PAPERS, say(words, "to_papers")),
        cited(meta),
        say(words, "held_sheet"),
        _lines(words, item.flags),
        frame.form(f"{PAPERS}/giu", hidden("key", meta.key) + buttons + hint(say(words, "accept_hint"))),
        say(words, "preview"),
        passages,
    )


def _marks(words: Words, sheet: Sheet) -> Markup:
    paper = sheet.paper
    marks = [
        Markup('<span class="mark {}">{}</span>').format(
            "held" if paper.stage is Stage.HELD else "state", say(words, f"stage_{paper.stage.value}")
        ),
        mark(say(words, "passage_count", count=len(sheet.draft.passages))),
        mark(say(words, "new_edition") if sheet.current else say(words, "new_document")),
    ]
    return Markup('<p class="marks">{}</p><p class="hint">{}</p>').format(
        joined(marks), say(words, "file_line", name=paper.name, size=words.size(paper.size))
    )


def _said(words: Words, sheet: Sheet) -> Markup:
    """What an editor should know before anything else."""
    paper = sheet.paper
    alarms = []
    if paper.error:
        alarms.append(told(words, paper.error, paper.fields))
    if paper.stage is Stage.HELD:
        alarms.append(say(words, "held_why"))
    if sheet.rivals:
        alarms.append(say(words, "rivals", count=len(sheet.rivals)))
    lines = joined(Markup('<p class="flash no" role="alert">{}</p>').format(alarm) for alarm in alarms)
    if paper.repairs:
        lines += Markup('<p class="flash">{}</p>').format(repaired(words, paper.repairs))
    return lines


def _decision(frame: Frame, sheet: Sheet) -> Markup:
    """The one form: findings to answer for, metadata, for whom, where; saving and publishing."""
    words, paper = frame.words, sheet.paper
    audiences = [(one.value, say(words, f"audience_{one}")) for one in Audience]
    inside = joined(
        (
            hidden("on", str(sheet.current.edition if sheet.current else 0)),
            _findings(words, sheet),
            Markup('<h2>{}</h2><p class="hint">{}</p><div class="fields">{}</div>').format(
                say(words, "about"),
                say(words, "about_hint"),
                joined(_field(words, name, *sheet.fields[name]) for name in FIELDS),
            ),
            Markup('<div class="fields">{}{}</div>').format(
                select("audience", say(words, "audience"), audiences, paper.audience.value),
                _place(words, sheet),
            ),
            hint(say(words, "audience_hint")),
            Markup(
                '<p class="row"><button type="submit" name="do" value="save">{}</button>'
                '<button type="submit" name="do" value="publish" class="main">{}</button>{}</p>'
            ).format(say(words, "save"), say(words, "publish"), _and_next(words, sheet)),
            hint(say(words, "publish_hint")),
        )
    )
    return Markup('<section class="sheet">{}</section>').format(
        frame.form(f"{WAITING}/{paper.id}", inside, name="paper")
    )


def _and_next(words: Words, sheet: Sheet) -> Markup:
    """For whoever has a folder of them: publish, and look at the next."""
    if not sheet.next_id:
        return Markup()
    return hidden("next", sheet.next_id) + Markup(
        '<button type="submit" name="do" value="publish_next">{}</button>'
    ).format(say(words, "publish_next"))


def _field(words: Words, name: str, value: str, origin: str) -> Markup:
    like = Markup()
    if name in DAYS:
        like = Markup(' placeholder="{}" inputmode="numeric"').format(say(words, "day_like"))
    came = Markup()
    if origin:
        is_earlier = origin == "before"
        told_by = say(words, "from_before") if is_earlier else text(f"trust.from_{origin}", words.language)
        came = Markup(' <span class="hint">({})</span>').format(told_by)
    return Markup(
        '<label{}>{}{}<input type="text" name="{}" value="{}" autocomplete="off"{}></label>'
    ).format(
        Markup(' class="long"') if name in _LONG else "",
        say(words, f"field_{name}"),
        came,
        name,
        value,
        like,
    )


def _findings(words: Words, sheet: Sheet) -> Markup:
    paper = sheet.paper
    if not paper.flags and not paper.public_flags:
        return Markup("<p>{}</p>").format(say(words, "found_nothing"))
    parts = []
    for code in dict.fromkeys(flag.code for flag in paper.grave):
        lines = [flag for flag in paper.grave if flag.code is code]
        parts.append(
            Markup(
                '<fieldset class="finding"><ul class="facts">{}</ul><label class="check">'
                '<input type="checkbox" name="ok-{}" value="1"{}>{}</label></fieldset>'
            ).format(
                _lines(words, lines),
                code.value,
                Markup(" checked") if code.value in paper.answered_for else "",
                say(words, "answer_for"),
            )
        )
    light = [flag for flag in paper.flags if not flag.is_grave]
    if light:
        parts.append(Markup('<ul class="facts">{}</ul>').format(_lines(words, light)))
    if paper.public_flags:
        parts.append(
            Markup('<p>{}</p><ul class="facts">{}</ul>').format(
                say(words, "found_if_public"), _lines(words, paper.public_flags)
            )
        )
    return Markup("<h2>{}</h2>{}{}").format(
        say(words, "findings"), hint(say(words, "findings_hint")) if paper.grave else "", joined(parts)
    )


def _lines(words: Words, flags: list[Flag] | tuple[Flag, ...]) -> Markup:
    return joined(Markup("<li>{}</li>").format(flag_words(words, flag)) for flag in flags)


def _place(words: Words, sheet: Sheet) -> Markup:
    """Whether it is a new document or a new edition of one that is there."""
    paper = sheet.paper
    own = document_key(COLLECTION, paper.name)
    choices = [(own, say(words, "place_own", key=own))]
    choices += [
        (row.key, say(words, "place_of", title=cited(row.meta))) for row in sheet.alike if row.key != own
    ]
    if paper.key not in {key for key, _ in choices}:
        choices.append((paper.key, say(words, "place_of", title=paper.key)))
    return select("key", say(words, "place"), choices, paper.key) if len(choices) > 1 else Markup()


def _preview(words: Words, sheet: Sheet, page: int) -> Markup:
    """The passages as they will be cited."""
    passages = sheet.draft.passages
    pages = max(1, -(-len(passages) // PASSAGES_SHOWN))
    page = min(max(page, 1), pages)
    shown = passages[(page - 1) * PASSAGES_SHOWN : page * PASSAGES_SHOWN]
    here = f"{WAITING}/{sheet.paper.id}"
    original = sheet.draft.original
    is_opened = original is not None and opens_itself(original)
    download = Markup() if is_opened else _staged_link(sheet, "", say(words, "download_staged"))
    return Markup(
        '<section aria-labelledby="preview"><h2 id="preview">{}</h2><p class="soft">{}</p>{}{}{}</section>'
    ).format(
        say(words, "preview"),
        say(words, "preview_why"),
        download,
        joined(_passage(words, sheet, item) for item in shown),
        pages_row(words, here, page, pages),
    )


def _passage(words: Words, sheet: Sheet, item: PassageDraft) -> Markup:
    original, link = sheet.draft.original, Markup()
    if original is not None and opens_itself(original):
        link = _staged_link(sheet, fragment(item, original), say(words, "open_original"))
    return passage_card(cited(sheet.draft.meta), item.locator or item.heading, item.text, link)


def _staged_link(sheet: Sheet, at: str, label: str) -> Markup:
    return Markup(
        '<p class="row"><a class="button" href="{}/{}/goc{}" target="_blank" rel="noopener">{}</a></p>'
    ).format(WAITING, sheet.paper.id, at, label)


def passage_card(title: str, locator: str, body: str, link: Markup) -> Markup:
    """A passage as it is cited: its text, then what it is from and where."""
    return Markup(
        '<article class="outside sheet passage"><div class="story">{}</div>'
        '<p class="hint"><b>{}</b>{}</p>{}</article>'
    ).format(body, title, f", {locator}" if locator else "", link)
