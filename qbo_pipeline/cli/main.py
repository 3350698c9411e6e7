"""`qbo-pipeline`: every verb calls one public function and prints what it returns.

Exit codes: 0 when all that was asked was done, 1 when some of it was not (each named with its reason), 2 for wrong usage.
"""

import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from qbo_pipeline.catalog import UnknownEntityError, find_entity
from qbo_pipeline.cli import backup_verbs, gateway_verbs, map_verbs, ops_verbs, push_verbs
from qbo_pipeline.console import console
from qbo_pipeline.ops.errors import OpsError, UnknownSource
from qbo_pipeline.orchestration.dbt_project import ManifestError
from qbo_pipeline.quickbooks.endpoints import InvalidEndpoint
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.settings import Environment, Settings, SettingsError, read_settings
from qbo_pipeline.state.asked_runs import AskedRuns
from qbo_pipeline.state.connect import App, connect_headless, connect_in_browser
from qbo_pipeline.state.connect import disconnect as disconnect_connection
from qbo_pipeline.state.errors import StateError, UnknownConnection
from qbo_pipeline.state.mapping_kinds import UnknownKind
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline.state.sync_log import LogStatus
from qbo_pipeline.warehouse.file import WarehouseError
from qbo_pipeline.warehouse.lock import WarehouseBusyError

WRONG_USAGE = 2

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="QuickBooks Online and a DuckDB warehouse, kept in step.",
)
app.add_typer(ops_verbs.app, name="ops")
app.add_typer(map_verbs.app, name="map")
for verb in (push_verbs.push, push_verbs.why, push_verbs.push_settings, gateway_verbs.gateway):
    app.command()(verb)
for verb in (backup_verbs.backup, backup_verbs.restore):
    app.command()(verb)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Connections = Annotated[list[str], typer.Option("--connection", help="Only this connection; may be given again.")]


def main() -> None:
    """Run the command line; what it cannot do is said in one message, without a traceback."""
    try:
        app()
    except (UnknownConnection, UnknownEntityError, UnknownKind, UnknownSource) as error:
        _refuse(error, WRONG_USAGE)
    except (
        SettingsError,
        StateError,
        OpsError,
        QuickBooksError,
        InvalidEndpoint,
        ManifestError,
        WarehouseError,
        WarehouseBusyError,
        OSError,
    ) as error:
        _refuse(error, 1)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the emulated QuickBooks.")] = 8712,
) -> None:
    """Pull three sample companies from an emulated QuickBooks, push a sample system's documents, and show what came of it."""
    from qbo_pipeline.demo.run import run_demo  # noqa: PLC0415 - Dagster and dbt load only for the verbs that run them

    raise typer.Exit(0 if run_demo(read_settings(), port=port) else 1)


@app.command()
def dev(
    port: Annotated[int, typer.Option(help="Port of the emulated QuickBooks.")] = 8712,
    ui_port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
    emulator: Annotated[
        bool, typer.Option(help="Run the emulated QuickBooks and its sample companies beside it.")
    ] = True,
) -> None:
    """Serve the Dagster UI and its schedules until interrupted."""
    from qbo_pipeline.demo.run import run_dev, serve_ui  # noqa: PLC0415

    settings = read_settings()
    raise typer.Exit(run_dev(settings, port=port, ui_port=ui_port) if emulator else serve_ui(settings, ui_port))


@app.command()
def connect(
    name: Annotated[str, typer.Argument(help="What to call the connection.")],
    realm_id: Annotated[str | None, typer.Option(help="The company's realm id, with a refresh token.")] = None,
    refresh_token_file: Annotated[
        typer.FileText | None,
        typer.Option(help="File with a refresh token, '-' for standard input: connects without a browser."),
    ] = None,
    client_id: Annotated[str | None, typer.Option(help="Client id of an app of its own.")] = None,
    client_secret_file: Annotated[typer.FileText | None, typer.Option(help="File with that app's secret.")] = None,
    environment: Annotated[Environment | None, typer.Option(help="Default: QBO_ENVIRONMENT.")] = None,
    business_entity: Annotated[str | None, typer.Option(help="The operational system's side of it.")] = None,
) -> None:
    """Connect a QuickBooks company: in the browser, or from a refresh token."""
    if (realm_id is None) != (refresh_token_file is None):
        raise typer.BadParameter("--realm-id and --refresh-token-file go together.")
    if (client_id is None) != (client_secret_file is None):
        raise typer.BadParameter("--client-id and --client-secret-file go together.")
    own_app = App(client_id, client_secret_file.read().strip()) if client_id and client_secret_file else None
    options = {"environment": environment, "app": own_app, "business_entity_id": business_entity}
    settings = read_settings()
    with _state(settings) as store:
        if realm_id and refresh_token_file:
            token = refresh_token_file.read().strip()
            connection = connect_headless(store, settings, name, realm_id, token, **options)
        else:
            connection = connect_in_browser(store, settings, name, **options)
    console.say(
        f"Connected {connection.company_name} (realm {connection.realm_id}, {connection.environment}) as {connection.name}.\n"
        f"Next: qbo-pipeline sync --connection {connection.name}"
    )


@app.command()
def connections(as_json: AsJson = False) -> None:
    """List the connections: status, last sync, token ages, and why one is inactive."""
    with _state(read_settings()) as store:
        found = store.connections.all()
    if as_json:
        console.print_json(found)
    elif found:
        console.print_connections(found)
    else:
        console.say("There is no connection yet. Make one with: qbo-pipeline connect NAME")


@app.command()
def disconnect(name: str) -> None:
    """Revoke a connection's tokens at Intuit and make it inactive; its data stays, other connections are left alone."""
    settings = read_settings()
    with _state(settings) as store:
        disconnect_connection(store, settings, name)
    console.say(f"Disconnected {name}: its tokens are revoked and erased; what was pulled stays in the warehouse.")


@app.command()
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
    with _state(settings) as store:
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
    with _state(settings) as store:
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


@app.command()
def log(
    connection: Annotated[str | None, typer.Option(help="Only this connection.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only what happened since this instant (UTC).")] = None,
    status: Annotated[LogStatus | None, typer.Option(help="Only lines that ended so.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many lines.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Show what past syncs did, newest first: rows per connection and entity, calls, errors."""
    with _state(read_settings()) as store:
        if connection:
            store.connections.get(connection)
        entries = store.sync_log.entries(connection=connection, since=console.as_utc(since), status=status, limit=limit)
    if as_json:
        console.print_json(entries)
    else:
        console.print_log(entries)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check settings, keys, connections and warehouse; every problem comes with its fix."""
    from qbo_pipeline.doctor import examine  # noqa: PLC0415

    findings = examine()
    if as_json:
        console.print_json(findings)
    else:
        console.print_findings(findings)
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else 1)


@app.command()
def report(
    connection: Connections = [],  # noqa: B006 - Typer copies its defaults
    folder: Annotated[Path | None, typer.Option("--to", help="Where to write; default QBO_HOME/reports.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the owner's report of each company: statements, ageing, charts and ties in one HTML file."""
    from qbo_pipeline.owner_report.write import write_reports  # noqa: PLC0415 - matplotlib loads for this verb only

    settings = read_settings()
    with _state(settings) as store:
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


@app.command("emulator")
def run_emulator(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any free one.")] = 8712,
    company: Annotated[
        list[str],
        typer.Option(help="landscaping, consultancy or generated:INVOICES[:SEED[:LINES]]; may be given again."),
    ] = ["landscaping"],  # noqa: B006
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the books end at; default today.")
    ] = None,
    latency_ms: Annotated[int, typer.Option(min=0, help="How much slower every answer is.")] = 0,
    state_file: Annotated[Path | None, typer.Option(help="Where grants are kept for the next start.")] = None,
) -> None:
    """Run an emulated QuickBooks Online on this machine, until interrupted."""
    from qbo_pipeline.emulator.command import serve  # noqa: PLC0415
    from qbo_pipeline.emulator.state_file import DamagedStateError  # noqa: PLC0415

    day: date | None = as_of.date() if as_of else None
    try:
        serve(company, port=port, as_of=day, latency_ms=latency_ms, state_file=state_file)
    except (ValueError, DamagedStateError) as error:
        _refuse(error, 1)


def _state(settings: Settings) -> StateStore:
    settings.home.mkdir(parents=True, exist_ok=True)
    return open_state(settings)


def _refuse(error: Exception, code: int) -> None:
    console.complain(str(error))
    sys.exit(code)
