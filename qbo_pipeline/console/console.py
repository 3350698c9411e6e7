"""What the command line prints: tables for people, JSON for machines."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.progress import Progress as RichProgress
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.sync_log import LogEntry

if TYPE_CHECKING:
    from qbo_pipeline.doctor import Finding
    from qbo_pipeline.ingest.progress import Progress, Watcher
    from qbo_pipeline.orchestration.run import JobRun

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a sentence as it is."""
    _out.print(text, markup=False)


def complain(text: str) -> None:
    """Print a sentence on standard error."""
    _err.print(text, markup=False)


def print_table(title: str | None, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; numbers stand right, with thousands separated."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for position, column in enumerate(columns):
        is_number = bool(rows) and all(isinstance(row[position], int | float | Decimal) for row in rows)
        table.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    Console(highlight=False, width=None if _out.is_terminal else 140).print(table, "", markup=False)


def print_json(value: object) -> None:
    """Print dataclasses, lists and instants as JSON."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode() + "\n")


def print_connections(connections: Sequence[Connection]) -> None:
    """List connections with what a person must know to act."""
    rows = [
        (
            each.name,
            each.company_name or "",
            each.realm_id,
            str(each.environment),
            each.status + (f": {each.reason}" if each.reason else ""),
            _age(each.last_sync_at),
            _until(each.refresh_expires_at),
            _until(each.hard_expires_at),
        )
        for each in connections
    ]
    columns = ("name", "company", "realm", "environment", "status", "last sync", "token lasts", "connection lasts")
    print_table("Connections", columns, rows)


def print_sync(run: "JobRun", entries: Sequence[LogEntry]) -> None:
    """Tell what a sync did, each connection on its line, and what was left out with its reason."""
    by_connection = [entry for entry in entries if entry.entity is None]
    landed = {
        each.connection: [e for e in entries if e.entity and e.connection == each.connection] for each in by_connection
    }
    rows = [
        (
            each.connection,
            each.status,
            sum(entity.records_read or 0 for entity in landed[each.connection]),
            sum(rows_landed(entity) for entity in landed[each.connection]),
            each.calls,
            each.metered_calls,
            round(each.seconds, 1),
            each.error or "",
        )
        for each in by_connection
    ]
    columns = ("connection", "status", "records read", "rows landed", "calls", "metered", "seconds", "left out")
    print_table(f"Sync {run.run_id}", columns, rows)
    for failure in run.failures:
        complain(failure)


def rows_landed(entry: LogEntry) -> int:
    """The versions a line of the log counts."""
    return (entry.created or 0) + (entry.updated or 0) + (entry.deleted or 0)


def print_log(entries: Sequence[LogEntry]) -> None:
    """List what past syncs did."""
    rows = [
        (
            entry.recorded_at.strftime("%Y-%m-%d %H:%M:%S"),
            entry.connection,
            entry.entity or "(all)",
            entry.status,
            entry.read_kind or "",
            entry.records_read or 0,
            entry.created or 0,
            entry.updated or 0,
            entry.deleted or 0,
            *("" if count is None else count for count in (entry.calls, entry.metered_calls)),
            entry.error or "",
        )
        for entry in entries
    ]
    columns = (
        "at (UTC)",
        "connection",
        "entity",
        "status",
        "read",
        "records",
        "created",
        "updated",
        "deleted",
        "calls",
        "metered",
        "error",
    )
    print_table("Sync log", columns, rows)


@contextmanager
def working(what: str) -> Iterator["Watcher"]:
    """Show how far a pull has come, on a terminal only; it is shown even while the process's own output is turned away.

    Gives what is to hear of it.
    """
    if not _out.is_terminal:
        yield lambda _: None
        return
    with os.fdopen(os.dup(sys.__stdout__.fileno()), "w") as terminal:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with RichProgress(*columns, console=Console(file=terminal), transient=True) as shown:
            task = shown.add_task(what, total=None)
            yield lambda progress: shown.update(task, description=f"{what}: {progress_in_words(progress)}")


def progress_in_words(progress: "Progress") -> str:
    """How far a pull has come."""
    return (
        f"{progress.companies_done:,} of {progress.companies:,} companies read, {progress.records_read:,} records, "
        f"{progress.rows_landed:,} landed"
    )


def print_findings(findings: Sequence["Finding"]) -> None:
    """List what was examined; a problem with its fix."""
    for finding in findings:
        say(f"{'ok     ' if finding.is_well else 'PROBLEM'} {finding.subject}: {finding.what}")
        if finding.fix:
            say(f"        fix: {finding.fix}")


def as_utc(instant: datetime | None) -> datetime | None:
    """An instant typed without a zone is taken as UTC."""
    return instant.replace(tzinfo=UTC) if instant and instant.tzinfo is None else instant


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float | Decimal) else str(value)


def _age(instant: datetime | None) -> str:
    return f"{_span((datetime.now(UTC) - instant).total_seconds())} ago" if instant else "never"


def _until(instant: datetime | None) -> str:
    return _span((instant - datetime.now(UTC)).total_seconds()) if instant else ""


def _span(seconds: float) -> str:
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if abs(seconds) >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
