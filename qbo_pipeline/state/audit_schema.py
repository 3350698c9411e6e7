"""The table of who did what through the gateway."""

import sqlalchemy as sa

from qbo_pipeline.state.schema import Instant, metadata

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    sa.Column("entry_id", sa.Text, primary_key=True),
    sa.Column("happened_at", Instant, nullable=False, index=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("address", sa.Text),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text),
    sa.Column("outcome", sa.Text, nullable=False),
)
