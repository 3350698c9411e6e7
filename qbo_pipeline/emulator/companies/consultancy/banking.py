"""The consultancy's other bookkeeping: transfers, journals, the card, VAT returns, stock counts, hours and recharges."""

from collections.abc import Sequence
from decimal import Decimal

from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger, pennies
from qbo_pipeline.emulator.companies.consultancy.lists import HOME_CURRENCY
from qbo_pipeline.emulator.source import Record

_CURRENT, _CARD, _STOCK, _SHRINKAGE, _VAT = "60", "48", "44", "12", "42"
_BALANCE_SHEET = {
    "Bank",
    "Accounts Receivable",
    "Other Current Asset",
    "Fixed Asset",
    "Accounts Payable",
    "Credit Card",
    "Other Current Liability",
    "Long Term Liability",
    "Equity",
}

JournalLine = tuple[str, str, str]  # account, "Debit" or "Credit", amount


class Banking:
    """Enters everything that is neither a sale nor a purchase into the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lists = ledger, ledger.lists

    def transfer(self, source: str, target: str, amount: str, note: str) -> Record:
        """Money moved between two accounts in home currency."""
        self._ledger.post(source, -Decimal(amount))
        self._ledger.post(target, Decimal(amount))
        return self._ledger.enter(
            "Transfer",
            {
                "FromAccountRef": self._lists.reference("Account", source),
                "ToAccountRef": self._lists.reference("Account", target),
                "Amount": Decimal(amount),
                "TxnDate": self._ledger.date(),
                **self._ledger.currency_fields(HOME_CURRENCY),
                "PrivateNote": note,
            },
        )

    def journal(
        self,
        lines: Sequence[JournalLine],
        *,
        number: str | None = None,
        note: str | None = None,
        currency: str = HOME_CURRENCY,
        class_id: str | None = None,
        department: str | None = None,
        employee: str | None = None,
        is_adjustment: bool = False,
    ) -> Record:
        """A balanced journal entry; its line ids start at "0", as in QuickBooks."""
        if sum(Decimal(amount) * (1 if side == "Debit" else -1) for _, side, amount in lines):
            raise ValueError(f"The journal entry {number or note!r} does not balance.")
        dimensions: Record = {}
        if class_id:
            dimensions["ClassRef"] = self._lists.reference("Class", class_id)
        if department:
            dimensions["DepartmentRef"] = self._lists.reference("Department", department)
        if employee:
            dimensions["Entity"] = {"Type": "Employee", "EntityRef": self._lists.reference("Employee", employee)}
        for account, side, amount in lines:
            self._post_journal(account, Decimal(amount) * (1 if side == "Debit" else -1), currency)
        return self._ledger.enter(
            "JournalEntry",
            {
                "TxnDate": self._ledger.date(),
                **self._ledger.currency_fields(currency),
                **({"DocNumber": number} if number else {}),
                **({"PrivateNote": note} if note else {}),
                "Adjustment": is_adjustment,
                "GlobalTaxCalculation": "NotApplicable",
                "TotalAmt": Decimal(0),
                "TxnTaxDetail": {},
                "Line": [self._journal_line(place, line, dimensions) for place, line in enumerate(lines)],
            },
        )

    def pay_card(self, amount: str, note: str) -> Record:
        """The company card's balance, or part of it, paid from the current account."""
        self._ledger.post(_CURRENT, -Decimal(amount))
        self._ledger.post(_CARD, Decimal(amount))
        return self._ledger.enter(
            "CreditCardPayment",
            {
                "TxnDate": self._ledger.date(),
                "Amount": Decimal(amount),
                "BankAccountRef": self._lists.reference("Account", _CURRENT),
                "CreditCardAccountRef": self._lists.reference("Account", _CARD),
                **self._ledger.currency_fields(HOME_CURRENCY),
                "PrivateNote": note,
            },
        )

    def pay_vat(self, description: str) -> Record:
        """What VAT Control owes today, paid to the tax agency; a refund where the agency owes."""
        owed = -self._ledger.balances[_VAT]
        self._ledger.post(_CURRENT, -owed)
        self._ledger.post(_VAT, owed)
        return self._ledger.enter(
            "TaxPayment",
            {
                "PaymentDate": self._ledger.date(),
                "PaymentAccountRef": self._lists.reference("Account", _CURRENT),
                "PaymentAmount": abs(owed),
                "Refund": owed < 0,
                "Description": description,
            },
        )

    def count_stock(self, differences: Sequence[tuple[str, str]], number: str, note: str) -> Record:
        """An adjustment of quantities on hand after a count, valued at cost."""
        for item, difference in differences:
            self._ledger.on_hand[item] += Decimal(difference)
            self._ledger.post(_STOCK, Decimal(difference) * self._lists.cost(item))
        return self._ledger.enter(
            "InventoryAdjustment",
            {
                "TxnDate": self._ledger.date(),
                "DocNumber": number,
                "AdjustAccountRef": self._lists.reference("Account", _SHRINKAGE),
                "PrivateNote": note,
                "Line": [
                    {
                        "Id": str(place),
                        "DetailType": "ItemAdjustmentLineDetail",
                        "ItemAdjustmentLineDetail": {
                            "ItemRef": self._lists.reference("Item", item),
                            "QtyDiff": Decimal(difference),
                        },
                    }
                    for place, (item, difference) in enumerate(differences, start=1)
                ],
            },
        )

    def _journal_line(self, place: int, line: JournalLine, dimensions: Record) -> Record:
        account, side, amount = line
        reference = self._lists.reference("Account", account)
        return {
            "Id": str(place),
            "Amount": Decimal(amount),
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": reference, **dimensions},
        }

    def _post_journal(self, account: str, amount: Decimal, currency: str) -> None:
        """A line moves its account in the account's own currency: a journal in euros moves a sterling account by their worth."""
        if self._lists.get("Account", account)["AccountType"] in _BALANCE_SHEET:
            foreign = self._lists.currency_of("Account", account) == currency
            self._ledger.post(account, amount if foreign else pennies(amount * self._ledger.rate(currency)))
