"""What the demo shows: questions with their SQL and answers, what was pulled, and where to look."""

from collections.abc import Sequence
from textwrap import indent

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.console import console
from qbo_pipeline.demo.samples import SAMPLES
from qbo_pipeline.owner_report.write import write_reports
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import open_state
from qbo_pipeline.warehouse.query import read_only
from qbo_pipeline.warehouse.tables import records

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
)

AFTER_THE_PUSH = (
    (
        "How many month-ends equal QuickBooks' own reports to the cent?",
        """\
select connection.connection, count(*) filter (where tie.is_tied) as tied, count(*) as compared
from finance.reconciliation_month as tie
inner join sync.connection as connection on connection.realm_id = tie.realm_id
group by connection.connection
order by connection.connection""",
    ),
    (
        "What became of the operational system's documents, and whose move is it?",
        """\
select connection, target, state, whose_move, count(*) as documents
from sync.push
where operation = 'create'
group by all
order by all""",
    ),
)


def show_tables(settings: Settings) -> None:
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


def show_answers(settings: Settings, queries: Sequence[tuple[str, str]]) -> None:
    with read_only(settings.analytics_path) as warehouse:
        for question, statement in queries:
            result = warehouse.execute(statement)
            columns = [column[0] for column in result.description]
            console.say(f"{question}\n\n{indent(statement, '    ')}\n")
            console.print_table(None, columns, result.fetchall())


def show_files(settings: Settings) -> None:
    reports = write_reports(settings.home / "reports")
    console.say(
        f"Analysts open    {settings.analytics_path}   (at any time, read-only)\n"
        f"Owners read      {', '.join(str(path) for path in reports.values())}\n"
        f"The pipeline's   {settings.warehouse_path}\n"
        f"State and keys   {settings.home / 'state.db'}, {settings.token_key_path}\n\n"
        "The Dagster UI with the emulator running:  make dev   then http://127.0.0.1:3000"
    )
