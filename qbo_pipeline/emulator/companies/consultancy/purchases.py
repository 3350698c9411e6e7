"""What the consultancy buys: purchase orders, bills, vendor credits, their payments, and money spent on the spot."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger, pennies
from qbo_pipeline.emulator.companies.consultancy.tax import EXCLUDED, NOT_APPLICABLE, Taxed, tax_detail, taxed
from qbo_pipeline.emulator.name_values import extension
from qbo_pipeline.emulator.source import Record

_STOCK, _VAT = "44", "42"
# What PurchaseEx calls the forms money is spent with.
_SPENDING = {"Check": "3", "Cash": "54", "CreditCard": "54"}


@dataclass(frozen=True)
class Cost:
    """A line to buy: an expense account with an amount."""

    account: str
    amount: str
    code: str = "2"
    text: str | None = None
    class_id: str | None = None
    billable_to: str | None = None


@dataclass(frozen=True)
class Supply:
    """A line to buy: an item with a quantity, at the item's cost; `ordered` is the line of the purchase order it fulfils."""

    item: str
    quantity: str
    code: str = "4"
    ordered: tuple[Record, str] | None = None


Bought = Cost | Supply


class Purchases:
    """Enters purchase forms into the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lists = ledger, ledger.lists

    def order(self, vendor: str, bought: Sequence[Bought], number: str, memo: str) -> Record:
        """A purchase order; it posts nothing."""
        fields = self._form(vendor, bought, EXCLUDED)
        fields |= {"DocNumber": number, "POStatus": "Open", "Memo": memo, "LinkedTxn": []}
        return self._ledger.enter("PurchaseOrder", fields)

    def bill(
        self,
        vendor: str,
        bought: Sequence[Bought],
        number: str,
        *,
        mode: str = EXCLUDED,
        note: str | None = None,
        department: str = "1",
    ) -> Record:
        """A bill; where it fulfils a purchase order, the two link to each other and the order closes."""
        fields = self._form(vendor, bought, mode)
        term = self._lists.get("Vendor", vendor)["Term"]
        fields |= {
            "DocNumber": number,
            "SalesTermRef": self._lists.reference("Term", term),
            "DueDate": self._ledger.due_date(term),
            "DepartmentRef": self._lists.reference("Department", department),
            "Balance": fields["TotalAmt"],
            "HomeBalance": fields["HomeTotalAmt"],
            "LinkedTxn": [],
            **({"PrivateNote": note} if note else {}),
        }
        orders = [supply.ordered[0] for supply in bought if isinstance(supply, Supply) and supply.ordered]
        if orders:
            fields["LinkedTxn"] = [{"TxnId": orders[0]["Id"], "TxnType": "PurchaseOrder"}]
        bill = self._ledger.enter("Bill", fields)
        self._post(fields, fields["APAccountRef"]["value"], -1)
        if orders:
            orders[0]["POStatus"] = "Closed"
            self._ledger.link(orders[0], bill, "Bill")
        return bill

    def vendor_credit(self, vendor: str, bought: Sequence[Bought], number: str) -> Record:
        """A vendor's credit, all of it still to be used."""
        fields = self._form(vendor, bought, EXCLUDED)
        fields |= {"DocNumber": number, "Balance": fields["TotalAmt"], "LinkedTxn": []}
        self._post(fields, fields["APAccountRef"]["value"], 1)
        return self._ledger.enter("VendorCredit", fields)

    def bill_payment(
        self,
        vendor: str,
        settles: Sequence[tuple[Record, Decimal]],
        *,
        credits_used: Sequence[tuple[Record, Decimal]] = (),
        by_card: bool = False,
        number: str | None = None,
    ) -> Record:
        """A payment of bills by bank (which QuickBooks calls a check) or by the company card."""
        ledger, lists = self._ledger, self._lists
        currency = lists.currency_of("Vendor", vendor)
        account = "48" if by_card else lists.account_for("Bank", currency)
        paid = sum((amount for _, amount in settles), Decimal(0))
        total = paid - sum((amount for _, amount in credits_used), Decimal(0))
        payable = lists.account_for("Accounts Payable", currency)
        payment = ledger.enter(
            "BillPayment",
            {
                "TxnDate": ledger.date(),
                **ledger.currency_fields(currency),
                "VendorRef": lists.reference("Vendor", vendor),
                "APAccountRef": lists.reference("Account", payable),
                **_means(lists.reference("Account", account), by_card=by_card),
                **({"DocNumber": number} if number else {}),
                "TotalAmt": total,
                "Line": [
                    {"Amount": amount, "LinkedTxn": [{"TxnId": record["Id"], "TxnType": kind}]}
                    for kind, uses in (("Bill", settles), ("VendorCredit", credits_used))
                    for record, amount in uses
                ],
            },
        )
        ledger.post(account, -total)
        ledger.post(payable, total)
        for record, amount in (*settles, *credits_used):
            record["Balance"] -= amount
            if "HomeBalance" in record:
                record["HomeBalance"] = pennies(record["Balance"] * record["ExchangeRate"])
            ledger.link(record, payment, "BillPaymentCreditCard" if by_card else "BillPaymentCheck")
        return payment

    def spend(
        self,
        means: str,
        account: str,
        bought: Sequence[Bought],
        *,
        payee: tuple[str, str] | None = None,
        number: str | None = None,
        mode: str = EXCLUDED,
        is_refund: bool = False,
    ) -> Record:
        """Money spent on the spot: by "Check", "Cash" or "CreditCard"; a card refund gives it back."""
        fields = self._money(bought, mode, self._lists.currency_of("Account", account))
        if payee:
            kind, party = payee
            fields["EntityRef"] = self._lists.reference(kind, party) | {"type": kind}
        fields |= {
            "PaymentType": means,
            "AccountRef": self._lists.reference("Account", account),
            "PurchaseEx": extension(TxnType=_SPENDING[means]),
            "CustomField": [],
            **({"DocNumber": number} if number else {}),
            **({"Credit": is_refund} if means == "CreditCard" else {}),
        }
        self._post(fields, account, 1 if is_refund else -1)
        return self._ledger.enter("Purchase", fields)

    def _form(self, vendor: str, bought: Sequence[Bought], mode: str) -> Record:
        currency = self._lists.currency_of("Vendor", vendor)
        payable = self._lists.account_for("Accounts Payable", currency)
        return {
            "VendorRef": self._lists.reference("Vendor", vendor),
            "APAccountRef": self._lists.reference("Account", payable),
            **self._money(bought, mode, currency),
        }

    def _money(self, bought: Sequence[Bought], mode: str, currency: str) -> Record:
        lines, money = [], []
        for number, one in enumerate(bought, start=1):
            line, amount = self._cost(one, mode) if isinstance(one, Cost) else self._supply(one, mode)
            lines.append({"Id": str(number), "LineNum": number} | line)
            money.append(amount)
        tax = tax_detail(money)
        total = sum((line["Amount"] for line in lines), Decimal(0)) + tax["TotalTax"]
        return {
            "TxnDate": self._ledger.date(),
            **self._ledger.currency_fields(currency),
            "GlobalTaxCalculation": mode,
            "Line": lines,
            "TxnTaxDetail": tax,
            "TotalAmt": total,
            "HomeTotalAmt": pennies(total * self._ledger.rate(currency)),
        }

    def _cost(self, cost: Cost, mode: str) -> tuple[Record, Taxed]:
        money = taxed(self._lists, Decimal(cost.amount), cost.code, "Purchases", mode)
        detail: dict[str, Any] = {
            "AccountRef": self._lists.reference("Account", cost.account),
            "BillableStatus": "Billable" if cost.billable_to else "NotBillable",
        }
        if mode != NOT_APPLICABLE:
            detail["TaxCodeRef"] = {"value": cost.code}
        if money.gross is not None:
            detail["TaxInclusiveAmt"] = money.gross
        if cost.class_id:
            detail["ClassRef"] = self._lists.reference("Class", cost.class_id)
        if cost.billable_to:
            detail["CustomerRef"] = self._lists.reference("Customer", cost.billable_to)
        line: Record = {"Description": cost.text} if cost.text else {}
        name = "AccountBasedExpenseLineDetail"
        return line | {"Amount": money.net, "DetailType": name, name: detail}, money

    def _supply(self, supply: Supply, mode: str) -> tuple[Record, Taxed]:
        quantity, cost = Decimal(supply.quantity), self._lists.cost(supply.item)
        money = taxed(self._lists, pennies(quantity * cost), supply.code, "Purchases", mode)
        detail = {
            "ItemRef": self._lists.reference("Item", supply.item),
            "Qty": quantity,
            "UnitPrice": cost,
            "BillableStatus": "NotBillable",
            "TaxCodeRef": {"value": supply.code},
        }
        name = "ItemBasedExpenseLineDetail"
        line: Record = {"Amount": money.net, "DetailType": name, name: detail}
        if supply.ordered:
            order, order_line = supply.ordered
            line["LinkedTxn"] = [{"TxnId": order["Id"], "TxnType": "PurchaseOrder", "TxnLineId": order_line}]
        return line, money

    def _post(self, form: Record, account: str, sign: int) -> None:
        """A purchase credits its account (sign -1) and debits stock and reclaimable VAT; a credit the other way round."""
        ledger = self._ledger
        ledger.post(account, sign * form["TotalAmt"])
        ledger.post(_VAT, pennies(-sign * form["TxnTaxDetail"]["TotalTax"] * form["ExchangeRate"]))
        for line in form["Line"]:
            detail = line.get("ItemBasedExpenseLineDetail")
            if detail and detail["ItemRef"]["value"] in ledger.on_hand:
                ledger.on_hand[detail["ItemRef"]["value"]] -= sign * detail["Qty"]
                ledger.post(_STOCK, -sign * line["Amount"])


def _means(account: dict[str, str], *, by_card: bool) -> Record:
    if by_card:
        return {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": account}}
    return {"PayType": "Check", "CheckPayment": {"BankAccountRef": account, "PrintStatus": "NotSet"}}
