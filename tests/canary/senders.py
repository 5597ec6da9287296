"""People who send tips: each with canaries of their own, through every way there is."""

from __future__ import annotations

import base64
import io
import json
import random
import re
import secrets
import socket
import uuid
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.canary.cast import Cast, Kind, Place
from tests.tips.attachments import documents, recordings
from tips.keys import PublicKey
from tips.model import TipContent, TipFile
from tips.receipts import Receipt
from tips.sealing import BROWSER_SUITE, card_of, parcel_to_json, seal_parcel, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tips.model import SealedParcel

HOLDER, ABOVE = "thu-nghiem", "thu-nghiem-cap-tren"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


@dataclass(slots=True)
class Sender:
    """Somebody, with an address, a browser, a phone and a computer that nobody else has."""

    name: str
    cast: Cast
    port: int
    address: str = field(init=False)
    headers: dict[str, str] = field(init=False)
    receipts: list[Receipt] = field(default_factory=list)

    def __post_init__(self) -> None:
        numbers = [secrets.randbelow(100) + 100 for _ in range(3)]
        self.address = "127." + ".".join(map(str, numbers))
        self.cast.add("address", self.address, Kind.IDENTITY, self.name)
        proxied = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::{secrets.token_hex(2)}"
        self.cast.add("forwarded address", proxied, Kind.IDENTITY, self.name)
        self.headers = {
            "User-Agent": f"Mozilla/5.0 ({self.who('user agent')}; {self.who('device')})",
            "X-Forwarded-For": proxied,
            "Forwarded": f'for="[{proxied}]";host={self.who("forwarded host")}',
            "X-Real-IP": self.who("real ip"),
            "Cookie": f"{self.who('cookie name')}={self.who('cookie')}",
            "Referer": f"https://{self.who('referring host')}.example/{self.who('referring page')}",
            "Accept-Language": f"vi-{self.who('language')},vi;q=0.9,x-{self.who('odd language')};q=0.1",
            "Sec-CH-UA-Model": f'"{self.who("model")}"',
            "X-Request-Id": self.who("request id"),
        }

    def who(self, name: str) -> str:
        """A new word that says who they are."""
        return self.cast.word(name, Kind.IDENTITY, self.name)

    def tells(self, name: str, kind: Kind = Kind.CONTENT) -> str:
        """A new word of what they tell."""
        return self.cast.phrase(name, kind, self.name)

    def receipt(self, receipt: Receipt | None = None) -> Receipt:
        """A receipt of theirs."""
        self.receipts.append(self.cast.receipt(receipt or Receipt.new(), self.name))
        return self.receipts[-1]

    def story(self, name: str, kind: Kind = Kind.CONTENT) -> TipContent:
        """A tip that has a canary in each of its fields."""
        said = [
            self.tells(f"{name} {part}", kind)
            for part in ("story", "place", "when", "spot", "people", "whom")
        ]
        return TipContent(
            story=f"Tối nào cũng có nhóm người bán ma túy, xe {said[0]} đậu trước cổng.",
            kind="drugs",
            place=f"Hẻm {said[1]} sau chợ",
            when=f"Khoảng 21 giờ, hôm {said[2]}",
            details={"spot": f"quán {said[3]}", "people": f"{said[4]} và hai người nữa"},
            concerns_whom=f"ông {said[5]}",
        )

    # What is sent over HTTP.

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        content_type: str = "",
        place: Place = Place.ANSWER,
        **headers: str,
    ) -> Answer:
        """One request from their own address; the response is kept for the judge, its head too."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(self.address, 0))
        sent = {"Host": "localhost"} | self.headers | ({"Content-Type": content_type} if content_type else {})
        connection.request(method, path, body or None, sent | headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.read())
        head = f"{response.status} {response.reason}\n{response.headers}".encode()
        connection.close()
        self.cast.show(head, f"head of {method} {path.partition('?')[0]}", Place.ANSWER)
        self.cast.show(answer.body, f"{method} {path.partition('?')[0]}", place, self.name)
        return answer

    def form(
        self,
        path: str,
        fields: Sequence[tuple[str, str]],
        files: Mapping[str, bytes] | None = None,
        place: Place = Place.ANSWER,
        **headers: str,
    ) -> Answer:
        """Post a form as browsers do; *files* by their own names."""
        body, content_type = multipart(fields, files or {})
        return self.ask("POST", path, body, content_type, place, **headers)

    def raw(self, sent: bytes) -> bytes:
        """Send bytes that need be no HTTP; gives the answer, if there is one."""
        heard = b""
        with socket.create_connection(
            ("127.0.0.1", self.port), timeout=20, source_address=(self.address, 0)
        ) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                heard += part
        self.cast.show(heard, "answer to raw bytes", Place.ANSWER)
        return heard

    def half_an_upload(self, sent: bytes, content_type: str, path: str) -> socket.socket:
        """Begin a sending that never ends; the connection stays open."""
        connection = socket.create_connection(
            ("127.0.0.1", self.port), timeout=20, source_address=(self.address, 0)
        )
        lines = [f"POST {path} HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"Content-Type: {content_type}", f"Content-Length: {len(sent) * 2}", "", ""]
        connection.sendall("\r\n".join(lines).encode() + sent)
        return connection

    # What their page does by itself.

    def keys_of_units(self) -> list[PublicKey]:
        """The keys that the page seals to."""
        setup = json.loads(self.ask("GET", "/api/tip/setup").body)
        return [
            PublicKey(
                unit=unit["id"],
                key_id=unit["key"]["key_id"],
                made=date(2026, 11, 22),
                mlkem768=b"",
                x25519=b"",
                browser_x25519=base64.b64decode(unit["key"]["x25519"]),
            )
            for unit in setup["units"]
        ]

    def sealed(self, content: TipContent, receipt: Receipt, photos: Sequence[bytes] = ()) -> SealedParcel:
        """A tip sealed in the page, with photos that it redrew."""
        files = [
            TipFile(name=f"anh-{number}.jpg", media_type="image/jpeg", content=photo)
            for number, photo in enumerate(photos, start=1)
        ]
        return seal_parcel(
            "tip",
            words_of(content),
            files,
            tip_id=receipt.keys().tip_id,
            seq=1,
            to=self.keys_of_units(),
            card=card_of(content, len(files)),
            suite=BROWSER_SUITE,
        )

    def sealed_further(self, kind: str, words: dict[str, object], receipt: Receipt, seq: int) -> SealedParcel:
        """What the page seals after the tip itself."""
        return seal_parcel(
            "more" if kind == "more" else "withdraw",
            words,
            (),
            tip_id=receipt.keys().tip_id,
            seq=seq,
            to=self.keys_of_units(),
            suite=BROWSER_SUITE,
        )

    def post_sealed(
        self,
        path: str,
        receipt: Receipt,
        parcel: SealedParcel,
        files: Mapping[str, bytes] | None = None,
        keep: bool = False,
    ) -> Answer:
        """Hand a sealed parcel in, as the page's script does."""
        keys = receipt.keys()
        fields = {
            "tag": base64.b64encode(keys.tag).decode(),
            "reply_public": base64.b64encode(keys.reply_public).decode(),
            "holder": HOLDER,
            "above": ABOVE,
            "parcel": parcel_to_json(parcel),
        }
        told = [("parcel", json.dumps(fields)), *([("keep", "yes")] if keep else [])]
        return self.form(path, told, files)

    def status(self, receipt: Receipt) -> dict[str, object]:
        """Look a receipt up as the page does."""
        body = json.dumps({"tag": base64.b64encode(receipt.keys().tag).decode()}).encode()
        found: dict[str, object] = json.loads(
            self.ask("POST", "/api/tip/status", body, "application/json").body
        )
        return found

    # Files, each under a name of its own.

    def files(self, name: str) -> dict[str, bytes]:
        """One of each kind, with something planted wherever it can be."""
        made = {
            "jpg": self.photo(f"{name} photo"),
            "png": self.picture(f"{name} picture"),
            "pdf": documents.pdf(),
            "docx": self.letter(f"{name} letter"),
            "mp4": recordings.mp4(),
        }
        return {f"{self.who(f'{name} {ending} name')}.{ending}": content for ending, content in made.items()}

    def photo(self, name: str) -> bytes:
        """A JPEG with artist, maker, serial number, place and author in its EXIF."""
        tags = Image.Exif()
        for tag, about in ((0x013B, "artist"), (0x010F, "make"), (0x0110, "model"), (0x010E, "description")):
            tags[tag] = self.who(f"{name} {about}")
        tags.get_ifd(0x8769).update({0xA431: self.who(f"{name} serial"), 0xA430: self.who(f"{name} owner")})
        tags.get_ifd(0x8825).update(
            {
                1: "N",
                2: (10.0, 46.0, 12.0),
                3: "E",
                4: (106.0, 41.0, 30.0),
                27: self.who(f"{name} gps").encode(),
            }
        )
        noise = random.Random(name).randbytes(120 * 90 * 3)  # noqa: S311 - a picture, no secret
        picture = Image.frombytes("RGB", (120, 90), noise)
        out = io.BytesIO()
        picture.save(out, "JPEG", exif=tags, comment=self.who(f"{name} comment").encode())
        return out.getvalue() + self.who(f"{name} tail").encode()

    def picture(self, name: str) -> bytes:
        """A PNG with a packed author and an unpacked one."""
        notes = PngInfo()
        notes.add_text("Author", self.who(f"{name} author"))
        notes.add_text("Comment", self.who(f"{name} packed") * 4, zip=True)
        out = io.BytesIO()
        Image.fromarray(np.full((40, 30, 3), 90, np.uint8)).save(out, "PNG", pnginfo=notes)
        return out.getvalue()

    def letter(self, name: str) -> bytes:
        """A Word file with one part more that names its author."""
        told = f"<x>{self.who(f'{name} author')}</x>".encode()
        return documents.with_entry("docProps/more.xml", told)


def multipart(fields: Sequence[tuple[str, str]], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """The body of a form with files, and its content type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for name, content in files.items():
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        parts.append(
            f"--{boundary}\r\n{head}\r\nContent-Type: application/x-{name}\r\n\r\n".encode()
            + content
            + b"\r\n"
        )
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def receipt_in(page: str) -> Receipt:
    """The receipt that a fresh form carries."""
    found = re.search(r'name="receipt" value="([^"]+)"', page)
    assert found, page[:2_000]
    return Receipt.parse(found[1])


def tip_fields(content: TipContent, receipt: Receipt, check: str, **more: str) -> list[tuple[str, str]]:
    """The plain form of a tip, filled in."""
    told = {
        "receipt": receipt.text,
        "confirmed": "yes",
        "kind": content.kind,
        "place": content.place,
        "area": "-",
        "when": content.when,
        "story": content.story,
        "concerns_whom": content.concerns_whom,
        "check": check,
        **{f"detail_{question}": answer for question, answer in content.details.items()},
        **more,
    }
    return list(told.items())


def written(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """*files* in a folder of the sender's own machine."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]
