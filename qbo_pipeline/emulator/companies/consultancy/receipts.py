"""Money coming in to the consultancy: payments that settle invoices, and deposits that take them to the bank."""

from collections.abc import Sequence
from decimal import Decimal

from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger, pennies
from qbo_pipeline.emulator.name_values import extension
from qbo_pipeline.emulator.source import Record

UNDEPOSITED = "4"
_INTEREST_RECEIVED, _DIRECTORS_LOAN = "35", "49"


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
                "Line": _lines(settles, "Invoice") + _lines(credits_used, "CreditMemo"),
            },
        )
        ledger.post(account, total)
        ledger.post(lists.account_for("Accounts Receivable", currency), -total)
        for record, amount in (*settles, *credits_used):
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
            lines.append(self._interest_line(Decimal(interest)))
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
            drawn = {
                "AccountRef": lists.reference("Account", _DIRECTORS_LOAN),
                "Amount": Decimal(cash_back),
                "Memo": "Petty cash",
            }
            fields["CashBack"] = drawn
            ledger.post(_DIRECTORS_LOAN, Decimal(cash_back))
        deposit = ledger.enter("Deposit", fields)
        ledger.post(account, total)
        ledger.post(UNDEPOSITED, -taken)
        for receipt in receipts:
            ledger.link(receipt, deposit, "Deposit")
        return deposit

    def _interest_line(self, amount: Decimal) -> Record:
        return {
            "Id": "1",
            "LineNum": 1,
            "Description": "Interest",
            "Amount": amount,
            "DetailType": "DepositLineDetail",
            "DepositLineDetail": {
                "AccountRef": self._lists.reference("Account", _INTEREST_RECEIVED),
                "TaxCodeRef": {"value": "6"},
            },
        }

    def _reduce(self, record: Record, amount: Decimal, payment: Record) -> None:
        for left in ("Balance", "RemainingCredit"):
            if left in record:
                record[left] -= amount
        record["HomeBalance"] = pennies(record["Balance"] * record["ExchangeRate"])
        self._ledger.link(record, payment, "Payment")


def _lines(records: Sequence[tuple[Record, Decimal]], kind: str) -> list[Record]:
    return [
        {
            "Amount": amount,
            "LinkedTxn": [_link(record, kind)],
            "LineEx": extension(
                txnId=record["Id"], txnOpenBalance=str(record["Balance"]), txnReferenceNumber=record["DocNumber"]
            ),
        }
        for record, amount in records
    ]


def _link(record: Record, kind: str) -> dict[str, str]:
    return {"TxnId": record["Id"], "TxnType": kind}


def _kind(receipt: Record) -> str:
    return "Payment" if "UnappliedAmt" in receipt else "SalesReceipt"
