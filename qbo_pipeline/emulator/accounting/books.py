"""A company's books at one moment: every record posted by double entry, as its reports read them.

    records -> entries -> worth at home -> goods -> documents and applications -> settlements -> postings on either basis

Nothing here reads a balance that a record states: the reports are worked out from documents alone, as an independent witness.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property

from qbo_pipeline.emulator.accounting.applications import Document, applications, documents
from qbo_pipeline.emulator.accounting.banking import (
    card_payment_entry,
    deposit_entry,
    sales_tax_payment_entry,
    tax_payment_entry,
    transfer_entry,
)
from qbo_pipeline.emulator.accounting.cash_basis import CashBasis
from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.accounting.entries import Entry
from qbo_pipeline.emulator.accounting.inventory import Posted, adjustment_entry, post_goods, starting_entry
from qbo_pipeline.emulator.accounting.journal import journal_entry
from qbo_pipeline.emulator.accounting.lookups import Lookups
from qbo_pipeline.emulator.accounting.open_items import OpenItem, OpenItems, Side
from qbo_pipeline.emulator.accounting.payments import Settlement, not_specified, payers, settlement
from qbo_pipeline.emulator.accounting.posting import Basis, NameKind, Posting
from qbo_pipeline.emulator.accounting.sales import sales_entry
from qbo_pipeline.emulator.accounting.spending import bill_entry, purchase_entry
from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.source import Record

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_RULES: Mapping[str, Callable[[Lookups, str, Record], Entry]] = {
    "Bill": bill_entry,
    "CreditCardPayment": card_payment_entry,
    "CreditMemo": sales_entry,
    "Deposit": deposit_entry,
    "InventoryAdjustment": adjustment_entry,
    "Invoice": sales_entry,
    "JournalEntry": journal_entry,
    "Purchase": purchase_entry,
    "RefundReceipt": sales_entry,
    "SalesReceipt": sales_entry,
    "TaxPayment": tax_payment_entry,
    "Transfer": transfer_entry,
    "VendorCredit": bill_entry,
}


class Books:
    """Read-only books of one company at one moment; build them with `Company.books()`.

    `unshown` holds the transactions that the API hides, by kind: `SalesTaxPayment`, `StatementCharge`, `InventoryStart`.
    Raises UnbalancedBooksError for records that cannot be posted.
    """

    def __init__(self, records: CompanyRecords, unshown: Mapping[str, Sequence[Record]], today: date) -> None:
        lookups = self._lookups = Lookups(records, unshown)
        company, preferences = next(records.each("CompanyInfo"), {}), next(records.each("Preferences"), {})
        self.home_currency: str = lookups.home_currency  # "USD"
        self.fiscal_year_start_month: int = _MONTHS.index(company.get("FiscalYearStartMonth", "January")) + 1
        self.default_basis: Basis = preferences.get("ReportPrefs", {}).get("ReportBasis", "Accrual")
        self.today = today
        self.company_name: str = company.get("CompanyName", "")
        self._names = {
            (kind, record["Id"]): record.get("FullyQualifiedName") or record["DisplayName"]
            for kind in ("Customer", "Vendor", "Employee")
            for record in records.each(kind)
        }
        self._entries = _entries(lookups)
        self._documents = documents(self._entries, lookups.chart.accounts)
        self._settlements = _settlements(lookups, self._documents)

    def accounts(self) -> Mapping[str, Account]:
        """Every account, inactive ones too, by id."""
        return self._lookups.chart.accounts

    def postings(self, basis: Basis) -> Sequence[Posting]:
        """All postings on a basis, by date, then by the moment the transaction was made."""
        return self._accrual if basis == "Accrual" else self._cash

    def zero_links(self) -> Sequence[Posting]:
        """Zero-amount postings of payments that only link a credit to a charge: the general ledger's "Not Specified"."""
        found = (not_specified(made, self.home_currency) for made in self._settlements)
        return [posting for posting in found if posting is not None]

    def open_items(self, side: Side, as_of: date, *, counts_later_payments: bool) -> Sequence[OpenItem]:
        """What is open at the end of a day; `counts_later_payments` also deducts what was applied after it, up to today."""
        return self._open_items.at(side, as_of, counts_later_payments=counts_later_payments)

    def name_of(self, kind: NameKind, record_id: str) -> str:
        """The full name of a customer, vendor or employee: "Freeman Sporting Goods:55 Twin Lane"; "" for none."""
        return self._names.get((kind, record_id), "")

    @cached_property
    def _accrual(self) -> list[Posting]:
        entries = [*self._entries, *(made.entry for made in self._settlements)]
        return _in_order([posting for entry in entries for posting in entry.postings(self.home_currency)])

    @cached_property
    def _cash(self) -> list[Posting]:
        basis = CashBasis(self._lookups.chart, self.home_currency, self._entries)
        postings = [posting for entry in self._entries for posting in basis.of_entry(entry)]
        for made in self._settlements:
            postings += basis.of_settlement(made)
        return _in_order(postings)

    @cached_property
    def _open_items(self) -> OpenItems:
        return OpenItems(self._documents, self._settlements, self._lookups.chart.accounts)


def _entries(lookups: Lookups) -> list[Entry]:
    """Everything but payments, which need the documents first."""
    posted: list[Posted] = []
    for entity, rule in _RULES.items():
        posted += ((rule(lookups, entity, record), record) for record in lookups.records.each(entity))
    starts: list[Posted] = [
        (starting_entry(lookups, record), record) for record in lookups.unshown.get("InventoryStart", ())
    ]
    taxes = [sales_tax_payment_entry(lookups, record) for record in lookups.unshown.get("SalesTaxPayment", ())]
    entries = [entry for entry, _ in posted] + [entry for entry, _ in starts] + taxes
    for entry in entries:
        entry.close(lookups.chart)
    post_goods(lookups, posted, starts)
    return entries


def _settlements(lookups: Lookups, open_documents: Sequence[Document]) -> list[Settlement]:
    found = list(payers(lookups))
    applied = applications(found, open_documents)
    return [settlement(lookups, payer, applied.get((payer.entity, payer.record["Id"]), [])) for payer in found]


def _in_order(postings: list[Posting]) -> list[Posting]:
    return sorted(postings, key=lambda posting: (posting.date, posting.created))
