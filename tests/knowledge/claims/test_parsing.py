"""Reads what models write: claims, or the name of what is wrong, and never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.claims.model import Claim, Draft
from knowledge.claims.parsing import MOST_CHARACTERS, Malformed, ParseFault, parse
from knowledge.claims.schema import claims_schema

ONE = {"text": "Gọi 113.", "cite": "p1", "quote": "gọi ngay 113 khi nguy hiểm"}
CLAIM = Claim("Gọi 113.", "p1", "gọi ngay 113 khi nguy hiểm")
WHOLE = json.dumps({"claims": [ONE], "clarify": [], "refusal": False}, ensure_ascii=False)


@pytest.mark.parametrize(
    "output",
    [
        WHOLE,
        f"\ufeff  {WHOLE}\n",
        f"```json\n{WHOLE}\n```",
        f"Đây là câu trả lời:\n```\n{WHOLE}\n```\nHết.",
        f"Đây là câu trả lời: {WHOLE} Chúc bạn khỏe!",
        WHOLE.replace("Gọi", "G\\u1ecdi"),
    ],
)
def test_claims_are_read_bare_fenced_and_with_text_around(output: str) -> None:
    assert parse(output) == Draft((CLAIM,))


@pytest.mark.parametrize(
    ("output", "fault"),
    [
        ("", ParseFault.EMPTY),
        (" \n", ParseFault.EMPTY),
        ("Gọi 113 nhé bạn.", ParseFault.NOT_JSON),
        ("{claims: []}", ParseFault.NOT_JSON),
        ("[1, 2]", ParseFault.NOT_JSON),
        ("{}", ParseFault.SHAPE),
        ('{"claims": {}, "clarify": [], "refusal": false}', ParseFault.SHAPE),
        ('{"claims": ["x"]}', ParseFault.SHAPE),
        ('{"claims": [{"text": "a", "cite": "p1"}]}', ParseFault.SHAPE),
        ('{"claims": [{"text": 1, "cite": "p1", "quote": "b"}]}', ParseFault.SHAPE),
        ('{"claims": [{"text": "a", "cite": "p1", "quote": "b", "note": "c"}]}', ParseFault.SHAPE),
        ('{"claims": [], "refusal": "false"}', ParseFault.SHAPE),
        ('{"claims": [], "clarify": [1]}', ParseFault.SHAPE),
        ('{"claims": [], "tools": []}', ParseFault.SHAPE),
        (WHOLE + WHOLE, ParseFault.SHAPE),
        ('{"claims": [], "claims": []}', ParseFault.DUPLICATE_KEY),
        ('{"claims": [{"text": "a", "text": "b", "cite": "p1", "quote": "c"}]}', ParseFault.DUPLICATE_KEY),
        ('{"claims": NaN}', ParseFault.BAD_NUMBER),
        ('{"claims": -Infinity}', ParseFault.BAD_NUMBER),
        ('{"claims": ' + "[" * 50 + "]" * 50 + "}", ParseFault.TOO_DEEP),
        ('{"claims": [{"text": "Gọi 11', ParseFault.CUT),
        ("{" * 9_000, ParseFault.TOO_DEEP),
        ("x" * (MOST_CHARACTERS + 1), ParseFault.TOO_LONG),
    ],
)
def test_what_is_wrong_is_named(output: str, fault: ParseFault) -> None:
    assert parse(output) == Malformed(fault)


def test_an_output_cut_off_keeps_its_whole_claims() -> None:
    two = json.dumps({"claims": [ONE, ONE | {"text": "Gọi 115."}]}, ensure_ascii=False)
    assert parse(two[: two.rindex("115")]) == Draft((CLAIM,), repaired=True)


def test_a_brace_within_a_text_ends_nothing() -> None:
    tricky = json.dumps({"claims": [ONE | {"text": 'Gọi "113}" ]'}]}, ensure_ascii=False)
    assert parse(tricky) == Draft((Claim('Gọi "113}" ]', "p1", CLAIM.quote),))


@given(st.text(max_size=300))
def test_no_text_makes_it_raise(output: str) -> None:
    assert isinstance(parse(output), Draft | Malformed)


@given(st.integers(min_value=0, max_value=len(WHOLE)))
def test_wherever_it_is_cut_only_whole_claims_come_out(at: int) -> None:
    read = parse(WHOLE[:at])
    if isinstance(read, Draft):
        assert read.claims == (CLAIM,)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3),
    )
)
def test_nested_junk_is_no_draft(junk: object) -> None:
    read = parse(json.dumps({"claims": junk}))
    assert isinstance(read, Malformed) or (read.claims == () and junk == [])


def test_the_schema_asks_for_just_what_is_read() -> None:
    schema: dict[str, Any] = claims_schema(("luat#dieu-1", "guide:a#b"))
    assert isinstance(parse(WHOLE), Draft)
    assert set(json.loads(WHOLE)) <= set(schema["required"]) == {"claims", "clarify", "refusal"}
    claim = schema["properties"]["claims"]["items"]
    assert set(json.loads(WHOLE)["claims"][0]) == set(claim["required"])
    assert claim["properties"]["cite"] == {"type": "string", "enum": ["luat#dieu-1", "guide:a#b"]}
