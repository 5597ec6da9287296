"""Alembic's entry for the tables of `bot.desk.records`."""

from bot.desk.records.tables import metadata
from databases.migrating import run_migrations

run_migrations(metadata, "desk_version")
