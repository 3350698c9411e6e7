"""Customers with their jobs, vendors and employees, their balances taken from the open documents."""

from collections.abc import Sequence
from decimal import Decimal

from qbo_pipeline.emulator.companies.landscaping.fields import Calendar, Row, address, dollars, header, without_empty
from qbo_pipeline.emulator.companies.landscaping.recording import Recording
from qbo_pipeline.emulator.source import Record


def customers(recording: Recording, calendar: Calendar, invoices: Sequence[Record]) -> list[Record]:
    """Customers and jobs; a parent's Balance leaves its jobs out, BalanceWithJobs does not."""
    owed = _owed(invoices, "CustomerRef")
    return [_customer(row, recording, calendar, owed) for row in recording.rows["Customer"]]


def vendors(recording: Recording, calendar: Calendar, bills: Sequence[Record]) -> list[Record]:
    """Vendors, each with what its open bills come to."""
    owed = _owed(bills, "VendorRef")
    return [_vendor(row, calendar, owed) for row in recording.rows["Vendor"]]


def employees(recording: Recording, calendar: Calendar) -> list[Record]:
    """The two employees who enter time."""
    return [
        {**_person(row), "Active": True, "BillableTime": False, **header(row, calendar)}
        for row in recording.rows["Employee"]
    ]


def ship_address(customer: Row) -> Record | None:
    """Where a customer's goods go: its billing address again, one of its own, or nowhere known."""
    match customer.get("ships_to"):
        case None:
            return None
        case "same":
            return address(customer["address"], customer["address_id"])
        case [address_id, *parts]:
            return address(parts, address_id)


def _owed(documents: Sequence[Record], party: str) -> dict[str, Decimal]:
    owed: dict[str, Decimal] = {}
    for document in documents:
        party_id = document[party]["value"]
        owed[party_id] = owed.get(party_id, Decimal(0)) + document["Balance"]
    return owed


def _customer(row: Row, recording: Recording, calendar: Calendar, owed: dict[str, Decimal]) -> Record:
    balance = owed.get(str(row["id"]), Decimal(0))
    jobs = [job["id"] for job in recording.rows["Customer"] if job.get("parent") == row["id"]]
    return without_empty(
        {
            "Taxable": row.get("taxable", False),
            "BillAddr": address(row["address"], row["address_id"]) if "address" in row else None,
            "ShipAddr": ship_address(row),
            "Job": "parent" in row,
            "BillWithParent": False,
            "ParentRef": recording.reference("Customer", row["parent"]) if "parent" in row else None,
            "Level": recording.depth("Customer", row["id"]) or None,
            "Balance": balance,
            "BalanceWithJobs": balance + sum((owed.get(str(job), Decimal(0)) for job in jobs), Decimal(0)),
            "CurrencyRef": dollars(),
            "PreferredDeliveryMethod": "Print",
            "DefaultTaxCodeRef": {"value": str(row["tax_code"])} if "tax_code" in row else None,
            "IsProject": False,
            "FullyQualifiedName": recording.full_name("Customer", row["id"]),
            **_person(row),
            "Active": True,
            **header(row, calendar),
        }
    )


def _vendor(row: Row, calendar: Calendar, owed: dict[str, Decimal]) -> Record:
    return without_empty(
        {
            "BillAddr": address(row["address"], row["address_id"]) if "address" in row else None,
            "TaxIdentifier": row.get("tax_id"),
            "TermRef": {"value": str(row["term"])} if "term" in row else None,
            "Balance": owed.get(str(row["id"]), Decimal(0)),
            "AcctNum": row.get("account"),
            "Vendor1099": False,
            "CurrencyRef": dollars(),
            **_person(row),
            "Active": True,
            **header(row, calendar),
        }
    )


def _person(row: Row) -> Record:
    known = [row[part] for part in ("given", "middle", "family") if part in row]
    name = row.get("name") or " ".join(known)
    return without_empty(
        {
            "GivenName": row.get("given"),
            "MiddleName": row.get("middle"),
            "FamilyName": row.get("family"),
            "CompanyName": row.get("company"),
            "DisplayName": name,
            "PrintOnCheckName": row.get("company", name),
            "PrimaryPhone": _number(row.get("phone")),
            "Mobile": _number(row.get("mobile")),
            "Fax": _number(row.get("fax")),
            "PrimaryEmailAddr": {"Address": row["email"]} if "email" in row else None,
            "WebAddr": {"URI": row["web"]} if "web" in row else None,
        }
    )


def _number(text: str | None) -> Record | None:
    return {"FreeFormNumber": text} if text else None
