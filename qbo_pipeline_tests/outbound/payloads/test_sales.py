"""Sales forms: what exactly is sent, and that QuickBooks takes it and adds it up as expected."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.outbound.delivery.composing import Held, Waiting
from qbo_pipeline.outbound.document import Discount, Document, Reference
from qbo_pipeline.outbound.payloads.adding_up import expected_totals
from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline.state.intents import Need
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line

SALES = ("Estimate", "Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")


def adds_up(desk: Desk, wanted: Document) -> dict[str, Any]:
    """Send it; the record, whose total is the one expected."""
    expected = expected_totals(desk.content(wanted), desk.profile, "sale")
    record = desk.send(wanted)
    assert expected is not None
    assert record["TotalAmt"] == expected.total
    return record


def held(desk: Desk, wanted: Document) -> str:
    """Why it is held, by code."""
    composed = desk.compose(wanted)
    assert isinstance(composed, Held), composed
    return composed.reason_code


def test_an_american_invoice_is_sent_whole(us: Desk) -> None:
    wanted = document(
        "Invoice",
        line(
            "37.50",
            quantity=Decimal("0.25"),
            unit_price=Decimal(150),
            is_taxable=True,
            tax_code="TAX",
            description="T-9001",
        ),
        line("0.00", kind="note", product_id=None, description="Thank you for calling."),
        number="NW-10231",
        terms_code="NET30",
        due_date=date(2026, 9, 15),
        email="ap@acme.test",
        po_number="PO-5",
        customer_memo="Thank you",
        private_note="Ordered by telephone",
    )

    assert us.content(wanted) == {
        "DocNumber": "NW-10231",
        "TxnDate": "2026-08-16",
        "PrivateNote": "Ordered by telephone",
        "CustomerRef": {"value": "1"},
        "CustomerMemo": {"value": "PO number: PO-5\nThank you"},
        "BillEmail": {"Address": "ap@acme.test"},
        "SalesTermRef": {"value": "3"},
        "DueDate": "2026-09-15",
        "TxnTaxDetail": {"TxnTaxCodeRef": {"value": "2"}},
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal("37.50"),
                "Description": "T-9001",
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "2"},
                    "Qty": Decimal("0.25"),
                    "UnitPrice": Decimal(150),
                    "TaxCodeRef": {"value": "TAX"},
                },
            },
            {"DetailType": "DescriptionOnly", "Description": "Thank you for calling.", "DescriptionLineDetail": {}},
        ],
    }
    assert adds_up(us, wanted)["TotalAmt"] == Decimal("40.50")


def test_a_british_invoice_in_euros_is_sent_whole(uk: Desk) -> None:
    wanted = document(
        "Invoice",
        line(
            "370.00",
            quantity=Decimal(2),
            unit_price=Decimal(185),
            tax_code="STD",
            is_taxable=True,
            service_date=date(2026, 8, 1),
        ),
        number="HX-7",
        party_id="nantes",
        currency="EUR",
        exchange_rate=Decimal("0.8500"),
        po_number="BC 118",
        class_code="ADV",
        department_code="LON",
    )

    assert uk.content(wanted) == {
        "DocNumber": "HX-7",
        "TxnDate": "2026-08-16",
        "DepartmentRef": {"value": "1"},
        "CurrencyRef": {"value": "EUR"},
        "ExchangeRate": Decimal("0.85"),
        "CustomerRef": {"value": "14"},
        "CustomField": [{"DefinitionId": "1", "Name": "Order number", "Type": "StringType", "StringValue": "BC 118"}],
        "GlobalTaxCalculation": "TaxExcluded",
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal("370.00"),
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "3"},
                    "Qty": Decimal(2),
                    "UnitPrice": Decimal(185),
                    "TaxCodeRef": {"value": "2"},
                    "ClassRef": {"value": "5000000000000085682"},
                    "ServiceDate": "2026-08-01",
                },
            }
        ],
    }
    record = adds_up(uk, wanted)
    assert (record["TotalAmt"], record["HomeTotalAmt"]) == (Decimal("444.00"), Decimal("377.40"))


@pytest.mark.parametrize("target", SALES)
def test_every_sales_form_is_taken_in_both_companies(us: Desk, uk: Desk, target: str) -> None:
    adds_up(us, document(target, line(is_taxable=True), account="Checking", payment_method="card", reference="ch_1"))
    adds_up(uk, document(target, line(tax_code="STD"), currency="GBP", account="Checking", payment_method="card"))


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        ("3", "33.335", "100.00"),
        ("7.5", "19.9333333", "149.50"),
        ("3", "33.3333333333", "100.00"),
        ("1", "99.99", "100.00"),
    ],
)
def test_an_amount_that_is_not_quantity_times_price_is_never_refused(
    us: Desk, quantity: str, price: str, amount: str
) -> None:
    wanted = document(
        "Invoice", line(amount, quantity=Decimal(quantity), unit_price=Decimal(price), description="Pipes")
    )

    assert adds_up(us, wanted)["TotalAmt"] == Decimal(amount)


def test_a_line_that_does_not_multiply_is_one_of_its_amount_and_tells_its_quantity(us: Desk) -> None:
    content = us.content(
        document("Invoice", line("100.00", quantity=Decimal(3), unit_price=Decimal("33.30"), description="Pipes"))
    )

    (sold,) = content["Line"]
    assert sold["Description"] == "Pipes (3 × 33.3)"  # noqa: RUF001 - the sign of multiplication
    assert sold["SalesItemLineDetail"]["Qty"] == 1
    assert sold["SalesItemLineDetail"]["UnitPrice"] == sold["Amount"] == Decimal("100.00")


def test_quickbooks_would_have_refused_that_line_as_it_was(us: Desk) -> None:
    content = us.content(document("Invoice"))
    content["Line"][0]["SalesItemLineDetail"] |= {"Qty": Decimal(3), "UnitPrice": Decimal("33.30")}

    with pytest.raises(Refused, match="6070"):
        us.post("Invoice", content)


def test_a_quantity_without_a_price_gets_the_price_it_had(us: Desk) -> None:
    (sold,) = us.content(document("Invoice", line("10.00", quantity=Decimal(3))))["Line"]

    assert sold["SalesItemLineDetail"]["UnitPrice"] == Decimal("3.3333333")


def test_american_lines_say_tax_or_non_and_the_document_never_how_it_is_calculated(us: Desk) -> None:
    by_code = line(is_taxable=None, tax_code="NON")
    content = us.content(document("Invoice", line(is_taxable=True), line(is_taxable=False, tax_code="CA"), by_code))

    assert [each["SalesItemLineDetail"]["TaxCodeRef"]["value"] for each in content["Line"]] == ["TAX", "NON", "NON"]
    assert "GlobalTaxCalculation" not in content


def test_an_american_line_without_a_word_on_tax_is_held(us: Desk) -> None:
    assert held(us, document("Invoice", line(is_taxable=None))) == "tax_unsaid"


def test_a_company_without_sales_tax_charges_none(us: Desk) -> None:
    us.put(replace(us.profile, uses_sales_tax=False))

    assert adds_up(us, document("Invoice", line(is_taxable=True)))["TotalAmt"] == Decimal("100.00")


def test_an_untaxed_british_line_keeps_a_code_that_bears_no_tax_and_loses_one_that_does(uk: Desk) -> None:
    zero, standard = (line(is_taxable=False, tax_code=code) for code in ("ZERO", "STD"))

    content = uk.content(document("Invoice", zero, standard, currency="GBP"))

    assert [each["SalesItemLineDetail"]["TaxCodeRef"]["value"] for each in content["Line"]] == ["4", "6"]


def test_automated_tax_names_no_code_of_the_document_and_claims_no_total(us: Desk) -> None:
    us.put(replace(us.profile, tax_kind="us_automated"))
    content = us.content(document("Invoice", line(is_taxable=True), total=Decimal("109.10")))

    assert "TxnTaxDetail" not in content
    assert content["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "TAX"}


def test_the_code_of_the_lines_is_the_documents_where_tax_is_set_by_hand(us: Desk) -> None:
    assert adds_up(us, document("Invoice", line(tax_code="AZ", is_taxable=True)))["TotalAmt"] == Decimal("109.10")


def test_a_document_taxed_at_two_codes_is_held_in_the_us(us: Desk) -> None:
    wanted = document("Invoice", line(tax_code="AZ", is_taxable=True), line(tax_code="CA", is_taxable=True))

    assert held(us, wanted) == "several_tax_codes"


def test_quickbooks_refuses_a_real_code_on_an_american_line(us: Desk) -> None:
    content = us.content(document("Invoice"))
    content["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = {"value": "2"}

    with pytest.raises(Refused, match="6100"):
        us.post("Invoice", content)


def test_british_lines_name_their_codes_and_tax_is_rounded_by_line(uk: Desk) -> None:
    lines = [line("1.59", tax_code="STD") for _ in range(29)]

    assert adds_up(uk, document("Invoice", *lines, line("10.00", tax_code="ZERO"), currency="GBP"))[
        "TotalAmt"
    ] == Decimal("65.39")


def test_a_line_without_a_code_takes_the_companys_own_outside_the_us(uk: Desk) -> None:
    wanted = document("Invoice", line(tax_code=None, is_taxable=True), currency="GBP")

    assert adds_up(uk, wanted)["TotalAmt"] == Decimal("120.00")


def test_quickbooks_refuses_a_british_line_without_a_code(uk: Desk) -> None:
    content = uk.content(document("Invoice", currency="GBP"))
    del content["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]

    with pytest.raises(Refused, match="6000"):
        uk.post("Invoice", content)


def test_an_exempt_customer_is_charged_no_tax(us: Desk, uk: Desk) -> None:
    american = document("Invoice", line(is_taxable=True), is_tax_exempt=True)
    british = document("Invoice", line(tax_code="STD"), is_tax_exempt=True, currency="GBP")

    assert adds_up(us, american)["TotalAmt"] == Decimal("100.00")
    assert adds_up(uk, british)["TotalAmt"] == Decimal("100.00")


def test_the_sources_own_tax_stands(us: Desk, uk: Desk) -> None:
    american = document("Invoice", line(is_taxable=True), tax_total=Decimal("8.01"), total=Decimal("108.01"))
    british = document("Invoice", line(tax_code="STD"), tax_total=Decimal("19.99"), currency="GBP")

    assert adds_up(us, american)["TotalAmt"] == Decimal("108.01")
    assert adds_up(uk, british)["TotalAmt"] == Decimal("119.99")


@pytest.mark.parametrize("before_tax", [True, False])
@pytest.mark.parametrize(("kind", "value"), [("percent", "12.5"), ("amount", "33.33")])
def test_discounts_are_quickbooks_own_discount_line(
    us: Desk, uk: Desk, kind: Any, value: str, before_tax: bool
) -> None:
    discount = Discount(kind=kind, value=Decimal(value), before_tax=before_tax)

    american = adds_up(us, document("Invoice", line("70.00", is_taxable=True), line("31.10"), discount=discount))
    british = adds_up(uk, document("Invoice", line("70.01", tax_code="STD"), discount=discount, currency="GBP"))

    for record in (american, british):
        assert record["ApplyTaxAfterDiscount"] is before_tax
        assert [each["DetailType"] for each in record["Line"]].count("DiscountLineDetail") == 1


def test_a_discount_names_the_companys_discount_account(us: Desk) -> None:
    discount = Discount(kind="percent", value=Decimal(5))

    assert us.content(document("Invoice", discount=discount))["Line"][-1] == {
        "DetailType": "DiscountLineDetail",
        "Amount": Decimal("5.00"),
        "DiscountLineDetail": {
            "PercentBased": True,
            "DiscountPercent": Decimal(5),
            "DiscountAccountRef": {"value": "86"},
        },
    }


def test_discount_lines_and_the_documents_discount_become_one(us: Desk) -> None:
    goodwill = line("-5.00", kind="discount", product_id=None)
    wanted = document("Invoice", line("105.00"), goodwill, discount=Discount(kind="percent", value=Decimal(10)))

    record = adds_up(us, wanted)

    assert record["TotalAmt"] == Decimal("90.00")
    assert record["Line"][-1]["Amount"] == Decimal("15.00")


def test_a_company_without_discounts_gets_lines_of_its_discount_item(us: Desk) -> None:
    us.put(replace(us.profile, allows_discount=False))
    us.store.push_settings.choose(us.profile.realm_id, others={"discount_item": "12"})
    discount = Discount(kind="amount", value=Decimal("10.01"))
    lines = (line("33.33", is_taxable=True), line("33.33", is_taxable=True), line("33.34"))
    try:
        record = adds_up(us, document("Invoice", *lines, discount=discount))
    finally:
        us.store.push_settings.choose(us.profile.realm_id, others={})

    taken = [each for each in record["Line"] if each.get("Description") == "Discount"]
    assert [(each["Amount"], each["SalesItemLineDetail"]["TaxCodeRef"]["value"]) for each in taken] == [
        (Decimal("-6.67"), "TAX"),
        (Decimal("-3.34"), "NON"),
    ]
    assert record["TotalAmt"] == Decimal("89.99") + Decimal("4.80")


def test_a_discount_without_a_place_for_it_is_held(us: Desk) -> None:
    us.put(replace(us.profile, allows_discount=False))

    assert held(us, document("Invoice", discount=Discount(kind="percent", value=Decimal(5)))) == "discounts_off"


def test_shipping_is_the_forms_own_item_where_it_is_shown(uk: Desk) -> None:
    freight = line("15.00", kind="shipping", product_id=None, tax_code="STD", description="Delivery")
    wanted = document("Invoice", line(tax_code="STD"), freight, currency="GBP")

    assert uk.content(wanted)["Line"][1]["SalesItemLineDetail"]["ItemRef"] == {"value": "SHIPPING_ITEM_ID"}
    assert adds_up(uk, wanted)["TotalAmt"] == Decimal("138.00")


def test_shipping_that_the_forms_do_not_show_is_held_until_an_item_is_chosen(us: Desk) -> None:
    wanted = document("Invoice", line(), line("15.00", kind="shipping", product_id=None))
    assert held(us, wanted) == "shipping_off"

    us.store.push_settings.choose(us.profile.realm_id, shipping_item="7")
    try:
        assert adds_up(us, wanted)["TotalAmt"] == Decimal("115.00")
    finally:
        us.store.push_settings.choose(us.profile.realm_id, shipping_item=None)


def test_an_invoice_takes_up_its_estimate(us: Desk) -> None:
    estimate = document("Estimate")
    made = us.send(estimate)
    quote = Reference(target="Estimate", source_kind=estimate.source_kind, source_id=estimate.source_id)

    record = us.send(document("Invoice", linked_to=(quote,)))

    assert record["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Estimate"}]


def test_an_invoice_waits_for_an_estimate_that_is_not_there_yet(us: Desk) -> None:
    quote = Reference(target="Estimate", source_kind="quote", source_id="not-yet")

    assert us.compose(document("Invoice", linked_to=(quote,))) == Waiting((Need("Estimate", "quote", "not-yet"),))


def test_everything_missing_is_named_at_once(us: Desk) -> None:
    composed = us.compose(document("Invoice", line(product_id="new-item"), party_id="new-customer"))

    assert composed == Waiting((Need("Customer", "customer", "new-customer"), Need("Item", "item", "new-item")))


def test_what_is_not_mapped_is_held_with_the_command_that_maps_it(us: Desk) -> None:
    composed = us.compose(document("Invoice", terms_code="NET45"))

    assert isinstance(composed, Held)
    assert composed.reason_code == "unmapped_term"
    assert "qbo-pipeline map set term NET45" in composed.reason


def test_a_company_of_one_currency_takes_no_other(us: Desk) -> None:
    wanted = document("Invoice", currency="EUR")
    assert held(us, wanted) == "currency_not_kept"

    content = us.content(document("Invoice")) | {"CurrencyRef": {"value": "EUR"}}
    with pytest.raises(Refused, match="2220"):
        us.post("Invoice", content)


def test_a_document_below_nothing_is_held_as_quickbooks_refuses_it(us: Desk) -> None:
    assert held(us, document("Invoice", line("10.00"), line("-10.01"))) == "negative_total"
    assert (
        held(us, document("Invoice", line("1.00"), line("-20.00", is_taxable=True), line("19.50"))) == "negative_total"
    )

    content = us.content(document("Invoice"))
    content["Line"][0] |= {"Amount": Decimal(-1)}
    content["Line"][0]["SalesItemLineDetail"] |= {"UnitPrice": Decimal(-1)}
    with pytest.raises(Refused):
        us.post("Invoice", content)


def test_a_document_of_words_alone_is_held(us: Desk) -> None:
    assert held(us, document("Invoice", line("0.00", kind="note", product_id=None, description="Words"))) == "no_lines"


def test_an_account_on_a_sale_is_held(us: Desk) -> None:
    assert held(us, document("Invoice", line(kind="account", account="4000", product_id=None))) == "account_on_sale"


def test_a_total_that_quickbooks_would_make_otherwise_is_held(us: Desk) -> None:
    assert (
        held(us, document("Invoice", line(is_taxable=True), tax_total=Decimal(8), total=Decimal("109.00")))
        == "total_differs"
    )
    assert held(us, document("Invoice", line(is_taxable=True), total=Decimal("107.00"))) == "total_differs"


def test_a_total_without_the_tax_quickbooks_is_to_find_is_no_difference(us: Desk) -> None:
    assert adds_up(us, document("Invoice", line(is_taxable=True), total=Decimal("100.00")))["TotalAmt"] == Decimal(
        "108.00"
    )


def test_the_last_cents_are_a_line_of_the_rounding_item_where_the_company_wants_one(uk: Desk) -> None:
    wanted = document(
        "Invoice", *[line("1.59", tax_code="STD") for _ in range(3)], currency="GBP", total=Decimal("5.72")
    )
    assert adds_up(uk, wanted)["TotalAmt"] == Decimal("5.73")

    uk.store.push_settings.choose(uk.profile.realm_id, penny_policy="plug", rounding_item="7")
    try:
        again = wanted.model_copy(update={"number": "PLUG-1", "source_id": "plug-1"})
        assert adds_up(uk, again)["TotalAmt"] == Decimal("5.72")
    finally:
        uk.store.push_settings.choose(uk.profile.realm_id, penny_policy="accept", rounding_item=None)


def test_long_words_are_cut_where_quickbooks_would_refuse_them(us: Desk) -> None:
    long = "word " * 900
    wanted = document(
        "Invoice",
        line("10.00", quantity=Decimal(3), unit_price=Decimal(3), description=long[:4000]),
        customer_memo=long,
        private_note=long,
    )

    record = us.send(wanted)

    assert len(record["CustomerMemo"]["value"]) <= 1000
    assert record["Line"][0]["Description"].endswith("(3 × 3)")  # noqa: RUF001 - the sign of multiplication
    assert record["PrivateNote"].splitlines()[-1].startswith("[psa:1|")


def test_a_bad_address_is_left_out_unless_the_document_is_to_be_mailed(us: Desk) -> None:
    wanted = document("Invoice", email="n/a")
    assert "BillEmail" not in us.content(wanted)

    us.store.push_settings.choose(us.profile.realm_id, send_email=True)
    try:
        assert held(us, wanted) == "bad_email"
        assert us.send(document("Invoice", email="a@acme.test; b@acme.test"))["EmailStatus"] == "NeedToSend"
    finally:
        us.store.push_settings.choose(us.profile.realm_id, send_email=False)


def test_a_refund_says_from_which_account_it_was_paid(us: Desk) -> None:
    assert held(us, document("RefundReceipt")) == "unmapped_account"


def test_an_update_sends_whole_lines_and_leaves_alone_what_was_said_once(us: Desk) -> None:
    estimate = document("Estimate", line("10.00"), line("20.00"))

    content = us.content(estimate, "update")

    assert "TxnStatus" in us.content(document("Estimate"))
    assert "TxnStatus" not in content
    assert [each["Amount"] for each in content["Line"]] == [Decimal("10.00"), Decimal("20.00")]
