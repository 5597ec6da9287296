"""
Everything that can be set, in one class, from the environment (prefix `BINHAN_`) or an `.env` file.

Wrong values stop the start and are all named at once; secrets never show.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

GUIDES = Path(__file__).resolve().parents[1] / "guides"


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

    host: Annotated[str, Field(description="address the web chat listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535, description="port the web chat listens on")] = 8080
    allowed_hosts: Annotated[
        tuple[str, ...],
        Field(
            description="further host names the web chat answers to, such as its domain; JSON list, * for any"
        ),
    ] = ()
    language: Annotated[Literal["vi", "en"], Field(description="language of the command line")] = "vi"
    name: Annotated[str, Field(min_length=1, max_length=60, description="name shown on the page")] = "Bình An"
