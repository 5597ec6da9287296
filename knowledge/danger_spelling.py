"""
Writes a message the way the danger patterns are written: one plain token for each word.

A word typed with the marks of another real word keeps them (`chạy` is not `cháy`); everything else,
unmarked, mistyped or half typed in Telex or VNI (`danh`, `đấnh`, `ddanhs`, `d9anh1`), becomes the
folded word that a pattern accepts.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from knowledge.text.cutting import cut_whole, end_whole
from knowledge.text.folding import fold, normalise

SENTENCE_END = "."
_HEAD, _TAIL = 6_000, 2_000  # characters looked at: a pasted book must not hold up the others
_TOKEN = re.compile(r"\.{2,}|…|[^\W_]+|[.?!;\n,]")
_INSIDE_WORD = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad'’`]")
_RUN = re.compile(r"(.)\1+")
_HELD = re.compile(r"([^\W\d_])\1{1,60}\b")
_VNI = re.compile(r"(?<=[^\W\d_])\d+")
_AFTER_VOWEL = re.compile(r"(?<=[aeiouy])([a-z]*)$")
_TELEX = re.compile(r"[fsrxjwz]")
_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_LONGEST_SYLLABLE = 7
_LEAST_SHORTHAND = 3  # letters of a shorthand that may be typed with some held down: "gass", not "kk"
_DOUBLE_U = frozenset({"cuu", "buu", "huu", "luu", "muu", "nguu", "suu", "tuu", "truu", "khuu", "phuu"})


def shorten(text: str) -> str:
    """*text* itself, or the beginning and end of one too long to be a call for help."""
    return text if len(text) <= _HEAD + _TAIL else f"{cut_whole(text, _HEAD)}\n{end_whole(text, _TAIL)}"


def words(text: str) -> list[str]:
    """The words of *text* as typed, normalised, with `.` for the end of a sentence and `,` for a pause."""
    visible = _HELD.sub(_let_go, _INSIDE_WORD.sub("", unicodedata.normalize("NFKC", shorten(text))))
    lines = (normalise(line) for line in visible.splitlines())
    tokens = _TOKEN.findall(" \n ".join(lines))
    return [_mark(token) for token in tokens]


def encode(typed: list[str]) -> list[str]:
    """The tokens of *typed* (see `words`) that patterns are matched against, shorthand written out."""
    encoded: list[str] = []
    for token in typed:
        encoded.extend(_encode(token))
    return encoded


def forms(word: str) -> frozenset[str]:
    """Every token that may stand for the pattern word *word*."""
    spelled = normalise(word)
    if spelled in _english():
        return frozenset({spelled})
    return frozenset({_key(spelled), spelled} if spelled in _spellings() else {_key(spelled)})


def _let_go(held: re.Match[str]) -> str:
    """The last letter of a marked word once ("rồiii"): a second vowel would draw the tone to itself."""
    before = held.string[max(held.start() - _LONGEST_SYLLABLE, 0) : held.start()].split()
    return held[0] if not before or before[-1].isascii() else held[1]


def _mark(typed: str) -> str:
    """*typed* as it stands, or the one sign for all ends of a sentence, or the one for all pauses."""
    if typed in "?!;\n":
        return SENTENCE_END
    return "," if typed == "…" or typed.startswith("..") else typed


@lru_cache(maxsize=4_096)
def _encode(token: str) -> list[str]:
    if not token.isalnum() or token.isdigit():
        return [token]
    short, collapsed = _shorthand(), _collapse(token)
    if token in short:
        return short[token]
    english = token[:-1] if token[-2:-1] == token[-1] and token not in _english() else token
    if english in _english():
        return [english]
    if collapsed in _spellings():
        return [collapsed]
    return _held_shorthand(token, collapsed) or [_with_typed_tone(collapsed)]


def _held_shorthand(token: str, collapsed: str) -> list[str] | None:
    """What *token* is short for once its letters are let go, or its marks off."""
    short, folded = _shorthand(), fold(token)
    if len(collapsed) >= _LEAST_SHORTHAND and collapsed in short:
        return short[collapsed]
    return short.get(folded) if folded == fold(collapsed) else None


def _collapse(token: str) -> str:
    """Letters that were held down, once; `uu` stays where Vietnamese has it."""
    if token.isascii() and token in _DOUBLE_U:
        return token
    single = _RUN.sub(lambda run: "uu" if run[1] == "u" else run[1], token)
    return single if _TELEX.sub("", fold(single)) in _DOUBLE_U else single.replace("uu", "u")


def _key(token: str) -> str:
    """*token* folded, without what Telex and VNI leave behind in a word."""
    folded = _collapse(_VNI.sub("", fold(token)) or token)
    match = _AFTER_VOWEL.search(folded, 1) if len(folded) > 1 else None
    if match is None:
        return folded
    first = next(index for index, letter in enumerate(folded) if letter in "aeiouy")
    return _collapse(folded[: first + 1] + _TELEX.sub("", folded[first + 1 :]))


def _with_typed_tone(token: str) -> str:
    """The one real word that *token* spells in Telex (`chayj` is `chạy`), else its key."""
    key = _key(token)
    tone = _TONES.get(token[-1]) if token.isascii() else None
    if tone is None or token[-1] == key[-1]:
        return key
    meant = _by_tone().get((key, tone), ())
    return meant[0] if len(meant) == 1 else key


@cache
def _table() -> dict[str, dict[str, str]]:
    source = resources.files("knowledge") / "danger_words.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def _spellings() -> frozenset[str]:
    """The marked words that are words of their own."""
    listed = map(normalise, _table()["spellings"]["look_alike"].split())
    return frozenset(word for word in listed if not word.isascii())


@cache
def _english() -> frozenset[str]:
    """English words of the patterns that would be taken for Telex: `law` is not `là`."""
    return frozenset(_table()["english"]["kept"].split())


@cache
def _by_tone() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for word in sorted(_spellings()):
        for tone in set(unicodedata.normalize("NFD", word)) & set(_TONES.values()):
            found.setdefault((_key(word), tone), []).append(word)
    return found


@cache
def _shorthand() -> dict[str, list[str]]:
    pairs = (line.split(" = ") for line in _table()["short"]["expansions"].strip().splitlines())
    return {
        normalise(short): [word if word in _spellings() else _key(word) for word in normalise(long).split()]
        for short, long in pairs
    }
