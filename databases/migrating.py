"""Alembic's entry, the same for every store: what each `migrations/env.py` calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context
from sqlalchemy import create_engine

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData


def run_migrations(metadata: MetaData, version_table: str = "alembic_version") -> None:
    """
    Run on the connection that a store hands over, or on a URL for developers.

    Args:
        metadata: The store's tables.
        version_table: A name of its own, where one PostgreSQL database holds several stores.
    """
    handed_over = context.config.attributes.get("connection")
    if handed_over is not None:
        _run(handed_over, metadata, version_table)
        return
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "sqlite://")
    with engine.connect() as opened:
        _run(opened, metadata, version_table)


def _run(connection: Connection, metadata: MetaData, version_table: str) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, version_table=version_table
    )
    with context.begin_transaction():
        context.run_migrations()
