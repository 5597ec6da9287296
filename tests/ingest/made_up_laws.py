"""Laws made up from a number: as codifications print them, with what hands and converters leave in them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

_WORDS = ("người", "dân", "có", "quyền", "khoản 2 Điều 45", "ngày 1.", "24/7", "1.000", "tổ hòa giải", "a)b")
_POINTS = ("a", "b", "c", "d", "đ", "e", "g")
_MISSING = 0.05  # of khoản, repealed


@dataclass
class MadeUp:
    """The text, and the number of each khoản by Điều."""

    text: str = ""
    clauses: dict[str, list[str]] = field(default_factory=dict)


def made_up(seed: int) -> MadeUp:
    """The law of *seed*: 2 to 9 Điều, khoản from one word to some thousand characters, some with điểm."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    law = MadeUp()
    lines = []
    for number in range(1, chance.randint(2, 9) + 1):
        lines += [f"Điều {number}. Tên của điều thứ {number}", "[hiệu lực 01/01/2024]"]
        body, names = _article(chance)
        lines += [*body, ""]
        law.clauses[str(number)] = names
    head = f"35/2013/QH13 Mẫu | Quốc hội | ban hành 20/06/2013 | {len(law.clauses)} điều | nguồn: chúng tôi"
    law.text = "\n".join([head, "", *lines])
    return law


def _article(chance: random.Random) -> tuple[list[str], list[str]]:
    count = chance.choice((0, 0, 1, 2, 3, 7))
    lines = [_sentence(chance)] if not count or chance.random() < 0.4 else []
    names = []
    for number in range(1, count + 1):
        if 1 < number < count and chance.random() < _MISSING:
            continue
        names.append(str(number))
        lines += _clause(chance, f"{number}.{chance.choice((' ', ' ', ' ', ''))}")
        if chance.random() < 0.1:
            names.append(f"{number}a")
            lines += _clause(chance, f"{number}a. ")
    return lines, names


def _clause(chance: random.Random, opening: str) -> list[str]:
    lines = [opening + _sentence(chance)]
    points = _POINTS[: chance.choice((0, 0, 0, 2, 5, 7))]
    for point in points:
        lines.append(f"{point}) {_sentence(chance)}")
        lines += [_sentence(chance) for _ in range(chance.choice((0, 0, 0, 1)))]
    return lines


def _sentence(chance: random.Random) -> str:
    length = chance.choice((3, 8, 30, 30, 90, 260))
    return f"Việc {' '.join(chance.choices(_WORDS, k=length))}."
