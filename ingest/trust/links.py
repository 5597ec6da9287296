"""Links in a document that are dressed up as an office, a bank or VNeID. Pure; no link is ever followed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.trust.flags import Code, Flag
from ingest.trust.rules import rules
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ingest.trust.sentences import Sheet
    from ingest.trust.sources import Sources

_URL: Final = re.compile(
    r"(?:h(?:tt|xx)ps?://)(?P<host>[\w.-]+)(?::\d+)?(?P<rest>[^\s<>\"')]*)", re.IGNORECASE
)
_DOT: Final = r"(?:\.|\[\.\]|\(\.\)|\{\.\}|\s?\[?(?:dot|chấm|cham)\]?\s?)"
_BARE: Final = re.compile(
    rf"(?<![@\w./-])(?P<host>[^\W_][\w-]{{0,60}}(?:{_DOT}[^\W_][\w-]{{0,60}}){{1,5}})(?P<rest>/[^\s<>\"')]*)?",
    re.IGNORECASE,
)
_DOTS: Final = re.compile(_DOT, re.IGNORECASE)
# Digits and letters of other scripts that pass for Latin ones.
_LOOKS: Final = str.maketrans("0135аеосрхіӏ", "oiesaeocpxil")
_LOOKS_L: Final = str.maketrans("01", "ol")
_NEAR_LENGTH: Final = 5  # letters from which on one wrong letter still means the same name
_WITHIN_LENGTH: Final = 5  # letters from which on a name may stand inside another word
_PACKAGES: Final = (".apk", ".ipa", ".exe", ".scr", ".msi")


def link_flags(page: Sheet, sources: Sources, is_warned: Callable[[int], bool]) -> list[Flag]:
    """
    Flags for the deceiving links of *page*: light where the text warns of them.

    Args:
        page: The text.
        sources: Whose domains are known.
        is_warned: Whether the sentence of that number warns of what it names.
    """
    found = []
    for place, sentence in enumerate(page.sentences):
        for host, rest in links_in(sentence.text):
            if is_deceiving(host, rest, sources):
                code = Code.LINK_IN_WARNING if is_warned(place) else Code.PHISHING_LINK
                # Defanged: whoever reads the report must not end up there by a slip of the finger.
                found.append(Flag(code, page.where, host.replace(".", "[.]")[:80]))
    return found


def links_in(text: str) -> list[tuple[str, str]]:
    """The hosts that *text* names, lower case and however disguised their dots, each with what follows it."""
    found, taken = [], []
    for match in _URL.finditer(text):
        found.append((match["host"].lower().rstrip("."), match["rest"] or ""))
        taken.append(match.span())
    for match in _BARE.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        host = _DOTS.sub(".", match["host"]).rstrip(".")
        if _is_domain(host):
            found.append((host.lower(), match["rest"] or ""))
    return found


def is_deceiving(host: str, rest: str, sources: Sources) -> bool:
    """Whether a link to *host* is dressed up as somebody it does not belong to, or hands out a program."""
    if sources.is_official(host) or _belongs(host):
        return False
    if rest.lower().split("?")[0].endswith(_PACKAGES):
        return True
    parts = _parts(host)
    if "gov" in parts or any("govvn" in part for part in parts):
        return True
    if any(_names(word, parts) for brand in rules("links")["brand"] for word in brand["words"]):
        return True
    loose = (word for group in rules("links")["loose"] for word in group["words"])
    return not sources.knows(host) and not host.endswith(".vn") and any(_names(word, parts) for word in loose)


def _is_domain(host: str) -> bool:
    ending = host.rpartition(".")[2]
    if ending.lower() in rules("links")["endings"]:
        # "An ninh.Top" is a full stop without its blank, not a domain.
        return host.isascii() and (ending.islower() or host.isupper())
    brands = (word for brand in rules("links")["brand"] for word in brand["words"])
    return ending.isalpha() and any(word in host.lower() for word in brands if len(word) >= _WITHIN_LENGTH)


def _belongs(host: str) -> bool:
    """Whether *host* is one of the true domains of the brands."""
    true = {name for brand in rules("links")["brand"] for name in brand["official"]}
    labels = host.split(".")
    return any(".".join(labels[at:]) in true for at in range(len(labels)))


def _parts(host: str) -> tuple[str, ...]:
    """The words of a host's name without its ending, each label also as one word."""
    labels = host.split(".")[:-1]
    words = [word for label in labels for word in (*label.split("-"), label.replace("-", ""))]
    return tuple(dict.fromkeys(word for word in words if word))


def _names(word: str, parts: Iterable[str]) -> bool:
    for part in parts:
        for look in {
            part,
            fold(part.translate(_LOOKS)),
            part.translate(_LOOKS_L),
            part.replace("rn", "m"),
            part.replace("vv", "w"),
        }:
            if look == word or (len(word) >= _WITHIN_LENGTH and word in look):
                return True
            if len(word) >= _NEAR_LENGTH and _is_one_off(word, look):
                return True
    return False


def _is_one_off(one: str, other: str) -> bool:
    """Whether one letter changed, added, lost or swapped with its neighbour makes *one* of *other*."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right if len(left) > len(right) else left == right[1:]
