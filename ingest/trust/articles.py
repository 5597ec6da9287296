"""The text of articles of law that are in the library, fetched when first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.law_register import number_key
from knowledge.model import DocumentKind
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from ingest.trust.shelf import Shelf


class Articles:
    """Articles by số hiệu and number. What it has seen it keeps: a gate lives for one run."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._laws: dict[str, str] | None = None
        self._texts: dict[str, dict[str, str]] = {}

    def text(self, number: str, article: str) -> str:
        """The text of *article* of the law *number*; "" where it is not in the library."""
        if self._laws is None:
            self._laws = {
                number_key(item.meta.number): item.meta.key
                for item in self._shelf.documents()
                if item.meta.kind is DocumentKind.LAW and item.meta.number
            }
        key = self._laws.get(number_key(number))
        if key is None:
            return ""
        if key not in self._texts:
            self._texts[key] = self._read(key)
        return self._texts[key].get(fold(article), "")

    def _read(self, key: str) -> dict[str, str]:
        texts: dict[str, list[str]] = {}
        for passage in self._shelf.document_passages(key):
            for name in passage.articles:
                texts.setdefault(fold(name.rpartition("+")[2]), []).append(passage.text)
        return {name: "\n".join(found) for name, found in texts.items()}
