"""What the consultancy keeps beside its trade: exchange rates, budgets, templates that recur, and files attached to documents."""

from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger
from qbo_pipeline.emulator.companies.consultancy.lists import HOME_CURRENCY
from qbo_pipeline.emulator.source import Record

_RATE_WEEKS = 57
_FIRST_ATTACHABLE = 5000000000000010341
_BUDGETED_AGO = 388
_LANDLORD = "30"
_AFTER_HOURS = 540
# What a template does not take over from the document it was made from.
_OF_ONE_DOCUMENT = {"TxnDate", "DueDate", "DocNumber", "LinkedTxn", "MetaData", "CustomField"}
_BUDGETED = (("2", "14000"), ("3", "1500"), ("20", "2400"), ("30", "5140"))


def papers(ledger: Ledger) -> dict[str, list[Record]]:
    """The records of those entities, made from the finished ledger."""
    return {
        "ExchangeRate": _exchange_rates(ledger),
        "Budget": _budgets(ledger),
        "RecurringTransaction": _templates(ledger),
        "Attachable": _attachables(ledger),
    }


def _exchange_rates(ledger: Ledger) -> list[Record]:
    """One rate a week for each currency, and the home currency's own; a rate has neither Id nor SyncToken."""
    weeks = range(_RATE_WEEKS, 0, -1)
    rates = [_rate(ledger, currency, 7 * week) for week in weeks for currency in ("EUR", "USD")]
    return [*rates, _rate(ledger, HOME_CURRENCY, 7)]


def _rate(ledger: Ledger, currency: str, days_ago: int) -> Record:
    return {
        "SourceCurrencyCode": currency,
        "TargetCurrencyCode": HOME_CURRENCY,
        "Rate": ledger.rate(currency, days_ago),
        "AsOfDate": ledger.date(days_ago),
        "MetaData": {"LastUpdatedTime": ledger.instant(days_ago, 0)},
    }


def _budgets(ledger: Ledger) -> list[Record]:
    """The budget of this calendar year by month, and the closed one of last year by quarter."""
    year = int(ledger.date(1)[:4])
    return [
        _budget(ledger, "1", year - 1, "Quarterly", range(1, 13, 3)),
        _budget(ledger, "2", year, "Monthly", range(1, 13)),
    ]


def _budget(ledger: Ledger, number: str, year: int, period: str, months: range) -> Record:
    return {
        "Name": f"Plan {year}",
        "StartDate": f"{year}-01-01",
        "EndDate": f"{year}-12-31",
        "BudgetType": "ProfitAndLoss",
        "BudgetEntryType": period,
        "Active": True,
        "BudgetDetail": [
            {
                "BudgetDate": f"{year}-{month:02d}-01",
                "Amount": Decimal(amount) * 12 / len(months),
                "AccountRef": ledger.lists.reference("Account", account),
            }
            for month in months
            for account, amount in _BUDGETED
        ],
        **_kept(number, ledger.instant(_BUDGETED_AGO, int(number))),
    }


def _templates(ledger: Ledger) -> list[Record]:
    """A recurring invoice, bill and journal, made yesterday: each a document wrapped in its type, with what repeats it."""
    retainer = next(invoice for invoice in ledger.documents["Invoice"] if _is_retainer(invoice))
    rent = next(bill for bill in ledger.documents["Bill"] if bill["VendorRef"]["value"] == _LANDLORD)
    wages = next(entry for entry in ledger.documents["JournalEntry"] if entry.get("PrivateNote") == "Net wages")
    examples = (("Invoice", "Retainer", retainer), ("Bill", "Office rent", rent), ("JournalEntry", "Wages", wages))
    return [
        {kind: _template(ledger, name, example, place)} for place, (kind, name, example) in enumerate(examples, start=1)
    ]


def _is_retainer(invoice: Record) -> bool:
    return any(custom.get("StringValue") == "Retainer" for custom in invoice["CustomField"])


def _template(ledger: Ledger, name: str, example: Record, place: int) -> Record:
    fields = {name: value for name, value in example.items() if name not in _OF_ONE_DOCUMENT}
    if "Balance" in example:
        fields |= {"Balance": example["TotalAmt"], "HomeBalance": example["HomeTotalAmt"]}
    schedule: dict[str, Any] = {
        "StartDate": ledger.date(0),
        "NextDate": ledger.date(-30 + place),
        "IntervalType": "Monthly",
        "NumInterval": 1,
        "DayOfMonth": place,
    }
    return {
        **fields,
        "RecurDataRef": {"value": str(place)},
        "RecurringInfo": {"Name": name, "Active": True, "RecurType": "Automated", "ScheduleInfo": schedule},
        **_kept(ledger.next_number("RecurringTransaction"), ledger.instant(1, _AFTER_HOURS + place)),
    }


def _attachables(ledger: Ledger) -> list[Record]:
    """A scan of a bill, a signed order on an invoice, and a note that belongs to nothing."""
    bill, invoice = ledger.documents["Bill"][2], ledger.documents["Invoice"][5]
    scan = {"FileName": "Rechnung Büro 2031.pdf", "ContentType": "application/pdf", "Size": 48_213}
    photo = {"FileName": "signed-order.jpg", "ContentType": "image/jpeg", "Size": 1_594_261, "Note": "Signed in person"}
    papers = [
        scan | {"AttachableRef": [_belongs_to("Bill", bill, sent=False)]},
        photo | {"AttachableRef": [_belongs_to("Invoice", invoice, sent=True)]},
        {"Note": "Ask the accountant about the reverse charge on licences from abroad."},
    ]
    return [
        {**paper, **_kept(str(_FIRST_ATTACHABLE + place), ledger.instant(200, place))}
        for place, paper in enumerate(papers)
    ]


def _belongs_to(kind: str, record: Record, *, sent: bool) -> Record:
    return {"EntityRef": {"value": record["Id"], "type": kind}, "IncludeOnSend": sent}


def _kept(number: str, moment: str) -> Record:
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": number,
        "SyncToken": "0",
        "MetaData": {"CreateTime": moment, "LastUpdatedTime": moment},
    }
