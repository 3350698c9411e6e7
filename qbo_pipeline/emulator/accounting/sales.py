"""Sales forms: what invoices, sales receipts, credit memos and refunds do to the accounts.

    Dr receivable or bank = total     Cr income per line, tax by agency; a discount is a debit to its own account

Credit memos and refund receipts are the same with both sides changed, the discount included (facts: push-and-accounting,
postings per transaction). The cost of goods sold follows from stock, in `stock.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from qbo_pipeline.emulator.accounting.entries import Entry, Leg
from qbo_pipeline.emulator.accounting.lookups import Lookups, reference
from qbo_pipeline.emulator.accounting.sides import side, tax_sides
from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.source import Record


@dataclass(frozen=True)
class _Form:
    """How reports name a sales form, its sign (credits are negative), and whether money moves at once."""

    display_type: str
    sign: int
    is_paid: bool


_FORMS = {
    "Invoice": _Form("Invoice", 1, is_paid=False),
    "CreditMemo": _Form("Credit Memo", -1, is_paid=False),
    "SalesReceipt": _Form("Sales Receipt", 1, is_paid=True),
    "RefundReceipt": _Form("Refund", -1, is_paid=True),
}


def sales_entry(lookups: Lookups, entity: str, record: Record) -> Entry:
    """The entry of a sales form, without cost of goods."""
    form = _FORMS[entity]
    if form.is_paid:
        account = reference(record, "DepositToAccountRef") or lookups.undeposited()
    else:
        account = lookups.control_account(record, "Customer", reference(record, "CustomerRef"))
    head = side(record, account, form.sign * amount(record.get("TotalAmt")), record.get("PrivateNote", ""))
    entry = lookups.entry(entity, record, form.display_type, head)
    entry.legs = [leg for leg in _sides(lookups, record, form.sign) if leg.amount]
    return entry


def sold_lines(record: Record) -> Iterator[Record]:
    """The lines of a form that sell something; of a bundle its members, which alone post."""
    for line in record.get("Line", ()):
        if line.get("DetailType") == "GroupLineDetail":
            yield from sold_lines(line["GroupLineDetail"])
        elif line.get("DetailType") == "SalesItemLineDetail":
            yield line


def _sides(lookups: Lookups, record: Record, sign: int) -> Iterator[Leg]:
    for line in sold_lines(record):
        yield _sale(lookups, record, line, sign)
    for charge in _statement_charges(lookups, record):
        account = reference(charge, "ItemAccountRef")
        yield side(record, account, -sign * amount(charge["Amount"]), charge["Description"], charge)
    for line in record.get("Line", ()):
        if line.get("DetailType") == "DiscountLineDetail":
            yield _discount(lookups, record, line, sign)
    yield from tax_sides(lookups, record, -sign)


def _sale(lookups: Lookups, record: Record, line: Record, sign: int) -> Leg:
    detail = line["SalesItemLineDetail"]
    item = lookups.item(reference(detail, "ItemRef"))
    account = reference(detail, "ItemAccountRef") or reference(item, "IncomeAccountRef")
    account = account or lookups.chart.first_of_type("Income")
    return side(record, account, -sign * amount(line.get("Amount")), line.get("Description", ""), detail)


def _discount(lookups: Lookups, record: Record, line: Record, sign: int) -> Leg:
    detail = line.get("DiscountLineDetail", {})
    account = reference(detail, "DiscountAccountRef") or lookups.chart.with_subtype("DiscountsRefundsGiven")
    return side(record, account, sign * amount(line.get("Amount")), "Discount", detail)


def _statement_charges(lookups: Lookups, record: Record) -> Iterator[Record]:
    """The statement charges billed by an invoice: the API shows a link to them and no line."""
    billed = {link["TxnId"] for link in record.get("LinkedTxn", ()) if link.get("TxnType") == "StatementCharge"}
    return (charge for charge in lookups.unshown.get("StatementCharge", ()) if charge["Id"] in billed)
