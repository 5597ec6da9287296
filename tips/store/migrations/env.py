"""Alembic's entry for the tables of `tips.store`."""

from databases.migrating import run_migrations
from tips.store.tables import metadata

run_migrations(metadata, "tips_version")
