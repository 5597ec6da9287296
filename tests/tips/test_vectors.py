"""What the page and the server share: both make and open the same bytes."""

from __future__ import annotations

import base64
import json
from datetime import date

from tests.tips.vector_maker import FILE, build, key
from tips.model import Reply, SealedReply
from tips.opening.opener import UnitKeys
from tips.receipts import Receipt
from tips.sealing import card_of, content_of, parcel_from_json

VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
KEY = key()
KEYS = UnitKeys(KEY.unit, [KEY])


def test_the_parcel_of_the_vectors_opens() -> None:
    parcel = parcel_from_json(VECTORS["parcel"])
    opened = KEYS.open_parcel(parcel)
    assert opened.words == VECTORS["words"]
    assert [
        {"name": item.name, "type": item.media_type, "content": item.content.hex()} for item in opened.files
    ] == VECTORS["files"]
    assert KEYS.open_card(parcel) == card_of(content_of(opened.words), 2)
    assert VECTORS["unit"] == KEY.public().to_json()


def test_the_reply_of_the_vectors_opens() -> None:
    told = VECTORS["reply"]
    receipt = Receipt.parse(VECTORS["receipts"][2]["text"])
    raw = base64.b64decode(told["sealed_base64"])
    reply = receipt.keys().open_reply(SealedReply(tip_id=told["tip_id"], seq=told["seq"], sealed=raw))
    assert reply == Reply(
        seq=told["seq"],
        type=told["type"],
        text=told["text"],
        state=told["state"],
        outcome=told["outcome"],
        day=date.fromisoformat(told["day"]),
    )


def test_everything_fixed_in_the_vectors_is_still_made_so() -> None:
    made = build()
    drawn = {"parcel", "reply"}
    assert {name: value for name, value in made.items() if name not in drawn | {"steps"}} == {
        name: value for name, value in VECTORS.items() if name not in drawn | {"steps"}
    }
    assert made["steps"] | {"wrapped": ""} == VECTORS["steps"] | {"wrapped": ""}
