"""What must hold in the books of any sample company, worked out anew from its records alone."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from qbo_pipeline.emulator.source import Record, Source, content

PENNY = Decimal("0.01")
# Which entity a property refers to; references that lead out of the books (a project, a user) are not listed.
REFERENCES = {
    "AccountRef": "Account",
    "AdjustAccountRef": "Account",
    "APAccountRef": "Account",
    "AssetAccountRef": "Account",
    "BankAccountRef": "Account",
    "CCAccountRef": "Account",
    "CreditCardAccountRef": "Account",
    "DepositToAccountRef": "Account",
    "DiscountAccountRef": "Account",
    "ExpenseAccountRef": "Account",
    "FromAccountRef": "Account",
    "IncomeAccountRef": "Account",
    "ItemAccountRef": "Account",
    "PaymentAccountRef": "Account",
    "ToAccountRef": "Account",
    "AgencyRef": "TaxAgency",
    "ClassRef": "Class",
    "CustomerRef": "Customer",
    "CustomerTypeRef": "CustomerType",
    "DefaultTaxCodeRef": "TaxCode",
    "DepartmentRef": "Department",
    "EmployeeRef": "Employee",
    "GroupItemRef": "Item",
    "ItemRef": "Item",
    "PaymentMethodRef": "PaymentMethod",
    "SalesTaxCodeRef": "TaxCode",
    "SalesTermRef": "Term",
    "TaxCodeRef": "TaxCode",
    "TaxRateRef": "TaxRate",
    "TermRef": "Term",
    "TxnTaxCodeRef": "TaxCode",
    "VendorRef": "Vendor",
}
_LINKED = {"BillPaymentCheck": "BillPayment", "BillPaymentCreditCard": "BillPayment"}
_PSEUDO_ITEMS = {"SHIPPING_ITEM_ID"}
# Due dates, expiry and plans may lie ahead, and a weekday is no date; everything else in the books has happened.
_PLANNED = {"DueDate", "ExpirationDate", "EndDate", "BudgetDate", "StartDate", "NextDate", "WorkWeekStartDate"}


def money(value: float) -> Decimal:
    """A JSON number as the decimal it was written as."""
    return Decimal(str(value))


def rounded(value: Decimal) -> Decimal:
    return value.quantize(PENNY, ROUND_HALF_UP)


def books(source: Source) -> dict[str, list[Record]]:
    """Every record by entity, taken out of its wrapping."""
    return {
        entity: [content(source.record(entity, position)) for position in range(len(source.ids(entity)))]
        for entity in source.entities()
    }


def nested(value: Any) -> Iterator[Record]:
    """Every object inside a record, itself included."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nested(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nested(inner)


def unresolved(everything: dict[str, list[Record]]) -> list[str]:
    """References to nothing, or under a name their record does not bear."""
    names = {
        (entity, record["Id"]): {record.get(name) for name in ("Name", "DisplayName", "FullyQualifiedName")}
        for entity, records in everything.items()
        for record in records
        if "Id" in record
    }
    found = []
    for entity, records in everything.items():
        for record in records:
            for where, kind, reference in _references(entity, record):
                known = names.get((kind, reference["value"]))
                if reference["value"] not in _PSEUDO_ITEMS and (
                    known is None or ("name" in reference and reference["name"] not in known)
                ):
                    found.append(f"{entity} {record.get('Id')}: {where} {reference}")
    return found


def _references(entity: str, record: Record) -> Iterator[tuple[str, str, Record]]:
    for part in nested(record):
        for name, value in part.items():
            if name in REFERENCES:
                yield name, REFERENCES[name], value
            elif name == "ParentRef":
                yield name, entity, value
            elif name == "EntityRef":
                yield name, value.get("type") or part["Type"], value


def one_way_links(everything: dict[str, list[Record]]) -> list[str]:
    """Links whose other end does not link back; hours are linked to without knowing."""
    links = {
        (entity, record["Id"], _LINKED.get(link["TxnType"], link["TxnType"]), link["TxnId"])
        for entity, records in everything.items()
        if entity != "RecurringTransaction"
        for record in records
        for part in nested(record)
        for link in part.get("LinkedTxn", ())
    }
    hours = {("TimeActivity", record["Id"]) for record in everything["TimeActivity"]}
    return [
        f"{entity} {number} -> {other} {other_number}"
        for entity, number, other, other_number in sorted(links)
        if (other, other_number, entity, number) not in links and (other, other_number) not in hours
    ]


def lines_of(form: Record) -> Iterator[Record]:
    """The lines of a form that count: those inside bundles, not the bundle; no subtotal and no remark."""
    for line in form["Line"]:
        if line["DetailType"] == "GroupLineDetail":
            yield from lines_of(line["GroupLineDetail"])
        elif line["DetailType"] not in ("SubTotalLineDetail", "DescriptionOnly"):
            yield line


def total_of(form: Record) -> Decimal:
    """What a form must come to: lines less discount plus tax."""
    signs = {"DiscountLineDetail": -1}
    lines = sum(signs.get(line["DetailType"], 1) * money(line["Amount"]) for line in lines_of(form))
    return lines + money(form.get("TxnTaxDetail", {}).get("TotalTax", 0))


def applied(everything: dict[str, list[Record]], payments: str) -> Counter[tuple[str, str]]:
    """How much the payments of an entity apply to each (entity, id)."""
    amounts: Counter[tuple[str, str]] = Counter()
    for payment in everything[payments]:
        for line in payment["Line"]:
            (link,) = line["LinkedTxn"]
            amounts[link["TxnType"], link["TxnId"]] += money(line["Amount"])
    return amounts


def from_the_future(everything: dict[str, list[Record]], as_of: date) -> list[str]:
    """Dates and instants that had not come by the start of `as_of` (UTC)."""
    start = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    return [
        f"{entity} {record.get('Id')}: {name} {value}"
        for entity, records in everything.items()
        for record in records
        for part in nested(record)
        for name, value in part.items()
        if isinstance(value, str) and name not in _PLANNED and _is_ahead(name, value, start)
    ]


def _is_ahead(name: str, value: str, start: datetime) -> bool:
    if not name.endswith(("Date", "Time")):
        return False
    moment = datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) >= start
