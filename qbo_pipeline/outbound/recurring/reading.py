"""From the operational system's rows to contracts, and who is invoiced for them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qbo_pipeline.ops.recurring import RecurringRows
from qbo_pipeline.outbound.recurring.contract import Cadence, Contract, ContractLine
from qbo_pipeline.outbound.recurring.due import Objection, local_date

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who is invoiced for a company; `unusable` says why nobody can be."""

    id: str
    email: str | None = field(default=None, repr=False)
    terms_code: str | None = None
    terms_days: int | None = None
    is_tax_exempt: bool = False
    unusable: Objection | None = None


def contracts_of(rows: RecurringRows) -> list[Contract]:
    """The contracts of a business entity."""
    products = {row["id"]: row for row in rows.products}
    lines = _by_contract(rows.lines)
    skips = _by_contract(rows.skips)
    unapproved: dict[str, Counter[date]] = defaultdict(Counter)
    for contract_id, day in rows.unapproved:
        unapproved[contract_id][day] += 1
    elsewhere: dict[str, dict[date, str]] = defaultdict(dict)
    for source_id, kind, number in rows.billed:
        contract_id, _, start = source_id.rpartition("/")
        elsewhere[contract_id][_day(start)] = f"{kind} {number}"
    zone = rows.entity["time_zone"]
    return [
        _contract(
            row,
            lines[row["id"]],
            products,
            zone,
            skips={skip["period_start"]: skip["reason"] for skip in skips[row["id"]]},
            unapproved=dict(unapproved[row["id"]]),
            billed_elsewhere=elsewhere[row["id"]],
        )
        for row in rows.contracts
    ]


def parties_of(rows: RecurringRows) -> dict[str, Party]:
    """Who is invoiced for each company, by the company's id."""
    companies = {row["id"]: row for row in rows.companies}
    return {company_id: _party(row, companies) for company_id, row in companies.items()}


def _contract(row: Row, lines: Iterable[Row], products: Mapping[str, Row], zone: str, **more: Any) -> Contract:
    lines = list(lines)
    same = ("id", "number", "company_id", "name", "status", "timing", "proration", "date_roll", "catch_up", "currency")
    cadence = ("start_date", "end_date", "bill_every", "bill_unit", "anchor_date", "anchor_is_month_end", "alignment")
    changed_at = max(each["updated_at"] for each in (row, *lines))
    return Contract(
        **{name: row[name] for name in (*same, "po_number", "auto_invoice")},
        cadence=Cadence(**{name: row[name] for name in cadence}),
        lines=tuple(_line(line, products.get(line["product_id"])) for line in lines if not line["is_deleted"]),
        changed_at=changed_at,
        changed_on=local_date(row["updated_at"], zone),
        **more,
    )


def _line(row: Row, product: Row | None) -> ContractLine:
    held = product or {}
    code = row["tax_code"]
    same = ("id", "position", "product_id", "quantity", "unit_price", "effective_from", "effective_to")
    return ContractLine(
        **{name: row[name] for name in same},
        description=_tidy(row["description"]) or _tidy(held.get("description")) or _tidy(held.get("name")),
        tax_code=code or held.get("tax_code"),
        # A line that names a code says with it whether it is taxed.
        is_taxable=None if code else held.get("taxable"),
        class_code=row["class_code"] or held.get("class_code"),
    )


def _party(row: Row, companies: Mapping[str, Row]) -> Party:
    payer_id = row["bill_to_company_id"]
    payer = companies.get(payer_id) if payer_id else None
    # A job that its parent is billed for stays the customer: QuickBooks bills the parent. Anybody else who pays is the customer.
    is_other = payer_id is not None and payer_id != row["parent_company_id"]
    held = payer or row
    return Party(
        id=payer_id if is_other else row["id"],
        email=_tidy(held["email"]) or _tidy(row["email"]),
        terms_code=held["terms_code"] or row["terms_code"],
        terms_days=row["terms_days"] if held["terms_days"] is None else held["terms_days"],
        is_tax_exempt=bool(row["tax_exempt"]),
        unusable=_unusable(row, payer),
    )


def _unusable(row: Row, payer: Row | None) -> Objection | None:
    name = row["name"]
    if row["is_deleted"]:
        return Objection("blocked", "company_deleted", f"Its company {name} was deleted.")
    if not row["is_active"]:
        reason = f"Its company {name} is inactive: make it active again, or take another one."
        return Objection("blocked", "company_inactive", reason)
    if not row["is_customer"]:
        reason = f"{name} is no customer: mark it as one, or take another company."
        return Objection("blocked", "not_a_customer", reason)
    if row["bill_to_company_id"] and payer is None:
        reason = f"Company {row['bill_to_company_id']}, which is invoiced in place of {name}, is not there."
        return Objection("blocked", "no_bill_to", reason)
    if payer is not None and (payer["is_deleted"] or not payer["is_active"]):
        reason = f"{payer['name']}, which is invoiced in place of {name}, is deleted or inactive."
        return Objection("blocked", "bill_to_unusable", reason)
    return None


def _by_contract(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["contract_id"]].append(row)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        # A period that has no first day is none of ours.
        return date.min


def _tidy(text: str | None) -> str | None:
    return (text or "").strip() or None
