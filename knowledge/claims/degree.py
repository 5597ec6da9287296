"""Whether a claim says how much of a thing otherwise: `rất nghiêm trọng` is not `ít nghiêm trọng`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.claims.matching import same_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.claims.scanning import Reading, Token

# claim's degree → those of a passage that hold it up; English tells `rất` and `đặc biệt` apart less strictly
_HOLDS: Final = {
    "very": {"very"},
    "extreme": {"extreme"},
    "raised": {"very", "extreme", "raised"},
    "little": {"little"},
    "": {""},
}


def degree_differs(claim: Reading, source: Reading) -> bool:
    """Whether a word of *claim* is of a degree that it has nowhere in *source*; none is one too."""
    theirs = list(_degrees(source))
    turned = [token for token, degree in theirs if degree]
    for token, degree in _degrees(claim):
        if degree or any(same_word(token, other) for other in turned):
            known = {other_degree for other, other_degree in theirs if same_word(token, other)}
            if known and not known & _HOLDS[degree]:
                return True
    return False


def _degrees(reading: Reading) -> Iterator[tuple[Token, str]]:
    """Every word of *reading*, and the degree that stands before it, or ""."""
    degree = ""
    for token in reading.tokens:
        if token.kind == "word":
            yield token, degree
        degree = token.value if token.kind == "mark" and token.value in _HOLDS else ""
