"""The canaries of Telegram: whatever its updates tell of a person, and what of it the bot may write where."""

from __future__ import annotations

import hashlib
import itertools
import json
import secrets
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from prompts.catalog import text
from tests.canary.cast import Canary, Cast, Exemption, Kind
from tests.canary.senders import Sender
from tests.canary.spelling import SHORTEST
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.records import Account
from tests.fakes.telegram.updates import FIRST_ID
from tips.receipts import Receipt, find_receipt

if TYPE_CHECKING:
    from tests.fakes.telegram.call import Record
    from tests.fakes.telegram.fake import FakeTelegram
    from tests.fakes.telegram.groups import Group
    from tests.fakes.telegram.people import Speaker
    from tests.fakes.telegram.records import Message

PATIENCE_S = 90.0
_PRESSES = 5


class Trace(StrEnum):
    """What an update tells beside words; names, phones and languages are `Kind.IDENTITY`."""

    ACCOUNT = "account"  # of a resident: also the number of the private chat
    OFFICER = "officer"  # the account of somebody in an officers' group
    MESSAGE = "message"
    FILE = "file"  # what Telegram calls a file
    PRESS = "press"
    UPDATE = "update"
    TOKEN = "token"  # noqa: S105 - the kind's name
    HOOK = "hook"  # the secret that Telegram proves itself with


class To(StrEnum):
    """Where in a call something stands."""

    CHAT = "chat_id"
    MESSAGE = "message_id"
    PRESS = "callback_query_id"
    FILE = "file_id"
    OFFSET = "offset"
    MEMBER = "user_id of getChatMember"
    SECRET = "secret_token of setWebhook"  # noqa: S105 - a place
    OWN = "words to a resident"
    GROUP = "words to a group of residents"
    CARD = "words to the officers' group"
    OPENED = "protected words to the officers' group"
    PRESSED = "the answer to a press"
    ELSEWHERE = "a call that goes to nobody"


_OWN_WORDS = "said by the reader, and shown to them in the conversation itself"
EXEMPTIONS = (
    Exemption(Trace.ACCOUNT, To.CHAT, "a message has to be addressed"),
    Exemption(Trace.MESSAGE, To.MESSAGE, "an answer, an edit or a deletion in the very chat"),
    Exemption(Trace.PRESS, To.PRESS, "a press is answered by its number"),
    Exemption(Trace.ACCOUNT, To.PRESS, "Telegram makes that number of the account's"),
    Exemption(Trace.OFFICER, To.PRESS, "the same of officers"),
    Exemption(Trace.FILE, To.FILE, "a file is fetched by its number", only_own=False),
    Exemption(Trace.UPDATE, To.OFFSET, "updates are asked for and confirmed by number", only_own=False),
    Exemption(Trace.OFFICER, To.MEMBER, "whether an officer is still in the group", only_own=False),
    Exemption(Trace.OFFICER, To.CARD, "an officer who writes is called by name", only_own=False),
    Exemption(Trace.HOOK, To.SECRET, "Telegram is told the secret", only_own=False),
    Exemption(Kind.CONTENT, To.OWN, _OWN_WORDS),
    Exemption(Kind.DRAFT, To.OWN, _OWN_WORDS),
    Exemption(Kind.RECEIPT, To.OWN, "the receipt is made for this reader"),
    Exemption(Kind.TOLD, To.OWN, "the officer's question, opened with the receipt"),
    Exemption(Kind.CONTENT, To.OPENED, "officers of the unit it was sealed to read it", only_own=False),
    Exemption(Kind.TOLD, To.OPENED, "shown before it is sent", only_own=False),
)
_ADDRESSES = {
    "chat_id": To.CHAT,
    "message_id": To.MESSAGE,
    "message_ids": To.MESSAGE,
    "reply_parameters": To.MESSAGE,
    "callback_query_id": To.PRESS,
}


class TelegramCast(Cast):
    """All canaries of one run with Telegram."""

    def __init__(self, fake: FakeTelegram) -> None:
        super().__init__(exemptions=EXEMPTIONS)
        self.fake = fake
        self.residents: dict[int, str] = {}  # chat → name
        self.officers: dict[int, str] = {}
        self.officers_chat = 0
        self.add("bot token", fake.token, Trace.TOKEN)
        self.add("bot token, its secret part", fake.token.partition(":")[2], Trace.TOKEN)

    def number(self, name: str, number: int, kind: StrEnum, owner: str = "") -> None:
        """A number in every way that numbers are written; also what plain hashing makes of it."""
        decimal = str(number)
        grouped = f"{number:,}"
        ways: dict[str, str | bytes] = {
            "decimal": decimal,
            "hexadecimal": f"{number:x}",
            "grouped by commas": grouped,
            "grouped by points": grouped.replace(",", "."),
            "little-endian": number.to_bytes(8, "little"),
            "big-endian": number.to_bytes(8, "big"),
        }
        ways |= {way: hashlib.new(way, decimal.encode()).digest() for way in ("md5", "sha1", "sha256")}
        for way, value in ways.items():
            self.add(f"{name}, {way}", value, kind, owner)

    def once(self, name: str, value: str, kind: StrEnum, owner: str) -> None:
        """Add what is noticed only as it happens; what is too short to be told from noise is left out."""
        name = f"{owner} {name}".strip()
        if len(value.encode()) >= SHORTEST:
            self.canaries.setdefault(name, Canary(name, value, kind, owner))

    # after the drive

    def collect(self) -> None:
        """Take in what Telegram gave numbers to on the way, and everything the bot asked Telegram for."""
        self._notice_numbers()
        world = self.fake.world
        for call in list(self.fake.calls):
            self._show(call)
        for _, message in world.log:
            if message.is_from_bot and message.file is not None:
                content = message.file.name.encode() + b"\n" + message.file.content
                place = self._words(message.chat.id, is_protected=True)
                self.show(content, f"a file in {message!r:.60}", place)

    def _notice_numbers(self) -> None:
        world = self.fake.world
        with world.lock:
            for chat, owner in self.residents.items():
                for message in world.chats[chat].messages:
                    self.once(f"message {message.id}", str(message.id), Trace.MESSAGE, owner)
                    if message.album:
                        self.once(f"album {message.album}", message.album, Trace.MESSAGE, owner)
            for file in world.files.values():
                if not file.is_from_bot:
                    self.once(f"file {file.file_id}", file.file_id, Trace.FILE, "")
                    self.once(f"unique {file.unique_id}", file.unique_id, Trace.FILE, "")
            for press in world.presses.values():
                owner = self.who(press.by.id)
                self.once(f"press {press.id}", press.id, Trace.PRESS, owner)
            for number in range(FIRST_ID, world.updates.last_id + 1):
                self.once(f"update {number}", str(number), Trace.UPDATE, "")

    def who(self, account: int) -> str:
        """Whose account that is."""
        return self.residents.get(account) or self.officers.get(account, "")

    def _words(self, chat: int, *, is_protected: bool) -> To:
        if chat in self.residents:
            return To.OWN
        if chat == self.officers_chat:
            return To.OPENED if is_protected else To.CARD
        return To.GROUP if chat else To.ELSEWHERE

    def _show(self, call: Record) -> None:
        chat = call.params.get("chat_id", 0)
        to = self.who(chat) if isinstance(chat, int) else ""
        words = self._words(
            chat if isinstance(chat, int) else 0, is_protected="protect_content" in call.params
        )
        method = call.method.lower()
        for name, value in call.params.items():
            place, reader = _ADDRESSES.get(name, words), to
            if method in {"getfile", "download"}:
                place = To.FILE
            elif (method, name) == ("getupdates", "offset"):
                place = To.OFFSET
            elif (method, name) == ("getchatmember", "user_id"):
                place = To.MEMBER
            elif (method, name) == ("setwebhook", "secret_token"):
                place = To.SECRET
            elif method == "answercallbackquery":
                place = To.PRESS if name == "callback_query_id" else To.PRESSED
                press = self.fake.world.presses.get(str(call.params.get("callback_query_id")))
                reader = self.who(press.by.id) if press else ""
            told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            self.show(told, f"{call.method}.{name}", place, reader)
        for field, file in call.uploads.items():
            self.show(f"{field} {file}", f"a name in {call.method}", words, to)


class _Chat(Chat):
    """A private chat whose messages have numbers that nothing else has."""

    def __init__(self, *given: Any, **known: Any) -> None:
        super().__init__(*given, **known)
        self._numbers = itertools.count(1_100_000_000 + secrets.randbelow(900_000_000), 7)

    def next_id(self) -> int:
        return next(self._numbers)


class Somebody:
    """A person on Telegram of whom everything that Telegram knows is a canary."""

    def __init__(self, name: str, cast: TelegramCast, port: int = 0, *, is_officer: bool = False) -> None:
        self.name, self.cast, self.fake = name, cast, cast.fake
        self.sender = Sender(name, cast, port)  # what they tell, and the files they have
        phone = f"9{secrets.randbelow(10**8):08d}"
        cast.add("phone", phone, Kind.IDENTITY, name)
        account = Account(
            id=4_000_000_000_000 + secrets.randbelow(400_000_000_000),
            first_name=self.sender.who("first name"),
            last_name=self.sender.who("last name"),
            username=self.sender.who("username"),
            language_code=self.sender.who("language code"),
            phone=f"+84{phone}",
            is_premium=True,
        )
        world = self.fake.world
        with world.lock:
            chat = _Chat(world, account.id, "private", username=account.username)
            chat.person = account
            world.accounts[account.id], world.chats[chat.id] = account, chat
        self.person = Person(account, chat, self.fake.wait_for)
        self.mark = 0
        if is_officer:
            cast.officers[account.id] = name
            cast.number("officer's account", account.id, Trace.OFFICER, name)
        else:
            cast.residents[account.id] = name
            cast.number("account", account.id, Trace.ACCOUNT, name)

    @property
    def id(self) -> int:
        return self.person.id

    def tells(self, about: str, kind: Kind = Kind.CONTENT) -> str:
        return self.sender.tells(about, kind)

    # what they do, and what comes back

    def say(self, words: str, **how: Any) -> Message:
        self.mark = self.fake.mark()
        return self.person.say(words, **how)

    def hears(self, words: str) -> Message:
        return self.fake.wait_for(words, self.person.private, PATIENCE_S, since=self.mark)

    def asks(self, words: str, answered: str = "") -> Message:
        self.say(words)
        return self.hears(answered)

    def offered(self, label: str) -> Message:
        return self.fake.wait_for(
            lambda message: label in message.labels, self.person.private, PATIENCE_S, since=self.mark
        )

    def press(self, label: str) -> None:
        """Press the button called *label* once it is there."""
        message = self.offered(label)
        self.mark = self.fake.mark()
        self.person.press(message, label)

    def take_receipt(self) -> Receipt:
        """Note the receipt that is shown, and type its last group."""
        shown = self.fake.wait_for(
            lambda message: bool(find_receipt(message.words)),
            self.person.private,
            PATIENCE_S,
            since=self.mark,
        )
        receipt = self.sender.receipt(Receipt.parse(find_receipt(shown.words)))
        self.say(receipt.last_group.lower())
        return receipt


class Officer:
    """Somebody in the officers' group."""

    def __init__(self, name: str, cast: TelegramCast, group: Group, status: str) -> None:
        self.cast, self.group, self.fake = cast, group, cast.fake
        self.somebody = Somebody(name, cast, is_officer=True)
        group.set_member(self.somebody.person, status)
        self.hands: Speaker = self.somebody.person.in_(group)
        self.mark = 0

    def sees(self, what: Any) -> Message:
        return self.fake.wait_for(what, self.group, PATIENCE_S, since=self.mark)

    def press(self, message: Message, button: str) -> None:
        """Press a button; again if it was pressed before the program had noted the card that it just hung."""
        for _ in range(_PRESSES):
            self.mark = self.fake.mark()
            press = self.hands.press(message, button)
            self.fake.wait_until(lambda press=press: press.is_answered, PATIENCE_S)
            if press.words != text("desktg.stale"):
                return
            time.sleep(0.5)
        raise AssertionError(button)
