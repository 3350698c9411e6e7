"""The tables of mapping: what a code or name of the operational system is in a company, and what is known of that company."""

import sqlalchemy as sa

from qbo_pipeline.state.schema import Instant, metadata

mapping = sa.Table(
    "mapping",
    metadata,
    sa.Column("realm_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("source_key", sa.Text, primary_key=True),
    # Where a kind has more than one: a worker is an employee or a vendor.
    sa.Column("target", sa.Text, nullable=False),
    # Empty for what is excluded, and for a name that a person wants made although another one looks like it.
    sa.Column("qbo_id", sa.Text),
    sa.Column("qbo_name", sa.Text),
    sa.Column("status", sa.Text, sa.CheckConstraint("status IN ('confirmed', 'proposed', 'excluded')"), nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("updated_at", Instant, nullable=False),
)

company_profile = sa.Table(
    "company_profile",
    metadata,
    sa.Column("realm_id", sa.Text, primary_key=True),
    # The fields of `CompanyProfile`, as JSON: they are read whole and grow with what payloads must know.
    sa.Column("profile", sa.Text, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)
