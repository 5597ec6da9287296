"""
Takes people's names out of a text, by what stands before them and how they are written.

A name shows by an honorific ("ông Tư", "thang Hung"), an office, "tên là", a surname, or capital letters that
no institution explains. In doubt it goes: a lost word costs an officer a guess, a kept name somebody more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge.gaps.names import name_words
from knowledge.text.english import is_english
from knowledge.text.folding import fold, has_marks, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.gaps.names import NameWords, Phrase

NAME: Final = "[tên]"
_WORD: Final = re.compile(r"\[[^\]\n]*\]|[^\W\d_]+(?:['’`][^\W\d_]+)*|\d+|[^\w\s]")
_SENTENCE_END: Final = frozenset(".!?…\n")
_LONGEST = 5  # words of one name
_SYLLABLE_LETTERS = 7  # of "nghiêng"
_LONGEST_PHRASE = 4
_MARKED_SHARE = 0.2
_SHOUTED_SHARE = 0.6
_TITLED = 5  # words from which capitals everywhere tell nothing
# "chú 6" in the South.
_ORDINALS: Final = frozenset(("2", "3", "4", "5", "6", "7", "8", "9", "10"))
_PREFIXED: Final = re.compile(r"(?:k|h|y)['’`]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    plain: str  # as the sets spell it
    folded: str
    is_capital: bool
    begins: bool  # a sentence


def redact_names(text: str) -> str:
    """*text* with every run of words that seems to be somebody's name replaced by `[tên]`."""
    return _Reader(text).redacted()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        found = list(_WORD.finditer(text))
        letters = [match[0] for match in found if match[0][0].isalpha()]
        many = _SHOUTED_SHARE * max(1, len(letters))
        is_shouted = sum(word.isupper() for word in letters) > many
        is_titled = len(letters) >= _TITLED and sum(word[0].isupper() for word in letters) > many
        marked = sum(map(has_marks, letters)) > _MARKED_SHARE * len(letters)
        self._book: NameWords = name_words(marked=marked)
        self._words = list(_spelled(found, text, marked=marked, capitals=not is_shouted and not is_titled))
        self._masked = self._institutions(1)  # what its capital letters do not make a name
        self._in_phrase = self._institutions(2)  # what is no name in small letters either
        self._hidden = [False] * len(self._words)
        self._is_english = is_english(text)

    def redacted(self) -> str:
        """The text without names."""
        for at in range(len(self._words)):
            self._after_honorific(at)
            self._after_title(at)
            self._after_cue(at)
            self._full_name(at)
            self._capitals(at)
            self._foreign(at)
        return self._written()

    def _written(self) -> str:
        parts, reached, at = [], 0, 0
        while at < len(self._words):
            if self._hidden[at]:
                parts += [self._text[reached : self._words[at].start], NAME]
                while at + 1 < len(self._words) and self._hidden[at + 1]:
                    at += 1
                reached = self._words[at].end
            at += 1
        return "".join(parts) + self._text[reached:]

    # what there is

    def _phrase(self, at: int, phrases: frozenset[Phrase]) -> int:
        """How many words at *at* make one of *phrases*, the longest; 0 for none."""
        for length in range(min(_LONGEST_PHRASE, len(self._words) - at), 0, -1):
            if tuple(word.plain for word in self._words[at : at + length]) in phrases:
                return length
        return 0

    def _institutions(self, least: int) -> list[bool]:
        """Which words stand in an institution's name of at least *least* words."""
        masked, at = [False] * len(self._words), 0
        while at < len(self._words):
            length = self._phrase(at, self._book.institutions)
            for inside in range(at, at + length if length >= least else at):
                masked[inside] = True
            at += max(1, length)
        return masked

    def _word(self, at: int) -> _Word | None:
        if not 0 <= at < len(self._words):
            return None
        word = self._words[at]
        return word if word.text[0].isalpha() else None

    def _pair(self, at: int) -> Phrase:
        return tuple(word.plain for word in self._words[max(0, at - 1) : at + 1])

    def _is_capital_name(self, at: int) -> bool:
        word = self._word(at)
        return word is not None and word.is_capital and not self._masked[at]

    def _is_given(self, at: int) -> bool:
        word = self._word(at)
        return (
            word is not None and word.plain in self._book.given and self._pair(at) not in self._book.no_names
        )

    def _hide(self, places: Iterable[int]) -> None:
        for at in places:
            self._hidden[at] = True

    def _hide_name(self, at: int) -> None:
        """Hide the name that begins at *at*: capitals while they last, or middle names and one given name."""
        end = at
        if self._words[at].is_capital:
            while end + 1 < min(len(self._words), at + _LONGEST) and self._is_capital_name(end + 1):
                end += 1
        while end + 1 < len(self._words) and end - at < _LONGEST and self._goes_on(end):
            end += 1
        if (
            self._words[end].plain in self._book.between_names
            and end > at
            and self._word(end + 1) is not None
        ):
            end += 1  # Hồ Thị …: what follows is the name, whatever it is
        self._hide(range(at, end + 1))

    def _goes_on(self, at: int) -> bool:
        """Whether the name goes on after *at*, where no capital letters tell."""
        word, following = self._words[at], self._word(at + 1)
        if following is None or word.plain not in self._book.middles | self._book.surnames:
            return False
        if following.is_capital:
            return not self._masked[at + 1] or word.plain in self._book.between_names
        if following.plain in self._book.between_names:
            return word.plain in self._book.surnames
        return self._is_given(at + 1) and following.plain not in self._book.after_no_name

    # the signs of a name

    def _after_honorific(self, at: int) -> None:
        word = self._word(at)
        if word is None or word.plain not in self._book.honorifics or self._counts_before(at):
            return
        after = at + 1
        if self._is_ordinal(word, after):
            self._hide((after,))
            return
        while (following := self._word(after)) is not None and following.plain in self._book.between:
            if self._is_capital_name(after) or after - at > 3 or self._is_given_after(word, after):  # noqa: PLR2004 - words
                break
            after += 1
        if self._names_somebody(word, at, after):
            self._hide_name(after)

    def _counts_before(self, at: int) -> bool:
        """Whether what reads like an honorific is counted, or half of another word: 3 tháng, đàn ông."""
        if not at:
            return False
        before = self._words[at - 1]
        if self._words[at].folded == "thang":
            return before.text.isdigit() or before.plain in self._book.numbers
        return before.folded == "dan" and self._words[at].folded in {"ong", "ba"}

    def _is_ordinal(self, honorific: _Word, at: int) -> bool:
        if (
            honorific.plain not in self._book.can_be_numbered
            or at >= len(self._words)
            or self._words[at].text not in _ORDINALS
        ):
            return False
        following = self._word(at + 1)
        return following is None or following.plain not in self._book.units

    def _is_given_after(self, honorific: _Word, at: int) -> bool:
        return honorific.plain not in self._book.weak and self._is_given(at)

    def _names_somebody(self, honorific: _Word, at: int, after: int) -> bool:
        following = self._word(after)
        if following is None:
            return False
        if following.is_capital and not following.text.isupper():
            return not self._masked[after] or (self._is_given(after) and after == at + 1)
        book, pair, is_next = self._book, (honorific.plain, following.plain), after == at + 1
        if (
            honorific.plain in book.capital_only
            or self._in_phrase[after]
            or pair in book.no_names | book.not_after_weak
        ):
            return False
        if (
            is_next
            and following.plain in book.ordinals
            and honorific.plain in book.can_be_numbered - {"co", "di"}
        ):
            return True
        if honorific.plain in book.weak:
            return following.plain in book.clear and is_next
        is_known = following.plain in book.given or (honorific.plain in book.strong and is_next)
        return is_known and following.plain not in book.after_no_name

    def _after_title(self, at: int) -> None:
        length = self._phrase(at, self._book.titles)
        if not length or self._word(at + length) is None:
            return
        after = at + length
        following = self._words[after]
        is_known = self._is_given(after) and not self._in_phrase[after]
        if length == 1:  # nhà, quán, bạn: only what is hardly anything but a name
            is_known = (
                is_known
                and following.folded in self._book.clear
                and following.plain not in self._book.after_no_name
            )
        elif following.plain in self._book.after_no_name:
            is_known = is_known and following.folded in self._book.clear
        if self._is_capital_name(after) or is_known or self._has_middle(after):
            self._hide_name(after)

    def _has_middle(self, at: int) -> bool:
        """Whether a surname stands at *at*, văn or thị behind it."""
        second = self._word(at + 1)
        return (
            self._words[at].plain in self._book.surnames
            and second is not None
            and second.plain in self._book.between_names
        )

    def _after_cue(self, at: int) -> None:
        if (length := self._phrase(at, self._book.names_told)) and self._word(at + length) is not None:
            after = at + length
            following = self._words[after]
            is_known = following.plain in self._book.surnames or self._is_given(after)
            stops = self._book.after_named if length > 1 else self._book.after_no_name
            if (length > 1 or is_known or self._is_capital_name(after)) and following.plain not in stops:
                self._hide_name(after)
        elif (length := self._phrase(at, self._book.says_who)) and self._word(at + length) is not None:
            after = at + length
            if self._is_capital_name(after) or (
                self._is_given(after) and self._words[after].folded in self._book.clear
            ):
                self._hide_name(after)

    def _full_name(self, at: int) -> None:
        word = self._word(at)
        if word is None or word.plain not in self._book.surnames:
            return
        if (
            self._is_capital_name(at)
            and self._is_capital_name(at + 1)
            and self._words[at + 1].plain not in {"định", "dinh"}
        ):
            self._hide_name(at)
            return
        if not self._in_phrase[at] and (length := self._small_name(at)):
            self._hide(range(at, at + length))

    def _small_name(self, at: int) -> int:
        """How many words a full name in small letters takes at *at*; 0 for none."""
        book, first = self._book, self._words[at].plain
        second, third = self._word(at + 1), self._word(at + 2)
        if first not in book.small_surnames or second is None or self._in_phrase[at + 1]:
            return 0
        if second.plain in book.between_names:
            is_name = third is not None and not self._in_phrase[at + 2] and self._may_be_last(first, third)
            return (4 if is_name and self._is_last(at + 3, third) else 3) if is_name else 0
        if first in book.sure_surnames and second.plain in book.given | book.middles:
            return 3 if self._is_last(at + 2, second) else 2
        if (
            second.plain in book.middles
            and third is not None
            and third.folded in book.clear
            and not self._in_phrase[at + 2]
        ):
            return (
                3
                if third.plain in book.given
                and (second.folded != "cong" and third.plain not in self._book.ordinals)
                else 0
            )
        return 0

    def _may_be_last(self, surname: str, word: _Word) -> bool:
        if surname in self._book.sure_surnames:
            return True
        return word.plain in self._book.given and (
            word.folded in self._book.clear or fold(word.plain) != word.plain
        )

    def _is_last(self, at: int, before: _Word | None) -> bool:
        """Whether *at* ends a name whose middle names end with *before*."""
        word = self._word(at)
        return (
            word is not None
            and before is not None
            and before.plain in self._book.middles
            and word.plain in self._book.given
            and not self._in_phrase[at]
            and word.folded in self._book.clear
        )

    def _foreign(self, at: int) -> None:
        """No syllable has more than seven letters: a longer word is a nick, a brand or a stranger's name."""
        word = self._words[at]
        is_long = len(word.text) > _SYLLABLE_LETTERS and word.text.isalpha()
        if is_long and not self._is_english and not self._masked[at]:
            self._hide((at,))

    def _capitals(self, at: int) -> None:
        word = self._words[at]
        if not self._is_capital_name(at) or self._hidden[at]:
            if _PREFIXED.match(word.text) and not self._masked[at]:
                self._hide((at,))
            return
        is_run = self._is_capital_name(at + 1)
        if word.begins and not is_run:
            return
        if word.text.isupper() and len(word.text) > 1:  # an abbreviation: UBND, CSKV
            return
        if is_run and not (word.begins and not self._is_given(at + 1)):
            self._hide_name(at)
        elif not word.begins and word.plain in self._book.given:
            self._hide((at,))


def _spelled(found: list[re.Match[str]], text: str, *, marked: bool, capitals: bool) -> Iterable[_Word]:
    begins = True
    reached = 0
    for match in found:
        written = match[0]
        begins = begins or "\n" in text[reached : match.start()]
        folded = fold(written)
        is_capital = capitals and written[0].isalpha() and written[0].isupper()
        plain = normalise(written) if marked else folded
        yield _Word(match.start(), match.end(), written, plain, folded, is_capital, begins)
        begins = written in _SENTENCE_END or (begins and not written[0].isalnum())
        reached = match.end()
