"""The verbs that sync, and those that show what came of it."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.cli.options import AsJson, Connections
from qbo_pipeline.console import console
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.asked_runs import AskedRuns
from qbo_pipeline.state.store import open_state
from qbo_pipeline.state.sync_log import LogStatus


def sync(
    connection: Connections = [],  # noqa: B006 - Typer copies its defaults
    entity: Annotated[list[str], typer.Option("--entity", help="Only this entity; may be given again.")] = [],  # noqa: B006
    full: Annotated[bool, typer.Option("--full", help="Read everything again, not only what changed.")] = False,
    run_id: Annotated[str | None, typer.Option(hidden=True, help="The run's id, where its asker has noted it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Sync now: pull what changed, rebuild the tables it reaches, publish the copy for analysts."""
    settings = read_settings()
    wanted = [find_entity(each).name for each in entity]
    with open_state(settings) as store:
        names = [store.connections.get(name).name for name in connection]
        if not store.connections.all():
            console.complain("There is no connection yet. Make one with: qbo-pipeline connect NAME")
            raise typer.Exit(1)
    from qbo_pipeline.orchestration.run import is_complete, run_sync  # noqa: PLC0415

    asked = AskedRuns(settings)
    with console.working("Syncing") as shown:
        # Where somebody asked for this very run, it is they who watch.
        watcher = (lambda progress: asked.tell(run_id, asdict(progress))) if run_id else shown
        run = run_sync(settings, connections=names, entities=wanted, full=full, run_id=run_id, watcher=watcher)
    with open_state(settings) as store:
        entries = store.sync_log.entries(run_id=run.run_id)
        is_whole = run.succeeded and is_complete(entries)
        if run_id and not is_whole:
            # The log tells of what was read; a table that could not be built after it is no sync either.
            store.sync_log.finish_run(run_id, "partly" if run.succeeded else "failed")
        if run_id:
            asked.end(run_id)
    if as_json:
        console.print_json(
            {"run_id": run.run_id, "succeeded": run.succeeded, "failures": run.failures, "entries": entries}
        )
    else:
        console.print_sync(run, entries)
    raise typer.Exit(0 if is_whole else 1)


def log(
    connection: Annotated[str | None, typer.Option(help="Only this connection.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only what happened since this instant (UTC).")] = None,
    status: Annotated[LogStatus | None, typer.Option(help="Only lines that ended so.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many lines.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Show what past syncs did, newest first: rows per connection and entity, calls, errors."""
    with open_state(read_settings()) as store:
        if connection:
            store.connections.get(connection)
        entries = store.sync_log.entries(connection=connection, since=console.as_utc(since), status=status, limit=limit)
    if as_json:
        console.print_json(entries)
    else:
        console.print_log(entries)


def doctor(as_json: AsJson = False) -> None:
    """Check settings, keys, connections and warehouse; every problem comes with its fix."""
    from qbo_pipeline.doctor import examine  # noqa: PLC0415

    findings = examine()
    if as_json:
        console.print_json(findings)
    else:
        console.print_findings(findings)
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else 1)


def report(
    connection: Connections = [],  # noqa: B006 - Typer copies its defaults
    folder: Annotated[Path | None, typer.Option("--to", help="Where to write; default QBO_HOME/reports.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the owner's report of each company: statements, ageing, charts and ties in one HTML file."""
    from qbo_pipeline.owner_report.write import write_reports  # noqa: PLC0415 - matplotlib loads for this verb only

    settings = read_settings()
    with open_state(settings) as store:
        wanted = [store.connections.get(name).name for name in connection]
    written = write_reports(folder or settings.home / "reports", wanted)
    if as_json:
        console.print_json({"reports": written})
    for name, path in {} if as_json else written.items():
        console.say(f"{name}: {path}")
    missing = [name for name in wanted if name not in written]
    for name in missing or ([] if written else ["any connection"]):
        console.complain(f"There are no published books of {name} yet. A sync makes them: `qbo-pipeline sync`.")
    raise typer.Exit(0 if written and not missing else 1)
