"""Keeping what fetching reports did: in the sync log, beside what the pull of the same run did."""

from collections.abc import Sequence

from qbo_pipeline.ingest.reports.outcome import ReportsOutcome
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.sync_log import LogStatus

_LEFT_NOTHING_OUT = (LogStatus.SYNCED, LogStatus.NOT_DUE)


def connections_to_report(store: StateStore, run_id: str) -> list[Connection]:
    """The connections whose pull in run `run_id` left nothing out, or all active ones where the run pulled nothing.

    A report compared with a half-read company would show differences that are none.
    """
    pulled = {entry.connection: entry.status for entry in store.sync_log.entries(run_id=run_id) if entry.entity is None}
    active = [connection for connection in store.connections.all() if connection.is_active]
    return [each for each in active if not pulled or pulled.get(each.name) in _LEFT_NOTHING_OUT]


def keep_reports(store: StateStore, run_id: str, trigger: str, outcomes: Sequence[ReportsOutcome]) -> None:
    """Add the outcomes to the log of run `run_id`, which `trigger` started if nothing was logged of it before."""
    if not outcomes:
        return
    store.sync_log.start_run(run_id, trigger)
    store.sync_log.add(run_id, [outcome.log_line() for outcome in outcomes])
    connections = [entry for entry in store.sync_log.entries(run_id=run_id) if entry.entity is None]
    is_whole = all(entry.status in _LEFT_NOTHING_OUT for entry in connections)
    store.sync_log.finish_run(run_id, "synced" if is_whole else "partly")
