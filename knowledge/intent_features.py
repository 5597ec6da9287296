"""
What the second voice counts in a message: words, their neighbours and their kinds, however typed.

Pure, and the same for training (scripts/train_intent.py) and for reading. Shorthand is written out and
half-typed Telex put right by knowledge/danger_spelling.py; marks are kept only beside the plain word.
"""

from __future__ import annotations

import itertools

from knowledge.danger_spelling import SENTENCE_END, encode, words
from knowledge.intent_kinds import kinds_in
from knowledge.text.cutting import cut_whole, end_whole
from knowledge.text.folding import fold

_HEAD, _TAIL = 700, 300  # characters looked at: what somebody wants stands first, or last
_LONGEST_WORD = 12  # letters; what is longer is no word


def features(text: str) -> frozenset[str]:
    """
    The features of *text*.

    `w:` a word, `p:` a pair, `t:` a triple, `g:` two words with one between, `m:` a word with its marks,
    `a:` and `z:` the first and the last word, `l:` the length, `?` a question mark,
    `k:` a kind of word (knowledge/intent_kinds.py), `n:` two kinds in a row, `b:` two kinds anywhere.
    """
    cut = text if len(text) <= _HEAD + _TAIL else f"{cut_whole(text, _HEAD)}\n{end_whole(text, _TAIL)}"
    typed = words(cut)
    encoded = encode(typed)
    plain = [fold(token)[:_LONGEST_WORD] for token in encoded]
    found = {f"m:{token}" for token in typed if not token.isascii()}
    found.update(f"w:{word}" for word in plain)
    line = [SENTENCE_END, *plain, SENTENCE_END]
    found.update(f"p:{one} {two}" for one, two in itertools.pairwise(line))
    found.update(f"t:{one} {two} {three}" for one, two, three in zip(line, line[1:], line[2:], strict=False))
    found.update(f"g:{one} {three}" for one, three in zip(plain, plain[2:], strict=False))
    spoken = [word for word in plain if word not in {SENTENCE_END, ","}]
    if spoken:
        found |= {f"a:{spoken[0]}", f"z:{spoken[-1]}"}
    found.add(f"l:{min(len(spoken), 40).bit_length()}")
    found |= _kinds(encoded)
    if "?" in cut:
        found.add("?")
    return frozenset(found)


def _kinds(encoded: list[str]) -> set[str]:
    kinds = kinds_in(encoded)
    once = sorted(set(kinds))
    found = {f"k:{kind}" for kind in once}
    found.update(f"n:{one} {two}" for one, two in itertools.pairwise(kinds))
    found.update(f"b:{one} {two}" for one, two in itertools.combinations(once, 2))
    return found
