"""What the groups read: cards, opened tips, lists. Markup is made here; whatever people wrote is escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.rights import Relation
from bot.desk.web.words import Words, vietnam_day
from bot.telegram.text import escape, pieces
from prompts.catalog import text
from tips.errors import ActionRefused, TipNotReceived
from tips.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bot.desk.views import CardView, OpenTip, ThreadItem
    from prompts.catalog import Language
    from tips.deadlines import Deadline
    from tips.errors import TipError
    from tips.units import UnitBook

_SUPERGROUP = "-100"  # what Telegram puts before a supergroup's own number


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Says things to one group's officers."""

    language: Language
    name: str
    book: UnitBook
    today: date  # in Vietnam

    @property
    def words(self) -> Words:
        """The desk's words, as the web desk says them too."""
        return Words(language=self.language, name=self.name, book=self.book, today=self.today)

    def say(self, key: str, **fields: object) -> str:
        """One of the admin chat's own texts."""
        return text(f"desktg.{key}", self.language, **fields)

    def fault(self, error: TipError) -> str:
        """Why something was not done."""
        if isinstance(error, ActionRefused):
            return self.words.refused(error.fields.get("reason", ""))
        if isinstance(error, TipNotReceived):
            return self.words.say("problem_unavailable_hint")
        return text(f"tips.{error.code}", self.language, **error.fields)

    # cards

    def card(self, card: CardView, references: Mapping[str, str]) -> str:
        """
        A card, without anything of the story.

        Days are named, not counted: a card that counted them would be edited every midnight.

        Args:
            card: What to show.
            references: Of the tips that stand in relation to it, by tip_id.
        """
        say, words = self.words.say, self.words
        if card.relation is Relation.FORMER:
            sent = say("sent_to", unit=words.unit(card.sent_to))
            return f"<b>{escape(card.reference)}</b>\n{escape(sent)}"
        twins = [references[tip] for tip in card.duplicates if tip in references]
        lines = [
            self._marks(card),
            words.area(card.area) if card.area else say("no_area"),
            " · ".join(filter(None, self._facts(card))),
            self._state(card),
            *(self._deadline(deadline) for deadline in card.deadlines if not deadline.is_met),
            f"✉️ {say('news')}" if card.has_news else "",
            say("withdrawn") if card.has_withdrawn else "",
            say("went_up") if card.went_up else "",
            say("damaged") if card.is_damaged else "",
            say("held") if card.is_held else "",
            f"{say('label_label')}: {', '.join(card.labels)}" if card.labels else "",
            say("perhaps_same", tips=", ".join(twins)) if twins else "",
            say("merged_into", tip=references[card.merged_into]) if card.merged_into in references else "",
        ]
        head = f"<b>{escape(card.reference)}</b> · <b>{escape(words.kind(card.kind))}</b>"
        return "\n".join([head, *(escape(line) for line in lines if line)])

    def _marks(self, card: CardView) -> str:
        marks = [
            f"🔴 {self.words.say('urgent')}" if card.urgent else "",
            f"⏰ {self.say('late')}" if card.is_late else f"⏳ {self.say('soon')}" if card.is_soon else "",
        ]
        return " · ".join(filter(None, marks))

    def _facts(self, card: CardView) -> Iterable[str]:
        words = self.words
        yield words.count("files", card.files) if card.files else ""
        yield words.say("received_on", day=words.day(vietnam_day(card.received)))

    def _state(self, card: CardView) -> str:
        words = self.words
        outcome = f": {words.say(f'outcome_{card.outcome}')}" if card.outcome else ""
        who = (
            words.say("claimed_by", officer=words.officer(card.claimed_by, card.unit))
            if card.claimed_by
            else words.say("unclaimed")
        )
        shown = "" if card.state is State.CLOSED and not card.claimed_by else f" · {who}"
        return f"{words.say(f'state_{card.state}')}{outcome}{shown}"

    def _deadline(self, deadline: Deadline) -> str:
        words = self.words
        when = words.day(deadline.due) if deadline.has_last_day else words.say("deadline_at_once")
        late = f" ⏰ {self.say('late')}" if deadline.is_late(self.today) else ""
        return f"• {words.say(f'deadline_{deadline.name}')}: {when}{late}"

    # an opened tip

    def opened(self, tip: OpenTip) -> tuple[str, ...]:
        """What a tip says, what was said to and fro, notes: in messages of Telegram's length."""
        say, words = self.words.say, self.words
        content = tip.content
        pairs = [
            (say("told_kind"), words.kind(content.kind)),
            (say("told_area"), words.area(content.area) if content.area else ""),
            (say("told_place"), content.place),
            (say("told_when"), content.when),
            *((words.question(question), answer) for question, answer in content.details.items()),
            (say("told_concerns"), ", ".join(words.unit(unit) for unit in content.concerns)),
            (say("told_whom"), content.concerns_whom),
        ]
        parts = [
            f"<b>{escape(tip.card.reference)}</b> · {escape(say('told'))}",
            escape(content.story),
            "\n".join(f"<b>{escape(name)}:</b> {escape(value)}" for name, value in pairs if value),
        ]
        if tip.thread:
            parts += [f"<b>{escape(say('thread'))}</b>", *map(self._said, tip.thread)]
        if tip.notes:
            parts.append(f"<b>{escape(say('note_label'))}</b> ({escape(say('unseen_by_tipster'))})")
            parts += [
                f"<i>{escape(words.officer(note.officer, note.unit))} · {words.moment(note.at)}</i>\n"
                f"{escape(note.text)}"
                for note in tip.notes
            ]
        if tip.hold_reason:
            parts.append(escape(say("held_because", reason=tip.hold_reason)))
        if tip.has_original:
            parts.append(f"<i>{escape(self.say('originals_elsewhere'))}</i>")
        parts.append(f"<i>{escape(self.say('opened_foot'))}</i>")
        return pieces("\n\n".join(part for part in parts if part.strip()))

    def _said(self, item: ThreadItem) -> str:
        say, words = self.words.say, self.words
        facts = [
            say(f"said_{item.type}", officer=words.officer(item.officer)),
            words.day(item.day) if item.day else "",
            say("answers", number=item.in_reply_to) if item.from_tipster and item.in_reply_to else "",
            say("question_number", number=item.seq) if item.type == "question" else "",
        ]
        state = say(f"state_{item.state}") if item.type == "state" else ""
        outcome = say(f"outcome_{item.outcome}") if item.outcome else ""
        lines = [": ".join(filter(None, (state, outcome))), item.text]
        head = f"<i>{escape(' · '.join(filter(None, facts)))}</i>"
        return "\n".join([head, *(escape(line) for line in lines if line)])

    # lists

    def row(self, card: CardView, link: str) -> str:
        """One tip in a list. *link*: where its card stands, or ""."""
        words = self.words
        reference = escape(card.reference)
        named = f'<a href="{link}">{reference}</a>' if link else reference
        if card.relation is Relation.FORMER:
            return f"{named} · {escape(words.say('sent_to', unit=words.unit(card.sent_to)))}"
        facts = [
            words.kind(card.kind),
            words.say(f"state_{card.state}"),
            words.officer(card.claimed_by, card.unit) if card.claimed_by else words.say("unclaimed"),
            self.due(card),
            "✉️" if card.has_news else "",
        ]
        urgent = "🔴 " if card.urgent else ""
        return f"{urgent}<b>{named}</b> · {escape(' · '.join(filter(None, facts)))}"

    def due(self, card: CardView) -> str:
        """How far the nearest deadline is; "" for a tip without one running."""
        if card.due is None or card.state is State.CLOSED:
            return ""
        days = (card.due - self.today).days
        if days < 0:
            return f"⏰ {self.words.count('late', -days)}"
        return self.words.say("due_today") if days == 0 else self.words.count("due_in", days)


def card_link(chat: int, topic: int, message: int) -> str:
    """The address of a message, for members of a supergroup; "" in other groups."""
    number = str(chat)
    if not number.startswith(_SUPERGROUP) or not message:
        return ""
    inside = f"{topic}/{message}" if topic else f"{message}"
    return f"https://t.me/c/{number.removeprefix(_SUPERGROUP)}/{inside}"
