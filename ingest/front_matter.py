"""YAML between two `---` lines at the top of a text file. Pure; `yaml.safe_load` builds plain values only."""

from __future__ import annotations

import re

import yaml

from ingest.errors import BadMetadata

_FENCE = re.compile(r"\A﻿?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^[a-z_]+[ \t]*:", re.MULTILINE)
_MAX_BYTES = 20_000  # front matter is a few lines; more is somebody's trick with YAML aliases


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """
    The fields of *text*'s front matter, and the rest. No front matter: no fields, *text* as it is.

    Raises:
        BadMetadata: Not YAML, or not a table of fields.
    """
    match = _FENCE.match(text)
    if not match or not _FIELD.search(match[1]):
        return {}, text
    return parse_fields(match[1]), text[match.end() :]


def parse_fields(source: str) -> dict[str, object]:
    """
    The fields of a YAML (or JSON, which is YAML) table.

    Raises:
        BadMetadata: Not YAML, too long, or not a table of fields.
    """
    if len(source) > _MAX_BYTES or re.search(r"^\s*[\w-]+:\s*[&*]\w", source, re.MULTILINE):
        raise BadMetadata(field="YAML", value="")
    try:
        fields = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        raise BadMetadata(field="YAML", value="" if line is None else f"{line + 1}") from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise BadMetadata(field="YAML", value="")
    return {str(name): value for name, value in fields.items()}
