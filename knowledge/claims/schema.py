"""The shape of a model's structured output, as data for its endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_CLAIMS: Final = 6
CLAIM_FIELDS: Final = ("text", "cite", "quote")

_TEXT: Final[Mapping[str, object]] = {"type": "string"}


def claims_schema(ids: Iterable[str] = ()) -> dict[str, object]:
    """
    The schema of an output about passages with *ids*; without any, an id may be any text.

    An endpoint that decodes by it cannot name a passage that was not supplied. Strict mode wants every
    property required and nothing besides, and knows no shortest length of a text.
    """
    names = list(ids)
    name: Mapping[str, object] = {"type": "string", "enum": names} if names else _TEXT
    return {
        "type": "object",
        "properties": {
            "claims": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {field: name if field == "cite" else _TEXT for field in CLAIM_FIELDS},
                    "required": list(CLAIM_FIELDS),
                    "additionalProperties": False,
                },
            },
            "clarify": {"type": "array", "items": name},
            "refusal": {"type": "boolean"},
        },
        "required": ["claims", "clarify", "refusal"],
        "additionalProperties": False,
    }
