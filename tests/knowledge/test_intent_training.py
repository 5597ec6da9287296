"""What the second voice learns from: the same in every run, of known intents, and nothing that judges it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from knowledge.intent import Intent
from knowledge.intent_scores import read_table, shipped_table
from knowledge.text.folding import fold
from scripts.intent_spelling import spellings, telex
from scripts.train_intent import INTENTS, examples, expand

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def learnt():
    return list(examples(ROOT))


def test_every_intent_has_examples_and_no_other(learnt):
    assert (
        {item.intent for item in learnt}
        == set(INTENTS)
        == set(Intent) - {Intent.UNREAD}
        == set(shipped_table().intents)
    )


def test_no_golden_or_fresh_question_is_learnt(learnt):
    judged = {
        fold(json.loads(line)["question"])
        for name in ("golden.jsonl", "fresh.jsonl")
        for line in (ROOT / "tests" / "golden" / name).read_text(encoding="utf-8").splitlines()
    }
    known = {fold(item.text) for item in learnt if item.intent in {"danger", "report"}}
    assert len(known & judged) == 0


MESSAGES = sorted((ROOT / "scripts/intent_messages").glob("*.tsv"))
HELD_OUT = ("golden", "fresh", "router-report", "router-fresh", "router-hard")


def _words(text):
    return frozenset(re.findall(r"\w+", fold(text)))


def test_no_message_of_the_blind_writers_is_near_a_held_out_row():
    """Three quarters of the words shared would be near; only the count is told, no row."""
    held, holding = [], {}
    for name in HELD_OUT:
        for line in (ROOT / "tests" / "golden" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            held.append(_words(row.get("question") or row["text"]))
            for word in held[-1]:
                holding.setdefault(word, []).append(len(held) - 1)
    near = 0
    for file in MESSAGES:
        for line in file.read_text(encoding="utf-8").splitlines():
            said = _words(line.partition("\t")[2])
            # Who shares three quarters holds one of any quarter of the words and one more: ask the rarest.
            rarest = sorted(said, key=lambda word: len(holding.get(word, ())))[: len(said) // 4 + 1]
            perhaps = {at for word in rarest for at in holding.get(word, ())}
            near += any(len(said & held[at]) >= 0.75 * len(said | held[at]) for at in perhaps)
    assert near == 0


@pytest.mark.parametrize("file", MESSAGES, ids=lambda file: file.stem)
def test_the_blind_writers_messages_are_of_known_intents_and_hold_nobody_s_number(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 1_000
    assert len(set(lines)) == len(lines)
    for line in lines:
        intent, text = line.split("\t")
        assert intent in INTENTS
        assert text == " ".join(text.split()) != ""
        assert sum(sign.isdigit() for sign in text) < 8, text


def test_a_line_becomes_the_same_sentences_every_time():
    classes = {"kin": "chồng|vợ"}
    made = expand("{kin} (tôi|em) đánh tôi", classes)
    assert made == expand("{kin} (tôi|em) đánh tôi", classes)
    assert {text.split()[0] for text in made} == {"chồng", "vợ"}
    assert expand("không có gì để chọn", classes) == ["không có gì để chọn"]


def test_spellings_are_four_and_the_same_every_time():
    said = "tôi bị chồng đánh, cứu tôi với"
    assert len(spellings(said)) == 4
    assert spellings(said) == spellings(said)
    assert spellings(said)[:2] == (said, fold(said))


@pytest.mark.parametrize(("word", "typed"), [("đánh", "ddanhs"), ("nước", "nuwowcs"), ("ba", "ba")])
def test_telex_is_what_the_keys_would_have_typed(word, typed):
    assert telex(word) == typed


def test_a_table_gives_probabilities_that_add_up_and_follow_its_weights():
    table = read_table("intents = ['danger', 'question']\nweights = '''\n\t0\t0\nw:cuu\t300\t-300\n'''\n")
    for text in ("cứu", "hỏi", ""):
        assert sum(table.likely(text).values()) == pytest.approx(1)
    assert table.likely("cứu")["danger"] > 0.9
    assert table.likely("hỏi")["danger"] == pytest.approx(0.5)
