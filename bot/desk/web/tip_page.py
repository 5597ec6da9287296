"""The page of one tip: its card and a button, or all of it; and the last look before sending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.desk.rights import Action, Relation
from bot.desk.web.actions import PATHS, seen
from bot.desk.web.cards import card_facts, mark_of, marks
from bot.desk.web.opened import history_html, notes_html, thread_html, told_html
from bot.desk.web.words import joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.desk.views import CardView, OpenTip
    from bot.desk.web.actions import Panel
    from bot.desk.web.frame import Frame
    from bot.desk.web.words import Words
    from tips.deadlines import Deadline


def card_mark(card: CardView) -> str:
    """A mark that changes with anything of the card: a page open elsewhere sees that it is old."""
    return mark_of(repr(card))


def closed_body(panel: Panel, twins: Mapping[str, str]) -> Markup:
    """
    A tip before it is opened.

    Args:
        panel: What may be done.
        twins: References of other tips that stand in relation to this one, by tip_id.
    """
    say = panel.frame.words.say
    away = panel.card.relation is Relation.FORMER
    hint = (
        say("away_hint")
        if away
        else say("open_hint")
        if Action.OPEN in panel.allowed
        else say("no_open_hint")
    )
    return Markup('{}<section class="sheet"><p>{}</p>{}</section>{}').format(
        _head(panel, twins), hint, panel.open_button(say("open")), _quick(panel)
    )


def _quick(panel: Panel) -> Markup:
    quick = panel.quick()
    if not quick:
        return quick
    title = panel.frame.words.say("work")
    return Markup('<section class="sheet"><h2>{}</h2>{}</section>').format(title, quick)


def open_body(panel: Panel, tip: OpenTip, twins: Mapping[str, str]) -> Markup:
    """A tip opened: what was told on one side, what to do with it on the other."""
    words = panel.frame.words
    again = panel.open_button(words.say("show_again"))
    return Markup(
        '<div class="row spread">{}{}</div><div id="veil" class="sheet" hidden><p>{}</p>{}</div>'
        '<div class="two" id="opened" data-mark="{}"><div><div class="veiled">{}{}</div>{}</div>'
        "<div>{}{}{}</div></div>"
    ).format(
        _head(panel, twins),
        panel.frame.button_form(f"/desk/tin/{tip.card.tip_id}/an", words.say("hide_now"), name="hide"),
        words.say("hidden"),
        again,
        card_mark(panel.card),
        told_html(tip, words),
        thread_html(tip, words),
        panel.outside(),
        panel.inside(Markup('<div class="veiled">{}</div>').format(notes_html(tip.notes, words))),
        panel.work(tip),
        Markup('<div class="veiled">{}</div>').format(history_html(tip, words)),
    )


def _head(panel: Panel, twins: Mapping[str, str]) -> Markup:
    card, words = panel.card, panel.frame.words
    links = joined(
        (
            Markup('<a class="mono" href="/desk/tin/{}">{}</a>').format(tip_id, reference)
            for tip_id, reference in twins.items()
            if tip_id in card.duplicates
        ),
        ", ",
    )
    merged = twins.get(card.merged_into, "")
    return Markup(
        '<div class="headline"><h1>{} <span class="mono soft">{}</span></h1>{}<p class="soft">{}</p>'
        "{}{}{}{}</div>"
    ).format(
        words.say("sent_away") if card.relation is Relation.FORMER else words.kind(card.kind),
        card.reference,
        marks(card, words),
        card_facts(card, words),
        _deadlines(card, panel.frame),
        Markup("<p>{}: {}</p>").format(words.say("same_as"), links) if links else "",
        Markup("<p>{}</p>").format(words.say("merged_into", tip=merged)) if merged else "",
        Markup('<p class="small soft">{}</p>').format(
            words.say("kept_until", day=words.day(card.retention_until))
        )
        if card.retention_until
        else "",
    )


def _deadlines(card: CardView, frame: Frame) -> Markup:
    if not card.deadlines:
        return Markup()
    words = frame.words
    rows = joined(
        Markup("<dt>{}</dt><dd>{} · {}{}</dd>").format(
            words.say(f"deadline_{deadline.name}"),
            _term(deadline, words),
            deadline.source,
            "" if deadline.status == "confirmed" else f" ({words.say('deadline_unresolved')})",
        )
        for deadline in card.deadlines
    )
    return Markup(
        '<details class="more"><summary>{}</summary><dl class="pairs small">{}</dl></details>'
    ).format(words.say("deadlines"), rows)


def _term(deadline: Deadline, words: Words) -> str:
    if deadline.is_met:
        return words.say("deadline_met")
    return words.day(deadline.due) if deadline.has_last_day else words.say("deadline_at_once")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastLook:
    """
    What is shown before something is done that cannot be taken back.

    `told` is exactly what the tipster will read, line by line; or, where `is_seen` is False, what will
    happen. `kept` are the fields to send again, unchanged.
    """

    action: Action
    told: Sequence[str]
    kept: Mapping[str, str]
    is_seen: bool


def confirm_body(frame: Frame, look: LastLook, tip_path: str) -> Markup:
    """The page of *look*; *tip_path* is the tip's, where "not yet" leads."""
    say = frame.words.say
    fields = joined(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in look.kept.items()
    )
    inside = Markup(
        '{}<input type="hidden" name="sure" value="1"><div class="row">'
        '<button type="submit" class="main">{}</button><a class="button" href="{}">{}</a></div>'
    ).format(fields, say(f"{look.action}_sure"), tip_path, say("not_yet"))
    return Markup('<h1>{}</h1><section class="{}">{}{}<p class="hint">{}</p></section>{}').format(
        say(f"{look.action}_ask_sure"),
        "outside" if look.is_seen else "inside",
        seen(say("will_be_seen" if look.is_seen else "will_not_be_seen"), is_seen=look.is_seen),
        joined(Markup('<p class="exact" dir="auto">{}</p>').format(line) for line in look.told if line),
        say("no_way_back"),
        frame.form(f"{tip_path}/{PATHS[look.action]}", inside, name="sure"),
    )
