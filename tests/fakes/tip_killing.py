"""
A parent that starts senders and kills them in the middle of sending, then judges what is left.

Run as a program (`python -m tests.fakes.tip_killing kill FOLDER 200`), so that forking is safe: it has
one thread. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.fakes.tip_office import HIGH, LOW, TipOffice
from tips.errors import TipError
from tips.model import NewTip, Recipients, TipContent, TipFile
from tips.receipts import tag_hash_of, tip_id_of
from tips.sealing import card_of, seal_parcel, words_of

TAG_BYTES = 32
AT_ONCE = 3  # senders beside each other: they wait for each other's locks too
BEGUN, DONE = b"b", b"d"
TO = Recipients(holder=LOW, above=HIGH)


def tip_of(office: TipOffice, tag: bytes) -> NewTip:
    """A tip that tells its own tag; one in three has a file, one in two an original beside it."""
    content = TipContent(story=tag.hex())
    files = [TipFile(name="anh-1.jpg", media_type="image/jpeg", content=tag * 2_000)] if tag[0] % 3 else []
    tip_id, to = tip_id_of(tag), [office.public_keys.current(unit) for unit in TO.units]
    first = seal_parcel(
        "tip", words_of(content), files, tip_id=tip_id, seq=1, to=to, card=card_of(content, len(files))
    )
    second = seal_parcel("original", {"of": tag.hex()}, files, tip_id=tip_id, seq=2, to=to)
    return NewTip(
        tag_hash=tag_hash_of(tag),
        reply_public=bytes(32),
        recipients=TO,
        parcels=(first, second) if tag[1] % 2 else (first,),
    )


def send_until_killed(folder: Path, told: int) -> None:
    """Send tips for ever; tell each tag before it is sent, and after it was received."""
    office = TipOffice(folder)
    while True:
        tag = os.urandom(TAG_BYTES)
        tip = tip_of(office, tag)
        os.write(told, BEGUN + tag)
        office.store.submit(tip)
        os.write(told, DONE + tag)


def kill_senders(folder: Path, kills: int) -> dict[str, Any]:
    """Start and kill *kills* senders; then send again what was not acknowledged, and judge."""
    office = TipOffice(folder)
    begun: set[bytes] = set()
    done: Counter[bytes] = Counter()
    for _ in range(0, kills, AT_ONCE):
        senders = [started(folder) for _ in range(AT_ONCE)]
        firsts = [os.read(reader, TAG_BYTES + 1) for _, reader in senders]  # all are sending now
        for pid, _ in senders:
            time.sleep(random.uniform(0, 0.04))  # noqa: S311 - when to kill, no secret
            os.kill(pid, signal.SIGKILL)
        for (pid, reader), first in zip(senders, firsts, strict=True):
            os.waitpid(pid, 0)
            with os.fdopen(reader, "rb") as pipe:
                heard = first + pipe.read()
            for at in range(0, len(heard), TAG_BYTES + 1):
                mark, tag = heard[at : at + 1], heard[at + 1 : at + 1 + TAG_BYTES]
                if mark == DONE:
                    done[tag] += 1
                else:
                    begun.add(tag)
    lost = [tag for tag in done if office.store.find(tag_hash_of(tag)) is None]
    unsure = begun - set(done)
    kept_unsaid = sum(not office.store.submit(tip_of(office, tag)) for tag in unsure)
    return {
        "begun": len(begun),
        "done": len(done),
        "lost": len(lost),
        "unsure": len(unsure),
        "kept_unsaid": kept_unsaid,
        **judged(office, begun),
    }


def started(folder: Path) -> tuple[int, int]:
    """A sender and the end of its pipe to read from."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            send_until_killed(folder, writer)
        finally:
            os._exit(1)
    os.close(writer)
    return pid, reader


def judged(office: TipOffice, sent: set[bytes]) -> dict[str, Any]:
    """How many tips stand there, and how many of them are not whole or not what was sent."""
    seen = office.store.for_units(TO.units, office.clock.moment + timedelta(days=2))
    holders = Counter(item.tip_id for item in seen if item.is_holder)
    above = Counter(item.tip_id for item in seen if not item.is_holder)
    broken = 0
    for tag in sent:
        tip_id = tip_id_of(tag)
        for unit in TO.units:
            try:
                first, *others = office.opened(tip_id, unit)
                is_whole = first.words["story"] == tag.hex() and len(others) == tag[1] % 2
                is_whole &= all(
                    file.content == tag * 2_000 for item in (first, *others) for file in item.files
                )
            except (TipError, ValueError):
                is_whole = False
            broken += not is_whole
    with sqlite3.connect(office.folder / "tips.sqlite3") as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return {
        "stored": len(holders),
        "twice": sum(count > 1 for count in (holders + Counter()).values()),
        "one_sided": len(holders.keys() ^ above.keys()),
        "broken": broken,
        "integrity": verdict,
    }


def fill_the_disk(folder: Path) -> dict[str, Any]:
    """Send while no file may grow any more, then once more when there is room again."""
    office = TipOffice(folder)
    before, during, after = (os.urandom(TAG_BYTES) for _ in range(3))
    office.store.submit(tip_of(office, before))
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    room = max(file.stat().st_size for file in folder.glob("tips.sqlite3*"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, unlimited[1]))
    told = []
    for _ in range(3):
        try:
            office.store.submit(tip_of(office, during))
        except TipError as error:
            told.append(type(error).__name__)
    found = office.store.find(tag_hash_of(during)) is not None
    resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    stored = office.store.submit(tip_of(office, after))
    return {"told": told, "found": found, "after": stored, **judged(office, {before, after})}


if __name__ == "__main__":
    _, command, folder_name, *numbers = sys.argv
    if command == "kill":
        result = kill_senders(Path(folder_name), int(numbers[0]))
    else:
        result = fill_the_disk(Path(folder_name))
    sys.stdout.write(json.dumps(result))
