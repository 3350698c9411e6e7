"""The demo: three sample companies at an emulated QuickBooks, connected, pulled, typed, and shown.

Nothing here is special to the pipeline but the address QuickBooks has: each connection records it, so every other verb
reaches the same companies as long as the emulator runs.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import indent

import requests

from qbo_pipeline import console
from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.emulator.oauth.apps import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.orchestration.instance import prepare_dagster_home
from qbo_pipeline.orchestration.run import is_complete, log_path, run_push, run_sync
from qbo_pipeline.outbound.story import push_line
from qbo_pipeline.owner_report.write import write_reports
from qbo_pipeline.push_console import print_pushes
from qbo_pipeline.settings import Environment, Settings
from qbo_pipeline.state.connect import App, connect_headless
from qbo_pipeline.state.store import open_state
from qbo_pipeline.warehouse.query import read_only
from qbo_pipeline.warehouse.tables import records

# Each connection's name and the emulator's sample company behind it.
SAMPLES = {"landscaping": "landscaping", "consultancy": "consultancy", "generated": "generated:300"}
# The business entities of the sample operational system whose books they are.
BUSINESS_ENTITIES = {
    "landscaping": "be-landscaping",
    "consultancy": "be-consultancy",
    "generated": "be-harborlight",
}

QUERIES = (
    (
        "What do customers owe the landscaping company?",
        """\
select count(*) as open_invoices, sum(balance) as owed
from qbo.invoice
where realm_id = '9341450000000001' and balance > 0 and not is_deleted""",
    ),
    (
        "Which three customers did it invoice most?",
        """\
select customer.display_name, sum(invoice.total_amount) as invoiced
from qbo.invoice
inner join qbo.customer
    on customer.realm_id = invoice.realm_id and customer.id = invoice.customer_id
where invoice.realm_id = '9341450000000001' and not invoice.is_deleted
group by customer.display_name
order by invoiced desc
limit 3""",
    ),
    (
        "Which bills does it still have to pay?",
        """\
select vendor.display_name, bill.balance
from qbo.bill
inner join qbo.vendor on vendor.realm_id = bill.realm_id and vendor.id = bill.vendor_id
where bill.realm_id = '9341450000000001' and bill.balance > 0 and not bill.is_deleted
order by bill.balance desc""",
    ),
    (
        "How many month-ends equal QuickBooks' own reports to the cent?",
        """\
select connection.connection, count(*) filter (where tie.is_tied) as tied, count(*) as compared
from finance.reconciliation_month as tie
inner join sync.connection as connection on connection.realm_id = tie.realm_id
group by connection.connection
order by connection.connection""",
    ),
)


def run_demo(settings: Settings, *, port: int) -> bool:
    """Connect the sample companies, sync, push and sync again, and print what came of it; whether all of it was complete."""
    with emulated_quickbooks(settings, port=port) as url:
        console.say(f"An emulated QuickBooks Online answers at {url}.")
        _connect(settings, url)
        _make_operations(settings)
        console.say("First sync: everything that is not here yet is read and typed, on both sides.")
        first = _timed_sync(settings)
        console.say("Push: what the operational system approved goes to QuickBooks, each document once.")
        pushed = _push(settings)
        console.say("Second sync: only what changed since, with no more calls than the schedule makes.")
        second = _timed_sync(settings, all_entities=False)
        # What the books now say of the pushed documents goes back.
        pushed = pushed and run_push(settings, connections=list(SAMPLES)).succeeded
    if not settings.analytics_path.exists():
        console.complain(f"Nothing was published; what went wrong stands above and, whole, in {log_path(settings)}.")
        return False
    _show_tables(settings)
    _show_queries(settings)
    _show_files(settings)
    return first and pushed and second


def run_dev(settings: Settings, *, port: int, ui_port: int) -> int:
    """Serve the Dagster UI with the emulator and its companies beside it until interrupted; the UI's exit code."""
    with emulated_quickbooks(settings, port=port) as url:
        console.say(f"An emulated QuickBooks Online answers at {url}.")
        _connect(settings, url)
        _make_operations(settings)
        return serve_ui(settings, ui_port)


def serve_ui(settings: Settings, port: int) -> int:
    """Serve the Dagster UI and its schedules until interrupted; its exit code."""
    prepare_dagster_home(settings)
    console.say(f"The Dagster UI will be at http://127.0.0.1:{port} in some seconds; Ctrl+C ends it.")
    dagster = Path(sys.executable).with_name("dagster")
    location = ["-m", "qbo_pipeline.definitions"]
    return subprocess.call([str(dagster), "dev", "-h", "127.0.0.1", "-p", str(port), *location])


@contextlib.contextmanager
def emulated_quickbooks(settings: Settings, *, port: int) -> Iterator[str]:
    """The emulator in a process of its own, at its address; grants and dates are kept in `QBO_HOME` for the next start."""
    state_file = settings.home / "emulator.json"
    _forget_lost_grants(settings, state_file)
    settings.home.mkdir(parents=True, exist_ok=True)
    samples = [argument for sample in SAMPLES.values() for argument in ("--company", sample)]
    place = ["--port", str(port), "--state-file", str(state_file)]
    with subprocess.Popen(
        [sys.executable, "-m", "qbo_pipeline.emulator", *place, *samples], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    words = line.split()
    address = next((word for word in words if word.startswith("http://")), None)
    if address is None:
        raise OSError("The emulated QuickBooks did not start; its own message stands above. Another port: --port.")
    return address


def _connect(settings: Settings, url: str) -> None:
    """Connect each sample company that is not connected yet, with the app's own credentials kept beside its tokens."""
    served = requests.get(f"{url}/admin/companies", timeout=30).json()
    at_emulator = settings.model_copy(
        update={
            "api_url": url,
            "authorize_url": f"{url}/connect/oauth2",
            "token_url": f"{url}/oauth2/v1/tokens/bearer",
            "revoke_url": f"{url}/v2/oauth2/tokens/revoke",
        }
    )
    with open_state(settings) as store:
        connected = {each.name for each in store.connections.all() if each.is_active}
        for name, company in zip(SAMPLES, served, strict=True):
            if name in connected:
                continue
            order = {"realm_id": company["realm_id"], "client_id": DEFAULT_CLIENT_ID}
            grant = requests.post(f"{url}/admin/grants", json=order, timeout=30).json()
            connection = connect_headless(
                store,
                at_emulator,
                name,
                company["realm_id"],
                grant["refresh_token"],
                environment=Environment.SANDBOX,
                app=App(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET),
                business_entity_id=BUSINESS_ENTITIES[name],
            )
            console.say(f"Connected {connection.company_name} as {connection.name}.")


def _make_operations(settings: Settings) -> None:
    """Make the sample operational system once, and set the day from which its documents are pushed."""
    if settings.ops_url is not None:
        return
    today = datetime.now(UTC).date()
    if not settings.ops_sample_path.exists():
        rows = sum(make_sample(settings.ops_sample_path, today).values())
        console.say(f"Made a sample operational system of {rows:,} rows in {settings.ops_sample_path}.")
    with open_state(settings) as store:
        for name in SAMPLES:
            realm_id = store.connections.get(name).realm_id
            if store.push_settings.of(realm_id).go_live_date is None:
                store.push_settings.set_go_live(realm_id, (today - timedelta(days=45)).replace(day=1))


def _push(settings: Settings) -> bool:
    """Allow pushes to the sample companies, send what is due and tell what came of it; whether every company was served."""
    started = time.monotonic()
    with open_state(settings) as store:
        connections = {store.connections.get(name).realm_id: name for name in SAMPLES}
        for realm_id in connections:
            store.push_settings.arm(realm_id)
    with console.working("Pushing"):
        run = run_push(settings, connections=list(SAMPLES))
    with open_state(settings) as store:
        lines = [push_line(each, connections[each.realm_id]) for each in store.outbox.intents()]
    print_pushes(lines)
    for failure in run.failures:
        console.complain(failure)
    console.say(f"That took {time.monotonic() - started:.1f} s.\n")
    return run.succeeded


def _forget_lost_grants(settings: Settings, state_file: Path) -> None:
    """An emulator that starts anew knows none of the tokens it gave: its companies are to be connected again."""
    if state_file.exists() or not settings.home.exists():
        return
    with open_state(settings) as store:
        for connection in store.connections.all():
            if connection.name in SAMPLES and connection.is_active:
                store.connections.deactivate(connection.name, "the emulator it was connected to is gone")


def _timed_sync(settings: Settings, *, all_entities: bool = True) -> bool:
    started = time.monotonic()
    with console.working("Pulling, typing and publishing") as watcher:
        run = run_sync(settings, connections=list(SAMPLES), all_entities=all_entities, watcher=watcher)
    with open_state(settings) as store:
        entries = store.sync_log.entries(run_id=run.run_id)
    console.print_sync(run, entries)
    console.say(f"That took {time.monotonic() - started:.1f} s.\n")
    return run.succeeded and is_complete(entries)


def _show_tables(settings: Settings) -> None:
    with read_only(settings.analytics_path) as warehouse:
        counted = records(warehouse, "qbo")
    with open_state(settings) as store:
        realms = {name: store.connections.get(name).realm_id for name in SAMPLES}
    tables = {entity.table for entity in ENTITIES}
    rows = [
        (name, *(count.get(realm, 0) for realm in realms.values())) for name, count in counted.items() if name in tables
    ]
    console.print_table("Records pulled, by table of schema qbo and connection", ("table", *realms), rows)
    parts = [count for name, count in counted.items() if name not in tables]
    total = sum(sum(count.values()) for count in parts)
    console.say(f"and {total:,} rows in {len(parts)} tables of their lines, links, taxes and custom fields.\n")


def _show_queries(settings: Settings) -> None:
    with read_only(settings.analytics_path) as warehouse:
        for question, statement in QUERIES:
            result = warehouse.execute(statement)
            columns = [column[0] for column in result.description]
            console.say(f"{question}\n\n{indent(statement, '    ')}\n")
            console.print_table(None, columns, result.fetchall())


def _show_files(settings: Settings) -> None:
    reports = write_reports(settings.home / "reports")
    console.say(
        f"Analysts open    {settings.analytics_path}   (at any time, read-only)\n"
        f"Owners read      {', '.join(str(path) for path in reports.values())}\n"
        f"The pipeline's   {settings.warehouse_path}\n"
        f"State and keys   {settings.home / 'state.db'}, {settings.token_key_path}\n\n"
        "The Dagster UI with the emulator running:  make dev   then http://127.0.0.1:3000"
    )
