"""`binhan doctor`: what is on, what is missing, and what to do about it."""

from __future__ import annotations

import asyncio
import importlib.util
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from bot.app import embedder_of, record_of
from bot.commands.common import FAILED, Desk, closed_text, error_text, open_desk
from bot.commands.telegram import look, told
from bot.llm_room import Tried, leaving_of, try_model
from bot.opening import NotYetServing, open_workplace
from bot.tips_room import TipFolder, open_tips
from bot.zalo.client import BadZaloToken, ZaloFault
from bot.zalo_room import client_of
from ingest.errors import IngestError
from ingest.guides import load_guides
from ingest.libreoffice import can_convert
from ingest.sandbox import tesseract_is_there
from ingest.walls import walls_stand
from knowledge.errors import KnowledgeError
from tips.attachments.clean import SandboxedCleaner
from tips.errors import BadUnits, TipError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings

State = Literal["ok", "off", "missing"]
_MARKS: dict[State, str] = {"ok": "[green]●[/]", "off": "[dim]○[/]", "missing": "[red]✗[/]"}
_WORD_TEST = "công an xã"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One part looked at: `missing` stops something that is configured, `off` does not."""

    part: str
    state: State
    told: str


def doctor(*, json_output: Annotated[bool, typer.Option("--json", help="one JSON list")] = False) -> None:
    """Look at every part; exit code 1 if one that is configured does not work."""
    desk = open_desk()
    findings = [_looked_at(check, desk) for check in CHECKS]
    if json_output:
        desk.print_json([asdict(finding) for finding in findings])
    else:
        table = Table(show_header=False, box=None)
        for finding in findings:
            table.add_row(_MARKS[finding.state], desk.say(f"doctor.part_{finding.part}"), finding.told)
        desk.out.print(table)
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(FAILED)


def _looked_at(check: Callable[[Desk], Finding], desk: Desk) -> Finding:
    """What *check* finds, or that a file it needs is closed to this account."""
    try:
        return check(desk)
    except OSError as error:
        told = closed_text(error, desk.language)
        if told is None:
            raise
        return Finding(part=check.__name__.removeprefix("_"), state="missing", told=told)


def _python(desk: Desk) -> Finding:
    told = desk.say("doctor.python", version=platform.python_version(), machine=platform.machine())
    return Finding(part="python", state="ok", told=told)


def _data(desk: Desk) -> Finding:
    folder = desk.settings.data.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return Finding(
            part="data",
            state="missing",
            told=desk.say("doctor.data_closed", folder=folder, kind=type(error).__name__),
        )
    return Finding(part="data", state="ok", told=str(folder))


def _record(desk: Desk) -> Finding:
    url = desk.settings.database_url.get_secret_value()
    try:
        record_of(desk.settings).close()
    except KnowledgeError:
        return Finding(part="record", state="missing", told=desk.say("doctor.record_closed"))
    return Finding(
        part="record", state="ok", told=desk.say("doctor.record_url" if url else "doctor.record_file")
    )


def _embedder(desk: Desk) -> Finding:
    if desk.settings.embedder == "builtin" and not _has_avx2():
        return Finding(part="embedder", state="missing", told=desk.say("doctor.embedder_avx2"))
    try:
        embedder = embedder_of(desk.settings)
        embedder.embed_query(_WORD_TEST)
    except KnowledgeError as error:
        return Finding(
            part="embedder", state="missing", told=error_text(error.code, error.fields, desk.language)
        )
    told = desk.say("doctor.embedder", name=embedder.name, dimension=embedder.dimension)
    return Finding(part="embedder", state="ok", told=told)


def _has_avx2() -> bool:
    cpu = Path("/proc/cpuinfo")
    return (
        sys.platform != "linux"
        or not cpu.exists()
        or "avx2" in cpu.read_text(encoding="utf-8", errors="ignore")
    )


def _sentence_transformers(desk: Desk) -> Finding:
    if importlib.util.find_spec("sentence_transformers") is None:
        return Finding(part="sentence_transformers", state="off", told=desk.say("doctor.st_off"))
    return Finding(part="sentence_transformers", state="ok", told=desk.say("doctor.installed"))


def _endpoint(desk: Desk) -> Finding:
    if importlib.util.find_spec("langchain_openai") is None:
        return Finding(part="endpoint", state="off", told=desk.say("doctor.endpoint_off"))
    return Finding(part="endpoint", state="ok", told=desk.say("doctor.installed"))


def _model(desk: Desk) -> Finding:
    """Asks the language model a harmless fixed question, whose answer nobody needs."""
    settings: Settings = desk.settings
    if not settings.llm_model:
        return Finding(part="model", state="off", told=desk.say("doctor.model_off"))
    try:
        tried: Tried = try_model(settings)
    except KnowledgeError as error:
        return Finding(
            part="model", state="missing", told=error_text(error.code, error.fields, desk.language)
        )
    if tried.reason is not None:
        told = desk.say(f"doctor.model_{tried.reason.value}", name=settings.llm_model)
        return Finding(part="model", state="missing", told=told)
    leaving = leaving_of(settings)
    parts = [
        desk.say("doctor.model", name=settings.llm_model, seconds=f"{tried.seconds:.1f}"),
        desk.say(f"doctor.model_form_{tried.form}"),
        desk.say(f"doctor.model_asks_{leaving.asks.value}"),
        desk.say(f"doctor.model_shows_{leaving.shows.value}"),
    ]
    if not tried.is_json:
        parts.append(desk.say("doctor.model_no_json"))
    if tried.seconds > settings.llm_budget_s:
        parts.append(desk.say("doctor.model_slow", budget=f"{settings.llm_budget_s:g}"))
    if settings.llm_trust == "remote" and settings.llm_base_url.startswith("http://"):
        parts.append(desk.say("doctor.model_in_clear"))
    works = tried.is_json and tried.seconds <= settings.llm_budget_s
    return Finding(part="model", state="ok" if works else "missing", told="; ".join(parts))


def _guides(desk: Desk) -> Finding:
    try:
        drafts = load_guides(desk.settings.guides)
    except IngestError as error:
        return Finding(
            part="guides", state="missing", told=error_text(error.code, dict(error.fields), desk.language)
        )
    if not drafts:
        return Finding(part="guides", state="missing", told=desk.say("doctor.guides_none"))
    sections = sum(len(draft.passages) for draft in drafts)
    unverified = sum(draft.meta.verified_by is None for draft in drafts)
    told = desk.say("doctor.guides", guides=len(drafts), sections=sections, unverified=unverified)
    return Finding(part="guides", state="ok", told=told)


def _index(desk: Desk) -> Finding:
    try:
        workplace = open_workplace(desk.settings)
    except (KnowledgeError, IngestError) as error:
        state: State = "off" if isinstance(error, NotYetServing) else "missing"
        told = error_text(error.code, dict(error.fields), desk.language)
        return Finding(part="index", state=state, told=told)
    try:
        stored = workplace.documents("")
    finally:
        workplace.close()
    told = desk.say("doctor.index", documents=len(stored), passages=sum(item.passages for item in stored))
    return Finding(part="index", state="ok", told=told)


def _tips(desk: Desk) -> Finding:
    if not desk.settings.tips:
        return Finding(part="tips", state="off", told=desk.say("doctor.tips_off"))
    try:
        room = open_tips(desk.settings)
    except BadUnits as error:
        if not (desk.settings.units or TipFolder(desk.settings.data).units).exists():
            return Finding(part="tips", state="off", told=desk.say("doctor.tips_none"))
        return Finding(part="tips", state="missing", told=_told(desk, error))
    except TipError as error:
        return Finding(part="tips", state="missing", told=_told(desk, error))
    room.close()
    is_trial = any(unit.is_development for unit in room.book.units)
    key = "doctor.tips_trial" if is_trial else "doctor.tips"
    return Finding(part="tips", state="ok", told=desk.say(key, count=len(room.book.units)))


def _told(desk: Desk, error: TipError) -> str:
    return error_text(error.code, error.fields, desk.language)


def _telegram(desk: Desk) -> Finding:
    found = look(desk.settings)
    if [item.key for item in found] == ["check_no_token"]:
        return Finding(part="telegram", state="off", told=told(desk, found[0]))
    troubles = [item for item in found if item.state != "ok"]
    state: State = "missing" if any(item.state == "wrong" for item in found) else "ok"
    return Finding(
        part="telegram", state=state, told="; ".join(told(desk, item) for item in troubles or found)
    )


def _zalo(desk: Desk) -> Finding:
    settings = desk.settings
    if not settings.zalo_token.get_secret_value():
        return Finding(part="zalo", state="off", told=desk.say("zalo.check_off"))
    try:
        bot = asyncio.run(_zalo_name(settings))
    except BadZaloToken:
        return Finding(part="zalo", state="missing", told=desk.say("zalo.check_bad_token"))
    except ZaloFault:
        return Finding(part="zalo", state="missing", told=desk.say("zalo.check_away", api=settings.zalo_api))
    way = "webhook" if settings.zalo_webhook else "polling"
    told = [desk.say(f"zalo.check_{way}", bot=bot, url=settings.zalo_webhook)]
    if settings.tips and not settings.public_url:
        told.append(desk.say("zalo.check_no_page"))
    return Finding(part="zalo", state="ok", told="; ".join(told))


async def _zalo_name(settings: Settings) -> str:
    async with client_of(settings) as client:
        return await client.name()


def _sandbox(desk: Desk) -> Finding:
    if SandboxedCleaner().is_walled:
        return Finding(part="sandbox", state="ok", told=desk.say("doctor.sandbox"))
    return Finding(part="sandbox", state="off", told=desk.say("doctor.sandbox_bare"))


def _libreoffice(desk: Desk) -> Finding:
    lacking = [kind for kind in ("doc", "rtf", "xls", "ppt") if not can_convert(kind)]
    if not lacking:
        return Finding(part="libreoffice", state="ok", told=desk.say("doctor.libreoffice"))
    told = desk.say("doctor.libreoffice_off", kinds=", ".join(lacking))
    return Finding(part="libreoffice", state="off", told=told)


def _tesseract(desk: Desk) -> Finding:
    if tesseract_is_there():
        return Finding(part="tesseract", state="ok", told=desk.say("doctor.tesseract"))
    return Finding(part="tesseract", state="off", told=desk.say("doctor.tesseract_off"))


def _reading(desk: Desk) -> Finding:
    if walls_stand():
        return Finding(part="reading", state="ok", told=desk.say("doctor.reading"))
    return Finding(part="reading", state="off", told=desk.say("doctor.reading_bare"))


def _address(desk: Desk) -> Finding:
    settings: Settings = desk.settings
    key = (
        "doctor.address_local"
        if settings.host in {"127.0.0.1", "::1", "localhost"}
        else "doctor.address_open"
    )
    return Finding(part="address", state="ok", told=desk.say(key, host=settings.host, port=settings.port))


CHECKS: tuple[Callable[[Desk], Finding], ...] = (
    _python,
    _data,
    _record,
    _embedder,
    _sentence_transformers,
    _endpoint,
    _model,
    _guides,
    _index,
    _tips,
    _telegram,
    _zalo,
    _sandbox,
    _libreoffice,
    _tesseract,
    _reading,
    _address,
)
