"""The shape of a model's structured output, as data for its endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_CLAIMS: Final = 6
CLAIM_FIELDS: Final = ("text", "cite", "quote")

_TEXT: Final = {"type": "string"}
# Endpoints in strict mode want every property required and nothing besides.
CLAIMS_SCHEMA: Final[Mapping[str, object]] = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": dict.fromkeys(CLAIM_FIELDS, _TEXT),
                "required": list(CLAIM_FIELDS),
                "additionalProperties": False,
            },
        },
        "clarify": {"type": "array", "items": _TEXT},
        "refusal": {"type": "boolean"},
    },
    "required": ["claims", "clarify", "refusal"],
    "additionalProperties": False,
}
RESPONSE_FORMAT: Final[Mapping[str, object]] = {
    "type": "json_schema",
    "json_schema": {"name": "claims", "strict": True, "schema": CLAIMS_SCHEMA},
}
