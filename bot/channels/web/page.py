"""The whole page as the server sends it, with or without a conversation in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.channels.web.assets import CHAT
from bot.messages import QUESTION_LIMIT
from prompts.catalog import text

if TYPE_CHECKING:
    from bot.channels.web.render import Renderer
    from prompts.catalog import Language

EMERGENCY: Final = ("113", "114", "115", "111")
_OTHER: Final[dict[Language, Language]] = {"vi": "en", "en": "vi"}
_NOTHING: Final = Markup()
_PLAIN_TEXTS: Final = (
    "title",
    "description",
    "skip",
    "tagline",
    "languages",
    "other_language",
    "strip",
    "welcome_title",
    "welcome_text",
    "log",
    "typing",
    "writing",
    "question",
    "placeholder",
    "hint",
    "send",
    "memory",
    "clear",
    "keeps",
    "may_be_wrong",
    "error_offline",
    "error_unreachable",
    "error_slow",
    "error_internal",
    "error_switch",
    "cleared",
    "thanks",
    "thanks_failed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands on a page: starters on a fresh one, else the messages of one turn."""

    starters: tuple[str, ...] = ()
    messages: Markup = _NOTHING
    previous: tuple[str, ...] = ()
    draft: str = ""
    fresh: bool = True


def page_html(page: Page, renderer: Renderer) -> str:
    """*page* as a full document."""
    files = CHAT.files
    return CHAT.template("page.html").format(
        **{key: renderer.say(key) for key in _PLAIN_TEXTS},
        name=renderer.name,
        language=renderer.language,
        other=_OTHER[renderer.language],
        icon=files["icon.svg"].path,
        css=files["app.css"].path,
        js=files["app.js"].path,
        numbers=_strip(renderer),
        tip_link=_tip_link(renderer),
        starters=renderer.choices("starters", page.starters),
        welcome_hidden="" if page.fresh else Markup(" hidden"),
        memory_hidden=Markup(" hidden") if page.fresh else "",
        messages=page.messages,
        previous=Markup("\n").join(
            Markup('<input type="hidden" name="previous" value="{}">').format(words)
            for words in page.previous
        ),
        draft=page.draft,
        limit=QUESTION_LIMIT,
        t_question=renderer.question(""),
        t_error=renderer.problem("", retry=True),
    )


def _tip_link(renderer: Renderer) -> Markup:
    if not renderer.takes_tips:
        return _NOTHING
    return Markup(
        '<a id="tip-link" class="tip-card" href="/bao-tin?lang={}"><b>{}</b><span>{}</span></a>'
    ).format(
        renderer.language,
        text("tipweb.front_link", renderer.language),
        text("tipweb.front_hint", renderer.language),
    )


def _strip(renderer: Renderer) -> Markup:
    return Markup().join(
        Markup('<li><a href="tel:{0}" aria-label="{1}"><b>{0}</b><span>{2}</span></a></li>').format(
            number,
            renderer.say("call", number=number, label=renderer.say(f"strip_{number}")),
            renderer.say(f"strip_{number}"),
        )
        for number in EMERGENCY
    )


def manifest(renderer: Renderer) -> dict[str, object]:
    """The web app manifest: what a phone shows once the page is installed."""
    icon = CHAT.files["icon.svg"]
    return {
        "name": renderer.say("title"),
        "short_name": renderer.name,
        "description": renderer.say("description"),
        "lang": renderer.language,
        "id": "/",
        "start_url": f"/?lang={renderer.language}",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f2ea",
        "theme_color": "#0b5d5a",
        "icons": [{"src": icon.path, "sizes": "any", "type": icon.media_type, "purpose": "any"}],
    }
