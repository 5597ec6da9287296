"""
Everything that can be set, in one class, from the environment (prefix `BINHAN_`) or an `.env` file.

Wrong values stop the start and are all named at once; secrets never show.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

GUIDES = Path(__file__).resolve().parents[1] / "guides"


Role = Literal["all", "public", "desk"]


class Settings(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(env_prefix="BINHAN_", env_file=".env", extra="ignore")

    data: Annotated[Path, Field(description="the one folder for all state")] = Path("data")
    guides: Annotated[Path, Field(description="folder of the starter guides")] = GUIDES
    database_url: Annotated[
        SecretStr, Field(description="postgresql+psycopg://… ; empty: SQLite in the data folder")
    ] = SecretStr("")

    embedder: Annotated[
        str, Field(description="builtin, st:NAME-OR-FOLDER (sentence-transformers), or endpoint")
    ] = "builtin"
    embed_base_url: Annotated[
        str, Field(description="OpenAI-compatible endpoint, such as http://127.0.0.1:8000/v1")
    ] = ""
    embed_model: Annotated[str, Field(description="model name the endpoint knows")] = ""
    embed_api_key: Annotated[SecretStr, Field(description="key of the endpoint, if it wants one")] = (
        SecretStr("")
    )
    embed_timeout_s: Annotated[float, Field(gt=0, description="seconds to wait for the endpoint")] = 30.0

    reranker: Annotated[
        str, Field(description="empty, or st:NAME-OR-FOLDER: a cross-encoder that reads the best documents")
    ] = ""

    llm_price_in: Annotated[
        float,
        Field(ge=0, description="price of a million tokens that a model reads, for eval --model"),
    ] = 0.0
    llm_price_out: Annotated[float, Field(ge=0, description="the same of a million that it writes")] = 0.0

    llm_model: Annotated[str, Field(description="a language model's name at its endpoint; empty: none")] = ""
    llm_base_url: Annotated[
        str,
        Field(
            validate_default=True,
            description="its OpenAI-compatible endpoint, such as http://127.0.0.1:8000/v1",
        ),
    ] = ""
    llm_api_key: Annotated[SecretStr, Field(description="key of the endpoint, if it wants one")] = SecretStr(
        ""
    )
    llm_trust: Annotated[
        Literal["remote", "local"],
        Field(description="whose the endpoint is: somebody else's, or a machine of our own"),
    ] = "remote"
    llm_budget_s: Annotated[
        float, Field(ge=0.5, le=15, description="seconds that anybody waits for the model at most")
    ] = 8.0
    llm_retries: Annotated[
        int,
        Field(ge=0, le=5, description="further tries after 429, 5xx or a lost connection, within the budget"),
    ] = 1
    llm_at_once: Annotated[
        int, Field(ge=1, le=32, description="questions it writes about at once; more are answered without it")
    ] = 2
    llm_calls_per_day: Annotated[int, Field(ge=0, description="calls a day; 0: no limit")] = 2_000
    llm_tokens_per_day: Annotated[
        int, Field(ge=0, description="tokens a day, read and written; 0: no limit")
    ] = 4_000_000
    llm_asks: Annotated[
        Literal["", "strict", "redacted", "typed"],
        Field(
            validate_default=True,
            description="questions it may get: short ones that are nobody's case, all without names and "
            "numbers, or (local only) as typed; empty: strict. "
            "Never what reports something or calls for help",
        ),
    ] = ""
    llm_shows: Annotated[
        Literal["", "public", "member", "officer"],
        Field(description="whose documents it may get; empty: public for remote, all for local"),
    ] = ""
    llm_prompt: Annotated[
        str, Field(pattern=r"^answer\.v\d+$", description="version of the prompt, a file in prompts/model")
    ] = "answer.v1"
    llm_most_tokens: Annotated[int, Field(ge=100, le=4_000, description="tokens it may write")] = 700
    trace_url: Annotated[
        str,
        Field(
            pattern=r"^(https?://\S+)?$",
            description="OTLP collector that gets steps, times and counts of answers, no words; empty: none",
        ),
    ] = ""

    role: Annotated[
        Role,
        Field(description="what this process serves: the public side, the officers' desk, or both"),
    ] = "all"
    tips: Annotated[bool, Field(description="whether this installation takes anonymous tips")] = True
    units: Annotated[Path | None, Field(description="file of units; empty: tips/units.toml in data")] = None
    tips_database_url: Annotated[
        SecretStr,
        Field(description="postgresql+psycopg://… of sealed tips; empty: SQLite in data"),
    ] = SecretStr("")
    desk_database_url: Annotated[
        SecretStr,
        Field(description="the same of the desk's own records, apart from the tips'"),
    ] = SecretStr("")
    desk_passphrase: Annotated[SecretStr, Field(description="unlocks the units' keys at the start")] = (
        SecretStr("")
    )
    tip_rounding_min: Annotated[
        int, Field(ge=1, le=1_440, description="minutes a tip's time is rounded down to")
    ] = 60
    tip_retention_days: Annotated[
        int, Field(ge=1, le=3_650, description="days a tip is kept after the last activity")
    ] = 90
    tip_unopened_hours: Annotated[
        int, Field(ge=1, le=720, description="hours until the unit above sees an unopened tip")
    ] = 24
    tip_card_delay_min: Annotated[
        float, Field(ge=0, le=240, description="minutes, at most, that a card which is not urgent waits")
    ] = 10.0

    telegram_token: Annotated[
        SecretStr, Field(description="token of the bot from @BotFather; empty: no Telegram")
    ] = SecretStr("")
    telegram_desk_token: Annotated[
        SecretStr, Field(description="a second bot's token for the officers' groups; empty: the same bot")
    ] = SecretStr("")
    telegram_api: Annotated[
        str,
        Field(pattern=r"^https?://\S+$", description="address of the Bot API, such as a server of your own"),
    ] = "https://api.telegram.org"
    telegram_admin_chat: Annotated[
        int,
        Field(description="officers' group of the trial unit; real units name theirs in the file of units"),
    ] = 0
    telegram_webhook: Annotated[
        str, Field(description="public https address of this server; empty: the bot asks for updates itself")
    ] = ""
    telegram_proxy: Annotated[
        SecretStr, Field(description="http://… or socks5://… that Telegram is reached through")
    ] = SecretStr("")
    telegram_open_min: Annotated[
        float,
        Field(gt=0, le=2_880, description="minutes until an opened tip is deleted from the officers' group"),
    ] = 15.0
    zalo_token: Annotated[
        SecretStr, Field(description="token of the bot from Zalo Bot Manager; empty: no Zalo")
    ] = SecretStr("")
    zalo_api: Annotated[str, Field(pattern=r"^https?://\S+$", description="address of Zalo's Bot API")] = (
        "https://bot-api.zaloplatforms.com"
    )
    zalo_webhook: Annotated[
        str,
        Field(
            pattern=r"^(https://\S+)?$",
            description="public https address of this server; empty: the bot asks for updates itself",
        ),
    ] = ""
    public_url: Annotated[
        str,
        Field(
            pattern=r"^(https?://\S+)?$",
            description="address residents reach the web chat at: who wants to leave a tip is sent there",
        ),
    ] = ""
    members_database_url: Annotated[
        SecretStr, Field(description="postgresql+psycopg://… of memberships; empty: SQLite in data")
    ] = SecretStr("")
    notice_keys: Annotated[
        Path | None,
        Field(description="folder in memory for the day keys of reply notices; empty: below /dev/shm"),
    ] = None

    gaps: Annotated[
        bool, Field(description="whether questions without an answer are kept, redacted, for editors")
    ] = True
    gaps_database_url: Annotated[
        SecretStr, Field(description="postgresql+psycopg://… of gaps and answers; empty: SQLite in data")
    ] = SecretStr("")
    gaps_retention_days: Annotated[
        int, Field(ge=1, le=3_650, description="days a question is kept after the end of its week")
    ] = 90
    gaps_write_min: Annotated[
        float, Field(ge=0, le=1_440, description="minutes between two batches of questions written down")
    ] = 60.0
    gaps_shown_from: Annotated[
        int,
        Field(ge=1, le=100, description="askings from which editors see a question before its week is over"),
    ] = 3
    gaps_weekly_post: Annotated[
        bool, Field(description="whether the officers' group gets the week's list on Mondays")
    ] = True

    fetch_contact: Annotated[
        str,
        Field(
            pattern=r"^[\x20-\x7e]{0,120}$",
            description="e-mail or page told to sites that documents are fetched from, beside our name",
        ),
    ] = ""

    host: Annotated[str, Field(description="address the web chat listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535, description="port the web chat listens on")] = 8080
    allowed_hosts: Annotated[
        tuple[str, ...],
        NoDecode,  # decoded below: else a list that is none hides every other fault
        Field(
            description="further host names the web chat answers to, such as its domain; JSON list, * for any"
        ),
    ] = ()
    language: Annotated[Literal["vi", "en"], Field(description="language of the command line")] = "vi"
    name: Annotated[str, Field(min_length=1, max_length=60, description="name shown on the page")] = "Bình An"

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _list_of_hosts(cls, written: object) -> object:
        """A JSON list where it comes from the environment; empty is none."""
        if not isinstance(written, str):
            return written
        try:
            return json.loads(written) if written.strip() else ()
        except json.JSONDecodeError:
            raise PydanticCustomError("json_invalid", "no JSON list") from None

    @field_validator("llm_base_url")
    @classmethod
    def _endpoint_of_a_model(cls, url: str, info: ValidationInfo) -> str:
        """A model needs an address: no default, or questions would go to a cloud nobody chose."""
        if info.data.get("llm_model") and not url.startswith(("http://", "https://")):
            raise PydanticCustomError("address", "a model needs the address of its endpoint")
        return url

    @field_validator("llm_asks")
    @classmethod
    def _asks_of_a_stranger(cls, asks: str, info: ValidationInfo) -> str:
        """Questions as typed go to no machine but our own."""
        if asks == "typed" and info.data.get("llm_trust") != "local":
            raise PydanticCustomError("local_only", "only for an endpoint of our own")
        return asks
