"""The audit log as supervisors and auditors read it, with what checking its chain gave."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.desk.web.opened import detail_words
from bot.desk.web.words import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.web.words import Words
    from tips.audit import AuditEntry

ROWS: Final = 200  # on one page, newest first


def audit_body(entries: Sequence[AuditEntry], check: Markup, words: Words, page: int) -> Markup:
    """
    One page of the log.

    Args:
        entries: All that the officer may see, oldest first.
        check: What checking the chain gave.
        words: The reader's language.
        page: From 1.
    """
    say = words.say
    newest = list(reversed(entries))[(page - 1) * ROWS : page * ROWS]
    heads = joined(
        Markup('<th scope="col">{}</th>').format(say(f"audit_{name}"))
        for name in ("number", "at", "officer", "action", "reference")
    )
    table = Markup('<table class="log"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(
        heads, joined((_row(entry, words) for entry in newest), "\n")
    )
    return Markup('<h1>{}</h1>{}<section class="sheet">{}{}</section>').format(
        say("audit"),
        check,
        table if newest else Markup("<p>{}</p>").format(say("audit_empty")),
        _pager(len(entries), page, words),
    )


def _row(entry: AuditEntry, words: Words) -> Markup:
    refused = words.say("audit_refused", reason=words.refused(entry.refused)) if entry.refused else ""
    about = " · ".join(filter(None, (entry.reference, detail_words(entry.action, entry.detail, words))))
    return Markup("<tr><td>{}</td><td><time>{}</time></td><td>{}</td><td>{}{}</td><td>{}</td></tr>").format(
        entry.number,
        words.moment(datetime.fromisoformat(entry.at)),
        f"{words.officer(entry.officer, entry.unit)} · {words.unit(entry.unit)}"
        if entry.unit
        else words.officer(entry.officer),
        words.did(entry.action),
        Markup(' <b class="mark late">{}</b>').format(refused) if refused else "",
        about,
    )


def _pager(count: int, page: int, words: Words) -> Markup:
    links = []
    if page > 1:
        links.append((page - 1, words.say("newer")))
    if page * ROWS < count:
        links.append((page + 1, words.say("older")))
    return joined(
        Markup('<a class="button" href="/desk/nhat-ky?trang={}">{}</a> ').format(number, said)
        for number, said in links
    )
