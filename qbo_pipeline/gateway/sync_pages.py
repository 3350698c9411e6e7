"""Sync now and how it goes, the sync log, and the audit log."""

from dataclasses import asdict
from datetime import UTC, datetime

from starlette.responses import Response

from qbo_pipeline.gateway.child_runs import LOST, WHAT_TO_DO_ABOUT_A_LOST_RUN
from qbo_pipeline.gateway.sent import sent_while
from qbo_pipeline.gateway.visits import Refused, Visit
from qbo_pipeline.state.sync_log import LogStatus

_LINES_SHOWN = 200
_RUNS_SHOWN = 20
# A page that is still changing is asked for again, by the browser, without a script.
_REFRESH_SECONDS = 3


def sync_page(visit: Visit) -> Response:
    """The connections to choose from, and the newest runs."""
    store, runs = visit.gateway.store, visit.gateway.runs
    return visit.page(
        "sync.html.jinja",
        connections=[each for each in store.connections.all() if each.is_active],
        runs=[runs.as_it_stands(run) for run in store.sync_log.runs(_RUNS_SHOWN)],
    )


def sync_now(visit: Visit) -> Response:
    """Start a sync of the connection chosen, or of all."""
    name = visit.form.get("connection", "")
    run_id = visit.gateway.runs.start("sync", [name] if name else [], asked_by=visit.person.name)
    visit.note("sync now", name or "all connections")
    return visit.go(f"/runs/{run_id}/progress")


def progress_page(visit: Visit) -> Response:
    """How a run goes: its state, how long it has been at it, records and documents as they come, each connection as it ends."""
    run_id = str(visit.request.path_params["run_id"])
    run = visit.gateway.runs.find(run_id)
    if run is None:
        raise Refused(404, "There is no such run.")
    entries = visit.gateway.store.sync_log.entries(run_id=run_id)
    is_running = run.status == "running"
    ended_at = run.finished_at or visit.gateway.clock()
    return visit.page(
        "progress.html.jinja",
        run=run,
        lost=WHAT_TO_DO_ABOUT_A_LOST_RUN if run.status == LOST else None,
        is_running=is_running,
        seconds=int((ended_at - run.started_at).total_seconds()),
        connections=[entry for entry in entries if entry.entity is None],
        entities=[entry for entry in entries if entry.entity is not None],
        progress=visit.gateway.runs.progress(run_id) if is_running else {},
        documents=sent_while(visit.gateway.store, run, _LINES_SHOWN),
        refresh_seconds=_REFRESH_SECONDS if is_running else None,
    )


def log_page(visit: Visit) -> Response:
    """The newest lines of the sync log, narrowed by connection, status and day."""
    connection, status, since = visit.query("connection"), visit.query("status"), visit.query("since")
    if status not in ("", *LogStatus):
        raise Refused(400, f"A line of the log is one of {', '.join(LogStatus)}.")
    entries = visit.gateway.store.sync_log.entries(
        connection=connection or None, status=status or None, since=_day(since), limit=_LINES_SHOWN
    )
    return visit.page(
        "log.html.jinja",
        entries=[asdict(entry) for entry in entries],
        names=[each.name for each in visit.gateway.store.connections.all()],
        statuses=list(LogStatus),
        connection=connection,
        status_asked=status,
        since=since,
        is_cut=len(entries) == _LINES_SHOWN,
    )


def audit_page(visit: Visit) -> Response:
    """Who did what through the gateway, the newest first."""
    return visit.page("audit.html.jinja", entries=visit.gateway.store.audit_log.entries(limit=_LINES_SHOWN))


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(400, "A day is written as 2026-01-31.") from None
