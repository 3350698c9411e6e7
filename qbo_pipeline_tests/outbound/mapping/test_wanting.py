"""Documents want the names they mention, and those want theirs in turn."""

from datetime import date
from decimal import Decimal

from qbo_pipeline.outbound.document import Document, DocumentLine, TimeWorked
from qbo_pipeline.outbound.mapping.wanted_names import SourceLists, WantedCode
from qbo_pipeline.outbound.mapping.wanting import all_names, names_of_documents


def _company(number: str, **rest: object) -> dict[str, object]:
    row = {"id": f"c-{number}", "business_entity_id": "be", "number": number, "name": f"Company {number}"}
    return row | {"is_customer": True, "is_vendor": False, "is_active": True} | rest


LISTS: SourceLists = {
    "companies": [
        _company("1", parent_company_id="c-2", bill_to_company_id="c-3", terms_code="NET30", terms_days=30),
        _company("2", parent_company_id="c-1"),
        _company("3", terms_code="NET30", terms_days=45),
        _company("4", is_customer=False, is_vendor=True, parent_company_id="c-1", terms_days=15),
        _company("5", is_active=False),
    ],
    "users": [
        {"id": "u-1", "display_name": "Tim", "worker_kind": "contractor", "vendor_company_id": "c-4"},
        {"id": "u-2", "display_name": "Desk", "worker_kind": "none"},
    ],
    "products": [
        {"id": "p-1", "business_entity_id": "be", "kind": "service", "name": "Design", "income_account": "4000"},
        {"id": "p-2", "business_entity_id": "be", "kind": "service", "name": "Old", "is_active": False},
    ],
    "tax_codes": [{"code": "S", "name": "20.0% S"}],
}
INVOICE = Document(
    target="Invoice",
    business_entity_id="be",
    source_kind="invoice",
    source_id="i-1",
    party_id="c-1",
    transaction_date=date(2026, 3, 1),
    currency="GBP",
    department_code="London",
    lines=(
        DocumentLine(line_id="1", product_id="p-1", amount=Decimal("5.00"), tax_code="S", class_code="North"),
        DocumentLine(line_id="2", product_id="p-none", amount=Decimal("5.00")),
        DocumentLine(line_id="3", kind="account", account="Travel", amount=Decimal("5.00"), customer_id="c-3"),
    ),
)


def test_an_invoice_wants_its_customer_with_all_above_it_its_items_and_its_codes() -> None:
    wanted = names_of_documents([INVOICE], LISTS)

    assert [(each.kind, each.source_id) for each in wanted.companies] == [
        ("customer", "c-1"),
        ("customer", "c-2"),
        ("customer", "c-3"),
    ]
    assert [each.source_id for each in wanted.products] == ["p-1"]
    assert set(wanted.codes) == {
        WantedCode("account", "4000"),
        WantedCode("class", "North"),
        WantedCode("department", "London"),
        WantedCode("expense_category", "Travel"),
        WantedCode("tax_code", "S", "20.0% S"),
        # Two companies give NET30 other days, so that its days say nothing.
        WantedCode("term", "NET30"),
    }


def test_time_wants_its_worker_and_a_contractor_the_vendor_that_invoices_it() -> None:
    worked = TimeWorked(
        business_entity_id="be",
        source_kind="time_entry",
        source_id="t-1",
        user_id="u-1",
        transaction_date=date(2026, 3, 1),
        minutes=60,
    )

    wanted = names_of_documents([worked], LISTS)

    assert [each.source_id for each in wanted.workers] == ["u-1"]
    (vendor,) = wanted.companies
    assert (vendor.kind, vendor.source_id, vendor.parent_id) == ("vendor", "c-4", None)
    assert wanted.codes == (WantedCode("term", "15 days", None, 15),)


def test_everything_active_is_wanted_where_a_company_is_mapped_ahead() -> None:
    wanted = all_names(LISTS)

    assert {(each.kind, each.source_id) for each in wanted.companies} == {
        ("customer", "c-1"),
        ("customer", "c-2"),
        ("customer", "c-3"),
        ("vendor", "c-4"),
    }
    assert [each.source_id for each in wanted.products] == ["p-1"]
    assert [each.source_id for each in wanted.workers] == ["u-1"]
    assert WantedCode("tax_code", "S", "20.0% S") in wanted.codes
