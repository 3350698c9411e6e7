"""What a customer, vendor or item that must be made is to hold, as QuickBooks has it."""

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal

from qbo_pipeline.outbound.document import Name, SourceVersion
from qbo_pipeline.outbound.mapping.display_names import NAME_MAX, legal_name
from qbo_pipeline.outbound.mapping.wanted_names import WantedCode, WantedCompany, WantedProduct
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import Intent, Need
from qbo_pipeline.state.mapping_kinds import KINDS

_EMAIL = re.compile(r"[^@\s,;<>()\[\]]+@[^@\s,;<>()\[\]]+\.[^@\s,;<>()\[\].]+")
_EMAILS_MAX = 100
_SHORT_NAME_MAX = 31
_ADDRESS = ("Line1", "Line2", "City", "CountrySubDivisionCode", "PostalCode", "Country")

Codes = Mapping[tuple[str, str], str]
"""The QuickBooks ids of codes, by kind of mapping and key."""


def company_name(company: WantedCompany, name: str, profile: CompanyProfile, codes: Codes) -> Name:
    """The customer or vendor to be made of a company."""
    terms = codes.get(("term", company.terms_code or f"{company.terms_days} days"))
    is_customer = company.kind == "customer"
    fields: dict[str, object] = {
        "CompanyName": legal_name(company.legal_name or company.name)[:NAME_MAX],
        "PrintOnCheckName": legal_name(company.legal_name or company.name)[:NAME_MAX],
        "PrimaryEmailAddr": _wrapped("Address", emails(company.email)),
        "PrimaryPhone": _wrapped("FreeFormNumber", company.phone),
        "BillAddr": _address(company),
        "CurrencyRef": _wrapped("value", company.currency) if profile.is_multicurrency else None,
        "SalesTermRef" if is_customer else "TermRef": _wrapped("value", terms),
    }
    if is_customer:
        fields |= _customer_fields(company, profile, codes)
    return Name(
        target="Customer" if is_customer else "Vendor",
        business_entity_id=company.business_entity_id,
        source_kind=company.kind,
        source_id=company.source_id,
        name=name,
        parent_id=company.parent_id,
        fields={key: value for key, value in fields.items() if value not in (None, "")},
        seen=_seen(company.kind, company.source_id, company),
    )


def product_name(product: WantedProduct, name: str) -> Name:
    """The item to be made of a product; its accounts are the operational system's, None for the ones chosen for all."""
    is_goods = product.kind == "noninventory"
    fields: dict[str, object] = {
        "Type": "NonInventory" if is_goods else "Service",
        "Sku": product.sku,
        "Description": product.description,
        "UnitPrice": _price(product.unit_price),
        "PurchaseCost": _price(product.unit_cost),
        "Taxable": product.is_taxable,
    }
    return Name(
        target="Item",
        business_entity_id=product.business_entity_id,
        source_kind="item",
        source_id=product.source_id,
        name=name,
        income_account=product.income_account,
        expense_account=product.expense_account,
        fields={key: value for key, value in fields.items() if value not in (None, "")},
        seen=_seen("item", product.source_id, product),
    )


def code_name(code: WantedCode, business_entity_id: str) -> Name | None:
    """The term, class, location or payment method to be made of a code; None for one that decides about the books."""
    kind = KINDS[code.kind]
    if not kind.can_be_made or (code.kind == "term" and code.days is None):
        return None
    longest = _SHORT_NAME_MAX if code.kind in ("term", "payment_method") else NAME_MAX
    return Name(
        target=kind.target,
        business_entity_id=business_entity_id,
        source_kind=code.kind,
        source_id=code.key,
        name=legal_name(code.name or code.key)[:longest].rstrip(),
        fields={} if code.days is None else {"DueDays": code.days},
    )


def create_intent(realm_id: str, name: Name) -> Intent:
    """What must happen for a name to be made; a job waits for the customer above it."""
    kind = KINDS[name.source_kind]
    content = name.model_dump_json(exclude={"seen"})
    return Intent(
        realm_id=realm_id,
        target=name.target,
        operation="create",
        source_kind=name.source_kind,
        source_id=name.source_id,
        natural_key=name.name,
        document=name.model_dump_json(),
        source_hash=hashlib.sha256(content.encode()).hexdigest(),
        needs=(Need(kind.target, kind.name, name.parent_id),) if name.parent_id else (),
    )


def emails(text: str | None) -> str | None:
    """The addresses in a field, as many as QuickBooks has room for; None where there is none it would take."""
    found: list[str] = []
    for each in re.split(r"[;,\s]+", text or ""):
        if _EMAIL.fullmatch(each) and len(", ".join([*found, each])) <= _EMAILS_MAX:
            found.append(each)
    return ", ".join(found) or None


def _customer_fields(company: WantedCompany, profile: CompanyProfile, codes: Codes) -> dict[str, object]:
    tax_code = codes.get(("tax_code", company.tax_code or ""))
    fields: dict[str, object] = {"Taxable": not company.is_tax_exempt} if profile.is_american else {}
    if not profile.is_american and tax_code:
        fields["DefaultTaxCodeRef"] = {"value": tax_code}
    if company.parent_id:
        fields |= {"Job": True, "BillWithParent": company.bill_to_id == company.parent_id}
    return fields


def _address(company: WantedCompany) -> dict[str, str] | None:
    lines = zip(_ADDRESS, company.address, strict=True)
    return {key: line.strip() for key, line in lines if line and line.strip()} or None


def _wrapped(key: str, value: str | None) -> dict[str, str] | None:
    return {key: value} if value else None


def _price(price: Decimal | None) -> str | None:
    return None if price is None else format(price, "f")


def _seen(kind: str, source_id: str, row: WantedCompany | WantedProduct) -> tuple[SourceVersion, ...]:
    return (SourceVersion(kind=kind, id=source_id, updated_at=row.updated_at),) if row.updated_at else ()
