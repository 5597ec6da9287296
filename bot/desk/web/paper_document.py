"""One document of the library: how it is cited, where its original opens, its editions, who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.desk.papers_draft import DAYS, FIELDS, fields_of
from bot.desk.web.gap_parts import button_link, hidden, hint, mark
from bot.desk.web.paper_diff import diff_part
from bot.desk.web.paper_parts import (
    DOCUMENT,
    PAPERS,
    PASSAGES_SHOWN,
    address,
    cited,
    pages_row,
    repaired,
    say,
    who_words,
)
from bot.desk.web.paper_sheet import passage_card
from bot.desk.web.words import joined
from ingest.opening import fragment, opens_itself, part_id, parts
from prompts.catalog import catalog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.papers_published import DocumentView
    from bot.desk.web.frame import Frame
    from bot.desk.web.words import Words
    from ingest.opening import Part
    from knowledge.history import Act, StoredVersion
    from knowledge.model import DocumentMeta, Passage
    from knowledge.version_diff import VersionDiff

_ACTS: Final = 30  # shown


def document_body(frame: Frame, view: DocumentView, *, page: int, is_editor: bool) -> Markup:
    """The page of one document."""
    words, row = frame.words, view.row
    meta = view.passages[0].meta if view.passages else row.meta
    look = "held" if row.state in {"held", "withdrawn"} else "state"
    marks = Markup('<p class="marks"><span class="mark {}">{}</span>{}{}</p>').format(
        look,
        say(words, f"state_{row.state}"),
        mark(say(words, f"audience_{meta.audience}")),
        mark(say(words, "edition", number=view.edition)),
    )
    return joined(
        (
            Markup("<p>{}</p><h1>{}</h1>{}").format(
                button_link(PAPERS, say(words, "to_papers")), cited(meta), marks
            ),
            hint(say(words, "copy_of", key=row.duplicate_of)) if row.duplicate_of else Markup(),
            hint(repaired(words, row.repairs)) if row.repairs else Markup(),
            _about(words, meta),
            _doings(frame, view) if is_editor else Markup(),
            _passages(words, view, page),
            _editions(frame, view, is_editor=is_editor),
            _acts(words, view.history.acts),
        )
    )


def _about(words: Words, meta: DocumentMeta) -> Markup:
    shown = fields_of(meta)
    for name in DAYS:
        day = getattr(meta, name)
        shown[name] = words.day(day) if day else ""
    pairs = joined(
        Markup("<dt>{}</dt><dd>{}</dd>").format(say(words, f"field_{name}"), shown[name])
        for name in FIELDS
        if shown[name]
    )
    return Markup('<section class="sheet"><dl class="pairs">{}</dl></section>').format(pairs)


def _doings(frame: Frame, view: DocumentView) -> Markup:
    words, history = frame.words, view.history
    if history.current is None:
        return _key_form(frame, "dung-lai", view, say(words, "restore"), hint(say(words, "restore_hint")))
    return _key_form(
        frame, "rut", view, say(words, "withdraw"), hint(say(words, "withdraw_hint")), look="grave"
    )


def _key_form(  # noqa: PLR0913 - one form
    frame: Frame,
    action: str,
    view: DocumentView,
    label: str,
    more: Markup,
    *,
    look: str = "",
    edition: int = 0,
) -> Markup:
    fields = hidden("key", view.row.key) + hidden("on", str(view.history.current or 0))
    fields += hidden("edition", str(edition)) if edition else Markup()
    button = Markup('<button type="submit" class="{}">{}</button>').format(look, label)
    return frame.form(f"{PAPERS}/{action}", fields + button + more)


def original_link(words: Words, view: DocumentView, item: Passage) -> Markup:
    """Where a passage stands in the stored original: the PDF's page, or the text at that place."""
    original = view.original
    if original is not None and opens_itself(original):
        return Markup('<p class="row"><a href="{}{}" target="_blank" rel="noopener">{}</a></p>').format(
            address(f"{PAPERS}/goc", khoa=view.row.key, ban=view.edition),
            fragment(item, original),
            say(words, "open_original"),
        )
    return Markup('<p class="row"><a href="{}#{}">{}</a></p>').format(
        address(f"{PAPERS}/chu", khoa=view.row.key, ban=view.edition), part_id(item), say(words, "open_text")
    )


def _passages(words: Words, view: DocumentView, page: int) -> Markup:
    pages = max(1, -(-len(view.passages) // PASSAGES_SHOWN))
    page = min(max(page, 1), pages)
    shown = view.passages[(page - 1) * PASSAGES_SHOWN : page * PASSAGES_SHOWN]
    cards = joined(
        passage_card(
            cited(item.meta), item.locator or item.heading, item.text, original_link(words, view, item)
        )
        for item in shown
    )
    links = [
        button_link(address(f"{PAPERS}/chu", khoa=view.row.key, ban=view.edition), say(words, "whole_text"))
    ]
    if view.original is not None:
        links.append(
            button_link(
                address(f"{PAPERS}/goc", khoa=view.row.key, ban=view.edition, tai="1"),
                say(words, "download", size=words.size(view.original.size)),
            )
        )
    return Markup(
        '<section aria-labelledby="passages"><h2 id="passages">{}</h2><p class="row">{}</p>{}{}</section>'
    ).format(
        say(words, "passages", count=len(view.passages)),
        joined(links),
        cards,
        pages_row(words, DOCUMENT, page, pages, khoa=view.row.key, ban=view.edition),
    )


def _editions(frame: Frame, view: DocumentView, *, is_editor: bool) -> Markup:
    words, versions = frame.words, view.history.versions
    lines = []
    for place, version in enumerate(versions):
        before = versions[place + 1].edition if place + 1 < len(versions) else 0
        lines.append(_edition(frame, view, version, before, is_editor=is_editor))
    return Markup(
        '<section class="sheet" aria-labelledby="editions"><h2 id="editions">{}</h2>'
        '<ul class="history">{}</ul></section>'
    ).format(say(words, "editions"), joined(lines))


def _edition(
    frame: Frame, view: DocumentView, version: StoredVersion, before: int, *, is_editor: bool
) -> Markup:
    words, key = frame.words, view.row.key
    links = [
        Markup('<a class="button" href="{}">{}</a>').format(
            address(DOCUMENT, khoa=key, ban=version.edition), say(words, "look")
        )
    ]
    if before:
        links.append(
            Markup('<a class="button" href="{}">{}</a>').format(
                address(f"{PAPERS}/so-sanh", khoa=key, cu=before, moi=version.edition),
                say(words, "compare", number=before),
            )
        )
    if version.is_current:
        links.append(mark(say(words, "answers_now")))
    elif is_editor:
        links.append(
            _key_form(frame, "tro-ve", view, say(words, "roll_back"), Markup(), edition=version.edition)
        )
    return Markup(
        '<li><time>{}</time><div><p><b>{}</b> · {} · {}</p><p class="hint">{}</p>'
        '<div class="row">{}</div></div></li>'
    ).format(
        words.moment(version.published_at),
        say(words, "edition", number=version.edition),
        cited(version.meta),
        say(words, f"audience_{version.meta.audience}"),
        who_words(words, version.published_by),
        joined(links),
    )


def _acts(words: Words, acts: Sequence[Act]) -> Markup:
    lines = joined(
        Markup("<li><time>{}</time><span>{}</span></li>").format(words.moment(act.at), act_words(words, act))
        for act in acts[:_ACTS]
    )
    return Markup(
        '<section class="sheet" aria-labelledby="acts"><h2 id="acts">{}</h2>'
        '<ul class="history">{}</ul></section>'
    ).format(say(words, "acts"), lines)


def act_words(words: Words, act: Act) -> str:
    """Who did what; findings they answered for by name."""
    did = say(words, f"act_{act.kind.value}", edition=act.edition, who=who_words(words, act.who))
    texts = catalog(words.language)
    codes = "; ".join(texts.get(f"trust.{code}", code) for code in act.codes)
    return f"{did} {say(words, 'act_codes', codes=codes)}" if codes else did


def difference_body(frame: Frame, view: DocumentView, diff: VersionDiff, *, older: int, newer: int) -> Markup:
    """What one edition changed in another."""
    words = frame.words
    return Markup("<p>{}</p><h1>{}</h1>{}").format(
        button_link(address(DOCUMENT, khoa=view.row.key), say(words, "to_document")),
        cited(view.row.meta),
        diff_part(words, diff, say(words, "diff_between", older=older, newer=newer)),
    )


def text_body(frame: Frame, view: DocumentView) -> Markup:
    """The whole text of an edition in order, each passage with an anchor of its own."""
    words = frame.words
    return Markup(
        '<p>{}</p><h1>{}</h1><p class="soft">{}</p><section class="sheet text">{}</section>'
    ).format(
        button_link(address(DOCUMENT, khoa=view.row.key, ban=view.edition), say(words, "to_document")),
        cited(view.passages[0].meta if view.passages else view.row.meta),
        say(words, "text_why"),
        joined(_part(part) for part in parts(view.passages)),
    )


def _part(part: Part) -> Markup:
    name = part.locator or part.heading
    body = _table(part.table) if part.table else Markup('<div class="story">{}</div>').format(part.text)
    return Markup('<article class="part" id="{}"><h2 class="hint">{}</h2>{}</article>').format(
        part.id, name, body
    )


def _table(rows: Sequence[Sequence[str]]) -> Markup:
    first, *others = rows
    head = joined(Markup("<th>{}</th>").format(cell) for cell in first)
    body = joined(
        Markup("<tr>{}</tr>").format(joined(Markup("<td>{}</td>").format(cell) for cell in row))
        for row in others
    )
    return Markup(
        '<div class="wide-table"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(head, body)
