"""Alembic's entry for the tables of `bot.notices`."""

from bot.notices.tables import metadata
from databases.migrating import run_migrations

run_migrations(metadata, "notices_version")
