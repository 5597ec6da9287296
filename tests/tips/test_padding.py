from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tips.errors import BadSetup, SealedDamaged
from tips.padding import BUCKETS, CARD_BYTES, PREFIX_BYTES, bucket_of, pad, unpad


@given(st.binary(max_size=70_000))
def test_padding_comes_off_again_and_leaves_only_a_bucket_to_see(content: bytes) -> None:
    padded = pad(content)
    assert unpad(padded) == content
    assert len(padded) in BUCKETS


@pytest.mark.parametrize("bucket", BUCKETS)
def test_a_bucket_counts_the_prefix(bucket: int) -> None:
    assert bucket_of(bucket - PREFIX_BYTES) == bucket
    assert bucket_of(bucket - PREFIX_BYTES - 1) == bucket


def test_one_byte_more_than_a_bucket_takes_the_next() -> None:
    assert [bucket_of(bucket - PREFIX_BYTES + 1) for bucket in BUCKETS[:-1]] == list(BUCKETS[1:])


def test_more_than_the_largest_bucket_is_refused() -> None:
    with pytest.raises(BadSetup):
        bucket_of(BUCKETS[-1])
    with pytest.raises(BadSetup):
        pad(bytes(CARD_BYTES - PREFIX_BYTES + 1), CARD_BYTES)


@given(st.binary(max_size=200))
def test_anything_else_is_damaged_or_what_its_length_says(raw: bytes) -> None:
    try:
        content = unpad(raw)
    except SealedDamaged:
        return
    assert pad(content, len(raw)) == raw


def test_what_hides_behind_the_content_is_noticed() -> None:
    padded = bytearray(pad(b"words"))
    padded[-1] = 1
    with pytest.raises(SealedDamaged):
        unpad(bytes(padded))
