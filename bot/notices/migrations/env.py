"""Alembic's entry: runs on the connection that the store hands over, or on a URL for developers."""

from alembic import context
from sqlalchemy import create_engine

from bot.notices.tables import metadata

# A name of its own, as every store here has one.
VERSIONS = "notices_version"

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
