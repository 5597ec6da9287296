"""Files sent by the bot, and those it fetches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.call import Call, method
from tests.fakes.telegram.methods.sending import checked_caption, place_of
from tests.fakes.telegram.refusals import bad
from tests.fakes.telegram.showing import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.telegram.records import StoredFile

DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
_SENDS = {
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendVideoNote": "video_note",
    "sendVoice": "voice",
    "sendAudio": "audio",
    "sendDocument": "document",
    "sendAnimation": "animation",
    "sendSticker": "sticker",
}
_WITHOUT_CAPTION = frozenset({"video_note", "sticker"})
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM")
_ALBUM = (2, 10)
_MIXES = ({"photo", "video"}, {"document"}, {"audio"})


def _file(call: Call, kind: str, given: str, field: str) -> tuple[StoredFile, bool]:
    """The file that *field* names, and whether it was sent before."""
    upload = call.uploads.get(given.removeprefix("attach://") if given.startswith("attach://") else field)
    if upload is not None:
        if not upload.content:
            raise bad("file must be non-empty", is_fault=True)
        if kind == "photo" and len(upload.content) > PHOTO_LIMIT:
            told = f"file of size {len(upload.content)} bytes is too big for a photo"
            raise bad(f"{told}; the maximum size is {PHOTO_LIMIT} bytes", is_fault=True)
        if kind == "photo" and not upload.content.startswith(_PICTURES):
            raise bad("IMAGE_PROCESS_FAILED", is_fault=True)
        stored = call.world.store(
            kind, upload.content, name=upload.name, content_type=upload.content_type, is_from_bot=True
        )
        return stored, False
    if not given:
        raise bad(f"there is no {kind} in the request", is_fault=True)
    if given.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content", is_fault=True)
    known = call.world.files.get(given)
    if known is None:
        raise bad("wrong file identifier/HTTP URL specified", is_fault=True)
    if known.kind != kind:
        raise bad(f"can't use file of type {known.kind} as {kind}", is_fault=True)
    if not known.is_from_bot:
        call.world.fault(f"{call.method}: a person's file was sent again by its file_id")
    return known, True


def _sender(kind: str) -> Callable[[Call], Any]:
    def send(call: Call) -> Any:
        caption = {} if kind in _WITHOUT_CAPTION else checked_caption(call)
        place = place_of(call)
        file, is_resent = _file(call, kind, call.text(kind), kind)
        return show(place.write(**caption, file=file, is_resent=is_resent))

    return send


for _name, _kind in _SENDS.items():
    method(_name)(_sender(_kind))


@method("sendMediaGroup")
def send_media_group(call: Call) -> Any:
    """Two to ten files shown together."""
    media = call.json("media") or []
    if not _ALBUM[0] <= len(media) <= _ALBUM[1]:
        raise bad("there must be from 2 to 10 media in a group", is_fault=True)
    kinds = {item.get("type") for item in media}
    if not any(kinds <= mix for mix in _MIXES):
        raise bad("MEDIA_INVALID: these kinds cannot be in one group", is_fault=True)
    place = place_of(call)
    if place.fields["markup"]:
        raise bad("media groups have no reply markup", is_fault=True)
    ready = []
    for item in media:
        asked = {name: item[name] for name in ("caption", "parse_mode") if item.get(name)}
        if item.get("caption_entities"):
            asked["caption_entities"] = json.dumps(item["caption_entities"])
        words = checked_caption(Call(call.method, asked, {}, call.world))
        ready.append((words, *_file(call, item["type"], str(item.get("media", "")), "media")))
    album = f"1{call.world.number():016d}"
    return [show(place.write(**words, file=f, is_resent=again, album=album)) for words, f, again in ready]


@method("sendLocation")
def send_location(call: Call) -> Any:
    latitude, longitude = call.real("latitude"), call.real("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad("wrong location specified", is_fault=True)
    return show(place_of(call).write(fields={"location": {"latitude": latitude, "longitude": longitude}}))


@method("getFile")
def get_file(call: Call) -> Any:
    """Where to fetch a file of at most 20 MB."""
    file = call.world.files.get(call.text("file_id"))
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if file.size > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return {
        "file_id": call.text("file_id"),
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }
