"""The overview: what needs somebody, before what is well."""

from collections import Counter
from datetime import datetime, timedelta

from starlette.responses import Response

from qbo_pipeline.gateway.queue_choices import DONE
from qbo_pipeline.gateway.visits import Visit
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.moves import mover

# When Intuit and the person at the company should hear of it, as Intuit itself warns.
WARN_BEFORE = timedelta(days=30)
_RUNS_SHOWN = 5


def overview(visit: Visit) -> Response:
    """How everything stands."""
    store, now = visit.gateway.store, visit.gateway.clock()
    connections = store.connections.all()
    waiting = store.outbox.intents(states=[state for state in IntentState if state not in DONE])
    move = mover(store.outbox.ways_blocked())
    queue = Counter(move(intent).who for intent in waiting)
    return visit.page(
        "overview.html.jinja",
        connections=connections,
        ailing=[(each, problem) for each in connections if (problem := ailment(each, now))],
        queue=queue,
        runs=[visit.gateway.runs.as_it_stands(run) for run in store.sync_log.runs(_RUNS_SHOWN)],
        webhooks_waiting=visit.gateway.inbox.waiting(),
        webhooks_counted=visit.gateway.inbox.counts(),
        last_webhook_at=visit.gateway.inbox.last_received_at(),
        refused=visit.gateway.refused,
    )


def ailment(connection: Connection, now: datetime) -> str | None:
    """What is wrong with a connection, or soon will be."""
    if not connection.is_active:
        return f"inactive: {connection.reason}"
    for what, ends_at in (("refresh token", connection.refresh_expires_at), ("consent", connection.hard_expires_at)):
        if ends_at is not None and ends_at - now < WARN_BEFORE:
            return f"its {what} ends on {ends_at:%d %b %Y}: reconnect it"
    return None
