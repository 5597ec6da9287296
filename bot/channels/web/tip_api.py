"""What the tip pages' scripts call. Sealed parcels and raw files come in; nothing here reads a word."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from bot.channels.web.reading import STATUS, Problem, read_json, request_language
from bot.channels.web.tip_multipart import PARCEL_FIELD, uploading
from bot.channels.web.tip_setup import places_json, setup_json
from bot.channels.web.tip_site import raw_files, status_of
from tips.errors import BadSetup, TipError
from tips.intake import reference_of
from tips.model import Recipients
from tips.sealing import parcel_from_json

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.channels.web.tip_multipart import Upload
    from bot.channels.web.tip_site import TipSite
    from tips.intake import Submitted
    from tips.model import FoundTip

_KEY_BYTES = 32
_UNIT_LIMIT = 64  # characters of a unit's id


@dataclass(frozen=True, slots=True)
class TipApi:
    """The JSON side of the tip pages."""

    site: TipSite

    async def setup(self, request: Request) -> Response:
        """What the page needs beforehand: the same for everybody."""
        tips, language = self.site.tips, request_language(request)
        content = await self.site.run(False, setup_json, tips.book, tips.public_keys, language)
        return JSONResponse(content, headers={"Cache-Control": "no-cache"})

    async def places(self, request: Request) -> Response:  # noqa: ARG002  every handler takes it
        """The communes served, by province: the page looks places up by itself."""
        content = await self.site.run(False, places_json, self.site.tips.book)
        return JSONResponse(content, headers={"Cache-Control": "public, max-age=3600"})

    async def submit(self, request: Request) -> Response:
        """Take a tip: 201 when it was stored now, 200 when it was there already."""
        try:
            async with uploading(request, self.site.held) as upload:
                fields = _sealed(upload)
                done = await self.site.run(
                    bool(upload.files),
                    self.site.intake.submit_sealed,
                    _key(fields, "tag"),
                    _key(fields, "reply_public"),
                    Recipients(holder=_unit(fields, "holder"), above=_unit(fields, "above")),
                    parcel_from_json(fields.get("parcel")),
                    raw_files(upload.files, keep=upload.first("keep") == "yes"),
                )
        except Problem as problem:
            return self._broken(request, problem)
        except TipError as error:
            return self._refusal(request, error)
        return self._submitted(request, upload, done)

    async def more(self, request: Request) -> Response:
        """Take an answer or more files for a tip: 201, or 200 when it was there already."""
        try:
            async with uploading(request, self.site.held) as upload:
                fields = _sealed(upload)
                done = await self.site.run(
                    bool(upload.files),
                    self.site.intake.more_sealed,
                    _key(fields, "tag"),
                    parcel_from_json(fields.get("parcel")),
                    raw_files(upload.files, keep=upload.first("keep") == "yes"),
                )
        except Problem as problem:
            return self._broken(request, problem)
        except TipError as error:
            return self._refusal(request, error)
        return self._submitted(request, upload, done)

    async def withdraw(self, request: Request) -> Response:
        """Take a tip back."""
        try:
            async with uploading(request, self.site.held) as upload:
                fields = _sealed(upload)
                parcel = parcel_from_json(fields.get("parcel"))
                call = self.site.intake.withdraw_sealed
                await self.site.run(False, call, _key(fields, "tag"), parcel)
        except Problem as problem:
            return self._broken(request, problem)
        except TipError as error:
            return self._refusal(request, error)
        return JSONResponse({"withdrawn": True})

    async def status(self, request: Request) -> Response:
        """What a tag finds; a wrong, an unknown and an expired one find the same nothing."""
        fields = await read_json(request)
        await self.site.pace.wait()
        try:
            found = await self.site.run(False, self.site.intake.follow_sealed, _key(fields, "tag"))
        except TipError as error:
            return self._refusal(request, error)
        return JSONResponse({"found": False} if found is None else _found_json(found))

    def _submitted(self, request: Request, upload: Upload, done: Submitted) -> Response:
        refused = self.site.words(request_language(request)).refused((*upload.refused, *done.refused))
        content = {"reference": done.reference, "files": done.files, "refused": refused}
        return JSONResponse(content, status_code=201 if done.is_new else 200)

    def _refusal(self, request: Request, error: TipError) -> Response:
        words = self.site.words(request_language(request))
        part = error.fields.get("part", "")  # of a setup that changed meanwhile: the page seals again
        content = {"error": error.code, "part": part, "text": words.error(error)}
        return JSONResponse(content, status_code=status_of(error))

    def _broken(self, request: Request, problem: Problem) -> Response:
        words = self.site.words(request_language(request)).problem(problem.code)
        headers = {"Retry-After": "5"} if problem.code == "busy" else None
        return JSONResponse(
            {"error": problem.code, "text": words}, status_code=STATUS[problem.code], headers=headers
        )


def _found_json(found: FoundTip) -> dict[str, Any]:
    return {
        "found": True,
        "reference": reference_of(found.tip_id),
        "units": list(found.units),
        "next_seq": found.next_seq,
        "withdrawn": found.has_withdrawn,
        "replies": [
            {"seq": reply.seq, "sealed": base64.b64encode(reply.sealed).decode()} for reply in found.replies
        ],
    }


def _sealed(upload: Upload) -> dict[str, Any]:
    try:
        fields = json.loads(upload.first(PARCEL_FIELD))
    except (ValueError, RecursionError):
        raise Problem("malformed") from None
    if not isinstance(fields, dict):
        raise Problem("malformed")
    return fields


def _key(fields: dict[str, Any], name: str) -> bytes:
    value = fields.get(name)
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise BadSetup(part=name)
    return raw


def _unit(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str) or len(value) > _UNIT_LIMIT:
        raise BadSetup(part=name)
    return value
