"""The consultancy's sales forms: estimates, invoices, credit memos, sales and refund receipts.

One builder serves them all, because QuickBooks does: lines, a subtotal, perhaps a discount, tax by rate, a total.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger, pennies
from qbo_pipeline.emulator.companies.consultancy.lines import Entry, SalesLines, sale_lines
from qbo_pipeline.emulator.companies.consultancy.lists import CUSTOM_FIELDS
from qbo_pipeline.emulator.companies.consultancy.tax import EXCLUDED, tax_detail
from qbo_pipeline.emulator.source import Record

_STOCK, _VAT = "44", "42"


class Sales:
    """Enters sales forms into the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lists = ledger, ledger.lists
        self._invoice_number, self._estimate_number = 1000, 1000

    def estimate(self, customer: str, entries: Sequence[Entry], status: str = "Pending", **options: Any) -> Record:
        """A quotation; it posts nothing."""
        self._estimate_number += 1
        fields = self._form(customer, entries, **options)
        fields |= {
            "DocNumber": f"E-{self._estimate_number}",
            "TxnStatus": status,
            "ExpirationDate": self._ledger.date(self._ledger.today - 30),
            "LinkedTxn": [],
        }
        if status in ("Accepted", "Closed"):
            fields |= {"AcceptedBy": "Purchasing", "AcceptedDate": self._ledger.date()}
        return self._ledger.enter("Estimate", fields)

    def invoice(
        self, customer: str, entries: Sequence[Entry], estimate: Record | None = None, **options: Any
    ) -> Record:
        """An invoice; one made from an estimate closes it and links to it, on the header and on every line."""
        term = self._lists.get("Customer", customer).get("Term", "3")
        fields = self._form(customer, entries, **options)
        fields |= {
            "DocNumber": self._next_number(),
            "SalesTermRef": self._lists.reference("Term", term),
            "DueDate": self._ledger.due_date(term),
            "Balance": fields["TotalAmt"],
            "HomeBalance": fields["HomeTotalAmt"],
            "LinkedTxn": [link for line in fields["Line"] for link in line.get("LinkedTxn", ())],
            "AllowIPNPayment": False,
            "AllowOnlinePayment": False,
            "AllowOnlineCreditCardPayment": False,
            "AllowOnlineACHPayment": False,
        }
        if estimate is not None:
            link = {"TxnId": estimate["Id"], "TxnType": "Estimate"}
            fields["LinkedTxn"] = [link]
            for line in fields["Line"]:
                if line["DetailType"] == "SalesItemLineDetail":
                    line["LinkedTxn"] = [dict(link)]
        invoice = self._ledger.enter("Invoice", fields)
        self._post(fields, self._receivable(customer), 1)
        if estimate is not None:
            estimate["TxnStatus"] = "Closed"
            self._ledger.link(estimate, invoice, "Invoice")
        return invoice

    def credit_memo(self, customer: str, entries: Sequence[Entry], **options: Any) -> Record:
        """A credit, all of it still to be used."""
        fields = self._form(customer, entries, **options)
        fields |= {
            "DocNumber": self._next_number(),
            "Balance": fields["TotalAmt"],
            "RemainingCredit": fields["TotalAmt"],
            "HomeBalance": fields["HomeTotalAmt"],
        }
        self._post(fields, self._receivable(customer), -1)
        return self._ledger.enter("CreditMemo", fields)

    def sales_receipt(
        self, customer: str, entries: Sequence[Entry], method: str, account: str, **options: Any
    ) -> Record:
        """A sale paid on the spot, into a bank account or undeposited funds."""
        fields = self._receipt(customer, entries, method, account, options)
        self._post(fields, account, 1)
        return self._ledger.enter("SalesReceipt", fields)

    def refund_receipt(
        self, customer: str, entries: Sequence[Entry], method: str, account: str, **options: Any
    ) -> Record:
        """Money given back for a sale."""
        fields = self._receipt(customer, entries, method, account, options)
        self._post(fields, account, -1)
        return self._ledger.enter("RefundReceipt", fields)

    def void(self, invoice: Record) -> None:
        """Void an unpaid invoice: everything it says stays, everything it counts becomes nothing."""
        customer = invoice["CustomerRef"]["value"]
        self._post(invoice, self._receivable(customer), -1)
        for line in invoice["Line"]:
            line["Amount"] = Decimal(0)
            detail = line.get("SalesItemLineDetail", {})
            detail |= {field: Decimal(0) for field in ("Qty", "UnitPrice") if field in detail}
        nothing = dict.fromkeys(("TotalAmt", "HomeTotalAmt", "Balance", "HomeBalance"), Decimal(0))
        invoice |= {**nothing, "TxnTaxDetail": {"TotalTax": Decimal(0)}, "LinkedTxn": []}
        invoice["PrivateNote"] = "Voided"
        self._ledger.change(invoice)

    def _next_number(self) -> str:
        self._invoice_number += 1
        return str(self._invoice_number)

    def _receivable(self, customer: str) -> str:
        return self._lists.account_for("Accounts Receivable", self._lists.currency_of("Customer", customer))

    def _receipt(
        self, customer: str, entries: Sequence[Entry], method: str, account: str, options: dict[str, Any]
    ) -> Record:
        return self._form(customer, entries, **options) | {
            "DocNumber": self._next_number(),
            "PaymentMethodRef": self._lists.reference("PaymentMethod", method),
            "DepositToAccountRef": self._lists.reference("Account", account),
            "Balance": Decimal(0),
            "HomeBalance": Decimal(0),
        }

    def _form(
        self,
        customer: str,
        entries: Sequence[Entry],
        *,
        mode: str = EXCLUDED,
        department: str = "1",
        discount_percent: str | None = None,
        discount_amount: str | None = None,
        custom: Sequence[str] = (),
        memo: str = "Thank you for your business.",
        note: str | None = None,
    ) -> Record:
        """What all sales forms have in common. A percentage is taken off before tax, a fixed discount after it."""
        currency = self._lists.currency_of("Customer", customer)
        builder = SalesLines(self._lists, self._lists.get("Customer", customer).get("TaxCode"), mode)
        lines = builder.lines(entries)
        percent = Decimal(discount_percent) if discount_percent else None
        discount = pennies(builder.subtotal * percent / 100) if percent else Decimal(discount_amount or 0)
        if discount:
            lines.append(builder.discount_line(discount, percent))
        tax = tax_detail(builder.money, discount if percent else Decimal(0))
        total = builder.subtotal - discount + tax["TotalTax"]
        return {
            "TxnDate": self._ledger.date(),
            **self._ledger.currency_fields(currency),
            **self._addressed(customer),
            "CustomField": _custom_fields(custom),
            "DepartmentRef": self._lists.reference("Department", department),
            "GlobalTaxCalculation": mode,
            "Line": lines,
            "TxnTaxDetail": tax,
            "ApplyTaxAfterDiscount": percent is not None,
            "TotalAmt": total,
            "HomeTotalAmt": pennies(total * self._ledger.rate(currency)),
            "CustomerMemo": {"value": memo},
            "PrintStatus": "NeedToPrint",
            "EmailStatus": "NotSet",
            **({"PrivateNote": note} if note else {}),
        }

    def _addressed(self, customer: str) -> Record:
        entry = self._lists.get("Customer", customer)
        fields: Record = {"CustomerRef": self._lists.reference("Customer", customer)}
        if "City" in entry:
            lines = [self._lists.name("Customer", customer), entry["Line1"], f"{entry['City']} {entry['PostalCode']}"]
            fields["BillAddr"] = {"Id": f"2{customer}", **{f"Line{n}": text for n, text in enumerate(lines, start=1)}}
            fields["FreeFormAddress"] = True
        if entry.get("IsProject"):
            # A project's reference in documents is an id of another system.
            fields["ProjectRef"] = {"value": f"392980{customer}"}
        return fields

    def _post(self, form: Record, account: str, sign: int) -> None:
        ledger = self._ledger
        ledger.post(account, sign * form["TotalAmt"])
        ledger.post(_VAT, pennies(-sign * form["TxnTaxDetail"]["TotalTax"] * form["ExchangeRate"]))
        for line in sale_lines(form["Line"]):
            item = line["SalesItemLineDetail"]["ItemRef"]["value"]
            if item in ledger.on_hand:
                quantity = sign * line["SalesItemLineDetail"]["Qty"]
                ledger.on_hand[item] -= quantity
                ledger.post(_STOCK, -quantity * self._lists.cost(item))


def _custom_fields(values: Sequence[str]) -> list[Record]:
    """The company's custom fields; one without a value still names itself."""
    padded = [*values, *[""] * (len(CUSTOM_FIELDS) - len(values))]
    return [
        {"DefinitionId": str(number), "Name": name, "Type": "StringType", **({"StringValue": value} if value else {})}
        for number, (name, value) in enumerate(zip(CUSTOM_FIELDS, padded, strict=True), start=1)
    ]
