"""Making the sample system: the same for the same seed and day, so that what is seen once can be looked at again."""

from datetime import date
from pathlib import Path
from random import Random

from qbo_pipeline.ops.create import create_tables
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.sample.contracts import write_contracts
from qbo_pipeline.ops.sample.invoices import write_invoices
from qbo_pipeline.ops.sample.lists import read_lists, write_lists
from qbo_pipeline.ops.sample.office import Office
from qbo_pipeline.ops.sample.payments import write_payments
from qbo_pipeline.ops.sample.quotes import write_quotes, write_sales
from qbo_pipeline.ops.sample.rows import Rows
from qbo_pipeline.ops.sample.spending import write_bills, write_orders, write_receipts
from qbo_pipeline.ops.sample.work import write_tickets, write_time

# How much of everything each business entity has, in hundredths of the fullest.
SIZES = {"be-landscaping": 100, "be-consultancy": 80, "be-harborlight": 25}


def make_sample(path: Path, as_of: date, *, seed: int = 1) -> dict[str, int]:
    """Make the sample system as of a day in a new SQLite file; returns the number of rows by table.

    Receipts' pictures are text files in a folder `receipts` beside it. Raises `OpsRefused` if the file holds one already.
    """
    rows = sample_rows(as_of, seed=seed)
    with OpsDatabase(f"sqlite:///{path}", may_create=True) as database:
        create_tables(database)
        with database.writing() as connection:
            counts = rows.write(connection)
    _write_receipt_files(rows, path.parent)
    return counts


def sample_rows(as_of: date, *, seed: int = 1) -> Rows:
    """Every row of the sample as of a day."""
    rows, told = Rows(), read_lists()
    for entity in write_lists(rows, as_of):
        office = Office(entity, rows, as_of, Random(f"{seed}:{entity['id']}"))
        _write_documents(office, SIZES[office.id], told[office.id]["categories"], told[office.id]["cards"])
    return rows


def _write_documents(office: Office, size: int, categories: list[str], cards: list[str]) -> None:
    def some(most: int) -> int:
        return max(1, most * size // 100)

    write_quotes(office, some(30))
    write_sales(office, some(20))
    write_tickets(office, some(30))
    write_time(office, weeks=6)
    write_contracts(office, some(19))
    write_invoices(office, some(40))
    write_orders(office, some(14))
    write_bills(office, some(10))
    write_receipts(office, some(16), categories, cards)
    write_payments(office)


def _write_receipt_files(rows: Rows, folder: Path) -> None:
    for receipt in rows.of("expense_receipts"):
        if receipt["attachment_ref"]:
            path = folder / receipt["attachment_ref"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"Receipt {receipt['id']}: {receipt['total']} {receipt['currency']}\n", encoding="utf-8")
