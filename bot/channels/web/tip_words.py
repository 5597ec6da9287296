"""The tip pages' documents: templates filled from the catalog, and the texts their scripts say."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.channels.web.assets import CHAT
from bot.channels.web.page import EMERGENCY
from bot.channels.web.tip_multipart import UPLOAD_LIMIT
from prompts.catalog import catalog, text
from tips.errors import FileRefused
from tips.model import FILE_BYTES_LIMIT, FILES_LIMIT, STORY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.channels.web.reading import ProblemCode
    from prompts.catalog import Language
    from tips.errors import TipError

_OTHER: Final[dict[Language, Language]] = {"vi": "en", "en": "vi"}
_ON_EVERY_PAGE: Final = "tip-leave.js"
_SCRIPT_TEXTS: Final = "tipweb.js_"
# Filled by the page's script, which knows them only later.
_LATER: Final = {key: f"{{{key}}}" for key in ("step", "steps", "count", "what", "where", "unit", "receipt")}
_FROM_FRONT_PAGE: Final = ("languages", "other_language", "strip")
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TipWords:
    """Says and fills in one language; `name` is what the assistant is called here."""

    language: Language
    name: str

    def say(self, key: str, **fields: object) -> str:
        """One text of the tip pages."""
        limits = {
            "file_megabytes": FILE_BYTES_LIMIT // _MEGABYTE,
            "files": FILES_LIMIT,
            "characters": STORY_LIMIT,
            "sending_megabytes": UPLOAD_LIMIT // _MEGABYTE,
        }
        return text(f"tipweb.{key}", self.language, **(_LATER | limits | {"name": self.name} | fields))

    def error(self, error: TipError) -> str:
        """What *error* says to a tipster."""
        if isinstance(error, FileRefused):
            return text(f"tips.refused_{error.fields['reason']}", self.language)
        return text(f"tips.{error.code}", self.language, **error.fields)

    def problem(self, code: ProblemCode) -> str:
        """What is said of a sending that broke off."""
        key = f"tipweb.broken_{code}"
        return (
            self.say(f"broken_{code}")
            if key in catalog(self.language)
            else text(f"web.error_{code}", self.language)
        )

    def refused(self, reasons: Iterable[str]) -> list[str]:
        """What is said of each file that was not taken."""
        return [self.error(FileRefused(reason=reason)) for reason in reasons]

    def fill(self, name: str, **own: object) -> Markup:
        """The template *name*: *own* values first, else the text of that key. Plain strings are escaped."""
        document = CHAT.template(name)
        wanted = {key for _, key, _, _ in Formatter().parse(document) if key}
        values = {"language": self.language, "name": self.name, "story_limit": STORY_LIMIT} | own
        return document.format(**{key: values[key] if key in values else self.say(key) for key in wanted})

    def document(  # noqa: PLR0913  what differs between the pages
        self,
        content: Markup,
        *,
        page: str,
        path: str,
        elsewhere: str,
        scripts: Sequence[str] = (),
        problem: str = "",
        is_trial: bool = False,
    ) -> str:
        """
        A whole page around *content*.

        Args:
            content: What stands in `main`.
            page: `tip` or `follow`: begins the keys of title, heading and foot.
            path: Where the page is, for the other language.
            elsewhere: Where the link beside it leads.
            scripts: Names of static files, beside what every page has.
            problem: What was refused, told at the top.
            is_trial: Whether to say that nobody at a police unit reads this.
        """
        files = CHAT.files
        return self.fill(
            "tip.html",
            content=content,
            title=self.say(f"{page}_title"),
            heading=self.say(f"{page}_heading"),
            elsewhere_text=self.say(f"{page}_elsewhere"),
            elsewhere=elsewhere,
            path=path,
            other=_OTHER[self.language],
            icon=files["icon.svg"].path,
            css=files["app.css"].path,
            tip_css=files["tip.css"].path,
            scripts=Markup("\n").join(
                Markup('<script src="{}" defer></script>').format(files[name].path)
                for name in (_ON_EVERY_PAGE, *scripts)
            ),
            numbers=self._strip(),
            says=self._says() if scripts else "",
            problem=problem,
            problem_hidden="" if problem else Markup(" hidden"),
            trial=Markup('<p class="msg refused trial">{}</p>').format(self.say("trial")) if is_trial else "",
            **{key: text(f"web.{key}", self.language) for key in _FROM_FRONT_PAGE},
        )

    def calls(self) -> Markup:
        """The emergency numbers as large buttons."""
        return Markup().join(
            Markup(
                '<li><a href="tel:{0}"><svg aria-hidden="true"><use href="#i-call"/></svg>'
                "<b>{0}</b> <span>{1}</span></a></li>"
            ).format(number, text(f"web.strip_{number}", self.language))
            for number in EMERGENCY[:3]
        )

    def _strip(self) -> Markup:
        return Markup().join(
            Markup('<li><a href="tel:{0}"><b>{0}</b><span>{1}</span></a></li>').format(
                number, text(f"web.strip_{number}", self.language)
            )
            for number in EMERGENCY
        )

    def _says(self) -> Markup:
        keys = [key for key in catalog(self.language) if key.startswith(_SCRIPT_TEXTS)]
        return Markup().join(
            Markup('<li data-key="{}">{}</li>').format(
                key.removeprefix(_SCRIPT_TEXTS), self.say(key.partition(".")[2])
            )
            for key in keys
        )
