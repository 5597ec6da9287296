"""What several areas of tests share: an embedder that is loaded once and never embeds a text twice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge.embedding.builtin import BuiltinEmbedder
from knowledge.embedding.cached import CachedEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def real_embedder(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CachedEmbedder]:
    """
    The built-in embedder in front of a file of vectors that outlives the run.

    The file is `BINHAN_TEST_CACHE`, or stands in pytest's cache folder. Questions asked are not kept in it.
    """
    named = os.environ.get("BINHAN_TEST_CACHE")
    if named:
        file = Path(named)
    elif hasattr(pytestconfig, "cache"):  # not with `-p no:cacheprovider`
        file = pytestconfig.cache.mkdir("vectors") / "vectors.sqlite3"
    else:
        file = tmp_path_factory.mktemp("vectors") / "vectors.sqlite3"
    embedder = CachedEmbedder(BuiltinEmbedder(), file)
    yield embedder
    embedder.close()


def pytest_make_parametrize_id(val: object) -> str | None:
    """
    Call bytes just that (pytest numbers them), never by what they hold.

    Two test processes must collect the same names, and bytes may hold the second they were made in.
    """
    return "bytes" if isinstance(val, bytes) else None
