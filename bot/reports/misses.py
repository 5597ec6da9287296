"""The lists of questions that did not go well: what was asked, what was said, what was expected."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from bot.reports.reading import group_of, misses
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.reports.words import Words

    Outcomes = Sequence[Mapping[str, Any]]

_SAID_LIMIT = 140  # characters of an answer: enough to see why it is off the mark


def misses_html(as_is: Outcomes, folded: Outcomes, headings: Mapping[str, str], words: Words) -> Markup:
    """Every list, folded away but for the worst two."""
    lists = misses(as_is, folded)
    if not lists:
        return Markup("<p>{}</p>").format(words.say("misses_none"))
    return Markup("\n").join(
        Markup("<details{}><summary>{}</summary><ol>\n{}\n</ol></details>").format(
            Markup(" open") if name in {"missed", "alarm"} else "",
            words.say(f"list_{name}", count=len(items)),
            Markup("\n").join(_miss(item, headings, words) for item in items),
        )
        for name, items in lists.items()
    )


def _miss(item: Mapping[str, Any], headings: Mapping[str, str], words: Words) -> Markup:
    if item["audience"] != Audience.PUBLIC.value:
        audience = words.say(f"audience_{item['audience']}")
        return Markup("<li>{}</li>").format(words.say("hidden", id=item["id"], audience=audience))
    lines = [(words.say("expected"), _expected(item, headings, words))]
    if item["source"]:
        lines.insert(
            0, (words.say("said"), words.say("quoted", source=item["source"], text=_short(item["text"])))
        )
    if item["status"] == "refused" and item["suggestions"]:
        lines.insert(0, (words.say("offered"), _joined(item["suggestions"])))
    told = Markup("").join(Markup("<p>{}: {}</p>").format(*line) for line in lines)
    return Markup("<li>{}{}</li>").format(item["question"], told)


def _expected(item: Mapping[str, Any], headings: Mapping[str, str], words: Words) -> str:
    if (group := group_of(item)) != "answer":
        return words.say(f"expected_{group}")
    return _joined(headings.get(name) or _article(name, words) for name in item["gold"])


def _article(name: str, words: Words) -> str:
    number, _, article = name.rpartition("+")
    return words.say("article", article=article, number=number) if number else name


def _short(text: str) -> str:
    return shorten(text.replace("**", ""), _SAID_LIMIT, placeholder="…")


def _joined(names: Iterable[str]) -> str:
    return " · ".join(names)
