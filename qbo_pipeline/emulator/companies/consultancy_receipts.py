"""Money coming in to the consultancy: payments that settle invoices, and deposits that take them to the bank."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.companies.consultancy_ledger import Ledger, pennies
from qbo_pipeline.emulator.companies.name_values import extension
from qbo_pipeline.emulator.source import Record

UNDEPOSITED = "4"


class Receipts:
    """Enters payments and deposits into the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lists = ledger, ledger.lists

    def payment(
        self,
        customer: str,
        settles: Sequence[tuple[Record, Decimal]],
        *,
        credits_used: Sequence[tuple[Record, Decimal]] = (),
        unapplied: Decimal = Decimal(0),
        method: str = "1",
        account: str | None = None,
        reference: str | None = None,
    ) -> Record:
        """A payment of invoices, of part of them, of none, or of nothing but credits (its total is then zero).

        It lands on the bank account of the customer's currency unless an account is named.
        """
        ledger, lists = self._ledger, self._lists
        currency = lists.currency_of("Customer", customer)
        account = account or lists.account_for("Bank", currency)
        applied = sum((amount for _, amount in settles), Decimal(0))
        credited = sum((amount for _, amount in credits_used), Decimal(0))
        total = applied - credited + unapplied
        payment = ledger.enter(
            "Payment",
            {
                "TxnDate": ledger.date(),
                **ledger.currency_fields(currency),
                "CustomerRef": lists.reference("Customer", customer),
                "DepositToAccountRef": lists.reference("Account", account),
                "PaymentMethodRef": lists.reference("PaymentMethod", method),
                **({"PaymentRefNum": reference} if reference else {}),
                "TotalAmt": total,
                "UnappliedAmt": unapplied,
                "ProcessPayment": False,
                "LinkedTxn": [],
                "Line": [
                    *(_line(record, amount, "Invoice") for record, amount in settles),
                    *(_line(record, amount, "CreditMemo") for record, amount in credits_used),
                ],
            },
        )
        ledger.post(account, total)
        ledger.post(lists.account_for("Accounts Receivable", currency), -total)
        for record, amount in settles:
            self._reduce(record, amount, payment)
        for record, amount in credits_used:
            record["RemainingCredit"] -= amount
            self._reduce(record, amount, payment)
        return payment

    def deposit(
        self, receipts: Sequence[Record], *, interest: str = "0", cash_back: str = "0", account: str = "60"
    ) -> Record:
        """Receipts from undeposited funds taken to the bank together, perhaps with interest, perhaps less petty cash."""
        ledger, lists = self._ledger, self._lists
        lines: list[Record] = [
            {"Amount": receipt["TotalAmt"], "LinkedTxn": [_link(receipt, _kind(receipt)) | {"TxnLineId": "0"}]}
            for receipt in receipts
        ]
        taken = sum((receipt["TotalAmt"] for receipt in receipts), Decimal(0))
        if Decimal(interest):
            detail: dict[str, Any] = {"AccountRef": lists.reference("Account", "35"), "TaxCodeRef": {"value": "6"}}
            lines.append(
                {
                    "Id": "1",
                    "LineNum": 1,
                    "Description": "Interest",
                    "Amount": Decimal(interest),
                    "DetailType": "DepositLineDetail",
                    "DepositLineDetail": detail,
                }
            )
        total = taken + Decimal(interest) - Decimal(cash_back)
        fields: Record = {
            "TxnDate": ledger.date(),
            **ledger.currency_fields("GBP"),
            "DepositToAccountRef": lists.reference("Account", account),
            "TotalAmt": total,
            "HomeTotalAmt": total,
            "GlobalTaxCalculation": "NotApplicable",
            "Line": lines,
        }
        if Decimal(cash_back):
            drawn = {"AccountRef": lists.reference("Account", "49"), "Amount": Decimal(cash_back), "Memo": "Petty cash"}
            fields["CashBack"] = drawn
            ledger.post("49", Decimal(cash_back))
        deposit = ledger.enter("Deposit", fields)
        ledger.post(account, total)
        ledger.post(UNDEPOSITED, -taken)
        for receipt in receipts:
            ledger.link(receipt, deposit, "Deposit")
        return deposit

    def _reduce(self, record: Record, amount: Decimal, payment: Record) -> None:
        record["Balance"] -= amount
        record["HomeBalance"] = pennies(record["Balance"] * record["ExchangeRate"])
        self._ledger.link(record, payment, "Payment")


def _line(record: Record, amount: Decimal, kind: str) -> Record:
    return {
        "Amount": amount,
        "LinkedTxn": [_link(record, kind)],
        "LineEx": extension(
            txnId=record["Id"], txnOpenBalance=str(record["Balance"]), txnReferenceNumber=record["DocNumber"]
        ),
    }


def _link(record: Record, kind: str) -> dict[str, str]:
    return {"TxnId": record["Id"], "TxnType": kind}


def _kind(receipt: Record) -> str:
    return "Payment" if "UnappliedAmt" in receipt else "SalesReceipt"
