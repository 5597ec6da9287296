"""Spells an example as people type it: as it stands, without marks, in shorthand, with a phone's slips."""

from __future__ import annotations

import random
import unicodedata
import zlib
from typing import Final

from knowledge.text.folding import fold

_SHORT: Final = {
    "không": "ko|k|khong|hok|hông|khum", "được": "dc|đc|đk", "gì": "j|gì", "người": "ng|ngừi",
    "công an": "ca",
    "với": "vs|voi", "rồi": "r|rùi", "biết": "bt|bít", "bây giờ": "bh|bjo", "tôi": "t|tui|toi", "em": "e|iem",
    "anh": "a", "chị": "c", "vợ": "vk", "chồng": "ck", "đang": "dg|đag", "vậy": "v|z", "sao": "s|sao",
    "như thế nào": "ntn", "thế nào": "tn", "làm": "lm", "nhà": "nhà|nha`", "cũng": "cx", "mình": "mk|mik",
    "quá": "wa|qá", "giờ": "h|jo", "nhiều": "nh|nhìu", "điện thoại": "dt|đt", "trước": "trc",
    "mọi người": "mn",
    "bao nhiêu": "bn|bnhieu", "trong": "trog", "muốn": "mún", "nó": "nó|noa", "gọi": "gọi|goi",
    "cứu": "cíu|cuu",
    "hàng xóm": "hx", "nữa": "nx", "giúp": "gip|giup", "thằng": "thg|th", "mới": "ms", "việc": "vc",
    "tài khoản": "tk", "tiền": "xiền|tien", "yêu": "iu", "phải": "fải|pải", "đánh": "đánh|uýnh",
}  # fmt: skip
_TELEX: Final = {
    "\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j",
    "\u0302": "2", "\u0306": "w", "\u031b": "w",
}  # fmt: skip
_SHORTENED, _UNMARKED, _SLIPPED = 0.7, 0.6, 0.4  # shares: of shorthand used, of texts, of words
_LEAST_TO_SWAP = 4  # letters
_TONES: Final = "\u0300\u0301\u0309\u0303\u0323"


def spellings(text: str) -> tuple[str, ...]:
    """*text* in four ways, the same in every run."""
    dice = random.Random(zlib.crc32(text.encode()))  # noqa: S311 - no secret
    return (text, fold(text), _shortened(text, dice), _slipped(text, dice))


def _shortened(text: str, dice: random.Random) -> str:
    said = f" {text.lower()} "
    for word, short in _SHORT.items():
        if f" {word} " in said and dice.random() < _SHORTENED:
            said = said.replace(f" {word} ", f" {dice.choice(short.split('|'))} ")
    return fold(said).strip() if dice.random() < _UNMARKED else said.strip()


def _slipped(text: str, dice: random.Random) -> str:
    return " ".join(_slip(word, dice) if dice.random() < _SLIPPED else word for word in text.split())


def _slip(word: str, dice: random.Random) -> str:
    slip = dice.choice(("telex", "telex", "unmarked", "tone", "held", "swapped"))
    if slip == "telex":
        return telex(word)
    if slip == "unmarked":
        return fold(word)
    if slip == "tone":
        return _wrong_tone(word, dice)
    at = dice.randrange(len(word))
    if slip == "swapped" and 0 < at < len(word) - _LEAST_TO_SWAP // 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[: at + 1] + word[at:]


def telex(word: str) -> str:
    """*word* as its keys were pressed with the Vietnamese keyboard off."""
    typed, tone = [], ""
    for letter in word.replace("đ", "dd").replace("Đ", "Dd"):
        for part in unicodedata.normalize("NFD", letter):
            sign = _TELEX.get(part)
            if sign is None:
                typed.append(part)
            elif sign == "2":
                typed.append(typed[-1])
            elif part in _TONES:
                tone = sign
            else:
                typed.append(sign)
    return "".join(typed) + tone


def _wrong_tone(word: str, dice: random.Random) -> str:
    parts = list(unicodedata.normalize("NFD", word))
    at = [index for index, part in enumerate(parts) if part in _TONES]
    if at:
        parts[at[0]] = dice.choice(["", *_TONES])
    return unicodedata.normalize("NFC", "".join(parts))
