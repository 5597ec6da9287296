"""The list: one line for each tip, without anything of its story."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.desk.rights import Relation
from bot.desk.web.assets import DESK
from bot.desk.web.words import joined, vietnam_day
from tips.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.desk.views import CardQuery, CardView
    from bot.desk.web.frame import Frame
    from bot.desk.web.words import Words


def mark_of(html: str) -> str:
    """A short mark that changes whenever *html* does."""
    return hashlib.sha256(html.encode()).hexdigest()[:24]


def marks(card: CardView, words: Words) -> Markup:
    """State, urgency, deadline and the rest, each in words."""
    found: list[tuple[str, str]] = [("state", words.say(f"state_{card.state}"))]
    if card.outcome:
        found.append(("", words.say(f"outcome_{card.outcome}")))
    if card.urgent:
        found.append(("hot", words.say("urgent")))
    if card.has_news:
        found.append(("soon", words.say("news")))
    if deadline := deadline_words(card, words):
        found.append(("late" if card.is_late else "soon" if card.is_soon else "", deadline))
    if card.went_up:
        found.append(("soon", words.say("went_up")))
    if card.is_held:
        found.append(("held", words.say("held")))
    if card.is_damaged:
        found.append(("late", words.say("damaged")))
    if card.has_withdrawn:
        found.append(("held", words.say("withdrawn")))
    found += [("label", label) for label in card.labels]
    spans = (Markup('<li class="mark {}">{}</li>').format(look, said) for look, said in found)
    return Markup('<ul class="marks">{}</ul>').format(joined(spans))


def deadline_words(card: CardView, words: Words) -> str:
    """How far the nearest deadline is; "" for a tip without one running."""
    if card.due is None or card.state is State.CLOSED:
        return ""
    days = (card.due - words.today).days
    if days < 0:
        return words.count("late", -days)
    return words.say("due_today") if days == 0 else words.count("due_in", days)


def card_facts(card: CardView, words: Words) -> str:
    """Place, files, who works on it, in one line."""
    if card.relation is Relation.FORMER:
        return words.say("sent_to", unit=words.unit(card.sent_to))
    officer = words.officer(card.claimed_by, card.unit) if card.claimed_by else ""
    facts = [
        words.area(card.area),
        words.count("files", card.files) if card.files else "",
        words.say("claimed_by", officer=officer) if officer else words.say("unclaimed"),
        words.say("received_on", day=words.day(vietnam_day(card.received))),
    ]
    return " · ".join(filter(None, facts))


def card_html(card: CardView, words: Words, references: Mapping[str, str]) -> Markup:
    """One card; its whole face is the link."""
    twins = [references[tip] for tip in card.duplicates if tip in references]
    return DESK.template("card.html").format(
        look="urgent" if card.urgent else "",
        tip=card.tip_id,
        title=words.say("sent_away") if card.relation is Relation.FORMER else words.kind(card.kind),
        reference=card.reference,
        marks=marks(card, words),
        facts=card_facts(card, words),
        twins=Markup('<p class="small">{}</p>').format(words.say("perhaps_same", tips=", ".join(twins)))
        if twins
        else "",
    )


def cards_html(cards: Sequence[CardView], everything: Sequence[CardView], words: Words, limit: int) -> Markup:
    """
    The part of the list that comes live: counts and cards.

    Args:
        cards: What the filters let through.
        everything: All open cards of the unit; the counts are over them.
        words: The reader's language.
        limit: How many cards to show; the rest is counted.
    """
    references = {card.tip_id: card.reference for card in everything}
    if cards:
        shown = (card_html(card, words, references) for card in cards[:limit])
        rest = len(cards) - limit
        body = Markup('<ul class="cards" id="list">{}</ul>{}').format(
            joined(shown, "\n"),
            Markup('<p class="empty">{}</p>').format(words.say("too_many", count=rest)) if rest > 0 else "",
        )
    else:
        hint = words.say("empty_filtered" if everything else "empty_hint")
        body = Markup('<div class="empty"><b>{}</b>{}</div>').format(words.say("empty"), hint)
    return _counts(cards, everything, words) + body


def _counts(cards: Sequence[CardView], everything: Sequence[CardView], words: Words) -> Markup:
    said = [
        ("count_shown", len(cards)),
        ("count_new", sum(card.state is State.NEW for card in everything)),
        ("count_urgent", sum(card.urgent and card.state is not State.CLOSED for card in everything)),
        ("count_late", sum(card.is_late for card in everything)),
    ]
    return Markup('<p class="counts">{}</p>').format(
        joined(Markup("<span>{} <b>{}</b></span>").format(words.say(key), number) for key, number in said)
    )


def list_body(frame: Frame, query: CardQuery, live: Markup, everything: Sequence[CardView]) -> Markup:
    """The list's page: filters, then what comes live."""
    say = frame.words.say
    return DESK.template("list.html").format(
        title=say("list"),
        shortcuts=say("shortcuts"),
        sound=say("sound_on"),
        filter_open=Markup(" open") if is_narrowed(query) else "",
        filter_title=say("filter_on") if is_narrowed(query) else say("filter"),
        filter_form=frame.form("/desk/loc", _filters(frame.words, query, everything), once=False),
        mark=mark_of(live),
        live=live,
        help=_help(frame.words),
    )


def is_narrowed(query: CardQuery) -> bool:
    """Whether any filter but "open ones" is set."""
    told = (query.state, query.urgent, query.claimed_by, query.late)
    typed = (query.kind, query.area, query.label, query.reference)
    return query.closed is None or any(value is not None for value in told) or any(typed)


def _filters(words: Words, query: CardQuery, everything: Sequence[CardView]) -> Markup:
    say = words.say
    kinds = _by_name((card.kind, words.kind(card.kind)) for card in everything if card.kind)
    areas = _by_name((card.area, words.area(card.area)) for card in everything if card.area)
    states = [("all", say("state_all")), *((str(state), say(f"state_{state}")) for state in State)]
    chosen = str(query.state) if query.state else "all" if query.closed is None else ""
    return DESK.template("filters.html").format(
        reference=say("filter_reference"),
        reference_value=query.reference,
        label=say("filter_label"),
        label_value=query.label,
        selects=select("state", say("filter_state"), [("", say("state_open")), *states], chosen)
        + select("kind", say("filter_kind"), [("", say("any")), *kinds], query.kind)
        + select("area", say("filter_area"), [("", say("any")), *areas], query.area),
        boxes=check("urgent", say("filter_urgent"), is_on=query.urgent is True)
        + check("mine", say("filter_mine"), is_on=query.claimed_by is not None)
        + check("late", say("filter_late"), is_on=query.late is True),
        apply=say("filter_apply"),
        clear=say("filter_clear"),
    )


def _by_name(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(set(pairs), key=lambda pair: pair[1])


def select(name: str, label: str, choices: Iterable[tuple[str, str]], chosen: str = "") -> Markup:
    """A labelled choice among (value, words)."""
    options = joined(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value == chosen else "", words
        )
        for value, words in choices
    )
    return Markup('<label>{}<select name="{}">{}</select></label>').format(label, name, options)


def check(name: str, label: str, *, is_on: bool) -> Markup:
    """A box to tick."""
    return Markup('<label class="check"><input type="checkbox" name="{}" value="1"{}>{}</label>').format(
        name, Markup(" checked") if is_on else "", label
    )


def _help(words: Words) -> Markup:
    keys = (
        ("j ↓", "key_next"),
        ("k ↑", "key_previous"),
        ("Enter", "key_open"),
        ("/", "key_filter"),
        ("?", "key_help"),
    )
    rows = joined(
        Markup("<dt>{}</dt><dd>{}</dd>").format(
            joined((Markup("<kbd>{}</kbd>").format(key) for key in pressed.split()), " "), words.say(said)
        )
        for pressed, said in keys
    )
    return Markup(
        '<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">{}</h2><dl>{}</dl>'
        '<form method="dialog"><button>{}</button></form></dialog>'
    ).format(words.say("shortcuts"), rows, words.say("close_help"))
