"""The forms for what an officer may do with a tip: only those that `Desk.allowed` names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.desk.rights import Action
from bot.desk.web.cards import select
from bot.desk.web.words import joined
from tips.deadlines import MARKS
from tips.states import Outcome, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.desk.views import CardView, OpenTip
    from bot.desk.web.frame import Frame

# What each action is called in addresses.
PATHS: Final[Mapping[Action, str]] = {
    Action.OPEN: "mo",
    Action.CLAIM: "nhan",
    Action.ASSIGN: "giao",
    Action.LABEL: "nhan-viec",
    Action.NOTE: "ghi-chu",
    Action.ASK: "hoi",
    Action.REPLY: "tra-loi",
    Action.MOVE: "xac-minh",
    Action.REOPEN: "mo-lai",
    Action.MARK: "moc",
    Action.CLOSE: "dong",
    Action.TRANSFER: "chuyen",
    Action.RECUSE: "rut-lui",
    Action.MERGE: "gop",
    Action.HOLD: "giu",
    Action.RELEASE: "thoi-giu",
    Action.MUTE: "ngung-nhan",
    Action.REQUEST_ORIGINAL: "xin-ban-goc",
    Action.APPROVE_ORIGINAL: "duyet-ban-goc",
    Action.EXPORT: "xuat",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The actions on one tip. `drafts` are texts typed before a refusal, by action."""

    frame: Frame
    card: CardView
    allowed: frozenset[Action]
    drafts: Mapping[str, str]

    def path(self, action: Action) -> str:
        """Where the form of *action* goes."""
        return f"/desk/tin/{self.card.tip_id}/{PATHS[action]}"

    def open_button(self, label: str) -> Markup:
        """The one button that shows what a tip says."""
        if Action.OPEN not in self.allowed:
            return Markup()
        return self.frame.button_form(self.path(Action.OPEN), label, look="main", name="open")

    def quick(self) -> Markup:
        """Actions that need no reading first."""
        say = self.frame.words.say
        buttons = [
            self._button(Action.CLAIM, say("claim")),
            self._fold(Action.RECUSE, say("recuse"), self._recuse) if self.allowed else Markup(),
        ]
        return joined(buttons)

    def outside(self) -> Markup:
        """Questions and answers to the tipster: apart from everything internal."""
        say = self.frame.words.say
        forms = joined(
            self.frame.form(
                self.path(action),
                _textarea(say(f"{action}_label"), "words", say(f"{action}_hint"), self._draft(action))
                + Markup('<button type="submit">{}</button>').format(say("preview")),
                name=str(action),
                once=False,
            )
            for action in (Action.ASK, Action.REPLY)
            if action in self.allowed
        )
        if not forms:
            return Markup()
        return Markup(
            '<section class="outside" aria-labelledby="to-tipster"><h2 id="to-tipster">{}</h2>{}{}</section>'
        ).format(say("to_tipster"), seen(say("seen_by_tipster"), is_seen=True), forms)

    def inside(self, notes: Markup) -> Markup:
        """Notes and labels: what the tipster never sees."""
        say = self.frame.words.say
        note = label = Markup()
        if Action.NOTE in self.allowed:
            note = self.frame.form(
                self.path(Action.NOTE),
                _textarea(say("note_label"), "words", "", self._draft(Action.NOTE))
                + Markup('<button type="submit">{}</button>').format(say("note")),
                name="note",
            )
        if Action.LABEL in self.allowed:
            label = self.frame.form(
                self.path(Action.LABEL),
                _line(say("label_label"), "labels", ", ".join(self.card.labels), say("label_hint"))
                + Markup('<button type="submit">{}</button>').format(say("label")),
                name="label",
            )
        return Markup(
            '<section class="inside" aria-labelledby="internal"><h2 id="internal">{}</h2>{}{}{}{}</section>'
        ).format(say("internal"), seen(say("unseen_by_tipster"), is_seen=False), notes, note, label)

    def work(self, tip: OpenTip) -> Markup:
        """Everything else, each folded until it is wanted."""
        say = self.frame.words.say
        makers: tuple[tuple[Action, Callable[[], Markup]], ...] = (
            (Action.MOVE, lambda: self._button(Action.MOVE, say("move_do"))),
            (Action.ASSIGN, self._assign),
            (Action.MARK, self._marks),
            (Action.TRANSFER, self._transfer),
            (Action.MERGE, self._merge),
            (Action.HOLD, self._hold),
            (Action.RELEASE, lambda: self._release(tip)),
            (Action.MUTE, self._mute),
            (Action.CLOSE, self._close),
            (Action.REOPEN, lambda: self._button(Action.REOPEN, say("reopen_do"))),
            (Action.EXPORT, self._export),
            (Action.REQUEST_ORIGINAL, lambda: self._request(tip)),
            (Action.APPROVE_ORIGINAL, lambda: self._approve(tip)),
            (Action.RECUSE, self._recuse),
        )
        folds = joined(
            self._fold(action, say(str(action)), make) for action, make in makers if action in self.allowed
        )
        claim = self._button(Action.CLAIM, say("claim"), look="main")
        if not folds and not claim:
            return Markup()
        return Markup(
            '<section class="sheet" aria-labelledby="work"><h2 id="work">{}</h2>{}<div>{}</div></section>'
        ).format(say("work"), claim, folds)

    def _fold(self, action: Action, title: str, make: Callable[[], Markup]) -> Markup:
        body = make() if action in self.allowed else Markup()
        if not body:
            return Markup()
        return Markup('<details class="act"><summary>{}</summary>{}</details>').format(title, body)

    def _button(self, action: Action, label: str, *, look: str = "") -> Markup:
        if action not in self.allowed:
            return Markup()
        return self.frame.button_form(self.path(action), label, look=look, name=str(action))

    def _draft(self, action: Action) -> str:
        return self.drafts.get(str(action), "")

    def _form(self, action: Action, inside: Markup, *, once: bool = True, look: str = "") -> Markup:
        say = self.frame.words.say
        button = Markup('<button type="submit"{}>{}</button>').format(
            Markup(' class="{}"').format(look) if look else "", say(f"{action}_do")
        )
        return self.frame.form(self.path(action), inside + button, name=str(action), once=once)

    def _assign(self) -> Markup:
        unit = self.frame.unit
        officers = [] if unit is None else [o for o in unit.officers if o.role != "auditor"]
        choices = [(officer.id, officer.name) for officer in officers]
        chosen = select("officer", self.frame.words.say("assign_to"), choices, self.card.claimed_by)
        return self._form(Action.ASSIGN, chosen)

    def _marks(self) -> Markup:
        say = self.frame.words.say
        return self._form(
            Action.MARK, select("mark", say("mark_label"), [(m, say(f"mark_{m}")) for m in MARKS])
        )

    def _other_units(self) -> list[tuple[str, str]]:
        words = self.frame.words
        return [(unit.id, unit.name) for unit in words.book.units if unit.id != self.card.unit]

    def _transfer(self) -> Markup:
        say = self.frame.words.say
        return self._form(
            Action.TRANSFER,
            select("unit", say("transfer_to"), self._other_units())
            + _line(say("reason"), "reason", self._draft(Action.TRANSFER), say("reason_inside")),
            once=False,
        )

    def _merge(self) -> Markup:
        say = self.frame.words.say
        return self._form(Action.MERGE, _line(say("merge_into"), "into", "", say("merge_hint")), once=False)

    def _hold(self) -> Markup:
        say = self.frame.words.say
        reason = _line(say("reason"), "reason", self._draft(Action.HOLD), say("hold_hint"))
        return self._form(Action.HOLD, reason)

    def _mute(self) -> Markup:
        return self._form(Action.MUTE, _hint(self.frame.words.say("mute_hint")))

    def _release(self, tip: OpenTip) -> Markup:
        why = Markup("<p>{}</p>").format(self.frame.words.say("held_because", reason=tip.hold_reason))
        return self._form(Action.RELEASE, why)

    def _close(self) -> Markup:
        say = self.frame.words.say
        outcomes = [(str(outcome), say(f"outcome_{outcome}")) for outcome in Outcome]
        return self._form(
            Action.CLOSE,
            select("outcome", say("close_outcome"), outcomes)
            + _textarea(say("close_text"), "words", say("close_hint"), self._draft(Action.CLOSE)),
            once=False,
        )

    def _export(self) -> Markup:
        words = self.frame.words
        own = [(self.card.unit, words.unit(self.card.unit))]
        to = select("unit", words.say("export_to"), own + self._other_units())
        return self._form(Action.EXPORT, to + _hint(words.say("export_hint")))

    def _request(self, tip: OpenTip) -> Markup:
        if not tip.has_original:
            return Markup()
        return self._form(Action.REQUEST_ORIGINAL, _hint(self.frame.words.say("original_hint")))

    def _approve(self, tip: OpenTip) -> Markup:
        if not tip.original_requested_by:
            return Markup()
        words = self.frame.words
        who = words.say(
            "original_requested", officer=words.officer(tip.original_requested_by, self.card.unit)
        )
        return self._form(Action.APPROVE_ORIGINAL, Markup("<p>{}</p>").format(who))

    def _recuse(self) -> Markup:
        hint = _hint(self.frame.words.say("recuse_hint"))
        return self._form(Action.RECUSE, hint, once=False, look="grave")


def seen(words: str, *, is_seen: bool) -> Markup:
    """The line that says whether the tipster reads what stands here."""
    return Markup('<p class="seen"><svg aria-hidden="true"><use href="#i-{}"/></svg>{}</p>').format(
        "outside" if is_seen else "inside", words
    )


def is_finished(card: CardView) -> bool:
    """Whether nothing more is expected."""
    return card.state is State.CLOSED


def _hint(words: str) -> Markup:
    return Markup('<p class="hint">{}</p>').format(words)


def _textarea(label: str, name: str, hint: str, value: str) -> Markup:
    return Markup(
        '<label>{}<textarea name="{}" dir="auto" autocomplete="off">{}</textarea></label>{}'
    ).format(label, name, value, _hint(hint) if hint else "")


def _line(label: str, name: str, value: str, hint: str) -> Markup:
    return Markup('<label>{}<input type="text" name="{}" value="{}" autocomplete="off"></label>{}').format(
        label, name, value, _hint(hint) if hint else ""
    )
