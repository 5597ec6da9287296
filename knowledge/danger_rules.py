"""
The danger patterns of danger.toml, made into regular expressions over encoded tokens.

A pattern is words in their right spelling, read in order, and:

    ME, HIT      a class of the file: any of its patterns
    ~3           up to three words of any kind, within the sentence; none of class GAPSTOP
    =đá          this spelling only, never the word without its marks
    (a b|c)      either; `(a)?` or none
    !(a|b)       and not followed by; `<!(a|b)` and not preceded by (single words only)
    ^            at the start of a sentence; `$` at its end

Every pattern knows which words it cannot do without, so that most are never tried on a message.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from knowledge.danger_spelling import forms
from knowledge.text.folding import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

_PIECE = re.compile(r"<!\([^)]*\)|!\(|\(|\)\??|\||~\d|[\^$.,]|[A-Z][A-Z_]*(?!\w)|=?\w+")
_SHORT_GAP = 2  # words; a gap this short does not cross a comma
_GAP_STOP = "GAPSTOP"


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: its expression, and word sets of each of which one must be present."""

    source: str
    needs: tuple[frozenset[str], ...]

    @property
    def expression(self) -> re.Pattern[str]:
        """The expression, compiled when first needed: all at once would cost a second at the start."""
        return _compiled(self.source)

    def search(self, line: str, present: frozenset[str]) -> re.Match[str] | None:
        """The first place in *line* (tokens, a space around each) where the pattern holds."""
        if any(need.isdisjoint(present) for need in self.needs):
            return None
        return self.expression.search(line)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What a pattern stands for: a peril, and how sure it is (see danger.toml)."""

    peril: str
    level: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All of danger.toml."""

    rules: tuple[Rule, ...]
    frames: dict[str, tuple[Pattern, ...]]
    numbers: dict[str, tuple[str, ...]]
    by_word: dict[str, tuple[Rule, ...]]  # each rule under every word of its rarest need

    def candidates(self, present: frozenset[str]) -> set[Rule]:
        """The rules that a message with the words *present* may break."""
        return {rule for word in present for rule in self.by_word.get(word, ())}

    def framed(self, name: str, line: str, present: frozenset[str]) -> bool:
        """Whether any pattern of the frame *name* holds in *line*."""
        return any(pattern.search(line, present) for pattern in self.frames[name])


@cache
def rulebook() -> Rulebook:
    """The rules, read once."""
    source = resources.files("knowledge") / "danger.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    compiler = _Compiler(table["classes"])
    rules = tuple(compiler.rules(table["rules"]))
    by_word: dict[str, list[Rule]] = {}
    for rule in rules:
        for word in rule.pattern.needs[0]:
            by_word.setdefault(word, []).append(rule)
    return Rulebook(
        rules=rules,
        by_word={word: tuple(found) for word, found in by_word.items()},
        frames={name: tuple(map(compiler.pattern, lines)) for name, lines in table["frames"].items()},
        numbers={peril: tuple(numbers) for peril, numbers in table["numbers"].items()},
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of expression and the words it needs (none when it may be absent)."""

    expression: str
    needs: tuple[frozenset[str], ...] = ()


class _Compiler:
    def __init__(self, classes: dict[str, list[str]]) -> None:
        self._classes = classes
        self._compiled: dict[str, _Part] = {}
        self._common = frozenset(form for word in classes["COMMON"] for form in _typed(word))
        stops = "|".join(sorted({form for word in classes[_GAP_STOP] for form in _typed(word)}))
        self._gap = rf"(?:(?!(?:{stops}) )[^ .]+ )"
        self._step = rf"(?:(?!(?:{stops}) )[^ .,]+ )"

    def rules(self, groups: Iterable[dict[str, object]]) -> Iterable[Rule]:
        for group in groups:
            for line in group["patterns"]:  # type: ignore[attr-defined]
                yield Rule(str(group["peril"]), str(group["level"]), self.pattern(line))

    def pattern(self, line: str) -> Pattern:
        part = self._either(_pieces(line))
        needs = sorted(set(part.needs), key=self._cost)
        return Pattern(r"(?<= )" + part.expression, tuple(needs))

    def _class(self, name: str) -> _Part:
        if name not in self._compiled:
            branches = [self._either(_pieces(line)) for line in self._classes[name]]
            self._compiled[name] = self._join(branches)
        return self._compiled[name]

    def _either(self, pieces: list[str]) -> _Part:
        """The alternatives at the head of *pieces*, consumed up to the closing bracket or the end."""
        branches: list[_Part] = []
        sequence: list[_Part] = []
        while pieces and not pieces[0].startswith(")"):
            piece = pieces.pop(0)
            if piece == "|":
                branches.append(_chain(sequence))
                sequence = []
            else:
                sequence.append(self._piece(piece, pieces))
        return self._join([*branches, _chain(sequence)])

    def _join(self, branches: list[_Part]) -> _Part:
        if len(branches) == 1:
            return branches[0]
        expression = "(?:" + "|".join(branch.expression for branch in branches) + ")"
        if not all(branch.needs for branch in branches):
            return _Part(expression)
        rarest = (min(branch.needs, key=self._cost) for branch in branches)
        return _Part(expression, (frozenset().union(*rarest),))

    def _cost(self, need: frozenset[str]) -> int:
        """How often *need* is met in any text, roughly."""
        return sum(20 if word in self._common else 1 for word in need)

    def _piece(self, piece: str, rest: list[str]) -> _Part:
        if piece in {"(", "!("}:
            inner = self._either(rest)
            closing = rest.pop(0)
            if piece == "!(":
                return _Part(f"(?!{inner.expression})")
            return _Part(f"(?:{inner.expression})?") if closing == ")?" else inner
        if piece.startswith("<!("):
            return _Part(
                "".join(rf"(?<! {form} )" for word in re.findall(r"=?\w+|,", piece) for form in _typed(word))
            )
        if piece.startswith("~"):
            return _Part(f"{self._gap if int(piece[1]) > _SHORT_GAP else self._step}{{0,{piece[1]}}}?")
        if piece in "^$.,":
            return _Part({"^": r"(?<=\. )", "$": r"(?=\. )"}.get(piece, re.escape(piece) + " "))
        return self._class(piece) if piece.isupper() else _word(piece)


def _pieces(line: str) -> list[str]:
    found = _PIECE.findall(line)
    if "".join(found).replace(" ", "") != line.replace(" ", ""):
        raise ValueError(line)
    return found


def _typed(word: str) -> list[str]:
    """The tokens that may stand for *word*; for `=word` only the one with these very marks."""
    if word.startswith("="):
        return [normalise(word[1:])]
    return sorted(forms(word)) if word[0].isalnum() else [word]


def _word(word: str) -> _Part:
    typed = _typed(word)
    one = typed[0] if len(typed) == 1 else f"(?:{'|'.join(typed)})"
    return _Part(one + " ", (frozenset(typed),))


def _chain(parts: list[_Part]) -> _Part:
    needs = tuple(need for part in parts for need in part.needs)
    return _Part("".join(part.expression for part in parts), needs)
