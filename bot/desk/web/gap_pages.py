"""The pages of what residents asked in vain: the list, a group of questions, what was put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.desk.web.gap_parts import ANSWERS, ASIDE, GAPS, button_link, counted, hint, mark, say, week_words
from bot.desk.web.gap_writing import write_form
from bot.desk.web.words import joined
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.gaps import Draft, GapList
    from bot.desk.web.frame import Frame
    from bot.desk.web.words import Words
    from knowledge.gaps.clustering import Cluster

_WEEKS: Final = 6  # that have a button of their own; all weeks have one together
_SHOWN: Final = 6  # wordings of a group before the rest is counted


def list_body(frame: Frame, listed: GapList, *, is_editor: bool, has_aside: bool) -> Markup:
    """The week's list."""
    words = frame.words
    groups = joined(_group(words, cluster, listed.week) for cluster in listed.clusters)
    waiting = counted(words, "waiting", listed.waiting) if listed.waiting else ""
    more = [(ANSWERS, say(words, "to_answers"))]
    if has_aside:
        more.append((ASIDE, say(words, "aside_list")))
    return Markup('<h1>{}</h1><p class="soft">{}</p>{}{}{}{}<p class="row">{}</p>').format(
        say(words, "list"),
        say(words, "list_why"),
        Markup() if is_editor else hint(say(words, "not_editor")),
        _weeks(words, listed),
        Markup('<ul class="cards">{}</ul>').format(groups)
        if listed.clusters
        else Markup('<p class="sheet">{}</p>').format(say(words, "none")),
        hint(waiting) if waiting else Markup(),
        joined(button_link(path, label) for path, label in more),
    )


def _weeks(words: Words, listed: GapList) -> Markup:
    chosen = [
        ("", say(words, "all_weeks")),
        *((week, week_words(words, week)) for week in listed.weeks[:_WEEKS]),
    ]
    links = joined(
        Markup('<a class="button{}" href="{}?tuan={}"{}>{}</a>').format(
            " main" if week == listed.week else "",
            GAPS,
            week or "moi",
            Markup(' aria-current="true"') if week == listed.week else "",
            label,
        )
        for week, label in chosen
    )
    return Markup('<nav class="row" aria-label="{}">{}</nav>').format(say(words, "weeks"), links)


def _group(words: Words, cluster: Cluster, week: str) -> Markup:
    wordings = cluster.wordings
    others = joined(Markup("<li>{}</li>").format(wording) for wording in wordings[1:_SHOWN])
    return Markup(
        '<li class="card"><h2><a href="{}/nhom/{}">{}</a></h2><p class="marks">{}</p>{}{}</li>'
    ).format(
        GAPS,
        cluster.id,
        wordings[0],
        _marks(words, cluster, week),
        Markup('<ul class="facts">{}</ul>').format(others) if others else Markup(),
        hint(say(words, "more_wordings", count=len(wordings) - _SHOWN))
        if len(wordings) > _SHOWN
        else Markup(),
    )


def _marks(words: Words, cluster: Cluster, week: str) -> Markup:
    count = cluster.count_in(week) if week else cluster.count
    audiences = dict.fromkeys(gap.audience for gap in cluster.gaps)
    reasons = dict.fromkeys(gap.reason for gap in cluster.gaps)
    marks = [
        Markup('<span class="mark state">{}</span>').format(counted(words, "asked", count)),
        *(
            mark(say(words, f"asked_by_{audience}"))
            for audience in audiences
            if audience is not Audience.PUBLIC
        ),
        *(mark(say(words, f"reason_{reason}")) for reason in reasons),
    ]
    return joined(marks)


def cluster_body(frame: Frame, cluster: Cluster, draft: Draft, *, is_editor: bool) -> Markup:
    """A group of questions and, for editors, the form that answers it."""
    words = frame.words
    wordings = joined(Markup("<li>{}</li>").format(wording) for wording in cluster.wordings)
    asked = Markup(
        '<section class="sheet"><h2>{}</h2><p class="marks">{}</p><ol class="wordings">{}</ol></section>'
    )
    parts = [
        asked.format(say(words, "cluster"), _marks(words, cluster, ""), wordings),
    ]
    if is_editor:
        aside = frame.form(
            f"{GAPS}/nhom/{cluster.id}/de-sau",
            Markup('<button type="submit">{}</button>').format(say(words, "aside"))
            + hint(say(words, "aside_hint")),
            name="aside",
        )
        parts += [
            write_form(frame, f"{GAPS}/nhom/{cluster.id}", draft, say(words, "write")),
            Markup('<section class="sheet">{}</section>').format(aside),
        ]
    else:
        parts.append(hint(say(words, "not_editor")))
    return Markup("<p>{}</p><h1>{}</h1>{}").format(
        button_link(GAPS, say(words, "to_list")), cluster.wordings[0], joined(parts)
    )


def aside_body(frame: Frame, clusters: Sequence[Cluster], *, is_editor: bool) -> Markup:
    """What was put aside."""
    words = frame.words
    groups = joined(
        Markup('<li class="card"><h2>{}</h2><p class="marks">{}</p>{}</li>').format(
            cluster.wordings[0],
            _marks(words, cluster, ""),
            frame.button_form(f"{ASIDE}/{cluster.id}", say(words, "take_up")) if is_editor else Markup(),
        )
        for cluster in clusters
    )
    return Markup('<p>{}</p><h1>{}</h1><ul class="cards">{}</ul>').format(
        button_link(GAPS, say(words, "to_list")), say(words, "aside_list"), groups
    )
