"""Answers in a terminal: translates, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel

from knowledge.answer import Status
from prompts.catalog import text as say

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge.answer import Answer, Citation
    from prompts.catalog import Language


def as_json(answer: Answer) -> dict[str, Any]:
    """*answer* as the object that `binhan ask --json` promises."""
    return {
        "status": answer.status.value,
        "text": answer.text,
        "citations": [
            {
                "id": item.id,
                "title": item.title,
                "number": item.number,
                "locator": item.locator,
                "date": item.date,
                "date_kind": item.date_kind,
                "url": item.url,
                "quote": item.quote,
                "articles": list(item.articles),
                "references": list(item.references),
            }
            for item in answer.citations
        ],
        "kind": answer.kind,
        "numbers": [{"number": item.number, "label": item.label} for item in answer.numbers],
        "suggestions": list(answer.suggestions),
        "timings_ms": {
            "embed": round(answer.timings.embed, 3),
            "search": round(answer.timings.search, 3),
            "total": round(answer.timings.total, 3),
        },
    }


def show(answer: Answer, console: Console, language: Language) -> None:
    """Print *answer*: numbers to call first, then the text, its sources, and what could be asked next."""
    for item in answer.numbers:
        console.print(f"[bold red]{say('cli.call_now', language)} {item.number}[/] {escape(item.label)}")
    style = {Status.DANGER: "red", Status.REFUSED: "yellow"}.get(answer.status, "green")
    console.print(Panel(Markdown(answer.text), border_style=style))
    for citation in answer.citations:
        console.print(f"[dim]{say('cli.sources', language)}:[/] {escape(_source(citation, language))}")
        for reference in citation.references:
            console.print(f"  [dim]- {escape(reference)}[/]")
    if answer.kind == "report":
        console.print(f"[dim]{escape(say('intent.terminal_tip', language))}[/]")
    if answer.suggestions:
        if not answer.asks_back:
            console.print(f"[dim]{say('cli.next_questions', language)}:[/]")
        for question in answer.suggestions:
            console.print(f"  [dim]· {escape(question)}[/]")


def _source(citation: Citation, language: Language) -> str:
    day = say(f"ask.date_{citation.date_kind}", language, date=citation.date) if citation.date_kind else ""
    parts = (citation.number, citation.title, citation.locator, day, citation.url)
    return ", ".join(part for part in parts if part)
