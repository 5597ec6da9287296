"""
Letters (EML) and saved pages (MHTML), by Python's own reader of mail. Runs in the worker only.

Of a letter: subject, day, body. Not who wrote to whom beyond the sender's name, and no attachment: an editor
adds that by itself, where it belongs.
"""

from __future__ import annotations

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from typing import TYPE_CHECKING

from ingest.blocks import Block, Extracted
from ingest.encodings import decode
from ingest.errors import BrokenFile, EmptyFile, EncryptedFile, NoText
from ingest.loaders.html import load_html
from ingest.repair import repair
from ingest.repairs import Repair, in_order
from ingest.wrapping import unwrap

if TYPE_CHECKING:
    from pathlib import Path

_SEALED = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"))
_PARTS_LIMIT = 500


def load_eml(path: Path) -> Extracted:
    """
    The body of the letter at *path*, its subject as title.

    Raises:
        EncryptedFile: Its body is sealed.
        EmptyFile, BrokenFile, NoText: As said.
    """
    letter = _parsed(path, "eml")
    if any(part.get_content_type() in _SEALED for part in _parts(letter)):
        raise EncryptedFile(kind="eml")
    noted: set[Repair] = set()
    if any(part.get_content_disposition() == "attachment" for part in _parts(letter)):
        noted.add(Repair.ATTACHMENTS_LEFT_OUT)
    body = letter.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise NoText(pages="1")
    if body.get_content_type() == "text/html":
        read = load_html(_bytes(body))
        blocks = list(read.blocks)
        noted.update(map(Repair, read.repairs))
    else:
        text = repair(_text(body, noted), noted)
        blocks = [Block(text=line) for line in unwrap(text.split("\n"), noted) if line]
    if not blocks:
        raise NoText(pages="1")
    sent = letter["Date"].datetime if letter["Date"] is not None else None
    return Extracted(
        blocks=tuple(blocks),
        title=repair(str(letter["Subject"] or "")).strip(),
        author=repair(parseaddr(str(letter["From"] or ""))[0]).strip(),
        issued=sent.date() if isinstance(sent, datetime) else None,
        repairs=in_order(noted),
    )


def load_mhtml(path: Path) -> Extracted:
    """
    The page in the MHTML at *path*, read as HTML.

    Raises:
        BrokenFile: No page in it.
        EmptyFile, NoContent: As for HTML.
    """
    page = next(
        (part for part in _parts(_parsed(path, "mhtml")) if part.get_content_type() == "text/html"), None
    )
    if page is None:
        raise BrokenFile(kind="mhtml")
    return load_html(_bytes(page))


def _parsed(path: Path, kind: str) -> EmailMessage:
    data = path.read_bytes()
    if not data.strip():
        raise EmptyFile
    letter = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(letter, EmailMessage) or not letter.keys():
        raise BrokenFile(kind=kind)
    return letter


def _parts(letter: EmailMessage) -> list[EmailMessage]:
    parts = []
    for part in letter.walk():
        parts.append(part)
        if len(parts) > _PARTS_LIMIT:
            raise BrokenFile(kind="eml")
    return parts


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: MIMEPart, noted: set[Repair]) -> str:
    """The text of *part* by the encoding it names; where that fails or is none, by its bytes."""
    data = _bytes(part)
    charset = str(part.get_content_charset() or "")
    if charset and charset not in {"us-ascii", "unknown-8bit"}:
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, noted)
