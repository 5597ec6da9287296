"""Alembic's entry: runs on the connection that the records hand over, or on a URL for developers."""

from alembic import context
from sqlalchemy import create_engine

from bot.desk.records.tables import metadata

# A name of its own: desk, tips and record may stand in one PostgreSQL database.
VERSIONS = "desk_version"

connection = context.config.attributes.get("connection")
if connection is not None:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, version_table=VERSIONS
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "sqlite://")
    with engine.connect() as opened:
        context.configure(
            connection=opened, target_metadata=metadata, render_as_batch=True, version_table=VERSIONS
        )
        with context.begin_transaction():
            context.run_migrations()
