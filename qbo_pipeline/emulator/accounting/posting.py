"""One side of a transaction in the books: an amount on an account, and the names it is reported under."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Basis = Literal["Accrual", "Cash"]
NameKind = Literal["Customer", "Vendor", "Employee", ""]


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount on an account; the postings of one transaction add up to zero on each basis and each day."""

    transaction_id: str
    entity: str  # QuickBooks' entity; "" for a transaction the API does not show
    display_type: str  # as reports name it: "Bill Payment (Check)"
    date: date
    created: int  # CreateTime in epoch seconds: the order of transactions of one day
    number: str
    account_id: str
    amount: Decimal  # home currency, debit positive, credit negative
    name_kind: NameKind
    name_id: str
    memo: str
    split_account_id: str  # the account opposite; "" where several are ("-Split-")
    class_id: str = ""
    department_id: str = ""
    customer_id: str = ""
    vendor_id: str = ""
    item_id: str = ""
    foreign_amount: Decimal | None = None  # the document's currency, where that is not the home currency
    currency: str = ""
