"""Texts made to keep a pattern busy are looked through as fast as others: no file stops a sync."""

from __future__ import annotations

import time

import pytest

from ingest.trust.hidden import hidden_in
from ingest.trust.inspection import inspect, without_traps
from tests.ingest.trust.trust_drafts import SOURCES, TODAY, draft

LETTERS = 40_000  # of one text
MOST_S = 4.0  # of processor time; a pattern that runs away takes minutes

REPEATED = [
    "a.", "nộp tiền ", "0 ", "0", "Nguyễn Văn ", "Điều 1, 2, 3 và ", "điều 1,", "bỏ qua mọi ", "Luật ",
    "a chấm ", "1/2013/", "số tài khoản 1 2 3 ", "hệ thống: ", "a-", "Tân Lập ", "tải ứng dụng ", "http://",
]  # fmt: skip
MARKUP = [
    '<div style="display:none">',
    "<!--",
    '<a title="',
    "<p ",
    "<div hidden a=b ",
    '<i style="color:',
    "[//]: # (",
]


@pytest.mark.parametrize("part", REPEATED)
def test_a_repeated_text_is_looked_through_in_its_time(part):
    item = draft(part * (LETTERS // len(part)))
    begun = time.process_time()
    inspect(item, sources=SOURCES, today=TODAY)
    without_traps(item, SOURCES)
    assert time.process_time() - begun < MOST_S


@pytest.mark.parametrize("part", MARKUP)
def test_repeated_markup_is_looked_through_in_its_time(part):
    begun = time.process_time()
    hidden_in(part * (LETTERS // len(part)))
    assert time.process_time() - begun < MOST_S
