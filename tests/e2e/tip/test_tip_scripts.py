"""The page's own sealing, routing and reading of words, held to what Python says of the same."""

from __future__ import annotations

import base64
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.web.assets import CHAT
from bot.channels.web.server import create_app
from bot.channels.web.tip_setup import places_json
from tests.fakes.asking import FakeAsking
from tips.folding import fold
from tips.kinds import kinds
from tips.model import Reply, TipCard, TipContent
from tips.naming import coaching, coaching_table, names_sender, naming_table
from tips.opening.opener import PrivateKey, UnitKeys
from tips.place_list import place_list
from tips.receipts import Receipt, looks_like_receipt
from tips.sealing import parcel_from_json, seal_reply
from tips.units import Unit, UnitBook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Page
    from starlette.applications import Starlette

pytestmark = pytest.mark.browser

TIPS = Path(__file__).parents[2] / "tips"
VECTORS: dict[str, Any] = json.loads((TIPS / "vectors.json").read_text(encoding="utf-8"))
ODD_WORDS = [
    "Nguyễn Đức Ý",
    "hoà HÒA hòa",
    "  hai\u00a0 \n khoảng\ttrắng ",
    "e\u0301 ﬁ ① Ⅳ",
    "\u202eđảo\u200b\u0000",
    "👩‍👩‍👧 😀",
    "İstanbul ẞ",
]


@pytest.fixture(scope="module")
def scripts(browser: Browser, serve: Callable[[Starlette], AbstractContextManager[str]]) -> Iterator[Page]:
    """A page in a secure context with the two scripts loaded."""
    with serve(create_app(FakeAsking())) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        for name in ("tip-seal.js", "tip-rules.js"):
            page.evaluate(CHAT.files[name].content.decode())
        yield page
        context.close()


def test_receipts_give_the_same_keys(scripts):
    for known in VECTORS["receipts"]:
        told = scripts.evaluate(
            """async text => {
                const seal = window.binhanSeal;
                const data = seal.readReceipt(text);
                const keys = await seal.receiptKeys(data);
                return {canonical: data, text: seal.shown(data), tag: seal.hex(keys.tag), tip_id: keys.tipId,
                    reply_public: seal.hex(keys.replyPublic)};
            }""",
            known["text"],
        )
        assert told == {key: known[key] for key in told}


def test_receipts_are_read_as_people_type_them(scripts):
    text = Receipt.new().text
    spelled = [
        text,
        text.lower(),
        text.replace("-", ""),
        text.replace("-", " – "),
        f" {text}\u200b",
        text.replace("0", "o").replace("1", "l"),
        text[:-1],
        f"{text}A",
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        "",
        "U" * 17,
    ]
    for typed in spelled:
        try:
            wanted = Receipt.parse(typed).canonical
        except Exception:  # noqa: BLE001  whatever it is, the page must say no too
            wanted = ""
        assert scripts.evaluate("typed => window.binhanSeal.readReceipt(typed)", typed) == wanted, typed


def test_new_receipts_are_receipts_and_differ(scripts):
    made = scripts.evaluate("() => Array.from({length: 200}, () => window.binhanSeal.newReceipt())")
    assert len(set(made)) == 200
    assert all(Receipt.parse(text).text == text and looks_like_receipt(text) for text in made)
    assert len({character for text in made for character in text}) == 33


def test_digest_of_a_story_is_the_same(scripts):
    for known in VECTORS["digests"]:
        assert (
            scripts.evaluate("story => window.binhanSeal.storyDigest(story)", known["story"])
            == known["digest"]
        )


def unit_keys() -> UnitKeys:
    unit = VECTORS["unit"]
    raw = {name: bytes(64 if name == "mlkem768" else 32) for name in ("mlkem768", "x25519")}
    private = PrivateKey(
        unit=unit["unit"],
        made=date(2026, 11, 22),
        browser_x25519=bytes.fromhex(VECTORS["unit_browser_private"]),
        **raw,
    )
    return UnitKeys(unit["unit"], [private])


@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000], ids=["empty", "byte", "photo", "large"])
def test_python_opens_what_the_page_seals(scripts, size):
    keys = unit_keys()
    public = keys_public(keys)
    words = {"story": 'Chuyện 😀 "quote" </script>', "details": {"a": "b"}, "concerns": []}
    card = {
        "kind": "drugs",
        "urgent": True,
        "area": "26743",
        "files": 1,
        "language": "vi",
        "digest": "0" * 16,
    }
    sealed = scripts.evaluate(
        """async told => {
            const content = new Uint8Array(told.size).fill(7);
            return window.binhanSeal.sealParcel({type: "tip", words: told.words, tipId: told.id, seq: 1,
                files: [{name: "anh-1.jpg", type: "image/jpeg", content}], card: told.card,
                units: [told.unit]});
        }""",
        {"size": size, "words": words, "card": card, "id": "ab" * 16, "unit": public},
    )
    parcel = parcel_from_json(sealed)
    opened = keys.open_parcel(parcel)
    assert (opened.type, opened.words) == ("tip", words)
    assert [(file.name, file.media_type, file.content) for file in opened.files] == [
        ("anh-1.jpg", "image/jpeg", b"\x07" * size)
    ]
    assert keys.open_card(parcel) == TipCard(**card)


def keys_public(keys: UnitKeys) -> dict[str, Any]:
    [key_id] = keys.key_ids
    return {
        "id": keys.unit,
        "key": {"key_id": key_id, "x25519": VECTORS["unit"]["browser_x25519"]},
    }


def test_page_opens_the_reply_that_python_seals_and_no_other(scripts):
    receipt = Receipt.new()
    keys = receipt.keys()
    reply = Reply(seq=3, type="question", text="Xe biển số gì ạ? 😀", state="needs_information")
    sealed = seal_reply(reply, tip_id=keys.tip_id, reply_public=keys.reply_public)
    opening = """async told => {
        const seal = window.binhanSeal;
        const keys = await seal.receiptKeys(seal.readReceipt(told.receipt));
        try { return await seal.openReply(told.sealed, told.seq, keys); } catch (error) { return null; }
    }"""
    told = {"receipt": receipt.text, "seq": 3, "sealed": base64.b64encode(sealed.sealed).decode()}
    assert scripts.evaluate(opening, told) == {
        "seq": 3,
        "type": "question",
        "text": reply.text,
        "state": "needs_information",
        "outcome": "",
        "day": "",
    }
    flipped = bytearray(sealed.sealed)
    flipped[-1] ^= 1
    wrong = [
        {"seq": 4},
        {"receipt": Receipt.new().text},
        {"sealed": base64.b64encode(bytes(flipped)).decode()},
    ]
    assert [scripts.evaluate(opening, told | change) for change in wrong] == [None, None, None]


def test_page_opens_the_reply_of_the_vectors(scripts):
    known = VECTORS["reply"]
    [receipt] = [each for each in VECTORS["receipts"] if each["tip_id"] == known["tip_id"]]
    opened = scripts.evaluate(
        """async told => {
            const seal = window.binhanSeal;
            const keys = await seal.receiptKeys(seal.readReceipt(told.receipt));
            return seal.openReply(told.sealed, told.seq, keys);
        }""",
        {"receipt": receipt["text"], "sealed": known["sealed_base64"], "seq": known["seq"]},
    )
    assert opened == {key: known[key] for key in ("seq", "type", "text", "state", "outcome", "day")}


def test_folding_is_the_same(scripts):
    for words in ODD_WORDS:
        assert scripts.evaluate("words => window.binhanRules.fold(words)", words) == fold(words), words


def test_routing_is_the_same(scripts):
    cases = json.loads((TIPS / "routing_cases.json").read_text(encoding="utf-8"))
    routed = scripts.evaluate(
        """cases => cases.map(each =>
            window.binhanRules.route(each.table, each.area, each.kind, each.concerns))""",
        cases,
    )
    wanted = [[unit for unit in (case["holder"], case["above"]) if unit] or None for case in cases]
    assert len(cases) >= 40
    assert routed == wanted


def sentences() -> list[str]:
    """Every sentence of the list, with marks and without."""
    table = tomllib.loads((TIPS / "naming_sentences.toml").read_text(encoding="utf-8"))
    found = [
        sentence for part in table.values() for sentence in (part if isinstance(part, list) else _keys(part))
    ]
    return [*found, *(fold(sentence) for sentence in found)]


def _keys(part: dict[str, Any]) -> list[str]:
    listed = [each for value in part.values() if isinstance(value, list) for each in value]
    return [*part, *(each for each in listed if " " in each)]


def test_page_hears_the_same_words_that_name_their_sender(scripts):
    said = [*sentences(), *ODD_WORDS]
    heard = scripts.evaluate(
        "told => told.said.map(each => window.binhanRules.namesSender(each, told.table))",
        {"said": said, "table": naming_table()},
    )
    wanted = [list(names_sender(each)) for each in said]
    assert any(wanted)
    assert [each for each in zip(said, heard, wanted, strict=True) if each[1] != each[2]] == []


def test_page_misses_the_same_things_in_a_story(scripts):
    for story in ("Có đánh nhau.", *sentences()[::25]):
        for kind in ("", *(kind.id for kind in kinds())):
            questions = next((list(each.questions) for each in kinds() if each.id == kind), None)
            wanted = coaching(TipContent(story=story, kind=kind, details={"spot": "x"}))
            told = {"story": story, "details": {"spot": "x"}, "when": "", "area": "", "place": ""}
            lacking = scripts.evaluate(
                "all => window.binhanRules.coaching(all.told, all.table, all.questions)",
                {"told": told, "table": coaching_table(), "questions": questions},
            )
            assert lacking == list(wanted), (story, kind)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("phường Bến Thành", "26743"),
        ("ben thanh", "26743"),
        ("p ben thanh tphcm gan cho", "26743"),
        ("ben thnah", ""),
        ("ben thamh", "26743"),
        ("Ba Đình", "00004"),
        ("", ""),
        ("zzzz qqqq", ""),
    ],
)
def test_places_are_found_in_the_page(scripts, typed, code):
    places = places_json(UnitBook([Unit(id="a", name="A", areas=("*",))]))
    found = scripts.evaluate(
        "told => window.binhanRules.findPlaces(told.typed, window.binhanRules.readPlaces(told.places))",
        {"typed": typed, "places": places},
    )
    assert (found[0]["code"] if found else "") == code or (not code and "26743" not in found)


def test_old_names_are_found_where_few_communes_are_served(scripts):
    places = places_json(UnitBook([Unit(id="a", name="A", areas=("26740", "26743"))]))
    found = scripts.evaluate(
        "places => window.binhanRules.findPlaces('ben nghe quan 1', window.binhanRules.readPlaces(places))",
        places,
    )
    assert found
    assert {place["code"] for place in found} <= {"26740", "26743"}


def test_every_commune_arrives_as_it_is_listed(scripts):
    places = places_json(UnitBook([Unit(id="a", name="A", areas=("*",))]))
    read = scripts.evaluate(
        "places => window.binhanRules.readPlaces(places).map(each => [each.code, each.name, each.province])",
        places,
    )
    listed = place_list().communes.values()
    assert sorted(read) == sorted([each.code, each.name, each.province] for each in listed)
