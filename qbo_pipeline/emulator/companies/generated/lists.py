"""The lists of a generated company that are small enough to be kept: accounts, items, terms, tax codes and the company itself."""

from qbo_pipeline.emulator.companies.company_records import CompanyFacts, company_info, preferences
from qbo_pipeline.emulator.companies.generated.calendar import Calendar
from qbo_pipeline.emulator.companies.generated.draws import table_random
from qbo_pipeline.emulator.companies.generated.items import SaleItem, sale_items
from qbo_pipeline.emulator.companies.generated.sales import TAX_PERCENT
from qbo_pipeline.emulator.source import Record

_ACCOUNTS = (
    ("1", "Services", "Income", "ServiceFeeIncome", "Revenue"),
    ("2", "Retained Earnings", "Equity", "RetainedEarnings", "Equity"),
    ("4", "Undeposited Funds", "Other Current Asset", "UndepositedFunds", "Asset"),
    ("7", "Advertising", "Expense", "AdvertisingPromotional", "Expense"),
    ("11", "Insurance", "Expense", "Insurance", "Expense"),
    ("15", "Office Expenses", "Expense", "OfficeGeneralAdministrativeExpenses", "Expense"),
    ("17", "Rent or Lease", "Expense", "RentOrLeaseOfBuildings", "Expense"),
    ("20", "Supplies", "Expense", "SuppliesMaterials", "Expense"),
    ("33", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable", "Liability"),
    ("34", "Opening Balance Equity", "Equity", "OpeningBalanceEquity", "Equity"),
    ("35", "Checking", "Bank", "Checking", "Asset"),
    ("63", "Job Materials", "Expense", "SuppliesMaterials", "Expense"),
    ("76", "Utilities", "Expense", "Utilities", "Expense"),
    ("79", "Sales of Product Income", "Income", "SalesOfProductIncome", "Revenue"),
    ("80", "Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense"),
    ("84", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable", "Asset"),
    ("86", "Discounts given", "Income", "DiscountsRefundsGiven", "Revenue"),
    ("87", "Unapplied Cash Payment Income", "Income", "UnappliedCashPaymentIncome", "Revenue"),
    ("88", "Unapplied Cash Bill Payment Expense", "Expense", "UnappliedCashBillPaymentExpense", "Expense"),
    ("90", "State Tax Agency Payable", "Other Current Liability", "GlobalTaxPayable", "Liability"),
)
_TERMS = (("1", "Due on receipt", 0), ("3", "Net 30", 30), ("4", "Net 60", 60))
_PAYMENT_METHODS = (("1", "Cash"), ("2", "Check"), ("3", "Visa"))


def whole_lists(seed: int, name: str, calendar: Calendar) -> dict[str, list[Record]]:
    """The entities small enough to be kept, by name."""
    entered = calendar.text(calendar.instant(0, 1) - 1_000)
    facts = CompanyFacts(
        name=name,
        country="US",
        currency="USD",
        address={
            "Line1": "1 Example Way",
            "City": "Sample Springs",
            "CountrySubDivisionCode": "CA",
            "PostalCode": "90001",
        },
        email="books@example.com",
        industry="Trade contractors",
        started_on=calendar.date(0),
        created_at=entered,
        updated_at=entered,
        custom_fields=("Crew #",),
    )
    items = sale_items(table_random(seed, "Item"))
    return {
        "CompanyInfo": [company_info(facts)],
        "Preferences": [preferences(facts)],
        "Account": [_account(account, entered) for account in _ACCOUNTS],
        "Item": [_item(item, entered) for item in items],
        "PaymentMethod": [
            {"Name": label, "Type": "NON_CREDIT_CARD", "Active": True, **_kept(number, entered)}
            for number, label in _PAYMENT_METHODS
        ],
        "Term": [
            {"Name": label, "Type": "STANDARD", "DueDays": days, "Active": True, **_kept(number, entered)}
            for number, label, days in _TERMS
        ],
        **_tax_lists(entered),
    }


def _account(account: tuple[str, str, str, str, str], entered: str) -> Record:
    number, name, kind, subtype, classification = account
    return {
        "Name": name,
        "SubAccount": False,
        "FullyQualifiedName": name,
        "Active": True,
        "Classification": classification,
        "AccountType": kind,
        "AccountSubType": subtype,
        "CurrentBalance": 0,
        "CurrentBalanceWithSubAccounts": 0,
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        **_kept(number, entered),
    }


def _item(item: SaleItem, entered: str) -> Record:
    return {
        "Name": item.name,
        "Description": item.description,
        "Active": True,
        "FullyQualifiedName": item.name,
        "Taxable": not item.is_service,
        "UnitPrice": item.cents / 100,
        "Type": "Service" if item.is_service else "NonInventory",
        "IncomeAccountRef": {"value": item.account_id, "name": item.account_name},
        "PurchaseCost": 0,
        "TrackQtyOnHand": False,
        **_kept(item.id, entered),
    }


def _tax_lists(entered: str) -> dict[str, list[Record]]:
    rates = [{"TaxRateRef": {"value": "3", "name": "State"}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}]
    return {
        "TaxAgency": [
            {
                "DisplayName": "State Tax Agency",
                "TaxTrackedOnSales": True,
                "TaxTrackedOnPurchases": False,
                **_kept("1", entered),
            }
        ],
        "TaxRate": [
            {
                "Name": "State",
                "Description": "Sales Tax",
                "Active": True,
                "RateValue": TAX_PERCENT,
                "AgencyRef": {"value": "1"},
                "SpecialTaxType": "NONE",
                "DisplayType": "ReadOnly",
                **_kept("3", entered),
            }
        ],
        "TaxCode": [
            {
                "Name": "State",
                "Description": "State",
                "Active": True,
                "Taxable": True,
                "TaxGroup": True,
                "SalesTaxRateList": {"TaxRateDetail": rates},
                "PurchaseTaxRateList": {"TaxRateDetail": []},
                **_kept("2", entered),
            },
            # What lines of a US company refer to: codes that are words, not numbers.
            *(_pseudo_code(word, word == "TAX", entered) for word in ("NON", "TAX")),
        ],
    }


def _pseudo_code(word: str, is_taxable: bool, entered: str) -> Record:
    return {
        "Name": word,
        "Description": word,
        "Taxable": is_taxable,
        "TaxGroup": False,
        "Id": word,
        "MetaData": {"CreateTime": entered, "LastUpdatedTime": entered},
    }


def _kept(number: str, entered: str) -> Record:
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": number,
        "SyncToken": "0",
        "MetaData": {"CreateTime": entered, "LastUpdatedTime": entered},
    }
