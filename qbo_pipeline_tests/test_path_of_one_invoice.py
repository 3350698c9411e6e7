"""One invoice, from the moment it is written in QuickBooks to the copy analysts open, and through what befalls it."""

from datetime import date
from decimal import Decimal

import pytest

from qbo_pipeline.orchestration.run import run_sync
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.usefixtures("definitions", "unhurried")]


def _sync(installation: Installation) -> None:
    run = run_sync(installation.settings, connections=["us"])
    assert run.succeeded, run.failures


def test_an_invoice_arrives_typed_to_the_cent_and_keeps_up_with_quickbooks(synced: Installation) -> None:
    lines = [
        {
            "Amount": amount,
            "DetailType": "SalesItemLineDetail",
            "Description": description,
            "SalesItemLineDetail": {"ItemRef": {"value": "11"}, "Qty": quantity, "UnitPrice": price},
        }
        for amount, quantity, price, description in ((100.10, 3, 33.3666667, "Rosen & Flieder"), (0.20, 1, 0.2, "株"))
    ]
    content = {"CustomerRef": {"value": "2"}, "TxnDate": "2026-02-28", "DueDate": "2026-03-30", "Line": lines}
    invoice_id = synced.create("Invoice", content)["Id"]
    one = f"from qbo.{{}} where realm_id = '{LANDSCAPING}' and {{}} = '{invoice_id}'"
    header = "select total_amount, balance, transaction_date, due_date, customer_id, is_deleted " + one.format(
        "invoice", "id"
    )

    _sync(synced)
    total = Decimal("100.30")
    assert synced.published(header) == [(total, total, date(2026, 2, 28), date(2026, 3, 30), "2", False)]
    line = "select amount, quantity, unit_price, description, item_id " + one.format("invoice_line", "invoice_id")
    assert synced.published(line + " and detail_type = 'SalesItemLineDetail' order by line_number") == [
        (Decimal("100.10"), Decimal(3), Decimal("33.3666667000"), "Rosen & Flieder", "11"),
        (Decimal("0.20"), Decimal(1), Decimal("0.2000000000"), "株", "11"),
    ]

    synced.edit("Invoice", invoice_id, Line=lines[1:], PrivateNote="one line less")
    _sync(synced)
    assert synced.published(header)[0][:2] == (Decimal("0.20"), Decimal("0.20"))
    assert len(synced.published(line + " and detail_type = 'SalesItemLineDetail'")) == 1

    synced.emulator.companies[LANDSCAPING].void("Invoice", invoice_id)
    synced.edit("Customer", "2", Active=False)
    _sync(synced)
    assert synced.published(header)[0][:2] == (Decimal("0.00"), Decimal("0.00"))
    assert synced.published(header)[0][-1] is False
    customer = f"select is_active, is_deleted from qbo.customer where realm_id = '{LANDSCAPING}' and id = '2'"
    assert synced.published(customer) == [(False, False)]
    missing = f"select count(*) from qbo.missing_reference where realm_id = '{LANDSCAPING}' and id = '{invoice_id}'"
    assert synced.published(missing) == [(0,)]
    versions = f"select count(*) from raw_qbo.invoice where realm_id = '{LANDSCAPING}' and id = '{invoice_id}'"
    assert synced.published(versions) == [(3,)]
