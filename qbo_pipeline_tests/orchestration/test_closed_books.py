"""An invoice of closed books that is cancelled: through the jobs, into the ledger analysts read, and to nothing there."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.ops.schema import find_table
from qbo_pipeline.orchestration.run import run_derive, run_push, run_sync
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("definitions", "unhurried"), pytest.mark.timeout(1500)]

CLOSED_TO = date(2026, 3, 31)
INVOICE = "la-inv-5"  # Of March, final, and nothing is applied to it.


def test_a_cancelled_invoice_of_closed_books_comes_to_nothing_in_the_ledger(synced: Installation) -> None:
    store, settings = synced.store, synced.settings
    make_sample(settings.ops_sample_path, CLOSED_TO)
    store.connections.assign("us", "be-landscaping")
    store.push_settings.set_go_live(LANDSCAPING, date(2026, 3, 20))
    store.push_settings.choose(LANDSCAPING, closed_period="redate", targets=("Invoice", "CreditMemo", "Payment"))
    store.push_settings.arm(LANDSCAPING)
    assert run_derive(settings).succeeded
    assert run_push(settings).succeeded
    link = store.links.find(LANDSCAPING, "Invoice", "invoice", INVOICE)
    assert link is not None

    _close(synced)
    _void(synced)
    for job in (run_sync, run_derive, run_push, run_sync):
        assert job(settings).succeeded

    moved = synced.published(
        "select account_id, sum(debit - credit), count(*) filter (where transaction_date <= date '2026-03-31')"
        " from ledger.posting where (transaction_type, transaction_id) in ("
        "   select target, qbo_id from sync.push where source_kind in ('invoice', 'invoice_reversal')"
        f"   and source_id = '{INVOICE}' and operation = 'create') group by account_id"
    )
    assert len(moved) >= 2
    assert {change for _, change, _ in moved} == {Decimal("0.00")}
    assert all(closed for _, _, closed in moved)
    pushed = synced.published(
        "select target, operation, state, reason_code, doc_number from sync.push"
        f" where source_id = '{INVOICE}' and source_kind in ('invoice', 'invoice_reversal') order by target, operation"
    )
    assert pushed == [
        ("CreditMemo", "create", "pushed", None, f"{link.doc_number}-R"),
        ("Invoice", "create", "pushed", None, link.doc_number),
        ("Invoice", "void", "pushed", "reversed", link.doc_number),
        ("Payment", "create", "pushed", None, None),
    ]


def _close(installation: Installation) -> None:
    preferences = installation.edit("Preferences", "1")["AccountingInfoPrefs"]
    installation.edit("Preferences", "1", AccountingInfoPrefs=preferences | {"BookCloseDate": CLOSED_TO.isoformat()})


def _void(installation: Installation) -> None:
    invoices = find_table("invoices")
    with OpsDatabase(f"sqlite:///{installation.settings.ops_sample_path}") as ops, ops.writing() as connection:
        changed = {"status": "void", "updated_at": datetime.now(UTC)}
        connection.execute(sa.update(invoices).where(invoices.c.id == INVOICE).values(changed))
