"""One library with guides and a hidden paper, the gate before it, and answers by a model behind real HTTP."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.messages import Question
from bot.workplace import LocalWorkplace
from ingest.document import read_document
from ingest.guides import load_guides
from ingest.trust.book import TrustBook
from ingest.trust.flags import HeldForPerson
from ingest.trust.gate import TrustGate
from ingest.trust.sources import read_sources
from knowledge.fluent.leaving import Asks, Leaving
from knowledge.model import Audience
from tests.bot.small_guides import write_small_guides
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.fluency import fluency, fluent_answerer
from tests.fakes.libraries import open_library
from tests.fakes.openai.server import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.trust.sources import Sources
    from knowledge.answer import Answer

TODAY: Final = date(2026, 11, 28)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What an attack meets. The model is the operator's own, told all it may be told: the worst case."""

    workplace: LocalWorkplace
    book: TrustBook
    sources: Sources
    server: ScriptedModel

    def ask(self, question: str, *previous: str) -> Answer:
        """What the public gets."""
        return self.workplace.ask(Question(text=question, previous=previous))

    @contextmanager
    def having(self, file: Path, *, whole: bool = False) -> Iterator[bool]:
        """With *file* brought in as an editor does, let in where it is held; gives whether it was held."""
        key = f"tep/{file.name}"
        gate = TrustGate(
            self.workplace,
            book=self.book,
            sources=self.sources,
            today=TODAY,
            paths={key: file},
            who="Lan",
        )
        was_held = False
        try:
            gate.publish(read_document(file, key=key))
        except HeldForPerson:
            was_held = True
            gate.accept(key, whole=whole)
        self.workplace.finish()
        try:
            yield was_held
        finally:
            if key in self.workplace.hashes(key):
                gate.remove(key)
            self.book.no_longer_waits(key, "held")


@contextmanager
def open_world(folder: Path) -> Iterator[World]:
    """A world in *folder*; the evidence gate lets everything through."""
    told_all = Leaving(asks=Asks.TYPED, shows=Audience.OFFICER)
    with ExitStack() as stack:
        book = TrustBook.open(folder)
        stack.callback(book.close)
        library = stack.enter_context(open_library(folder, HashingEmbedder()))
        server = stack.enter_context(ScriptedModel())
        model = stack.enter_context(fluency(server.url, folder, leaving=told_all, budget_s=10.0))
        for guide in load_guides(write_small_guides(folder / "guides")):
            library.publish(guide)
        library.finish()
        workplace = LocalWorkplace(library, fluent_answerer(library, model))
        yield World(workplace=workplace, book=book, sources=read_sources(), server=server)


def shown(answer: Answer) -> str:
    """All of *answer* that any channel tells anybody."""
    cited = [
        part
        for item in answer.citations
        for part in (item.title, item.number, item.locator, item.url, item.quote, *item.references)
    ]
    numbers = [part for item in answer.numbers for part in (item.number, item.label)]
    return "\n".join((answer.text, *answer.suggestions, *cited, *numbers))
