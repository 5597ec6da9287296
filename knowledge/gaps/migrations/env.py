"""Alembic's entry for the tables of `knowledge.gaps`."""

from databases.migrating import run_migrations
from knowledge.gaps.tables import metadata

run_migrations(metadata, "gaps_version")
