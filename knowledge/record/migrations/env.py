"""Alembic's entry for the tables of `knowledge.record`."""

from databases.migrating import run_migrations
from knowledge.record.tables import metadata

run_migrations(metadata)
