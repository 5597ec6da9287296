"""The workplace of a command that runs beside `binhan serve`: every call goes through its socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpx

from bot.operator.wire import CALLS, DESK_PATH
from knowledge import errors
from knowledge.errors import KnowledgeError, KnowledgeUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.messages import Question
    from knowledge.answer import Answer
    from knowledge.history import Act, History, Withdrawal
    from knowledge.library import Outcome
    from knowledge.model import Audience, DocumentDraft, Passage, StoredDocument

_TIMEOUT_S = 3_600.0  # a large document takes minutes to embed
_SOON_S = 5.0
_NO_KEY = "?"  # no document's key begins so; not NUL, which PostgreSQL refuses
_ERRORS = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, KnowledgeError)
}


def desk_address(socket: Path) -> str:
    """Where the desk of the service behind *socket* is; "" where nobody answers or it has none."""
    if not socket.exists():
        return ""
    transport = httpx.HTTPTransport(uds=str(socket))
    with httpx.Client(transport=transport, base_url="http://binhan", timeout=_SOON_S) as client:
        try:
            return str(client.get(DESK_PATH).raise_for_status().json()["address"])
        except (httpx.HTTPError, ValueError, KeyError):
            return ""


class RemoteWorkplace:
    """Speaks to the process that holds the data folder."""

    def __init__(self, socket: Path) -> None:
        transport = httpx.HTTPTransport(uds=str(socket))
        self._client = httpx.Client(transport=transport, base_url="http://binhan", timeout=_TIMEOUT_S)

    @classmethod
    def find(cls, socket: Path) -> RemoteWorkplace | None:
        """A workplace behind *socket*, or None where nobody listens."""
        if not socket.exists():
            return None
        remote = cls(socket)
        try:
            remote.hashes(_NO_KEY)
        except KnowledgeUnavailable:
            remote.close()
            return None
        return remote

    def _call(self, name: str, *arguments: Any) -> Any:
        call = CALLS[name]
        try:
            response = self._client.post(f"/{name}", content=call.arguments.dump_json(arguments))
        except httpx.HTTPError:
            raise KnowledgeUnavailable(part="service") from None
        if response.status_code == httpx.codes.CONFLICT:
            problem = response.json()
            raise _ERRORS.get(problem["code"], KnowledgeError)(**problem["fields"])
        if response.status_code != httpx.codes.OK:
            raise KnowledgeUnavailable(part="service")
        return call.result.validate_json(response.content)

    def ask(self, question: Question) -> Answer:
        """Answer *question*."""
        return cast("Answer", self._call("ask", question))

    def rank(self, question: str, audience: Audience) -> tuple[Passage, ...]:
        """The candidates for *question*, best first."""
        return cast("tuple[Passage, ...]", self._call("rank", question, audience))

    def publish(self, draft: DocumentDraft, on_progress: Callable[[int, int], None] | None = None) -> Outcome:
        """Publish *draft*; progress comes once, at the end."""
        outcome = cast("Outcome", self._call("publish", draft))
        if on_progress:
            on_progress(len(draft.passages), len(draft.passages))
        return outcome

    def prepare(self, draft: DocumentDraft) -> None:
        """Embed what publishing *draft* will need."""
        self._call("prepare", draft)

    def remove(self, key: str, who: str = "") -> None:
        """Remove a document with its history."""
        self._call("remove", key, who)

    def withdraw(self, key: str, who: str) -> None:
        """Let a document answer nothing."""
        self._call("withdraw", key, who)

    def restore(self, key: str, who: str) -> int:
        """Let a withdrawn document answer again, and which edition of it."""
        return cast("int", self._call("restore", key, who))

    def roll_back(self, key: str, edition: int, who: str) -> None:
        """Let a kept edition answer."""
        self._call("roll_back", key, edition, who)

    def history(self, key: str) -> History:
        """What became of a document."""
        return cast("History", self._call("history", key))

    def version_passages(self, key: str, edition: int) -> list[Passage]:
        """The passages of a kept edition, whether it answers or not."""
        return cast("list[Passage]", self._call("version_passages", key, edition))

    def withdrawals(self, prefix: str = "") -> list[Withdrawal]:
        """The documents that were withdrawn, by key."""
        return cast("list[Withdrawal]", self._call("withdrawals", prefix))

    def originals(self) -> set[str]:
        """The SHA-256 of every original that a kept version refers to."""
        return cast("set[str]", self._call("originals"))

    def acts(self, limit: int = 100) -> list[Act]:
        """The latest deeds over all documents, newest first."""
        return cast("list[Act]", self._call("acts", limit))

    def hashes(self, prefix: str) -> dict[str, str]:
        """Content hashes by key."""
        return cast("dict[str, str]", self._call("hashes", prefix))

    def documents(self, prefix: str = "") -> list[StoredDocument]:
        """The published documents."""
        return cast("list[StoredDocument]", self._call("documents", prefix))

    def document_passages(self, key: str) -> list[Passage]:
        """The passages of one document."""
        return cast("list[Passage]", self._call("document_passages", key))

    def finish(self) -> None:
        """Learn the words of what was published since."""
        self._call("finish")

    def claim_collection(self, name: str, folder: str, anew: bool) -> str:
        """The folder that collection *name* belongs to."""
        return cast("str", self._call("claim_collection", name, folder, anew))

    def close(self) -> None:
        """Hang up."""
        self._client.close()
