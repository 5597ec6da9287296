"""
The report of an evaluation as one HTML file: no script, nothing fetched, to be read on a phone or printed.

Built from the report that `knowledge.evaluation` gives. Every text comes from `prompts/*/evalreport.toml`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from bot.reports.misses import misses_html
from bot.reports.pictures import Line, draw_curves, draw_shares, draw_verdicts
from bot.reports.reading import GROUPS, points, rights, stands, verdicts
from bot.reports.words import Words
from knowledge.evaluation import SPELLINGS, STEPS
from knowledge.fluent.measuring import COUNTS
from knowledge.outcomes import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from prompts.catalog import Language

_CARDS = (
    ("answered", "right_first"),
    ("refused", "abstention_recall"),
    ("danger", "danger_recall"),
    ("alarm", "danger_false_alarms"),
)
_NO_QUESTIONS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """
    What a report is about.

    `headings` names gold ids in words; an id without one is shown as it is, or as a Điều.
    """

    report: Mapping[str, Any]
    file: str
    day: date
    headings: Mapping[str, str]


def evaluation_html(made: Made, language: Language) -> str:
    """The whole document."""
    words = Words(language)
    sections = (_short, _model, _how_ended, _styles, _topics, _curve, _times, _misses, _advice)
    return _template("evaluation.html").format(
        language=language,
        css=_template("evaluation.css"),
        title=words.say("title"),
        made=words.say("made", date=f"{made.day:%d/%m/%Y}", file=made.file, rows=made.report["rows"]),
        not_residents=words.say("not_residents"),
        sections=Markup("\n").join(section(made, words) for section in sections),
    )


def _template(name: str) -> Markup:
    # Our own files, read from the package: safe as they stand.
    return Markup((resources.files("bot.reports") / name).read_text(encoding="utf-8"))  # noqa: S704


def _outcomes(made: Made, spelling: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = made.report["details"][spelling]["outcomes"]
    return found


def _short(made: Made, words: Words) -> Markup:
    """The four figures, each with a sentence that needs no other."""
    counts = made.report["details"]["as_is"]["counts"]
    cards = Markup("\n").join(
        Markup("<li><b>{}</b><strong>{}</strong><span>{} {}</span></li>").format(
            words.percent_of(*counts[figure]),
            words.say(f"{name}_name"),
            words.counted(*counts[figure]),
            words.say(f"{name}_what") if counts[figure][1] else "",
        )
        for name, figure in _CARDS
    )
    rows = [
        (
            words.say(f"{name}_name"),
            *(words.share(*made.report["details"][s]["counts"][figure]) for s in SPELLINGS),
        )
        for name, figure in _CARDS
    ]
    head = ("", words.say("as_is"), words.say("folded"))
    note = Markup('<p class="soft">{}</p>').format(words.say("range_note"))
    return _section(
        words.say("short_title"), Markup('<ul class="cards">{}</ul>').format(cards), _table(head, rows), note
    )


def _model(made: Made, words: Words) -> Markup:
    """What the language model did, where one answered; no word of it stands in a report but its name."""
    found = made.report.get("model")
    if found is None:
        return Markup()
    told = Markup("<p>{}</p>").format(words.say("model_what", name=found["name"], prompt=found["prompt"]))
    rows: list[tuple[str, str]] = [
        (words.say(f"model_{name}"), words.share(*found["counts"][name])) for name in COUNTS
    ]
    rows += [
        (words.say(f"model_{name}"), f"{spent['p50']:.0f} / {spent['p95']:.0f}")
        for name, spent in found["ms"].items()
        if spent
    ]
    tokens = f"{found['tokens']['read']} + {found['tokens']['written']}"
    rows += [(words.say("model_tokens"), tokens), (words.say("model_cost"), f"{found['cost']:g}")]
    return _section(
        words.say("model_title"), told, _table((words.say("group"), words.say("model_figure")), rows)
    )


def _how_ended(made: Made, words: Words) -> Markup:
    found = {spelling: verdicts(_outcomes(made, spelling)) for spelling in SPELLINGS}
    groups = [group for group in GROUPS if group in found["as_is"]]
    if not groups:
        return Markup()
    names: dict[str, str] = {verdict: words.say(f"verdict_{verdict}") for verdict in VERDICTS}
    picture = draw_verdicts([(words.say(f"group_{group}"), found["as_is"][group]) for group in groups], names)
    rows = [
        (
            words.say("verdict_of", group=words.say(f"group_{group}"), verdict=names[verdict]),
            *(str(found[s].get(group, _NO_QUESTIONS).get(verdict, 0)) for s in SPELLINGS),
        )
        for group in groups
        for verdict in VERDICTS
        if any(found[spelling].get(group, _NO_QUESTIONS).get(verdict) for spelling in SPELLINGS)
    ]
    head = (words.say("kind"), words.say("as_is"), words.say("folded"))
    return _section(
        words.say("how_ended_title"), _image(picture, words.say("how_ended_alt")), _table(head, rows)
    )


def _styles(made: Made, words: Words) -> Markup:
    return _grouped(made, words, "style")


def _topics(made: Made, words: Words) -> Markup:
    return _grouped(made, words, "topic")


def _grouped(made: Made, words: Words, field: str) -> Markup:
    found = {spelling: rights(_outcomes(made, spelling), field) for spelling in SPELLINGS}
    names = sorted(found["as_is"], key=lambda name: -found["as_is"][name][1])
    if not names:
        return Markup()
    picture = draw_shares(
        [(words.named(field, name), *found["as_is"][name]) for name in names], words.say("axis_right")
    )
    rows = [(words.named(field, name), *(words.share(*found[s][name]) for s in SPELLINGS)) for name in names]
    head = (words.say("group"), words.say("as_is"), words.say("folded"))
    alt = words.say(f"by_{field}_alt")
    return _section(words.say(f"by_{field}_title"), _image(picture, alt), _table(head, rows))


def _curve(made: Made, words: Words) -> Markup:
    lines = [
        Line(name=words.say(spelling), points=found, stands=stands(_outcomes(made, spelling)))
        for spelling in SPELLINGS
        if (found := points(_outcomes(made, spelling)))
    ]
    if not lines:
        return Markup()
    coverage, risk = (words.percent(share) for share in lines[0].stands)
    picture = draw_curves(lines, words.say("axis_coverage"), words.say("axis_risk"))
    told = Markup("<p>{}</p>").format(words.say("curve_what", coverage=coverage, risk=risk))
    return _section(words.say("curve_title"), told, _image(picture, words.say("curve_alt")))


def _times(made: Made, words: Words) -> Markup:
    spent = made.report["details"]["as_is"]["ms"]
    rows = [
        (words.say(f"step_{step}"), *(words.milliseconds(spent[step][share]) for share in ("p50", "p95")))
        for step in STEPS
    ]
    head = (words.say("step"), words.say("typical"), words.say("slowest"))
    told = Markup('<p class="soft">{}</p>').format(words.say("time_what"))
    return _section(words.say("time_title"), _table(head, rows), told)


def _misses(made: Made, words: Words) -> Markup:
    lists = misses_html(_outcomes(made, "as_is"), _outcomes(made, "folded"), made.headings, words)
    return _section(words.say("misses_title"), lists)


def _advice(_: Made, words: Words) -> Markup:
    points = Markup("").join(
        Markup("<li>{}</li>").format(words.say(key)) for key in ("do_misses", "do_compare", "do_honest")
    )
    return _section(words.say("do_title"), Markup('<ul class="plain">{}</ul>').format(points))


def _section(title: str, *parts: Markup) -> Markup:
    return Markup("<section>\n<h2>{}</h2>\n{}\n</section>").format(title, Markup("\n").join(parts))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in head)
    lines = Markup("\n").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            name, Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells)
        )
        for name, *cells in rows
    )
    return Markup(
        '<div class="wide"><table><thead><tr>{}</tr></thead><tbody>\n{}\n</tbody></table></div>'
    ).format(heads, lines)


def _image(png: bytes, alt: str) -> Markup:
    return Markup('<img src="data:image/png;base64,{}" alt="{}">').format(base64.b64encode(png).decode(), alt)
