"""
The steps between a question and its ranking that can be left out, so that each can be measured alone.

The product takes every one of them: `ALL`. `benchmarks/ablation.py` leaves them out one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What is done beside looking for the question's words and for its vector."""

    abbreviations: bool = True  # ko, dc, bao ca → their full words
    regional: bool = True  # răng rứa, hổng, tía → the words that are written
    lay: bool = True  # the law's words beside everyday ones, for the side of words
    lay_embedded: bool = True  # and behind the question, for the side of meaning
    held_keys: bool = True  # half-typed Telex and letters held down
    wrong_letters: bool = True  # one letter off: ngaoi, ngiện
    marks: bool = True  # put back, for the side that reads meaning
    weighing: bool = True  # where nothing is reranked, how much meaning counts follows the question
    reranking: bool = True  # the best documents compared by headings, pairs and coverage

    def without(self, name: str) -> Steps:
        """These steps but the one called *name*."""
        return replace(self, **{name: False})

    @classmethod
    def only(cls, *names: str) -> Steps:
        """No step but those called *names*."""
        return cls(**{field.name: field.name in names for field in fields(cls)})


ALL = Steps()
NAMES = tuple(field.name for field in fields(Steps))
