"""The table of contracts' periods: what became of each, so that none is billed twice and none forgotten."""

import sqlalchemy as sa

from qbo_pipeline.state.schema import Instant, metadata

contract_period = sa.Table(
    "contract_period",
    metadata,
    sa.Column("realm_id", sa.Text, primary_key=True),
    sa.Column("contract_id", sa.Text, primary_key=True),
    sa.Column("period_start", sa.Date, primary_key=True),
    sa.Column("period_end", sa.Date, nullable=False),
    sa.Column("due_date", sa.Date, nullable=False),
    sa.Column(
        "state",
        sa.Text,
        sa.CheckConstraint("state IN ('pending', 'blocked', 'billed', 'skipped', 'void')"),
        nullable=False,
    ),
    sa.Column("reason_code", sa.Text),
    sa.Column("reason", sa.Text),
    # The create that bills it: its own, or that of the first period of several on one invoice.
    sa.Column("invoice_key", sa.Text, sa.ForeignKey("push_intent.intent_key"), index=True),
    sa.Column("requested_at", Instant),
    sa.Column("updated_at", Instant, nullable=False),
)
