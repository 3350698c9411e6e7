"""The data files read together: lookups from an id to a reference, and who settled what.

Every link between two documents is written once in the data (a payment names its invoices, an invoice its estimate); both
documents' `LinkedTxn` and the open balances are derived from it here, so that they cannot contradict each other.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources

from qbo_pipeline.emulator.companies.landscaping.fields import Row
from qbo_pipeline.emulator.source import Record

_FILES = ("lists.json", "names.json", "sales.json", "spending.json", "banking.json")


@dataclass(frozen=True)
class Link:
    """One document settling, billing or banking another; amount is what it takes off the target's balance."""

    source: str
    source_id: int
    target: str
    target_id: int
    amount: Decimal = Decimal(0)


class Recording:
    """All rows of the data files by entity, with the lookups the builders need."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        for name in _FILES:
            self.rows |= json.loads(read_data(name), parse_float=Decimal)
        self._by_id = {entity: {row["id"]: row for row in rows} for entity, rows in self.rows.items()}
        self._links = list(_links(self.rows))

    def row(self, entity: str, row_id: int) -> Row:
        """The row of one record."""
        return self._by_id[entity][row_id]

    def reference(self, entity: str, row_id: int) -> Record:
        """A reference to a list record, with the name QuickBooks shows beside the id."""
        name = self.full_name(entity, row_id) if entity == "Account" else self.row(entity, row_id)["name"]
        return {"value": str(row_id), "name": name}

    def full_name(self, entity: str, row_id: int) -> str:
        """FullyQualifiedName: the names from the outermost parent down, joined by colons."""
        row = self.row(entity, row_id)
        return f"{self.full_name(entity, row['parent'])}:{row['name']}" if "parent" in row else row["name"]

    def depth(self, entity: str, row_id: int) -> int:
        """How many parents a record has; 0 at the top."""
        row = self.row(entity, row_id)
        return 1 + self.depth(entity, row["parent"]) if "parent" in row else 0

    def links_into(self, target: str, target_id: int) -> list[Record]:
        """LinkedTxn entries for what points at a document, newest first as recorded."""
        found = [link for link in self._links if (link.target, link.target_id) == (target, target_id)]
        found.sort(key=lambda link: link.source_id, reverse=True)
        return [{"TxnId": str(link.source_id), "TxnType": link.source} for link in found]

    def settled(self, target: str, target_id: int) -> Decimal:
        """How much of a document's total payments have taken off."""
        return sum(
            (link.amount for link in self._links if (link.target, link.target_id) == (target, target_id)), Decimal(0)
        )


def read_data(name: str) -> str:
    """The text of one of the company's data files."""
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _links(rows: dict[str, list[Row]]) -> Iterator[Link]:
    for payment in rows["Payment"]:
        for target, target_id, amount in payment["applied"]:
            yield Link("Payment", payment["id"], target, target_id, Decimal(amount))
    for payment in rows["BillPayment"]:
        # Recorded bills name a card payment "BillPaymentCheck" too.
        yield Link("BillPaymentCheck", payment["id"], "Bill", payment["bill"], Decimal(payment["amount"]))
    for deposit in rows["Deposit"]:
        for target, target_id, _ in deposit.get("deposited", ()):
            yield Link("Deposit", deposit["id"], target, target_id)
    for invoice in rows["Invoice"]:
        if "estimate" in invoice:
            yield Link("Invoice", invoice["id"], "Estimate", invoice["estimate"])
