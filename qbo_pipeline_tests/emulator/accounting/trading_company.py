"""A company to post to: a chart with every account QuickBooks itself uses, two currencies, an item of each kind; no documents."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.accounting.books import Books
from qbo_pipeline.emulator.accounting.posting import Basis, Posting
from qbo_pipeline.emulator.books.company import Company, CompanySeed
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.source import ListedRecords, Record

TODAY = datetime(2026, 12, 31, 20, tzinfo=UTC)

BANK, UNDEPOSITED, RECEIVABLE, PAYABLE, CARD = "1", "2", "3", "4", "5"
RECEIVABLE_EUR, PAYABLE_EUR, BANK_EUR = "6", "7", "8"
SALES, DISCOUNTS, GOODS_SOLD, RENT, BAD_DEBTS, EXCHANGE = "10", "11", "12", "13", "14", "15"
STATE_TAX, CITY_TAX, STOCK, EQUITY, RETAINED, RETAINERS = "20", "21", "22", "23", "24", "25"
UNAPPLIED_INCOME, UNAPPLIED_EXPENSE, SHRINKAGE = "30", "31", "32"
SERVICE, GOODS, BAD_DEBT_ITEM, RETAINER_ITEM, BUNDLE = "1", "2", "3", "4", "5"
CUSTOMER, CUSTOMER_EUR, VENDOR, VENDOR_EUR = "1", "2", "3", "4"

_ACCOUNTS = (
    (BANK, "Checking", "Bank", "Checking", "Asset", "USD"),
    (UNDEPOSITED, "Undeposited Funds", "Other Current Asset", "UndepositedFunds", "Asset", "USD"),
    (RECEIVABLE, "Receivables", "Accounts Receivable", "AccountsReceivable", "Asset", "USD"),
    (PAYABLE, "Payables", "Accounts Payable", "AccountsPayable", "Liability", "USD"),
    (CARD, "Card", "Credit Card", "CreditCard", "Liability", "USD"),
    (RECEIVABLE_EUR, "Receivables - EUR", "Accounts Receivable", "AccountsReceivable", "Asset", "EUR"),
    (PAYABLE_EUR, "Payables - EUR", "Accounts Payable", "AccountsPayable", "Liability", "EUR"),
    (BANK_EUR, "Euro account", "Bank", "Checking", "Asset", "EUR"),
    (SALES, "Sales", "Income", "SalesOfProductIncome", "Revenue", "USD"),
    (DISCOUNTS, "Discounts", "Income", "DiscountsRefundsGiven", "Revenue", "USD"),
    (GOODS_SOLD, "Goods sold", "Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense", "USD"),
    (RENT, "Rent", "Expense", "RentOrLeaseOfBuildings", "Expense", "USD"),
    (BAD_DEBTS, "Bad debts", "Expense", "BadDebts", "Expense", "USD"),
    (EXCHANGE, "Exchange gain or loss", "Other Expense", "ExchangeGainOrLoss", "Expense", "USD"),
    (STATE_TAX, "State payable", "Other Current Liability", "GlobalTaxPayable", "Liability", "USD"),
    (CITY_TAX, "City payable", "Other Current Liability", "GlobalTaxPayable", "Liability", "USD"),
    (STOCK, "Stock", "Other Current Asset", "Inventory", "Asset", "USD"),
    (EQUITY, "Opening equity", "Equity", "OpeningBalanceEquity", "Equity", "USD"),
    (RETAINED, "Retained earnings", "Equity", "RetainedEarnings", "Equity", "USD"),
    (RETAINERS, "Retainers held", "Other Current Liability", "OtherCurrentLiabilities", "Liability", "USD"),
    (UNAPPLIED_INCOME, "Unapplied income", "Income", "UnappliedCashPaymentIncome", "Revenue", "USD"),
    (UNAPPLIED_EXPENSE, "Unapplied expense", "Expense", "UnappliedCashBillPaymentExpense", "Expense", "USD"),
    (SHRINKAGE, "Shrinkage", "Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense", "USD"),
)


class Trading:
    """The company, with shorthand to enter documents through the books' own interface and to ask what they came to."""

    def __init__(
        self,
        *,
        documents: Mapping[str, list[Record]] | None = None,
        unshown: Mapping[str, list[Record]] | None = None,
    ) -> None:
        self.clock = ManualClock(TODAY)
        source = ListedRecords(_records() | dict(documents or {}))
        seed = CompanySeed("9341450000000088", "Trading", "US", source, unshown or {})
        self.company = Company(seed, EmulatorSettings(), self.clock)

    def enter(self, entity: str, day: str, **fields: Any) -> Record:
        """Create a document as a client does."""
        self.clock.advance(60)
        body = json.dumps({"TxnDate": day, **fields}, default=float).encode()
        return json.loads(self.company.write(entity.lower(), body, {}), parse_float=Decimal)[entity]

    def books(self) -> Books:
        return self.company.books()

    def of(self, record: Record, basis: Basis = "Accrual") -> list[Posting]:
        """The postings of one document."""
        return [posting for posting in self.books().postings(basis) if posting.transaction_id == record["Id"]]

    def sides(self, record: Record, basis: Basis = "Accrual") -> dict[str, str]:
        """What a document does to each account, debits positive."""
        return _sums(self.of(record, basis))

    def balances(
        self, basis: Basis = "Accrual", *, until: str = "9999-12-31", since: str = "0001-01-01"
    ) -> dict[str, str]:
        """What all documents from one day to another do to each account, both days included."""
        first, last = date.fromisoformat(since), date.fromisoformat(until)
        return _sums([one for one in self.books().postings(basis) if first <= one.date <= last])


def sold(value: float | str, item: str = SERVICE, *, quantity: float | None = None, taxed: bool = False) -> Record:
    """A line of a sales form."""
    detail: Record = {"ItemRef": {"value": item}, "TaxCodeRef": {"value": "TAX" if taxed else "NON"}}
    if quantity is not None:
        detail |= {"Qty": quantity, "UnitPrice": float(value) / quantity}
    return {"DetailType": "SalesItemLineDetail", "Amount": float(value), "SalesItemLineDetail": detail}


def cost(value: float | str, account: str = RENT) -> Record:
    """A line of a bill or an expense on an account."""
    detail = {"AccountRef": {"value": account}}
    kind = "AccountBasedExpenseLineDetail"
    return {"DetailType": kind, "Amount": float(value), kind: detail}


def bought(quantity: float, price: float, item: str = GOODS) -> Record:
    """A line of a bill or an expense that buys an item."""
    kind = "ItemBasedExpenseLineDetail"
    detail = {"ItemRef": {"value": item}, "Qty": quantity, "UnitPrice": price}
    return {"DetailType": kind, "Amount": round(quantity * price, 2), kind: detail}


def pays(record: Record, kind: str, value: float | str) -> Record:
    """A line of a payment."""
    return {"Amount": float(value), "LinkedTxn": [{"TxnId": record["Id"], "TxnType": kind}]}


def tax(total: float | str, *lines: tuple[str, float | str]) -> Record:
    """TxnTaxDetail with a total and its lines, each a tax rate's id with its amount."""
    return {
        "TotalTax": float(total),
        "TaxLine": [
            {
                "Amount": float(value),
                "DetailType": "TaxLineDetail",
                "TaxLineDetail": {"TaxRateRef": {"value": rate_id}, "PercentBased": True, "TaxPercent": 1},
            }
            for rate_id, value in lines
        ],
    }


def euros(rate: str) -> Record:
    """The currency of a document in euros, with home units for one of them."""
    return {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": float(rate)}


def ref(record_id: str) -> Record:
    return {"value": record_id}


def _sums(postings: list[Posting]) -> dict[str, str]:
    sums: Counter[str] = Counter()
    for posting in postings:
        sums[posting.account_id] += posting.amount
    return {account: f"{total:.2f}" for account, total in sums.items() if total}


def _records() -> dict[str, list[Record]]:
    rates = [{"TaxRateRef": ref(rate), "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0} for rate in ("1", "2")]
    documents = (
        "Invoice CreditMemo SalesReceipt RefundReceipt Payment Deposit Bill VendorCredit BillPayment Purchase Transfer "
        "JournalEntry CreditCardPayment InventoryAdjustment TaxPayment Estimate"
    )
    return {
        "CompanyInfo": [kept("1", CompanyName="Trading", FiscalYearStartMonth="April", Country="US")],
        "Preferences": [
            kept(
                "1",
                CurrencyPrefs={"MultiCurrencyEnabled": True, "HomeCurrency": ref("USD")},
                ReportPrefs={"ReportBasis": "Cash"},
                SalesFormsPrefs={"CustomTxnNumbers": False},
            )
        ],
        "Account": [_account(account) for account in _ACCOUNTS],
        "Customer": [_party(CUSTOMER, "Ash", "USD"), _party(CUSTOMER_EUR, "Birke", "EUR")],
        "Vendor": [_party(VENDOR, "Cedar", "USD"), _party(VENDOR_EUR, "Douglasie", "EUR")],
        "Employee": [],
        "Item": [
            _item(SERVICE, "Hours", "Service", SALES),
            _item(GOODS, "Widget", "Inventory", SALES)
            | {
                "ExpenseAccountRef": ref(GOODS_SOLD),
                "AssetAccountRef": ref(STOCK),
                "PurchaseCost": 5,
                "TrackQtyOnHand": True,
                "QtyOnHand": 0,
                "InvStartDate": "2026-01-01",
            },
            _item(BAD_DEBT_ITEM, "Bad debt", "Service", BAD_DEBTS),
            _item(RETAINER_ITEM, "Retainer", "Service", RETAINERS),
            _item(BUNDLE, "Bundle", "Group", SALES),
        ],
        "TaxAgency": [kept("1", DisplayName="State"), kept("2", DisplayName="City")],
        "TaxRate": [
            kept("1", Name="State 7", RateValue=7, AgencyRef=ref("1"), Active=True),
            kept("2", Name="City 3", RateValue=3, AgencyRef=ref("2"), Active=True),
        ],
        "TaxCode": [
            kept("2", Name="Both", Active=True, SalesTaxRateList={"TaxRateDetail": rates}),
            kept("NON", Name="NON", Active=True),
            kept("TAX", Name="TAX", Active=True),
        ],
        "CompanyCurrency": [kept("1", Code="EUR", Name="Euro", Active=True)],
        "Term": [kept("3", Name="Net 30", DueDays=30, Active=True)],
        **{entity: [] for entity in documents.split()},
    }


def _account(account: tuple[str, str, str, str, str, str]) -> Record:
    number, name, kind, subtype, classification, currency = account
    return kept(
        number,
        Name=name,
        FullyQualifiedName=name,
        AccountType=kind,
        AccountSubType=subtype,
        Classification=classification,
        CurrencyRef=ref(currency),
        CurrentBalance=0,
        CurrentBalanceWithSubAccounts=0,
        Active=True,
    )


def _party(number: str, name: str, currency: str) -> Record:
    return kept(
        number,
        DisplayName=name,
        FullyQualifiedName=name,
        CurrencyRef=ref(currency),
        Balance=0,
        Active=True,
        Taxable=False,
    )


def _item(number: str, name: str, kind: str, income: str) -> Record:
    return kept(number, Name=name, FullyQualifiedName=name, Type=kind, IncomeAccountRef=ref(income), Active=True)


def kept(number: str, **fields: Any) -> Record:
    """A record with the fields every QuickBooks object has."""
    stamp = "2026-01-01T08:00:00-08:00"
    common = {"SyncToken": "0", "domain": "QBO", "sparse": False}
    return {"Id": number, **common, "MetaData": {"CreateTime": stamp, "LastUpdatedTime": stamp}, **fields}
