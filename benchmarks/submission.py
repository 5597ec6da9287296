"""
Times of leaving a tip over HTTP to `binhan serve`, beside bare sealing and storing, and of cleaning a photo.

    .venv/bin/python -m benchmarks.submission FOLDER [--tips 200]

FOLDER is a data folder that holds the guides (`binhan serve` fills it). A copy is used: tips stay in it.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import secrets
import shutil
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import numpy as np
from PIL import Image

from benchmarks.latency import served
from benchmarks.parts import ms, p50_p95, print_table, temporary_folder
from knowledge.beir import percentile
from tips.attachments.clean import SandboxedCleaner
from tips.keys import PublicKey, PublicKeys
from tips.model import NewTip, RawFile, Recipients, TipContent
from tips.opening.keyfile import make_key
from tips.receipts import Receipt
from tips.sealing import BROWSER_SUITE, card_of, parcel_to_json, seal_parcel, words_of
from tips.store.store import TipStore

if TYPE_CHECKING:
    from collections.abc import Callable

HOLDER, ABOVE = "thu-nghiem", "thu-nghiem-cap-tren"
BAR_MS = 300
PHOTOS = 10
PHOTO_SIZE = (4_000, 3_000)  # pixels: what a phone makes
_SEALED = "sealed by the page, over HTTP"
_PLAIN = "sealed by the server (plain form), over HTTP"
_BARE = "sealing and storing alone"


def content() -> TipContent:
    """A story of the usual length, like no other."""
    story = f"Đầu hẻm 12 gần chợ có nhóm người tụ tập mỗi tối. {secrets.token_hex(20)} " * 8
    return TipContent(story=story, kind="drugs", place="đầu hẻm 12", when="mỗi tối", details={"spot": "quán"})


def bare(store: TipStore, keys: list[PublicKey]) -> Callable[[], object]:
    """Seal a tip with the server's suite and store it, in this process."""
    told, receipt = content(), Receipt.new().keys()

    def work() -> None:
        parcel = seal_parcel(
            "tip", words_of(told), (), tip_id=receipt.tip_id, seq=1, to=keys, card=card_of(told, 0)
        )
        to = Recipients(holder=HOLDER, above=ABOVE)
        store.submit(
            NewTip(
                tag_hash=receipt.tag_hash, reply_public=receipt.reply_public, recipients=to, parcels=(parcel,)
            )
        )

    return work


def sealed(client: httpx.Client, keys: list[PublicKey]) -> Callable[[], object]:
    """Hand in what a page sealed; the sealing itself is the visitor's time."""
    told, receipt = content(), Receipt.new().keys()
    parcel = seal_parcel(
        "tip",
        words_of(told),
        (),
        tip_id=receipt.tip_id,
        seq=1,
        to=keys,
        card=card_of(told, 0),
        suite=BROWSER_SUITE,
    )
    fields = {
        "tag": base64.b64encode(receipt.tag).decode(),
        "reply_public": base64.b64encode(receipt.reply_public).decode(),
        "holder": HOLDER,
        "above": ABOVE,
        "parcel": parcel_to_json(parcel),
    }
    return partial(_post, client, "/api/tip", [("parcel", (None, json.dumps(fields)))])


def plain(client: httpx.Client) -> Callable[[], object]:
    """Post the plain form, as a browser without JavaScript."""
    told, receipt = content(), Receipt.new()
    fields = {"story": told.story, "kind": told.kind, "place": told.place, "area": "-", "when": told.when}
    fields |= {"receipt": receipt.text, "check": receipt.last_group, "confirmed": "yes"}
    return partial(_post, client, "/bao-tin", [(name, (None, value)) for name, value in fields.items()])


def _post(client: httpx.Client, path: str, parts: list[tuple[str, tuple[None, str]]]) -> None:
    answer = client.post(path, files=parts, headers={"Accept": "application/json"})
    if answer.status_code != httpx.codes.CREATED:
        raise SystemExit(f"{path}: {answer.status_code}, the tip was not received")


def submissions(folder: Path, count: int) -> None:
    """Tips without files; the three ways take turns, so that other work on the machine meets all alike."""
    took: dict[str, list[float]] = {_BARE: [], _SEALED: [], _PLAIN: []}
    with temporary_folder() as scratch, closing(TipStore.open_file(scratch / "tips.sqlite3")) as store:
        data = scratch / "data"
        shutil.copytree(folder, data, ignore=shutil.ignore_patterns("tips", "desk"))
        own = [
            make_key(
                unit,
                "bench",
                private_folder=scratch / "s",
                public_folder=scratch / "p",
                today=date(2026, 11, 22),
            )
            for unit in (HOLDER, ABOVE)
        ]
        with served(data) as (_, client):
            public = PublicKeys(data / "tips" / "public-keys")
            theirs = [public.current(unit) for unit in (HOLDER, ABOVE)]
            for _ in range(count):
                took[_BARE].append(ms(bare(store, own)))
                took[_SEALED].append(ms(sealed(client, theirs)))
                took[_PLAIN].append(ms(plain(client)))
    rows = [[name, p50_p95(values)] for name, values in took.items()]
    print_table([f"{count} tips without files, ms (bar: p95 {BAR_MS})", "p50 / p95"], rows)
    worst = max(percentile(took[name], 0.95) for name in (_SEALED, _PLAIN))
    print(f"p95: **{worst:.0f} ms** ({'kept' if worst <= BAR_MS else 'NOT kept'})\n", flush=True)


def photo(size: tuple[int, int] = PHOTO_SIZE) -> bytes:
    """A JPEG such as a phone makes, with EXIF; *size* in pixels."""
    width, height = size
    noise = np.random.default_rng(7).normal(0, 12, (height, width, 1))
    slope = np.linspace(0, 255, width)[None, :, None]
    picture = Image.fromarray(np.repeat(np.clip(slope + noise, 0, 255), 3, axis=2).astype(np.uint8))
    tags = Image.Exif()
    tags[0x0110] = "a phone"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, exif=tags)
    return out.getvalue()


def cleaning() -> None:
    """One photo after another, each in a process of its own."""
    raw, cleaner = photo(), SandboxedCleaner()
    took = [ms(partial(cleaner.clean, RawFile(content=raw), 1)) for _ in range(PHOTOS)]
    size = f"{PHOTO_SIZE[0] * PHOTO_SIZE[1] / 1e6:.0f} megapixels, {len(raw) / 1e6:.1f} MB"
    wall = "walled in" if cleaner.is_walled else "not walled in: no bubblewrap"
    print_table(
        [f"cleaning a photo ({size}, {wall}), {PHOTOS} times, ms", "p50 / p95"], [["", p50_p95(took)]]
    )


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tips", type=int, default=200)
    options = parser.parse_args()
    submissions(options.folder, options.tips)
    cleaning()


if __name__ == "__main__":
    main()
