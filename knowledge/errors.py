"""
Errors that may leave `knowledge`.

KnowledgeError
├── KnowledgeUnavailable   model or store out of reach; try later
├── IndexLocked            another process works in the data folder
├── IndexMismatch          the index was built with another embedding model
├── EmbedderMissing        the embedder named in the settings is not installed or not found
├── RerankerMissing        the same of the reranker
├── DocumentNotFound       no document of that key
└── VersionNotFound        the document has no such edition, or none that is kept

Each carries fields, never a user's words; the channel renders them from `prompts/`.
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of what `knowledge` raises. `code` names the text in `prompts/`; `fields` fill it."""

    code = "knowledge_error"

    def __init__(self, **fields: str) -> None:
        super().__init__(self.code)
        self.fields = fields


class KnowledgeUnavailable(KnowledgeError):
    """Model or store out of reach; trying later may help."""

    code = "knowledge_unavailable"


class IndexLocked(KnowledgeError):
    """Another process works in the data folder. Fields: `folder`."""

    code = "index_locked"


class IndexMismatch(KnowledgeError):
    """The index was built with another embedder. Fields: `built_with`, `configured`."""

    code = "index_mismatch"


class EmbedderMissing(KnowledgeError):
    """The embedder named in the settings cannot be loaded. Fields: `name`, `reason`."""

    code = "embedder_missing"


class RerankerMissing(KnowledgeError):
    """The reranker named in the settings cannot be loaded. Fields: `name`, `reason`."""

    code = "reranker_missing"


class DocumentNotFound(KnowledgeError):
    """No document of that key. Fields: `key`."""

    code = "document_not_found"


class VersionNotFound(KnowledgeError):
    """The document has no such edition, or it is kept no longer. Fields: `key`, `edition`."""

    code = "version_not_found"
