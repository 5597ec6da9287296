"""
The receipt: the one thing that leads back to a tip, and only its sender has it.

Sixteen random characters of Crockford's base 32 (80 bits) and a check character. From them come a tag
that finds the tip and a key that opens the replies. The store keeps a hash of the tag and the public key:
neither leads to the receipt. 80 random bits cannot be guessed, so the derivation only has to be one that
every browser has.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tips.errors import BadReceipt, SealedDamaged
from tips.layout import BROWSER_SUITE, HPKE, reply_from, reply_info
from tips.model import Reply, SealedReply  # noqa: TC001 - in the signatures that callers read

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_CHARACTERS = 17  # the check character included
_DATA_CHARACTERS = 16
_GROUP = 4
_TYPED_LIMIT = 80  # longer is no receipt, whatever is in it
_ROUNDS = 100_000
_MIXED_GROUPS = 2  # of letters and digits each; 97 receipts in 100 have as many
_ALIKE = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff\-\u2010-\u2015\u2212_.]+")
_SYMBOL = "[0-9A-TV-Za-tv-z]"
_GROUPED = re.compile(
    rf"(?<![0-9A-Za-z]){_SYMBOL}{{4}}([ \u00a0\-\u2010-\u2015\u2212]{{0,3}})"
    rf"{_SYMBOL}{{4}}\1{_SYMBOL}{{4}}\1{_SYMBOL}{{5}}(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt. Its `repr` does not show it: a log would be the one place that has both."""

    canonical: str = field(repr=False)  # the 16 data characters

    @classmethod
    def new(cls) -> Receipt:
        """A receipt nobody has: 80 bits of the system's randomness."""
        return cls("".join(secrets.choice(ALPHABET) for _ in range(_DATA_CHARACTERS)))

    @classmethod
    def parse(cls, typed: str) -> Receipt:
        """
        Read a receipt as people type it: any case, O for 0, I or L for 1, spaces and dashes anywhere.

        Raises:
            BadReceipt: No receipt is spelled so. Every single wrong character is noticed.
        """
        symbols = _symbols(typed)
        if len(symbols) != RECEIPT_CHARACTERS or not set(symbols) <= set(ALPHABET):
            raise BadReceipt
        if check_character(symbols[:_DATA_CHARACTERS]) != symbols[-1]:
            raise BadReceipt
        return cls(symbols[:_DATA_CHARACTERS])

    @property
    def text(self) -> str:
        """As it is shown: `ABCD-EFGH-JKMN-PQRSX`, the last group one longer."""
        groups = [self.canonical[at : at + _GROUP] for at in range(0, _DATA_CHARACTERS, _GROUP)]
        return "-".join(groups) + check_character(self.canonical)

    @property
    def last_group(self) -> str:
        """The last five characters: who can tell them has the receipt written down."""
        return self.text[-_GROUP - 1 :]

    def is_confirmed_by(self, typed: str) -> bool:
        """Whether *typed* is the last group, or the whole receipt, as people type it."""
        symbols = _symbols(typed)
        return symbols in {self.last_group, self.canonical + check_character(self.canonical)}

    def keys(self) -> ReceiptKeys:
        """What the receipt opens. Takes about 30 ms, the same for every receipt."""
        master = hashlib.pbkdf2_hmac("sha256", self.canonical.encode(), b"binhan-receipt-v1", _ROUNDS, 32)
        tag, reply_private = _derived(master, b"lookup"), _derived(master, b"reply")
        public = X25519PrivateKey.from_private_bytes(reply_private).public_key().public_bytes_raw()
        return ReceiptKeys(
            tag=tag,
            tag_hash=tag_hash_of(tag),
            tip_id=tip_id_of(tag),
            reply_public=public,
            reply_private=reply_private,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptKeys:
    """What a receipt gives. Only `tag_hash`, `tip_id` and `reply_public` may be stored."""

    tag: bytes = field(repr=False)  # 32 bytes
    tag_hash: bytes  # 32 bytes
    tip_id: str  # 32 hex digits
    reply_public: bytes  # X25519, 32 bytes
    reply_private: bytes = field(repr=False)  # X25519, 32 bytes

    def open_reply(self, sealed: SealedReply) -> Reply:
        """
        Open a reply.

        Raises:
            SealedDamaged: Changed, of another tip, or with another number.
        """
        private = X25519PrivateKey.from_private_bytes(self.reply_private)
        try:
            info = reply_info(self.tip_id, sealed.seq)
            padded = HPKE[BROWSER_SUITE].decrypt(sealed.sealed, private, info=info)
        except (InvalidTag, ValueError, OverflowError):
            raise SealedDamaged from None
        return reply_from(padded, sealed.seq)


def tag_hash_of(tag: bytes) -> bytes:
    """What the store keeps of a tag: 32 bytes that lead back to nothing."""
    return hashlib.sha256(b"binhan-tag-v1" + tag).digest()


def tip_id_of(tag: bytes) -> str:
    """The id of the tip with *tag*: 32 hex digits, known to the desk, which cannot get the tag from it."""
    return hashlib.sha256(b"binhan-tip-id-v1" + tag).digest()[:16].hex()


def looks_like_receipt(text: str) -> bool:
    """Whether *text* is a receipt, or one with a slip: it is to be read as such, not as a question."""
    if _is_receipt(text):
        return True
    grouped = _GROUPED.fullmatch(text.strip())
    return bool(grouped and grouped[1] and _has_digit(text))


def find_receipt(text: str) -> str:
    """A receipt that stands inside *text*, as it stands there; "" if there is none."""
    for start in re.finditer(r"(?<![0-9A-Za-z])[0-9A-Za-z]", text):
        match = _GROUPED.match(text, start.start())
        if match and _is_receipt(match[0]):
            return match[0]
    return ""


def likely_receipt(text: str) -> str:
    """
    The receipt that *text* is or holds, one with a slip included, as it stands there; "" if there is none.

    For what must not be searched, kept or passed on: whoever reads one with a slip soon has the right one.
    """
    if looks_like_receipt(text):
        return text.strip()
    slips = (match[0] for match in _GROUPED.finditer(text) if _is_slip(match[0], match[1]))
    return find_receipt(text) or next(slips, "")


def without_receipts(text: str, instead: str) -> str:
    """*text* with *instead* for every `likely_receipt` in it."""
    while found := likely_receipt(text):
        text = text.replace(found, instead)
    return text


def check_character(symbols: str) -> str:
    """The check character of *symbols*: Luhn's, over 32 characters. Notices every single wrong one."""
    total = 0
    for place, symbol in enumerate(reversed(symbols)):
        value = ALPHABET.index(symbol)
        total += value if place % 2 else value * 2 // len(ALPHABET) + value * 2 % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def _is_receipt(text: str) -> bool:
    try:
        Receipt.parse(text)
    except BadReceipt:
        return False
    # Seventeen letters may be a sentence typed without marks, whose check character fits by chance: one in
    # thirty-two does, and one receipt in five hundred has no digit.
    return _has_digit(text) or "-" in text


def _is_slip(grouped: str, between: str) -> bool:
    """Whether four groups inside words are a receipt with a slip: with spaces only, words are so too."""
    if between.strip():
        return _has_digit(grouped)
    mixed = (_has_digit(group) and not group.isdecimal() for group in grouped.split())
    return sum(mixed) >= _MIXED_GROUPS


def _has_digit(text: str) -> bool:
    return any(letter.isdecimal() for letter in text)


def _symbols(typed: str) -> str:
    if len(typed) > _TYPED_LIMIT:
        return ""
    plain = unicodedata.normalize("NFKC", typed)
    return _BETWEEN.sub("", plain).upper().translate(_ALIKE)


def _derived(master: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, info).derive(master)
