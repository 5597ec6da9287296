"""From a file that was fetched to a draft: through the ordinary reading, as far as a page may be believed."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from ingest.document import CHUNKER_VERSION, Defaults, read_document
from ingest.sidecars import SIDECAR_ENDINGS

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.source_list import WebSource
    from knowledge.model import DocumentDraft

PREFIX: Final = "web:"  # no folder's collection: those end with a slash
_KEY_LENGTH: Final = 160  # characters
_STEM_LENGTH: Final = 50  # characters, of up to four bytes: file systems count those
_SIDECAR: Final = SIDECAR_ENDINGS[-1]


def key_of(url: str) -> str:
    """The key of the document at *url*, such as `web:congan.gov.vn/tin/to-giac.html`."""
    parts = urlsplit(url)
    rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
    place = re.sub(r"[\s#\x00-\x1f]+", "-", unquote(f"{parts.netloc}{rest}")).rstrip("/")
    if len(place) > _KEY_LENGTH:
        digest = hashlib.sha256(url.encode()).hexdigest()[:12]
        place = f"{place[: _KEY_LENGTH - 13]}~{digest}"
    return PREFIX + place


def name_of(url: str) -> str:
    """A file name without ending for what stands at *url*: a document without a title is called so."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2] or urlsplit(url).netloc
    return re.sub(r"[^\w-]+", "_", last.rpartition(".")[0] or last)[:_STEM_LENGTH].strip("_") or "trang"


def read_fetched(source: WebSource, file: Path) -> DocumentDraft:
    """
    What *file*, fetched for *source*, says.

    A page does not choose its own audience and confirms nothing. Its hash is of what was read, not of the
    file: a counter of visitors in a corner is no new version.

    Raises:
        IngestError: As `ingest.document.read_document` says.
    """
    said = {"audience": source.audience.value}  # over what the page says of itself
    file.with_name(file.name + _SIDECAR).write_text(json.dumps(said), encoding="utf-8")
    defaults = Defaults(audience=source.audience, organisation=source.organisation, area=source.area)
    draft = read_document(file, key=key_of(source.url), defaults=defaults)
    meta = replace(draft.meta, url=source.url, audience=source.audience, verified_by=None)
    read = [[passage.anchor, passage.heading, passage.locator, passage.text] for passage in draft.passages]
    whole = f"web {CHUNKER_VERSION}\n{meta!r}\n{json.dumps(read)}"
    return replace(draft, meta=meta, content_hash=hashlib.sha256(whole.encode()).hexdigest())


def basis_of(source: WebSource) -> str:
    """What of *source* and of our own reading makes another document of the same page."""
    said = (CHUNKER_VERSION, source.url, source.audience.value, source.organisation, source.area)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
