"""A small company's lists, and its documents as QuickBooks answers them: every amount is chosen by the test that reads it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from qbo_pipeline_tests.models.payloads import record

CHECKING, UNDEPOSITED, RECEIVABLE, PAYABLE, SALES, SERVICES = "1", "2", "3", "4", "5", "6"
DISCOUNTS, SHIPPING, TAX_PAYABLE, RENT, STOCK, COST_OF_GOODS, CARD = "7", "8", "9", "10", "11", "12", "13"
EXCHANGE, BAD_DEBTS, PETTY_CASH, RECEIVABLE_EUR, PAYABLE_EUR, BANK_EUR = "14", "15", "16", "17", "18", "19"
FEES, EQUITY, SHRINKAGE, PAYROLL, OWN_PAYABLE = "20", "21", "22", "23", "24"
_ACCOUNTS = {
    CHECKING: ("Bank", "Checking", "Asset", "USD"),
    UNDEPOSITED: ("Other Current Asset", "UndepositedFunds", "Asset", "USD"),
    RECEIVABLE: ("Accounts Receivable", "AccountsReceivable", "Asset", "USD"),
    PAYABLE: ("Accounts Payable", "AccountsPayable", "Liability", "USD"),
    SALES: ("Income", "SalesOfProductIncome", "Revenue", "USD"),
    SERVICES: ("Income", "ServiceFeeIncome", "Revenue", "USD"),
    DISCOUNTS: ("Income", "DiscountsRefundsGiven", "Revenue", "USD"),
    SHIPPING: ("Income", "OtherPrimaryIncome", "Revenue", "USD"),
    TAX_PAYABLE: ("Other Current Liability", "GlobalTaxPayable", "Liability", "USD"),
    RENT: ("Expense", "RentOrLeaseOfBuildings", "Expense", "USD"),
    STOCK: ("Other Current Asset", "Inventory", "Asset", "USD"),
    COST_OF_GOODS: ("Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense", "USD"),
    CARD: ("Credit Card", "CreditCard", "Liability", "USD"),
    EXCHANGE: ("Other Expense", "ExchangeGainOrLoss", "Expense", "USD"),
    BAD_DEBTS: ("Expense", "BadDebts", "Expense", "USD"),
    PETTY_CASH: ("Bank", "CashOnHand", "Asset", "USD"),
    RECEIVABLE_EUR: ("Accounts Receivable", "AccountsReceivable", "Asset", "EUR"),
    PAYABLE_EUR: ("Accounts Payable", "AccountsPayable", "Liability", "EUR"),
    BANK_EUR: ("Bank", "Checking", "Asset", "EUR"),
    FEES: ("Expense", "BankCharges", "Expense", "USD"),
    EQUITY: ("Equity", "OpeningBalanceEquity", "Equity", "USD"),
    SHRINKAGE: ("Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense", "USD"),
    PAYROLL: ("Expense", "PayrollExpenses", "Expense", "USD"),
}
SERVICE_ITEM, PUMP, BAD_DEBT_ITEM = "1", "2", "3"
CUSTOMER, OTHER_CUSTOMER, VENDOR, EMPLOYEE = "51", "52", "61", "71"


def lists() -> dict[str, list[dict]]:
    """The company's lists by raw table: accounts, items, names, one tax agency with a rate of 8 %, settings."""
    accounts = [
        record(
            account_id,
            Name=f"Account {account_id}",
            AccountType=kind,
            AccountSubType=sub_type,
            Classification=classification,
            CurrencyRef={"value": currency},
            Active=True,
        )
        for account_id, (kind, sub_type, classification, currency) in _ACCOUNTS.items()
    ]
    items = [
        _item(SERVICE_ITEM, "Service", IncomeAccountRef=SERVICES),
        _item(
            PUMP,
            "Inventory",
            IncomeAccountRef=SALES,
            ExpenseAccountRef=COST_OF_GOODS,
            AssetAccountRef=STOCK,
            InvStartDate="2024-01-01",
        ),
        _item(BAD_DEBT_ITEM, "Service", IncomeAccountRef=BAD_DEBTS),
    ]
    preferences = record(
        "1",
        CurrencyPrefs={"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "USD"}},
        SalesFormsPrefs={"DefaultDiscountAccount": DISCOUNTS, "DefaultShippingAccount": SHIPPING},
    )
    rate = record("1", Name="State", RateValue=8, AgencyRef={"value": "1"}, Active=True)
    code = record(
        "2",
        Name="State",
        SalesTaxRateList={"TaxRateDetail": [{"TaxRateRef": {"value": "1"}}]},
        PurchaseTaxRateList={"TaxRateDetail": [{"TaxRateRef": {"value": "1"}}]},
    )
    return {
        "account": accounts,
        "item": items,
        "preferences": [preferences],
        "tax_agency": [record("1", DisplayName="State")],
        "tax_rate": [rate],
        "tax_code": [code],
        "customer": [record(CUSTOMER, DisplayName="Orchard Lane"), record(OTHER_CUSTOMER, DisplayName="Hill Farm")],
        "vendor": [record(VENDOR, DisplayName="Norton Lumber")],
        "employee": [record(EMPLOYEE, DisplayName="Ada Hill")],
    }


def _item(item_id: str, kind: str, **references: str) -> dict:
    fields: dict[str, Any] = {
        name: value if name == "InvStartDate" else {"value": value} for name, value in references.items()
    }
    return record(item_id, Name=f"Item {item_id}", Type=kind, Active=True, **fields)


def sale(document_id: str, total: float, *lines: dict, tax: float = 0, **fields: Any) -> dict:
    """A sales form of the customer."""
    return _document(document_id, total, lines, tax, **{"CustomerRef": {"value": CUSTOMER}, **fields})


def expense(document_id: str, total: float, *lines: dict, tax: float = 0, **fields: Any) -> dict:
    """A bill, vendor credit or purchase from the vendor."""
    return _document(document_id, total, lines, tax, **{"VendorRef": {"value": VENDOR}, **fields})


def _document(document_id: str, total: float, lines: Iterable[dict], tax: float, **fields: Any) -> dict:
    detail = {"TotalTax": tax, "TaxLine": [tax_line(tax)]} if tax else {}
    common = {"TxnDate": "2024-03-05", "CurrencyRef": {"value": "USD"}, "TotalAmt": total, "TxnTaxDetail": detail}
    return record(document_id, **{**common, **fields}, Line=list(lines))


def tax_line(amount: float, rate_id: str = "1") -> dict:
    """A tax in TxnTaxDetail."""
    return {"Amount": amount, "DetailType": "TaxLineDetail", "TaxLineDetail": {"TaxRateRef": {"value": rate_id}}}


def item_line(amount: float, item_id: str = SERVICE_ITEM, account: str | None = None, **detail: Any) -> dict:
    """A line of a sales form; `account` is the account QuickBooks put on it."""
    given = {"ItemRef": {"value": item_id}, **({"ItemAccountRef": {"value": account}} if account else {}), **detail}
    return {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": given}


def discount(amount: float, **detail: Any) -> dict:
    """The discount line of a sales form: a positive amount."""
    return {"Amount": amount, "DetailType": "DiscountLineDetail", "DiscountLineDetail": detail}


def bundle(*lines: dict) -> dict:
    """A bundle; its own amount repeats what its lines say."""
    total = float(sum(Decimal(str(line["Amount"])) for line in lines))
    detail = {"GroupItemRef": {"value": "9"}, "Quantity": 1, "Line": list(lines)}
    return {"Amount": total, "DetailType": "GroupLineDetail", "GroupLineDetail": detail}


def cost_line(amount: float, account: str = RENT, **detail: Any) -> dict:
    """A line of a bill or purchase on an account."""
    kind = "AccountBasedExpenseLineDetail"
    return {"Amount": amount, "DetailType": kind, kind: {"AccountRef": {"value": account}, **detail}}


def stock_line(amount: float, item_id: str = PUMP) -> dict:
    """A line of a bill or purchase for an item."""
    kind = "ItemBasedExpenseLineDetail"
    return {"Amount": amount, "DetailType": kind, kind: {"ItemRef": {"value": item_id}, "Qty": 1}}


def payment(document_id: str, total: float, *applied: tuple[float, str, str], **fields: Any) -> dict:
    """A customer's payment applied to `(amount, type, id)`s."""
    return sale(document_id, total, *map(_link_line, applied), **fields)


def bill_payment(document_id: str, total: float, *applied: tuple[float, str, str], **fields: Any) -> dict:
    """A payment to the vendor, by check unless a field says otherwise."""
    means = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": CHECKING}}}
    return expense(document_id, total, *map(_link_line, applied), **{**means, **fields})


def _link_line(applied: tuple[float, str, str]) -> dict:
    amount, kind, linked_id = applied
    return {"Amount": amount, "LinkedTxn": [{"TxnId": linked_id, "TxnType": kind}]}


def deposit(document_id: str, total: float, *lines: dict, **fields: Any) -> dict:
    """A bank deposit into checking."""
    return _document(document_id, total, lines, 0, **{"DepositToAccountRef": {"value": CHECKING}, **fields})


def deposited(amount: float, kind: str, linked_id: str) -> dict:
    """A deposit's line that takes a receipt out of undeposited funds."""
    return {"Amount": amount, "LinkedTxn": [{"TxnId": linked_id, "TxnType": kind, "TxnLineId": "0"}]}


def deposit_line(amount: float, account: str, **detail: Any) -> dict:
    """A deposit's line on an account of its own."""
    kind = "DepositLineDetail"
    return {"Amount": amount, "DetailType": kind, kind: {"AccountRef": {"value": account}, **detail}}


def journal(document_id: str, *lines: dict, taxes: Iterable[dict] = (), **fields: Any) -> dict:
    """A journal entry."""
    return _document(document_id, 0, lines, 0, **{"TxnTaxDetail": {"TaxLine": list(taxes)}, **fields})


def journal_line(side: str, amount: float, account: str, party: tuple[str, str] | None = None, **detail: Any) -> dict:
    """A debit or credit, under the name of a party `(type, id)`."""
    kind = "JournalEntryLineDetail"
    entity = {"Entity": {"Type": party[0], "EntityRef": {"value": party[1]}}} if party else {}
    given = {"PostingType": side, "AccountRef": {"value": account}, **entity, **detail}
    return {"Amount": amount, "DetailType": kind, kind: given}


def in_euro(rate: float) -> dict:
    """The fields of a document in euro."""
    return {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": rate}
