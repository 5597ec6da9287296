"""Sentences written to break the findings: the traps are found, the others are left alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ingest.trust.flags import Code
from tests.ingest.trust.trust_drafts import grave_in

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
CODES = {
    "injection": {Code.INJECTION},
    "scam": {Code.FAKE_POLICE, Code.PHISHING_LINK},
    "law": {Code.SPUN_STATUTE},
    "private": {Code.PRIVATE_PERSON},
}


@pytest.mark.parametrize(("group", "text"), [(group, text) for group in CODES for text in SENTENCES[group]])
def test_a_trap_is_found_for_what_it_is(group, text):
    assert grave_in(text) & CODES[group]


@pytest.mark.parametrize("text", SENTENCES["clean"])
def test_a_sentence_without_a_trap_holds_nothing(text):
    assert grave_in(text) == set()
