"""The pages before the list: signing in, unlocking, and what is said where there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.web.frame import Frame


def sheet(title: str, *lines: str | Markup) -> Markup:
    """A page of one box."""
    body = Markup().join(
        line if isinstance(line, Markup) else Markup("<p>{}</p>").format(line) for line in lines if line
    )
    return Markup('<section class="sheet"><h1>{}</h1>{}</section>').format(title, body)


def outside_body(frame: Frame, *, is_over: bool, typed: Sequence[str] = ()) -> Markup:
    """Nobody is signed in. *is_over*: somebody was, a moment ago; *typed*: and had written that."""
    say = frame.words.say
    return sheet(
        say("outside_over") if is_over else say("outside"),
        _handed_back(frame, typed),
        say("outside_how"),
        Markup("<p><code>binhan desk link --officer {} --unit {}</code></p>").format(
            say("officer_id"), say("unit_id")
        ),
        say("outside_already"),
        Markup('<p><a class="button" href="/desk/">{}</a></p>').format(say("outside_again")),
    )


def invited_body(frame: Frame, token: str) -> Markup:
    """The button that spends the link: a preview that only fetches the page does not."""
    say = frame.words.say
    return sheet(
        say("invited"),
        say("invited_how"),
        frame.button_form(f"/desk/vao/{token}", say("enter"), look="main"),
    )


def unlock_body(frame: Frame, *, waiting: int) -> Markup:
    """
    The unit's keys are not in memory.

    Args:
        frame: The page's frame.
        waiting: How many sealed tips lie there; nothing more is known of them.
    """
    say = frame.words.say
    count = frame.words.count("waiting", waiting) if waiting else ""
    field = Markup(
        '<label>{}<input type="password" name="passphrase" required autocomplete="off" autofocus></label>'
        '<p class="hint">{}</p><button type="submit" class="main">{}</button>'
    ).format(say("passphrase"), say("passphrase_hint"), say("unlock"))
    return sheet(say("locked"), count, say("locked_why"), frame.form("/desk/mo-khoa", field))


def problem_body(frame: Frame, code: str, typed: Sequence[str] = ()) -> Markup:
    """Something that is not there, or may not be seen: no difference shows. *typed* is handed back."""
    say = frame.words.say
    back = Markup('<p><a class="button" href="/desk/">{}</a></p>').format(say("to_list"))
    return sheet(say(f"problem_{code}"), say(f"problem_{code}_hint"), _handed_back(frame, typed), back)


def _handed_back(frame: Frame, typed: Sequence[str]) -> Markup:
    """What somebody wrote into a form that could not be taken, to be copied."""
    return Markup().join(
        Markup('<label>{}<textarea readonly dir="auto">{}</textarea></label>').format(
            frame.words.say("typed_back"), words
        )
        for words in typed
    )
