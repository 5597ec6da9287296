"""
Puts marks back on text typed without them, with the words of the corpus at hand.

A bigram Viterbi over the spellings seen in the corpus. For the dense side of a search only: what it
guesses is never shown to anybody. Built from public passages alone, so that no hidden word can
surface in what a public question finds.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge.text.folding import fold, has_marks, syllables

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from pathlib import Path

_BIGRAM_WEIGHT = 0.9
_MAX_SPELLINGS = 12  # of one folded syllable; the rarer ones never win
_FORMAT = 1


class Restorer:
    """Knows how often the corpus writes each syllable, and each pair of them."""

    def __init__(self, unigrams: Counter[str], bigrams: Counter[tuple[str, str]]) -> None:
        self._unigrams = unigrams
        self._bigrams = bigrams
        self._total = sum(unigrams.values()) or 1
        spellings: dict[str, list[str]] = defaultdict(list)
        for word, _ in unigrams.most_common():
            known = spellings[fold(word)]
            if len(known) < _MAX_SPELLINGS:
                known.append(word)
        self._spellings = dict(spellings)

    @classmethod
    def build(cls, texts: Iterable[str]) -> Restorer:
        """Count the syllables of *texts*; lines typed without marks teach nothing and are skipped."""
        unigrams: Counter[str] = Counter()
        bigrams: Counter[tuple[str, str]] = Counter()
        for text in texts:
            for line in text.splitlines():
                if not has_marks(line):
                    continue
                words = syllables(line)
                unigrams.update(words)
                bigrams.update(pairwise(words))
        return cls(unigrams, bigrams)

    @property
    def vocabulary(self) -> Container[str]:
        """The folded syllables that the corpus knows."""
        return self._spellings

    def restore(self, text: str, *, trust: float = 0.0) -> str:
        """
        *text* with marks on the words that lack them, lower case, without punctuation.

        Marked words that the corpus knows stay as they are; so does what it does not know at all.

        Args:
            text: What was typed, its abbreviations spelled out.
            trust: How much more likely an unmarked word is meant as typed, in natural logarithms:
                0 for text typed without marks, some 4 for text with them.
        """
        words = syllables(text)
        return " ".join(self._best_path(words, trust)) if words else ""

    def _best_path(self, words: list[str], trust: float) -> list[str]:
        options = [self._options(word) for word in words]
        scores = {word: self._log_unigram(word) + trust * (word == words[0]) for word in options[0]}
        back: list[dict[str, str]] = []
        for typed, candidates in zip(words[1:], options[1:], strict=True):
            step: dict[str, float] = {}
            came: dict[str, str] = {}
            for word in candidates:
                reached = {prior: score + self._log_pair(prior, word) for prior, score in scores.items()}
                best = max(reached, key=reached.__getitem__)
                step[word] = reached[best] + trust * (word == typed)
                came[word] = best
            scores = step
            back.append(came)
        path = [max(scores, key=scores.__getitem__)]
        for came in reversed(back):
            path.append(came[path[-1]])
        return path[::-1]

    def _options(self, word: str) -> list[str]:
        if has_marks(word) and word in self._unigrams:
            return [word]
        return self._spellings.get(fold(word), [word])

    def _log_unigram(self, word: str) -> float:
        return math.log((self._unigrams[word] + 0.1) / self._total)

    def _log_pair(self, prior: str, word: str) -> float:
        seen = self._unigrams[prior]
        bigram = self._bigrams[prior, word] / seen if seen else 0.0
        unigram = (self._unigrams[word] + 0.1) / self._total
        return math.log(_BIGRAM_WEIGHT * bigram + (1 - _BIGRAM_WEIGHT) * unigram)

    def save(self, file: Path) -> None:
        """Write the counts; a reader sees the old file or the new one, never half of one."""
        pairs = [[a, b, n] for (a, b), n in self._bigrams.items() if n > 1 or len(self._bigrams) < 200_000]  # noqa: PLR2004
        payload = {"format": _FORMAT, "unigrams": dict(self._unigrams), "bigrams": pairs}
        partial = file.with_suffix(".part")
        partial.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(gzip.compress(json.dumps(payload, ensure_ascii=False).encode(), compresslevel=1))
        partial.replace(file)

    @classmethod
    def load(cls, file: Path) -> Restorer:
        """Read what `save` wrote; no file, or one of another format, is an empty restorer."""
        if not file.exists():
            return cls(Counter(), Counter())
        payload = json.loads(gzip.decompress(file.read_bytes()))
        if payload.get("format") != _FORMAT:
            return cls(Counter(), Counter())
        bigrams = Counter({(a, b): n for a, b, n in payload["bigrams"]})
        return cls(Counter(payload["unigrams"]), bigrams)
