"""What stands around every page of the desk, and what every form in it carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.desk.web.assets import DESK
from bot.desk.web.words import joined

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.views import Seat
    from bot.desk.web.words import Words
    from prompts.catalog import Language
    from tips.units import Unit

_OTHER: Final[dict[Language, Language]] = {"vi": "en", "en": "vi"}
_NARROW: Final = frozenset({"outside", "invited", "unlock", "problem", "confirm"})  # one column of text
_ABOUT_GAPS: Final = frozenset({"gaps", "gap", "answers"})
_ABOUT_PAPERS: Final = frozenset({"papers", "paper"})
_SCRIPT_TEXTS: Final = (
    "live_one",
    "live_many",
    "live_lost",
    "live_locked",
    "unlock",
    "session_over",
    "session_over_words",
    "changed",
    "changed_show",
    "hidden",
    "show_again",
    "sound_on",
    "sound_off",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One page's surroundings. `seat` is None before signing in."""

    words: Words
    form_token: str
    new_once: Callable[[], str]
    seat: Seat | None = None
    unit: Unit | None = None
    here: str = "/desk/"
    poll_seconds: float = 10.0
    hide_seconds: float = 300.0
    has_gaps: bool = False
    has_papers: bool = False

    def page(
        self,
        name: str,
        body: Markup,
        *,
        flash: Markup | None = None,
        head: Markup | None = None,
    ) -> str:
        """
        The whole document.

        Args:
            name: Which page: `title_<name>` is its title, which never holds anything of a tip.
            body: What stands in it.
            flash: What became of the last press.
            head: More for the document's head.
        """
        say, files = self.words.say, DESK.files
        return DESK.template("page.html").format(
            language=self.words.language,
            title=say(f"title_{name}"),
            icon=files["icon.svg"].path,
            css=files["desk.css"].path,
            js=files["desk.js"].path,
            head=head or Markup(),
            shape="narrow" if name in _NARROW else "wide",
            page=name,
            skip=say("skip"),
            name=self.words.name,
            desk_name=say("desk"),
            who=self._who(),
            navigation=say("navigation"),
            links=self._links(name),
            banner=self._banner(name),
            flash=flash or Markup(),
            body=body,
            foot=say("foot"),
            texts=self._texts(),
        )

    def form(self, action: str, inside: Markup, *, name: str = "", once: bool = True) -> Markup:
        """A form that posts *inside* to *action*; pressed a second time it does nothing more."""
        number = (
            Markup('<input type="hidden" name="once" value="{}">').format(self.new_once()) if once else ""
        )
        return Markup(
            '<form method="post" action="{}" autocomplete="off"{}>'
            '<input type="hidden" name="form" value="{}">{}{}</form>'
        ).format(
            action,
            Markup(' data-form="{}"').format(name) if name else "",
            self.form_token,
            number,
            inside,
        )

    def button_form(self, action: str, label: str, *, look: str = "", name: str = "") -> Markup:
        """A form that is one button."""
        button = Markup('<button type="submit"{}>{}</button>').format(
            Markup(' class="{}"').format(look) if look else "", label
        )
        return self.form(action, button, name=name)

    def _who(self) -> str:
        if self.seat is None or self.unit is None:
            return self.words.say("tagline")
        role = self.words.say(f"role_{self.seat.officer.role}")
        return f"{self.seat.officer.name} · {role} · {self.unit.name}"

    def _links(self, name: str) -> Markup:
        say = self.words.say
        links: list[Markup] = []
        if self.seat is not None:
            if self.seat.officer.role != "auditor":
                links.append(_link("/desk/", say("to_list"), is_here=name == "list"))
            if self.has_gaps:
                links.append(_link("/desk/hoi-dap", say("to_gaps"), is_here=name in _ABOUT_GAPS))
            if self.has_papers:
                links.append(_link("/desk/tai-lieu", say("to_papers"), is_here=name in _ABOUT_PAPERS))
            if self.seat.officer.role != "officer":
                links.append(_link("/desk/nhat-ky", say("to_audit"), is_here=name == "audit"))
        other = _OTHER[self.words.language]
        links.append(
            Markup('<a href="{0}?lang={1}" hreflang="{1}" lang="{1}">{2}</a>').format(
                self.here, other, say("other_language")
            )
        )
        if self.seat is not None:
            links.append(self.button_form("/desk/ra", say("sign_out")))
        return joined(links)

    def _banner(self, name: str) -> Markup:
        if self.unit is None or not self.unit.is_development:
            return Markup()
        say = self.words.say
        instead = Markup("<p>{} <code>binhan keys new {}</code></p>").format(
            say("trial_instead"), say("unit_id")
        )
        return Markup('<aside class="banner" aria-label="{}"><p><b>{}</b></p>{}</aside>\n').format(
            say("trial_label"), say("trial"), instead if name in {"list", "unlock"} else ""
        )

    def _texts(self) -> Markup:
        texts = Markup(" ").join(
            Markup('data-{}="{}"').format(key.replace("_", "-"), self._script_text(key))
            for key in _SCRIPT_TEXTS
        )
        seat = Markup(' data-seat="1"') if self.seat is not None else ""
        return Markup('{} data-poll="{}" data-hide="{}"{}').format(
            texts, self.poll_seconds, self.hide_seconds, seat
        )

    def _script_text(self, key: str) -> str:
        # The script puts the number in: `{count}` stays as it is.
        return self.words.say(key, count="{count}")


def _link(path: str, label: str, *, is_here: bool) -> Markup:
    here = Markup(' aria-current="page"') if is_here else ""
    return Markup('<a href="{}"{}>{}</a>').format(path, here, label)
