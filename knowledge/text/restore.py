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

from knowledge.text.folding import fold, has_marks, marks_of, syllables
from knowledge.text.typing_slips import neighbours

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from pathlib import Path

_BIGRAM_WEIGHT = 0.9
_MAX_SPELLINGS = 12  # of one folded syllable; the rarer ones never win
_SAME_MARKS = 3.0  # natural logarithms: who leaves out a letter still types the marks he means
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
        if not words:
            return ""
        options = [{option: trust * (option == word) for option in self._options(word)} for word in words]
        return " ".join(self._best_path(options))

    def mend(self, text: str) -> str:
        """
        *text* with the words one letter away from one that the corpus knows read as that word.

        Which of several is meant, the words beside it decide. All other words stay as typed; a text with
        nothing to mend is given back unchanged.
        """
        words = syllables(text)
        slips = {at: near for at, word in enumerate(words) if (near := neighbours(word, self._spellings))}
        if not slips:
            return text
        options = [
            self._readings(word, slips[at]) if at in slips else dict.fromkeys(self._options(word), 0.0)
            for at, word in enumerate(words)
        ]
        path = self._best_path(options)
        return " ".join(path[at] if at in slips else word for at, word in enumerate(words))

    def _readings(self, slip: str, near: Mapping[str, float]) -> dict[str, float]:
        """The spellings a *slip* may stand for; one with the very marks that were typed is likelier."""
        typed = marks_of(slip)
        return {
            spelling: likelier + _SAME_MARKS * bool(typed and marks_of(spelling) == typed)
            for folded, likelier in near.items()
            for spelling in self._spellings[folded]
        }

    def _best_path(self, options: list[dict[str, float]]) -> list[str]:
        """The likeliest words, one of each of *options*, which say how much likelier than usual each is."""
        scores = {word: self._log_unigram(word) + likelier for word, likelier in options[0].items()}
        back: list[dict[str, str]] = []
        for candidates in options[1:]:
            step: dict[str, float] = {}
            came: dict[str, str] = {}
            for word, likelier in candidates.items():
                reached = {prior: score + self._log_pair(prior, word) for prior, score in scores.items()}
                best = max(reached, key=reached.__getitem__)
                step[word] = reached[best] + likelier
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
