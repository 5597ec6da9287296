"""
`binhan eval FILE --model NAME[@PROMPT] …`: models and prompts side by side on questions with known outcomes.

Every one of them answers all questions in the library of this installation, as residents would be answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from bot.app import open_local
from bot.messages import Question
from knowledge.evaluation import SPELLINGS, evaluate
from knowledge.fluent.measuring import COUNTS, Asked, Prices, model_figures
from knowledge.fluent.prompt_files import prompt_names
from knowledge.significance import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.commands.common import Desk
    from bot.settings import Settings
    from knowledge.answer import Answer
    from knowledge.evaluation import Row
    from knowledge.model import Audience

WITHOUT: Final = "-"  # named so, the quotations answer alone
_TASK: Final = "answer."


def run_models(desk: Desk, rows: Sequence[Row], named: Sequence[str]) -> list[dict[str, Any]]:
    """One report for each of *named*, as ever, and its `model`: see `knowledge.fluent.measuring`."""
    chosen = [_chosen(desk, name) for name in named]  # all of them are right, or none is asked
    return [_run(desk, settings, rows) for settings in chosen]


def print_models(desk: Desk, figures: Sequence[Mapping[str, Any]]) -> None:
    """The *figures* of several models, one column each."""
    table = Table(desk.say("cli.eval_figure"), *(_name(desk, item) for item in figures))
    for name in COUNTS:
        shares = (_share(desk, item["counts"][name]) for item in figures)
        table.add_row(desk.say(f"cli.model_{name}"), *shares)
    rows = {
        "tokens": [f"{item['tokens']['read']} + {item['tokens']['written']}" for item in figures],
        "cost": [f"{item['cost']:g}" for item in figures],
        "ms_total": [_spread(desk, item["ms"]["total"]) for item in figures],
        "ms_model": [_spread(desk, item["ms"]["model"]) for item in figures],
        "outcomes": [_outcomes(item["outcomes"]) for item in figures],
    }
    for name, cells in rows.items():
        table.add_row(desk.say(f"cli.model_{name}"), *(cell or desk.say("cli.eval_none") for cell in cells))
    desk.out.print(table)


def _chosen(desk: Desk, name: str) -> Settings:
    """The settings with the model and prompt that *name* names; the configured ones where it is silent."""
    if name == WITHOUT:
        return desk.settings.model_copy(update={"llm_model": ""})
    model, _, prompt = name.partition("@")
    ours = desk.settings
    settings = ours.model_copy(
        update={"llm_model": model or ours.llm_model, "llm_prompt": prompt or ours.llm_prompt}
    )
    if not (settings.llm_model and settings.llm_base_url):
        desk.fail("cli.model_not_set")
    if settings.llm_prompt not in prompt_names(_TASK):
        desk.fail("cli.model_no_prompt", name=settings.llm_prompt, known=", ".join(prompt_names(_TASK)))
    return settings


def _run(desk: Desk, settings: Settings, rows: Sequence[Row]) -> dict[str, Any]:
    asked: list[Asked] = []
    with desk.opening() as move:
        workplace = open_local(settings, move)
    following = iter([*rows] * len(SPELLINGS))  # `evaluate` asks them in order, once in each spelling

    def ask(question: str, audience: Audience) -> Answer:
        row = next(following)
        answer = workplace.ask(Question(text=question, audience=audience))
        asked.append(Asked(row=row, answer=answer))
        return answer

    def rank(question: str, audience: Audience) -> list[frozenset[str]]:
        return [passage.gold_ids for passage in workplace.rank(question, audience)]

    try:
        with desk.progress(desk.say("cli.eval_progress")) as report_progress:
            report = evaluate(rows, ask, rank, report_progress)
    finally:
        workplace.close()
    prices = Prices(read=settings.llm_price_in, written=settings.llm_price_out)
    prompt = settings.llm_prompt if settings.llm_model else ""
    return report | {"model": model_figures(asked, settings.llm_model or WITHOUT, prompt, prices)}


def _name(desk: Desk, figures: Mapping[str, Any]) -> str:
    if figures["name"] == WITHOUT:
        return desk.say("cli.model_without")
    return f"{figures['name']} @ {figures['prompt']}"


def _outcomes(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in outcomes.items())


def _share(desk: Desk, count: Sequence[int]) -> str:
    hits, total = count
    if not total:
        return desk.say("cli.eval_none")
    low, high = wilson(hits, total)
    return f"{hits}/{total} = {hits / total:.3f}  ({low:.3f}–{high:.3f})"


def _spread(desk: Desk, spent: Mapping[str, float] | None) -> str:
    if spent is None:
        return desk.say("cli.eval_none")
    return f"{spent['p50']:.0f} / {spent['p95']:.0f}"
