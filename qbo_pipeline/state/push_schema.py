"""The tables of the outbox: what must exist in QuickBooks, what was sent for it, and what it became.

An intent is one document or name that must exist, be changed or end in one company; its key derives from what it is about,
never from an attempt. Attempts say what left and what came back. A link ties a row of the operational system to the QuickBooks
record made for it. A claim on billed work keeps it out of a second invoice. A company's settings say what goes out unasked.
"""

import sqlalchemy as sa

from qbo_pipeline.state.schema import Instant, metadata

_STATES = (
    "pending",
    "blocked",
    "in_flight",
    "unknown",
    "retry_wait",
    "pushed",
    "failed",
    "dead",
    "skipped",
    "drift",
)

push_intent = sa.Table(
    "push_intent",
    metadata,
    sa.Column("intent_key", sa.Text, primary_key=True),
    sa.Column("realm_id", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("source_kind", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("logical_version", sa.Integer, nullable=False),
    # Names before the documents that mention them; see `push_order`.
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("natural_key", sa.Text),
    sa.Column("marker", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    # The hash of the source as it was when bytes were last made of it, and as it was last derived: pushed and different is drift.
    sa.Column("source_hash", sa.Text, nullable=False),
    sa.Column("latest_source_hash", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary),
    sa.Column("payload_hash", sa.Text),
    sa.Column("refused_hash", sa.Text),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("request_id", sa.Text),
    sa.Column("batch_id", sa.Text),
    sa.Column(
        "state",
        sa.Text,
        sa.CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in _STATES))),
        nullable=False,
    ),
    sa.Column("reason_code", sa.Text),
    sa.Column("reason", sa.Text),
    # `attempts` numbers every send; `tries` counts those that were the document's own failures, `absences` the look-ups in a
    # row that did not find it.
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("absences", sa.Integer, nullable=False),
    sa.Column("next_at", Instant),
    sa.Column("owner", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False, index=True),
    sa.UniqueConstraint("realm_id", "target", "operation", "source_kind", "source_id", "logical_version"),
    sa.Index("push_intent_work", "realm_id", "state", "rank", "created_at"),
    sa.Index("push_intent_source", "source_id", "source_kind"),
)

push_attempt = sa.Table(
    "push_attempt",
    metadata,
    sa.Column("intent_key", sa.Text, sa.ForeignKey("push_intent.intent_key"), primary_key=True),
    sa.Column("attempt_no", sa.Integer, primary_key=True),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("payload_hash", sa.Text, nullable=False),
    sa.Column("batch_id", sa.Text),
    sa.Column("started_at", Instant, nullable=False, index=True),
    sa.Column("ended_at", Instant),
    sa.Column("http_status", sa.Integer),
    sa.Column("fault_code", sa.Text),
    sa.Column("fault_class", sa.Text),
    sa.Column("intuit_tid", sa.Text),
    sa.Column("outcome", sa.Text, nullable=False),
)

push_batch = sa.Table(
    "push_batch",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("realm_id", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

push_batch_item = sa.Table(
    "push_batch_item",
    metadata,
    sa.Column("batch_id", sa.Text, sa.ForeignKey("push_batch.batch_id"), primary_key=True),
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("intent_key", sa.Text, sa.ForeignKey("push_intent.intent_key"), nullable=False),
)

push_dependency = sa.Table(
    "push_dependency",
    metadata,
    sa.Column("intent_key", sa.Text, sa.ForeignKey("push_intent.intent_key"), primary_key=True),
    sa.Column("needs_target", sa.Text, primary_key=True),
    sa.Column("needs_source_kind", sa.Text, primary_key=True),
    sa.Column("needs_source_id", sa.Text, primary_key=True),
    sa.Index("push_dependency_need", "needs_source_id", "needs_source_kind", "needs_target"),
)

link = sa.Table(
    "link",
    metadata,
    sa.Column("realm_id", sa.Text, primary_key=True),
    sa.Column("target", sa.Text, primary_key=True),
    sa.Column("source_kind", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("qbo_id", sa.Text, nullable=False),
    sa.Column("sync_token", sa.Text),
    sa.Column("doc_number", sa.Text),
    sa.Column("total", sa.Text),
    sa.Column("owned_fields", sa.Text),
    sa.Column("owned_hash", sa.Text),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("status", sa.Text, sa.CheckConstraint("status IN ('live', 'voided', 'deleted')"), nullable=False),
    sa.Column("linked_at", Instant, nullable=False),
    sa.UniqueConstraint("realm_id", "target", "qbo_id"),
)

billed_source = sa.Table(
    "billed_source",
    metadata,
    sa.Column("source_kind", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("invoice_key", sa.Text, primary_key=True),
    sa.Column("released_at", Instant),
)
one_live_claim = sa.Index(
    "one_live_claim",
    billed_source.c.source_kind,
    billed_source.c.source_id,
    billed_source.c.part,
    unique=True,
    sqlite_where=billed_source.c.released_at.is_(None),
    postgresql_where=billed_source.c.released_at.is_(None),
)

push_setting = sa.Table(
    "push_setting",
    metadata,
    sa.Column("realm_id", sa.Text, primary_key=True),
    sa.Column("go_live_date", sa.Date),
    sa.Column("armed_at", Instant),
    sa.Column("last_push_at", Instant),
    # The choices of `PushChoices`, as JSON: they are read whole and grow with the kinds of document.
    sa.Column("choices", sa.Text, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)
