"""What the handlers of documents share: the desk's documents, and refusals of files and library in words."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from bot.desk.web.paper_parts import PAPERS, WAITING, told
from bot.desk.web.site import Seated, for_officers, see_other
from ingest.errors import IngestError
from knowledge.errors import KnowledgeError
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from bot.desk.papers import PaperDesk


def with_papers(
    handler: Callable[[Seated, PaperDesk], Awaitable[Response]],
) -> Callable[[Seated], Awaitable[Response]]:
    """A handler that is given the desk's documents; what goes wrong with them comes back as words."""

    @wraps(handler)
    async def handle(seated: Seated) -> Response:
        papers = seated.site.papers
        if papers is None:  # not reached: without them there is no route
            raise ActionRefused(reason="papers_elsewhere")
        try:
            return await handler(seated, papers)
        except ActionRefused as refused:
            reason = refused.fields.get("reason", "")
            if not reason.startswith(("paper", "unknown_paper")):
                raise
            return _back(seated, seated.words.refused(reason), is_there=reason != "unknown_paper")
        except (IngestError, KnowledgeError) as error:
            return _back(seated, told(seated.words, error.code, error.fields))

    return handle


def _back(seated: Seated, words: str, *, is_there: bool = True) -> Response:
    """Say why not: on the page the form stood in, or on one of its own."""
    seated.visit.say_no(words)
    request = seated.visit.request
    if request.method == "GET":
        return seated.visit.problem("refused", 404 if not is_there else 403)
    paper = request.path_params.get("paper")
    return see_other(f"{WAITING}/{paper}" if paper and is_there else PAPERS)


def by_uploaders(
    handler: Callable[[Seated, PaperDesk], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """What takes files of a signed-in editor; the handler looks for the form's token before any file."""

    async def handle(seated: Seated, papers: PaperDesk) -> Response:
        await seated.shelve(papers.check_editor)
        return await handler(seated, papers)

    return for_officers(with_papers(handle))
