"""Telegram's HTML as its server reads it, and what it finds in plain words. Offsets in UTF-16 units."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.refusals import Refused, bad

TEXT_LIMIT = 4_096
CAPTION_LIMIT = 1_024

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
}
_TAGS = {*_SIMPLE, "a", "span", "tg-emoji"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-zA-Z][a-zA-Z0-9]*);")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^<>]*?)?)\s*>")
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DROPPED = re.compile("[\r\u2028-\u202e]")
_FOUND = (
    (
        "bot_command",
        re.compile(r"(?<![\w/@.<>])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z][A-Za-z0-9_]{2,31})?(?![\w/])"),
    ),
    (
        "url",
        re.compile(
            r"(?<![\w@])(?:https?://[^\s<>\"]+[^\s<>\".,;:!?)]|www\.[\w.-]+\.\w{2,}[^\s<>\".,;:!?)]*)"
        ),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)

Entity = dict[str, Any]


def units(text: str) -> int:
    """UTF-16 units of *text*."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def covered(text: str, entity: Entity) -> str:
    """The words that *entity* covers."""
    raw = text.encode("utf-16-le", "surrogatepass")
    start = entity["offset"] * 2
    return raw[start : start + entity["length"] * 2].decode("utf-16-le", "surrogatepass")


def found_entities(text: str) -> list[Entity]:
    """Commands, mentions, links, addresses and hashtags of plain words."""
    found: list[Entity] = []
    taken: list[tuple[int, int]] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            found.append({"type": kind, "offset": units(text[:start]), "length": units(match.group())})
    return sorted(found, key=lambda entity: entity["offset"])


@dataclass
class _Open:
    tag: str
    start: int  # UTF-16 units
    kind: str = ""
    more: dict[str, Any] = field(default_factory=dict)


class _Reader:
    """Reads one text; *at* counts characters of the source, *length* UTF-16 units of what was written."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.length = 0
        self.written: list[str] = []
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            letter = self.source[self.at]
            if letter == "<":
                self.tag()
            elif letter == "&":
                self.reference()
            else:
                end = min(
                    (p for p in (self.source.find("<", self.at), self.source.find("&", self.at)) if p >= 0),
                    default=len(self.source),
                )
                self.write(self.source[self.at : end])
                self.at = end
        if self.open:
            raise self.wrong(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.written), self.entities

    def write(self, words: str) -> None:
        self.written.append(words)
        self.length += units(words)

    def byte(self) -> int:
        return len(self.source[: self.at].encode("utf-8", "surrogatepass"))

    @staticmethod
    def wrong(words: str) -> Refused:
        return bad(f"can't parse entities: {words}", is_fault=True)

    def reference(self) -> None:
        # Telegram lets a bare & and unknown names stand; its manual forbids them, and so do we.
        match = _ENTITY.match(self.source, self.at)
        if not match:
            raise self.wrong(f"Unescaped & at byte offset {self.byte()}")
        name = match.group(1)
        if name.startswith("#"):
            number = _number(name)
            if not 0 < number <= 0x10FFFF:
                raise self.wrong(f"Wrong character number at byte offset {self.byte()}")
            self.write(chr(number))
        elif name in _NAMED:
            self.write(_NAMED[name])
        else:
            raise self.wrong(f'Unsupported entity "&{name};" at byte offset {self.byte()}')
        self.at = match.end()

    def tag(self) -> None:
        match = _TAG.match(self.source, self.at)
        if not match:
            raise self.wrong(f"Unclosed start tag at byte offset {self.byte()}")
        closing, name, rest = match.group(1), match.group(2).lower(), match.group(3)
        if name not in _TAGS:
            kind = "end" if closing else "start"
            raise self.wrong(f'Unsupported {kind} tag "{name}" at byte offset {self.byte()}')
        if closing:
            self.close(name)
        else:
            self.start(name, self.attributes(rest))
        self.at = match.end()

    def attributes(self, rest: str) -> dict[str, str]:
        found: dict[str, str] = {}
        at = 0
        while at < len(rest):
            match = _ATTRIBUTE.match(rest, at)
            if not match:
                raise self.wrong(f"Unexpected attributes at byte offset {self.byte()}")
            value = next((part for part in match.groups()[1:] if part is not None), "")
            found[match.group(1).lower()] = _unescaped(value)
            at = match.end()
        return found

    def start(self, name: str, given: dict[str, str]) -> None:
        opened = _Open(name, self.length, _SIMPLE.get(name, ""))
        if name == "a":
            opened.kind, opened.more = _link(given.get("href", ""))
        elif name == "span":
            if given.get("class") != "tg-spoiler":
                raise self.wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte()}')
            opened.kind = "spoiler"
        elif name == "tg-emoji":
            opened.kind, opened.more = "custom_emoji", {"custom_emoji_id": given.get("emoji-id", "")}
        elif name == "blockquote" and "expandable" in given:
            opened.kind = "expandable_blockquote"
        elif name == "code" and given.get("class", "").startswith("language-"):
            opened.more = {"language": given["class"].removeprefix("language-")}
        self.open.append(opened)

    def close(self, name: str) -> None:
        if not self.open:
            raise self.wrong(f"Unexpected end tag at byte offset {self.byte()}")
        opened = self.open.pop()
        if opened.tag != name:
            found = f'expected "</{opened.tag}>", found "</{name}>"'
            raise self.wrong(f"Unmatched end tag at byte offset {self.byte()}, {found}")
        length = self.length - opened.start
        if opened.kind == "code" and opened.more:
            inside = bool(self.open) and self.open[-1].tag == "pre" and self.open[-1].start == opened.start
            if inside:  # <pre><code class="language-x"> is one entity
                self.open[-1].more = opened.more
                return
            opened.more = {}
        if length and opened.kind:
            self.entities.append(
                {"type": opened.kind, "offset": opened.start, "length": length, **opened.more}
            )


def _number(name: str) -> int:
    """Of a reference such as #39 or #x27."""
    return int(f"0{name[1:]}", 0) if name[1] == "x" else int(name[1:])


def _unescaped(value: str) -> str:
    def one(match: re.Match[str]) -> str:
        name = match.group(1)
        if name.startswith("#"):
            return chr(_number(name))
        return _NAMED.get(name, match.group())

    return _ENTITY.sub(one, value)


def _link(address: str) -> tuple[str, dict[str, Any]]:
    user = re.fullmatch(r"tg://user\?id=(\d+)", address)
    if user:
        return "text_mention", {"user": {"id": int(user.group(1)), "is_bot": False, "first_name": "?"}}
    if re.match(r"(?:https?|tg|ton)://[^\s]+|[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?$", address):
        url = address if "://" in address else f"http://{address}"
        return "text_link", {"url": url}
    return "", {}  # Telegram drops the link and keeps the words


def cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """*text* as Telegram keeps it: odd characters gone, blanks at both ends cut, offsets moved."""
    text = _CONTROLS.sub(" ", text)
    if _DROPPED.search(text):
        text, entities = _without_dropped(text, entities)
    ahead = units(text) - units(text.lstrip())
    stripped = text.strip()
    end = units(stripped)
    kept: list[Entity] = []
    for entity in entities:
        start = max(entity["offset"] - ahead, 0)
        length = min(entity["offset"] + entity["length"] - ahead, end) - start
        if length > 0:
            kept.append({**entity, "offset": start, "length": length})
    return stripped, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _without_dropped(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    places = [units(text[: match.start()]) for match in _DROPPED.finditer(text)]

    def moved(place: int) -> int:
        return place - sum(1 for dropped in places if dropped < place)

    kept = []
    for entity in entities:
        start, end = moved(entity["offset"]), moved(entity["offset"] + entity["length"])
        kept.append({**entity, "offset": start, "length": end - start})
    return _DROPPED.sub("", text), kept


def read_html(source: str) -> tuple[str, list[Entity]]:
    """
    Words and entities of Telegram's HTML.

    Raises:
        Refused: It is none.
    """
    return _Reader(source).read()


def read_formatted(source: str, parse_mode: str, given: list[Entity] | None) -> tuple[str, list[Entity]]:
    """
    Words and entities of what a bot sends, with what Telegram finds by itself.

    Raises:
        Refused: It cannot be read.
    """
    if parse_mode.lower() == "html":
        text, entities = read_html(source)
    elif parse_mode:
        raise bad(f"unsupported parse_mode ({parse_mode} is not known to the fake)", is_fault=True)
    else:
        text, entities = source, _checked(source, given or [])
    text, entities = cleaned(text, entities)
    for found in found_entities(text):
        start, end = found["offset"], found["offset"] + found["length"]
        if not any(e["offset"] < end and start < e["offset"] + e["length"] for e in entities):
            entities.append(found)
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _checked(text: str, given: list[Entity]) -> list[Entity]:
    length = units(text)
    for entity in given:
        if not {"type", "offset", "length"} <= entity.keys() or entity["offset"] + entity["length"] > length:
            raise bad(
                f"entity beginning at UTF-16 offset {entity.get('offset')} ends after the end of the text"
            )
    return given
