"""
The composition root: builds the concrete parts from the settings and starts them.

Nothing else reads settings or chooses adapters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.guides import publish_guides, read_guides
from bot.llm_room import open_fluency, open_tracer
from bot.workplace import LocalWorkplace
from knowledge.answering import Answerer
from knowledge.embedding.factory import EndpointSettings, make_embedder
from knowledge.folder import DataFolder
from knowledge.gate import shipped_gate
from knowledge.library import Library
from knowledge.record.store import Record
from knowledge.rerank import make_reranker
from knowledge.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from knowledge.embedding.base import TextEmbedder


def embedder_of(settings: Settings) -> TextEmbedder:
    """
    The embedder the settings name.

    Raises:
        EmbedderMissing: It cannot be loaded.
    """
    endpoint = EndpointSettings(
        base_url=settings.embed_base_url,
        model=settings.embed_model,
        api_key=settings.embed_api_key.get_secret_value(),
        timeout_s=settings.embed_timeout_s,
    )
    return make_embedder(settings.embedder, endpoint)


def record_of(settings: Settings) -> Record:
    """
    The record, its tables up to date.

    Raises:
        KnowledgeUnavailable: The database cannot be reached.
    """
    url = settings.database_url.get_secret_value()
    return Record.open(url) if url else Record.open_file(DataFolder(settings.data).record)


def open_library(settings: Settings) -> Library:
    """
    The library of this installation, unchecked: see `Library.check`.

    Raises:
        IndexLocked: Another process holds the data folder.
        EmbedderMissing, KnowledgeUnavailable: A part cannot be had.
    """
    folder = DataFolder(settings.data)
    folder.root.mkdir(parents=True, exist_ok=True)
    return Library(record_of(settings), folder, embedder_of(settings))


def open_local(settings: Settings, on_progress: Callable[[int, int], None] | None = None) -> LocalWorkplace:
    """
    The library in this process, checked and whole, its guides as they stand in the guides folder.

    Raises:
        IndexMismatch: Another embedder built the index.
        IndexLocked: Another process holds the data folder.
        BadGuide: A guide breaks the format.
        RerankerMissing, ModelMissing: It cannot be loaded.
    """
    guides = read_guides(settings)
    library = open_library(settings)
    try:
        library.check(on_progress)
        searcher = Searcher(library, reranker=make_reranker(settings.reranker))
        tracer = open_tracer(settings)
        answerer = Answerer(library, searcher, shipped_gate(), open_fluency(settings, tracer), tracer)
        workplace = LocalWorkplace(library, answerer)
        publish_guides(workplace, guides, on_progress)
    except BaseException:
        library.close()
        raise
    return workplace
