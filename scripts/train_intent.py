"""
Fits the second voice of knowledge/intent.py and writes its coefficients, knowledge/intent_weights.toml.

    python -m scripts.train_intent            # fit on everything, write the table
    python -m scripts.train_intent --held-out # fit on four fifths, tell how the fifth is read

Examples: knowledge/intent_examples.toml, scripts/intent_messages (some fifty thousand messages by two dozen
hands that saw nothing of ours), the danger dev sets, the guides' questions and those asked of them in the dev
sets, what is out of scope.
Each is spelled as it stands and, by our own hand, in shorthand and with slips; the router's tuning rows come
in four spellings of their own. The golden sets and the router's held-out sets are never read. Deterministic.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tomllib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.intent_features import features
from scripts.intent_spelling import spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
INTENTS: Final = ("danger", "report", "question", "follow_up", "small_talk", "out_of_scope", "abuse")
_LINE_LIMIT = 14  # sentences made of one line with alternatives
_SPELLINGS = 4  # of an example
_RARE = 2  # sentences a feature must stand in
_RIDGE = 3e-6  # of each weight's square, against learning the examples by heart
_STEPS = 60
_STILL = 1e-6  # a step that gains less is the last
_KEPT = 30_000  # features in the table
_ROUTER_WEIGHT = 3.0  # of each of four spellings
_POLICY_WEIGHT = 6.0  # of rows that say what is to be taken for danger: "tôi bị chồng đánh" whenever it was
_HELD = 5  # every fifth example is held out
_CHOICE: Final = re.compile(r"\(([^()]*)\)")
_CLASS: Final = re.compile(r"\{(\w+)\}")

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, what it wants, how much it counts, and the line that it was made of."""

    text: str
    intent: str
    weight: float
    origin: str
    as_it_is: bool = False  # not to be spelled in other ways


def examples(root: Path) -> Iterator[Example]:
    """Every example before it is spelled, the same in every run."""
    table = tomllib.loads((root / "knowledge/intent_examples.toml").read_text(encoding="utf-8"))
    for group in table["groups"]:
        for line in filter(None, map(str.strip, group["lines"].splitlines())):
            made = sorted(set(expand(line, table["classes"])))
            for text in made:
                yield Example(text, group["intent"], len(made) ** -0.5, line)
    yield from _messages(root)
    yield from _danger_sets(root)
    yield from _router(root)
    yield from _guides(root)
    yield from _asked_of_guides(root)
    groups = tomllib.loads((root / "knowledge/out_of_scope.toml").read_text(encoding="utf-8"))
    for group in groups.values():
        for text in group["questions"]:
            yield Example(text, "out_of_scope", 2.0, text)


def expand(line: str, classes: dict[str, str]) -> list[str]:
    """Up to `_LINE_LIMIT` sentences of *line*: `(a|b)` either, `{name}` a word of a class."""
    dice = random.Random(zlib.crc32(line.encode()))  # noqa: S311 - no secret
    line = _CLASS.sub(lambda name: f"({classes[name[1]].strip()})", line)
    if "(" not in line:
        return [line]
    found = []
    for _ in range(_LINE_LIMIT):
        text = line
        while _CHOICE.search(text):
            text = _CHOICE.sub(lambda choice: dice.choice(choice[1].split("|")), text, count=1)
        found.append(" ".join(text.split()))
    return found


def _messages(root: Path) -> Iterator[Example]:
    """The blind writers' messages: a file for each hand, a line `intent<TAB>message`."""
    for file in sorted((root / "scripts/intent_messages").glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            intent, text = line.split("\t")
            yield Example(text, intent, 1.0, text)


def _danger_sets(root: Path) -> Iterator[Example]:
    """The dev rows; what is no danger there is taken for a question, as nearly all of it is."""
    for name in ("dev-danger.jsonl", "dev-danger-own.jsonl"):
        for line in (root / "tests/golden" / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            intent = "danger" if row["expect"] == "danger" else "question"
            yield Example(row["question"], intent, _POLICY_WEIGHT, row["question"])


def _router(root: Path) -> Iterator[Example]:
    """The router's tuning rows, each as it was spelled by whoever wrote it."""
    for line in (root / "tests/golden/router-tune.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for spelling in ("text", "no_marks", "abbrev", "typo"):
            yield Example(row[spelling], row["intent"], _ROUTER_WEIGHT, row["id"], as_it_is=True)


def _guides(root: Path) -> Iterator[Example]:
    for file in sorted((root / "guides").glob("*.md")):
        text = file.read_text(encoding="utf-8")
        if file.name == "README.md":
            continue
        asked = re.findall(r"^## (.+?) \{#", text, re.MULTILINE)
        for block in re.findall(r"### Người ta hay hỏi\n+((?:- .*\n?)+)", text):
            asked += re.findall(r"^- (.+)$", block, re.MULTILINE)
        for question in asked:
            yield Example(question, "question", 0.4, question)
    wordings = tomllib.loads((root / "guides/more-wordings.toml").read_text(encoding="utf-8"))
    for lines in wordings.values():
        for question in lines:
            yield Example(question, "question", 0.4, question)


def _asked_of_guides(root: Path) -> Iterator[Example]:
    """Questions that retrieval is tuned on: many tell of something bad and ask without a question word."""
    for name in ("dev-guides-a", "dev-guides-b", "dev-guides-c", "dev-guides-d", "citizen-tune"):
        for line in (root / f"tests/golden/{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["expect"] == "answer":
                yield Example(row["question"], "question", 0.8, row["question"])


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of features, by row and by column, all values `scale[row]`."""

    rows: Ints
    columns: Ints
    starts: Ints
    scale: Floats
    by_column: Ints
    column_starts: Ints
    width: int

    def times(self, weights: Floats) -> Floats:
        """Scores: one row for each text, one column for each intent."""
        return np.add.reduceat(weights[self.columns], self.starts, axis=0) * self.scale[:, None]

    def back(self, errors: Floats) -> Floats:
        """The gradient of the weights."""
        scaled = errors * self.scale[:, None]
        return np.add.reduceat(scaled[self.rows[self.by_column]], self.column_starts, axis=0)


def matrix(rows: Sequence[Iterable[str]], vocabulary: dict[str, int]) -> Matrix:
    """*rows* of features as numbers; feature 0 is the bias, in every row."""
    numbers = [sorted({0, *(vocabulary[f] for f in row if f in vocabulary)}) for row in rows]
    lengths = np.array([len(row) for row in numbers])
    columns = np.concatenate([np.array(row, dtype=np.int64) for row in numbers])
    by_column = np.argsort(columns, kind="stable")
    width = len(vocabulary) + 1
    counts = np.bincount(columns, minlength=width)
    assert counts.min() > 0, "every feature stands somewhere"  # noqa: S101 - reduceat would lie
    return Matrix(
        rows=np.repeat(np.arange(len(numbers)), lengths),
        columns=columns,
        starts=np.concatenate([[0], np.cumsum(lengths)[:-1]]),
        scale=(1 / np.sqrt(lengths)).astype(np.float32),
        by_column=by_column,
        column_starts=np.concatenate([[0], np.cumsum(counts)[:-1]]),
        width=width,
    )


def fit(data: Matrix, wanted: Ints, counts: Floats, start: Floats | None = None) -> Floats:
    """The weights (features, intents) of a logistic regression, by L-BFGS."""
    total = float(counts.sum())
    truth = np.zeros((len(wanted), len(INTENTS)), dtype=np.float32)
    truth[np.arange(len(wanted)), wanted] = 1

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = data.times(weights)
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        likely /= likely.sum(axis=1, keepdims=True)
        cost = -float((counts * np.log(likely[np.arange(len(wanted)), wanted] + 1e-12)).sum()) / total
        slope = data.back((likely - truth) * counts[:, None]) / total
        return cost + _RIDGE * float((weights**2).sum()), slope + 2 * _RIDGE * weights

    begin = np.zeros((data.width, len(INTENTS)), dtype=np.float32) if start is None else start
    return _descend(loss, begin)


def _descend(loss: Callable[[Floats], tuple[float, Floats]], weights: Floats) -> Floats:
    """L-BFGS with a backtracking step and a memory of ten."""
    cost, slope = loss(weights)
    past: list[tuple[Floats, Floats]] = []
    for _ in range(_STEPS):
        direction = -_newton(slope, past)
        step, descent = 1.0, float((slope * direction).sum())
        for _try in range(12):
            ahead = weights + np.float32(step) * direction
            new_cost, new_slope = loss(ahead)
            if new_cost <= cost + 1e-4 * step * descent:
                break
            step /= 2
        past = [*past[-9:], (ahead - weights, new_slope - slope)]
        if abs(cost - new_cost) < _STILL:
            return ahead
        weights, cost, slope = ahead, new_cost, new_slope
    return weights


def _newton(slope: Floats, past: list[tuple[Floats, Floats]]) -> Floats:
    turned, shares = slope.copy(), []
    for moved, bent in reversed(past):
        share = float((moved * turned).sum()) / float((moved * bent).sum())
        turned -= np.float32(share) * bent
        shares.append(share)
    if past:
        moved, bent = past[-1]
        turned *= np.float32(float((moved * bent).sum()) / float((bent * bent).sum()))
    for (moved, bent), share in zip(past, reversed(shares), strict=True):
        back = float((bent * turned).sum()) / float((moved * bent).sum())
        turned += np.float32(share - back) * moved
    return turned


def train(given: Sequence[Example]) -> dict[str, list[float]]:
    """The coefficients of every feature that is kept; "" is the bias."""
    rows, wanted, counts = [], [], []
    share = dict.fromkeys(INTENTS, 0.0)
    for item in given:
        share[item.intent] += item.weight
    even = {intent: (max(share.values()) / amount) ** 0.5 for intent, amount in share.items() if amount}
    for item in given:
        for text in (item.text,) if item.as_it_is else spellings(item.text):
            rows.append(features(text))
            wanted.append(INTENTS.index(item.intent))
            counts.append(item.weight * even[item.intent])
    seen: dict[str, int] = {}
    for row in rows:
        for feature in row:
            seen[feature] = seen.get(feature, 0) + 1
    kept = sorted(feature for feature, times in seen.items() if times >= _RARE * _SPELLINGS)
    weights, kept = _fitted(rows, kept, np.array(wanted), np.array(counts, dtype=np.float32), None)
    strongest = np.argsort(-np.abs(weights[1:]).max(axis=1), kind="stable")[:_KEPT]
    chosen = sorted(kept[at] for at in strongest)
    place = {feature: at + 1 for at, feature in enumerate(kept)}
    begin = weights[[0, *(place[feature] for feature in chosen)]]
    weights, kept = _fitted(rows, chosen, np.array(wanted), np.array(counts, dtype=np.float32), begin)
    return {name: [float(x) for x in weights[at]] for at, name in enumerate(["", *kept])}


def _fitted(
    rows: list[frozenset[str]], kept: list[str], wanted: Ints, counts: Floats, begin: Floats | None
) -> tuple[Floats, list[str]]:
    vocabulary = {feature: at + 1 for at, feature in enumerate(kept)}
    return fit(matrix(rows, vocabulary), wanted, counts, begin), kept


def write(weights: dict[str, list[float]], file: Path) -> None:
    """The table: a line for each feature, its weights in hundredths."""
    lines = [
        "\t".join([name, *(str(round(100 * value)) for value in values)]) for name, values in weights.items()
    ]
    body = "\n".join(line for line in lines if line.split("\t")[1:] != ["0"] * len(INTENTS))
    head = (
        "# Written by scripts/train_intent.py, not by hand: the second voice of knowledge/intent.py.\n"
        "# Each line: a feature (knowledge/intent_features.py) and its weight for each intent, in 1/100.\n"
    )
    file.write_text(f"{head}intents = {json.dumps(INTENTS)}\nweights = '''\n{body}\n'''\n", encoding="utf-8")


def main() -> None:
    """Train, and write or tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else "")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--out", type=Path, default=ROOT / "knowledge/intent_weights.toml")
    options = parser.parse_args()
    given = list(examples(ROOT))
    if options.held_out:
        given = [item for item in given if zlib.crc32(item.origin.encode()) % _HELD]
    write(train(given), options.out)


if __name__ == "__main__":
    main()
