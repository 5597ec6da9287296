"""The front page of documents: bringing files in, what waits for an editor, what is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from bot.desk.papers_listing import STATES
from bot.desk.papers_model import OPEN, OVER, Stage
from bot.desk.web.cards import select
from bot.desk.web.gap_parts import hint, mark
from bot.desk.web.paper_parts import (
    DOCUMENT,
    PAPERS,
    WAITING,
    address,
    cited,
    pages_row,
    say,
    who_words,
    why,
)
from bot.desk.web.words import joined
from ingest.sniff import EXTENSIONS, FILE_LIMIT
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.papers_listing import DocumentRow, Listing
    from bot.desk.papers_model import Paper
    from bot.desk.web.frame import Frame
    from bot.desk.web.words import Words

_LIMIT: Final = f"{FILE_LIMIT // 1_000_000} MB"
_SCRIPT_TEXTS: Final = ("sending", "not_sent", "too_large_here", "ready_one", "ready_many")
UNDER_WAY: Final = frozenset((Stage.WAITING, Stage.READING, Stage.PUBLISHING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the front page shows. `listing` is None where the library is out of reach."""

    papers: Sequence[Paper]
    listing: Listing | None
    is_editor: bool


def front_body(frame: Frame, front: Front) -> Markup:
    """The front page."""
    words = frame.words
    parts = [Markup('<h1>{}</h1><p class="soft">{}</p>').format(say(words, "list"), say(words, "list_why"))]
    if front.listing is None:
        parts.append(_elsewhere(words))
    elif front.is_editor:
        parts.append(_upload(frame))
    else:
        parts.append(hint(say(words, "not_editor")))
    parts.append(_waiting(frame, front))
    if front.listing is not None:
        parts.append(_published(words, front.listing))
    return joined(parts)


def _elsewhere(words: Words) -> Markup:
    return Markup('<section class="sheet"><h2>{}</h2><p>{}</p><p><code>{}</code></p></section>').format(
        say(words, "elsewhere"), say(words, "elsewhere_how"), "binhan ingest add"
    )


def _upload(frame: Frame) -> Markup:
    """The field for files. Works as it stands; the script adds dropping and the progress of each file."""
    words = frame.words
    texts = joined(
        Markup(' data-{}="{}"').format(key.replace("_", "-"), _for_script(words, key))
        for key in _SCRIPT_TEXTS
    )
    return Markup(
        '<section class="sheet" aria-labelledby="bring"><h2 id="bring">{title}</h2>'
        '<form method="post" action="{path}/gui" enctype="multipart/form-data" id="upload"'
        ' data-limit="{limit}"{texts}><input type="hidden" name="form" value="{token}">'
        '<div class="drop" id="drop"><label for="files">{choose}</label>'
        '<input type="file" id="files" name="files" multiple accept="{accept}">'
        '<p class="hint scripted">{drop}</p></div>'
        '<p class="row"><button type="submit" class="main" id="send">{send}</button></p>{hint}'
        "</form></section>"
    ).format(
        title=say(words, "bring"),
        path=PAPERS,
        limit=FILE_LIMIT,
        texts=texts,
        token=frame.form_token,
        choose=say(words, "choose"),
        accept=",".join(sorted(EXTENSIONS)),
        drop=say(words, "drop"),
        send=say(words, "send"),
        hint=hint(say(words, "bring_hint", limit=_LIMIT)),
    )


def _for_script(words: Words, key: str) -> str:
    # The script puts the numbers in: `{count}` and `{percent}` stay as they are.
    return say(words, key, count="{count}", percent="{percent}", limit=_LIMIT)


def _waiting(frame: Frame, front: Front) -> Markup:
    words, papers = frame.words, front.papers
    rows = joined(_row(paper_json(words, paper), words, is_editor=front.is_editor) for paper in papers)
    clear = Markup()
    if front.is_editor and any(paper.stage in OVER for paper in papers):
        clear = frame.button_form(f"{PAPERS}/don", say(words, "clear_over"))
    blank = dict.fromkeys(("id", "name", "stage", "said", "why", "size", "href"), "")
    return Markup(
        '<section aria-labelledby="waiting" id="waiting-part"{hidden}><h2 id="waiting">{title}</h2>{hint}'
        '<ul class="cards papers" id="papers" data-news="{path}/dang-doc">{rows}</ul>{clear}'
        '<template id="paper-row">{blank}</template>'
        '<p class="away" id="paper-news" role="status" aria-live="polite"></p></section>'
    ).format(
        hidden=Markup() if papers else Markup(" hidden"),
        title=say(words, "waiting"),
        hint=hint(say(words, "waiting_hint")),
        path=PAPERS,
        rows=rows,
        clear=clear,
        blank=_row(blank, words, is_editor=front.is_editor),
    )


def paper_json(words: Words, paper: Paper) -> dict[str, Any]:
    """What a row shows of *paper*, for the page and for its script."""
    href = ""
    if paper.stage in OPEN:
        href = f"{WAITING}/{paper.id}"
    elif paper.stage is Stage.PUBLISHED:
        href = address(DOCUMENT, khoa=paper.key)
    return {
        "id": paper.id,
        "name": paper.name,
        "stage": paper.stage.value,
        "said": say(words, f"stage_{paper.stage.value}"),
        "why": why(words, paper),
        "size": words.size(paper.size) if paper.size else "",
        "href": href,
    }


def _row(row: dict[str, Any], words: Words, *, is_editor: bool) -> Markup:
    return Markup(
        '<li class="card paper" data-paper="{id}" data-stage="{stage}"><h3 class="paper-name">{name}</h3>'
        '<p class="marks"><span class="mark state paper-said">{said}</span>'
        '<span class="soft small paper-size">{size}</span></p>'
        '<progress class="paper-bar" max="100" hidden></progress>'
        '<p class="hint paper-why">{why}</p>{link}</li>'
    ).format(
        **{key: row[key] for key in ("id", "stage", "name", "said", "size", "why")},
        link=Markup('<p class="row"><a class="button paper-open" href="{}"{}>{}</a></p>').format(
            row["href"] or PAPERS,
            Markup() if row["href"] else Markup(" hidden"),
            say(words, "open_paper"),
        )
        if is_editor
        else Markup(),
    )


def _published(words: Words, listing: Listing) -> Markup:
    query = listing.query
    audience = query.audience.value if query.audience else ""
    audiences = [("", say(words, "any")), *((one.value, say(words, f"audience_{one}")) for one in Audience)]
    states = [("", say(words, "any")), *((state, say(words, f"state_{state}")) for state in STATES)]
    fields = Markup(
        '<form method="get" action="{}#published" role="search"><div class="fields"><label>{}'
        '<input type="search" name="tim" value="{}" autocomplete="off"></label>{}{}</div>'
        '<p class="row"><button type="submit">{}</button></p></form>'
    ).format(
        PAPERS,
        say(words, "search"),
        query.words,
        select("xem", say(words, "audience"), audiences, audience),
        select("trang-thai", say(words, "state"), states, query.state or ""),
        say(words, "filter"),
    )
    cards = joined(document_card(words, row) for row in listing.rows)
    kept = {"tim": query.words, "xem": audience, "trang-thai": query.state or ""}
    return Markup(
        '<section aria-labelledby="published"><h2 id="published">{}</h2>{}<p class="soft">{}</p>'
        '<ul class="cards">{}</ul>{}</section>'
    ).format(
        say(words, "published"),
        fields,
        say(words, "found", found=listing.found, total=listing.total),
        cards,
        pages_row(words, PAPERS, query.page, listing.pages, **kept),
    )


def document_card(words: Words, row: DocumentRow) -> Markup:
    """One document of the list."""
    facts = [fact for fact in (row.meta.document_type, row.meta.organisation) if fact]
    if row.meta.issued:
        facts.append(say(words, "issued_on", day=words.day(row.meta.issued)))
    if row.at is not None:
        facts.append(say(words, "since", at=words.moment(row.at), who=who_words(words, row.by)))
    look = "held" if row.state in {"held", "withdrawn"} else "state"
    path = f"{PAPERS}/giu" if row.state == "held" else DOCUMENT
    return Markup(
        '<li class="card"><h3><a href="{}">{}</a></h3>'
        '<p class="marks"><span class="mark {}">{}</span>{}{}</p><p class="facts">{}</p></li>'
    ).format(
        address(path, khoa=row.key),
        cited(row.meta),
        look,
        say(words, f"state_{row.state}"),
        mark(say(words, f"audience_{row.meta.audience}")),
        mark(say(words, "passage_count", count=row.passages)) if row.passages else Markup(),
        " · ".join(facts),
    )
