"""Alembic's entry for the tables of `bot.members`."""

from bot.members.tables import metadata
from databases.migrating import run_migrations

run_migrations(metadata, "members_version")
