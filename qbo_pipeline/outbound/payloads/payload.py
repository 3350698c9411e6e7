"""The object of anything wanted, by its target; or what stands in its way."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.delivery.composing import Composed, Held, Ready
from qbo_pipeline.outbound.document import Document, Name, TimeWorked
from qbo_pipeline.outbound.payloads.journals import deposit, journal_entry
from qbo_pipeline.outbound.payloads.lookup import Lookup
from qbo_pipeline.outbound.payloads.names import code, customer, item, vendor
from qbo_pipeline.outbound.payloads.payments import bill_payment, payment
from qbo_pipeline.outbound.payloads.pricing import AMOUNT_MAX
from qbo_pipeline.outbound.payloads.purchase_lines import OrderLines
from qbo_pipeline.outbound.payloads.purchases import purchase
from qbo_pipeline.outbound.payloads.sales import sale
from qbo_pipeline.outbound.payloads.time import time_activity

SALES = ("Estimate", "Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")
PURCHASES = ("PurchaseOrder", "Bill", "Purchase", "VendorCredit")

# What is said once: afterwards it is QuickBooks' or its people's to move.
_ONCE = frozenset({"EmailStatus", "TxnStatus", "LinkedTxn"})


def payload(wanted: Document | TimeWorked | Name, look: Lookup, order_lines: OrderLines) -> Composed:
    """What a request is made of. Of an update only what we may write again; its lines are whole, since they replace all."""
    if any(number is not None and abs(number) > AMOUNT_MAX for number in _numbers(wanted)):
        # Said first: nothing can be worked out with such numbers.
        return Held(
            "amount_too_large", "An amount or quantity of it is larger than QuickBooks keeps. Correct it in the source."
        )
    if isinstance(wanted, TimeWorked):
        content = time_activity(wanted, look)
    elif isinstance(wanted, Name):
        content = _NAMES[wanted.target](wanted, look)
    elif wanted.target in SALES:
        content = sale(wanted, look)
    elif wanted.target in PURCHASES:
        content = purchase(wanted, look, order_lines)
    elif wanted.target in _OTHERS:
        content = _OTHERS[wanted.target](wanted, look)
    else:
        return Held("unknown_target", f"No {wanted.target} is made of documents. Correct what its source becomes.")
    composed = look.outcome(content)
    return composed if look.is_new or not isinstance(composed, Ready) else Ready(_again(composed.content))


def _numbers(wanted: Document | TimeWorked | Name) -> Iterator[Decimal | None]:
    if isinstance(wanted, TimeWorked):
        yield wanted.rate
    elif isinstance(wanted, Document):
        yield from (wanted.total, wanted.tax_total, wanted.exchange_rate, wanted.discount and wanted.discount.value)
        for line in wanted.lines:
            yield from (line.amount, line.quantity, line.unit_price)


def _again(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in _ONCE}


_NAMES: dict[str, Callable[[Name, Lookup], dict[str, Any]]] = {
    "Customer": customer,
    "Vendor": vendor,
    "Item": item,
    **dict.fromkeys(("Term", "Class", "Department", "PaymentMethod"), code),
}
_OTHERS: dict[str, Callable[[Document, Lookup], dict[str, Any]]] = {
    "Payment": payment,
    "BillPayment": bill_payment,
    "JournalEntry": journal_entry,
    "Deposit": deposit,
}
