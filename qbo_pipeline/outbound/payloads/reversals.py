"""What takes back a document of closed books: the same lines on an open day, and the payment of nothing that applies it.

Both are made of the record as it stands in QuickBooks and not of the source, so that to the cent and to the account the two
come to nothing together, whatever was changed there or mapped otherwise since.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.document import Reversal
from qbo_pipeline.outbound.payloads.heading import NOTE_MAX
from qbo_pipeline.outbound.payloads.pricing import shortened

_HEAD = (
    *(
        "CustomerRef",
        "CurrencyRef",
        "ExchangeRate",
        "ClassRef",
        "DepartmentRef",
        "BillAddr",
        "ShipAddr",
        "ShipFromAddr",
    ),
    *("GlobalTaxCalculation", "ApplyTaxAfterDiscount", "TxnTaxDetail"),
)
# Where the money of a receipt went it comes back from.
_MONEY = ("DepositToAccountRef", "PaymentMethodRef")
_OF_APPLICATION = ("CustomerRef", "CurrencyRef", "ExchangeRate")
# What a record has by being one, or by what else refers to it.
_OWN = frozenset({"Id", "LineNum", "LinkedTxn", "name"})


def reversed_sale(reversal: Reversal, record: Mapping[str, Any]) -> dict[str, Any]:
    """A credit memo or refund receipt that says what an invoice or receipt says, and so takes it back."""
    head = (*_HEAD, *_MONEY) if reversal.target == "RefundReceipt" else _HEAD
    number = {"DocNumber": reversal.number} if reversal.number else {}
    lines = [_copied(line) for line in record["Line"] if line.get("DetailType") != "SubTotalLineDetail"]
    return {**number, **_dated(reversal), **_taken_over(head, record), "Line": lines}


def application(reversal: Reversal, record: Mapping[str, Any], credit: Mapping[str, Any]) -> dict[str, Any]:
    """The payment of nothing that uses a credit for what is open of the document it takes back."""
    used = min(Decimal(record["Balance"]), Decimal(credit["RemainingCredit"]))
    linked = ((reversal.of.target, record), ("CreditMemo", credit))
    lines = [{"Amount": used, "LinkedTxn": [{"TxnId": each["Id"], "TxnType": target}]} for target, each in linked]
    return {**_dated(reversal), **_taken_over(_OF_APPLICATION, record), "TotalAmt": Decimal(0), "Line": lines}


def _dated(reversal: Reversal) -> dict[str, str]:
    return {
        "TxnDate": reversal.transaction_date.isoformat(),
        "PrivateNote": shortened(reversal.reason, NOTE_MAX),
    }


def _taken_over(names: tuple[str, ...], record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copied(record[name]) for name in names if record.get(name) is not None}


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(each) for name, each in value.items() if name not in _OWN}
    return [_copied(each) for each in value] if isinstance(value, list) else value
